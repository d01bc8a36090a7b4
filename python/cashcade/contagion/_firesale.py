"""Fire sales: leverage targeting, spirals of collateral, and spillovers."""

from collections.abc import Sequence
from dataclasses import dataclass
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
    check_finite,
    check_positive,
    check_setting,
    check_shares,
    read_vector,
    size_of,
    to_reals,
)
from cashcade.clearing._result import Labelled, label
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


@dataclass(frozen=True)
class FireSale:
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
    labels = tuple(names) if names is not None else None
    holdings = _table("holdings_of_row_in_column", holdings_of_row_in_column, labels)
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


def _table(what: str, values: npt.ArrayLike, names: Names | None) -> Reals:
    table = to_reals(what, values)
    if table.ndim != 2 or (names is not None and len(names) != table.shape[0]):
        raise InputError(
            f"`{what}` has shape {table.shape}, wanted (holders, markets) with one name per holder"
        )
    check_amounts(what, table)
    return table


@dataclass(frozen=True)
class CollateralSpiral:
    """An equilibrium of a loan-to-value spiral; arrays are labelled when the input was.

    Attributes
    ----------
    sold
        Units sold by each borrower.
    debt_left
        Debt after the proceeds.
    loan_to_value
        Debt over the value of the collateral kept; infinite where none is left under debt.
    restored
        Who meets its covenant after the sales.
    price
        Price of a unit after the sales.
    residual
        Largest change of a sale that one more iteration makes.
    iterations
        Iterations done.
    """

    sold: Labelled
    debt_left: Labelled
    loan_to_value: Labelled
    restored: Labelled
    price: float
    residual: float
    iterations: int


def loan_to_value_spiral(  # noqa: PLR0913 - the inputs of the model
    debt: Values,
    collateral_units: Values,
    *,
    price: float,
    max_loan_to_value: Values,
    impact: Impact,
    impact_rate: float,
    names: Sequence[str] | None = None,
    equilibrium: Equilibrium = "least",
) -> CollateralSpiral:
    r"""Borrowers who sell collateral at the price they depress, until their covenants hold again.

    At price p a borrower sells q with :math:`(D - p q) / (p (G - q)) = m`, all proceeds repaying debt, or all
    G units where that does not help; :math:`p = p_0 (1 - \mathrm{discount}(\sum q))`.

    Parameters
    ----------
    debt
        Secured debt of each borrower.
    collateral_units
        Units of collateral of each borrower.
    price
        Price of a unit after the initial shock, before the sales; above 0.
    max_loan_to_value
        Largest debt over value of collateral, above 0 and below 1.
    impact, impact_rate
        Shape of the price impact, and its rate per unit sold.
    names
        Labels of the borrowers.
    equilibrium
        The "least" sales that restore all covenants, or the "greatest".

    Returns
    -------
    CollateralSpiral
        Sales, debts, covenants, price.

    Raises
    ------
    InputError
        For malformed numbers.

    References
    ----------
    Brunnermeier and Pedersen (2009), Market liquidity and funding liquidity, Review of Financial Studies 22,
    for the mechanism.
    """
    check_choice("impact", impact, IMPACTS)
    check_choice("equilibrium", equilibrium, ("least", "greatest"))
    labels = tuple(names) if names is not None else None
    size = len(labels) if labels else max(size_of(debt), size_of(collateral_units))
    owed = read_vector("debt", debt, size, labels)[0]
    units = read_vector("collateral_units", collateral_units, size, labels)[0]
    most = read_vector("max_loan_to_value", max_loan_to_value, size, labels)[0]
    for what, values in (("debt", owed), ("collateral_units", units)):
        check_amounts(what, values, labels)
    check_positive("max_loan_to_value", most, labels)
    check_setting(
        "max_loan_to_value", float(most.max(initial=0.0)), "shares below 1", good=(most < 1.0).all()
    )
    check_setting("price", price, "a number above 0", good=0.0 < price < np.inf)
    check_setting("impact_rate", impact_rate, "a number of at least 0", good=0.0 <= impact_rate < np.inf)
    sold, left, after, residual, iterations = _core.collateral_spiral(
        owed, units, most, price, impact_rate, impact, equilibrium == "least"
    )
    value = after * (units - sold)
    ratio = np.divide(left, value, out=np.where(left > 0.0, np.inf, 0.0), where=value > 0.0)
    restored = ratio <= most * (1.0 + 1e-9)
    vectors = [label(values, labels, "node") for values in (sold, left, ratio, restored)]
    return CollateralSpiral(vectors[0], vectors[1], vectors[2], vectors[3], after, residual, iterations)


@dataclass(frozen=True)
class FireSaleRounds:
    """The course of a fire sale told round by round.

    Attributes
    ----------
    price
        Price by round and market, shape (rounds, markets).
    sold_share
        Share of all units sold up to each round, all markets together.
    failed
        Who fails; labelled when the input was.
    round
        Round in which each holder failed, 0 for those that stand.
    """

    price: Reals
    sold_share: Reals
    failed: Labelled
    round: Labelled


def fire_sale_rounds(  # noqa: PLR0913 - the inputs of the model
    units_of_row_in_column: npt.ArrayLike,
    *,
    cash: Values,
    other_assets: Values,
    loan: Values,
    other_debt: Values,
    price: Values,
    impact_rate: Values,
    min_equity_ratio: float,
    buffer: float,
    target: float,
    rounds: int,
    names: Sequence[str] | None = None,
) -> FireSaleRounds:
    """Fire sale in rounds, with delay between the decision to sell and the sale.

    Each round: what was offered is sold, prices fall exponentially with the share of all units sold, and
    sellers get the average of the price before and after. Then every holder looks at equity over assets:
    below `min_equity_ratio` it fails and offers all bonds; below `buffer` it pays down its loan with cash
    toward assets of equity over `target`, and offers bonds for the rest.

    Parameters
    ----------
    units_of_row_in_column
        Units of the bond of the column held by the holder of the row.
    cash, other_assets, loan, other_debt
        The rest of each balance sheet; only the loan can be paid down.
    price
        Price of each bond after the initial shock, before any sale.
    impact_rate
        Rate of the exponential impact per share of all units, by market.
    min_equity_ratio, buffer, target
        Equity over assets, in shares. A buffer of 1 is leverage targeting.
    rounds
        Number of rounds.
    names
        Labels of the holders.

    Returns
    -------
    FireSaleRounds
        Prices, sales, failures.

    Raises
    ------
    InputError
        For malformed numbers.

    References
    ----------
    Farmer, Kleinnijenhuis, Nahai-Williamson and Wetzer (2020), Foundations of system-wide financial stress
    testing, Bank of England Working Paper 861; Cont and Schaanning (2017).
    """
    labels = tuple(names) if names is not None else None
    units = _table("units_of_row_in_column", units_of_row_in_column, labels)
    holders, markets = units.shape
    columns = {"cash": cash, "other_assets": other_assets, "loan": loan, "other_debt": other_debt}
    sheets = [read_vector(what, values, holders, labels)[0] for what, values in columns.items()]
    for what, values in zip(columns, sheets, strict=True):
        check_amounts(what, values, labels)
    prices, rates = (
        read_vector(w, v, markets, None)[0] for w, v in (("price", price), ("impact_rate", impact_rate))
    )
    check_amounts("price", prices)
    check_amounts("impact_rate", rates)
    for what, value in (("min_equity_ratio", min_equity_ratio), ("buffer", buffer)):
        check_setting(what, value, "a share between 0 and 1", good=0.0 <= value <= 1.0)
    check_setting("target", target, "a share above 0, up to 1", good=0.0 < target <= 1.0)
    check_setting("rounds", rounds, "at least 1", good=rounds >= 1)
    table = np.ascontiguousarray(np.column_stack(sheets))
    course, sold, failed = _core.fire_sale_rounds(
        table,
        units,
        np.ascontiguousarray(prices),
        np.ascontiguousarray(rates),
        min_equity_ratio,
        buffer,
        target,
        rounds,
    )
    return FireSaleRounds(
        course.reshape(rounds, markets),
        sold,
        label(failed > 0, labels, "node"),
        label(failed, labels, "node"),
    )


@dataclass(frozen=True)
class Spillover:
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
    labels = tuple(names) if names is not None else None
    weights = _table("weight_of_row_in_column", weight_of_row_in_column, labels)
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
