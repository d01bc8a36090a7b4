"""Prices: of shares against the index, of companies against their revenue, and of GPU hours."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cashcade_ai.estimates.chains import by_month
from cashcade_ai.estimates.regress import Estimate, least_squares
from cashcade_ai.estimates.series import month_of
from cashcade_ai.sourced import history, inputs

LISTED = {
    "nvidia": "Nvidia",
    "microsoft": "Microsoft",
    "alphabet": "Alphabet",
    "amazon": "Amazon",
    "meta": "Meta",
    "oracle": "Oracle",
    "coreweave": "CoreWeave",
    "nebius": "Nebius",
    "applied-digital": "Applied Digital",
    "iren": "IREN",
    "core-scientific": "Core Scientific",
}
"""Ids and names of listed companies."""

GROUPS = {
    "giants": ("Microsoft", "Alphabet", "Amazon", "Meta", "Oracle"),
    "chips": ("Nvidia", "AMD", "Broadcom"),
    "neoclouds": ("CoreWeave", "Nebius", "Applied Digital", "IREN", "Core Scientific"),
}

LEAST_MONTHS = 5
"""Returns that a share needs to be used."""


@dataclass(frozen=True)
class Shares:
    """How shares of a group move.

    Parameters
    ----------
    beta, beta_error
        Mean slope on the Nasdaq Composite, by months; its error allows for common months.
    volatility, volatility_error
        Standard deviation of log returns, a year.
    own
        The same of what the index does not explain.
    series, returns
        How many shares and monthly returns.
    """

    beta: float
    beta_error: float
    volatility: float
    volatility_error: float
    own: float
    series: int
    returns: int


def returns(entity: str) -> pd.Series:
    """Return monthly log returns of a share, where two months follow each other."""
    table = history()
    own = table[(table["entity"] == entity) & (table["metric"] == "share_price")].sort_values("as_of")
    ends = pd.DatetimeIndex(own["as_of"]) + pd.offsets.MonthEnd(0)
    logs = pd.Series(np.log(own["value"].to_numpy(dtype=float)), index=ends)
    monthly = logs[~logs.index.duplicated(keep="last")].asfreq("ME")
    return monthly.diff().dropna()


def shares(group: str) -> Shares:
    """Return beta and volatility of the shares of a group, all months together."""
    index = np.log(by_month("nasdaq_composite_month_end")).diff()
    found = [each for each in map(returns, GROUPS[group]) if len(each) >= LEAST_MONTHS]
    own = pd.concat(found)
    design = np.column_stack([np.ones(len(own)), index.reindex(own.index).to_numpy()])
    slope = least_squares(design, own.to_numpy(), own.index.to_numpy())
    deviation = float(np.sqrt(np.mean([each.var(ddof=1) for each in found])) * np.sqrt(12))
    error = deviation / np.sqrt(2 * (len(own) - len(found)))
    left = slope.residual * np.sqrt(12)
    return Shares(
        float(slope.coefficients[1]),
        float(slope.errors[1]),
        deviation,
        float(error),
        float(left),
        len(found),
        len(own),
    )


def multiples() -> pd.Series:
    """Return enterprise value at the end of August over revenue of four quarters, or four times the last."""
    table = inputs()
    given = table[table["mechanism"] == "M7"].set_index(["target", "field"])["value"]
    sales = history()
    sales = sales[(sales["metric"] == "revenue") & (sales["unit"] == "USD/quarter")].sort_values("as_of")
    found = {}
    for target, entity in LISTED.items():
        own = sales[sales["entity"] == entity]["value"].to_numpy(dtype=float)
        if len(own):
            year = own[-4:].sum() if len(own) >= 8 else 4 * own[-1]
            found[target] = float((given[target, "market_value"] + given[target, "net_debt"]) / year)
    return pd.Series(found)


def rents() -> Estimate:
    """Regress the log of H100 rents on years, with a level for each of the two sources.

    Columns: level of the first, level of the second, drift a year.
    """
    table = history()
    metrics = ["rental_price", "rental_price_range_mid"]
    rows = table[table["metric"].isin(metrics)].sort_values("as_of")
    years = np.array([month_of(date) / 12 for date in rows["as_of"]])
    design = np.column_stack([*(rows["metric"] == metric for metric in metrics), years - years.mean()])
    return least_squares(design.astype(float), np.log(rows["value"].to_numpy(dtype=float)))


def recovery() -> Estimate:
    """Regress what bonds recover on the default rate of the year (United States, 2000 to 2003)."""
    table = history()
    rows = table[table["metric"] == "recovery_rate_all_industries"]
    defaults = by_month("us_hy_default_rate_altman")
    rate = defaults.reindex(pd.DatetimeIndex(rows["as_of"])).to_numpy()
    design = np.column_stack([np.ones(len(rows)), rate])
    return least_squares(design, rows["value"].to_numpy(dtype=float))


def default_rates() -> tuple[float, float, float, int]:
    """Return mean, deviation and persistence of the logs of yearly default rates, and how many years."""
    logs = np.log(by_month("moodys_spec_grade_default_rate").to_numpy())
    away = logs - logs.mean()
    kept = float(away[1:] @ away[:-1] / (away[:-1] @ away[:-1]))
    return float(np.exp(logs.mean())), float(logs.std(ddof=1)), kept, len(logs)
