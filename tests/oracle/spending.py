"""Phase 6: plans of spending; costs that follow sales are known only in phase 10."""

from tests.oracle.capacity import measure
from tests.oracle.confidence import backlog, sway
from tests.oracle.demand import decayed
from tests.oracle.fleets import age_fleet, mark_fleets
from tests.oracle.world import State, World, exp, level


def spending(world: World, state: State, t: int) -> None:
    """Fixed and unforeseen cost, tax, research, capex plans; fleets grow a month older."""
    count = world.counts["company"]
    measure(world, state)
    state.unforeseen, state.wanted = [0.0] * count, [0.0] * count
    for i in world.each("company"):
        state.company.backlog[i] = backlog(world, state, i, t)
        plan_company(world, state, i, t)
    for f in world.each("fleet"):
        plan_fleet(world, state, f, t)
    mark_fleets(world, state)
    for i in world.each("company"):
        owned = world.where("fleet", "owner", i)
        state.company.depreciation[i] = sum(state.fleet.depreciation[f] for f in owned)


def plan_company(world: World, state: State, i: int, t: int) -> None:
    """What does not depend on the sales of the month."""
    company, plan = state.company, world.company
    for name, short in (("fixed_level", "fixed_cost"), ("research_level", "discretionary")):
        now, long = (getattr(plan, f"{short}_growth{end}")[i] for end in ("", "_long"))
        growth = (
            decayed(now, long, plan.cost_growth_half_life[i], t) if plan.cost_growth_half_life[i] else now
        )
        getattr(company, name)[i] = level(getattr(company, name)[i] * exp(growth / 12.0))
    if not state.alive(i):
        company.tax[i] = company.research[i] = 0.0
        return
    company.research[i] = company.research_level[i] * cut(world, state, i)
    company.tax[i] = plan.tax_rate[i] * max(0.0, company.profit[i])
    state.wanted[i] = plan.discretionary_cost[i] * company.research[i]
    state.unforeseen[i] = plan.cost_volatility[i] * state.luck.monthly("cost", plan.address[i], t)


def cut(world: World, state: State, i: int) -> float:
    """Share of the discretionary plan that is kept."""
    trigger = world.company.burn_cut_runway[i]
    if trigger == 0:
        return 1.0
    return min(1.0, max(world.company.burn_cut_floor[i], state.company.runway[i] / trigger))


def cost(world: World, state: State, i: int, revenue: float) -> float:
    """Cost of a living company at a revenue; negative is an inflow."""
    fixed = world.company.fixed_cost[i] * state.company.fixed_level[i]
    return fixed + world.company.variable_cost[i] * revenue + state.unforeseen[i]


def plan_fleet(world: World, state: State, f: int, t: int) -> None:
    """Age a fleet and plan its capex."""
    fleet, owner = world.fleet, world.fleet.owner[f]
    growth = decayed(fleet.capex_growth[f], fleet.capex_growth_long[f], fleet.capex_growth_half_life[f], t)
    state.fleet.growth[f] = growth
    state.fleet.plan[f] = level(state.fleet.plan[f] * exp(growth / 12.0))
    retired = age_fleet(world, state, f)
    living = state.alive(owner)
    sales = state.company.segment_revenue[owner] + state.company.trade_revenue[owner]
    wanted = fleet.capex[f] * state.fleet.plan[f] * sway(world, state, f)
    wanted += fleet.capex_of_revenue[f] * sales + fleet.refresh[f] * retired
    wanted += fleet.capex_of_backlog[f] * state.company.backlog[owner] / 12.0
    state.fleet.wanted[f] = wanted if living else 0.0
