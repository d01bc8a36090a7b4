"""Values of other libraries as plain Python: what a cell of any table holds, and what says nothing."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

_PLAIN = frozenset({float, int, str, bool, dict, list, tuple, type(None), dt.date})
"""Types that are plain already."""

_DATES = frozenset({"Y", "M", "D"})
"""Units of NumPy's dates that have no time of day."""


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - any value there is, one line for each kind
    """Return a value as plain Python.

    Scalars of NumPy, pandas and Arrow become numbers, flags and text; times at midnight become dates, periods
    text such as "2025Q2"; Decimal and Fraction become float. What marks a missing value (NA, NaT, an Arrow
    null) becomes None. Everything else is given back as it is.
    """
    if type(value) in _PLAIN:
        return value
    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        return _of_numpy(value)
    if isinstance(value, dt.datetime):
        return value.date() if value.time() == dt.time.min else value
    if isinstance(value, Decimal | Fraction):
        return _number(value)
    if isinstance(value, pd.Period):
        return str(value)
    if isinstance(value, np.ndarray) and not value.ndim:
        return plain(value[()])
    if hasattr(value, "as_py"):
        return plain(value.as_py())
    return value


def _of_numpy(value: "np.generic[Any]") -> Any:  # noqa: ANN401 - whatever it holds
    if isinstance(value, np.datetime64):
        if np.isnat(value):
            return None
        return str(value) if np.datetime_data(value)[0] in _DATES else plain(value.astype("M8[us]").item())
    return float(value) if isinstance(value, np.floating) else value.item()


def _number(value: Decimal | Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def plain_entry(entry: Mapping[Any, Any], known: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the values of an entry as plain Python, those of lists too; a known key of None says nothing."""
    found = {key: _items(value) for key, value in entry.items()}
    return {key: value for key, value in found.items() if value is not None or key not in known}


def _items(value: Any) -> Any:  # noqa: ANN401 - any value there is
    if isinstance(value, np.ndarray | pd.Series | pd.Index) and value.ndim == 1:
        value = list(value)
    return [plain(item) for item in value] if isinstance(value, list | tuple) else plain(value)
