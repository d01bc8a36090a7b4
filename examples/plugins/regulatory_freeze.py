"""A regulatory freeze: for half a year labs do not train, and nobody lists."""

from collections.abc import Iterator
from typing import Annotated

from cashcade.rules import Parameter, Rule, companies, for_months, market, month, scale, set_to, shock


@shock
def regulatory_freeze(
    stopped: Annotated[float, Parameter("fraction", 0, 1, "Share of training that is stopped.")] = 1.0,
    start: Annotated[float, "month"] = 6,
    tag: str = "lab",
) -> Iterator[Rule]:
    """Six months without training and listings.

    A lab spends `stopped` of its research less in each of the six months, and none less after them.
    """
    begins = month >= start
    training = scale(companies(tag=tag).discretionary_cost, 1 - stopped)
    yield Rule("training", begins, training, hold=for_months(6))
    yield Rule("listings", begins, set_to(market.listing, False), hold=for_months(6))
