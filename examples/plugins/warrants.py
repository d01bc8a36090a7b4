"""Equity for compute: a customer earns shares of its supplier with what it buys, as AMD gave OpenAI warrants."""

from typing import Annotated

from cashcade.rules import Parameter, Rule, contracts, maximum, minimum, number, set_to, shock, stake


@shock
def warrants(
    most: Annotated[float, Parameter("fraction", 0, 1, "Share of the supplier it may earn.")] = 0.1,
    target: Annotated[float, Parameter("USD", 1e6, 1e14, "Purchases for which it gets that share.")] = 9e10,
    customer: str = "openai",
    supplier: str = "amd",
) -> Rule:
    """A customer is paid in shares.

    The stake of the customer in the supplier is most * min(1, purchases so far / target), at what it used;
    the world has that stake, at a fraction of 0.
    """
    bought = contracts(customer=customer, supplier=supplier).used.sum().sum_so_far() * number(1, "month")
    vested = minimum(bought / maximum(target, number(1, "USD")), 1)
    return Rule("vesting", True, set_to(stake(customer, supplier).fraction, most * vested))
