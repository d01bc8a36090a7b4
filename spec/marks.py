"""Phase 12: runway, growth, profit and values of companies at the end of the month.

    net_cash_flow = change of cash - rounds, public shares, pledges, flows of exits, money of the backstop and what is borrowed
    smooth_flow += (net_cash_flow - smooth_flow)/3, itself in month 1
    burn = -smooth_flow where that is above 1e-12 of the size of the company at the start, else 0
    runway = min(120, cash / burn), 120 if burn is 0, 0 if dead (with sees_lines: liquidity)
    smooth_revenue of month 1 = revenue / (1 + 6 (exp(growth0 / 12) - 1))
    growth = clamp(12 ln(1 + (revenue / smooth_revenue - 1) / 6), -2, 3), 0 where smooth_revenue is 0
    smooth_revenue += (revenue - smooth_revenue)/6
    valuation = 12 * revenue * valuation_multiple * value_S * clamp(1 + growth_premium * (growth - growth0), 0.2, 5)
    smooth_cover: as smooth_flow, of net_cash_flow + debt_service - drawn + capex + payout
    smooth_service: as smooth_flow, of debt_service
    profit = revenue + interest received - costs - bills - discretionary - depreciation - interest

- Draws other than `borrowed` are in `net_cash_flow`; with [liquidity](liquidity.md) runway sees their end. Below the bound, `burn` is what rounding leaves of flows that cancel.
  The size at the start is revenue, use it buys, fixed and discretionary cost of a month, balances it owes and has lent ([rounding](rounding.md)).
- In month 1 `smooth_revenue` comes first; there it stands had revenue always grown at `growth0` (limited to -2 .. 3). Revenue that grows at a steady rate reads that rate as `growth`.
- `valuation` is that of [value](value.md) for companies that say what they are worth or earn. It is the fair value of this month; phases 7 to 9 read that of the month before. `value_S` is `value_open`, 1, `value_shut`.
- What is smoothed is the cash flow before debt service, capex and payouts (month 1: the value itself).
- Of dead companies flows are 0, and so are cash, runway, burn, smoothed quantities, growth, debt, valuation, fleets, activity, capability, `research`, `used` and, of their loans, `breach`, `waiver` and `margin`.
  Prices, list and cost levels, and trends and responses of segments, run on.
- In the month of failure what was accrued (revenue, bills, costs, tax, interest and the `margin` it was charged at, debt service due, `depreciation` of the company, `profit`), activity, `research` and `used`
  stay as they were. Capex, discretionary spending, payout, debt service received and equipment revenue are as paid. All else is 0 at once: cash, runway, burn, growth, debt, valuation, `breach`, `waiver`, and its
  fleets with their `depreciation`. `net_cash_flow` is then what its cash comes to, as in every month: `-(cash of the month before + new money)`. It does not enter `smooth_flow`.

Units: USD a month, months, growth a year.

Tests: tests/theory/test_runway.py, tests/theory/test_growth.py, tests/theory/test_the_dead.py, tests/theory/test_covenants.py
"""

import math

from spec.capacity import stranded
from spec.cascade import mark_failures
from spec.compute import mark_compute
from spec.credit import update_leverage
from spec.fleet import build
from spec.funding import await_exits
from spec.limits import LONGEST_RUNWAY, limited_growth
from spec.liquidity import see_lines
from spec.listed import mark_index
from spec.macroeconomy import mark_sales, mark_spending, mark_wealth
from spec.multiplier import multiplier
from spec.regimes import by_regime
from spec.retrenchment import note
from spec.rounding import LEAST_FLOW, LEAST_GAIN
from spec.value import appraise, is_valued
from spec.vendor_finance import mark_money, purchases
from spec.world import State, World

GONE = (
    *("cash", "runway", "burn", "smooth_flow", "growth", "smooth_revenue", "smooth_cover", "smooth_service"),
    *("debt", "leverage", "valuation", "positive_months"),
    *("enterprise_value", "expected_margin", "idle_commitments", "smooth_drawn", "lines"),
)


def fair_value(world: World, state: State, i: int, revenue: float) -> float:
    """Value of a company at a monthly revenue and its present growth and regime."""
    change = state.company.growth[i] - state.growth0[i]
    premium = min(5.0, max(0.2, 1.0 + world.company.growth_premium[i] * change))
    multiple = world.company.valuation_multiple[i] * by_regime(world, "value", state.market.regime)
    return 12.0 * revenue * multiple * premium


def marks(world: World, state: State, t: int) -> None:
    """Close the books of the month."""
    for f in world.each("fleet"):
        living = state.alive(world.fleet.owner[f])
        build(world, state, f, state.fleet.capex[f] if living else 0.0)
    for i in world.each("company"):
        book_flow(state, i)
        if state.alive(i):
            mark_company(world, state, i, t)
        else:
            clear_company(world, state, i)
    state.paid = purchases(world, state)
    await_exits(world, state)
    mark_spending(world, state)
    mark_money(world, state)
    state.market.cascade_multiplier = multiplier(world, state, t)
    mark_wealth(world, state)
    mark_index(world, state)
    mark_compute(world, state)
    state.market.stranded = stranded(world, state)
    mark_sales(world, state)
    mark_failures(world, state)


def book_flow(state: State, i: int) -> None:
    """Net cash flow and profit, also of a company in the month of its failure."""
    company = state.company
    change = company.cash[i] - state.cash_before[i]
    new_money = company.raised[i] + company.pledged[i] + company.deal_flow[i] + company.borrowed[i]
    new_money += company.rescued[i]
    company.net_cash_flow[i] = change - new_money
    gained = company.revenue[i] + state.interest_received[i]
    spent = company.costs[i] + company.bills[i] + company.discretionary[i]
    company.profit[i] = gained - spent - company.depreciation[i] - company.interest[i]


def mark_company(world: World, state: State, i: int, t: int) -> None:
    """Runway, growth, cover and value of a living company."""
    company = state.company
    flow = company.net_cash_flow[i]
    service = company.debt_service[i]
    given = sum(abs(flow[i]) for flow in (company.debt_service_received, company.raised, company.pledged))
    sales = company.segment_revenue[i] + company.trade_revenue[i] + abs(company.equipment_revenue[i])
    spent = abs(company.costs[i]) + company.bills[i] + service + company.drawn[i]
    least = LEAST_GAIN * (sales + given + spent + max(company.cash[i], state.cash_before[i]))
    sustains = flow - company.drawn[i] > max(least, LEAST_FLOW * state.size0[i])
    company.positive_months[i] = company.positive_months[i] + 1.0 if sustains else 0.0
    cover = flow + service - company.drawn[i] + company.capex[i] + company.payout[i]
    company.smooth_flow[i] = smoothed(company.smooth_flow[i], flow, t)
    company.smooth_cover[i] = smoothed(company.smooth_cover[i], cover, t)
    company.smooth_service[i] = smoothed(company.smooth_service[i], service, t)
    note(world, state, i, t)
    burn = -company.smooth_flow[i]
    burn = company.burn[i] = burn if burn > LEAST_FLOW * state.size0[i] else 0.0
    company.runway[i] = min(LONGEST_RUNWAY, company.cash[i] / burn) if burn > 0 else LONGEST_RUNWAY
    mark_growth(state, i, t)
    company.valuation[i] = fair_value(world, state, i, company.revenue[i])
    if i in state.first_value:
        appraise(world, state, i, t)
    company.debt[i] = sum(state.loan.balance[e] for e in world.where("loan", "borrower", i))
    update_leverage(state, i)
    see_lines(world, state, i, t)


def smoothed(old: float, new: float, t: int) -> float:
    """A third of the way to the new value; the value itself in month 1."""
    return new if t == 1 else old + (new - old) / 3.0


def mark_growth(state: State, i: int, t: int) -> None:
    """Growth that, if steady, would hold revenue as far above its smoothed level as it is."""
    company, revenue = state.company, state.company.revenue[i]
    if t == 1:
        company.smooth_revenue[i] = revenue / (1.0 + 6.0 * math.expm1(state.growth0[i] / 12.0))
    smooth = company.smooth_revenue[i]
    growth = 12.0 * math.log1p((revenue / smooth - 1.0) / 6.0) if smooth > 0 else 0.0
    company.growth[i] = limited_growth(growth)
    company.smooth_revenue[i] += (revenue - smooth) / 6.0


def clear_company(world: World, state: State, i: int) -> None:
    """A dead company has nothing; a mispricing that was put where there is no value to misprice stays."""
    for name in GONE:
        getattr(state.company, name)[i] = 0.0
    if is_valued(world, i):
        state.company.mispricing[i] = 0.0
