"""Assumptions that vary between the draws of a run."""

import numpy as np
import pandas as pd

from cashcade.errors import ArgumentError
from cashcade.results.result import Result


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
