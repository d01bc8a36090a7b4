"""The table of estimates: one row a parameter, with its error, its span and how it was made."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache

import numpy as np
import pandas as pd
from scipy.special import expit

from cashcade_ai.estimates import capex, chains, markets, rounds
from cashcade_ai.estimates.growth import BELIEFS, Fit, fit, stationary_spread
from cashcade_ai.estimates.regress import rate
from cashcade_ai.estimates.series import KINDS, Series, capex_panel, declines, panel

PRIOR_SHARE = 0.7
"""An error of at least this part of the prior's says that the data said nothing."""

BOOM = 2022
"""Since this year the four build for the same thing."""


@dataclass(frozen=True)
class Row:
    """One estimate.

    Parameters
    ----------
    mechanism, parameter, of
        What it is for, its name, and whom it is about.
    estimate, error
        Its value and standard error.
    series, observations, span
        How much history.
    method, note
        How it was made; what was not identified.
    """

    mechanism: str
    parameter: str
    of: str
    estimate: float
    error: float
    series: int
    observations: int
    span: str
    method: str
    note: str = ""


@cache
def estimates() -> pd.DataFrame:
    """Return all estimates; one table, made once: do not change it."""
    rows = [*_growth(), *_capex(), *_values(), *_rounds(), *_windows(), *_rents(), *_failures()]
    return pd.DataFrame([asdict(each) for each in rows])


def _year(month: int) -> int:
    return 1995 + month // 12


def _span(found: Sequence[Series]) -> str:
    first = min(int(each.months[0]) for each in found)
    last = max(int(each.months[-1]) for each in found)
    return f"{_year(first)}-{_year(last)}"


def _growth() -> Iterator[Row]:
    for kind in KINDS:
        found = panel(kind)
        yield from _process("M1", kind, fit(found, BELIEFS[kind]), _span(found))
        yield from _dispersion(kind, found)
        yield _breaks(kind, found)


def _process(mechanism: str, kind: str, best: Fit, span: str) -> Iterator[Row]:
    units = ("months", "a year per root year", "per root year", "log growth a year")
    names = ("half_life", "growth_volatility", "noise", "growth_long")
    spread = BELIEFS[kind].spread
    relative = np.sqrt(np.diag(best.covariance))
    for place, (name, unit) in enumerate(zip(names, units, strict=True)):
        value = list(asdict(best.process).values())[place]
        error = list(asdict(best.errors()).values())[place]
        silent = relative[place] >= PRIOR_SHARE * spread[place]
        note = f"{unit}; " + ("not identified: the prior stands" if silent else "identified")
        yield Row(
            mechanism,
            name,
            kind,
            value,
            float(error),
            best.series,
            best.observations,
            span,
            "Kalman likelihood with prior, all series together",
            note,
        )
    settled = stationary_spread(best.process)
    yield Row(
        mechanism,
        "growth_spread",
        kind,
        settled,
        float("nan"),
        best.series,
        best.observations,
        span,
        "from half-life and volatility",
        "deviation of growth about its long run when all is settled",
    )


def _dispersion(kind: str, found: list[Series]) -> Iterator[Row]:
    last = np.array([each.last_growth() for each in found])
    last = last[np.isfinite(last)]
    if len(last) < 3:
        return
    deviation, count = float(last.std(ddof=1)), len(last)
    method, span = "growth over the last 3 to 12 months, across companies", _span(found)
    note = "of survivors: those that stopped reporting are not here"
    yield Row(
        "M1",
        "last_growth",
        kind,
        float(last.mean()),
        deviation / count**0.5,
        count,
        count,
        span,
        method,
        note,
    )
    error = deviation / (2 * (count - 1)) ** 0.5
    yield Row("M1", "last_growth_dispersion", kind, deviation, error, count, count, span, method, note)


def _breaks(kind: str, found: list[Series]) -> Row:
    falls, years = declines(found)
    mean, error = rate(falls, years)
    note = f"falls of over 10 %: {falls} in {years:.1f} years, of survivors; sizes not identified"
    if kind in ("chips", "clouds", "neoclouds"):
        note += "; falls of a quarter are part of the noise too"
    seen = sum(len(each) for each in found)
    return Row(
        "M1", "break_hazard", kind, mean, error, len(found), seen, _span(found), "Jeffreys' rate a year", note
    )


def _capex() -> Iterator[Row]:
    found = capex_panel()
    span, seen = _span(found), sum(len(each) for each in found)
    yield from _process("M6", "capex", fit(found, BELIEFS["capex"]), span)
    whole = capex.measured()
    method = "covariances of yearly log growth, a year left out in turn"
    own = whole.own / (2 * whole.years) ** 0.5
    yield Row(
        "M6",
        "common_share",
        "capex",
        whole.share,
        whole.share_error,
        4,
        seen,
        span,
        method,
        "of the variance",
    )
    yield Row("M6", "common_deviation", "capex", whole.factor, float("nan"), 4, seen, span, method, "a year")
    yield Row(
        "M6", "own_noise", "capex", whole.own, own, 4, seen, span, method, "a year; error from 10 years"
    )
    growth = capex.yearly_growth(found)
    late = growth[growth.index // 12 + 1995 > BOOM]
    share = float(late.mean(axis=1).var(ddof=1) / late.to_numpy().var(ddof=1))
    note = "eleven overlapping years of growth: an indication; errors would mean nothing"
    yield Row(
        "M6",
        "common_share_since_2023",
        "capex",
        share,
        float("nan"),
        4,
        late.size,
        "2023-2025",
        "as above",
        note,
    )
    best = capex.accelerator()
    note = (
        "NOT identified: the sign is that of 2022, a slump after the backlogs of 2021; most are from memory"
    )
    yield Row(
        "M6",
        "accelerator",
        "capex",
        float(best.coefficients[1]),
        float(best.errors[1]),
        3,
        best.observations,
        "2020-2025",
        "least squares, errors by quarter",
        note,
    )


def _values() -> Iterator[Row]:
    boom = "one boom, no bust: volatility of a bust is not identified"
    for group in markets.GROUPS:
        own = markets.shares(group)
        left = own.own / (2 * own.returns) ** 0.5
        for name, value, error, method in (
            ("beta", own.beta, own.beta_error, "returns on the Nasdaq"),
            ("volatility", own.volatility, own.volatility_error, "monthly returns, a year"),
            ("own_volatility", own.own, left, "what the index leaves"),
        ):
            span = "2024-03 to 2025-09"
            yield Row("M7", name, group, value, error, own.series, own.returns, span, method, boom)
    index = np.log(chains.by_month("nasdaq_composite_month_end")).diff().dropna()
    deviation, count = float(index.std(ddof=1) * 12**0.5), len(index)
    error, method = deviation / (2 * count) ** 0.5, "monthly returns, a year"
    note = "no clustering is fitted; months of crises are twice as wide"
    yield Row("M7", "index_volatility", "Nasdaq", deviation, error, 1, count, "1995-2025", method, note)
    method, note = "market value and net debt over a year's revenue", "a level, no process"
    for target, ratio in markets.multiples().items():
        nobody = float("nan")
        yield Row(
            "M7", "value_over_revenue", str(target), float(ratio), nobody, 1, 1, "2025-08", method, note
        )


ROUNDS = "2021-2025"
"""Years of the rounds that the estimates read."""


def _rounds() -> Iterator[Row]:
    companies, _ = rounds.watched_years()
    yield from _intervals(companies)
    yield from _sizes(companies)
    yield from _steps(companies)


def _intervals(companies: int) -> Iterator[Row]:
    """Give how long companies wait for a round: the chance of each month, and the middle of what ended."""
    best = rounds.hazard()
    note = "a month; companies that raised, 36 months at most: survivors, so too high"
    for place, (low, high) in enumerate(rounds.BINS):
        chance = float(expit(best.coefficients[place]))
        error = chance * (1 - chance) * float(best.errors[place])
        span, method, count = f"months {low} to {high}", "logit by months since the last", best.observations
        yield Row("M8", "round_hazard", span, chance, error, companies, count, ROUNDS, method, note)
    gaps = rounds.intervals()
    middle, method = float(np.median(gaps)), "median of intervals that ended; normal error of a median"
    error = 1.25 * float(gaps.std(ddof=1)) / len(gaps) ** 0.5
    note = "those still waiting are in the hazard, not here: too short"
    yield Row("M8", "interval", "months", middle, error, companies, len(gaps), ROUNDS, method, note)


def _sizes(companies: int) -> Iterator[Row]:
    """Give the share of a company that a round sells, and how it differs."""
    sold, method = rounds.share_sold(), "raised over post-money"
    middle, spread = float(np.exp(sold.mean)), sold.deviation
    error, spread_error = middle * sold.error, spread / (2 * sold.count) ** 0.5
    yield Row("M8", "share_sold", "median", middle, error, companies, sold.count, ROUNDS, method)
    name, of = "share_sold_deviation", "of the log"
    yield Row("M8", name, of, spread, spread_error, companies, sold.count, ROUNDS, method)


def _steps(companies: int) -> Iterator[Row]:
    """Give how values move from round to round, and how often they fall."""
    (step, yearly, down), prices = rounds.steps(), "logs of post-money"
    of, count, note = "log, a round", step.count, "of a boom and of survivors"
    yield Row("M8", "step_up", of, step.mean, step.error, companies, count, ROUNDS, prices, note)
    spread, error = step.deviation, step.deviation / (2 * count) ** 0.5
    yield Row("M8", "step_up_deviation", of, spread, error, companies, count, ROUNDS, prices)
    of = "log, a year"
    yield Row("M8", "step_up_yearly", of, yearly.mean, yearly.error, companies, yearly.count, ROUNDS, prices)
    mean = (down + 0.5) / (count + 1)
    error = (mean * (1 - mean) / (count + 2)) ** 0.5
    note = f"{down} of {count}: NOT identified, no down-round is in the data"
    of, method = "of rounds", "Jeffreys' share"
    yield Row("M8", "down_round_share", of, mean, error, companies, count, ROUNDS, method, note)


def _windows() -> Iterator[Row]:
    for chain in chains.chains():
        unit = "year" if chain.yearly else "month"
        span = f"{chain.shut.index[0]:%Y}-{chain.shut.index[-1]:%Y}"
        for event in ("shuts", "opens"):
            best = chain.hazard(event)
            count = int(chain.risk(event)[2].sum())
            seen = f"{count} events in {best.observations} {unit}s at risk"
            for place, name in enumerate(("base", *chains.STATES)):
                silent = place > 0 and best.errors[place] >= 0.85 * chains.COEFFICIENT_SPREAD
                note = seen + ("; not identified: the prior stands" if silent else "")
                value, error = float(best.coefficients[place]), float(best.errors[place])
                method, what = f"logit a month, seen by {unit}, normal prior", f"{event}: {name}"
                yield Row("M9", what, chain.name, value, error, 1, best.observations, span, method, note)


def _rents() -> Iterator[Row]:
    best = markets.rents()
    note = "a fall from the scarcity of 2023: a settled drift and the answer to scarcity are not identified"
    yield Row(
        "M4",
        "rent_drift",
        "H100, log a year",
        float(best.coefficients[2]),
        float(best.errors[2]),
        2,
        best.observations,
        "2023-2025",
        "least squares, a level for each source",
        note,
    )
    yield Row(
        "M4",
        "rent_residual",
        "H100, log",
        best.residual,
        best.residual / (2 * (best.observations - 3)) ** 0.5,
        2,
        best.observations,
        "2023-2025",
        "what the line leaves",
        "half of it is disagreement of the sources",
    )


def _failures() -> Iterator[Row]:
    companies, years = rounds.watched_years()
    mean, error = rate(0, years)
    yield Row(
        "M10",
        "sudden_failure",
        "companies that raised, a year",
        mean,
        error,
        companies,
        companies,
        "2021-2025",
        "Jeffreys' rate",
        "none failed; those that are in the data were picked for success",
    )
    middle, deviation, kept, count = markets.default_rates()
    note = f"deviation of the log {deviation:.2f}, kept from year to year {kept:.2f}"
    yield Row(
        "M10",
        "default_rate",
        "speculative names, a year",
        middle,
        middle * deviation / count**0.5,
        1,
        count,
        "1995-2024",
        "geometric mean",
        note,
    )
    best = markets.recovery()
    note = "four years; slope on the default rate, both from one bust"
    yield Row(
        "M10",
        "recovery_at_no_default",
        "bonds",
        float(best.coefficients[0]),
        float(best.errors[0]),
        1,
        best.observations,
        "2000-2003",
        "least squares",
        note,
    )
    yield Row(
        "M10",
        "recovery_slope",
        "bonds",
        float(best.coefficients[1]),
        float(best.errors[1]),
        1,
        best.observations,
        "2000-2003",
        "least squares",
        note + "; barely identified",
    )
