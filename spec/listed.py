"""Phases 1 and 12: what moves the prices of all listed shares together, and what listed companies are worth.

    index_log += index_drift / 12 + index_volatility * sqrt(1/12) * xi, within -20 .. 20
    V += index_volatility^2 / 12
    market level of a share = exp(beta * index_log - beta^2 V / 2), its exponent within -20 .. 20
    step = sum over L of (valuation + payout - raised) / sum over L of valuation of the month before
    index *= step

- `index_log` moves in phase 1, after the funding regime. V is the variance of its sum of shocks; so the *mean* over paths of a share's market level is `exp(beta * index_drift * t/12)`,
  whatever the volatility. Who is valued by earnings power ([value](value.md)) moves with it; values by the multiple of revenue do not.
- `index` is measured at the end of the month. L are the companies that were listed, and lived, at the end of the month before: `public` at the start and not bought since, or listed through a door.
  The failed are worth nothing, those bought leave after the month. New shares are no gain and payouts no loss, so it is an index of returns, weighted by value.
- `step` is the ratio of market levels of a share with beta 1 where L is worth nothing, or nobody is listed. It is kept within 0.001 .. 1000, and `index` (1 at the start) within 1e-6 .. 1e6.
  The sum above the line is 0 if it is a millionth or less of what it is the difference of: so small a rest is known badly.

Units: volatility by the square root of a year, drift a year.

Off: `index_volatility` 0 and `index_drift` 0 (the index then is a gauge).

Source: a lognormal market factor with constant loadings (Sharpe 1963); an index of returns chained over its members, weighted by value.

Tests: tests/theory/test_index.py
"""

import math

from spec.draw import box_muller
from spec.world import State, World

GREATEST = 20.0
LEAST_PART = 1e-6
LISTED = 3.0  # the code of an exit by listing


def within(value: float, least: float, most: float) -> float:
    """A value within bounds."""
    return min(most, max(least, value))


def part(rest: float, of: float) -> float:
    """What is left of amounts of this size; nothing where it is so small a part of them that it is known badly."""
    return rest if rest > LEAST_PART * of else 0.0


def move_index(world: World, state: State, t: int) -> None:
    """Move what moves the prices of all shares together."""
    words = state.luck.uniforms("index", 0, t)
    shock, _ = box_muller(words[0], words[1])
    size = world.market.index_volatility * math.sqrt(1.0 / 12.0)
    log = state.market.index_log + world.market.index_drift / 12.0 + size * shock
    state.market.index_log = within(log, -GREATEST, GREATEST)
    state.index_variance += size**2


def market_level(state: State, beta: float) -> float:
    """What the market does to the price of a share."""
    log = beta * state.market.index_log - beta**2 * state.index_variance / 2.0
    return math.exp(within(log, -GREATEST, GREATEST))


def is_listed(world: World, state: State, i: int) -> bool:
    """Whether shares of a living company are traded."""
    exit_ = state.company.exit[i]
    return state.alive(i) and (exit_ == LISTED if exit_ else bool(world.company.public[i]))


def note_listed(world: World, state: State) -> None:
    """Note which companies are listed, and what they are worth."""
    state.listed = [i for i in world.each("company") if is_listed(world, state, i)]
    state.listed_worth = sum(state.company.valuation[i] for i in state.listed)
    state.index_factor = market_level(state, 1.0)


def mark_index(world: World, state: State) -> None:
    """Chain the index on by what the listed companies of the month before have become."""
    company, factor = state.company, state.index_factor
    gains = [company.valuation[i] + company.payout[i] for i in state.listed]
    raised = [company.raised[i] for i in state.listed]
    now = part(sum(gains) - sum(raised), sum(gains) + sum(raised))
    worth = state.listed_worth
    step = now / worth if worth > 0 else market_level(state, 1.0) / factor
    state.market.index = within(state.market.index * within(step, 1e-3, 1e3), 1e-6, 1e6)
    note_listed(world, state)
