"""Phase 1: the funding regime, the listing window, the spread, common demand, the GPU index and the trend of GDP.

    regime = first other state if u < p1, second other state if u < p1 + p2, else as it was
    regime = shut, if a large company failed in the month before and u_sentiment < sentiment
    listing = 1 if it was 0 and u < window_opens_S; 0 if it was 1 and u < window_closes_S
    spread = spread_S
    common = common_persistence * common + common_volatility * xi
    gpu_log += gpu_reversion * (gpu_drift * t/12 + answer - gpu_log) + gpu_volatility * sqrt(1/12) * xi + jump
    gpu_index = exp(gpu_log)
    jump = +gpu_jump_size if u_way < gpu_jump_up else -gpu_jump_size, where u_jump < gpu_jump_chance; else 0
    answer = gpu_clearing * ln((D / D0) / (C / C0))
    gdp_trend = gdp_start * exp(gdp_growth * t/12)
    fire_sale_class *= 2^(-1/impact_half_life)

- Regimes are 0 open, 1 normal, 2 shut. The other states come in that order. Their chances `p1`, `p2` are `open_to_normal`, `open_to_shut`, `normal_to_open`,
  `normal_to_shut`, `shut_to_open` and `shut_to_normal`. Where rules bring `p1 + p2` above 1, both are divided by it.
- With `windows` on, the four [windows](windows.md) move in place of the chain and of the listing window; `regime` is then that of venture, and `spread_S` is that of the credit window.
- A company is large if its debt at failure was at least `large_company`.
- The listing window is 0 closed, 1 open. Its chances are `window_opens_open`, `window_opens_normal`, `window_opens_shut`, `window_closes_open`,
  `window_closes_normal` and `window_closes_shut`. Spreads are `spread_open`, `spread_normal` and `spread_shut`.
- With `gpu_clearing` above 0, D is the `demand` of all companies that own an indexed fleet with `capacity_revenue` above 0, and C the `capacity` of these fleets, of the month
  before; D0 and C0 are those of the start. The ratio is kept within 1e-9 .. 1e9, and is 1 if D0, C0, or D and C both, are 0. So rents rise in scarcity and fall in a glut.
- `fire_sale_class` is the log price mark of a class of assets: `fire_sale_gpu`, `fire_sale_building`, `fire_sale_power` (class 0, 1, 2).
- The GPU index is `exp(gpu_log)` without a compensator, so `gpu_drift` is the drift of its log, and without jumps of its *median*.

Units: chances a month; drift and GDP growth a year.

Off: `gpu_clearing` 0, `gpu_jump_chance` 0, `sentiment` 0, `common_volatility` 0.

Tests: tests/theory/test_processes.py, tests/theory/test_capacity.py, tests/properties/test_switches.py
"""

import math

from spec.capacity import tightness
from spec.draw import box_muller
from spec.prorata import part
from spec.windows import credit_regime, observe, windows
from spec.world import State, World

REGIMES = ("open", "normal", "shut")
SHUT = 2
GREATEST_LOG = 20.0
CLASSES = ("gpu", "building", "power")


def by_regime(world: World, name: str, regime: int) -> float:
    """The market's parameter `name` in a regime; what is missing in the table is 1."""
    return getattr(world.market, f"{name}_{REGIMES[regime]}", 1.0)


def regimes(world: World, state: State, t: int) -> None:
    """Draw the month's market."""
    words = state.luck.uniforms("market", 0, t)
    jumps = state.luck.uniforms("jump", 0, t)
    common_shock, gpu_shock = box_muller(words[2], words[3])
    market = state.market
    afraid = bool(market.large_failure) and jumps[2] < world.market.sentiment
    observe(world, state, t)
    if world.market.windows:
        windows(world, state, t, afraid=afraid)
    else:
        market.regime = SHUT if afraid else next_regime(world, market.regime, words[0])
        market.listing = next_listing(world, market.listing, market.regime, words[1])
    market.spread = by_regime(world, "spread", credit_regime(world, state))
    market.common = (
        world.market.common_persistence * market.common + world.market.common_volatility * common_shock
    )
    spread_of_sum(world, state)
    answer = world.market.gpu_clearing * tightness(world, state)
    moved = market.gpu_log + gpu_step(world, market.gpu_log, gpu_shock, t, answer) + gpu_jump(world, jumps)
    market.gpu_log = min(GREATEST_LOG, max(-GREATEST_LOG, moved))
    market.gpu_index = math.exp(market.gpu_log)
    market.gdp_trend = world.market.gdp_start * math.exp(world.market.gdp_growth * t / 12.0)
    for name in CLASSES:
        mark = getattr(market, f"fire_sale_{name}") * 2.0 ** (-1.0 / world.market.impact_half_life)
        setattr(market, f"fire_sale_{name}", mark)


def spread_of_sum(world: World, state: State) -> None:
    """Half of what the variance of the sum of common demand grows by, from the weights of all shocks so far."""
    persistence = world.market.common_persistence
    state.common_weights = [persistence * weight for weight in state.common_weights]
    state.common_weights.append(world.market.common_volatility)
    sums = [*state.common_sum, 0.0]
    grown = [total + weight for total, weight in zip(sums, state.common_weights, strict=True)]
    state.common_excess = 0.5 * (sum(x * x for x in grown) - sum(x * x for x in sums))
    state.common_sum = grown


def next_regime(world: World, regime: int, u: float) -> int:
    """One step of the Markov chain of funding."""
    first, second = (other for other in range(3) if other != regime)
    p1 = getattr(world.market, f"{REGIMES[regime]}_to_{REGIMES[first]}")
    p2 = getattr(world.market, f"{REGIMES[regime]}_to_{REGIMES[second]}")
    within = part(1.0, p1 + p2)
    p1, p2 = within * p1, within * p2
    if u < p1:
        return first
    return second if u < p1 + p2 else regime


def next_listing(world: World, listing: int, regime: int, u: float) -> int:
    """One step of the listing window."""
    if listing:
        return int(u >= by_regime(world, "window_closes", regime))
    return int(u < by_regime(world, "window_opens", regime))


def gpu_step(world: World, level: float, shock: float, t: int, answer: float) -> float:
    """Reversion to the trend and noise of the log index."""
    market = world.market
    gap = market.gpu_drift * t / 12.0 + answer - level
    return market.gpu_reversion * gap + market.gpu_volatility * math.sqrt(1.0 / 12.0) * shock


def gpu_jump(world: World, words: list[float]) -> float:
    """Jump of the log index."""
    if words[0] >= world.market.gpu_jump_chance:
        return 0.0
    up = words[1] < world.market.gpu_jump_up
    return world.market.gpu_jump_size if up else -world.market.gpu_jump_size
