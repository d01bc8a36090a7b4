"""Events of a path, by kind and by whom: the month in which it first does."""

from collections.abc import Callable

import numpy as np
import xarray as xr
from numpy.typing import NDArray

Values = NDArray[np.float64]

NEEDED = ("company.raised", "company.maturing", "loan.breach", "loan.accelerated", "loan.maturity")
"""Variables that have to be kept path by path."""

KINDS: dict[str, tuple[str, Callable[[Values], NDArray[np.bool_]]]] = {
    "raises": ("company.raised", lambda values: values > 0),
    "cannot refinance": ("company.maturing", lambda values: values > 0),
    "breaks a covenant": ("loan.breach", lambda values: values > 0),
    "is called": ("loan.accelerated", lambda values: values > 0),
    "is extended": ("loan.maturity", lambda values: np.diff(values, axis=1, prepend=values[:, :1]) > 0),
}
"""Events beside failures: the variable that tells them, `[paths, months, entities]`, and when it does.

A loan is extended where it is refinanced or worked out; in month 1 nobody can tell that from its start.
"""


def firsts(dataset: xr.Dataset, paths: NDArray[np.int64]) -> dict[tuple[str, str], NDArray[np.int64]]:
    """Give the month in which each event first happens on each path, `[paths]`, by kind and id; 0: never.

    Parameters
    ----------
    dataset
        Dataset of a run that kept `NEEDED`.
    paths
        Which paths.
    """
    failed = dataset["failed_month"].sel(path=paths)
    found = {
        ("fails", str(name)): failed.sel(company=name).to_numpy().astype(np.int64)
        for name in dataset["company"].to_numpy()
    }
    for kind, (name, happens) in KINDS.items():
        entity = name.split(".", maxsplit=1)[0]
        hit = happens(dataset[name.replace(".", "_")].sel(kept_path=paths).to_numpy())
        first = np.where(hit.any(axis=1), hit.argmax(axis=1) + 1, 0)
        ids = dataset[entity].to_numpy()
        found |= {(kind, str(each)): first[:, place] for place, each in enumerate(ids)}
    return found
