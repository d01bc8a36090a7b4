"""A chain of margin calls: who has borrowed against its fleets tops up as soon as they are worth less."""

from typing import Annotated

from cashcade.rules import Parameter, Rule, add, companies, loans, maximum, number, pay, shock


@shock
def margin_calls(
    advance: Annotated[float, Parameter("fraction", 0, 1, "Balance over the fleets' value allowed.")] = 0.8,
    tag: str = "margined",
) -> Rule:
    """Lenders call for cash when collateral falls.

    What the balance is above `advance` times the fleets of the borrower is paid at once, with secured debt
    service, so that after each call the balance is exactly that. Who cannot top up defaults.
    """
    lent = loans(borrower=companies(tag=tag), may_be_empty=True)
    call = maximum(lent.balance - advance * lent.borrower.fleet_value, number(0, "USD"))
    top_up = [pay(lent.borrower, lent.lender, call, rank=2), add(lent.balance, -call)]
    return Rule("calls", call > 0, top_up)
