"""Phases 4 to 6: what fleets can serve, what is wanted of them, and what stands idle.

    K = sum of capacity_revenue * capacity / 12 over its fleets
    share = min(1, K / (S + U))
    room = K - share * S
    relet revenue = sum of relet * (1 - utilisation) * capacity_revenue * capacity / 12, times gpu_index if the fleet is indexed
    demand = S + U' + X + min(reserved, max(0, K - S - U' - X))
    reserved = sum over contracts between living companies of max(0, commitment_now - use wanted)
    utilisation = min(1, demand / K), 1 where K is 0, 0 of a dead company
    stranded = sum of (1 - utilisation of the owner) * book_value over fleets with capacity_revenue above 0

- `capacity` in `K` is that of the month before; `K` is at prices of the start.
- A company is *limited* if a fleet with `capacity_revenue` above 0 says `limits`. Then segments get the `share` of what they want of its fleets: `1 - hosted + hosted * share` of all.
- X is `own_compute * research`: what it runs for itself ([compute](compute.md), which also says what a spot market adds to `stranded`).
- S is the sum of `hosted * revenue * volume` of its segments (a shop that rents out machines needs them for the second only), U the use that customers wanted in the month before, U' the use they want this month, before limits.
- What is left of K, `room`, is for customers. With `pay_on_delivery` 1 a commitment to a limited company counts in [bills](bills.md) as `commitment * min(1, room / sum of max(use wanted, commitment))`:
  nobody pays for machines that do not stand.
- Idle capacity is let again over the fleets of a living company, with utilisation and capacity of the month before. Households pay it; it counts as `segment_revenue` (not as AI revenue).
- At the start, `reserved` is that of month 1 beyond `usage`. Capacity that somebody is committed to pay for is not idle and is not let again, and what is reserved of capacity that is not built yet waits for it.

Units: USD a month.

Off: `capacity_revenue` 0, or `limits` 0 and `relet` 0; `hosted` 1; `pay_on_delivery` 0.

Tests: tests/theory/test_capacity.py
"""

import math

from spec import compute
from spec.limits import GREATEST_LEVEL
from spec.prorata import part
from spec.rounding import LEAST
from spec.world import State, World


def capacity(world: World, state: State, i: int) -> float:
    """What a company can serve in a month, at prices of the start; its fleets as of the month before."""
    owned = world.where("fleet", "owner", i)
    return sum(world.fleet.capacity_revenue[f] * state.fleet.capacity[f] / 12.0 for f in owned)


def limited(world: World, i: int) -> bool:
    """Whether a company can serve no more."""
    owned = world.where("fleet", "owner", i)
    return any(world.fleet.limits[f] and world.fleet.capacity_revenue[f] > 0 for f in owned)


def first_sales(world: World, i: int) -> float:
    """Sales of the start that need the fleets of a company."""
    segments = world.where("segment", "seller", i)
    return sum(world.segment.hosted[s] * world.segment.revenue[s] for s in segments)


def ration_sales(world: World, state: State, i: int) -> None:
    """Segments get their share of a capacity that customers wanted a part of in the month before."""
    segments = world.where("segment", "seller", i)
    wanted = sum(
        world.segment.hosted[s] * world.segment.revenue[s] * state.segment.volume[s] for s in segments
    )
    state.wanted_sales[i], state.room[i] = wanted, math.inf
    if limited(world, i):
        most = capacity(world, state, i)
        share = part(most, wanted + state.wanted_use[i])
        state.room[i] = max(0.0, most - share * wanted)
        for s in segments:
            hosted = world.segment.hosted[s]
            served = (1.0 - hosted) + hosted * share
            state.segment.volume[s] *= served
            state.segment.revenue[s] *= served


def relet(world: World, state: State, i: int) -> float:
    """Revenue from capacity that stood idle the month before."""
    if not state.alive(i):
        return 0.0
    fleet, idle, total = world.fleet, 1.0 - state.company.utilisation[i], 0.0
    for f in world.where("fleet", "owner", i):
        price = state.market.gpu_index if fleet.indexed[f] else 1.0
        total += fleet.relet[f] * idle * fleet.capacity_revenue[f] * state.fleet.capacity[f] / 12.0 * price
    return total


def measure(world: World, state: State) -> None:
    """Demand and utilisation of every company."""
    for i in world.each("company"):
        alive, most = state.alive(i), capacity(world, state, i)
        wanted = state.wanted_sales[i] + state.wanted_use[i] if alive else 0.0
        if alive:
            wanted += world.company.own_compute[i] * state.company.research[i]
            wanted += min(state.reserved[i], max(0.0, most - wanted))
        state.company.demand[i] = wanted
        busy = min(1.0, wanted / most) if most > 0 else 1.0
        state.company.utilisation[i] = busy if alive else 0.0


def totals(world: World, state: State) -> tuple[float, float]:
    """Demand of all that rent out indexed fleets, and these fleets."""
    if world.market.spot_market:
        return state.market.need, state.market.installed
    indexed = [
        f for f in world.each("fleet") if world.fleet.indexed[f] and world.fleet.capacity_revenue[f] > 0
    ]
    owners = {world.fleet.owner[f] for f in indexed}
    demand = sum(state.company.demand[i] for i in owners)
    return demand, sum(state.fleet.capacity[f] for f in indexed)


def tightness(world: World, state: State) -> float:
    """Log of demand over supply against the start."""
    (demand, supply), (demand0, supply0) = totals(world, state), state.totals0
    if demand0 <= LEAST or supply0 <= LEAST or (demand == 0 and supply == 0):
        return 0.0
    ratio = (demand / demand0) / (supply / supply0) if supply > 0 else GREATEST_LEVEL
    return math.log(max(1.0 / GREATEST_LEVEL, min(GREATEST_LEVEL, ratio)))


def stranded(world: World, state: State) -> float:
    """Book value of what stands idle."""
    known = [f for f in world.each("fleet") if world.fleet.capacity_revenue[f] > 0]
    if world.market.spot_market:
        return sum(compute.unused(world, state, f) * state.fleet.book_value[f] for f in known)
    idle = [1.0 - state.company.utilisation[world.fleet.owner[f]] for f in known]
    return sum(part * state.fleet.book_value[f] for part, f in zip(idle, known, strict=True))
