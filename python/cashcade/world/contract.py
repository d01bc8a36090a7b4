"""Contracts: a customer pays a supplier, for what it uses or at least what it committed to."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from cashcade.world.parameter import Flag, Flow, Fraction, Growth, Month, Parameter
from cashcade.world.quantity import Number, Quantity, Stated
from cashcade.world.record import CompanyId, Line, Named, Sourced

FollowsWord = Literal["activity", "research", "nothing"]
Follows = Annotated[
    FollowsWord | Stated[FollowsWord],
    Parameter("code", 0.0, 2.0, (("activity", 0), ("research", 1), ("nothing", 2))),
]


def _for_ever(value: object) -> object:
    """Return one commitment without end for a number or range that stands in place of a list."""
    alone = isinstance(value, int | float | Quantity) or (isinstance(value, dict) and "amount" not in value)
    return [{"amount": value}] if alone else value


class Commitment(Sourced):
    """Take-or-pay owed under a contract in a span of months."""

    amount: Flow
    """Take-or-pay amount at the supplier's price of the start [USD/month]."""
    first_month: Month = 1.0
    """First month in which it is owed [month]."""
    last_month: Month = 1200.0
    """Last month in which it is owed [month]."""


class Contract(Named):
    """A customer pays a supplier."""

    customer: CompanyId
    """The company that pays."""
    supplier: CompanyId
    """The company that is paid."""
    what: Line | None = None
    """What is bought."""
    usage: Flow = 0.0
    """What the customer used and paid in the month before the start [USD/month]."""
    level: Annotated[Number, Parameter("1", 0.0, 1e6)] = 1.0
    """Factor on use [1]."""
    price_linked: Flag = True
    """Whether the bill follows the supplier's price."""
    revenue_share: Fraction = 0.0
    """Share of the customer's segment revenue owed on top [fraction]."""
    tier: Annotated[Number, Parameter("1", 1e-6, 1e6)] = 1.0
    """Factor on the price: the tier bought over that of the start [1]."""
    price_trend: Growth = 0.0
    """Trend of the price of the tier, on top of what the supplier posts (logarithmic) [1/year]."""
    price_half_life: Annotated[Number, Parameter("months", 0.0, 1200.0)] = 0.0
    """Months in which that trend halves; 0: it never fades [months]."""
    routing: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Elasticity with which the customer moves use elsewhere [1]."""
    routed_cost: Annotated[Number, Parameter("1", 0.0, 10.0)] = 0.0
    """Cost of other or own models per dollar of use that is moved elsewhere [1]."""
    substitutable: Fraction = 0.5
    """Part of the use that can be bought elsewhere if the supplier dies [fraction]."""
    replace_months: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Months in which the rest is replaced after the supplier's death; 0: never [months]."""
    renegotiable: Fraction = 0.0
    """Part of the commitments waived while the customer's runway is short [fraction]."""
    intensity_trend: Growth = 0.0
    """Trend of use per unit of activity, such as tokens per task (logarithmic) [1/year]."""
    intensity_half_life: Annotated[Number, Parameter("months", 0.0, 1200.0)] = 0.0
    """Months in which that trend halves; 0: it never fades [months]."""
    cut_first: Fraction = 0.0
    """Largest share of use and commitments dropped, before own capex, when patience runs out [fraction]."""
    follows: Follows = "activity"
    """What use grows with: activity, research or nothing."""
    commitments: Annotated[
        tuple[Commitment, ...],
        BeforeValidator(_for_ever, json_schema_input_type=tuple[Commitment, ...] | Flow),
    ] = ()
    """Take-or-pay by spans of months, added up where they overlap; a plain number is owed for ever."""

    def natural_id(self) -> str:
        """Return the id of an entry that was given none."""
        return f"{self.customer}->{self.supplier}"
