"""Rounds: how often, how large, at what price, for companies that raised before October 2025.

Those that never raised again or died are few in the data: intervals are too short and steps too high.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from cashcade_ai.estimates.regress import Estimate, ridge_logit
from cashcade_ai.estimates.series import month_of
from cashcade_ai.sourced import LAST_DAY, history

ONE_ROUND = 2
"""Closings within so many months are one round."""

BINS = ((1, 6), (7, 12), (13, 18), (19, 36))
"""Months since the last round, first and last."""

GIVEN_UP = 36
"""A company that has not raised for so many months is watched no more: dead, sold or in profit."""


@dataclass(frozen=True)
class Spread:
    """Mean and spread of a logarithm, with the error of the mean."""

    count: int
    mean: float
    error: float
    deviation: float


def closings(metric: str, until: pd.Timestamp = LAST_DAY) -> dict[str, dict[int, float]]:
    """Return values by month for each company; closings of one round are added, prices are the last."""
    table = history()
    rows = table[(table["metric"] == metric) & (table["as_of"] <= until)].sort_values("as_of")
    found: dict[str, dict[int, float]] = {}
    for entity, own in rows.groupby("entity"):
        values: dict[int, float] = {}
        for date, value in zip(own["as_of"], own["value"], strict=True):
            month = month_of(date)
            near = next((known for known in values if 0 <= month - known < ONE_ROUND), None)
            adds = near is not None and metric == "funding_round"
            values[month if near is None else near] = float(value) + (values[near] if adds and near else 0.0)
        found[str(entity)] = values
    return found


def risk_months(until: pd.Timestamp = LAST_DAY) -> Iterator[tuple[int, int]]:
    """Yield each month at risk: months since the last round, and whether a round came."""
    end = month_of(until)
    for rounds in closings("funding_round", until).values():
        months = list(rounds)
        for early, late in pairwise(months):
            for since in range(1, min(late - early, GIVEN_UP) + 1):
                yield since, int(since == late - early)
        for since in range(1, min(end - months[-1], GIVEN_UP) + 1):
            yield since, 0


def hazard(until: pd.Timestamp = LAST_DAY) -> Estimate:
    """Return the logit of a round in a month for each bin of months since the last, with a wide prior."""
    since, came = (np.array(each) for each in zip(*risk_months(until), strict=True))
    design = np.array([[float(low <= each <= high) for low, high in BINS] for each in since])
    centre = np.full(len(BINS), np.log(1 / 15))
    return ridge_logit(design, came.astype(float), centre, np.full(len(BINS), 1.5))


def intervals(until: pd.Timestamp = LAST_DAY) -> np.ndarray:
    """Return the months between one round and the next."""
    found = [np.diff(sorted(each)) for each in closings("funding_round", until).values()]
    return np.concatenate(found)


def share_sold(until: pd.Timestamp = LAST_DAY) -> Spread:
    """Return the log of what a round raised over the value after it."""
    raised, priced = closings("funding_round", until), closings("valuation_post_money", until)
    shares = [
        amount / priced[entity][month]
        for entity, rounds in raised.items()
        for month, amount in rounds.items()
        if month in priced.get(entity, {})
    ]
    return _spread(np.log(shares))


def steps(until: pd.Timestamp = LAST_DAY) -> tuple[Spread, Spread, int]:
    """Return logs of price over the last price, the same a year, and how many were below it."""
    ratios, yearly = [], []
    for prices in closings("valuation_post_money", until).values():
        for (early, before), (late, after) in pairwise(prices.items()):
            ratios.append(np.log(after / before))
            yearly.append(ratios[-1] * 12 / (late - early))
    found = np.array(ratios)
    return _spread(found), _spread(np.array(yearly)), int((found < 0).sum())


def _spread(logs: np.ndarray) -> Spread:
    deviation = float(logs.std(ddof=1))
    return Spread(len(logs), float(logs.mean()), deviation / len(logs) ** 0.5, deviation)


def watched_years(until: pd.Timestamp = LAST_DAY) -> tuple[int, float]:
    """Return how many companies raised, and the years from the first round of each to the end."""
    firsts = [min(each) for each in closings("funding_round", until).values()]
    return len(firsts), sum(month_of(until) - first for first in firsts) / 12
