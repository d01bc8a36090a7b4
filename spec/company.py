"""A company: its costs, its tax, its research, and what is always known of it.

When: phase 6; costs that follow sales are known in phase 10.

    costs = fixed_cost * fixed_level * staff + severance_paid + variable_cost * revenue + cost_volatility * xi
    fixed_level = exp(fixed_cost_growth * t/12)
    research_level = exp(discretionary_growth * t/12)
    growth of either = long + (now - long) * 2^(-(t-1)/cost_growth_half_life), with cost_growth_half_life above 0
    tax = tax_rate * max(0, profit of the month before)
    cut = clamp(runway / burn_cut_runway, burn_cut_floor, 1)
    research = research_level * cut
    discretionary wanted = discretionary_cost * research

- `revenue` = segment + trade + equipment. If costs are negative they are an inflow from suppliers.
- With `cost_growth_half_life` above 0, growth of fixed cost and of the discretionary plan decays like demand growth, towards `fixed_cost_growth_long` and
  `discretionary_growth_long`; else it stays.
- `cut` is 1 if `burn_cut_runway` is 0. Its runway is that of the month before.
- `staff` and `severance_paid` are on the page [retrenchment](retrenchment.md), and so is what hibernation does to `research`.
- Noise of costs leaves means as they are.
- `cash`, `net_cash_flow`, `smooth_flow`, `burn`, `runway` and `profit` of the month are known at its end ([marks](marks.md)). The sectors outside are `households`, `suppliers` and `capital` ([world](world.md)).
- `minimum_cash` is what discretionary spending, capex, payouts, pledges, draws and deals must leave; `payout` is a share of what was earned ([clearing](clearing.md)).

Units: USD a month; growth a year; `cost_volatility` USD for the square root of a month; runway months.

Off: `cost_volatility` 0, `burn_cut_runway` 0, `cost_growth_half_life` 0, `tax_rate` 0, `payout` 0.

Tests: tests/theory/test_growth.py, tests/theory/test_runway.py, tests/theory/test_ruin.py
"""

from spec.demand import decayed
from spec.limits import exp, level
from spec.retrenchment import decide, rest
from spec.world import State, World


def plan_company(world: World, state: State, i: int, t: int) -> None:
    """What does not depend on the sales of the month."""
    company, plan = state.company, world.company
    if state.alive(i):
        decide(world, state, i)
    for name, short in (("fixed_level", "fixed_cost"), ("research_level", "discretionary")):
        now, long = (getattr(plan, f"{short}_growth{end}")[i] for end in ("", "_long"))
        growth = (
            decayed(now, long, plan.cost_growth_half_life[i], t) if plan.cost_growth_half_life[i] else now
        )
        getattr(company, name)[i] = level(getattr(company, name)[i] * exp(growth / 12.0))
    if not state.alive(i):
        company.tax[i] = company.research[i] = 0.0
        company.severance_paid[i] = company.hibernates[i] = 0.0
        return
    company.research[i] = company.research_level[i] * cut(world, state, i)
    company.tax[i] = plan.tax_rate[i] * max(0.0, company.profit[i])
    state.wanted[i] = plan.discretionary_cost[i] * company.research[i]
    rest(world, state, i)
    state.unforeseen[i] = plan.cost_volatility[i] * state.luck.monthly("cost", plan.address[i], t)


def cut(world: World, state: State, i: int) -> float:
    """Share of the discretionary plan that is kept."""
    trigger = world.company.burn_cut_runway[i]
    if trigger == 0:
        return 1.0
    return min(1.0, max(world.company.burn_cut_floor[i], state.company.runway[i] / trigger))


def cost(world: World, state: State, i: int, revenue: float) -> float:
    """Cost of a living company at a revenue; negative is an inflow."""
    fixed = world.company.fixed_cost[i] * state.company.fixed_level[i] * state.company.staff[i]
    fixed += state.company.severance_paid[i]
    return fixed + world.company.variable_cost[i] * revenue + state.unforeseen[i]
