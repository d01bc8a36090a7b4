"""Phase 12: what capex adds to GDP and companies to wealth, which moves demand from the next month on; AI revenue against AI capex.

    gdp_trend = gdp_start * exp(gdp_growth * t/12)
    gdp = gdp_trend + gdp_multiplier * domestic_share * 12 * (capex - capex of month 0 * gdp_trend / gdp_start), within 0.01 .. 100 times gdp_trend
    gdp_gap += (ln(gdp / gdp_trend) - gdp_gap) / gdp_lag, 0 at the start
    wealth += (ln(V / V0) - wealth) / wealth_lag, 0 at the start
    index_concentration = sum of squared shares of companies in V
    top_share = the largest of these shares
    capex_gdp = 12 capex / gdp_trend
    capex_change = capex - capex of the month before, 0 in month 1
    gdp_effect = gdp_multiplier * domestic_share * 12 * capex_change / gdp_trend
    ai_revenue = sum of ai_share * segment revenue
    ai_capex = sum of ai_share * capex of fleets
    ai_revenue_capex = ai_revenue / ai_capex, 0 where there is no AI capex, at most 1e9
    ahead = 1 + (ai_revenue / s - 1) / 6
    s += (ai_revenue - s) / 6, after that
    ai_doubling = ln 2 / ln(ahead), at most 1200
    concentration = sum of squared shares of companies in segment revenue (Herfindahl)

- `gdp_trend` is set in phase 1 ([regimes](regimes.md)). Capex that grows with GDP is in the trend, what is imported adds nothing. Shares of GDP are shares of its trend.
- V is the sum of valuations, V0 that of month 0; the ratio is kept within 0.001 .. 1000 (its logarithm 0 where V0 is 0). The shares are 0 where V is 0 but for [rounding](rounding.md).
- `ahead` is a month's growth factor at a steady rate. 1200 months also stand for no growth. `s` starts as if AI revenue had always grown as its segments do at the start, within -2 .. 3 a year.
- `climate` of a segment follows `gdp_gap` and `wealth` in the next month ([demand](demand.md)).

Units: USD and USD a month; GDP USD a year; lags and `ai_doubling` months.

Off: `gdp_loading` 0 and `wealth_loading` 0 (all else are gauges).

Tests: tests/theory/test_macroeconomy.py, tests/theory/test_gauges.py
"""

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
