"""Lists of what plugins bring: records by name, and plugins."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cashcade.plugin.blame import Plugin
from cashcade.plugin.find import Plugins, find_plugins
from cashcade.plugin.offers import RECORDS, catalogue_of
from cashcade.rules.exits import ExitScenario
from cashcade.rules.scenarios import Scenario
from cashcade.rules.shocks import Shock

R = TypeVar("R", Scenario, Shock, ExitScenario)


@dataclass(frozen=True, slots=True)
class Brought:
    """A plugin, and what it brings.

    Parameters
    ----------
    name, version, entry_point
        Which plugin it is; the last two are empty for files and objects.
    records
        Names of its records, by kind: "worlds", "archetypes", "pricing shocks", "shocks", "exit scenarios",
        "scenarios".
    """

    name: str
    version: str
    entry_point: str
    records: Mapping[str, tuple[str, ...]]

    @property
    def counts(self) -> str:
        """How many of each kind, such as "3 shocks, 1 world"."""
        counted = ((len(names), kind) for kind, names in self.records.items() if names)
        return ", ".join(
            f"{count} {kind if count > 1 else kind.removesuffix('s')}" for count, kind in counted
        )


def plugins(*, plugins: Sequence[object] = (), block: Collection[str] = ()) -> list[Brought]:
    """Return the plugins of a run in the order of discovery, each with the names that it offers.

    Parameters
    ----------
    plugins
        Further plugins, as in `cashcade.run`.
    block
        Names of distributions, or of single records of them, not to load.

    Raises
    ------
    PluginError
        A plugin is broken.
    """
    return brought_by(find_plugins(extra=plugins, block=block))


def brought_by(found: Plugins) -> list[Brought]:
    """Return what plugins bring, after checking all of it.

    Raises
    ------
    PluginError
        A plugin is broken.
    """
    catalogue_of(found)
    names: dict[Plugin, dict[str, tuple[str, ...]]] = {plugin: {} for plugin in found.loaded.values()}
    for hook, kind in RECORDS.items():
        what = hook.removeprefix("cashcade_").replace("_", " ")
        for plugin, record in found.records(hook, kind):
            names[plugin][what] = (*names[plugin].get(what, ()), record.name)
    return [Brought(one.name, one.version, one.entry_point, records) for one, records in names.items()]


def shocks(*, plugins: Sequence[object] = (), block: Collection[str] = ()) -> dict[str, Shock]:
    """Return the shocks of plugins by name, pricing shocks among them: `cc.shocks()["gpu-slump"](fall=0.5)`.

    Parameters
    ----------
    plugins, block
        As in `cashcade.plugins`.

    Raises
    ------
    PluginError
        A plugin is broken.
    """
    return _named(Shock, plugins, block)


def scenarios(*, plugins: Sequence[object] = (), block: Collection[str] = ()) -> dict[str, Scenario]:
    """Return the scenarios of plugins by name.

    Parameters
    ----------
    plugins, block
        As in `cashcade.plugins`.

    Raises
    ------
    PluginError
        A plugin is broken.
    """
    return _named(Scenario, plugins, block)


def exit_scenarios(*, plugins: Sequence[object] = (), block: Collection[str] = ()) -> dict[str, ExitScenario]:
    """Return the exit scenarios of plugins by name.

    Parameters
    ----------
    plugins, block
        As in `cashcade.plugins`.

    Raises
    ------
    PluginError
        A plugin is broken.
    """
    return _named(ExitScenario, plugins, block)


def _named(kind: type[R], plugins: Sequence[object], block: Collection[str]) -> dict[str, R]:
    offers = catalogue_of(find_plugins(extra=plugins, block=block)).offers
    records = ((name, offer.record) for name, offer in sorted(offers.items()))
    return {name: record for name, record in records if isinstance(record, kind)}
