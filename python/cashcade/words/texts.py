"""Columns of words in tables, the same in every version of pandas."""

from collections.abc import Iterable
from typing import Any

import pandas as pd


def texts(values: Iterable[str | None], index: "pd.Index[Any] | None" = None) -> "pd.Series[Any]":
    """Give a column of words in which a missing one is None.

    From version 3 pandas makes a column of words one of its own type, in which None becomes NaN: a number,
    true, and without the methods of a word.

    Parameters
    ----------
    values
        Words, or None.
    index
        Index of the rows; by default their numbers.
    """
    return pd.Series(list(values), index=index, dtype=object)
