"""Insurance of loans: a lender pays premiums, and an insurer its losses."""

from collections.abc import Iterator
from typing import Annotated

from cashcade.rules import Parameter, Rule, loans, pay, shock


@shock
def loan_insurance(
    premium: Annotated[
        float, Parameter("fraction", 0, 1, "Premium of a year over the balance.", neutral=0)
    ] = 0.01,
    cover: Annotated[float, Parameter("fraction", 0, 1, "Part of a loss covered.", neutral=0)] = 0.8,
    insurer: str = "capital",
    lender: str = "private-credit",
) -> Iterator[Rule]:
    """An insurer takes the risk of a lender.

    Each month the lender pays premium * balance / 12, and a month after a loss it gets `cover` of it: over a
    run it gains cover * losses - premiums, which the insurer loses.
    """
    lent = loans(lender=lender)
    lost = lent.loss.change(1).sum()
    yield Rule("premiums", True, pay(lender, insurer, premium / 12 * lent.balance.sum(), rank=3))
    yield Rule("claims", lost > 0, pay(insurer, lender, cover * lost))
