"""Phase 6: what is built for contracts that have been signed, and for what customers want already.

    shortfall = max(0, ahead - standing) * 12 / capacity_revenue, 0 where that is 0
    ahead = S + sum over contracts it supplies of max(use wanted, commitments in month t + lag), of living customers
    standing = sum over the fleets of the owner of capacity_revenue / 12 * cost of vintages that are in use `lag` months from now, each fleet with its own `lag`
    capex wanted += construction * shortfall

- The owner looks as far ahead as an order takes: what it orders now serves month t + `lag`. What retires until then counts as gone, what has been ordered as there. So what is needed again is replaced, and what is not is left to retire.
- S are the sales of the month that need its fleets ([capacity](capacity.md)). Commitments are at prices of the start, as the [bills](bills.md) take them: what the customer has dropped, or is waived of, does not count.
- Several fleets of one owner each order their share of the whole shortfall: give them shares that add up to what the owner orders.
- Nothing is built ahead of demand that has not come: for that there are `capex` and its growth, and `capex_pressure` ([investment](investment.md)).
- Capex of month 0, which the draws of month 1 finance, is by the same rule: sales and use of the start, commitments of month `lag` as they are written.
- Orders of month t count from month t + 1 on, as paid: what could not be paid is short again.

Units: `shortfall` USD of gross cost; `construction` a share a month.

Off: `construction` 0.

Source: the accelerator with a delivery lag, Clark (1917); time to build, Kydland and Prescott (1982).

Tests: tests/theory/test_construction.py
"""

from spec.bills import commitment_now
from spec.capacity import first_sales
from spec.limits import whole
from spec.world import State, World


def shortfall(world: World, state: State, f: int, t: int) -> float:
    """Capacity that will be wanted when an order of this month arrives, and will not stand."""
    earning, owner = world.fleet.capacity_revenue[f], world.fleet.owner[f]
    if earning <= 0 or world.fleet.construction[f] == 0:
        return 0.0
    wanted = ahead(world, state, owner, t, whole(world.fleet.lag[f])) if state.alive(owner) else 0.0
    return max(0.0, wanted - standing(world, state, owner)) * 12.0 / earning


def first_order(world: World, state: State, f: int) -> float:
    """What had been ordered in the month before the start, by the same rule."""
    earning, owner = world.fleet.capacity_revenue[f], world.fleet.owner[f]
    if earning <= 0 or world.fleet.construction[f] == 0:
        return 0.0
    wanted, lag = first_sales(world, owner), whole(world.fleet.lag[f])
    for e in world.where("contract", "supplier", owner):
        wanted += max(world.contract.usage[e], signed(world, e, lag))
    lacks = max(0.0, wanted - standing(world, state, owner)) * 12.0 / earning
    return world.fleet.construction[f] * lacks


def signed(world: World, e: int, month: int) -> float:
    """Take-or-pay of a month as it is written."""
    rows, of = world.where("commitment", "contract", e), world.commitment
    return sum(
        of.amount[row] for row in rows if whole(of.first_month[row]) <= month <= whole(of.last_month[row])
    )


def ahead(world: World, state: State, i: int, t: int, lag: int) -> float:
    """What will be wanted of the fleets of a company in some months."""
    total = state.wanted_sales[i]
    for e in world.where("contract", "supplier", i):
        if state.alive(world.contract.customer[e]):
            total += max(state.use_wanted[e], commitment_now(world, state, e, t + lag))
    return total


def standing(world: World, state: State, i: int) -> float:
    """What the fleets of a company can serve once orders of this month arrive."""
    total = 0.0
    for f in world.where("fleet", "owner", i):
        lag, life = whole(world.fleet.lag[f]), whole(world.fleet.economic_life[f])
        cost = sum(v.cost for v in state.vintages[f] if 1 <= v.age + lag < life)
        total += world.fleet.capacity_revenue[f] * cost / 12.0
    return total
