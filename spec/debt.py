"""Phase 7: interest and principal due, maturities and refinancing.

    rate_now = rate + margin, or base_rate + spread + rate + margin if floating
    interest = balance * rate_now / 12
    principal = 0 before interest_only months have passed, and of a bullet
    principal = balance / months left (linear)
    principal = balance * r / ((1 + r)^months left - 1) (annuity; linear if r is at most 1e-9)
    principal = repayments of month t, at most the balance (schedule)
    principal = balance * share of its contract's commitments to come that falls in month t (contract, see project loans)
    months left = maturity - t + 1
    refinanced if u < refinance_chance * refinance_S * exp(-refinance_leverage * excess - refinance_spread * max(0, spread + margin asked - spread_normal)) * max(0, 1 - tightening * stress)
    maturing = what falls due beyond the instalment

- [Covenants](covenants.md) are tested and [draws](credit_lines.md) paid before; what is called is due as if it matured. Months are rounded to whole ones.
- `r` is the monthly rate. `amortisation` is 0 bullet, 1 linear, 2 annuity, 3 schedule (`repayment.month`, `repayment.amount`), 4 contract ([project loans](project_loans.md)).
- In month `maturity` the instalment of the schedule is due as in any other month (the last of an annuity or linear loan is all that is left).
  What it leaves, a balance after a bullet or a schedule, falls due too, from then on, unless it is refinanced. Then the maturity moves by `refinance_months`, and only interest and the instalment are due.
- `refinance_S` is `refinance_open`, 1, `refinance_shut`; with `windows` on, of the credit window ([windows](windows.md)).
- Debt service is due in the loan's rank: 2 secured, 4 unsecured, 5 subordinated. What is owed to a dead lender goes to `capital`, as to an outside one.
- A loan in month `maturity` that is also accelerated counts as accelerated. Codes and flags cannot be drawn from ranges.
- `debt` of a company is the sum of its balances, `debt_service` interest and principal, `debt_service_received` what its debtors paid.

Units: USD; rates a year; months whole.

Off: `refinance_chance` 0.

Tests: tests/theory/test_debt.py, tests/theory/test_failed_share.py
"""

from spec.credit import premium, willingness
from spec.limits import whole
from spec.project_loans import sculpted
from spec.regimes import by_regime
from spec.rounding import beyond
from spec.windows import credit_regime
from spec.world import State, World

LINEAR, ANNUITY, SCHEDULE, CONTRACT = 1, 2, 3, 4
LEAST_RATE = 1e-9


def debt(world: World, state: State, t: int) -> None:
    """What every borrower owes its lenders this month."""
    loans = [e for e in world.each("loan") if state.alive(world.loan.borrower[e])]
    state.loan.interest = [0.0] * world.counts["loan"]
    state.loan.principal = [0.0] * world.counts["loan"]
    state.called, state.matured = [0.0] * world.counts["loan"], [0.0] * world.counts["loan"]
    price(world, state)
    for e in loans:
        fall_due(world, state, e, t)
    for i in world.each("company"):
        sum_up(world, state, i)


def sum_up(world: World, state: State, i: int) -> None:
    """Debt service of a company."""
    owed = world.where("loan", "borrower", i)
    state.company.interest[i] = sum(state.loan.interest[e] for e in owed)
    state.company.debt_service[i] = sum(state.loan.interest[e] + state.loan.principal[e] for e in owed)
    state.company.accelerated[i] = sum(state.called[e] for e in owed)
    state.company.maturing[i] = sum(state.matured[e] for e in owed)


def price(world: World, state: State) -> None:
    """Margins of floating loans follow leverage and losses of the lender."""
    for e in world.each("loan"):
        if not state.alive(world.loan.borrower[e]):
            state.loan.margin[e] = 0.0
        elif world.loan.floating[e]:
            state.loan.margin[e] = premium(world, state, e)


def monthly_rate(world: World, state: State, e: int) -> float:
    """Interest of a month on a dollar."""
    above = world.market.base_rate + state.market.spread if world.loan.floating[e] else 0.0
    return (world.loan.rate[e] + above + state.loan.margin[e]) / 12.0


def fall_due(world: World, state: State, e: int, t: int) -> None:
    """Interest and principal of the month; at maturity, also what the schedule leaves."""
    balance = state.loan.balance[e]
    state.loan.interest[e] = balance * monthly_rate(world, state, e)
    if state.loan.accelerated[e]:
        state.loan.principal[e] = state.called[e] = balance
        return
    state.loan.principal[e] = instalment(world, state, e, t)
    if t < state.loan.maturity[e]:
        return
    left = beyond(balance - state.loan.principal[e], balance)
    if left == 0 or not refinanced(world, state, e, t):
        state.loan.principal[e], state.matured[e] = balance, left


def refinanced(world: World, state: State, e: int, t: int) -> bool:
    """Try to move the maturity."""
    chance = world.loan.refinance_chance[e] * by_regime(world, "refinance", credit_regime(world, state))
    state.market.tries += float(world.loan.refinance_chance[e] > 0)
    chance *= willingness(world, state, e)
    luck = state.luck.uniforms("refinance", world.loan.address[e], t)[0]
    if luck >= chance:
        state.market.refusals += float(world.loan.refinance_chance[e] > 0)
        return False
    state.loan.maturity[e] = t + whole(world.loan.refinance_months[e])
    state.loan.margin[e] = premium(world, state, e)
    return True


def instalment(world: World, state: State, e: int, t: int) -> float:
    """Principal due by the schedule of the loan."""
    balance, left = state.loan.balance[e], max(1, state.loan.maturity[e] - t + 1)
    if t <= whole(world.loan.interest_only[e]):
        return 0.0
    kind, r = int(world.loan.amortisation[e]), monthly_rate(world, state, e)
    if kind == SCHEDULE:
        rows = [k for k in world.where("repayment", "loan", e) if whole(world.repayment.month[k]) == t]
        return min(balance, sum(world.repayment.amount[k] for k in rows))
    if kind == CONTRACT:
        return balance * sculpted(world, state, e, t)
    if kind == LINEAR or (kind == ANNUITY and r <= LEAST_RATE):
        return balance / left
    if kind == ANNUITY:
        return balance * r / ((1.0 + r) ** left - 1.0)
    return 0.0
