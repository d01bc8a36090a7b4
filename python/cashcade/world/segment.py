"""Segments: end demand that companies sell to, and what rivals recapture of it."""

from typing import Annotated

from pydantic import Field

from cashcade.world.parameter import Flow, Fraction, Growth, Month, Parameter
from cashcade.world.quantity import Number
from cashcade.world.record import CompanyId, Named, SegmentId


class Segment(Named):
    """End demand outside the network that a company sells to."""

    seller: CompanyId
    """The company that sells."""
    revenue: Flow
    """Revenue from this demand in the month before the start [USD/month]."""
    growth: Annotated[Number, Parameter("1/year", -10.0, 10.0)] = 0.0
    """Growth of demand at the start (logarithmic: 0.69 doubles it in a year) [1/year]."""
    growth_long: Growth = 0.0
    """Growth of demand in the long run (logarithmic: 0.69 doubles it in a year) [1/year]."""
    growth_half_life: Annotated[Number, Parameter("months", 0.1, 1200.0)] = 24.0
    """Months in which half the gap between the two closes [months]."""
    volatility: Annotated[Number, Parameter("1/sqrt(year)", 0.0, 5.0)] = 0.0
    """Volatility of demand of its own [1/sqrt(year)]."""
    common_loading: Annotated[Number, Parameter("1", -10.0, 10.0)] = 0.0
    """Loading of the month's log growth on the common demand factor [1]."""
    elasticity: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Fall of demand in per cent for one per cent of price [1]."""
    adjust_months: Annotated[Number, Parameter("months", 1.0, 120.0)] = 3.0
    """Months in which volume adjusts to price [months]."""
    ai_share: Fraction = 1.0
    """Share of the revenue that counts as AI revenue [fraction]."""
    gdp_loading: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Rise of demand in per cent for one per cent of GDP above its trend [1]."""
    wealth_loading: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Rise of demand in per cent for one per cent of value of all companies [1]."""

    def natural_id(self) -> str:
        """Return the id of an entry that was given none."""
        return self.seller


class Recapture(Named):
    """A share that a rival gains of the demand that a segment loses."""

    from_: SegmentId = Field(alias="from")
    """The segment whose demand is lost."""
    to: SegmentId
    """The segment that gains it."""
    share: Fraction
    """Share of the lost demand that the rival gains [fraction]."""
    pull: Annotated[Number, Parameter("1/year", 0.0, 10.0)] = 0.0
    """Rate at which the product of the rival pulls users away at equal prices [1/year]."""
    pull_month: Month = 1.0
    """Month from which it does [month]."""
    pull_gap: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Elasticity of that rate to the price of the seller over that of the rival [1]."""

    def natural_id(self) -> str:
        """Return the id of an entry that was given none."""
        return f"{self.from_}->{self.to}"
