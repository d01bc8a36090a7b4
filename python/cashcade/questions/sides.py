"""Sides of a question: a world as it is, and what may be otherwise."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from cashcade.case import Case, case_of
from cashcade.rules import ExitScenario, Scenario, Shock, Use
from cashcade.world import World
from cashcade.world.settings import setting_text

BASELINE = "baseline"
"""Name of the side on which nothing is changed."""

Named: TypeAlias = str | Scenario | Shock | Use | ExitScenario
"""A scenario, shock or way out, as `cashcade.run` takes it."""

Set: TypeAlias = Mapping[str, object]
"""What a world says otherwise, as `World.with_` takes it."""

Side: TypeAlias = World | Path | Case | Named | Set | Sequence[Named | Set]
"""A case, another world, or what is added to the world that is asked about."""


def name_of(side: Side) -> str:
    """Call a side by what it is made of."""
    match side:
        case str():
            return side
        case Case():
            return ", ".join([side.world.name, *side.scenarios, *side.changed])
        case Path():
            return side.stem
        case Use():
            return side.label or (side.shock if isinstance(side.shock, str) else side.shock.name)
        case World() | Scenario() | Shock() | ExitScenario():
            return side.name
        case Mapping():
            return ", ".join(setting_text(path, value) for path, value in side.items()) or BASELINE
        case _:
            return ", ".join(map(name_of, side)) or BASELINE


def case_on(
    world: World | str | Path | Case, side: Side, *, plugins: Sequence[object] = (), block: Sequence[str] = ()
) -> Case:
    """Make a case of a side.

    Parameters
    ----------
    world
        What is asked about, as `cashcade.run` takes it.
    side
        What is otherwise.
    plugins, block
        As in `cashcade.run`.

    Raises
    ------
    ArgumentError, PluginError, RuleError, WorldError
        As `Case` and `Case.with_`.
    """
    if isinstance(side, Case):
        return side
    if isinstance(side, World | Path):
        return Case(side, plugins=plugins, block=block)
    several = side if isinstance(side, Sequence) and not isinstance(side, str) else (side,)
    named = [each for each in several if not isinstance(each, Mapping) and each != BASELINE]
    values = {path: value for each in several if isinstance(each, Mapping) for path, value in each.items()}
    case = case_of(world, scenarios=named, plugins=plugins, block=block)
    return case.with_(values) if values else case
