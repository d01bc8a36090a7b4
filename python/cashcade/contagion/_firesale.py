"""Equilibria of fire sales by holders who target their leverage."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy.typing as npt

from cashcade import _core
from cashcade.clearing._checks import (
    Reals,
    Values,
    check_amounts,
    check_choice,
    check_finite,
    check_positive,
    read_vector,
)
from cashcade.clearing._result import Labelled, label
from cashcade.contagion._impact import IMPACTS, Equilibrium, Impact, holder_names, read_table
from cashcade.errors import InputError
from cashcade.words.brief import Brief


@dataclass(frozen=True, repr=False)
class FireSale(Brief):
    """An equilibrium of sales and prices; arrays over holders are labelled when the input was.

    Attributes
    ----------
    discount
        Fraction of the price lost, by market.
    sold_share
        Share of its holdings that each holder sells.
    loss
        Value that each holder loses on its whole book, in the currency of the input.
    residual
        Largest change of a discount that one more iteration makes.
    iterations
        Iterations done.
    """

    discount: Reals
    sold_share: Labelled
    loss: Labelled
    residual: float
    iterations: int


def fire_sale(  # noqa: PLR0913 - the inputs of the model
    holdings_of_row_in_column: npt.ArrayLike,
    equity: Values,
    other_assets: Values,
    *,
    max_leverage: Values,
    target_leverage: Values | None = None,
    impact: Impact,
    impact_rate: Values,
    names: Sequence[str] | None = None,
    equilibrium: Equilibrium = "least",
) -> FireSale:
    r"""Equilibrium of holders who sell to restore their leverage.

    With discounts :math:`\delta`, a holder has assets :math:`y_i + \sum_a s_{ia} (1 - \delta_a)` and equity
    :math:`e_i - \sum_a s_{ia} \delta_a`. Above `max_leverage` (assets over equity) it sells the same share of
    all holdings so as to come down to `target_leverage`, or everything. Sales set the discounts.

    Parameters
    ----------
    holdings_of_row_in_column
        Value held by the holder of the row in the market of the column, before the sales.
    equity
        Equity of each holder after the initial shock, before the sales; may be negative.
    other_assets
        Assets that cannot be sold.
    max_leverage
        Assets over equity above which a holder sells.
    target_leverage
        Assets over equity that it restores; `max_leverage` if not given (leverage targeting), less for
        holders who build a buffer once they cross the threshold.
    impact, impact_rate
        Shape of the price impact, and its rate per unit of value sold in each market.
    names
        Labels of the holders.
    equilibrium
        The "least" sales, which trading reaches from the shock, or the "greatest", which panic reaches.

    Returns
    -------
    FireSale
        Discounts, sales, losses.

    Raises
    ------
    InputError
        For malformed numbers, and a target above the maximum.

    References
    ----------
    Cont and Schaanning (2017), Fire sales, indirect contagion and systemic stress testing, Norges Bank
    Working Paper 2; Breuer, Summer and Urosevic (2021), Bank solvency stress tests with fire sales, OeNB
    Working Paper 235.
    """
    check_choice("impact", impact, IMPACTS)
    check_choice("equilibrium", equilibrium, ("least", "greatest"))
    labels = holder_names(names, holdings_of_row_in_column)
    holdings = read_table("holdings_of_row_in_column", holdings_of_row_in_column, labels)
    holders, markets = holdings.shape
    rate = read_vector("impact_rate", impact_rate, markets, None)[0]
    check_amounts("impact_rate", rate)
    worth = read_vector("equity", equity, holders, labels)[0]
    check_finite("equity", worth, labels)
    rest = read_vector("other_assets", other_assets, holders, labels, 0.0)[0]
    check_amounts("other_assets", rest, labels)
    most = read_vector("max_leverage", max_leverage, holders, labels)[0]
    target = (
        most
        if target_leverage is None
        else read_vector("target_leverage", target_leverage, holders, labels)[0]
    )
    check_positive("max_leverage", most, labels)
    check_positive("target_leverage", target, labels)
    if (target > most).any():
        raise InputError(
            "`target_leverage` exceeds `max_leverage`: holders would sell to raise their leverage"
        )
    found = _core.fire_sale_equilibrium(
        holdings, rest, worth, most, target, rate, impact, equilibrium == "least"
    )
    return FireSale(found[0], label(found[1], labels, "node"), label(found[2], labels, "node"), *found[3:])
