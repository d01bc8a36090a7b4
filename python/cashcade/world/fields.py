"""Fields of each entity of a world: the parameters of the table of the core.

Made by `make fmt` from the rows of `rust/core/src/model/`; do not edit. The records of worlds inherit them.
"""

from typing import Annotated, Literal

from pydantic import Field

from cashcade.world.parameter import LARGEST, Parameter
from cashcade.world.quantity import MonthOrDate, Number, Stated, YesNo
from cashcade.world.record import Record

SegmentGrowthPathWord = Literal["mean", "median"]
SegmentGrowthPath = Annotated[
    SegmentGrowthPathWord | Stated[SegmentGrowthPathWord],
    Parameter("code", 0.0, 1.0, (("mean", 0), ("median", 1))),
]
ContractFollowsWord = Literal["activity", "research", "nothing"]
ContractFollows = Annotated[
    ContractFollowsWord | Stated[ContractFollowsWord],
    Parameter("code", 0.0, 2.0, (("activity", 0), ("research", 1), ("nothing", 2))),
]
LoanAmortisationWord = Literal["bullet", "linear", "annuity", "schedule", "contract"]
LoanAmortisation = Annotated[
    LoanAmortisationWord | Stated[LoanAmortisationWord],
    Parameter(
        "code", 0.0, 4.0, (("bullet", 0), ("linear", 1), ("annuity", 2), ("schedule", 3), ("contract", 4))
    ),
]
LoanRankWord = Literal["secured", "unsecured", "subordinated"]
LoanRank = Annotated[
    LoanRankWord | Stated[LoanRankWord],
    Parameter("code", 2.0, 5.0, (("secured", 2), ("unsecured", 4), ("subordinated", 5))),
]
FleetClassWord = Literal["gpu", "building", "power"]
FleetClass = Annotated[
    FleetClassWord | Stated[FleetClassWord],
    Parameter("code", 0.0, 2.0, (("gpu", 0), ("building", 1), ("power", 2))),
]
MarketRegimeWord = Literal["open", "normal", "shut"]
MarketRegime = Annotated[
    MarketRegimeWord | Stated[MarketRegimeWord],
    Parameter("code", 0.0, 2.0, (("open", 0), ("normal", 1), ("shut", 2))),
]


class CompanyFields(Record):
    """Parameters of each company."""

    cash: Annotated[Number, Parameter("USD", 0.0, LARGEST)]
    """Cash and liquid securities at the start [USD]."""
    fixed_cost: Annotated[Number, Parameter("USD/month", 0.0, LARGEST)] = 0.0
    """Staff, offices and other cost that does not follow sales [USD/month]."""
    fixed_cost_growth: Annotated[Number, Parameter("1/year", -5.0, 5.0)] = 0.0
    """Growth of the fixed cost (logarithmic: 0.69 doubles it in a year) [1/year]."""
    variable_cost: Annotated[Number, Parameter("fraction", 0.0, 10.0)] = 0.0
    """Cost paid outside the network per dollar of revenue [fraction]."""
    cost_volatility: Annotated[Number, Parameter("USD/sqrt(month)", 0.0, LARGEST)] = 0.0
    """Standard deviation of a month's unforeseen cost [USD/sqrt(month)]."""
    discretionary_cost: Annotated[Number, Parameter("USD/month", 0.0, LARGEST)] = 0.0
    """Training, research and other spending that can be cut [USD/month]."""
    discretionary_growth: Annotated[Number, Parameter("1/year", -5.0, 5.0)] = 0.0
    """Growth of the discretionary plan (logarithmic: 0.69 doubles it in a year) [1/year]."""
    burn_cut_runway: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Runway below which discretionary spending is cut; 0: never [months]."""
    burn_cut_floor: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.3
    """Smallest share of the discretionary plan that is kept [fraction]."""
    tax_rate: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Tax on positive profit, paid a month later [fraction]."""
    minimum_cash: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = 0.0
    """Cash that discretionary spending, capex and payouts must leave [USD]."""
    payout: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of a positive net cash flow paid to shareholders [fraction]."""
    fixed_cost_growth_long: Annotated[Number, Parameter("1/year", -5.0, 5.0)] = 0.0
    """Growth of the fixed cost in the long run (logarithmic: 0.69 doubles it in a year) [1/year]."""
    discretionary_growth_long: Annotated[Number, Parameter("1/year", -5.0, 5.0)] = 0.0
    """Growth of the discretionary plan in the long run (logarithmic: 0.69 doubles it in a year) [1/year]."""
    cost_growth_half_life: Annotated[Number, Parameter("months", 0.0, 1200.0)] = 0.0
    """Months in which growth of costs comes half the way to the long run; 0: never [months]."""
    pass_through: Annotated[Number, Parameter("fraction", 0.0, 2.0)] = 1.0
    """Share of a change in input cost passed on in the price [fraction]."""
    price_lag: Annotated[Number, Parameter("months", 1.0, 120.0)] = 1.0
    """Months in which the price approaches its target [months]."""
    service_cut: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of the cost not passed on that customers feel as worse service [fraction]."""
    use_cap: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of the cost not passed on that is saved by capping use per user [fraction]."""
    cap_felt: Annotated[Number, Parameter("1", 0.0, 10.0)] = 1.0
    """What customers feel as worse service per dollar saved by capping use [1]."""
    price_trend: Annotated[Number, Parameter("1/year", -5.0, 5.0)] = 0.0
    """Trend of the list price (logarithmic: 0.69 doubles it in a year) [1/year]."""
    price_step: Annotated[Number, Parameter("1", -0.99, 100.0)] = 0.0
    """A single change of the list price, as a share of it [1]."""
    price_step_month: Annotated[MonthOrDate, Parameter("month", 1.0, 1200.0)] = 1.0
    """Month from which that change holds [month]."""
    list_level: Annotated[Number, Parameter("1", 0.0, 1e06)] = 1.0
    """Factor on the list price [1]."""
    own_compute: Annotated[Number, Parameter("USD/month", 0.0, LARGEST)] = 0.0
    """What its fleets serve itself, at prices of the start; it follows the research plan [USD/month]."""
    target_runway: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Months that free cash is to last if all plans are kept; below it plans shrink; 0: they never do [months]."""
    staff_cut: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Largest share of the fixed cost that is cut when cash is short [fraction]."""
    staff_lag: Annotated[Number, Parameter("months", 1.0, 120.0)] = 3.0
    """Months in which staff follows what is wanted, down and up [months]."""
    severance: Annotated[Number, Parameter("months", 0.0, 24.0)] = 1.0
    """Months of the cost cut that those who leave are paid once [months]."""
    repricing: Annotated[Number, Parameter("1", 0.0, 10.0)] = 0.0
    """Rise of the list price a month (logarithmic), per unit of gross margin that lacks, where no plan can be kept [1]."""
    margin_wanted: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.3
    """Gross margin up to which it raises its price where cash is short [fraction]."""
    hibernation_floor: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 1.0
    """Share of fixed and discretionary cost that is left while it hibernates; 1: it never does [fraction]."""
    hibernation_runway: Annotated[Number, Parameter("months", 0.0, 24.0)] = 2.0
    """Months that free cash lasts below which it hibernates [months]."""
    confidence_value: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Elasticity of confidence to the company's value where that falls behind the value of all [1]."""
    confidence_burden: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Fall of log confidence per unit of depreciation over earnings before it, beyond the tolerance [1]."""
    burden_tolerance: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.5
    """Depreciation over earnings before it that confidence bears [fraction]."""
    confidence_lag: Annotated[Number, Parameter("months", 1.0, 120.0)] = 3.0
    """Months in which confidence adjusts [months]."""
    lending_capacity: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = 0.0
    """Losses at which it lends on the hardest terms; 0: its loss capacity [USD]."""
    round_runway: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Runway below which the company tries to raise a round; 0: never [months]."""
    round_months: Annotated[Number, Parameter("months", 0.0, 120.0)] = 18.0
    """Months of burn that a round brings [months]."""
    round_share: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.25
    """Largest round as a share of the fair value [fraction]."""
    last_valuation: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = 0.0
    """Post-money value of the last round; 0: the fair value [USD]."""
    round_offers: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.0
    """Factor on the chance that investors offer a round that is not needed; 0: none comes [1]."""
    round_age: Annotated[Number, Parameter("months", 0.0, 1200.0)] = 6.0
    """Months since the last round at the start [months]."""
    share_sold: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.075
    """Median share of the value after the money of a round, where investors offer them [fraction]."""
    public: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = False
    """Whether its shares are traded at the start."""
    equity_runway: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Runway below which a public company sells new shares; 0: never [months]."""
    share_deals: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Largest price, as a share of its fair value, it can pay in its own shares [fraction]."""
    default_cost: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.3
    """Share of its assets lost when the company fails [fraction]."""
    loss_capacity: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = LARGEST
    """Credit and equity losses it can bear before it fails [USD]."""
    sudden_failure: Annotated[Number, Parameter("1/year", 0.0, 12.0)] = 0.0
    """Sudden failures a year (fraud, delay, a lost customer) [1/year]."""
    wound_up: Annotated[MonthOrDate, Parameter("month", 0.0, 1200.0)] = 0.0
    """Month from which on it is wound up by order; 0: never [month]."""
    valuation_multiple: Annotated[Number, Parameter("1", 0.0, 1000.0)] = 10.0
    """Value over yearly revenue in the normal regime [1]."""
    growth_premium: Annotated[Number, Parameter("1", 0.0, 10.0)] = 0.5
    """Change of the multiple per unit of change in yearly growth [1]."""
    market_value: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = 0.0
    """Value of all its shares at the start; 0: that of the last round, else by the multiple of revenue [USD]."""
    target_margin: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Margin after serving cost and depreciation that investors expect in the long run; 0: that of the start [fraction]."""
    outlook_half_life: Annotated[Number, Parameter("months", 0.1, 1200.0)] = 24.0
    """Months in which investors expect half of the way from margin and growth of today to those of the long run [months]."""
    beta: Annotated[Number, Parameter("1", -10.0, 10.0)] = 1.0
    """Loading of the log of its enterprise value on what moves the prices of all shares [1]."""
    window_loading: Annotated[Number, Parameter("1", 0.0, 10.0)] = 1.0
    """Elasticity of its enterprise value to the multiple of the funding regime [1]."""
    value_volatility: Annotated[Number, Parameter("1/sqrt(year)", 0.0, 5.0)] = 0.0
    """Volatility of its enterprise value at unchanged earnings and market [1/sqrt(year)]."""
    value_half_life: Annotated[Number, Parameter("months", 0.1, 1200.0)] = 24.0
    """Months in which half of what that did to the value is gone [months]."""
    price_impact: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Fall of the log of its enterprise value for new listed shares of as much as all are worth [1]."""


class SegmentFields(Record):
    """Parameters of each segment."""

    revenue: Annotated[Number, Parameter("USD/month", 0.0, LARGEST)]
    """Revenue from this demand in the month before the start [USD/month]."""
    growth: Annotated[Number, Parameter("1/year", -10.0, 10.0)] = 0.0
    """Growth of demand at the start (logarithmic: 0.69 doubles it in a year) [1/year]."""
    growth_long: Annotated[Number, Parameter("1/year", -5.0, 5.0)] = 0.0
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
    ai_share: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 1.0
    """Share of the revenue that counts as AI revenue [fraction]."""
    growth_path: SegmentGrowthPath = "mean"
    """The path of which growth is the rate: noise and breaks leave the mean, or the median, as it is: mean or median."""
    growth_volatility: Annotated[Number, Parameter("1/sqrt(year)", 0.0, 10.0)] = 0.0
    """Volatility of growth itself [1/sqrt(year)]."""
    growth_common: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of the variance of shocks to growth that is common to all segments [fraction]."""
    break_hazard: Annotated[Number, Parameter("1/year", 0.0, 12.0)] = 0.0
    """Breaks of demand a year [1/year]."""
    break_size: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.5
    """Fall of the log of demand in a break [1]."""
    break_spread: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Largest difference of one fall from that size, as a share of it [fraction]."""
    potential: Annotated[Number, Parameter("USD/month", 0.0, LARGEST)] = 0.0
    """Revenue at prices of the start at which its market is full; 0: it never is [USD/month]."""
    market_number: Annotated[Number, Parameter("1", 0.0, 1e06)] = 0.0
    """Number of the market that it fills with all segments of the same number; 0: a market of its own [1]."""
    use_spread: Annotated[Number, Parameter("1", 0.0, 3.0)] = 0.0
    """Standard deviation of the log of use over the users of the plan; 0: none is looked at [1]."""
    use_worth: Annotated[Number, Parameter("1", 0.0, 3.0)] = 1.0
    """Power of use by which users answer less to the price: 1 if a plan is worth to them what they use [1]."""
    plan_cap: Annotated[Number, Parameter("1", 0.0, 1e06)] = 0.0
    """Cap on use per user, over the mean use of the start; 0: none [1]."""
    cap_level: Annotated[Number, Parameter("1", 1e-06, 1e06)] = 1.0
    """Factor on the cap on use [1]."""
    cap_response: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Fall of the cap in per cent for one per cent by which input is dearer than at the start [1]."""
    withheld_felt: Annotated[Number, Parameter("1", 0.0, 20.0)] = 1.0
    """What users feel as a dearer product, in logs, per share of their use that the cap withholds [1]."""
    hosted: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 1.0
    """Share of the revenue that needs the fleets of the seller [fraction]."""
    gdp_loading: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Rise of demand in per cent for one per cent of GDP above its trend [1]."""
    wealth_loading: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Rise of demand in per cent for one per cent of value of all companies [1]."""


class RecaptureFields(Record):
    """Parameters of each recapture."""

    share: Annotated[Number, Parameter("fraction", 0.0, 1.0)]
    """Share of the lost demand that the rival gains [fraction]."""
    pull: Annotated[Number, Parameter("1/year", 0.0, 10.0)] = 0.0
    """Rate at which the product of the rival pulls users away at equal prices [1/year]."""
    pull_month: Annotated[MonthOrDate, Parameter("month", 1.0, 1200.0)] = 1.0
    """Month from which it does [month]."""
    pull_gap: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Elasticity of that rate to the price of the seller over that of the rival [1]."""


class ContractFields(Record):
    """Parameters of each contract."""

    tier: Annotated[Number, Parameter("1", 1e-06, 1e06)] = 1.0
    """Factor on the price: the tier bought over that of the start [1]."""
    price_trend: Annotated[Number, Parameter("1/year", -5.0, 5.0)] = 0.0
    """Trend of the price of the tier, on top of what the supplier posts (logarithmic) [1/year]."""
    price_half_life: Annotated[Number, Parameter("months", 0.0, 1200.0)] = 0.0
    """Months in which that trend halves; 0: it never fades [months]."""
    usage: Annotated[Number, Parameter("USD/month", 0.0, LARGEST)] = 0.0
    """What the customer used and paid in the month before the start [USD/month]."""
    level: Annotated[Number, Parameter("1", 0.0, 1e06)] = 1.0
    """Factor on use [1]."""
    price_linked: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = True
    """Whether the bill follows the supplier's price."""
    revenue_share: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of the customer's segment revenue owed on top [fraction]."""
    routing: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Elasticity with which the customer moves use elsewhere [1]."""
    routed_cost: Annotated[Number, Parameter("1", 0.0, 10.0)] = 0.0
    """Cost of other or own models per dollar of use that is moved elsewhere [1]."""
    substitutable: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.5
    """Part of the use that can be bought elsewhere if the supplier dies [fraction]."""
    replace_months: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Months in which the rest is replaced after the supplier's death; 0: never [months]."""
    renegotiable: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Part of the commitments waived while the customer's runway is short [fraction]."""
    intensity_trend: Annotated[Number, Parameter("1/year", -5.0, 5.0)] = 0.0
    """Trend of use per unit of activity, such as tokens per task (logarithmic) [1/year]."""
    intensity_half_life: Annotated[Number, Parameter("months", 0.0, 1200.0)] = 0.0
    """Months in which that trend halves; 0: it never fades [months]."""
    follows: ContractFollows = "activity"
    """What use grows with: activity, research or nothing."""
    payment_months: Annotated[Number, Parameter("months", 0.0, 24.0)] = 0.0
    """Months after which a bill is paid [months]."""
    recontract_months: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Months in which what replaces a dead supplier goes from the premium to the GPU rental index; 0: it stays at the premium [months]."""
    cut_first: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Largest share of use and commitments dropped, before own capex, when patience runs out [fraction]."""


class CommitmentFields(Record):
    """Parameters of each commitment."""

    amount: Annotated[Number, Parameter("USD/month", 0.0, LARGEST)]
    """Take-or-pay amount at the supplier's price of the start [USD/month]."""
    first_month: Annotated[MonthOrDate, Parameter("month", 1.0, 1200.0)] = 1.0
    """First month in which it is owed [month]."""
    last_month: Annotated[MonthOrDate, Parameter("month", 1.0, 1200.0)] = 1200.0
    """Last month in which it is owed [month]."""


class LoanFields(Record):
    """Parameters of each loan."""

    balance: Annotated[Number, Parameter("USD", 0.0, LARGEST)]
    """Principal outstanding at the start [USD]."""
    rate: Annotated[Number, Parameter("1/year", 0.0, 1.0)] = 0.0
    """Interest rate, or margin over base rate and spread if floating (a twelfth of it a month) [1/year]."""
    floating: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = False
    """Whether base rate and credit spread are added to the rate."""
    amortisation: LoanAmortisation = "bullet"
    """How it is repaid; contract: as its contract pays: bullet, linear, annuity, schedule or contract."""
    interest_only: Annotated[Number, Parameter("months", 0.0, 1200.0)] = 0.0
    """Months without repayment [months]."""
    maturity: Annotated[MonthOrDate, Parameter("month", 1.0, 1200.0)]
    """Month in which the balance falls due [month]."""
    rank: LoanRank = "unsecured"
    """Rank: secured, unsecured or subordinated."""
    refinance_chance: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.9
    """Chance to refinance at maturity in the normal regime [fraction]."""
    refinance_months: Annotated[Number, Parameter("months", 1.0, 600.0)] = 36.0
    """Months that a refinancing adds [months]."""
    collateral: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = 0.0
    """Value of collateral outside the fleets [USD]."""
    fleet_collateral: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of the borrower's fleets pledged [fraction]."""
    min_cash: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = 0.0
    """Covenant: least cash; 0: none [USD]."""
    max_ltv: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.0
    """Covenant: largest loan to value of collateral; 0: none [1]."""
    min_dscr: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.0
    """Covenant: least debt service cover; 0: none [1]."""
    cure_months: Annotated[Number, Parameter("months", 0.0, 120.0)] = 2.0
    """Months a breach may last [months]."""
    cross_default: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = False
    """Whether acceleration of another loan accelerates this one."""
    customer_spread: Annotated[Number, Parameter("1/year", 0.0, 1.0)] = 0.0
    """Spread while the customer of its contract has no runway; none from a year of runway on [1/year]."""
    undrawn: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = 0.0
    """Principal that may still be drawn [USD]."""
    draw_share: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of the borrower's capex financed by draws [fraction]."""
    draw_runway: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Runway below which the borrower draws what restores it; 0: never [months]."""
    draw_unless_shut: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = False
    """Whether nothing can be drawn while funding is shut."""
    max_leverage: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.0
    """Debt over fair value of the borrower from which on nothing can be drawn; 0: no limit [1]."""
    converts: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = False
    """Whether the balance becomes equity at the next round."""
    guaranteed: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of what the lender writes off that the guarantor pays [fraction]."""
    draw_purchases: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of what the borrower paid the lender last month financed by draws [fraction]."""


class RepaymentFields(Record):
    """Parameters of each repayment."""

    amount: Annotated[Number, Parameter("USD", 0.0, LARGEST)]
    """Principal due [USD]."""
    month: Annotated[MonthOrDate, Parameter("month", 1.0, 1200.0)]
    """Month in which it is due [month]."""


class StakeFields(Record):
    """Parameters of each stake."""

    fraction: Annotated[Number, Parameter("fraction", 0.0, 1.0)]
    """Share of the issuer that the holder owns [fraction]."""
    carrying_value: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = 0.0
    """What the holder's books show for it [USD]."""
    preference: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = 0.0
    """Liquidation preference [USD]."""


class PledgeFields(Record):
    """Parameters of each pledge."""

    amount: Annotated[Number, Parameter("USD", 0.0, LARGEST)]
    """Cash promised in all [USD]."""
    first_month: Annotated[MonthOrDate, Parameter("month", 1.0, 1200.0)] = 1.0
    """Month of the first tranche [month]."""
    months: Annotated[Number, Parameter("months", 1.0, 1200.0)] = 1.0
    """Number of equal monthly tranches [months]."""
    unless_shut: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = False
    """Whether tranches are withheld while funding is shut."""
    chance: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 1.0
    """Chance that the condition of the pledge is ever met [fraction]."""
    of_purchases: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of what the company paid the investor last month that comes on top of each tranche [fraction]."""


class FleetFields(Record):
    """Parameters of each fleet."""

    capacity_revenue: Annotated[Number, Parameter("1/year", 0.0, 100.0)] = 0.0
    """Yearly revenue that a dollar of gross cost can serve, at prices of the start; 0: not known [1/year]."""
    limits: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = False
    """Whether the owner can serve no more than the capacity of its fleets."""
    relet: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of idle capacity let to households at the GPU rental index [fraction]."""
    capex_of_backlog: Annotated[Number, Parameter("fraction", 0.0, 10.0)] = 0.0
    """Capex per dollar of a month of the owner's backlog [fraction]."""
    construction: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share ordered each month of the capacity that is wanted when it arrives and will not stand [fraction]."""
    order_months: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Months in which what cannot be cut of capex runs off where the owner is short of cash; 0: it does not [months]."""
    cost: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = 0.0
    """Gross cost of the capacity in use at the start [USD]."""
    age_span: Annotated[Number, Parameter("months", 1.0, 600.0)] = 24.0
    """Ages over which that cost is spread evenly [months]."""
    book_life: Annotated[Number, Parameter("months", 1.0, 600.0)] = 72.0
    """Months of straight-line depreciation [months]."""
    economic_life: Annotated[Number, Parameter("months", 1.0, 600.0)] = 48.0
    """Months until capacity retires [months]."""
    capex: Annotated[Number, Parameter("USD/month", 0.0, LARGEST)] = 0.0
    """Capital expenditure at the start [USD/month]."""
    capex_growth: Annotated[Number, Parameter("1/year", -5.0, 5.0)] = 0.0
    """Growth of the capex plan at the start (logarithmic: 0.69 doubles it in a year) [1/year]."""
    capex_growth_long: Annotated[Number, Parameter("1/year", -5.0, 5.0)] = 0.0
    """Growth of the capex plan in the long run (logarithmic: 0.69 doubles it in a year) [1/year]."""
    capex_growth_half_life: Annotated[Number, Parameter("months", 0.1, 1200.0)] = 18.0
    """Months in which half the gap between the two closes [months]."""
    capex_of_revenue: Annotated[Number, Parameter("fraction", 0.0, 10.0)] = 0.0
    """Capex per dollar of the owner's revenue [fraction]."""
    refresh: Annotated[Number, Parameter("fraction", 0.0, 2.0)] = 0.0
    """Share of retiring capacity that is bought again [fraction]."""
    lag: Annotated[Number, Parameter("months", 1.0, 120.0)] = 6.0
    """Months of construction [months]."""
    committed: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of capex that cannot be cut [fraction]."""
    class_: FleetClass = Field("gpu", alias="class")
    """What the assets are: gpu, building or power."""
    indexed: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = True
    """Whether its value follows the GPU rental index."""
    ai_share: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 1.0
    """Share of the capex that counts as AI capex [fraction]."""
    capex_volatility: Annotated[Number, Parameter("1/sqrt(year)", 0.0, 5.0)] = 0.0
    """Volatility of the yearly growth of the capex plan [1/sqrt(year)]."""
    capex_noise: Annotated[Number, Parameter("1/sqrt(year)", 0.0, 5.0)] = 0.0
    """Volatility of the capex plan about its growth [1/sqrt(year)]."""
    capex_common: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of both variances that all plans have in common [fraction]."""
    capex_pressure: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Elasticity of planned capex to demand over capacity of the owner against the start [1]."""
    capex_catch_up: Annotated[Number, Parameter("1/year", 0.0, 20.0)] = 0.0
    """Growth of planned capex (logarithmic) per log unit of demand over capacity of the owner against the start [1/year]."""
    capex_orders: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Elasticity of planned capex to the backlog of the owner against the start [1]."""
    capex_lag: Annotated[Number, Parameter("months", 1.0, 120.0)] = 6.0
    """Months in which planned capex adjusts to demand and backlog [months]."""
    tolerance: Annotated[Number, Parameter("1", 0.01, 1e06)] = 10.0
    """AI capex over AI revenue of the whole economy beyond which patience may run out [1]."""
    patience_hazard: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.0
    """Monthly hazard that patience runs out per unit of log excess over the tolerance [1]."""
    patience_cut: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.3
    """Share of the capex plan that is saved each time patience runs out [fraction]."""
    capex_valuation: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Elasticity of planned capex to the owner's valuation over that of the start [1]."""


class OrderFields(Record):
    """Parameters of each order."""

    share: Annotated[Number, Parameter("fraction", 0.0, 1.0)]
    """Share of the fleet's capex paid to the vendor [fraction]."""


class MarketFields(Record):
    """Parameters of each market."""

    common_persistence: Annotated[Number, Parameter("1", -0.999, 0.999)] = 0.9
    """Persistence of common demand from month to month [1]."""
    common_volatility: Annotated[Number, Parameter("1", 0.0, 1.0)] = 0.0
    """Standard deviation of the monthly shock to common demand [1]."""
    renegotiation_runway: Annotated[Number, Parameter("months", 0.0, 120.0)] = 3.0
    """Runway below which suppliers renegotiate commitments [months]."""
    substitution_premium: Annotated[Number, Parameter("1", 0.0, 100.0)] = 1.15
    """Price of what replaces a dead supplier [1]."""
    pay_on_delivery: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = False
    """Whether commitments to a limited supplier are owed only as far as its capacity reaches."""
    spot_market: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = False
    """Whether compute has one market: fleets of the failed stay installed, and idle ones are let to those who lost their supplier."""
    salvage: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 1.0
    """Share of the fleets of a failed owner that stays installed if there is a spot market; the rest is scrapped [fraction]."""
    depth_cash: Annotated[Number, Parameter("1", 0.0, 5.0)] = 0.0
    """Elasticity of the depth of second-hand markets to the free cash of living owners of fleets against the start [1]."""
    depth_shut: Annotated[Number, Parameter("1", 0.01, 1.0)] = 1.0
    """Factor on that depth while funding is shut [1]."""
    base_rate: Annotated[Number, Parameter("1/year", 0.0, 1.0)] = 0.043
    """Risk-free rate under floating loans (a twelfth of it a month) [1/year]."""
    refinance_open: Annotated[Number, Parameter("1", 0.0, 10.0)] = 1.05
    """Chance to refinance when funding is open over normal [1]."""
    refinance_shut: Annotated[Number, Parameter("1", 0.0, 10.0)] = 0.5
    """Chance to refinance when funding is shut over normal [1]."""
    spread_leverage: Annotated[Number, Parameter("1/year", 0.0, 1.0)] = 0.0
    """Spread of floating and refinanced loans per unit of debt over fair value above what is free [1/year]."""
    leverage_free: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.3
    """Debt over fair value that is free of that spread [1]."""
    spread_most: Annotated[Number, Parameter("1/year", 0.0, 1.0)] = 0.2
    """Largest spread for leverage (a twelfth of it a month) [1/year]."""
    refinance_leverage: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.0
    """Fall of the log chance to refinance per unit of debt over fair value above what is free [1]."""
    refinance_spread: Annotated[Number, Parameter("1", 0.0, 1000.0)] = 0.0
    """Fall of the log chance to refinance per unit of spread above that of the normal regime [1]."""
    tightening: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.0
    """Part of draws and refinancing that a lender refuses, at losses of all it can bear [1]."""
    tightening_spread: Annotated[Number, Parameter("1/year", 0.0, 1.0)] = 0.0
    """Spread that a lender adds to floating and refinanced loans, at losses of all it can bear [1/year]."""
    workout_open: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Chance that lenders agree to a workout when funding is open [fraction]."""
    workout_normal: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Chance that lenders agree to a workout when funding is normal [fraction]."""
    workout_shut: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Chance that lenders agree to a workout when funding is shut [fraction]."""
    workout_months: Annotated[Number, Parameter("months", 1.0, 600.0)] = 24.0
    """Months that a workout adds [months]."""
    workout_haircut: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of the balance written down in a workout [fraction]."""
    workout_cost: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.14
    """Cost of a workout as a share of cash and fleets [fraction]."""
    backstop: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Chance that the public covers the shortfall of a large company [fraction]."""
    backstop_size: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = 1e10
    """Debt from which the public may do so [USD]."""
    odds_open: Annotated[Number, Parameter("1", -20.0, 20.0)] = 1.5
    """Log odds that a round succeeds when funding is open [1]."""
    odds_normal: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.5
    """Log odds that a round succeeds when funding is normal [1]."""
    odds_shut: Annotated[Number, Parameter("1", -20.0, 20.0)] = -1.5
    """Log odds that a round succeeds when funding is shut [1]."""
    odds_growth: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.8
    """Gain in log odds per unit of yearly growth [1]."""
    odds_burn: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.2
    """Loss in log odds per unit of burn multiple [1]."""
    odds_price: Annotated[Number, Parameter("1", 0.0, 20.0)] = 1.0
    """Loss in log odds per unit of log of last over fair value [1]."""
    luck_open: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.3
    """Share of rounds that hang on the common luck when funding is open [fraction]."""
    luck_normal: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.4
    """Share of rounds that hang on the common luck when funding is normal [fraction]."""
    luck_shut: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.6
    """Share of rounds that hang on the common luck when funding is shut [fraction]."""
    dry_powder: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = LARGEST
    """What investors can still put into rounds at the start; 1e17: without limit [USD]."""
    dry_powder_inflow: Annotated[Number, Parameter("USD/year", 0.0, LARGEST)] = 0.0
    """What savers bring to investors [USD/year]."""
    dry_powder_refill: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Share of what exits return to capital that goes to investors again [fraction]."""
    dry_powder_lag: Annotated[Number, Parameter("months", 1.0, 1200.0)] = 36.0
    """Mean months until it does [months]."""
    offers_6: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.06
    """Monthly chance of an offer up to 6 months after a round, when funding is open [fraction]."""
    offers_12: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.085
    """Monthly chance of an offer 7 to 12 months after a round, when funding is open [fraction]."""
    offers_18: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.095
    """Monthly chance of an offer 13 to 18 months after a round, when funding is open [fraction]."""
    offers_36: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.05
    """Monthly chance of an offer later than that, when funding is open [fraction]."""
    offers_runway: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Runway from which on a company takes no offered round; 0: it takes any [months]."""
    offers_score: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.8
    """Score of a company at which these chances hold [1]."""
    share_sold_deviation: Annotated[Number, Parameter("1", 0.0, 3.0)] = 0.9
    """Standard deviation of the log of the share that a round sells [1]."""
    odds_margin: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Gain in log odds of a round per unit of contribution margin [1]."""
    odds_commitments: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Loss in log odds of a round per unit of commitments of 24 months over cash and gross profit [1]."""
    odds_appetite: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Gain in log odds of a round per unit of the lasting luck of a company [1]."""
    appetite_half_life: Annotated[Number, Parameter("months", 0.1, 1200.0)] = 6.0
    """Months in which that luck comes half the way to nothing [months]."""
    retry_months: Annotated[Number, Parameter("months", 0.0, 120.0)] = 0.0
    """Months that a company waits after a refused round [months]."""
    needed_discount: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Discount on the fair value in a round that is needed [fraction]."""
    equity_open: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.95
    """Chance that a sale of new public shares succeeds when funding is open [fraction]."""
    equity_normal: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.85
    """Chance that a sale of new public shares succeeds when funding is normal [fraction]."""
    equity_shut: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.4
    """Chance that a sale of new public shares succeeds when funding is shut [fraction]."""
    equity_closed: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.5
    """Factor on that chance while the listing window is closed [fraction]."""
    equity_share: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.1
    """Largest sale of new public shares in a month, as a share of the fair value [fraction]."""
    equity_discount_open: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.05
    """Discount on new public shares when funding is open [fraction]."""
    equity_discount_normal: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.1
    """Discount on new public shares when funding is normal [fraction]."""
    equity_discount_shut: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.3
    """Discount on new public shares when funding is shut [fraction]."""
    shell_closing: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.035
    """Monthly chance that the shell left by a licence deal closes [fraction]."""
    depth_gpu: Annotated[Number, Parameter("USD", 1.0, LARGEST)] = 2e10
    """Forced sales of GPUs that lower their log price by one [USD]."""
    depth_building: Annotated[Number, Parameter("USD", 1.0, LARGEST)] = 5e10
    """Forced sales of buildings that lower their log price by one [USD]."""
    depth_power: Annotated[Number, Parameter("USD", 1.0, LARGEST)] = 5e10
    """Forced sales of power plant that lower their log price by one [USD]."""
    impact_half_life: Annotated[Number, Parameter("months", 0.1, 1200.0)] = 6.0
    """Months in which half of the impact of forced sales fades [months]."""
    regime: MarketRegime = "normal"
    """Funding regime at the start: open, normal or shut."""
    open_to_normal: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.02
    """Monthly chance to move from open to normal [fraction]."""
    open_to_shut: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.005
    """Monthly chance to move from open to shut [fraction]."""
    normal_to_open: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.02
    """Monthly chance to move from normal to open [fraction]."""
    normal_to_shut: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.02
    """Monthly chance to move from normal to shut [fraction]."""
    shut_to_open: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.005
    """Monthly chance to move from shut to open [fraction]."""
    shut_to_normal: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.04
    """Monthly chance to move from shut to normal [fraction]."""
    listing: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = True
    """Whether the listing window is open at the start."""
    window_opens_open: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.2
    """Monthly chance that the window opens when funding is open [fraction]."""
    window_opens_normal: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.08
    """Monthly chance that the window opens when funding is normal [fraction]."""
    window_opens_shut: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.01
    """Monthly chance that the window opens when funding is shut [fraction]."""
    window_closes_open: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.03
    """Monthly chance that the window closes when funding is open [fraction]."""
    window_closes_normal: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.08
    """Monthly chance that the window closes when funding is normal [fraction]."""
    window_closes_shut: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.5
    """Monthly chance that the window closes when funding is shut [fraction]."""
    spread_open: Annotated[Number, Parameter("1/year", 0.0, 1.0)] = 0.0
    """Credit spread added to floating loans when funding is open (a twelfth of it a month) [1/year]."""
    spread_normal: Annotated[Number, Parameter("1/year", 0.0, 1.0)] = 0.01
    """Credit spread added to floating loans when funding is normal (a twelfth of it a month) [1/year]."""
    spread_shut: Annotated[Number, Parameter("1/year", 0.0, 1.0)] = 0.04
    """Credit spread added to floating loans when funding is shut (a twelfth of it a month) [1/year]."""
    gpu_reversion: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.1
    """Part of the gap to its trend that the GPU index closes in a month [fraction]."""
    gpu_drift: Annotated[Number, Parameter("1/year", -5.0, 5.0)] = 0.0
    """Trend of the GPU rental index (logarithmic: 0.69 doubles it in a year) [1/year]."""
    gpu_volatility: Annotated[Number, Parameter("1/sqrt(year)", 0.0, 5.0)] = 0.0
    """Volatility of the GPU rental index [1/sqrt(year)]."""
    gpu_jump_chance: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Monthly chance of a jump of the GPU rental index [fraction]."""
    gpu_jump_size: Annotated[Number, Parameter("1", 0.0, 5.0)] = 0.3
    """Size of a jump in logs [1]."""
    gpu_jump_up: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.5
    """Share of jumps that go up [fraction]."""
    gpu_clearing: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Elasticity of the level to which the GPU rental index reverts to demand over supply [1]."""
    sentiment: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.0
    """Chance that the failure of a large company shuts funding [fraction]."""
    large_company: Annotated[Number, Parameter("USD", 0.0, LARGEST)] = 1e10
    """Debt at failure from which a company is large [USD]."""
    windows: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = False
    """Whether four windows with chances of their own take the place of the chain of funding regimes."""
    credit_window: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = True
    """Whether the credit window is open at the start."""
    shares_window: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = True
    """Whether the window of public shares is open at the start."""
    windows_common: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.3
    """Share of months in which a window hangs on the luck that all windows have in common [fraction]."""
    usual_losses: Annotated[Number, Parameter("USD/year", 0.0, LARGEST)] = 0.0
    """Debt that fails in a usual year; 0: losses do not move windows [USD/year]."""
    venture_shuts: Annotated[Number, Parameter("1", -20.0, 20.0)] = -5.26
    """Log odds a month that the venture window shuts, in the state of the start [1]."""
    venture_shuts_drawdown: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.58
    """Their gain per tenth of drawdown of the index of listed companies [1]."""
    venture_shuts_losses: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.31
    """Their gain per unit of credit losses of a year over the usual, less one [1]."""
    venture_shuts_strain: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of log of AI capex over AI revenue, over that of the start [1]."""
    venture_shuts_refused: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of the share of rounds, refinancings and share sales refused [1]."""
    venture_opens: Annotated[Number, Parameter("1", -20.0, 20.0)] = -2.37
    """Log odds a month that the venture window opens, in the state of the start [1]."""
    venture_opens_drawdown: Annotated[Number, Parameter("1", -20.0, 20.0)] = -0.26
    """Their gain per tenth of drawdown of the index of listed companies [1]."""
    venture_opens_losses: Annotated[Number, Parameter("1", -20.0, 20.0)] = -0.09
    """Their gain per unit of credit losses of a year over the usual, less one [1]."""
    venture_opens_strain: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of log of AI capex over AI revenue, over that of the start [1]."""
    venture_opens_refused: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of the share of rounds, refinancings and share sales refused [1]."""
    credit_shuts: Annotated[Number, Parameter("1", -20.0, 20.0)] = -4.55
    """Log odds a month that the credit window shuts, in the state of the start [1]."""
    credit_shuts_drawdown: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.46
    """Their gain per tenth of drawdown of the index of listed companies [1]."""
    credit_shuts_losses: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.19
    """Their gain per unit of credit losses of a year over the usual, less one [1]."""
    credit_shuts_strain: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of log of AI capex over AI revenue, over that of the start [1]."""
    credit_shuts_refused: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of the share of rounds, refinancings and share sales refused [1]."""
    credit_opens: Annotated[Number, Parameter("1", -20.0, 20.0)] = -1.69
    """Log odds a month that the credit window opens, in the state of the start [1]."""
    credit_opens_drawdown: Annotated[Number, Parameter("1", -20.0, 20.0)] = -0.22
    """Their gain per tenth of drawdown of the index of listed companies [1]."""
    credit_opens_losses: Annotated[Number, Parameter("1", -20.0, 20.0)] = -0.18
    """Their gain per unit of credit losses of a year over the usual, less one [1]."""
    credit_opens_strain: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of log of AI capex over AI revenue, over that of the start [1]."""
    credit_opens_refused: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of the share of rounds, refinancings and share sales refused [1]."""
    shares_shuts: Annotated[Number, Parameter("1", -20.0, 20.0)] = -4.6
    """Log odds a month that the window of public shares shuts, in the state of the start [1]."""
    shares_shuts_drawdown: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.45
    """Their gain per tenth of drawdown of the index of listed companies [1]."""
    shares_shuts_losses: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.2
    """Their gain per unit of credit losses of a year over the usual, less one [1]."""
    shares_shuts_strain: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of log of AI capex over AI revenue, over that of the start [1]."""
    shares_shuts_refused: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of the share of rounds, refinancings and share sales refused [1]."""
    shares_opens: Annotated[Number, Parameter("1", -20.0, 20.0)] = -2.0
    """Log odds a month that the window of public shares opens, in the state of the start [1]."""
    shares_opens_drawdown: Annotated[Number, Parameter("1", -20.0, 20.0)] = -0.2
    """Their gain per tenth of drawdown of the index of listed companies [1]."""
    shares_opens_losses: Annotated[Number, Parameter("1", -20.0, 20.0)] = -0.2
    """Their gain per unit of credit losses of a year over the usual, less one [1]."""
    shares_opens_strain: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of log of AI capex over AI revenue, over that of the start [1]."""
    shares_opens_refused: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of the share of rounds, refinancings and share sales refused [1]."""
    listings_shuts: Annotated[Number, Parameter("1", -20.0, 20.0)] = -4.57
    """Log odds a month that the listing window shuts, in the state of the start [1]."""
    listings_shuts_drawdown: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.51
    """Their gain per tenth of drawdown of the index of listed companies [1]."""
    listings_shuts_losses: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.19
    """Their gain per unit of credit losses of a year over the usual, less one [1]."""
    listings_shuts_strain: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of log of AI capex over AI revenue, over that of the start [1]."""
    listings_shuts_refused: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of the share of rounds, refinancings and share sales refused [1]."""
    listings_opens: Annotated[Number, Parameter("1", -20.0, 20.0)] = -2.15
    """Log odds a month that the listing window opens, in the state of the start [1]."""
    listings_opens_drawdown: Annotated[Number, Parameter("1", -20.0, 20.0)] = -0.1
    """Their gain per tenth of drawdown of the index of listed companies [1]."""
    listings_opens_losses: Annotated[Number, Parameter("1", -20.0, 20.0)] = -0.29
    """Their gain per unit of credit losses of a year over the usual, less one [1]."""
    listings_opens_strain: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of log of AI capex over AI revenue, over that of the start [1]."""
    listings_opens_refused: Annotated[Number, Parameter("1", -20.0, 20.0)] = 0.0
    """Their gain per unit of the share of rounds, refinancings and share sales refused [1]."""
    index_volatility: Annotated[Number, Parameter("1/sqrt(year)", 0.0, 5.0)] = 0.0
    """Volatility of what moves the prices of all shares together at unchanged earnings [1/sqrt(year)]."""
    index_drift: Annotated[Number, Parameter("1/year", -5.0, 5.0)] = 0.0
    """Drift of the mean of it (logarithmic: 0.69 doubles it in a year) [1/year]."""
    gdp_start: Annotated[Number, Parameter("USD/year", 1.0, LARGEST)] = 3e13
    """Gross domestic product at the start [USD/year]."""
    gdp_growth: Annotated[Number, Parameter("1/year", -1.0, 1.0)] = 0.045
    """Growth of nominal GDP (logarithmic: 0.69 doubles it in a year) [1/year]."""
    gdp_multiplier: Annotated[Number, Parameter("1", 0.0, 10.0)] = 1.0
    """Change of GDP per dollar of domestic capex [1]."""
    domestic_share: Annotated[Number, Parameter("fraction", 0.0, 1.0)] = 0.5
    """Share of capex spent at home [fraction]."""
    gdp_lag: Annotated[Number, Parameter("months", 1.0, 120.0)] = 3.0
    """Months in which demand adjusts to GDP [months]."""
    wealth_lag: Annotated[Number, Parameter("months", 1.0, 120.0)] = 12.0
    """Months in which demand adjusts to the value of all companies [months]."""
    value_open: Annotated[Number, Parameter("1", 0.0, 10.0)] = 1.2
    """Multiples when funding is open over normal [1]."""
    value_shut: Annotated[Number, Parameter("1", 0.0, 10.0)] = 0.5
    """Multiples when funding is shut over normal [1]."""
    sees_lines: Annotated[YesNo, Parameter("flag", 0.0, 1.0)] = False
    """Whether runway sees the end of credit lines, in place of taking draws for income."""
    discount_rate: Annotated[Number, Parameter("1/year", 0.001, 1.0)] = 0.1
    """Rate at which investors discount what comes later [1/year]."""
