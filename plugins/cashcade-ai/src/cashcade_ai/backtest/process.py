"""Forecasts of the growth process alone, outside the engine, with parameters known at the origin."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cashcade_ai.backtest.cases import Case
from cashcade_ai.estimates.growth import BELIEFS, Belief, Fit, Moments, fit, states
from cashcade_ai.estimates.series import Series, capex_panel, panel

DRAWS = 1000
"""Draws of the parameters."""

PATHS = 4
"""Paths for each draw."""


@dataclass(frozen=True)
class Breaks:
    """Falls that come at once: their rate a year, and the log fall, even between two ends."""

    hazard: float
    least: float
    most: float


BREAKS = {
    "labs and apps": Breaks(0.15, 0.3, 0.7),
    "capex": Breaks(0.05, 0.1, 0.4),
    "clouds": Breaks(0.02, 0.05, 0.2),
    "chips": Breaks(0.1, 0.1, 0.4),
    "neoclouds": Breaks(0.15, 0.3, 0.7),
}
"""Set before any forecast was scored: a young product loses a quarter to a half once in seven years."""


def belief(part: str) -> Belief:
    """Return what was thought before about the companies of a part."""
    return BELIEFS["labs" if part == "labs and apps" else part]


def known(part: str, origin: pd.Timestamp) -> list[Series]:
    """Return the series that were known at an origin, of all companies of a part."""
    if part == "labs and apps":
        return [*panel("labs", origin), *panel("apps", origin)]
    until = origin - pd.Timedelta(days=30)
    return capex_panel(until) if part == "capex" else panel(part, until)


def forecasts(wanted: Sequence[Case], seed: int = 1) -> np.ndarray:
    """Return samples of the logs of outcomes, a row a case; parameters are fitted by part and origin."""
    random = np.random.default_rng(seed)
    fits: dict[tuple[str, pd.Timestamp], Fit] = {}
    rows = []
    for case in wanted:
        key = (case.part, case.origin)
        if key not in fits:
            fits[key] = fit(known(*key), belief(case.part))
        rows.append(samples(case, fits[key], random))
    return np.array(rows)


def samples(case: Case, best: Fit, random: np.random.Generator) -> np.ndarray:
    """Return samples of the log of one outcome: unknown parameters, state, growth, noise and breaks."""
    before = belief(case.part)
    free = best.draws(DRAWS, random)
    start = np.array(drawn(states(case.known, free, before), DRAWS, random))
    half_life, volatility, noise, run = (np.repeat(column, PATHS) for column in free.T)
    level, growth = (np.repeat(row, PATHS) for row in start)
    keep = 2.0 ** (-1 / half_life)
    breaks = BREAKS[case.part]
    for _ in range(case.months):
        shocks = random.standard_normal((2, len(level))) * np.sqrt(1 / 12)
        fallen = random.random(len(level)) < breaks.hazard / 12
        level += growth / 12 + noise * shocks[0]
        level -= fallen * random.uniform(breaks.least, breaks.most, len(level))
        growth += (run - growth) * (1 - keep) + volatility * shocks[1]
    return np.asarray(level + before.seen * random.standard_normal(len(level)))


def drawn(moments: Moments, count: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw a level and a growth from what is known of each of `count` draws of the parameters."""
    x, g, vx, c, vg = (np.broadcast_to(each, count) for each in moments)
    first, second = random.standard_normal((2, count))
    level = x + np.sqrt(vx) * first
    slope = c / vx
    return level, g + slope * (level - x) + np.sqrt(np.maximum(vg - slope * c, 0)) * second
