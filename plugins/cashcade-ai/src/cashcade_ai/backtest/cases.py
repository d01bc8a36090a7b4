"""What was known each August, and what came a year later.

A flow of a quarter is known 30 days after the quarter ends, a run-rate on the day it is dated. Young
companies are those of August 2024: earlier run-rates are too few.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

import numpy as np
import pandas as pd

from cashcade_ai.estimates.series import CHIP_METRICS, GIANTS, KINDS, Series, month_of, series
from cashcade_ai.sourced import history

ORIGINS = tuple(pd.Timestamp(year, 8, 31) for year in range(2019, 2025))
"""The days on which forecasts are made."""

YOUNG_ORIGIN = ORIGINS[-1]

REPORTING = pd.Timedelta(days=30)

LEAST_QUARTERS, YOUNG_QUARTERS = 4, 2
"""Observations without which there is no forecast; of a neocloud the second."""

YOUNG_WINDOW = (pd.Timedelta(days=-120), pd.Timedelta(days=30))
"""A run-rate dated within so many days of the anniversary is an outcome; the nearest is taken."""


@dataclass(frozen=True)
class Case:
    """One thing to be forecast.

    Parameters
    ----------
    origin
        The day of the forecast.
    part
        `labs and apps`, `capex`, `clouds`, `chips` or `neoclouds`.
    entity, metric
        Whose, and of what.
    known
        The series as it was known.
    months
        From the last observation to the outcome.
    outcome
        Log of what came, without the season that was known.
    """

    origin: pd.Timestamp
    part: str
    entity: str
    metric: str
    known: Series = field(repr=False)
    months: int
    outcome: float

    def no_change(self) -> float:
        """Return the forecast that nothing changes."""
        return float(self.known.logs[-1])

    def last_growth(self) -> float:
        """Return the forecast that the last year's growth goes on; no change after but one observation."""
        growth = self.known.last_growth()
        return self.no_change() + (growth * self.months / 12 if np.isfinite(growth) else 0.0)


def cases() -> list[Case]:
    """Return all cases, by origin."""
    return [case for origin in ORIGINS for case in (*_flows(origin), *_young(origin))]


def table() -> pd.DataFrame:
    """Return the cases as a tidy table: what was known, when, what came, and the naive forecasts; amounts."""
    rows = []
    for case in cases():
        last = int(case.known.months[-1])
        row = {key: value for key, value in asdict(case).items() if key not in ("known", "outcome")}
        row |= {
            "observations": len(case.known),
            "known_month": _named(last),
            "known": float(np.exp(case.no_change())),
            "outcome_month": _named(last + case.months),
            "outcome": float(np.exp(case.outcome)),
            "last_growth": float(np.exp(case.last_growth())),
        }
        rows.append(row)
    return pd.DataFrame(rows)


def _named(month: int) -> str:
    return f"{1995 + month // 12}-{month % 12 + 1:02d}"


def _flows(origin: pd.Timestamp) -> Iterator[Case]:
    wanted = [("capex", entity, "capex") for entity in GIANTS]
    wanted += [("clouds", entity, "revenue") for entity in KINDS["clouds"]]
    wanted += [("chips", entity, metric) for entity, metric in CHIP_METRICS.items()]
    wanted += [("neoclouds", entity, "revenue") for entity in KINDS["neoclouds"]]
    for part, entity, metric in wanted:
        known = series(entity, part, metric, origin - REPORTING, "USD/quarter")
        came = series(entity, part, metric, origin + pd.DateOffset(years=1) - REPORTING, "USD/quarter")
        if (
            len(known) >= (YOUNG_QUARTERS if part == "neoclouds" else LEAST_QUARTERS)
            and came.months[-1] > known.months[-1]
        ):
            place = (len(came) - 1) % len(known.season)
            raw = came.logs[-1] + came.season[place]
            months = int(came.months[-1] - known.months[-1])
            yield Case(origin, part, entity, metric, known, months, float(raw - known.season[place]))


def _young(origin: pd.Timestamp) -> Iterator[Case]:
    if origin != YOUNG_ORIGIN:
        return
    target = origin + pd.DateOffset(years=1)
    rows = history()
    rows = rows[(rows["metric"] == "arr") & (rows["as_of"] - target).between(*YOUNG_WINDOW)]
    for kind in ("labs", "apps"):
        for entity in KINDS[kind]:
            known = series(entity, kind, "arr", origin)
            own = rows[rows["entity"] == entity]
            if len(known) and len(own):
                nearest = own.iloc[int((own["as_of"] - target).abs().to_numpy().argmin())]
                months = month_of(nearest["as_of"]) - int(known.months[-1])
                yield Case(
                    origin, "labs and apps", entity, "arr", known, months, float(np.log(nearest["value"]))
                )
