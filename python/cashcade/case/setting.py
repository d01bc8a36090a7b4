"""The setting of a run: a world with the changes, rules and doors of its scenarios."""

import inspect
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, Self

from cashcade.compile.variants import changed
from cashcade.errors import ArgumentError, PlausibilityWarning
from cashcade.hookspecs import WorldFile
from cashcade.load import load_world
from cashcade.plugin import Plugins, find_plugins
from cashcade.plugin.blame import blame
from cashcade.plugin.given import Given
from cashcade.plugin.offers import Catalogue, Offer, Parts, catalogue_of
from cashcade.rules.changes import Change, checked_changes
from cashcade.rules.exits import ExitScenario
from cashcade.rules.nodes import plain
from cashcade.rules.rule import Rule
from cashcade.rules.scenarios import Scenario
from cashcade.rules.shocks import Shock, Use
from cashcade.world.world import World


class Asked(NamedTuple):
    """The arguments that a setting was made of.

    Attributes
    ----------
    world
        As it was given, before entries of scenarios joined it.
    scenarios, rules, plugins, block
        As `cashcade.run` takes them.
    said
        What was set in the world since, by path, in order.
    found
        The plugins; None where none was needed, or it was pickled.
    """

    world: World
    scenarios: tuple[Any, ...] = ()
    rules: tuple[Rule, ...] = ()
    plugins: tuple[object, ...] = ()
    block: tuple[str, ...] = ()
    said: tuple[Mapping[str, object], ...] = ()
    found: Plugins | None = None

    @property
    def loaded(self) -> Plugins:
        """Its plugins: those that were found when it was made, or are found now."""
        return self.found or find_plugins(extra=self.plugins, block=self.block)


@dataclass(frozen=True, slots=True)
class Setting:
    """The setting of a run.

    Parameters
    ----------
    base
        The world as it was given.
    changes
        What the scenarios say otherwise.
    asked
        What it was made of; None after it was pickled with plugins that are objects.
    moved
        Further changes.
    given
        Rules and doors.
    scenarios
        What was asked for, for the record.
    exits
        Exit scenarios whose doors there are: those asked for, else those that the world names.
    plugins
        Name and version of each plugin, and what is left out of it; None for those installed.
    source
        Name or path by which the world was given; empty for a `World`.
    """

    base: World
    asked: Asked | None
    changes: tuple[Change, ...] = ()
    given: tuple[Given, ...] = ()
    scenarios: tuple[str, ...] = ()
    exits: tuple[str, ...] = ()
    plugins: tuple[str, ...] | None = None
    moved: tuple[Change, ...] = ()
    source: str = ""

    def world(self) -> World:
        """Give the world with the changes of the scenarios.

        Raises
        ------
        RuleError, WorldError
            They do not fit it.
        """
        origin = dict.fromkeys((*self.scenarios, *self.exits, *map(repr, self.moved)))
        return changed(self.base, (*self.changes, *self.moved), ", ".join(origin))

    @property
    def changed(self) -> tuple[str, ...]:
        """Settings made in the world and changes beside the scenarios, for the record."""
        return (*self.base.changed, *map(repr, self.moved))

    def with_(self, values: Mapping[str, object] | Iterable[Change]) -> Self:
        """Give the same for a world in which something is said otherwise, as `Case.with_` takes it."""
        if not isinstance(values, Mapping):
            return replace(self, moved=(*self.moved, *checked_changes(values, "with_")))
        base = self.base.with_(values)
        _warn(base)
        asked = self.asked and self.asked._replace(said=(*self.asked.said, values))
        return replace(self, base=base, asked=asked)

    def under(self, rules: Sequence[Rule]) -> Self:
        """Give the same with further rules."""
        asked = self.asked and self.asked._replace(rules=(*self.asked.rules, *rules))
        return replace(self, given=(*self.given, *map(Given, rules)), asked=asked)

    def anew(self, scenarios: Iterable[object]) -> "Setting":
        """Give the same with other scenarios in place of its own.

        Raises
        ------
        ArgumentError, PluginError, RuleError, WorldError
            As `set_up`, or what is set is of an entry of the scenarios that are gone.
        """
        asked = self.made
        wanted = _listed("scenarios", scenarios)
        found = _joined(asked._replace(scenarios=wanted, said=(), found=asked.loaded))
        for values in asked.said:
            found = found.with_(values)
        return replace(found, moved=self.moved, source=self.source)

    @property
    def made(self) -> Asked:
        """The arguments that it was made of.

        Raises
        ------
        ArgumentError
            It was pickled, and its plugins are objects, which stayed behind.
        """
        if self.asked is None:
            raise ArgumentError("the case was pickled without its plugins, which are objects; make it anew.")
        return self.asked

    @property
    def ground(self) -> tuple[object, ...]:
        """The arguments that it was made of, but for the scenarios."""
        asked = self.made
        return asked.world, asked.rules, asked.plugins, asked.block, asked.said, self.moved

    @property
    def catalogue(self) -> Catalogue:
        """All that its plugins offer, by name."""
        return catalogue_of(self.made.loaded)

    @property
    def swap(self) -> tuple[str, str] | None:
        """The scenarios that the plugin which brings the world holds against each other, if there are any.

        Raises
        ------
        PluginError
            There is none of a name.
        """
        found = self.made.loaded
        for plugin, world in found.records("cashcade_worlds", WorldFile):
            if world.name == self.base.name and world.swap is not None:
                for name in world.swap:
                    if name not in catalogue_of(found).offers:
                        raise blame(plugin, f'world "{world.name}" swaps "{name}", which is no scenario')
                return world.swap
        return None

    def pickled(self) -> Self:
        """Give the same as it is pickled: plugins that are objects may be modules, and stay behind."""
        known = self.asked
        return replace(self, asked=None if known is None or known.plugins else known._replace(found=None))


def set_up(
    world: World | str | Path,
    *,
    scenarios: Iterable[object] = (),
    rules: Iterable[Rule] = (),
    plugins: Sequence[object] = (),
    block: Collection[str] = (),
) -> Setting:
    """Give what a run takes place in; the arguments are those of `cashcade.run`.

    Raises
    ------
    ArgumentError
        A scenario or rule is no such thing, or there is none of that name.
    PluginError
        A plugin is broken.
    RuleError
        An argument of a shock or a change does not fit.
    WorldError
        The world cannot be used, as it is or as it is changed, or names an exit scenario that is not there.
    """
    base = world if isinstance(world, World) else load_world(world, plugins=plugins, block=block)
    source = "" if isinstance(world, World) else str(world)
    wanted, own = _listed("scenarios", scenarios), _listed("rules", rules)
    wrong = [rule for rule in own if not isinstance(rule, Rule)]
    if wrong:
        raise ArgumentError(f"rules holds {wrong[0]!r}, wanted Rule objects; shocks go into scenarios.")
    rules = tuple(rule for rule in own if isinstance(rule, Rule))
    if not wanted and not base.about.exits and not plugins and not block:
        _warn(base)
        return Setting(base, Asked(base, rules=rules), given=tuple(map(Given, rules)), source=source)
    found = find_plugins(extra=plugins, block=block)
    names = (block,) if isinstance(block, str) else tuple(block)
    return replace(_joined(Asked(base, wanted, rules, tuple(plugins), names, found=found)), source=source)


def _joined(asked: Asked) -> Setting:
    """Take scenarios apart, and let what they bring join the world."""
    found = asked.loaded
    catalogue = catalogue_of(found)
    parts = sum((catalogue.parts(each) for each in asked.scenarios), Parts())
    if not parts.exits:
        parts += catalogue.exits_of(asked.world)
    names = tuple(map(_name, asked.scenarios))
    base = asked.world.adding(parts.adds, f"scenario {', '.join(names)}")
    _warn(base)
    given = (*parts.given, *map(Given, asked.rules))
    return Setting(base, asked, parts.changes, given, names, parts.exits, found.labels)


def _warn(world: World) -> None:
    """Warn of what is implausible, at the line that asked for the run."""
    notes = world.notes()
    if notes:
        lines = "".join(f"\n  {number}. {note}" for number, note in enumerate(notes, 1))
        count = f"{len(notes)} plausibility note" + ("s" if len(notes) > 1 else "")
        warnings.warn(f"{count} on world {world.name}:{lines}", PlausibilityWarning, stacklevel=_outside())


def _outside() -> int:
    """Return how many frames above its caller's the first one outside this package is, as warnings count."""
    frame, level = inspect.currentframe(), 0
    while frame is not None and str(frame.f_globals.get("__name__")).partition(".")[0] == "cashcade":
        frame, level = frame.f_back, level + 1
    return level


def _listed(argument: str, given: Iterable[object]) -> tuple[object, ...]:
    alone = isinstance(given, str | Scenario | Shock | ExitScenario | Use | Rule | Offer)
    if isinstance(given, Mapping):
        hint = 'arguments of a shock go into Use("gpu-slump", {"fall": 0.5}).'
        raise ArgumentError(f"{argument} is {given!r}, wanted a list; {hint}")
    if alone or not isinstance(given, Iterable):
        raise ArgumentError(f"{argument} is {given!r}, wanted a list.")
    return tuple(given)


def _name(chosen: object) -> str:
    """Tell what was asked for, with the arguments of shocks."""
    if isinstance(chosen, Use):
        name = chosen.shock if isinstance(chosen.shock, str) else chosen.shock.name
        label = f"{chosen.label}=" if chosen.label else ""
        given = ", ".join(f"{key}={_value(value)}" for key, value in chosen.arguments.items())
        return f"{label}{name}({given})" if given else f"{label}{name}"
    return chosen if isinstance(chosen, str) else str(getattr(chosen, "name", chosen))


def _value(value: object) -> str:
    return plain(float(value)) if isinstance(value, int | float) else str(value)
