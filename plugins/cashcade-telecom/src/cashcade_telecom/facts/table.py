"""Facts against runs: medians with errors, ranges, hits and misses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cashcade
import numpy as np
from cashcade.load import load_world
from cashcade.rules import Scenario
from cashcade.world import World
from numpy.typing import NDArray

from cashcade_telecom.facts.measures import MEASURES, Run
from cashcade_telecom.facts.observed import DOTCOM_COHORT, FACTS, TELECOM, Fact
from cashcade_telecom.facts.variants import variants
from cashcade_telecom.scenarios import DOTCOM_BUST, TELECOM_BUST

Floats = NDArray[np.float64]

MONTHS = 60
RECORD = (
    *("company.revenue", "company.debt"),
    *("loan.balance", "loan.undrawn", "loan.loss"),
)
EXITS = "normal-window"
"""Exit scenario of cashcade-ai under which the cohort is run."""

BUSTS: dict[str, tuple[str | Scenario, ...]] = {
    TELECOM: (TELECOM_BUST,),
    DOTCOM_COHORT: (DOTCOM_BUST, EXITS),
}
CALM: dict[str, tuple[str | Scenario, ...]] = {TELECOM: (), DOTCOM_COHORT: (EXITS,)}

RESAMPLES = 200
"""Times that draws are resampled for the error of a median."""


@dataclass(frozen=True)
class Found:
    """What the model says of a fact.

    Parameters
    ----------
    median, low, high
        Over paths: median, 5 % and 95 % quantile; of a chance the share of paths, and no quantiles.
    error
        Monte-Carlo standard error of the median or share, by resampling draws.
    hit
        Whether the median lies in the observed range.
    """

    fact: Fact
    median: float
    low: float
    high: float
    error: float
    hit: bool


def run(world: World, scenarios: Sequence[str | Scenario], *, paths: int, seed: int) -> Run:
    """Run a world with all paths kept."""
    record = [name for name in RECORD if name.startswith("company") or world.loans]
    result = cashcade.run(
        world,
        scenarios=scenarios,
        months=MONTHS,
        paths=paths,
        seed=seed,
        record=record,
        keep_paths=True,
        quantiles=(),
    )
    return Run(world, result.dataset)


def compare(of: Run, facts: Sequence[Fact]) -> list[Found]:
    """Return what a run says of facts."""
    draw = of.dataset["path_draw"].to_numpy()
    return [_found(fact, MEASURES[fact.name](of), draw) for fact in facts]


def _found(fact: Fact, values: Floats, draw: NDArray[np.int64]) -> Found:
    centre = _mean if fact.unit == "chance" else _median
    middle = centre(values)
    low, high = (float(end) for end in np.nanquantile(values, (0.05, 0.95)))
    error = _error(values, draw, centre)
    return Found(fact, middle, low, high, error, fact.low <= middle <= fact.high)


def _mean(values: Floats) -> float:
    return float(np.nanmean(values))


def _median(values: Floats) -> float:
    return float(np.nanmedian(values))


def _error(values: Floats, draw: NDArray[np.int64], centre: Callable[[Floats], float]) -> float:
    """Give the standard error of a median or mean: draws are resampled with all their paths."""
    groups = np.split(values, np.flatnonzero(np.diff(draw)) + 1)
    generator = np.random.default_rng(1)
    picks = generator.integers(0, len(groups), (RESAMPLES, len(groups)))
    return float(np.std([centre(np.concatenate([groups[one] for one in pick])) for pick in picks]))


@dataclass(frozen=True)
class Table:
    """All facts with the bust, without it, and under the variants."""

    bust: list[Found]
    calm: list[Found]
    variants: list[tuple[Scenario, list[Found]]]
    paths: int
    seed: int


def table(paths: int = 2000, seed: int = 1) -> Table:
    """Run both worlds with the bust, without it and with each variant."""
    bust: list[Found] = []
    calm: list[Found] = []
    others: list[tuple[Scenario, list[Found]]] = []
    for name in (TELECOM, DOTCOM_COHORT):
        world = load_world(name)
        facts = [fact for fact in FACTS if fact.world == name]
        bust += compare(run(world, BUSTS[name], paths=paths, seed=seed), facts)
        calm += compare(run(world, CALM[name], paths=paths, seed=seed), facts)
        for one in variants(world):
            given = (*BUSTS[name], one)
            others.append((one, compare(run(world, given, paths=paths, seed=seed), facts)))
    return Table(bust, calm, others, paths, seed)
