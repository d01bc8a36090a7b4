"""Absolute priority in an estate with collateral."""

from typing import NamedTuple

from cashcade import _core
from cashcade.clearing._checks import AMOUNT, check_setting


class Recovery(NamedTuple):
    """The division of an estate, in the currency of the input (rates are shares)."""

    secured: float
    unsecured: float
    bankruptcy_cost: float
    equity: float
    deficiency_claim: float
    unsecured_rate: float


def absolute_priority(
    *,
    collateral_proceeds: float,
    other_assets: float,
    secured_claim: float,
    unsecured_claims: float,
    bankruptcy_cost: float = 0.0,
) -> Recovery:
    """Share out an estate: collateral to the secured creditors, then costs, then all other claims pro rata.

    What the collateral does not cover of the secured claim, the deficiency, ranks with the unsecured claims.
    What the secured claim leaves of the collateral is free for the others. Owners get the rest.

    Parameters
    ----------
    collateral_proceeds
        What the collateral fetched.
    other_assets
        Everything else in the estate.
    secured_claim, unsecured_claims
        Claims of either kind.
    bankruptcy_cost
        Cost of the proceedings, paid before the unsecured claims.

    Returns
    -------
    Recovery
        What each class gets; it sums to the estate.

    Raises
    ------
    InputError
        For amounts that are negative, infinite or not a number.

    References
    ----------
    11 U.S.C. 506(a) and 726: secured status, deficiency claims and the order of distribution.
    """
    amounts = {
        "collateral_proceeds": collateral_proceeds,
        "other_assets": other_assets,
        "secured_claim": secured_claim,
        "unsecured_claims": unsecured_claims,
        "bankruptcy_cost": bankruptcy_cost,
    }
    for what, amount in amounts.items():
        check_setting(what, amount, AMOUNT, good=0.0 <= amount < float("inf"))
    return Recovery(*_core.absolute_priority(*amounts.values()))
