"""TODO."""

from spec.demand import decayed
from spec.limits import exp, level
from spec.world import State, World


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
