"""Fleets: short-lived assets, and who is paid for them."""

from typing import Annotated, Literal

from pydantic import Field

from cashcade.world.parameter import Amount, Flag, Flow, Fraction, Growth, Parameter
from cashcade.world.quantity import Number, Stated
from cashcade.world.record import CompanyId, Named, Sourced

AssetClassWord = Literal["gpu", "building", "power"]
AssetClass = Annotated[
    AssetClassWord | Stated[AssetClassWord],
    Parameter("code", 0.0, 2.0, (("gpu", 0), ("building", 1), ("power", 2))),
]


class Order(Sourced):
    """A share of a fleet's capex that goes to a vendor of the network."""

    vendor: CompanyId
    """The company that is paid."""
    share: Fraction
    """Share of the fleet's capex paid to the vendor [fraction]."""


class Fleet(Named):
    """Short-lived assets of a company and its plan to buy more."""

    owner: CompanyId
    """The company whose assets they are."""
    cost: Amount = 0.0
    """Gross cost of the capacity in use at the start [USD]."""
    age_span: Annotated[Number, Parameter("months", 1.0, 600.0)] = 24.0
    """Ages over which that cost is spread evenly [months]."""
    book_life: Annotated[Number, Parameter("months", 1.0, 600.0)] = 72.0
    """Months of straight-line depreciation [months]."""
    economic_life: Annotated[Number, Parameter("months", 1.0, 600.0)] = 48.0
    """Months until capacity retires [months]."""
    capex: Flow = 0.0
    """Capital expenditure at the start [USD/month]."""
    capex_growth: Growth = 0.0
    """Growth of the capex plan at the start (logarithmic: 0.69 doubles it in a year) [1/year]."""
    capex_growth_long: Growth = 0.0
    """Growth of the capex plan in the long run (logarithmic: 0.69 doubles it in a year) [1/year]."""
    capex_growth_half_life: Annotated[Number, Parameter("months", 0.1, 1200.0)] = 18.0
    """Months in which half the gap between the two closes [months]."""
    capex_of_revenue: Annotated[Number, Parameter("fraction", 0.0, 10.0)] = 0.0
    """Capex per dollar of the owner's revenue [fraction]."""
    refresh: Annotated[Number, Parameter("fraction", 0.0, 2.0)] = 0.0
    """Share of retiring capacity that is bought again [fraction]."""
    lag: Annotated[Number, Parameter("months", 1.0, 120.0)] = 6.0
    """Months of construction [months]."""
    committed: Fraction = 0.0
    """Share of capex that cannot be cut [fraction]."""
    class_: AssetClass = Field("gpu", alias="class")
    """What the assets are: gpu, building or power."""
    indexed: Flag = True
    """Whether its value follows the GPU rental index."""
    ai_share: Fraction = 1.0
    """Share of the capex that counts as AI capex [fraction]."""
    capacity_revenue: Annotated[Number, Parameter("1/year", 0.0, 100.0)] = 0.0
    """Yearly revenue that a dollar of gross cost can serve, at prices of the start; 0: not known [1/year]."""
    limits: Flag = False
    """Whether the owner can serve no more than the capacity of its fleets."""
    relet: Fraction = 0.0
    """Share of idle capacity let to households at the GPU rental index [fraction]."""
    tolerance: Annotated[Number, Parameter("1", 0.01, 1e6)] = 10.0
    """AI capex over AI revenue of the whole economy beyond which patience may run out [1]."""
    patience_hazard: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.0
    """Monthly hazard that patience runs out per unit of log excess over the tolerance [1]."""
    patience_cut: Fraction = 0.3
    """Share of the capex plan that is saved each time patience runs out [fraction]."""
    capex_of_backlog: Annotated[Number, Parameter("fraction", 0.0, 10.0)] = 0.0
    """Capex per dollar of a month of the owner's backlog [fraction]."""
    capex_valuation: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Elasticity of planned capex to the owner's valuation over that of the start [1]."""
    orders: tuple[Order, ...] = ()
    """Who is paid for the capex; what the shares leave goes to suppliers outside."""

    def natural_id(self) -> str:
        """Return the id of an entry that was given none."""
        return self.owner
