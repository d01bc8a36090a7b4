"""Recoveries: the part that lenders get back of the loans of borrowers that failed."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.results.losses import per_path
from cashcade.results.statistics import standard_error

Floats = NDArray[np.float64]

NEEDED = ("loan_balance", "loan_loss")
"""Full series without which nobody knows what was owed."""


class Claims(NamedTuple):
    """Loans of borrowers that failed, USD; `[kept paths, loans]`, 0 where the borrower lives.

    Attributes
    ----------
    owed
        Balance at the end of the month before the borrower failed.
    lost
        Written off by the end of the run, unpaid interest of the month included.
    """

    owed: Floats
    lost: Floats


def claims(dataset: xr.Dataset) -> Claims:
    """Give what was owed and lost on each loan of each kept path.

    Raises
    ------
    ArgumentError
        The run did not keep the series of balances and losses.
    """
    missing = [name for name in NEEDED if name not in dataset]
    if missing:
        raise ArgumentError(
            "Recoveries need the full series of loan.balance and loan.loss; run with "
            'record=["loan.balance", "loan.loss"] and keep_paths=1000, say.'
        )
    series = dataset["loan_balance"].to_numpy()
    paths = dataset["kept_path"].to_numpy() - int(dataset["path"][0])
    month = dataset["failed_month"].to_numpy()[:, dataset["loan_borrower"].to_numpy()][paths].astype(np.int64)
    start = np.broadcast_to(per_path(dataset, "loan_balance_start"), (dataset.sizes["path"], series.shape[2]))
    before = np.concatenate([start[paths][:, np.newaxis], series], axis=1)
    last = np.maximum(month - 1, 0)[:, np.newaxis]
    failed = month > 0
    owed = np.take_along_axis(before, last, axis=1)[:, 0] * failed
    return Claims(owed, dataset["loan_loss"].to_numpy()[:, -1] * failed)


def recoveries(dataset: xr.Dataset) -> pd.DataFrame:
    """See `Result.recoveries`."""
    found = claims(dataset)
    owed, lost = found.owed.mean(axis=0), found.lost.mean(axis=0)
    names = ["capital", *dataset["company"].to_numpy()]
    table = pd.DataFrame(index=pd.Index(dataset["loan"].to_numpy(), name="loan"))
    table["borrower"] = [names[place + 1] for place in dataset["loan_borrower"].to_numpy()]
    table["lender"] = [names[place + 1] for place in dataset["loan_lender"].to_numpy()]
    table["failed"] = (found.owed > 0).mean(axis=0)
    table["owed"], table["lost"] = owed, lost
    table["recovery"] = 1 - _over(lost, owed)
    table["recovery_se"] = _ratio_error(dataset, found)
    return table


def _ratio_error(dataset: xr.Dataset, found: Claims) -> Floats:
    """Give the error of a ratio of two means, to first order: that of `lost - ratio * owed` over the owed."""
    paths = dataset["kept_path"].to_numpy() - int(dataset["path"][0])
    owed = found.owed.mean(axis=0)
    residual = found.lost - _over(found.lost.mean(axis=0), owed) * found.owed
    return _over(standard_error(np.nan_to_num(residual), dataset["path_draw"].to_numpy()[paths]), owed)


def _over(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
