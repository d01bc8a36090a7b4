"""Phase 6: capex plans, and vintages of short-lived assets: ages, depreciation, value.

    capex_growth_now = capex_growth_long + (capex_growth - capex_growth_long) * 2^(-(t-1)/capex_growth_half_life)
    plan *= exp(capex_growth_now/12), with the shocks of the page of investment
    retired = cost of the vintage that reaches economic_life
    wanted = capex * plan * exp(pull) * own * sway + capex_of_revenue * (segment + trade revenue of the owner) + capex_of_backlog * backlog / 12 + construction * shortfall + refresh * retired
    span = max(1, min(age_span, economic_life - 1))
    cost of a vintage of the start = cost / span, of the ages 1 .. span
    depreciation = sum of cost / book_life over vintages younger than book_life and economic_life
    written_off = cost of the vintage that reaches economic_life * max(0, 1 - economic_life/book_life)
    book_value = sum of cost * max(0, 1 - (age + 1)/book_life) over vintages younger than economic_life
    capacity = sum of cost over vintages younger than economic_life
    fleet value = sum of cost * max(0, 1 - age/economic_life) * exp(-fire_sale_class), times gpu_index if indexed
    equipment revenue of a vendor = sum over its orders of share * capex paid by the fleet

- `wanted` is 0 if the owner is dead. A share `committed` of it is owed (rank 3); the rest gives way, and an owner short of cash wants less of it ([retrenchment](retrenchment.md)). `sway` is on the page [confidence](confidence.md), `pull` and `own` on [investment](investment.md), `capex_of_backlog` on [backlog](backlog.md), `shortfall` on [construction](construction.md).
- Vintages: capex paid in month t becomes capacity in month t + `lag` (age 0) and retires in month t + `lag` + `economic_life`. Book value falls linearly over `book_life` from then on.
- `cost` of the start is spread evenly over the ages 1 .. span.
- A vintage is charged a first time in the month in which it arrives, and books of the end of a month are after the charge of that month. What retires before the books are done with it is written off in that month
  (IAS 16.67 and ASC 360: a loss of the period in which an asset is retired), and the `depreciation` of its owner includes that: books that are too slow for the machines show in earnings as machines retire, not before.
  So `book_value` of a month = that of the month before + what arrives - `depreciation` - `written_off`, and nothing when the owner fails. In a steady state of n months, n at most the economic life, it is (n - 1)/2n of cost.
- Fleets of a dead owner are gone, or age on where there is a spot market ([compute](compute.md)).
- `class` is 0 GPU, 1 building, 2 power. `fleet_value` is the sum of `value` of a company's fleets.
- Shares of orders that do not reach 1, and those of dead vendors, go to `suppliers`. `equipment_revenue` is settled in the [clearing](clearing.md).
- `ai_share` is the part of capex that counts as AI capex.

Units: USD, capex USD a month; lives, `lag` and `age_span` whole months; `capex_growth` a year.

Off: `refresh` 0, `capex_of_revenue` 0, `capex_of_backlog` 0, `capex_valuation` 0, `committed` 0.

Tests: tests/theory/test_vintages.py, tests/theory/test_growth.py
"""

import math
from dataclasses import dataclass

from spec.compute import stays
from spec.confidence import sway
from spec.construction import shortfall
from spec.demand import decayed
from spec.investment import follow, shock
from spec.limits import exp, level, whole
from spec.prorata import part
from spec.regimes import CLASSES
from spec.retrenchment import ease
from spec.world import State, World


def book_value(world: World, state: State, f: int) -> float:
    """Cost less depreciation, that of the month included."""
    life, gone = whole(world.fleet.book_life[f]), whole(world.fleet.economic_life[f])
    return sum(v.cost * max(0.0, 1.0 - (v.age + 1) / life) for v in state.vintages[f] if 0 <= v.age < gone)


@dataclass
class Vintage:
    """Capacity bought in one month; its age is negative while it is built."""

    cost: float
    age: int


def asset_class(world: World, f: int) -> str:
    """GPU, building or power."""
    return CLASSES[int(getattr(world.fleet, "class")[f])]


def first_vintages(world: World, f: int) -> list[Vintage]:
    """The fleet of the start, spread evenly over ages from 1 month; none of it retires before month 1."""
    span = max(1, min(whole(world.fleet.age_span[f]), whole(world.fleet.economic_life[f]) - 1))
    return [Vintage(world.fleet.cost[f] / span, age) for age in range(1, span + 1)]


def age_fleet(world: World, state: State, f: int) -> float:
    """Make every vintage a month older; the cost of what retires by it."""
    for vintage in state.vintages[f]:
        vintage.age += 1
    life = whole(world.fleet.economic_life[f])
    return sum(vintage.cost for vintage in state.vintages[f] if vintage.age == life)


def book_depreciation(world: World, state: State, f: int) -> float:
    """Straight-line depreciation of a month."""
    life, gone = whole(world.fleet.book_life[f]), whole(world.fleet.economic_life[f])
    return sum(vintage.cost / life for vintage in state.vintages[f] if 0 <= vintage.age < min(life, gone))


def written_off(world: World, state: State, f: int) -> float:
    """What is left on the books of the vintage that retires."""
    life, gone = whole(world.fleet.book_life[f]), whole(world.fleet.economic_life[f])
    retired = sum(vintage.cost for vintage in state.vintages[f] if vintage.age == gone)
    return retired * max(0.0, 1.0 - gone / life)


def capacity(world: World, state: State, f: int) -> float:
    """Gross cost of what is in use."""
    life = whole(world.fleet.economic_life[f])
    return sum(vintage.cost for vintage in state.vintages[f] if 0 <= vintage.age < life)


def market_value(world: World, state: State, f: int) -> float:
    """What a fleet would fetch without default cost."""
    life = whole(world.fleet.economic_life[f])
    left = sum(v.cost * max(0.0, 1.0 - v.age / life) for v in state.vintages[f] if v.age >= 0)
    index = state.market.gpu_index if world.fleet.indexed[f] else 1.0
    mark = getattr(state.market, f"fire_sale_{asset_class(world, f)}")
    return left * index * math.exp(-mark)


def mark_fleets(world: World, state: State) -> None:
    """Values of all fleets at present prices; what the dead left is nobody's."""
    for f in world.each("fleet"):
        state.fleet.value[f] = market_value(world, state, f)
        state.fleet.capacity[f] = capacity(world, state, f)
        state.fleet.depreciation[f] = book_depreciation(world, state, f)
        state.fleet.written_off[f] = written_off(world, state, f)
        state.fleet.book_value[f] = book_value(world, state, f)
    for i in world.each("company"):
        owned = world.where("fleet", "owner", i) if state.alive(i) else []
        state.company.fleet_value[i] = sum(state.fleet.value[f] for f in owned)


def forget_fleets(world: World, state: State, i: int) -> None:
    """The fleets of a company that fails are gone at once, but for what stays installed; those of others keep the month's value."""
    state.company.fleet_value[i] = 0.0
    left = stays(world)
    for f in world.where("fleet", "owner", i):
        for vintage in state.vintages[f]:
            vintage.cost *= left
        for name in ("value", "capacity", "depreciation", "written_off", "book_value"):
            getattr(state.fleet, name)[f] *= left


def build(world: World, state: State, f: int, paid: float) -> None:
    """Capex paid now is in use `lag` months later."""
    state.vintages[f].append(Vintage(paid, -whole(world.fleet.lag[f])))


def plan_fleet(world: World, state: State, f: int, t: int, retired: float) -> None:
    """Plan the capex of a fleet, of which some has just retired."""
    fleet, owner = world.fleet, world.fleet.owner[f]
    growth = decayed(fleet.capex_growth[f], fleet.capex_growth_long[f], fleet.capex_growth_half_life[f], t)
    faster, shift = shock(world, state, f, t)
    state.strayed[f] = state.strayed[f] * 2.0 ** (-1.0 / fleet.capex_growth_half_life[f]) + faster
    state.fleet.growth[f] = growth + state.strayed[f]
    state.fleet.plan[f] = level(state.fleet.plan[f] * exp(state.fleet.growth[f] / 12.0 + shift))
    follow(world, state, f)
    living = state.alive(owner)
    sales = state.company.segment_revenue[owner] + state.company.trade_revenue[owner]
    wanted = fleet.capex[f] * state.fleet.plan[f] * sway(world, state, f)
    wanted *= exp(state.fleet.pull[f]) * state.own_capex[owner]
    wanted += fleet.capex_of_revenue[f] * sales + fleet.refresh[f] * retired
    wanted += fleet.capex_of_backlog[f] * state.company.backlog[owner] / 12.0
    state.fleet.shortfall[f] = shortfall(world, state, f, t)
    wanted += fleet.construction[f] * state.fleet.shortfall[f]
    state.fleet.wanted[f] = wanted if living else 0.0
    ease(world, state, f)


def ordered(world: World, o: int) -> float:
    """Share of the capex of its fleet that an order gets."""
    total = sum(world.order.share[other] for other in world.where("order", "fleet", world.order.fleet[o]))
    return world.order.share[o] * part(1.0, total)
