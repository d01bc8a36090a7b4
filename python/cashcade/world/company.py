"""A company: a node of the network."""

from typing import Annotated

from cashcade.world.parameter import LARGEST, Amount, Flag, Flow, Fraction, Growth, Month, Parameter
from cashcade.world.quantity import Number
from cashcade.world.record import Id, Line, Named, Tag


class Company(Named):
    """A company: what it owns, spends and decides; amounts at the date of the world."""

    id: Id
    """Short name that others refer to."""
    name: Line | None = None
    """Full name."""
    archetype: Id | None = None
    """What sort of company it is, such as "frontier-lab"."""
    tags: tuple[Tag, ...] = ()
    """Words to group companies by."""
    cash: Amount
    """Cash and liquid securities at the start [USD]."""
    fixed_cost: Flow = 0.0
    """Staff, offices and other cost that does not follow sales [USD/month]."""
    fixed_cost_growth: Growth = 0.0
    """Growth of the fixed cost (logarithmic: 0.69 doubles it in a year) [1/year]."""
    variable_cost: Annotated[Number, Parameter("fraction", 0.0, 10.0)] = 0.0
    """Cost paid outside the network per dollar of revenue [fraction]."""
    cost_volatility: Annotated[Number, Parameter("USD/sqrt(month)", 0.0, LARGEST)] = 0.0
    """Standard deviation of a month's unforeseen cost [USD/sqrt(month)]."""
    discretionary_cost: Flow = 0.0
    """Training, research and other spending that can be cut [USD/month]."""
    discretionary_growth: Growth = 0.0
    """Growth of the discretionary plan (logarithmic: 0.69 doubles it in a year) [1/year]."""
    burn_cut_runway: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Runway below which discretionary spending is cut; 0: never [months]."""
    burn_cut_floor: Fraction = 0.3
    """Smallest share of the discretionary plan that is kept [fraction]."""
    pass_through: Annotated[Number, Parameter("fraction", 0.0, 2.0)] = 1.0
    """Share of a change in input cost passed on in the price [fraction]."""
    price_lag: Annotated[Number, Parameter("months", 1.0, 120.0)] = 1.0
    """Months in which the price approaches its target [months]."""
    service_cut: Fraction = 0.0
    """Share of the cost not passed on that customers feel as worse service [fraction]."""
    use_cap: Fraction = 0.0
    """Share of the cost not passed on that is saved by capping use per user [fraction]."""
    cap_felt: Annotated[Number, Parameter("1", 0.0, 10.0)] = 1.0
    """What customers feel as worse service per dollar saved by capping use [1]."""
    price_trend: Growth = 0.0
    """Trend of the list price (logarithmic: 0.69 doubles it in a year) [1/year]."""
    price_step: Annotated[Number, Parameter("1", -0.99, 100.0)] = 0.0
    """A single change of the list price, as a share of it [1]."""
    price_step_month: Month = 1.0
    """Month from which that change holds [month]."""
    list_level: Annotated[Number, Parameter("1", 0.0, 1e6)] = 1.0
    """Factor on the list price [1]."""
    tax_rate: Fraction = 0.0
    """Tax on positive profit, paid a month later [fraction]."""
    minimum_cash: Amount = 0.0
    """Cash that discretionary spending, capex and payouts must leave [USD]."""
    payout: Fraction = 0.0
    """Share of a positive net cash flow paid to shareholders [fraction]."""
    round_runway: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Runway below which the company tries to raise a round; 0: never [months]."""
    round_months: Annotated[Number, Parameter("months", 0.0, 120.0)] = 18.0
    """Months of burn that a round brings [months]."""
    round_share: Fraction = 0.25
    """Largest round as a share of the fair value [fraction]."""
    valuation_multiple: Annotated[Number, Parameter("1", 0.0, 1000.0)] = 10.0
    """Value over yearly revenue in the normal regime [1]."""
    growth_premium: Annotated[Number, Parameter("1", 0.0, 10.0)] = 0.5
    """Change of the multiple per unit of change in yearly growth [1]."""
    last_valuation: Amount = 0.0
    """Post-money value of the last round; 0: the fair value [USD]."""
    public: Flag = False
    """Whether its shares are traded at the start."""
    equity_runway: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Runway below which a public company sells new shares; 0: never [months]."""
    fixed_cost_growth_long: Growth = 0.0
    """Growth of the fixed cost in the long run (logarithmic: 0.69 doubles it in a year) [1/year]."""
    discretionary_growth_long: Growth = 0.0
    """Growth of the discretionary plan in the long run (logarithmic: 0.69 doubles it in a year) [1/year]."""
    cost_growth_half_life: Annotated[Number, Parameter("months", 0.0, 1200.0)] = 0.0
    """Months in which growth of costs comes half the way to the long run; 0: never [months]."""
    default_cost: Fraction = 0.3
    """Share of its assets lost when the company fails [fraction]."""
    loss_capacity: Amount = LARGEST
    """Credit and equity losses it can bear before it fails [USD]."""
    lending_capacity: Amount = 0.0
    """Losses at which it lends on the hardest terms; 0: its loss capacity [USD]."""
    share_deals: Fraction = 0.0
    """Largest price, as a share of its fair value, it can pay in its own shares [fraction]."""
