"""The market: what all companies share."""

from typing import Annotated, Literal

from cashcade.world.parameter import LARGEST, Amount, Flag, Fraction, Growth, Odds, Parameter, Rate
from cashcade.world.quantity import Number, Stated
from cashcade.world.record import Sourced

RegimeWord = Literal["open", "normal", "shut"]
Regime = Annotated[
    RegimeWord | Stated[RegimeWord],
    Parameter("code", 0.0, 2.0, (("open", 0), ("normal", 1), ("shut", 2))),
]


class Market(Sourced):
    """Funding regimes, interest, the GPU rental index, rounds, prices of assets and GDP."""

    regime: Regime = "normal"
    """Funding regime at the start: open, normal or shut."""
    open_to_normal: Fraction = 0.02
    """Monthly chance to move from open to normal [fraction]."""
    open_to_shut: Fraction = 0.005
    """Monthly chance to move from open to shut [fraction]."""
    normal_to_open: Fraction = 0.02
    """Monthly chance to move from normal to open [fraction]."""
    normal_to_shut: Fraction = 0.02
    """Monthly chance to move from normal to shut [fraction]."""
    shut_to_open: Fraction = 0.005
    """Monthly chance to move from shut to open [fraction]."""
    shut_to_normal: Fraction = 0.04
    """Monthly chance to move from shut to normal [fraction]."""
    listing: Flag = True
    """Whether the listing window is open at the start."""
    window_opens_open: Fraction = 0.2
    """Monthly chance that the window opens when funding is open [fraction]."""
    window_opens_normal: Fraction = 0.08
    """Monthly chance that the window opens when funding is normal [fraction]."""
    window_opens_shut: Fraction = 0.01
    """Monthly chance that the window opens when funding is shut [fraction]."""
    window_closes_open: Fraction = 0.03
    """Monthly chance that the window closes when funding is open [fraction]."""
    window_closes_normal: Fraction = 0.08
    """Monthly chance that the window closes when funding is normal [fraction]."""
    window_closes_shut: Fraction = 0.5
    """Monthly chance that the window closes when funding is shut [fraction]."""
    base_rate: Rate = 0.043
    """Risk-free rate under floating loans (a twelfth of it a month) [1/year]."""
    spread_open: Rate = 0.0
    """Credit spread added to floating loans when funding is open (a twelfth of it a month) [1/year]."""
    spread_normal: Rate = 0.01
    """Credit spread added to floating loans when funding is normal (a twelfth of it a month) [1/year]."""
    spread_shut: Rate = 0.04
    """Credit spread added to floating loans when funding is shut (a twelfth of it a month) [1/year]."""
    common_persistence: Annotated[Number, Parameter("1", -0.999, 0.999)] = 0.9
    """Persistence of common demand from month to month [1]."""
    common_volatility: Annotated[Number, Parameter("1", 0.0, 1.0)] = 0.0
    """Standard deviation of the monthly shock to common demand [1]."""
    gpu_reversion: Fraction = 0.1
    """Part of the gap to its trend that the GPU index closes in a month [fraction]."""
    gpu_drift: Growth = 0.0
    """Trend of the GPU rental index (logarithmic: 0.69 doubles it in a year) [1/year]."""
    gpu_volatility: Annotated[Number, Parameter("1/sqrt(year)", 0.0, 5.0)] = 0.0
    """Volatility of the GPU rental index [1/sqrt(year)]."""
    gpu_jump_chance: Fraction = 0.0
    """Monthly chance of a jump of the GPU rental index [fraction]."""
    gpu_jump_size: Annotated[Number, Parameter("1", 0.0, 5.0)] = 0.3
    """Size of a jump in logs [1]."""
    gpu_jump_up: Fraction = 0.5
    """Share of jumps that go up [fraction]."""
    gpu_clearing: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.0
    """Elasticity of the level to which the GPU rental index reverts to demand over supply [1]."""
    odds_open: Odds = 1.5
    """Log odds that a round succeeds when funding is open [1]."""
    odds_normal: Odds = 0.5
    """Log odds that a round succeeds when funding is normal [1]."""
    odds_shut: Odds = -1.5
    """Log odds that a round succeeds when funding is shut [1]."""
    odds_growth: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.8
    """Gain in log odds per unit of yearly growth [1]."""
    odds_burn: Annotated[Number, Parameter("1", 0.0, 20.0)] = 0.2
    """Loss in log odds per unit of burn multiple [1]."""
    odds_price: Annotated[Number, Parameter("1", 0.0, 20.0)] = 1.0
    """Loss in log odds per unit of log of last over fair value [1]."""
    luck_open: Fraction = 0.3
    """Share of rounds that hang on the common luck when funding is open [fraction]."""
    luck_normal: Fraction = 0.4
    """Share of rounds that hang on the common luck when funding is normal [fraction]."""
    luck_shut: Fraction = 0.6
    """Share of rounds that hang on the common luck when funding is shut [fraction]."""
    value_open: Annotated[Number, Parameter("1", 0.0, 10.0)] = 1.2
    """Multiples when funding is open over normal [1]."""
    value_shut: Annotated[Number, Parameter("1", 0.0, 10.0)] = 0.5
    """Multiples when funding is shut over normal [1]."""
    refinance_open: Annotated[Number, Parameter("1", 0.0, 10.0)] = 1.05
    """Chance to refinance when funding is open over normal [1]."""
    refinance_shut: Annotated[Number, Parameter("1", 0.0, 10.0)] = 0.5
    """Chance to refinance when funding is shut over normal [1]."""
    sentiment: Fraction = 0.0
    """Chance that the failure of a large company shuts funding [fraction]."""
    large_company: Amount = 1e10
    """Debt at failure from which a company is large [USD]."""
    renegotiation_runway: Annotated[Number, Parameter("months", 0.0, 120.0)] = 3.0
    """Runway below which suppliers renegotiate commitments [months]."""
    substitution_premium: Annotated[Number, Parameter("1", 0.0, 100.0)] = 1.15
    """Price of what replaces a dead supplier [1]."""
    depth_gpu: Annotated[Number, Parameter("USD", 1.0, LARGEST)] = 2e10
    """Forced sales of GPUs that lower their log price by one [USD]."""
    depth_building: Annotated[Number, Parameter("USD", 1.0, LARGEST)] = 5e10
    """Forced sales of buildings that lower their log price by one [USD]."""
    depth_power: Annotated[Number, Parameter("USD", 1.0, LARGEST)] = 5e10
    """Forced sales of power plant that lower their log price by one [USD]."""
    impact_half_life: Annotated[Number, Parameter("months", 0.1, 1200.0)] = 6.0
    """Months in which half of the impact of forced sales fades [months]."""
    gdp_start: Annotated[Number, Parameter("USD/year", 1.0, LARGEST)] = 3.0e13
    """Gross domestic product at the start [USD/year]."""
    gdp_growth: Annotated[Number, Parameter("1/year", -1.0, 1.0)] = 0.045
    """Growth of nominal GDP (logarithmic: 0.69 doubles it in a year) [1/year]."""
    gdp_multiplier: Annotated[Number, Parameter("1", 0.0, 10.0)] = 1.0
    """Change of GDP per dollar of domestic capex [1]."""
    domestic_share: Fraction = 0.5
    """Share of capex spent at home [fraction]."""
    gdp_lag: Annotated[Number, Parameter("months", 1.0, 120.0)] = 3.0
    """Months in which demand adjusts to GDP [months]."""
    wealth_lag: Annotated[Number, Parameter("months", 1.0, 120.0)] = 12.0
    """Months in which demand adjusts to the value of all companies [months]."""
    shell_closing: Fraction = 0.035
    """Monthly chance that the shell left by a licence deal closes [fraction]."""
    dry_powder: Amount = LARGEST
    """What investors can still put into rounds at the start; 1e17: without limit [USD]."""
    dry_powder_inflow: Annotated[Number, Parameter("USD/year", 0.0, LARGEST)] = 0.0
    """What savers bring to investors [USD/year]."""
    dry_powder_refill: Fraction = 0.0
    """Share of what exits return to capital that goes to investors again [fraction]."""
    dry_powder_lag: Annotated[Number, Parameter("months", 1.0, 1200.0)] = 36.0
    """Mean months until it does [months]."""
    equity_open: Fraction = 0.95
    """Chance that a sale of new public shares succeeds when funding is open [fraction]."""
    equity_normal: Fraction = 0.85
    """Chance that a sale of new public shares succeeds when funding is normal [fraction]."""
    equity_shut: Fraction = 0.4
    """Chance that a sale of new public shares succeeds when funding is shut [fraction]."""
    equity_closed: Fraction = 0.5
    """Factor on that chance while the listing window is closed [fraction]."""
    equity_share: Fraction = 0.1
    """Largest sale of new public shares in a month, as a share of the fair value [fraction]."""
    equity_discount_open: Fraction = 0.05
    """Discount on new public shares when funding is open [fraction]."""
    equity_discount_normal: Fraction = 0.1
    """Discount on new public shares when funding is normal [fraction]."""
    equity_discount_shut: Fraction = 0.3
    """Discount on new public shares when funding is shut [fraction]."""
    spread_leverage: Rate = 0.0
    """Spread of floating and refinanced loans per unit of debt over value above what is free [1/year]."""
    leverage_free: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.3
    """Debt over fair value that is free of that spread [1]."""
    spread_most: Rate = 0.2
    """Largest spread for leverage (a twelfth of it a month) [1/year]."""
    refinance_leverage: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.0
    """Fall of the log chance to refinance per unit of debt over fair value above what is free [1]."""
    refinance_spread: Annotated[Number, Parameter("1", 0.0, 1000.0)] = 0.0
    """Fall of the log chance to refinance per unit of spread above that of the normal regime [1]."""
    tightening: Annotated[Number, Parameter("1", 0.0, 100.0)] = 0.0
    """Part of draws and refinancing that a lender refuses, at losses of all it can bear [1]."""
    tightening_spread: Rate = 0.0
    """Spread that a lender adds to floating and refinanced loans, at losses of all it can bear [1/year]."""
    workout_open: Fraction = 0.0
    """Chance that lenders agree to a workout when funding is open [fraction]."""
    workout_normal: Fraction = 0.0
    """Chance that lenders agree to a workout when funding is normal [fraction]."""
    workout_shut: Fraction = 0.0
    """Chance that lenders agree to a workout when funding is shut [fraction]."""
    workout_months: Annotated[Number, Parameter("months", 1.0, 600.0)] = 24.0
    """Months that a workout adds [months]."""
    workout_haircut: Fraction = 0.0
    """Share of the balance written down in a workout [fraction]."""
    workout_cost: Fraction = 0.14
    """Cost of a workout as a share of cash and fleets [fraction]."""
    backstop: Fraction = 0.0
    """Chance that the public covers the shortfall of a large company [fraction]."""
    backstop_size: Amount = 1e10
    """Debt from which the public may do so [USD]."""
