"""The frontier of two levers: how little of one breaks a target, at each value of the other."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from cashcade.case import Case
from cashcade.errors import ArgumentError
from cashcade.load import load_world
from cashcade.questions.levers import Given, Lever, Limits, lever_of, together
from cashcade.questions.search import Axis
from cashcade.questions.sides import Side
from cashcade.questions.stress import SYSTEM, stress
from cashcade.words.numerals import whole
from cashcade.world import World
from cashcade.world.problems import shown

MOST_STEPS = 100
"""Values of the first lever of the longest frontier."""


def frontier(  # noqa: PLR0913 - all but the first four are keywords with defaults
    world: World | str | Path | Case,
    levers: tuple[Given, Given],
    target: str = SYSTEM,
    limits: tuple[Limits | None, Limits | None] = (None, None),
    *,
    steps: int = 5,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
    **more: Any,  # noqa: ANN401 - as `cashcade.stress` takes them
) -> pd.DataFrame:
    """Tell at each value of a lever the smallest move of another that breaks a company, or the system.

    Parameters
    ----------
    world, target, plugins, block
        As in `cashcade.stress`.
    levers
        Two, each as in `cashcade.stress`.
    limits
        Of each, from the mildest value to the hardest; None for its own.
    steps
        Values of the first lever, from limit to limit.
    more
        Further keywords of `cashcade.stress`, such as `level`, `months`, `paths` and `scenarios`.

    Returns
    -------
    frontier
        Indexed by the value of the first lever: `value` of the second that breaks (NaN: none does, or its
        first limit does already: `holds_at_first`), and its interval `low` to `high` (NaN: beyond them).

    Raises
    ------
    ArgumentError, WorldError, RuleError, PluginError
        As `cashcade.stress`.

    Examples
    --------
    ::

        frontier("ai-2025-08", ("add loan.*.rate", "scale segment.*.revenue"), "coreweave", ((0, 0.1), None))
    """
    if not isinstance(levers, Sequence) or isinstance(levers, str) or len(levers) != 2 or len(limits) != 2:
        raise ArgumentError(f"levers is {shown(levers)} and limits {shown(limits)}, wanted two of each.")
    one, other = (lever_of(each, plugins=plugins, block=block) for each in levers)
    first, last = one.between(limits[0])
    given = world if isinstance(world, World | Case) else load_world(world, plugins=plugins, block=block)
    rows = []
    for value in Axis(first, last, one.whole, 0.0).grid(whole("steps", steps, 2, MOST_STEPS)):
        moved = replace(other, side=partial(_both, one, value, other))
        found = stress(given, moved, target, limits[1], plugins=plugins, block=block, **more)
        low, high = found.interval
        rows.append(
            {
                one.name: value,
                "value": found.value,
                "low": low,
                "high": high,
                "holds_at_first": found.holds_at_first,
            }
        )
    return pd.DataFrame(rows).set_index(one.name).astype({"value": float, "low": float, "high": float})


def _both(one: Lever, value: float, other: Lever, moved: float) -> Side:
    """Give both levers at their values."""
    return together(one.side(value), other.side(moved))
