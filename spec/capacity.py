"""TODO."""

import math

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


def ration_sales(world: World, state: State, i: int) -> None:
    """Segments get their share of a capacity that customers wanted a part of in the month before."""
    segments = world.where("segment", "seller", i)
    wanted = sum(world.segment.revenue[s] * state.segment.volume[s] for s in segments)
    state.wanted_sales[i], state.room[i] = wanted, math.inf
    if limited(world, i):
        most = capacity(world, state, i)
        share = part(most, wanted + state.wanted_use[i])
        state.room[i] = max(0.0, most - share * wanted)
        for s in segments:
            state.segment.volume[s] *= share
            state.segment.revenue[s] *= share


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
            wanted += min(state.reserved[i], max(0.0, most - wanted))
        state.company.demand[i] = wanted
        busy = min(1.0, wanted / most) if most > 0 else 1.0
        state.company.utilisation[i] = busy if alive else 0.0


def totals(world: World, state: State) -> tuple[float, float]:
    """Demand of all that rent out indexed fleets, and these fleets."""
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
    idle = [1.0 - state.company.utilisation[world.fleet.owner[f]] for f in known]
    return sum(part * state.fleet.book_value[f] for part, f in zip(idle, known, strict=True))
