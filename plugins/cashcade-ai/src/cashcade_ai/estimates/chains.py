"""The four windows as chains: when they were shut, and what moved the hazards of shutting and of opening.

Rules that say when a window is shut were set from its own series, before any hazard was estimated:

- **credit**, by month: shuts when the high-yield spread ends a month at 7.5 per cent or more, opens when it
  ends one below 6.5.
- **venture**, by year, within one vintage of the series: shuts in a year whose investment is below 0.75 of
  the year before, opens in the first later year that is not below the year before.
- **listings**, by year: shuts in a year with fewer than half as many technology listings as the mean of the
  three years before, opens in the first later year with at least 1.25 times the year before.
- **shares** (issues of the listed): no series here says when they were shut; see the page.

Hazards are by month and see the states of the month before. A window that is seen by year
only says that it shut, or opened, in one of the months of the year at least.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from cashcade_ai.estimates.regress import Estimate, ridge_logit
from cashcade_ai.sourced import windows

SPREAD_SHUT, SPREAD_OPEN = 7.5, 6.5
VENTURE_SHUT = 0.75
LISTINGS_SHUT, LISTINGS_OPEN = 0.5, 1.25

NORMAL_DEFAULTS = 0.041
"""Long-run default rate of speculative names (Moody's)."""

STATES = ("drawdown", "credit losses", "rates")
"""Fall of the index from its highest of 24 months, in tenths; default rate of the year before over the long
run, less 1; rise of fed funds in 12 months, in points."""

SHUTS_CENTRE = np.array([0.0, 0.3, 0.3, 0.1])
OPENS_CENTRE = np.array([0.0, -0.1, -0.2, 0.0])
COEFFICIENT_SPREAD = 0.3
BASE_SPREAD = 1.0
"""The prior, set before: a tenth of drawdown, or losses one long-run rate higher, multiply the odds of
shutting by 1.35, within 0.75 and 2.5 (two deviations); opening is slower in bad states. The base is wide
about one shutting in ten years and two years shut."""

BASE = {"shuts": float(logit(1 / 120)), "opens": float(logit(1 / 24))}

CRISES = {
    "2000-02": ("2000-03-31", "2003-06-30"),
    "2007-10": ("2007-06-30", "2010-12-31"),
    "2015-16": ("2015-06-30", "2016-12-31"),
    "2020": ("2020-01-31", "2020-12-31"),
    "2022": ("2021-12-31", "2023-12-31"),
}

FALLS = {"2000-02": "2000-09-30", "2007-10": "2008-01-31"}
"""The month after which the hazards should shut a window (T16)."""


@dataclass(frozen=True)
class Chain:
    """A window and its states before each step.

    Parameters
    ----------
    name
        Which window.
    shut
        Whether it was shut, by the last day of each step.
    states
        One, drawdown, credit losses and rates, by month: those of the month before.
    yearly
        Whether a step is a year, else a month.
    """

    name: str
    shut: pd.Series
    states: pd.DataFrame
    yearly: bool

    def spells(self) -> list[tuple[str, int]]:
        """Return when it shut, and for how many steps (to the end of the data at most)."""
        runs = (self.shut != self.shut.shift()).cumsum()
        found = [own for _, own in self.shut.groupby(runs) if own.iloc[0]]
        return [(f"{own.index[0]:%Y-%m}", len(own)) for own in found]

    def risk(
        self, event: str, without: tuple[str, str] | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return states by month, the step of each month, and outcomes of steps at risk; some left out."""
        before = self.shut.shift().iloc[1:].astype(bool)
        now = self.shut.iloc[1:]
        at_risk = ~before if event == "shuts" else before
        if without is not None:
            at_risk &= (now.index < without[0]) | (now.index > without[1])
        happened = (now != before)[at_risk]
        months = pd.DatetimeIndex(self.states.index)
        steps = happened.index.get_indexer(months + pd.offsets.YearEnd(0) if self.yearly else months)
        watched = steps >= 0
        return self.states.to_numpy(dtype=float)[watched], steps[watched], happened.to_numpy(dtype=float)

    def hazard(self, event: str, without: tuple[str, str] | None = None) -> Estimate:
        """Return the coefficients of a monthly hazard: base, drawdown, credit losses, rates."""
        states, steps, happened = self.risk(event, without)
        centre = (SHUTS_CENTRE if event == "shuts" else OPENS_CENTRE) + np.array([BASE[event], 0, 0, 0])
        spread = np.array([BASE_SPREAD, *[COEFFICIENT_SPREAD] * len(STATES)])
        return ridge_logit(states, happened, centre, spread, steps)

    def shuts_soon(self, after: str, coefficients: np.ndarray) -> float:
        """Return the chance that an open window shuts in twelve months after a date, on the states then."""
        end = pd.Timestamp(after) + pd.DateOffset(months=12)
        rows = self.states[(self.states.index > after) & (self.states.index <= end)]
        return float(1 - np.prod(1 - expit(rows.to_numpy(dtype=float) @ coefficients)))


def by_month(name: str) -> pd.Series:
    """Return a monthly series at month ends."""
    table = windows()
    own = table[table["series"] == name]
    ends = pd.DatetimeIndex(own["as_of"]) + pd.offsets.MonthEnd(0)
    return pd.Series(own["value"].to_numpy(dtype=float), index=ends).sort_index()


def credit() -> Chain:
    """Return the window of junk and project credit, by month."""
    spread = by_month("us_hy_oas_month_end")
    return Chain(
        "credit",
        switched(spread >= SPREAD_SHUT, spread < SPREAD_OPEN),
        _states(spread.index[0], spread.index[-1]),
        yearly=False,
    )


def venture() -> Chain:
    """Return the window of venture capital, by year; MoneyTree to 2015, PitchBook after."""
    early, late = by_month("us_vc_investment"), by_month("us_vc_investment_pitchbook")
    change = pd.concat([(early / early.shift()).loc[:"2015"], (late / late.shift()).loc["2016":]]).dropna()
    return Chain(
        "venture", switched(change < VENTURE_SHUT, change >= 1), _states(*_years(change.index)), yearly=True
    )


def listings() -> Chain:
    """Return the window of listings, by year."""
    count = by_month("us_tech_ipos_ritter")
    usual = count.shift().rolling(3).mean()
    shut = switched((count < LISTINGS_SHUT * usual), count >= LISTINGS_OPEN * count.shift()).loc[
        usual.notna()
    ]
    return Chain("listings", shut, _states(*_years(shut.index)), yearly=True)


def chains() -> Sequence[Chain]:
    """Return the windows that can be seen."""
    return (credit(), venture(), listings())


def switched(shuts: pd.Series, opens: pd.Series) -> pd.Series:
    """Return whether a window is shut, open at first, from the signals of each step."""
    found, shut = [], False
    for closing, opening in zip(shuts, opens, strict=True):
        shut = bool(closing) if not shut else not bool(opening)
        found.append(shut)
    return pd.Series(found, index=shuts.index)


def _years(ends: pd.Index) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last month of the years that end at dates."""
    years = pd.DatetimeIndex(ends)
    return pd.Timestamp(years[0].year, 1, 31), years[-1]


def _states(first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Return for each month what was known at the end of the month before."""
    months = pd.date_range("1995-12-31", last, freq="ME")
    fall = -10 * by_month("nasdaq_composite_drawdown_24m_month_worst")
    funds = by_month("fed_funds_month_average")
    rise = (funds - funds.shift(12)).bfill()  # the series begins in 1995
    losses = _losses()
    known = pd.DataFrame(
        {
            "base": 1.0,
            STATES[0]: fall.reindex(months).to_numpy(),
            STATES[1]: [losses[month.year if month.month == 12 else month.year - 1] for month in months],
            STATES[2]: rise.reindex(months).to_numpy(),
        },
        index=months,
    )
    return known.shift().loc[first:last]


def _losses() -> dict[int, float]:
    rates = by_month("moodys_spec_grade_default_rate")
    years = pd.DatetimeIndex(rates.index).year
    return dict(zip(years, rates / NORMAL_DEFAULTS - 1, strict=True))
