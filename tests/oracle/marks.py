"""Phase 12: marks and gauges at the end of the month."""

from tests.oracle.capacity import stranded
from tests.oracle.fleets import build
from tests.oracle.funding import fair_value, limited_growth
from tests.oracle.start import LONGEST_RUNWAY
from tests.oracle.world import LEAST_FLOW, State, World, level


def marks(world: World, state: State, t: int) -> None:
    """Close the books of the month."""
    for f in world.each("fleet"):
        build(world, state, f, state.fleet.capex[f])
    for i in world.each("company"):
        book_flow(state, i)
        if state.alive(i):
            mark_company(world, state, i, t)
        else:
            clear_company(state, i)
    mark_market(world, state)


def book_flow(state: State, i: int) -> None:
    """Net cash flow and profit, also of a company in the month of its failure."""
    company = state.company
    change = company.cash[i] - state.cash_before[i]
    company.net_cash_flow[i] = change - company.raised[i] - company.pledged[i] - company.deal_flow[i]
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
    sustains = flow - company.drawn[i] > least
    company.positive_months[i] = company.positive_months[i] + 1.0 if sustains else 0.0
    cover = flow + service - company.drawn[i] + company.capex[i] + company.payout[i]
    company.smooth_flow[i] = smoothed(company.smooth_flow[i], flow, t)
    company.smooth_cover[i] = smoothed(company.smooth_cover[i], cover, t)
    company.smooth_service[i] = smoothed(company.smooth_service[i], service, t)
    burn = -company.smooth_flow[i]
    burn = company.burn[i] = burn if burn > LEAST_FLOW * state.size0[i] else 0.0
    company.runway[i] = min(LONGEST_RUNWAY, company.cash[i] / burn) if burn > 0 else LONGEST_RUNWAY
    mark_growth(state, i, t)
    company.valuation[i] = fair_value(world, state, i, company.revenue[i])
    company.debt[i] = sum(state.loan.balance[e] for e in world.where("loan", "borrower", i))


def smoothed(old: float, new: float, t: int) -> float:
    """A third of the way to the new value; the value itself in month 1."""
    return new if t == 1 else old + (new - old) / 3.0


def mark_growth(state: State, i: int, t: int) -> None:
    """Growth of revenue against its smoothed level."""
    company, revenue = state.company, state.company.revenue[i]
    if t == 1:
        company.smooth_revenue[i] = revenue / (1.0 + state.growth0[i] / 2.4)
    smooth = company.smooth_revenue[i]
    company.growth[i] = limited_growth(2.4 * (revenue / smooth - 1.0)) if smooth > 0 else 0.0
    company.smooth_revenue[i] += (revenue - smooth) / 6.0


LEAST_GAIN = 1e-9

GONE = (
    *("cash", "runway", "burn", "smooth_flow", "growth", "smooth_revenue", "smooth_cover", "smooth_service"),
    *("debt", "valuation", "positive_months"),
)


def clear_company(state: State, i: int) -> None:
    """A dead company has nothing."""
    for name in GONE:
        getattr(state.company, name)[i] = 0.0


def ratio(above: float, below: float) -> float:
    """A gauge: nothing where there is nothing to compare with, and no larger than a level may be."""
    return level(above / below) if below > 0 else 0.0


def mark_market(world: World, state: State) -> None:
    """Gauges of the whole."""
    market, before = state.market, state.market.capex
    market.capex = sum(state.fleet.capex)
    market.capex_change = market.capex - before if state.month > 1 else 0.0
    market.capex_gdp = 12.0 * market.capex / market.gdp
    share = world.market.gdp_multiplier * world.market.domestic_share
    market.gdp_effect = share * 12.0 * market.capex_change / market.gdp
    market.stranded = stranded(world, state)
    market.ai_capex = sum(world.fleet.ai_share[f] * state.fleet.capex[f] for f in world.each("fleet"))
    market.ai_revenue = sum(
        world.segment.ai_share[s] * state.segment.revenue[s] for s in world.each("segment")
    )
    market.ai_revenue_capex = ratio(market.ai_revenue, market.ai_capex)
    total = sum(state.company.segment_revenue)
    squares = sum(revenue**2 for revenue in state.company.segment_revenue)
    market.concentration = squares / total**2 if total > 0 else 0.0
    market.companies_alive = sum(state.company.alive)
    market.failed_debt = sum(state.debt_at_failure)
    failed_now = [i for i in world.each("company") if state.failed_month[i] == state.month]
    market.large_failure = float(
        any(
            state.debt_at_failure[i] >= world.market.large_company
            for i in failed_now
            if state.cause[i] != "wind_down"
        )
    )
