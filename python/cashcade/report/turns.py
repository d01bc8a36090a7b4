"""The swap of a report: which two scenarios are taken apart into groups, and on how many paths."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from cashcade.case import Case
from cashcade.errors import ArgumentError, PlausibilityWarning, RuleError, WorldError
from cashcade.questions.conditions import Outcome
from cashcade.questions.groups import grouped, pieces
from cashcade.questions.sides import BASELINE, Luck
from cashcade.questions.swap import Mixture, Swap, swapped
from cashcade.report.side import LIKELIEST, Side
from cashcade.results.outcomes import FAILED_DEBT, SYSTEMIC, outcomes
from cashcade.results.result import Result
from cashcade.words.names import one_line

PATHS = 64
"""Paths of each run: enough to tell what matters, few enough not to wait for."""

FEWEST = 2
"""Groups below which a swap says nothing: one alone is the whole way."""


class Turn(NamedTuple):
    """A swap of two scenarios.

    Attributes
    ----------
    found
        The answer.
    why
        Why these two scenarios were taken.
    """

    found: Swap
    why: str


class _Pair(NamedTuple):
    """Two scenarios, and why they are taken."""

    mixture: Mixture
    why: str


_Choose = Callable[[Sequence[Side], Sequence[Case]], _Pair | None]
"""How two scenarios are chosen."""


def turn(sides: Sequence[Side]) -> Turn | None:
    """Swap two scenarios that a report is about.

    Of a comparison, its first side and the one that differs most from it. Else the world as it is, and the
    scenarios that were run. Where these are one group of assumptions or none, the two scenarios that the
    plugin of the world holds against each other, with what was run on top of both.

    Parameters
    ----------
    sides
        Of the report.

    Returns
    -------
    turn
        None where there are no two such scenarios, or results were loaded from a file.
    """
    cases = [side.result.case for side in sides]
    known = [case for case in cases if case is not None]
    if len(known) < len(cases):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PlausibilityWarning)
        for choose in (_of_sides, _of_the_run, _of_the_world):
            found = _turned(sides, known, choose)
            if found is not None:
                return found
    return None


def _turned(sides: Sequence[Side], cases: Sequence[Case], choose: _Choose) -> Turn | None:
    """Choose two scenarios and swap them; None where there are none that fit the world."""
    try:
        pair = choose(sides, cases)
        if pair is None:
            return None
        return Turn(swapped(pair.mixture, _luck(sides[0]), _asked(sides, cases), kept=False), pair.why)
    except (ArgumentError, RuleError, WorldError):
        return None


def _of_sides(sides: Sequence[Side], cases: Sequence[Case]) -> _Pair | None:
    """Take the first side of a comparison, and the one of the same ground that differs most from it."""
    (first, *others), (base, *rest) = sides, cases
    least = _debt(first.result)
    apart = [
        (abs(_debt(side.result) - least), side.name, case)
        for side, case in zip(others, rest, strict=True)
        if case.setting.ground == base.setting.ground and case.without == base.without
    ]
    why = "the first side, and the one under which the debt that fails differs most from it"
    for _, name, case in sorted(apart, key=lambda each: -each[0]):
        ends = {first.name: base.setting.made.scenarios, name: case.setting.made.scenarios}
        pair = _pair(base, ends, why)
        if pair is not None:
            return pair
    return None


def _of_the_run(_sides: Sequence[Side], cases: Sequence[Case]) -> _Pair | None:
    """Take the world as it is, and the scenarios that were run."""
    run = ", ".join(cases[0].scenarios)
    ends = {BASELINE: (), run: cases[0].setting.made.scenarios}
    return _pair(cases[0], ends, "the world as it is, and what was run") if run else None


def _of_the_world(_sides: Sequence[Side], cases: Sequence[Case]) -> _Pair | None:
    """Take the scenarios that the plugin of the world holds against each other, and what was run on both."""
    case = cases[0]
    if case.setting.swap is None:
        return None
    held = case.setting.made.scenarios
    both = f", with {', '.join(case.scenarios)} on top of both" if held else ""
    why = f"two scenarios that come with this world and stand far apart{both}"
    return _pair(case, {name: (name,) for name in case.setting.swap}, why, held)


def _pair(case: Case, ends: Mapping[str, Sequence[Any]], why: str, held: Sequence[Any] = ()) -> _Pair | None:
    """Take two scenarios apart; None where they differ in less than two groups."""
    stated, catalogue = case.with_scenarios(held).world, case.setting.catalogue
    a, b = map(one_line, ends)
    of_a, of_b = (pieces(each, catalogue, stated) for each in ends.values())
    groups_a, groups_b = grouped([of_a, of_b], stated, None)

    def make(some: Sequence[Any]) -> Case:
        return case.with_scenarios([*held, *some])

    mixture = Mixture(make, a, b, of_a, of_b, groups_a, groups_b)
    return _Pair(mixture, why) if len(mixture.groups) >= FEWEST else None


def _debt(result: Result) -> float:
    return float(outcomes(result.dataset, FAILED_DEBT)[FAILED_DEBT].mean())


def _luck(side: Side) -> Luck:
    """Give the luck of the run, on fewer paths."""
    known = side.dataset.attrs
    return Luck(side.months, min(PATHS, side.paths), int(known["seed"]), int(known["replicates"]), None)


def _asked(sides: Sequence[Side], cases: Sequence[Case]) -> list[Outcome]:
    """Give what is asked of each mixture: debt first, of which few paths tell most."""
    known = {each.id for each in cases[0].setting.made.world.companies}
    failing = [name for name in sides[0].failing[:LIKELIEST] if name in known]
    return [Outcome(name, name, "", sides[0].months) for name in (FAILED_DEBT, SYSTEMIC, *failing)]
