"""Phase 7: covenants. A breach that lasts calls the loan, and those that cross-default with it.

    breach if cash < min_cash, balance > max_ltv * (collateral + fleet_collateral * fleet value), or smooth_cover < min_dscr * smooth_service
    accelerated if months in breach > cure_months, or cross_default and another loan of the borrower is

- Covenants are tested on the state of the month before; 0 switches each off. The cover is smoothed cash flow before debt service, against smoothed debt service, where any is due
  (more than 1e-12 of the size of the company at the start).
- The collateral value of a covenant is that of this month (phase 6: aged, at the index and at the marks of earlier forced sales). Forced sales of a month reach values in phase 6 of the next.
- `cure_months` is rounded to whole months.
- A month in breach raises the counter `breach`, a month without resets it; above `cure_months` the loan is accelerated: the balance is due now.
- `cross_default`: accelerated as soon as any other loan of the borrower is. It looks at loans called by their own covenants in this month.
- Covenants are tested before the draw of the month, on loans with a balance (others have their counter set back). `accelerated` says that a loan is called in this month.
- What is called is due with the [debt service](debt.md) of the month; a [workout](rescue.md) may waive covenants until `waiver`.

Units: USD; ratios; months whole.

Off: `min_cash`, `max_ltv` and `min_dscr` at 0, each its own; `cross_default` 0.

Tests: tests/theory/test_covenants.py, tests/oracle/test_equal.py
"""

from spec.limits import whole
from spec.rounding import LEAST_FLOW, beyond
from spec.world import State, World


def covenants(world: World, state: State) -> None:
    """Call every loan whose breach has lasted too long."""
    state.loan.accelerated = [0.0] * world.counts["loan"]
    loans = [e for e in world.each("loan") if state.alive(world.loan.borrower[e])]
    for e in loans:
        test_covenants(world, state, e)
    spread_acceleration(world, state, loans)


def over_value(world: World, state: State, e: int, fleets: float) -> bool:
    """Whether a loan breaks its loan-to-value covenant when the borrower's fleets are worth so much."""
    if state.month <= state.loan.waiver[e]:
        return False
    limit = world.loan.max_ltv[e]
    collateral = world.loan.collateral[e] + world.loan.fleet_collateral[e] * fleets
    balance = state.loan.balance[e]
    return limit > 0 and beyond(balance - limit * collateral, balance) > 0


def broken(world: World, state: State, e: int) -> bool:
    """Whether a covenant is broken: cash and cover of the month before, fleets of phase 6."""
    loan, company, i = world.loan, state.company, world.loan.borrower[e]
    if state.loan.balance[e] == 0 or state.month <= state.loan.waiver[e]:
        return False
    least = LEAST_FLOW * state.size0[i]
    short_of_cash = (
        loan.min_cash[e] > 0 and beyond(loan.min_cash[e] - company.cash[i], loan.min_cash[e]) > least
    )
    wanted = loan.min_dscr[e] * company.smooth_service[i]
    missing = beyond(wanted - company.smooth_cover[i], wanted)
    thin = loan.min_dscr[e] > 0 and company.smooth_service[i] > least and missing > least
    return short_of_cash or thin or over_value(world, state, e, company.fleet_value[i])


def test_covenants(world: World, state: State, e: int) -> None:
    """Count months in breach; call the loan when they are too many."""
    state.loan.breach[e] = state.loan.breach[e] + 1 if broken(world, state, e) else 0.0
    state.loan.accelerated[e] = float(state.loan.breach[e] > whole(world.loan.cure_months[e]))


def spread_acceleration(world: World, state: State, loans: list[int]) -> None:
    """Cross default: one loan called by its own covenants calls those of the borrower that say so."""
    called = {world.loan.borrower[e] for e in loans if state.loan.accelerated[e]}
    for e in loans:
        if world.loan.cross_default[e] and world.loan.borrower[e] in called and state.loan.balance[e] > 0:
            state.loan.accelerated[e] = 1.0
