"""A debt exchange: a borrower that runs short gets new loans for old, smaller, later and dearer."""

from collections.abc import Iterator
from typing import Annotated

from cashcade.rules import Parameter, Rule, add, company, for_good, loans, once, scale, shock


@shock
def debt_exchange(
    haircut: Annotated[float, Parameter("fraction", 0, 1, "Part of the balance given up.")] = 0.3,
    months: Annotated[float, Parameter("months", 0, 600, "By how much maturities move.")] = 24,
    coupon: Annotated[float, Parameter("1/year", 0, 1, "Rise of the rate.")] = 0.02,
    runway: Annotated[float, Parameter("months", 0, 120, "Runway below which it happens.")] = 6,
    borrower: str = "coreweave",
) -> Iterator[Rule]:
    """Lenders take new loans for old.

    A loan in equal instalments then pays (1 - haircut) * balance / (months left + months) and interest of
    (1 - haircut) * balance * (rate + coupon) / 12. Lenders lose the haircut without a default.
    """
    due, short = loans(borrower=borrower), company(borrower).runway < runway
    later = add(due.maturity, months)
    yield Rule("exchange", short, [scale(due.balance, 1 - haircut), later], hold=once())
    yield Rule("coupon", short, add(due.rate, coupon), hold=for_good())
