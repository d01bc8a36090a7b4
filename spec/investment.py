"""Phases 2a and 6: capex plans as a process: shocks of their own and in common, the pull of demand, and confidence of investors.

    xi = sqrt(capex_common) * common normal + sqrt(1 - capex_common) * normal of the owner, for growth and for the level each
    capex_growth_now += capex_volatility * sqrt(1/12) * xi_g, after its decay towards capex_growth_long
    plan *= exp(capex_growth_now/12 + capex_noise * sqrt(1/12) * xi_n - excess)
    excess = capex_noise^2/24 + (capex_volatility * sqrt(1/12)/12 * (1 - r^t)/(1 - r))^2 / 2, r = 2^(-1/capex_growth_half_life)
    pull += (capex_pressure * ln(pressure / pressure0) + caught + capex_orders * ln(backlog / backlog0) - pull) / capex_lag
    caught += capex_catch_up * ln(pressure / pressure0) / 12, from 0
    pressure = demand / K
    behind = max(0, -ln((valuation / valuation0) / index))
    burden = depreciation / (depreciation + max(0, profit))
    target = exp(-(confidence_value * behind + confidence_burden * max(0, burden - burden_tolerance)))
    confidence += (target - confidence) / confidence_lag, from 1
    planned = sum of capex * plan * exp(pull) over its fleets
    wish = (1 - confidence) * planned
    held = sum of cut_first * kept * usage over the contracts it buys
    leased_e = 1 - cut_first * min(wish, held) / held
    own = 1 - max(0, wish - held) / planned
    wanted = capex * plan * exp(pull) * own * sway + the rest that the page of fleets says

When: confidence in phase 2a, with values, profit and depreciation of the month before; shocks and pull in phase 6, with the demand, the capacity and the backlog that phase 6 has just found.

- All plans with shocks share the common normals of the month; the fleets of one company share its own.
- The mean of `plan` over paths is the exponential of the sum of the growth that would be without shocks: more volatility is not more capex. Its median lies below.
- `pressure` is demand for the owner over what its fleets can serve ([capacity](capacity.md)), which may be more than 1. An empty cloud builds less, a full one more: with the [market for compute](compute.md)
  that is an accelerator. Ratios to the start are kept within 0.001 .. 1000, and are 1 where there was nothing at the start.
- `capex_pressure` alone leaves plans on their growth for ever, however long machines stand idle: a gap of demand costs a level of capex once. With `capex_catch_up` plans grow faster or more slowly as long as there
  is a gap, so that capacity comes back to demand in the end, from either side (the stock adjustment of Chenery, in logs: to the growth of capex what `capex_pressure` is to its level).
- `index` is that of the [listed companies](listed.md). A bust of everybody's values is no reason to trust one of them less; falling behind is. What a market as a whole does is in windows and in `sway`.
- `burden` is the share of earnings before depreciation that depreciation eats, 1 where there is a loss: short lives cost confidence. It is 0 in month 1, when no depreciation is known, and where
  depreciation is less than 1e-9 of profit or loss, or 1e-12 of the size at the start ([rounding](rounding.md)).
- What investors do not bear is saved: leases of others first (as far as `cut_first` lets them go), then own capex. `leased` is a factor on use, commitments and backlog of the contract, beside `kept` of
  [confidence](confidence.md), and comes back when confidence does.
- Buybacks need no row here: `payout` is a share of what is left after capex, so it gives way first. Bonds are loans with `draw_runway` (or `draw_share`) up to `max_leverage` ([credit](credit.md)).
- The confidence of a dead company, and the pull of its fleets, stay where they were.

Units: volatilities a year, by its square root; lags months; the rest shares and logs.

Off: `capex_volatility` 0, `capex_noise` 0, `capex_pressure` 0, `capex_catch_up` 0, `capex_orders` 0, `confidence_value` 0, `confidence_burden` 0.

Source: the flexible accelerator after Clark (1917) and Chenery (1952).

Tests: tests/theory/test_investment.py
"""

import math

from spec.capacity import capacity
from spec.draw import box_muller
from spec.rounding import LEAST, LEAST_FLOW, LEAST_GAIN
from spec.world import State, World

LEAST_RATIO, GREATEST_RATIO = 1e-3, 1e3


def against(now: float, start: float) -> float:
    """A quantity over that of the start."""
    return min(GREATEST_RATIO, max(LEAST_RATIO, now / start)) if start > LEAST else 1.0


def pressure(world: World, state: State, i: int) -> float:
    """Demand for a company over its capacity, none where it has none."""
    most = capacity(world, state, i)
    return state.company.demand[i] / most if most > LEAST else 0.0


def judge(world: World, state: State) -> None:
    """Investors judge every company."""
    index = against(state.market.index, 1.0)
    state.own_capex = [1.0] * world.counts["company"]
    state.leased = [1.0] * world.counts["contract"]
    for i in world.each("company"):
        if state.alive(i):
            adjust(world, state, i, index)
            save(world, state, i)


def adjust(world: World, state: State, i: int, index: float) -> None:
    """Move confidence towards what value and earnings justify."""
    behind = max(0.0, -math.log(against(state.company.valuation[i], state.valuation0[i]) / index))
    charge, profit = state.company.depreciation[i], state.company.profit[i]
    least = max(LEAST_GAIN * abs(profit), LEAST_FLOW * state.size0[i])
    burden = charge / (charge + max(0.0, profit)) if charge > least else 0.0
    heavy = max(0.0, burden - world.company.burden_tolerance[i])
    fall = world.company.confidence_value[i] * behind + world.company.confidence_burden[i] * heavy
    gap = math.exp(-fall) - state.company.confidence[i]
    state.company.confidence[i] += gap / world.company.confidence_lag[i]


def save(world: World, state: State, i: int) -> None:
    """Save what investors do not bear: leases first, own plans for the rest."""
    fleet, contract = world.fleet, world.contract
    planned = sum(
        fleet.capex[f] * state.fleet.plan[f] * math.exp(state.fleet.pull[f])
        for f in world.where("fleet", "owner", i)
    )
    wish = (1.0 - state.company.confidence[i]) * planned
    leases = world.where("contract", "customer", i)
    held = sum(contract.cut_first[e] * state.kept[e] * contract.usage[e] for e in leases)
    for e in leases:
        state.leased[e] = 1.0 - contract.cut_first[e] * (min(wish, held) / held if held > 0 else 0.0)
    state.own_capex[i] = 1.0 - max(0.0, wish - held) / planned if planned > 0 else 1.0


def shock(world: World, state: State, f: int, t: int) -> tuple[float, float]:
    """Shocks to the growth of a plan and to its log, the latter less what both add to the mean."""
    fleet, owner = world.fleet, world.fleet.owner[f]
    common = box_muller(*state.luck.uniforms("capex common", 0, t)[:2])
    own = box_muller(*state.luck.uniforms("capex", world.company.address[owner], t)[:2])
    share, root = fleet.capex_common[f], math.sqrt(1.0 / 12.0)
    mixed = [math.sqrt(share) * c + math.sqrt(1.0 - share) * o for c, o in zip(common, own, strict=True)]
    volatility, noise = fleet.capex_volatility[f] * root, fleet.capex_noise[f] * root
    decay = 2.0 ** (-1.0 / fleet.capex_growth_half_life[f])
    weights = [decay**k for k in range(t)]  # of the shocks so far in the growth of the month, oldest last
    excess = 0.5 * (volatility * sum(weights) / 12.0) ** 2 + 0.5 * noise**2
    return volatility * mixed[0], noise * mixed[1] - excess


def follow(world: World, state: State, f: int) -> None:
    """Demand and backlog of the owner pull the plan of a fleet."""
    owner = world.fleet.owner[f]
    if not state.alive(owner):
        return
    demand = math.log(against(pressure(world, state, owner), state.pressure0[owner]))
    orders = math.log(against(state.company.backlog[owner], state.backlog0[owner]))
    state.caught[f] += world.fleet.capex_catch_up[f] * demand / 12.0
    target = world.fleet.capex_pressure[f] * demand + state.caught[f] + world.fleet.capex_orders[f] * orders
    state.fleet.pull[f] += (target - state.fleet.pull[f]) / world.fleet.capex_lag[f]
