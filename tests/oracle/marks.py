"""Phase 12: marks and gauges at the end of the month."""

import math

from tests.oracle.capacity import stranded
from tests.oracle.credit import lever
from tests.oracle.fleets import build
from tests.oracle.funding import await_exits, fair_value, limited_growth
from tests.oracle.multiplier import multiplier
from tests.oracle.purchases import purchases
from tests.oracle.start import LONGEST_RUNWAY
from tests.oracle.world import LEAST_FLOW, State, World, beyond, level, sells


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
    state.paid = purchases(world, state)
    await_exits(world, state)
    mark_market(world, state)


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
    burn = -company.smooth_flow[i]
    burn = company.burn[i] = burn if burn > LEAST_FLOW * state.size0[i] else 0.0
    company.runway[i] = min(LONGEST_RUNWAY, company.cash[i] / burn) if burn > 0 else LONGEST_RUNWAY
    mark_growth(state, i, t)
    company.valuation[i] = fair_value(world, state, i, company.revenue[i])
    company.debt[i] = sum(state.loan.balance[e] for e in world.where("loan", "borrower", i))
    lever(state, i)


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


LEAST_GAIN = 1e-9
SLOWEST = 1200.0  # months of doubling beyond which nobody counts

GONE = (
    *("cash", "runway", "burn", "smooth_flow", "growth", "smooth_revenue", "smooth_cover", "smooth_service"),
    *("debt", "leverage", "valuation", "positive_months"),
)


def clear_company(state: State, i: int) -> None:
    """A dead company has nothing."""
    for name in GONE:
        getattr(state.company, name)[i] = 0.0


def ratio(above: float, below: float) -> float:
    """A gauge: nothing where there is nothing to compare with, and no larger than a level may be."""
    return level(above / below) if below > 0 else 0.0


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


def mark_money(world: World, state: State) -> None:
    """Who gets new money, and what of it vendors pay."""
    market, company = state.market, state.company
    got = [
        company.raised[i] + max(0.0, company.pledged[i]) + company.drawn[i] + company.borrowed[i]
        for i in world.each("company")
    ]
    got = [money if money > LEAST_FLOW * state.size0[i] else 0.0 for i, money in enumerate(got)]
    sound = sum(money for i, money in enumerate(got) if earns(state, i))
    market.new_money = sum(got)
    market.funding_quality = sound / market.new_money if market.new_money > 0 else 0.0
    vendors = {
        payer
        for entity, payer, receiver in (("pledge", "investor", "company"), ("loan", "lender", "borrower"))
        for payer, receiver in zip(
            getattr(getattr(world, entity), payer), getattr(getattr(world, entity), receiver), strict=True
        )
        if sells(world, payer, receiver)
    }
    market.vendor_revenue = sum(company.trade_revenue[v] + company.equipment_revenue[v] for v in vendors)
    market.vendor_money = state.vendor_money
    market.vendor_financed = ratio(market.vendor_money, market.vendor_revenue)


def earns(state: State, i: int) -> bool:
    """Whether a company earns a profit, by more than rounding."""
    company = state.company
    sales = company.segment_revenue[i] + company.trade_revenue[i] + abs(company.equipment_revenue[i])
    spent = abs(company.costs[i]) + company.bills[i] + company.depreciation[i] + company.interest[i]
    return company.profit[i] > LEAST_GAIN * (sales + spent)


def mark_wealth(world: World, state: State) -> None:
    """Value of all companies against the start as demand sees it, and how unevenly it is spread."""
    values, start = state.company.valuation, sum(state.valuation0)
    total = sum(values)
    gain = math.log(min(1e3, max(1e-3, total / start))) if start > 0 else 0.0
    state.market.wealth += (gain - state.market.wealth) / world.market.wealth_lag
    shares = [value / total for value in values] if beyond(total, start) > 0 else [0.0]
    state.market.index_concentration = sum(share**2 for share in shares)
    state.market.top_share = max(shares)


def mark_failed_share(world: World, state: State) -> None:
    """Of a dollar of debt that had not failed before, what those owed who fail this month."""
    failed = [state.owed_before[i] for i in world.each("company") if state.failed_month[i] == state.month]
    if sum(failed) > 0:
        state.market.failed_share += (1.0 - state.market.failed_share) * sum(failed) / sum(state.owed_before)


def mark_market(world: World, state: State) -> None:
    """Gauges of the whole."""
    market, before = state.market, state.market.capex
    market.capex = sum(state.fleet.capex)
    market.capex_change = market.capex - before if state.month > 1 else 0.0
    market.capex_gdp = 12.0 * market.capex / market.gdp_trend
    share = world.market.gdp_multiplier * world.market.domestic_share
    market.gdp_effect = share * 12.0 * market.capex_change / market.gdp_trend
    mark_gdp(world, state)
    mark_money(world, state)
    market.cascade_multiplier = multiplier(world, state, state.month)
    mark_wealth(world, state)
    market.stranded = stranded(world, state)
    market.ai_capex = sum(world.fleet.ai_share[f] * state.fleet.capex[f] for f in world.each("fleet"))
    market.ai_revenue = sum(
        world.segment.ai_share[s] * state.segment.revenue[s] for s in world.each("segment")
    )
    mark_doubling(state)
    market.ai_revenue_capex = ratio(market.ai_revenue, market.ai_capex)
    total = sum(state.company.segment_revenue)
    squares = sum(revenue**2 for revenue in state.company.segment_revenue)
    market.concentration = squares / total**2 if total > 0 else 0.0
    market.companies_alive = sum(state.company.alive)
    market.failed_debt = sum(state.debt_at_failure)
    mark_failed_share(world, state)
    failed_now = [i for i in world.each("company") if state.failed_month[i] == state.month]
    market.large_failure = float(
        any(
            state.debt_at_failure[i] >= world.market.large_company
            for i in failed_now
            if state.cause[i] != "wind_down"
        )
    )
