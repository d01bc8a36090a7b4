"""Outcomes to ask about: chances and losses of a run, as one number for each path."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.results.contagion import DEBT_SHARE, chains, share_of_debt_failed
from cashcade.words.names import choose

Floats = NDArray[np.float64]

SYSTEMIC = "systemic"
"""A systemic cascade, as `Result.cascade` defines it."""

FAILED_DEBT = "failed-debt"
"""Part of a dollar of debt that fails."""


def outcomes(dataset: xr.Dataset, of: str | Sequence[str] | None) -> dict[str, Floats]:
    """Give the value on each path, `[paths]`, of each outcome that is asked for.

    Parameters
    ----------
    dataset
        Of a run.
    of
        "systemic", "failed-debt", and ids of companies (whether it fails by the end of the run); one or
        several. By default the first and all companies that fail on some path and not on all.

    Raises
    ------
    ArgumentError
        There is no such outcome.
    """
    failed = dataset["failed_month"].to_numpy() > 0
    companies = {str(name): failed[:, place] for place, name in enumerate(dataset["company"].to_numpy())}
    if of is None:
        wanted = [SYSTEMIC, *(name for name, fell in companies.items() if 0 < fell.mean() < 1)]
    else:
        wanted = [of] if isinstance(of, str) else list(of)
    if not wanted:
        raise ArgumentError(f'of is empty, wanted "{SYSTEMIC}", "{FAILED_DEBT}" or ids of companies.')
    for name in wanted:
        choose(name, [SYSTEMIC, FAILED_DEBT, *companies], "outcome")
    return {name: _outcome(dataset, name, companies) for name in wanted}


def _outcome(dataset: xr.Dataset, name: str, companies: dict[str, NDArray[np.bool_]]) -> Floats:
    if name in companies:
        return companies[name].astype(np.float64)
    share = share_of_debt_failed(dataset)
    if name == FAILED_DEBT:
        return share
    return ((share >= DEBT_SHARE) | chains(dataset)).astype(np.float64)
