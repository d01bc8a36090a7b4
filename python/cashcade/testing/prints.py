"""Records as text: two records that say the same are the same, here and in another process.

`python -m cashcade.testing.prints`, with a plugin, others and what is blocked as JSON on standard input,
prints what its hooks give there.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence

from cashcade.archetype import Archetype
from cashcade.errors import PluginError
from cashcade.hookspecs import WorldFile
from cashcade.plugin import Plugins, find_plugins
from cashcade.plugin.blame import Plugin
from cashcade.plugin.find import canonical
from cashcade.plugin.offers import RECORDS
from cashcade.plugin.sources import split
from cashcade.rules.exits import ExitScenario
from cashcade.rules.scenarios import Scenario
from cashcade.rules.shocks import PricingShock, Shock
from cashcade.words.names import choose

OTHER_SEEDS = ("1", "2")
"""Seeds of the hashes of another process; of two one differs from that of this process."""


def own_of(plugin: object, plugins: Plugins, *, installed: bool) -> tuple[Plugin, ...]:
    """Return the plugins of a distribution, or the one given last.

    Raises
    ------
    ArgumentError
        There is no such distribution; with the nearest name.
    """
    loaded = [*plugins.loaded.values()]
    if not installed:
        return (loaded[-1],)
    name = canonical(str(plugin))
    choose(name, dict.fromkeys(canonical(one.name) for one in loaded), "plugin")
    return tuple(one for one in loaded if canonical(one.name) == name)


def printed(plugins: Plugins, own: Sequence[Plugin]) -> dict[str, list[str]]:
    """Return what the hooks of plugins give, as text."""
    found: dict[str, list[str]] = {}
    for hook, kind in RECORDS.items():
        brought = plugins.records(hook, kind)
        found[hook] = [print_of(record) for plugin, record in brought if plugin in own]
    return found


def told(plugins: Plugins, own: Sequence[Plugin]) -> dict[str, list[str]]:
    """Return what the hooks of plugins give, and the rules of their shocks."""
    shocks = [record for plugin, record in plugins.records("cashcade_shocks", Shock) if plugin in own]
    shocks += [
        record for plugin, record in plugins.records("cashcade_pricing_shocks", PricingShock) if plugin in own
    ]
    return printed(plugins, own) | {
        "cashcade_shocks, built": [f"{shock.name}: {built(shock)}" for shock in shocks]
    }


def told_elsewhere(name: str, extra: Sequence[object], block: Sequence[str]) -> dict[str, list[str]]:
    """Return the same from another process, in which sets have another order.

    Parameters
    ----------
    name
        A file, or the name of a distribution.
    extra, block
        Further plugins, of which objects cannot go along, and what is blocked.

    Raises
    ------
    PluginError
        The plugin fails there.
    """
    others = [str(each) for each in extra if isinstance(each, str | os.PathLike)]
    seed = next(each for each in OTHER_SEEDS if each != os.environ.get("PYTHONHASHSEED"))
    environment = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    done = subprocess.run(
        [sys.executable, "-m", "cashcade.testing.prints"],
        input=json.dumps([name, others, list(block)]),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise PluginError(f'plugin "{name}" fails in another process: {done.stderr.strip().splitlines()[-1]}')
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print what the hooks of a plugin give."""
    name, extra, block = json.load(sys.stdin)
    plugins = find_plugins(extra=extra, block=block)
    print(json.dumps(told(plugins, own_of(name, plugins, installed=not split(name)[2]))))  # noqa: T201 - its task


def print_of(record: object) -> str:
    """Give what a record says."""
    match record:
        case Shock():
            return f"{record.name}: {record.title}, {record.parameters}"
        case ExitScenario():
            return f"{record.name}: {record.doors}, {record.rules}, {record.changes}"
        case Scenario():
            uses = [
                (use.shock if isinstance(use.shock, str) else use.shock.name, dict(use.arguments), use.label)
                for use in record.shocks
            ]
            exits = [each if isinstance(each, str) else print_of(each) for each in record.exits]
            return f"{record.name}: {uses}, {exits}, {record.rules}, {record.changes}"
        case Archetype():
            return f"{record.name}: {record.inputs}, {record.parties}, {dict(record.example)}"
        case WorldFile():
            return f"{record.name}: {record.title}, {record.source}"
        case _:
            raise TypeError(record)


def built(shock: Shock) -> str:
    """Give the rules of a shock with its defaults."""
    return "; ".join(map(repr, shock.rules()))


if __name__ == "__main__":
    main()
