"""Phase 4: shocks to the growth of demand, breaks of demand, and whether growth means the mean or the median path.

    growth_now = decayed growth + d
    d = d * 2^(-1/growth_half_life) + growth_volatility * sqrt(1/12) * (sqrt(growth_common) * common + sqrt(1 - growth_common) * own), from month 2 on; 0 before
    falls = break_size * (1 + break_spread * (2 u2 - 1)) if u1 < break_hazard/12, else 0
    ln trend += growth_now/12 - falls + noise of [demand](demand.md)
    G_t = variance of the sum of d over months 1 .. t, over 144
    left = exp(-break_size) * sinh(w) / w;  w = break_size * break_spread
    ln trend -= (G_t - G_(t-1))/2 + ln(1 - break_hazard/12 * (1 - left)), where `growth_path` is mean

- `growth_path` says what `growth` and `growth_long` are rates of. `mean` (the default): the *mean* of `trend` over paths is the exponential of the sum of decayed growth/12, whatever `volatility`,
  `common_loading`, `growth_volatility` and breaks are: all have their compensators. `median`: nothing is compensated, neither these nor the two noises of [demand](demand.md); growth is the expected log growth
  without breaks, and without breaks its path is the *median*, which is what a fit to logs of past revenue estimates. Its mean is then larger the more uncertain growth is, and may be far larger.
- Common shocks are those of all segments at once, from one normal a month, so that two segments with shares `a` and `b` have shocks with correlation `sqrt(a b)`.
- Where rules move volatility, G follows from the parameters of each month, as V in [demand](demand.md). Compensators take shares of breaks as they are in the month.
- In a break a product loses its moment: the fall is for good, growth is as it was. `breaks` counts them. The trend is the market's, so a rival does not gain what a break took.
- A shock fades by half in `growth_half_life`. The shock drawn in month t moves growth of that month, so the deviation of the rate in month 1 is 0: the start is known.

Units: growth a year; its volatility by the square root of a year; breaks a year; falls in logs.

Off: `growth_volatility` 0, `break_hazard` 0.

Source: Pastor and Veronesi (2003) for growth that reverts to its long run and uncertainty about it that raises the mean of what grows; Merton (1976) for jumps with their compensator.

Tests: tests/theory/test_demand_process.py
"""

import math

from spec.draw import box_muller
from spec.world import State, World

MEDIAN = 1


def common_growth(state: State, t: int) -> float:
    """The shock to growth that all segments share."""
    words = state.luck.uniforms("index", 0, t)
    return box_muller(words[0], words[1])[1]


def wander(world: World, state: State, s: int, t: int) -> None:
    """Move what shocks have done to the growth of a segment, and the weight of each shock so far in it and in its sum."""
    segment = world.segment
    if t == 1:
        state.wander[s], state.wander_weights[s], state.wander_sum[s] = 0.0, [], []
        state.wander_excess[s] = 0.0
        return
    keep, size = 2.0 ** (-1.0 / segment.growth_half_life[s]), segment.growth_volatility[s] / math.sqrt(12.0)
    words = state.luck.uniforms("growth", segment.address[s], t)
    own, common = box_muller(words[0], words[1])[0], segment.growth_common[s]
    shock = math.sqrt(common) * common_growth(state, t) + math.sqrt(1.0 - common) * own
    state.wander[s] = keep * state.wander[s] + size * shock
    weights = [*(keep * weight for weight in state.wander_weights[s]), size]
    sums = [*state.wander_sum[s], 0.0]
    grown = [total + weight for total, weight in zip(sums, weights, strict=True)]
    state.wander_excess[s] = (sum(x * x for x in grown) - sum(x * x for x in sums)) / 288.0
    state.wander_weights[s], state.wander_sum[s] = weights, grown


def fall(world: World, state: State, s: int, t: int) -> float:
    """What a break takes off the log of demand this month."""
    segment = world.segment
    words = state.luck.uniforms("growth", segment.address[s], t)
    if words[2] >= segment.break_hazard[s] / 12.0:
        return 0.0
    state.segment.breaks[s] += 1.0
    return segment.break_size[s] * (1.0 + segment.break_spread[s] * (2.0 * words[3] - 1.0))


def compensator(world: World, state: State, s: int) -> float:
    """What leaves the mean of demand as growth says; nothing where growth is that of the median path."""
    segment = world.segment
    if segment.growth_path[s] == MEDIAN:
        return 0.0
    width = segment.break_size[s] * segment.break_spread[s]
    widening = math.sinh(width) / width if width > 1e-6 else 1.0
    left = math.exp(-segment.break_size[s]) * widening
    return -state.wander_excess[s] - math.log1p(-segment.break_hazard[s] / 12.0 * (1.0 - left))
