"""Sale and lease-back of GPUs: cash now for rent later, from a buyer that wants its rate of return."""

from collections.abc import Iterator
from typing import Annotated

from cashcade.rules import Parameter, Rule, company, for_months, month, pay, shock, where

TERM = 36
"""Months of rent."""


@shock
def sale_and_lease_back(
    part: Annotated[float, Parameter("fraction", 0, 1, "Part of the fleets sold.", neutral=0)] = 0.5,
    rate: Annotated[float, Parameter("fraction", 0.001, 1, "Rate of return of the buyer, a year.")] = 0.12,
    at: Annotated[float, "month"] = 6,
    seller: str = "coreweave",
    buyer: str = "capital",
) -> Iterator[Rule]:
    """A cloud sells its fleets and rents them.

    It uses them as before, so that they stay in its books, as lease-backs without a transfer of control do
    (IFRS 16): the rents, discounted at the rate of the buyer, are worth what it paid.
    """
    price = where(month == at, part * company(seller).fleet_value, 0).sum_so_far()
    monthly = rate / 12
    rent = price * monthly / (1 - (1 + monthly) ** -TERM)
    yield Rule("sale", month == at, pay(buyer, seller, price))
    yield Rule("rent", month > at, pay(seller, buyer, rent, rank=3), hold=for_months(TERM))
