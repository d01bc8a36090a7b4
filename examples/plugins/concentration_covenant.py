"""A concentration covenant: loans cost more while one customer pays too much of the borrower's revenue."""

from typing import Annotated

from cashcade.rules import Parameter, Rule, add, company, contracts, loans, shock


@shock
def concentration_covenant(
    limit: Annotated[float, Parameter("fraction", 0, 1, "Share of revenue that one may pay.")] = 0.5,
    step_up: Annotated[float, Parameter("1/year", 0, 1, "Rise of the rate above it.", neutral=0)] = 0.02,
    borrower: str = "coreweave",
    customer: str = "openai",
) -> Rule:
    """Lenders ask more of who lives off one customer.

    While the share of last month's revenue that the customer was billed is above the limit, interest is
    balance * (rate + step_up) / 12, else balance * rate / 12.
    """
    billed = contracts(customer=customer, supplier=borrower).bill.sum()
    above = billed > limit * company(borrower).revenue
    return Rule("covenant", above, add(loans(borrower=borrower).rate, step_up))
