"""Who falls after whom, and how often it becomes a systemic cascade."""

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade.results.losses import per_path
from cashcade.results.statistics import standard_error

WITHIN = 3
"""Months within which one failure counts as following another, both ends included."""

DEBT_SHARE = 0.1
"""Share of all debt of the start whose failure is systemic."""

Months = NDArray[np.int64]


def contagion(dataset: xr.Dataset) -> pd.DataFrame:
    """See `Result.contagion`."""
    failed = dataset["failed_month"].to_numpy().astype(np.int64)
    trigger = dataset["trigger"].to_numpy()
    draw = dataset["path_draw"].to_numpy()
    linked = _linked(dataset)
    chance = _hazards(failed, dataset.attrs["months"])
    rows = [
        row
        for first in np.flatnonzero((failed > 0).any(axis=0))
        for row in _followers(failed, trigger, draw, linked, chance, int(first))
    ]
    names = dataset["company"].to_numpy()
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    index = pd.MultiIndex.from_arrays([names[table.pop("first")], names[table.pop("then")]], names=["first", "then"])
    return table.set_index(index).sort_values("triggered", ascending=False, kind="stable")


_COLUMNS = (
    *("first", "then", "linked", "times", "followed", "triggered"),
    *("conditional", "conditional_se", "unconditional"),
)


def _linked(dataset: xr.Dataset) -> set[tuple[int, int]]:
    """Pairs of linked companies, both ways round."""
    pairs = dataset["linked"].to_numpy().tolist() if "linked" in dataset else []
    return {(one, other) for pair in pairs for one, other in (pair, pair[::-1])}


def _hazards(failed: Months, months: int) -> NDArray[np.float64]:
    """Chance that a company alive before month m fails in m .. m + WITHIN, `[months + 1, companies]`; 0 where none is alive."""
    before = np.stack([((failed > 0) & (failed < month)).sum(axis=0) for month in range(months + WITHIN + 2)])
    alive = failed.shape[0] - before[: months + 1]
    ahead = before[WITHIN + 1 :][: months + 1] - before[: months + 1]
    return np.divide(ahead, alive, out=np.zeros(ahead.shape), where=alive > 0)


def _followers(
    failed: Months,
    trigger: NDArray[np.int32],
    draw: Months,
    linked: set[tuple[int, int]],
    chance: NDArray[np.float64],
    first: int,
) -> list[tuple[object, ...]]:
    """Rows of `contagion` for one company that failed first."""
    rows = np.flatnonzero(failed[:, first])
    start = failed[rows, first]
    later = failed[rows]
    caused_first = trigger[rows, first][:, np.newaxis] == np.arange(failed.shape[1])
    at_risk = ((later == 0) | (later >= start[:, np.newaxis])) & ~caused_first
    followed = at_risk & (later > 0) & (later <= start[:, np.newaxis] + WITHIN)
    triggered = (followed & (trigger[rows] == first)).sum(axis=0)
    table = []
    for then in range(failed.shape[1]):
        times = int(at_risk[:, then].sum())
        tied = (first, then) in linked
        if then == first or not times or not (tied or triggered[then]):
            continue
        share = float(followed[:, then].sum() / times)
        residual = np.zeros(failed.shape[0])
        residual[rows] = followed[:, then] - share * at_risk[:, then]
        error = float(standard_error(residual, draw)) * failed.shape[0] / times
        usual = float(chance[start[at_risk[:, then]], then].mean())
        counts = (times, int(followed[:, then].sum()), int(triggered[then]))
        table.append((first, then, tied, *counts, share, error, usual))
    return table


def cascade(dataset: xr.Dataset) -> pd.DataFrame:
    """See `Result.cascade`."""
    by_debt = share_of_debt_failed(dataset) >= DEBT_SHARE
    by_links = chains(dataset)
    kinds = {"debt": by_debt, "links": by_links, "systemic": by_debt | by_links}
    values = np.stack(list(kinds.values()), axis=1)
    error = standard_error(values, dataset["path_draw"].to_numpy())
    return pd.DataFrame({"chance": values.mean(axis=0), "se": error}, index=pd.Index(kinds, name="kind"))


def share_of_debt_failed(dataset: xr.Dataset) -> NDArray[np.float64]:
    """Debt at failure of all that failed, over all debt of the start, `[paths]`; 0 where there is no debt."""
    failed = dataset["debt_at_failure"].to_numpy().sum(axis=1)
    start = per_path(dataset, "company_debt_start").sum(axis=1)
    return np.divide(failed, start, out=np.zeros(failed.shape), where=start > 0)


def chains(dataset: xr.Dataset) -> NDArray[np.bool_]:
    """Whether three companies fail within three months of one another, each linked to the next, `[paths]`."""
    failed = dataset["failed_month"].to_numpy().astype(np.int64)
    found = np.zeros(failed.shape[0], dtype=np.bool_)
    if "linked" not in dataset:
        return found
    pairs = dataset["linked"].to_numpy()
    candidates = np.flatnonzero((failed > 0).sum(axis=1) >= 3)
    for month in np.unique(failed[candidates]):
        if month == 0:
            continue
        rows = candidates[(failed[candidates] == month).any(axis=1) & ~found[candidates]]
        window = (failed[rows] >= month) & (failed[rows] <= month + WITHIN)
        found[rows] = _has_chain(window, pairs)
    return found


def _has_chain(fallen: NDArray[np.bool_], pairs: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether a fallen company has two fallen neighbours, `[paths]`, from `[paths, companies]` and the linked pairs."""
    both = np.concatenate([pairs, pairs[:, ::-1]])
    both = both[np.argsort(both[:, 0], kind="stable")]
    fallen_links = fallen[:, both[:, 0]] & fallen[:, both[:, 1]]
    starts = np.flatnonzero(np.r_[True, both[1:, 0] != both[:-1, 0]])
    neighbours = np.add.reduceat(fallen_links.astype(np.int32), starts, axis=1)
    return np.asarray((neighbours >= 2).any(axis=1))
