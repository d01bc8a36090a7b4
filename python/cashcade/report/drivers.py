"""Assumptions that move an outcome, from the draws of a run alone: rank correlations against luck."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.questions.varied import varied
from cashcade.results.result import Result
from cashcade.results.statistics import clusters
from cashcade.words.rows import parameters

Floats = NDArray[np.float64]

FEWEST = 50
"""Draws below which nothing is said: a fifth of them would be a handful."""

MOST = 8
"""Assumptions for each outcome."""

SURE = 0.05
"""Chance that luck alone would bring any assumption beyond the bound."""


class Driver(NamedTuple):
    """An assumption that moves an outcome.

    Attributes
    ----------
    name
        As `Result.parameters` calls it.
    rank
        Rank correlation of the mean outcome of a draw with it.
    sure
        Whether it is beyond what luck would give the strongest of so many assumptions, once in twenty runs.
    low, low_se, high, high_se
        Mean outcome over the fifth of draws in which the assumption is lowest, and highest, with errors.
    least, most
        The ends of these fifths, in the unit of the assumption.
    """

    name: str
    rank: float
    sure: bool
    low: float
    low_se: float
    high: float
    high_se: float
    least: float
    most: float


def drivers_of(result: Result, outcomes: Mapping[str, Floats]) -> dict[str, tuple[Driver, ...]]:
    """Give the assumptions that move outcomes most, by rank correlation.

    Parameters
    ----------
    result
        Of a run; that of a file, of a world without ranges or of few draws gives none.
    outcomes
        By name, `[paths]`.
    """
    try:
        drawn = varied(result, FEWEST)
    except ArgumentError:
        return {}
    draw = result.dataset["path_draw"].to_numpy()
    ranks = drawn.rank().to_numpy()
    ranks = (ranks - ranks.mean(axis=0)) / ranks.std(axis=0)
    found = {}
    for name, values in outcomes.items():
        groups = clusters(values, draw)
        mean = groups.sums / groups.sizes
        if mean.min() < mean.max():
            found[name] = tuple(_drivers(drawn, ranks, mean))
    return found


def _drivers(drawn: pd.DataFrame, ranks: Floats, mean: Floats) -> Iterator[Driver]:
    """Yield the assumptions whose ranks go with the outcome most."""
    of_outcome = pd.Series(mean).rank().to_numpy()
    of_outcome = (of_outcome - of_outcome.mean()) / of_outcome.std()
    correlation = of_outcome @ ranks / mean.size
    bound = _bound(mean.size, ranks.shape[1])
    fifth = mean.size // 5
    for place in np.argsort(-np.abs(correlation), kind="stable")[:MOST].tolist():
        values = drawn.iloc[:, place].to_numpy()
        order = np.argsort(values, kind="stable")
        low, high = order[:fifth], order[-fifth:]
        yield Driver(
            str(drawn.columns[place]),
            float(correlation[place]),
            bool(abs(correlation[place]) > bound),
            *_mean(mean[low]),
            *_mean(mean[high]),
            float(values[low].max()),
            float(values[high].min()),
        )


def _bound(draws: int, assumptions: int) -> float:
    """Give a bound that the largest of so many correlations of pure luck passes less often than `SURE`.

    A correlation of luck is below `t` in size but for a chance of at most 2 exp(-t² draws / 2), and there are
    so many of them.
    """
    return float(np.sqrt(2 * np.log(2 * assumptions / SURE) / draws))


def _mean(values: Floats) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))


def phrase(name: str) -> str:
    """Say in words which assumption a name means: `growth of segment grok`."""
    kind, _, rest = name.partition(".")
    if kind == "shared":
        return f"{rest.replace('-', ' ')} (one assumption for several)"
    if kind == "market":
        return f"{rest.replace('_', ' ')} of the market"
    entry, _, field = rest.rpartition(".")
    return f"{field.replace('_', ' ')} of {kind} {entry}" if entry else rest


def meaning(name: str) -> str:
    """Give the sentence that the table of parameters has for an assumption; nothing where there is none."""
    kind, _, rest = name.partition(".")
    row = parameters().get(f"{kind}.{rest.rpartition('.')[2]}")
    return row.meaning if row else ""
