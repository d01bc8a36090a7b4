"""Contagion: who falls after whom, and how often it becomes a systemic cascade."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade.results.statistics import ratio, standard_error

WITHIN = 3
"""Months within which one failure counts as following another, both ends included."""

DEBT_SHARE = 0.1
"""Part of all debt, of what is owed just before, whose failure is systemic."""

Floats = NDArray[np.float64]
Months = NDArray[np.int64]


def contagion(dataset: xr.Dataset) -> pd.DataFrame:
    """See `Result.contagion`."""
    table = pd.DataFrame(Falls(dataset).pairs(), columns=list(Pair._fields))
    names = dataset["company"].to_numpy()
    index = [names[table.pop(end)] for end in ("first", "then")]
    table.index = pd.MultiIndex.from_arrays(index, names=["first", "then"])
    return table.sort_values("triggered", ascending=False, kind="stable")


class Pair(NamedTuple):
    """One row of `contagion`; companies by place."""

    first: int
    then: int
    linked: bool
    times: int
    followed: int
    triggered: int
    conditional: float
    conditional_se: float
    unconditional: float


class SetOff(NamedTuple):
    """How many failures there are, the share that another set off with its error, and the draws with any."""

    failures: int
    share: float
    se: float
    draws: int


class Falls:
    """Failures by month, and the ties between companies."""

    def __init__(self, dataset: xr.Dataset) -> None:
        self.failed: Months = dataset["failed_month"].to_numpy().astype(np.int64)
        self.trigger = dataset["trigger"].to_numpy()
        self.draw = dataset["path_draw"].to_numpy()
        pairs = dataset["linked"].to_numpy().tolist() if "linked" in dataset else []
        self.linked = {(one, other) for pair in pairs for one, other in (pair, pair[::-1])}
        self.chance = self._chance(dataset.attrs["months"])

    def _chance(self, months: int) -> Floats:
        """Chance that a company alive before month m fails in m .. m + WITHIN, `[months + 1, companies]`."""
        failed = self.failed
        before = np.stack(
            [((failed > 0) & (failed < month)).sum(axis=0) for month in range(months + WITHIN + 2)]
        )
        alive = failed.shape[0] - before[: months + 1]
        ahead = before[WITHIN + 1 :][: months + 1] - before[: months + 1]
        chance: Floats = np.divide(ahead, alive, out=np.zeros(ahead.shape), where=alive > 0)
        return chance

    def pairs(self) -> Iterator[Pair]:
        """Yield what happens after the failure of each company that fails on some path."""
        for first, tied in sorted(self._tied().items()):
            if (self.failed[:, first] > 0).any():
                yield from self._after(first, np.asarray(sorted(tied)))

    def _tied(self) -> dict[int, set[int]]:
        """Companies that are linked to each company, or whose failure it triggered."""
        path, company = np.nonzero((self.failed > 0) & (self.trigger >= 0))
        caused = np.unique(np.stack([self.trigger[path, company], company], axis=1), axis=0)
        tied: dict[int, set[int]] = {}
        for first, then in [*self.linked, *caused.tolist()]:
            if first != then:
                tied.setdefault(first, set()).add(then)
        return tied

    def _after(self, first: int, tied: Months) -> Iterator[Pair]:
        rows = np.flatnonzero(self.failed[:, first])
        start, later = self.failed[rows, first][:, np.newaxis], self.failed[rows][:, tied]
        caused_first = self.trigger[rows, first][:, np.newaxis] == tied
        at_risk = ((later == 0) | (later >= start)) & ~caused_first
        followed = at_risk & (later > 0) & (later <= start + WITHIN)
        triggered = (followed & (self.trigger[rows][:, tied] == first)).sum(axis=0)
        for place in np.flatnonzero(at_risk.any(axis=0)).tolist():
            then, risk, hit = int(tied[place]), at_risk[:, place], followed[:, place]
            share, error = self._share(rows, hit, risk)
            usual = float(self.chance[start[risk, 0], then].mean())
            counts = (int(risk.sum()), int(hit.sum()), int(triggered[place]))
            if (first, then) in self.linked or counts[2]:
                yield Pair(first, then, (first, then) in self.linked, *counts, share, error, usual)

    def _share(self, rows: Months, hit: NDArray[np.bool_], risk: NDArray[np.bool_]) -> tuple[float, float]:
        """Share of hits among those at risk on some of the paths, and its standard error."""
        share = float(hit.sum() / risk.sum())
        residual = np.zeros(self.draw.size)
        residual[rows] = hit - share * risk
        return share, float(standard_error(residual, self.draw)) * self.draw.size / int(risk.sum())


def set_off(dataset: xr.Dataset) -> SetOff:
    """Give the share of failures that the model knows another failure set off, by companies and draws."""
    failed = dataset["failed_month"].to_numpy() > 0
    caused = failed & (dataset["trigger"].to_numpy() >= 0)
    total, draw = int(failed.sum()), dataset["path_draw"].to_numpy()
    share, error = ratio(caused.sum(axis=1), failed.sum(axis=1), draw)
    return SetOff(total, share, error, int(np.unique(draw[failed.any(axis=1)]).size))


def cascade(dataset: xr.Dataset) -> pd.DataFrame:
    """See `Result.cascade`."""
    by_debt = share_of_debt_failed(dataset) >= DEBT_SHARE
    by_links = chains(dataset)
    kinds = {"debt": by_debt, "links": by_links, "systemic": by_debt | by_links}
    values = np.stack(list(kinds.values()), axis=1)
    error = standard_error(values, dataset["path_draw"].to_numpy())
    return pd.DataFrame({"chance": values.mean(axis=0), "se": error}, index=pd.Index(kinds, name="kind"))


def share_of_debt_failed(dataset: xr.Dataset) -> Floats:
    """Part of a dollar of debt that failed, of what was owed just before each failure, `[paths]`."""
    share: Floats = dataset["failed_share"].to_numpy()
    return share


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
    """Whether a fallen company has two fallen neighbours, `[paths]`; `fallen` is `[paths, companies]`."""
    both = np.concatenate([pairs, pairs[:, ::-1]])
    both = both[np.argsort(both[:, 0], kind="stable")]
    fallen_links = fallen[:, both[:, 0]] & fallen[:, both[:, 1]]
    starts = np.flatnonzero(np.r_[True, both[1:, 0] != both[:-1, 0]])
    neighbours = np.add.reduceat(fallen_links.astype(np.int32), starts, axis=1)
    return np.asarray((neighbours >= 2).any(axis=1))
