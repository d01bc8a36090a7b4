"""Phase 3: list prices, the cost of inputs, what is passed on, and what customers feel.

    list_i = exp(price_trend_i * t/12) * (1 + price_step_i from month price_step_month_i on) * list_level_i
    posted_k = list_k * passed_k, with passed_k of the month before
    tier_e = tier * exp(price_trend * years(price_half_life)), within 1e-9 .. 1e9
    years(h) = t/12 where h is 0, else h / (12 ln 2) * (1 - 2^(-t/h))
    input_cost_i = sum_e usage_e * posted_supplier * tier_e / sum_e usage_e
    input_share_i = sum_e usage_e / revenue0_i
    target = max(0.01, 1 + pass_through * input_share * (input_cost - 1))
    passed += (target - passed) / price_lag
    price = list * passed
    borne = max(0, (1 - pass_through) * input_share * (input_cost - 1))
    saved = use_cap * borne
    effective = price * (1 + service_cut * borne + cap_felt * saved)
    capped = min(1, saved / (input_share * input_cost))

- `list_i` is `list_price`. It follows the formula if nobody sets it. Who is short of cash raises it beyond ([retrenchment](retrenchment.md)).
- A rise of a list price reaches customers in the same month. What they pass on reaches their own customers one month later.
- `input_cost` is over the price-linked contracts i buys (1 without). A dead supplier counts as `substitution_premium`. `input_share` is over the same contracts (0 if `revenue0_i` is 0).
- `tier_e` is a factor on the price of the supplier: the tier of models that a customer buys may fall in price while the list price stands. `years(h)` is the integral of a trend that halves every h months.
- `effective` is `effective_price`: who does not pass a cost on in price may bear it, cut service, or cap use. The share `capped` of the use of price-linked contracts is not bought.

Units: prices relative to those of the start; `price_trend` a year, `price_lag` and `price_half_life` months.

Off: trends and steps 0, `pass_through` 0, `service_cut` 0, `use_cap` 0, `tier` 1.

Tests: tests/theory/test_prices.py, tests/theory/test_tiers.py, tests/theory/test_price_circle.py
"""

import math

from spec.limits import GREATEST_LEVEL, exp, level, whole
from spec.rounding import LEAST
from spec.world import State, World

LEAST_TARGET = 0.01


def prices(world: World, state: State, t: int) -> None:
    """Set the prices of the month; input costs see what suppliers post before they pass anything on."""
    company = state.company
    company.list_price = [list_price(world, state, i, t) for i in world.each("company")]
    state.tier = [tier(world, e, t) for e in world.each("contract")]
    state.posted = [company.list_price[k] * company.passed[k] for k in world.each("company")]
    for i in world.each("company"):
        linked = [e for e in world.where("contract", "customer", i) if world.contract.price_linked[e]]
        company.input_cost[i] = input_cost(world, state, linked)
        share = (
            sum(world.contract.usage[e] for e in linked) / state.revenue0[i]
            if state.revenue0[i] > LEAST
            else 0.0
        )
        rise = share * (company.input_cost[i] - 1.0)
        target = level(max(LEAST_TARGET, 1.0 + world.company.pass_through[i] * rise))
        company.passed[i] += (target - company.passed[i]) / world.company.price_lag[i]
        company.price[i] = company.list_price[i] * company.passed[i]
        borne = max(0.0, (1.0 - world.company.pass_through[i]) * rise)
        saved, cost = world.company.use_cap[i] * borne, share * company.input_cost[i]
        state.capped[i] = min(1.0, saved / cost) if cost > 0 else 0.0
        felt = world.company.service_cut[i] * borne + world.company.cap_felt[i] * saved
        company.effective_price[i] = company.price[i] * (1.0 + felt)


def list_price(world: World, state: State, i: int, t: int) -> float:
    """Trend and single step of the list price, and the factor on it."""
    step = world.company.price_step[i] if t == whole(world.company.price_step_month[i]) else 0.0
    raised = state.raised[i] if state.alive(i) else 1.0
    state.list[i] = within(state.list[i] * exp(world.company.price_trend[i] / 12.0) * (1.0 + step) * raised)
    return within(state.list[i] * world.company.list_level[i])


def within(price: float) -> float:
    """A list price within its limits."""
    return max(1.0 / GREATEST_LEVEL, level(price))


def input_cost(world: World, state: State, linked: list[int]) -> float:
    """Usage-weighted posted price of the price-linked suppliers."""
    usage = sum(world.contract.usage[e] for e in linked)
    if usage <= LEAST:
        return 1.0
    return sum(world.contract.usage[e] * posted_price(world, state, e) for e in linked) / usage


def posted_price(world: World, state: State, contract: int) -> float:
    """Price that a supplier posts, or of what replaces a dead one."""
    supplier = world.contract.supplier[contract]
    price = state.posted[supplier] if state.alive(supplier) else world.market.substitution_premium
    return price * state.tier[contract]


def contract_price(world: World, state: State, contract: int) -> float:
    """Price of a contract relative to the start, which is that of its tier alone if it follows no supplier."""
    linked = world.contract.price_linked[contract]
    return posted_price(world, state, contract) if linked else state.tier[contract]


def tier(world: World, contract: int, t: int) -> float:
    """Price of a contract over what its supplier posts."""
    trend = world.contract.price_trend[contract] * years(world.contract.price_half_life[contract], t)
    return within(world.contract.tier[contract] * exp(trend))


def years(half_life: float, t: int) -> float:
    """Years that a trend has run after t months, less what has faded."""
    if half_life == 0:
        return t / 12.0
    return half_life / (12.0 * math.log(2.0)) * -math.expm1(-math.log(2.0) * t / half_life)
