"""Month 0 (page: "Start")."""

from tests.oracle.fleets import first_vintages, mark_fleets
from tests.oracle.funding import fair_value, limited_growth
from tests.oracle.world import State, World, whole

LONGEST_RUNWAY = 120.0


def start(world: World, luck) -> State:
    """State known at the end of month 0."""
    state = State(world, luck)
    company = state.company
    company.cash = list(world.company.cash)
    for i in world.each("company"):
        company.alive[i] = 1.0
        company.runway[i] = LONGEST_RUNWAY
        for level in (
            "list_price",
            "passed",
            "price",
            "effective_price",
            "input_cost",
            "capability",
            "activity",
            "fixed_level",
            "research_level",
            "research",
        ):
            getattr(company, level)[i] = 1.0
        company.used[i] = sum(world.contract.usage[e] for e in world.where("contract", "supplier", i))
        company.trade_revenue[i] = company.used[i]
        company.debt[i] = sum(world.loan.balance[e] for e in world.where("loan", "borrower", i))
    state.segment.growth = list(world.segment.growth)
    state.segment.revenue = list(world.segment.revenue)
    state.segment.volume = [1.0] * world.counts["segment"]
    state.segment.trend = [1.0] * world.counts["segment"]
    state.segment.response = [1.0] * world.counts["segment"]
    state.loan.balance = list(world.loan.balance)
    state.loan.undrawn = list(world.loan.undrawn)
    state.loan.maturity = [whole(month) for month in world.loan.maturity]
    state.fleet.plan = [1.0] * world.counts["fleet"]
    state.fleet.growth = list(world.fleet.capex_growth)
    state.market.companies_alive = float(world.counts["company"])
    state.market.regime = int(world.market.regime)
    state.market.listing = int(world.market.listing)
    start_revenue(world, state)
    state.vintages = [first_vintages(world, f) for f in world.each("fleet")]
    state.market.gpu_index = 1.0
    mark_fleets(world, state)
    for i in world.each("company"):
        orders = world.where("order", "vendor", i)
        equipment = sum(world.order.share[o] * world.fleet.capex[world.order.fleet[o]] for o in orders)
        company.capex[i] = sum(
            world.fleet.capex[f] + world.fleet.capex_of_revenue[f] * state.revenue0[i]
            for f in world.where("fleet", "owner", i)
        )
        company.valuation[i] = fair_value(world, state, i, state.revenue0[i] + equipment)
        company.last_valuation[i] = world.company.last_valuation[i] or company.valuation[i]
    return state


def start_revenue(world: World, state: State) -> None:
    """Revenue and growth before the first month."""
    state.revenue0, state.growth0 = [], []
    for i in world.each("company"):
        segments = world.where("segment", "seller", i)
        sold = sum(world.segment.revenue[s] for s in segments)
        weighted = sum(world.segment.revenue[s] * world.segment.growth[s] for s in segments)
        state.company.segment_revenue[i] = sold
        state.revenue0.append(sold + state.company.used[i])
        state.growth0.append(limited_growth(weighted / sold) if sold > 0 else 0.0)
        state.company.revenue[i] = state.revenue0[i]
        state.company.growth[i] = state.growth0[i]
