"""A fire sale told round by round."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cashcade import _core
from cashcade.clearing._checks import (
    Reals,
    Values,
    check_amounts,
    check_setting,
    read_vector,
)
from cashcade.clearing._result import Labelled, label
from cashcade.contagion._impact import holder_names, read_table
from cashcade.words.brief import Brief


@dataclass(frozen=True, repr=False)
class FireSaleRounds(Brief):
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
    labels = holder_names(names, units_of_row_in_column)
    units = read_table("units_of_row_in_column", units_of_row_in_column, labels)
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
