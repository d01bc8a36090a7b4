"""Price impact, and the tables of holdings that meet it."""

from collections.abc import Sequence
from math import log
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from cashcade import _core
from cashcade.clearing._checks import (
    Names,
    Reals,
    Values,
    check_amounts,
    check_choice,
    check_setting,
    did_you_mean,
    to_reals,
)
from cashcade.clearing._labels import axes_of, distinct, given_names
from cashcade.errors import InputError

Impact: TypeAlias = Literal["linear", "exponential", "square-root"]
"""Discount after selling q at a given rate: min(1, rate q), 1 - exp(-rate q), or min(1, sqrt(rate q))."""

Equilibrium: TypeAlias = Literal["least", "greatest"]
"""The fewest sales that are consistent with prices, or the most."""

IMPACTS = ("linear", "exponential", "square-root")


def price_discount(sold: Values, rate: Values, impact: Impact) -> Reals:
    """Fraction of the price lost when `sold` is sold.

    Parameters
    ----------
    sold
        Volume sold.
    rate
        Impact per unit of volume.
    impact
        "linear", min(1, rate q); "exponential", 1 - exp(-rate q); "square-root", min(1, sqrt(rate q)).

    Returns
    -------
    array
        The discount for each pair, between 0 and 1.

    Raises
    ------
    InputError
        For negative or infinite volumes and rates, and unknown impacts.

    References
    ----------
    Cifuentes, Ferrucci and Shin (2005), Liquidity risk and contagion, JEEA 3 (exponential).
    """
    check_choice("impact", impact, IMPACTS)
    volume, rates = np.broadcast_arrays(to_reals("sold", sold), to_reals("rate", rate))
    check_amounts("sold", volume.reshape(-1))
    check_amounts("rate", rates.reshape(-1))
    flat = _core.price_discount(np.ascontiguousarray(volume), np.ascontiguousarray(rates), impact)
    return flat.reshape(volume.shape)


def exponential_impact_rate(*, price_drop: float, volume_share: float) -> float:
    """Rate of exponential impact for which selling `volume_share` moves the price by `price_drop`.

    Parameters
    ----------
    price_drop
        Fraction of the price lost, in [0, 1).
    volume_share
        Volume that does it, above 0.

    Returns
    -------
    float
        -ln(1 - price_drop) / volume_share.

    Raises
    ------
    InputError
        For settings outside their range.
    """
    check_setting("price_drop", price_drop, "a share from 0 to below 1", good=0.0 <= price_drop < 1.0)
    check_setting("volume_share", volume_share, "a number above 0", good=0.0 < volume_share < np.inf)
    return -log(1.0 - price_drop) / volume_share


def read_table(what: str, values: npt.ArrayLike, names: Names | None) -> Reals:
    """Read holdings by holder and market; labelled ones in the order of the names."""
    table = to_reals(what, values)
    if table.ndim != 2 or (names is not None and len(names) != table.shape[0]):
        raise InputError(
            f"`{what}` has shape {table.shape}, wanted (holders, markets) with one name per holder"
        )
    check_amounts(what, table)
    rows = _holders(f"`{what}`", values)
    if rows is None or names is None:
        return table
    for name in names:
        if name not in rows:
            raise InputError(f"`{what}` has no row {name!r}.{did_you_mean(str(name), rows)}")
    return np.ascontiguousarray(table[[rows.index(name) for name in names]])


def holder_names(names: Sequence[str] | None, holdings: object) -> Names | None:
    """Labels of the holders: given, or those of the rows of labelled holdings."""
    rows = _holders("the table of holdings", holdings)
    return given_names(names) if names is not None or rows is None else rows


def _holders(what: str, holdings: object) -> Names | None:
    """Return the labels of the rows, none where they only count from 0."""
    axes = axes_of(holdings)
    rows = axes[0].labels if axes else None
    return None if rows is None or rows == tuple(range(len(rows))) else distinct(what, rows)
