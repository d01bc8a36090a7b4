"""TODO."""

import math

from spec.capacity import tightness
from spec.draw import box_muller
from spec.prorata import part
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
    market.regime = next_regime(world, market.regime, words[0])
    if market.large_failure and jumps[2] < world.market.sentiment:
        market.regime = SHUT
    market.listing = next_listing(world, market.listing, market.regime, words[1])
    market.spread = by_regime(world, "spread", market.regime)
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
