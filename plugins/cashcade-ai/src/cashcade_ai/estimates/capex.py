"""Capex of the four giants: what they have in common, what is their own, and what backlog adds."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cashcade_ai.estimates.regress import Estimate, least_squares
from cashcade_ai.estimates.series import Series, capex_panel, series
from cashcade_ai.sourced import LAST_DAY

YEAR = 4
"""Quarters."""

BACKLOGS = {
    "Alphabet": "google_cloud_backlog",
    "Amazon": "aws_backlog",
    "Microsoft": "commercial_backlog",
}


@dataclass(frozen=True)
class Common:
    """Variance of yearly log growth of capex in parts.

    Parameters
    ----------
    share, share_error
        Of the variance that is common to the four; its error from leaving out each year in turn.
    factor, own
        Standard deviations of the common and of each company's own growth, a year.
    quarters, years
        How much was seen.
    """

    share: float
    share_error: float
    factor: float
    own: float
    quarters: int
    years: int


def yearly_growth(found: list[Series]) -> pd.DataFrame:
    """Return log growth over four quarters: a row a quarter, a column a company."""
    columns = {each.entity: pd.Series(each.logs, index=each.months).diff(YEAR) for each in found}
    return pd.DataFrame(columns).dropna()


def common(found: list[Series]) -> Common:
    """Split the variance of growth: the mean covariance of pairs is common, the rest is own."""
    growth = yearly_growth(found)
    share, factor, own = _parts(growth)
    years = growth.index.to_numpy() // 12
    names = np.unique(years)
    left_out = np.array([_parts(growth[years != name])[0] for name in names])
    count = len(names)
    error = float(np.sqrt((count - 1) / count * ((left_out - left_out.mean()) ** 2).sum()))
    return Common(share, error, factor, own, len(growth), count)


def _parts(growth: pd.DataFrame) -> tuple[float, float, float]:
    covariance = np.cov(growth.to_numpy().T)
    count = len(covariance)
    total = float(np.trace(covariance)) / count
    shared = float(covariance[~np.eye(count, dtype=bool)].mean())
    shared = min(max(shared, 0.0), total)
    return shared / total, float(np.sqrt(shared)), float(np.sqrt(total - shared))


def accelerator(until: pd.Timestamp = LAST_DAY) -> Estimate:
    """Regress capex growth of the next year on backlog growth of the last and on capex growth of the last.

    Columns: one, backlog, own growth. Errors allow for shocks common to a quarter; years overlap, so they
    are still too small.
    """
    rows, targets, quarters = [], [], []
    for entity, metric in BACKLOGS.items():
        capex = series(entity, "capex", "capex", until, "USD/quarter")
        backlog = series(entity, "clouds", metric, until, "USD")
        spent = pd.Series(capex.logs, index=capex.months)
        owed = pd.Series(backlog.logs, index=backlog.months)
        for month in spent.index:
            then = [month - 12, month, month + 12]
            known = [month + 1, month - 11]
            if all(each in spent.index for each in then) and all(each in owed.index for each in known):
                rows.append([1.0, owed[known[0]] - owed[known[1]], spent[month] - spent[month - 12]])
                targets.append(spent[month + 12] - spent[month])
                quarters.append(month)
    return least_squares(np.array(rows), np.array(targets), np.array(quarters))


def measured(until: pd.Timestamp = LAST_DAY) -> Common:
    """Return the parts of the variance of the giants' capex."""
    return common(capex_panel(until))
