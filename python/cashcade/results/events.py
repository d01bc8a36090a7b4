"""Events of one path, payment by payment."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade import _core

OUTSIDE = ("households", "suppliers", "capital", "")
"""Parties that are not companies: codes -4 to -1."""


def events(arrays: Mapping[str, Any], companies: Sequence[str]) -> pd.DataFrame:
    """Give names to the events that the core wrote down.

    Parameters
    ----------
    arrays
        As `cashcade._core.events` gives them.
    companies
        Ids of the companies.
    """
    names = pd.Index([*companies, *OUTSIDE], dtype=object)
    reasons = pd.Index([name for name, _ in _core.reasons()])
    return pd.DataFrame(
        {
            "month": arrays["month"].astype(np.int64),
            "payer": _named(arrays["payer"], names),
            "payee": _named(arrays["payee"], names),
            "amount": arrays["amount"],
            "why": _named(arrays["why"], reasons),
            "value": arrays["value"],
            "threshold": arrays["threshold"],
        }
    )


def _named(codes: NDArray[np.integer[Any]], names: "pd.Index[str]") -> "pd.Categorical[str]":
    """Give the names of codes; a negative one counts from the end."""
    places = np.where(codes < 0, codes + np.int64(len(names)), codes)
    return pd.Categorical.from_codes(places, names)
