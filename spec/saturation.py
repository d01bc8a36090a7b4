"""Phase 4: growth that fades as a market fills up, alone or together with rivals.

    filled = min(1e9, sum of revenue * trend over the segments of the market / potential), with trends of the month before
    ln trend -= ln(1 + filled * (exp(growth_now/12) - 1)), where growth_now > 0

- In a month without noise, a market whose segments grow at one rate takes an exact step of logistic growth, `dN/dt = growth * N * (1 - N/potential)` for their sum N: demand starts as an exponential, and ends at the
  potential. With different rates each takes the part `1 - filled` of its own growth, with `filled` as it is at the beginning of the month.
- Segments with the same `market_number` (a whole number above 0; the nearest counts) fill one market together: a lab that grows takes room from its rivals. With 0, a segment has a market of its own. Each segment holds the
  whole market against its own `potential`, so those that share a market usually say the same. Who says none grows without limit, and fills the market of the others all the same.
- Demand is counted as `revenue * trend`, at prices of the start and whoever serves it: what a dead or dearer seller loses is still demand of the market ([demand](demand.md)).
- Only growth above 0 is braked; noise, common demand, breaks and a fall of demand are as they are. Who is beyond the potential falls back to it, as far as growth is above 0.
- `growth` (the variable) is the rate before the brake.
- The mean: over one month compensators leave it as the logistic step has it. Over many months it lies *below* the logistic path, and more so with more noise, because a step is concave in demand. With `growth_path`
  mean and `potential` 0 the mean is what growth says.

Units: USD a month at prices of the start.

Off: `potential` 0.

Source: Verhulst (1838); the exact step in discrete time is that of Beverton and Holt (1957).

Tests: tests/theory/test_saturation.py
"""

import math

from spec.limits import level, whole
from spec.world import State, World


def measure(world: World, state: State) -> None:
    """Measure how full the market of each segment is."""
    state.segment.filled = [filled(world, state, s) for s in world.each("segment")]


def filled(world: World, state: State, s: int) -> float:
    """Demand of a market over its potential; 0 where there is no limit."""
    segment, number = world.segment, whole(world.segment.market_number[s])
    if segment.potential[s] == 0:
        return 0.0
    members = {s} | {
        k for k in world.each("segment") if number > 0 and whole(segment.market_number[k]) == number
    }
    demand = sum(segment.revenue[k] * state.segment.trend[k] for k in members)
    return level(demand / segment.potential[s])


def brake(state: State, s: int, growth: float) -> float:
    """What growth loses of the log of demand in a market that fills up."""
    return math.log1p(state.segment.filled[s] * math.expm1(growth / 12.0)) if growth > 0 else 0.0
