"""Phase 4: end demand, its answer to price, and what rivals gain.

    growth_now = growth_long + (growth - growth_long) * 2^(-(t-1)/growth_half_life)
    trend *= exp(growth_now/12 + common_loading * common - common_loading^2 * (V_t - V_(t-1))/2 + volatility * sqrt(1/12) * xi - volatility^2/24)
    V_t - V_(t-1) = (s (1 - r^t)/(1 - r))^2
    V_t - V_(t-1) = P_t + 2 r C_(t-1);  P_t = r^2 P_(t-1) + s^2;  C_t = r C_(t-1) + P_t, from 0, where rules move s or r
    response += (effective^-elasticity * exp(-elasticity * felt) - response) / adjust_months
    climate = min(1e9, exp(gdp_loading * gdp_gap + wealth_loading * wealth))
    loyal *= exp(-pull * (effective of the seller / effective of the rival)^pull_gap / 12)
    lost = max(0, revenue * trend * climate * (1 - response * loyal)) while the seller lives
    lost = revenue * trend * climate when it is dead
    recaptured = sum over recapture links of share / max(1, sum of the shares of that segment) * lost
    weight_e = usage_e / max(revenue0_i, sum usage of contracts i buys)
    capability_i = max(0, 1 - sum over contracts bought from dead suppliers of weight_e * (1 - substitutable_e) * (1 - found))
    found = min(1, k / replace_months), in month d + 1 + k after a death in month d
    volume = (trend * response * climate * loyal + recaptured / revenue) * capability of the seller, 0 if dead
    segment revenue = price * revenue * volume

- The trend belongs to the market, so it runs on when the seller is dead.
- `V_t` is the variance of the sum of `common` over months 1 .. t, with volatility `s` (`common_volatility`) and persistence `r` (`common_persistence`).
  Growth may be shocked, and demand may break ([growth](growth.md)); growth fades where a market fills up ([saturation](saturation.md)). Where `growth_path` is mean, as it is by default, both noises are so compensated: the *mean* of `trend` over paths is the exponential of the sum of `growth_now/12`, and its *median* lies below it by the factor
  `exp(-(common_loading^2 V_t + volatility^2 t/12)/2)`. More volatility is not more demand.
- Where rules move `s` or `r`, the parameters in force count, those with which the month's `common` was drawn. P is the variance of `common`, C its covariance with its sum; the formula is the
  same for constant ones. The mean is then exact for moves that are known beforehand (by the month). Where a move follows what happened on the path, and where `common` itself is set, it is not.
  A loading that is moved counts with its present value, as if it had always been so.
- Means and medians: noise of `trend` and of costs leaves means as they are. What follows from them, and from the GPU index, through a curve (price responses, covers, failures) has
  neither the mean nor the median that its parameters say.
- `felt` is what a [plan](plans.md) withholds from its users, 0 without.
- `response` moves first towards the target of this month. The lag is in the response to price, not in the trend.
- `climate` is an elasticity to GDP over its trend, and one to what all companies are worth. `gdp_gap` and `wealth` are those of the month before ([macroeconomy](macroeconomy.md)).
- `loyal` of segment `from` moves for each recapture link from month `pull_month` on, while both sellers live: the lab's own product pulls users away from its customers' products,
  at equal prices too, faster from a dearer one. The power is at most 1e9.
- `lost` is what rivals share. There is no recapture where `revenue` is none.
- With `replace_months` above 0 what a contract lost is replaced evenly; `found` is 0 without.
- `ai_share` of a segment's revenue counts as AI revenue ([macroeconomy](macroeconomy.md)).
- `segment revenue` (`segment_revenue` of the company) is paid by households. What a limited [capacity](capacity.md) cannot serve is taken off.

Units: growth and volatility a year (volatility by the square root of a year); `growth_half_life` and `adjust_months` months; revenue USD a month at prices of the start.

Off: `growth_path` mean, `volatility` 0, `common_loading` 0, `elasticity` 0, `pull` 0, `gdp_loading` 0, `wealth_loading` 0, no recapture links.

Tests: tests/theory/test_growth.py, tests/theory/test_prices.py, tests/theory/test_processes.py, tests/theory/test_supplier_hit.py
"""

import math

from spec.capacity import ration_sales, relet
from spec.compute import let_out, lost_sales
from spec.growth import MEDIAN, compensator, fall, wander
from spec.limits import exp, level, power, whole
from spec.plans import felt
from spec.prorata import part
from spec.rounding import LEAST
from spec.saturation import brake, measure
from spec.world import State, World


def demand(world: World, state: State, t: int) -> None:
    """Volumes and revenues of the segments."""
    measure(world, state)
    for s in world.each("segment"):
        grow(world, state, s, t)
        respond(world, state, s)
        state.segment.climate[s] = climate(world, state, s)
    for r in world.each("recapture"):
        pull(world, state, r, t)
    lost = [lost_demand(world, state, s) for s in world.each("segment")]
    for i in world.each("company"):
        state.company.capability[i] = capability(world, state, i) if state.alive(i) else 0.0
    for s in world.each("segment"):
        sell(world, state, s, lost)
    for i in world.each("company"):
        ration_sales(world, state, i)
        sold = world.where("segment", "seller", i)
        state.company.segment_revenue[i] = sum(state.segment.revenue[s] for s in sold)
        state.company.segment_revenue[i] += relet(world, state, i)
        state.company.segment_revenue[i] += let_out(world, state, i)
    state.lost_need = lost_sales(world, state)


def decayed(now: float, long: float, half_life: float, t: int) -> float:
    """Growth on its way from the present rate to the long one."""
    return long + (now - long) * 2.0 ** (-(t - 1) / half_life)


def grow(world: World, state: State, s: int, t: int) -> None:
    """Move the trend of the market, with or without the seller."""
    segment = world.segment
    wander(world, state, s, t)
    growth = decayed(segment.growth[s], segment.growth_long[s], segment.growth_half_life[s], t)
    growth += state.wander[s]
    shock = state.luck.monthly("demand", segment.address[s], t)
    noise = segment.volatility[s] * math.sqrt(1.0 / 12.0) * shock - fall(world, state, s, t)
    noise += compensator(world, state, s) - brake(state, s, growth)
    state.segment.growth[s] = growth
    loading = segment.common_loading[s]
    shared = loading * state.market.common
    if segment.growth_path[s] != MEDIAN:
        noise -= segment.volatility[s] ** 2 / 24.0
        shared -= loading**2 * state.common_excess
    factor = exp(growth / 12.0 + shared + noise)
    state.segment.trend[s] = level(state.segment.trend[s] * factor)


def respond(world: World, state: State, s: int) -> None:
    """Move the answer to price towards its target."""
    price = state.company.effective_price[world.segment.seller[s]]
    target = level(exp(-world.segment.elasticity[s] * (math.log(price) + felt(world, state, s))))
    state.settles[s] = target
    state.segment.response[s] += (target - state.segment.response[s]) / world.segment.adjust_months[s]


def climate(world: World, state: State, s: int) -> float:
    """What GDP and wealth of the month before do to demand."""
    of_gdp, of_wealth = world.segment.gdp_loading[s], world.segment.wealth_loading[s]
    return level(exp(of_gdp * state.market.gdp_gap + of_wealth * state.market.wealth))


def lost_demand(world: World, state: State, s: int) -> float:
    """Demand that looks for another seller, at prices of the start."""
    demand = world.segment.revenue[s] * state.segment.trend[s] * state.segment.climate[s]
    if not state.alive(world.segment.seller[s]):
        return demand
    return max(0.0, demand * (1.0 - state.segment.response[s] * state.segment.loyal[s]))


def pull(world: World, state: State, r: int, t: int) -> None:
    """Let a rival pull users away from a living seller."""
    recapture, price = world.recapture, state.company.effective_price
    lost = getattr(recapture, "from")[r]
    seller, rival = (world.segment.seller[s] for s in (lost, recapture.to[r]))
    if t >= whole(recapture.pull_month[r]) and state.alive(seller) and state.alive(rival):
        rate = recapture.pull[r] * level(power(price[seller] / price[rival], recapture.pull_gap[r]))
        state.segment.loyal[lost] *= exp(-rate / 12.0)


def capability(world: World, state: State, i: int) -> float:
    """What is left of a company's activity after the death of suppliers."""
    bought = world.where("contract", "customer", i)
    scale = max(state.revenue0[i], sum(world.contract.usage[e] for e in bought))
    dead = [e for e in bought if not state.alive(world.contract.supplier[e])]
    missing = sum(
        world.contract.usage[e] * (1.0 - state.substituted[e]) * (1.0 - found(world, state, e)) for e in dead
    )
    return max(0.0, 1.0 - missing / scale) if scale > 0 else 1.0


def found(world: World, state: State, e: int) -> float:
    """Part, of what could not be bought elsewhere when a supplier died, that has been replaced since."""
    months = world.contract.replace_months[e]
    since = state.month - state.died[world.contract.supplier[e]] - 1
    return min(1.0, since / months) if months > 0 else 0.0


def gain(world: World, r: int, lost: list[float]) -> float:
    """What a rival gains; nobody gains what was not lost."""
    source = getattr(world.recapture, "from")[r]
    total = sum(world.recapture.share[other] for other in world.where("recapture", "from", source))
    return world.recapture.share[r] * part(1.0, total) * lost[source]


def sell(world: World, state: State, s: int, lost: list[float]) -> None:
    """Volume and revenue of a segment."""
    seller, revenue = world.segment.seller[s], world.segment.revenue[s]
    gained = sum(gain(world, r, lost) for r in world.where("recapture", "to", s))
    own = state.segment.trend[s] * state.segment.response[s] * state.segment.climate[s]
    own *= state.segment.loyal[s]
    volume = own + (gained / revenue if revenue > LEAST else 0.0)
    state.segment.volume[s] = volume * state.company.capability[seller]
    state.segment.revenue[s] = state.company.price[seller] * revenue * state.segment.volume[s]
