"""Phase 6: plans of spending; costs that follow sales are known only in phase 10.

    utilisation and demand, of every company
    backlog, of every company
    what is cut, costs, tax, research and the wish to spend, of every company
    capex plan, age, value and depreciation, of every fleet
    depreciation_i = sum of depreciation and written_off of its fleets

The formulas are those of [capacity](capacity.md), [backlog](backlog.md), [retrenchment](retrenchment.md), [company](company.md) and [fleet](fleet.md), in this order.

Tests: tests/theory/test_growth.py, tests/theory/test_vintages.py
"""

from spec.backlog import backlog
from spec.capacity import measure
from spec.company import plan_company
from spec.fleet import age_fleet, mark_fleets, plan_fleet
from spec.world import State, World


def spending(world: World, state: State, t: int) -> None:
    """Fixed and unforeseen cost, tax, research, capex plans; fleets grow a month older."""
    count = world.counts["company"]
    state.unforeseen, state.wanted = [0.0] * count, [0.0] * count
    for i in world.each("company"):
        state.company.backlog[i] = backlog(world, state, i, t)
        plan_company(world, state, i, t)
    measure(world, state)
    retired = [age_fleet(world, state, f) for f in world.each("fleet")]
    for f in world.each("fleet"):
        plan_fleet(world, state, f, t, retired[f])
    mark_fleets(world, state)
    for i in world.each("company"):
        owned = world.where("fleet", "owner", i) if state.alive(i) else []
        charges = (state.fleet.depreciation[f] + state.fleet.written_off[f] for f in owned)
        state.company.depreciation[i] = sum(charges)
