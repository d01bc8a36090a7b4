"""Failures: who, when and why; and how much of that is ignorance and how much luck."""

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade.results.statistics import split_variance, standard_error
from cashcade.words.texts import texts

HORIZONS = (12, 24, 36)
"""Months by which chances of failure are given, besides the last month of the run."""


def horizons(months: int) -> tuple[int, ...]:
    """Give the months by which chances of failure are given, for a run of so many months."""
    return (*(month for month in HORIZONS if month < months), months)


def failed_by(dataset: xr.Dataset, month: int) -> NDArray[np.bool_]:
    """Whether each company has failed by the end of `month`, `[paths, companies]`."""
    failed = dataset["failed_month"].to_numpy()
    return np.asarray((failed > 0) & (failed <= month))


def summary(dataset: xr.Dataset) -> pd.DataFrame:
    """See `Result.summary`."""
    draw = dataset["path_draw"].to_numpy()
    columns: dict[str, object] = {
        "cash": mean_over_draws(dataset["company_cash_start"]),
        "runway": _median_runway(dataset),
    }
    for month in horizons(dataset.attrs["months"]):
        failed = failed_by(dataset, month)
        columns[f"failed_{month}"] = failed.mean(axis=0)
        columns[f"failed_{month}_se"] = standard_error(failed, draw)
    cause, share = _main_cause(dataset)
    index = pd.Index(dataset["company"].to_numpy(), name="company")
    columns |= {"main_cause": texts(cause, index), "main_cause_share": share}
    columns["median_month"] = _median_month(dataset)
    return pd.DataFrame(columns, index=index)


def mean_over_draws(values: xr.DataArray) -> NDArray[np.float64]:
    """Average a number of the start over the draws, where it is drawn."""
    return np.asarray(values.mean("draw") if "draw" in values.dims else values)


def _median_runway(dataset: xr.Dataset) -> NDArray[np.float64]:
    """Median runway at the start, infinite for never; NaN where no single path was kept."""
    if "company_runway_start" not in dataset:
        return np.full(dataset.sizes["company"], np.nan)
    return np.asarray(np.median(dataset["company_runway_start"].to_numpy(), axis=0))


def _median_month(dataset: xr.Dataset) -> list[float]:
    """Median month of failure of each company over the paths on which it fails; NaN where it never does."""
    columns = dataset["failed_month"].to_numpy().T
    return [float(np.median(months[months > 0])) if months.any() else np.nan for months in columns]


def _main_cause(dataset: xr.Dataset) -> tuple[list[str | None], NDArray[np.float64]]:
    """Commonest cause of failure of each company, and its share; None and NaN where it never fails."""
    names = dataset["cause"].attrs["flag_meanings"].split()
    failed = dataset["failed_month"].to_numpy() > 0
    cause = dataset["cause"].to_numpy()
    counts = np.stack([((cause == code) & failed).sum(axis=0) for code in range(len(names))])
    total, most = counts.sum(axis=0), counts.argmax(axis=0)
    share = np.divide(counts.max(axis=0), total, out=np.full(total.shape, np.nan), where=total > 0)
    return [names[code] if count else None for code, count in zip(most, total, strict=True)], share


def failures(dataset: xr.Dataset) -> pd.DataFrame:
    """See `Result.failures`."""
    failed = dataset["failed_month"].to_numpy()
    path, company = np.nonzero(failed)
    names = pd.Index(dataset["company"].to_numpy())
    causes = pd.Index(dataset["cause"].attrs["flag_meanings"].split())
    cause = dataset["cause"].to_numpy()[path, company].astype(np.int64)
    trigger = dataset["trigger"].to_numpy()[path, company]
    return pd.DataFrame(
        {
            "path": dataset["path"].to_numpy()[path],
            "company": pd.Categorical.from_codes(company, names),
            "month": failed[path, company],
            "cause": pd.Categorical.from_codes(cause, causes),
            "trigger": pd.Categorical.from_codes(trigger, names),
            "debt": dataset["debt_at_failure"].to_numpy()[path, company],
        }
    )


def uncertainty(dataset: xr.Dataset, month: int) -> pd.DataFrame:
    """See `Result.uncertainty`."""
    failed = failed_by(dataset, month)
    split = split_variance(failed, dataset["path_draw"].to_numpy())
    columns = {
        "failed": failed.mean(axis=0),
        "draws": split.draws,
        "luck": split.luck,
        "draws_share": split.share,
        "draws_share_se": split.share_error,
    }
    return pd.DataFrame(columns, index=pd.Index(dataset["company"].to_numpy(), name="company"))
