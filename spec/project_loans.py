"""Phase 7: loans that belong to a contract: what is drawn for it, what its customer's credit costs, and how it repays.

    served_e = max(use wanted * min(1, room / use wanted of the supplier), commitment_now in month t * deliverable)
    missing_e = max(0, max(use wanted, commitment_now in month t + lag) - served_e), 0 once the customer is dead
    project_capex = min(capex paid the month before * missing_e / sum of missing over its contracts, missing_e * 12 / capacity_revenue)
    asked = min(undrawn, draw_share * project_capex)
    margin += customer_spread * (1 - min(1, runway / 12) of the customer), customer_spread once it is dead
    principal = balance * commitment of month t / sum of its commitments from month t to maturity (contract)

- A loan that names a `contract` of its borrower pays for nothing but the capex that this contract lacks: `draw_share` is then its advance rate, and the rest is cash or equity. Once all is delivered nothing is drawn,
  nor when the customer has failed, has let go of its commitments ([bills](bills.md)), or while the window is shut if the loan says so ([credit](credit.md)). Without another way to pay, the owner
  builds later, and a limited owner that is paid on delivery earns later ([capacity](capacity.md)).
- `room`, `deliverable` and use wanted are those of this month ([capacity](capacity.md)); an owner without limits serves all.
- `lag` is the longest and `capacity_revenue` the least of the fleets of the borrower with `capacity_revenue` above 0; without such a fleet nobody can tell what is delivered, and nothing is drawn.
- `amortisation` contract (sculpted): shares of the commitments as they are written, at prices of the start, from the end of `interest_only` on. Where none is left to come, nothing is due before the maturity, and the rest then.
  The borrower owes it all the same when the customer fails: these loans have recourse.
- The margin moves each month for a floating loan; one of fixed rate takes it when it is refinanced. A customer whose runway is a year or more has the best credit; runway is that of the month before.

When: `project_capex` with the [draws](credit_lines.md), margin and principal with [debt service](debt.md).

Units: USD; `customer_spread` a year.

Off: no loan names a `contract`; `customer_spread` 0; `amortisation` not contract.

Source: delayed draws, advance rates and sculpted repayment of project finance, Yescombe (2013); prices by customer's credit as in the DDTL 2.0 facility of CoreWeave (2024).

Tests: tests/theory/test_project_loans.py
"""

from spec.bills import commitment_now, deliverable
from spec.limits import whole
from spec.prorata import part
from spec.world import OUTSIDE, State, World

MONTHS_OF_CREDIT = 12.0


def project_loans(world: World, state: State, t: int) -> None:
    """Measure what the contract behind each loan needs."""
    for k in world.each("loan"):
        behind = world.loan.contract[k] != OUTSIDE and state.alive(world.loan.borrower[k])
        state.loan.project_capex[k] = project_capex(world, state, k, t) if behind else 0.0


def project_capex(world: World, state: State, k: int, t: int) -> float:
    """Capex of the month before that the contract of a loan lacks."""
    e, i = world.loan.contract[k], world.loan.borrower[k]
    earning = [f for f in world.where("fleet", "owner", i) if world.fleet.capacity_revenue[f] > 0]
    if not earning or world.contract.supplier[e] != i:
        return 0.0
    lag = max(whole(world.fleet.lag[f]) for f in earning)
    lacks = {c: missing(world, state, c, t, lag) for c in world.where("contract", "supplier", i)}
    if lacks[e] == 0:
        return 0.0
    cost = lacks[e] * 12.0 / min(world.fleet.capacity_revenue[f] for f in earning)
    return min(state.company.capex[i] * (lacks[e] / sum(lacks.values())), cost)


def missing(world: World, state: State, e: int, t: int, lag: int) -> float:
    """What a customer will want once an order of this month arrives, beyond what it is served now."""
    if not state.alive(world.contract.customer[e]):
        return 0.0
    i = world.contract.supplier[e]
    used = state.use_wanted[e] * part(state.room[i], state.wanted_use[i])
    served = max(used, commitment_now(world, state, e, t) * deliverable(world, state, i, t))
    return max(0.0, max(state.use_wanted[e], commitment_now(world, state, e, t + lag)) - served)


def customer_premium(world: World, state: State, k: int) -> float:
    """Spread for the credit of the customer behind a loan."""
    e = world.loan.contract[k]
    if e == OUTSIDE:
        return 0.0
    customer = world.contract.customer[e]
    months = state.company.runway[customer] if state.alive(customer) else 0.0
    return world.loan.customer_spread[k] * (1.0 - min(1.0, months / MONTHS_OF_CREDIT))


def sculpted(world: World, state: State, k: int, t: int) -> float:
    """Part of what is left to come under the contract of a loan by its maturity that comes this month."""
    e = world.loan.contract[k]
    last = max(t, int(state.loan.maturity[k]))
    coming = sum(written(world, row, t, last) for row in world.where("commitment", "contract", e))
    now = sum(written(world, row, t, t) for row in world.where("commitment", "contract", e))
    return now / coming if coming > 0 else 0.0


def written(world: World, row: int, first: int, last: int) -> float:
    """What a commitment brings between two months, both included."""
    begins, ends = whole(world.commitment.first_month[row]), whole(world.commitment.last_month[row])
    return max(0, min(last, ends) - max(first, begins) + 1) * world.commitment.amount[row]
