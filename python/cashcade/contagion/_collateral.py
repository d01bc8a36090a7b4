"""The loan-to-value spiral."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cashcade import _core
from cashcade.clearing._checks import (
    Values,
    check_amounts,
    check_choice,
    check_positive,
    check_setting,
    read_vector,
    size_of,
)
from cashcade.clearing._network import read_names
from cashcade.clearing._result import Labelled, label
from cashcade.contagion._impact import IMPACTS, Equilibrium, Impact
from cashcade.words.brief import Brief


@dataclass(frozen=True, repr=False)
class CollateralSpiral(Brief):
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
    labels = read_names(names, None, debt, collateral_units)
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
