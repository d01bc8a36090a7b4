"""Losses of lenders, holders and companies."""

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade.results.statistics import standard_error
from cashcade.words.rows import parameters
from cashcade.world.record import CAPITAL

Floats = NDArray[np.float64]
TAIL = 0.95
"""Level of the quantile that stands for a bad outcome."""


def losses(dataset: xr.Dataset) -> pd.DataFrame:
    """See `Result.losses`."""
    owners = [*dataset["company"].to_numpy(), CAPITAL]
    table = pd.DataFrame({"exposure": exposure(dataset)}, index=pd.Index(owners, name="holder"))
    for kind in ("credit", "equity", "total"):
        sample, mean = _losses_of(dataset, kind)
        table[kind] = mean
        table[f"{kind}_se"] = _error(dataset, sample)
        table[f"{kind}_95"] = _tail(sample)
    touched = (table["exposure"] > 0) | (table["total"] > 0)
    return table[touched].sort_values("total", ascending=False, kind="stable")


def claims(dataset: xr.Dataset) -> pd.DataFrame:
    """See `Result.claims`."""
    known = losses(dataset)
    owners = [*dataset["company"].to_numpy(), CAPITAL]
    table = pd.DataFrame(_by_rank(dataset), index=pd.Index(owners, name="holder")).loc[known.index]
    table["stakes"] = known["equity"]
    table["bills"] = (known["total"] - known["credit"] - known["equity"]).clip(lower=0.0)
    return table


def _by_rank(dataset: xr.Dataset) -> dict[str, Floats]:
    """Give the mean loss on loans of each rank, `[companies + 1]`; together where a result has none."""
    if "loan_lender" in dataset and "loan_rank" not in dataset:
        return {"loans": _credit(dataset)[1]}
    rank = dataset["loan_rank"].to_numpy() if "loan_rank" in dataset else np.zeros(0)
    return {word: _credit(dataset, rank == code)[1] for word, code in parameters()["loan.rank"].words}


def exposure(dataset: xr.Dataset) -> Floats:
    """Sum what each company, and capital last, has lent and invested at the start, USD."""
    total = np.zeros(dataset.sizes["company"] + 1)
    for name, link in (("loan_balance_start", "loan_lender"), ("stake_carrying_value", "stake_holder")):
        if name in dataset:
            values = dataset[name]
            mean = values.mean("draw") if "draw" in values.dims else values
            total += _by_owner(dataset, mean.to_numpy(), link)
    return total


def _losses_of(dataset: xr.Dataset, kind: str) -> tuple[Floats, Floats]:
    """Give losses on the sampled paths, `[sample, companies + 1]` with capital last, and means over all."""
    if kind == "credit":
        return _credit(dataset)
    if kind == "equity":
        return _equity(dataset)
    credit, equity = _credit(dataset), _equity(dataset)
    sample, mean = credit[0] + equity[0], credit[1] + equity[1]
    sample[:, :-1] = _sampled(dataset, "company_losses_last", "company")
    mean[:-1] = dataset["company_losses_last_mean"].to_numpy()
    return sample, mean


def _credit(dataset: xr.Dataset, counted: NDArray[np.bool_] | None = None) -> tuple[Floats, Floats]:
    """Losses on loans; those of a lender that failed before are capital's, to which its claims went.

    Parameters
    ----------
    dataset
        Of a run.
    counted
        Which loans count, `[loans]`; by default all.
    """
    if "loan_lender" not in dataset:
        return _nothing(dataset)
    lost, at_end = _sampled(dataset, "loan_loss_last", "loan"), dataset["loan_loss_last_mean"].to_numpy()
    if counted is not None:
        lost, at_end = lost * counted, at_end * counted
    mean = _by_owner(dataset, at_end, "loan_lender")
    if not lost.size:
        return _nothing(dataset)[0], mean
    own = lost * _holder_lives(dataset, "loan_lender", "loan_borrower")[: lost.shape[0]]
    sample, as_lent = (_by_owner(dataset, values, "loan_lender") for values in (own, lost))
    sample[:, -1] += (lost - own).sum(axis=1)
    return sample, mean + (sample - as_lent).mean(axis=0)


def _equity(dataset: xr.Dataset) -> tuple[Floats, Floats]:
    """Carrying value of the stakes in what failed, of holders that had not failed before."""
    if "stake_holder" not in dataset:
        return _nothing(dataset)
    failed = dataset["failed_month"].to_numpy()[:, dataset["stake_issuer"].to_numpy()] > 0
    gone = failed & _holder_lives(dataset, "stake_holder", "stake_issuer")
    lost = _by_owner(dataset, gone * per_path(dataset, "stake_carrying_value"), "stake_holder")
    return lost[: dataset.sizes.get("sample", 0)], lost.mean(axis=0)


def _holder_lives(dataset: xr.Dataset, holder: str, issuer: str) -> NDArray[np.bool_]:
    """Whether a holder had not failed in a month before its issuer, `[paths, rows]`; capital never fails."""
    failed, owner = dataset["failed_month"].to_numpy(), dataset[holder].to_numpy()
    own, other = failed[:, owner], failed[:, dataset[issuer].to_numpy()]
    return np.asarray((owner < 0) | (own == 0) | (own >= other))


def _sampled(dataset: xr.Dataset, name: str, entity: str) -> Floats:
    """Give `[sample, entities]`, without rows where no path was sampled."""
    return np.asarray(dataset[name]) if name in dataset else np.zeros((0, dataset.sizes[entity]))


def _nothing(dataset: xr.Dataset) -> tuple[Floats, Floats]:
    owners = dataset.sizes["company"] + 1
    return np.zeros((dataset.sizes.get("sample", 0), owners)), np.zeros(owners)


def _by_owner(dataset: xr.Dataset, values: Floats, link: str) -> Floats:
    """Sum `[..., rows]` by the company that `link` names, capital (-1) last: `[..., companies + 1]`."""
    owners = np.zeros((dataset.sizes["company"] + 1, *values.shape[:-1]))
    np.add.at(owners, dataset[link].to_numpy(), values.T)
    by_owner: Floats = owners.T
    return by_owner


def per_path(dataset: xr.Dataset, name: str) -> Floats:
    """Give a number of the start by path: `[paths, ...]`, or `[1, ...]` where it is not drawn."""
    values = np.asarray(dataset[name], dtype=np.float64)
    if "draw" not in dataset[name].dims:
        return values[np.newaxis]
    rows: Floats = values[dataset["path_draw"].to_numpy() - int(dataset["draw"][0])]
    return rows


def _error(dataset: xr.Dataset, sample: Floats) -> Floats:
    """Give the standard error of the mean over all paths, from the spread over the sampled ones."""
    count = sample.shape[0]
    if count == 0:
        return np.full(sample.shape[1], np.nan)
    error = standard_error(sample, dataset["path_draw"].to_numpy()[:count])
    return np.asarray(error * np.sqrt(count / dataset.sizes["path"]))


def _tail(sample: Floats) -> Floats:
    if sample.shape[0] == 0:
        return np.full(sample.shape[1], np.nan)
    return np.asarray(np.quantile(sample, TAIL, axis=0))
