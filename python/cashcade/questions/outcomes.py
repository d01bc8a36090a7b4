"""Outcomes to ask about: chances and losses of a run, as one number for each path."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.results.contagion import DEBT_SHARE, chains, share_of_debt_failed
from cashcade.results.result import Result
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


def varied(result: Result, fewest: int) -> pd.DataFrame:
    """Give the values of the assumptions that differ between the draws of a run, a row per draw.

    Parameters
    ----------
    result
        Of a run, not from a file.
    fewest
        Draws that are needed.

    Raises
    ------
    ArgumentError
        Nothing is uncertain, there are too few draws, or the result is from a file.
    """
    drawn = result.parameters().loc[np.unique(result.dataset["path_draw"].to_numpy())]
    drawn = drawn.loc[:, drawn.max() > drawn.min()]
    draws, count = drawn.shape
    if not count:
        raise ArgumentError("nothing is uncertain: the world and its scenarios have no ranges.")
    if draws < fewest:
        raise ArgumentError(f"there are {draws} draws, wanted at least {fewest}; ask for more paths.")
    return drawn
