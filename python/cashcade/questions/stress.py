"""Stress: the smallest move of a lever that breaks a company, or the system."""

from collections.abc import Sequence
from pathlib import Path

from cashcade.case import Case
from cashcade.questions.breakeven import BreakEven, breakeven
from cashcade.questions.conditions import LONGEST, MONTHS
from cashcade.questions.levers import Given, Limits
from cashcade.questions.sides import Named
from cashcade.results.contagion import DEBT_SHARE
from cashcade.results.outcomes import FAILED_DEBT
from cashcade.rules import Rule
from cashcade.words.numerals import whole
from cashcade.world import World

SYSTEM = "system"
"""The target that is no company."""

LIKELY = 0.5
"""Chance of failure from which on a company counts as broken."""


def stress(  # noqa: PLR0913 - all but the first four are keywords with defaults
    world: World | str | Path | Case,
    lever: Given,
    target: str = SYSTEM,
    limits: Limits | None = None,
    *,
    level: float | None = None,
    months: int = MONTHS,
    points: int = 11,
    tolerance: float = 1e-3,
    scenarios: Sequence[Named] = (),
    rules: Sequence[Rule] = (),
    without: Sequence[str] = (),
    paths: int = 1_000,
    seed: int = 0,
    replicates: int | None = None,
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> BreakEven:
    """Find the smallest change of a lever that breaks a company or the system.

    Parameters
    ----------
    world, lever
        As in `cashcade.breakeven`: "scale segment.*.revenue" for a cut of what is sold, "add loan.*.rate" for
        dearer money, "gpu-slump:fall" for a fall of rents.
    target
        The id of a company, or "system".
    limits
        From the mildest value, at which nothing is broken, to the hardest: (1, 0) for a cut, which is the
        default of "scale"; (1, 3) for a rise. The first value on the way that breaks is the answer.
    level
        From which on it is broken: the chance that the company fails, by default 0.5, or the mean share of
        all debt that fails, by default 0.1.
    months
        By the end of which it breaks.
    points, tolerance, scenarios, rules, without, paths, seed, replicates, threads, plugins, block
        As in `cashcade.breakeven`.

    Returns
    -------
    stress
        As `cashcade.breakeven`; `value` is the smallest move that breaks, or None: nothing within the limits
        does, or the first limit does already (`holds_at_first`).

    Raises
    ------
    ArgumentError, WorldError, RuleError, PluginError
        As `cashcade.breakeven`.

    Examples
    --------
    ::

        print(cc.stress("ai-2025-08", "scale segment.*.revenue", "coreweave"))
    """
    of, usual = (FAILED_DEBT, DEBT_SHARE) if target == SYSTEM else (target, LIKELY)
    return breakeven(
        world,
        lever,
        f"{of}@{whole('months', months, 1, LONGEST)} >= {usual if level is None else level}",
        limits,
        points=points,
        tolerance=tolerance,
        scenarios=scenarios,
        rules=rules,
        without=without,
        paths=paths,
        seed=seed,
        replicates=replicates,
        threads=threads,
        plugins=plugins,
        block=block,
    )
