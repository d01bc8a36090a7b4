"""TODO."""

import math

from spec.limits import ratio
from spec.rounding import beyond
from spec.world import State, World

SLOWEST = 1200.0  # months of doubling beyond which nobody counts


def mark_gdp(world: World, state: State) -> None:
    """GDP with what capex adds, and its gap to the trend as demand sees it."""
    market, start = state.market, world.market.gdp_start
    extra = market.capex - state.capex0 * market.gdp_trend / start
    effect = world.market.gdp_multiplier * world.market.domestic_share * 12.0 * extra
    relative = min(100.0, max(0.01, 1.0 + effect / market.gdp_trend))
    market.gdp = relative * market.gdp_trend
    market.gdp_gap += (math.log(relative) - market.gdp_gap) / world.market.gdp_lag


def mark_doubling(state: State) -> None:
    """Months in which AI revenue doubles at the growth that its distance from its smoothed level tells."""
    market = state.market
    ahead = 1.0 + (market.ai_revenue / state.smooth_ai - 1.0) / 6.0 if state.smooth_ai > 0 else 1.0
    market.ai_doubling = min(SLOWEST, math.log(2.0) / math.log(ahead)) if ahead > 1.0 else SLOWEST
    state.smooth_ai += (market.ai_revenue - state.smooth_ai) / 6.0


def mark_wealth(world: World, state: State) -> None:
    """Value of all companies against the start as demand sees it, and how unevenly it is spread."""
    values, start = state.company.valuation, sum(state.valuation0)
    total = sum(values)
    gain = math.log(min(1e3, max(1e-3, total / start))) if start > 0 else 0.0
    state.market.wealth += (gain - state.market.wealth) / world.market.wealth_lag
    shares = [value / total for value in values] if beyond(total, start) > 0 else [0.0]
    state.market.index_concentration = sum(share**2 for share in shares)
    state.market.top_share = max(shares)


def mark_spending(world: World, state: State) -> None:
    """Capex of all, and what it adds to GDP."""
    market, before = state.market, state.market.capex
    market.capex = sum(state.fleet.capex)
    market.capex_change = market.capex - before if state.month > 1 else 0.0
    market.capex_gdp = 12.0 * market.capex / market.gdp_trend
    share = world.market.gdp_multiplier * world.market.domestic_share
    market.gdp_effect = share * 12.0 * market.capex_change / market.gdp_trend
    mark_gdp(world, state)


def mark_sales(world: World, state: State) -> None:
    """AI revenue against AI capex, and how few companies sell what is sold."""
    market = state.market
    market.ai_capex = sum(world.fleet.ai_share[f] * state.fleet.capex[f] for f in world.each("fleet"))
    market.ai_revenue = sum(
        world.segment.ai_share[s] * state.segment.revenue[s] for s in world.each("segment")
    )
    mark_doubling(state)
    market.ai_revenue_capex = ratio(market.ai_revenue, market.ai_capex)
    total = sum(state.company.segment_revenue)
    squares = sum(revenue**2 for revenue in state.company.segment_revenue)
    market.concentration = squares / total**2 if total > 0 else 0.0
