"""One linear round of fire sales."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy.typing as npt

from cashcade.clearing._checks import (
    Reals,
    Values,
    check_amounts,
    check_finite,
    check_shares,
    read_vector,
)
from cashcade.clearing._result import Labelled, label
from cashcade.contagion._impact import holder_names, read_table
from cashcade.words.brief import Brief


@dataclass(frozen=True, repr=False)
class Spillover(Brief):
    """One round of deleveraging; arrays over holders are labelled when the input was.

    Attributes
    ----------
    first_return
        Return of each holder from the shock.
    net_purchases
        Net purchases of each asset, in the currency of the input (negative: sales).
    price_change
        Return of each asset from the sales.
    second_return
        Return of each holder from them.
    spillover
        Value lost to the sales by all holders together (negative: a loss).
    aggregate_vulnerability
        The same over all equity.
    systemicness
        Contribution of each holder's own sales to the aggregate vulnerability.
    """

    first_return: Labelled
    net_purchases: Reals
    price_change: Reals
    second_return: Labelled
    spillover: float
    aggregate_vulnerability: float
    systemicness: Labelled


def greenwood_landier_thesmar(  # noqa: PLR0913 - the inputs of the model
    assets: Values,
    debt_to_equity: Values,
    weight_of_row_in_column: npt.ArrayLike,
    *,
    price_impact: Values,
    asset_returns: Values,
    names: Sequence[str] | None = None,
) -> Spillover:
    r"""Linear spillover of one round of sales by holders who restore their leverage.

    :math:`R_1 = M F_1`, net purchases :math:`\phi = M^\top A B R_1`, :math:`F_2 = L \phi`, :math:`R_2 = M
    F_2`; the aggregate vulnerability is :math:`1^\top A R_2 / \sum E`.

    Parameters
    ----------
    assets
        Total assets of each holder.
    debt_to_equity
        Target leverage of each holder, debt over equity.
    weight_of_row_in_column
        Share of the holder of the row invested in the asset of the column, in [0, 1].
    price_impact
        Return of each asset per unit of currency bought.
    asset_returns
        Initial shock, by asset.
    names
        Labels of the holders.

    Returns
    -------
    Spillover
        Returns, purchases, and the vulnerability.

    Raises
    ------
    InputError
        For malformed numbers.

    References
    ----------
    Greenwood, Landier and Thesmar (2015), Vulnerable banks, Journal of Financial Economics 115, equations 2
    to 6.
    """
    labels = holder_names(names, weight_of_row_in_column)
    weights = read_table("weight_of_row_in_column", weight_of_row_in_column, labels)
    check_shares("weight_of_row_in_column", weights)
    holders, markets = weights.shape
    size = read_vector("assets", assets, holders, labels)[0]
    leverage = read_vector("debt_to_equity", debt_to_equity, holders, labels)[0]
    impact = read_vector("price_impact", price_impact, markets, None)[0]
    shock = read_vector("asset_returns", asset_returns, markets, None)[0]
    for what, values in (("assets", size), ("debt_to_equity", leverage)):
        check_amounts(what, values, labels)
    check_amounts("price_impact", impact)
    check_finite("asset_returns", shock)
    first = weights @ shock
    bought = size * leverage * first
    purchases = weights.T @ bought
    second = weights @ (impact * purchases)
    equity = (size / (1.0 + leverage)).sum()
    own = bought * (weights @ (impact * (weights.T @ size)))
    spillover = float(size @ second)
    return Spillover(
        label(first, labels, "node"),
        purchases,
        impact * purchases,
        label(second, labels, "node"),
        spillover,
        spillover / equity,
        label(own / equity, labels, "node"),
    )
