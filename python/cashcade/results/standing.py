"""The standing of companies month by month: failed, by cause; gone through a door; or neither."""

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade import _core
from cashcade.results.statistics import standard_error
from cashcade.words.names import choose

FAILED = "failed: "
"""With what columns of failures begin."""

OPEN = "open"
"""Column of what has neither failed nor left."""

Flags = NDArray[np.bool_]


def standing(dataset: xr.Dataset, company: str | None) -> pd.DataFrame:
    """See `Result.standing`."""
    if company is not None:
        choose(company, [str(name) for name in dataset["company"].to_numpy()], "company")
    chosen = dataset if company is None else dataset.sel(company=[company])
    months = dataset["month"].to_numpy()[:, np.newaxis, np.newaxis]
    failed = _by(chosen["failed_month"], months)
    shares = {
        f"{FAILED}{name}": (failed & (chosen["cause"].to_numpy() == code)).mean(axis=(1, 2))
        for code, name in enumerate(_core.causes())
        if code
    }
    taken = np.zeros_like(failed)
    if "exit_month" in dataset:
        taken = _by(chosen["exit_month"], months) & ~failed
        effects = dataset["door_effect"].to_numpy()[chosen["exit_door"].to_numpy()]
        shares |= {name: (taken & (effects == name)).mean(axis=(1, 2)) for name in _core.effects()}
    shares = {name: share for name, share in shares.items() if share.any()}
    shares[OPEN] = (~failed & ~taken).mean(axis=(1, 2))
    index = pd.Index(dataset["month"].to_numpy(), name="month")
    return pd.DataFrame({"date": dataset["date"].to_numpy(), **shares}, index=index)


def _by(month: xr.DataArray, months: NDArray[np.int64]) -> Flags:
    """Tell whether what happened in a month has by each month, `[months, paths, companies]`."""
    when = month.to_numpy()
    return np.asarray((when > 0) & (when <= months))


def survival(dataset: xr.Dataset) -> pd.DataFrame:
    """See `Result.survival`."""
    months, draw = dataset["month"].to_numpy(), dataset["path_draw"].to_numpy()
    failed = dataset["failed_month"].to_numpy()
    alive = [(failed == 0) | (failed > month) for month in months]
    columns = {
        "alive": np.stack([each.mean(axis=0) for each in alive], axis=1),
        "se": np.stack([standard_error(each, draw) for each in alive], axis=1),
    }
    names = dataset["company"].to_numpy()
    index = pd.MultiIndex.from_product([names.astype(object), months], names=["company", "month"])
    table = pd.DataFrame({name: values.ravel() for name, values in columns.items()}, index=index)
    table.insert(0, "date", np.tile(dataset["date"].to_numpy(), names.size))
    return table
