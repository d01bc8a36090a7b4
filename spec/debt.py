"""Phase 7: covenants, draws, interest and principal due, maturities and refinancing.

    asked = min(undrawn, draw_share * capex paid the month before + draw_purchases * purchases)
    rate_now = rate + margin, or base_rate + spread + rate + margin if floating
    interest = balance * rate_now / 12
    principal = 0 before interest_only months have passed, and of a bullet
    principal = balance / months left (linear)
    principal = balance * r / ((1 + r)^months left - 1) (annuity; linear if r is at most 1e-9)
    principal = repayments of month t, at most the balance (schedule)
    months left = maturity - t + 1
    refinanced if u < refinance_chance * refinance_S * exp(-refinance_leverage * excess - refinance_spread * max(0, spread + margin asked - spread_normal)) * max(0, 1 - tightening * stress)
    breach if cash < min_cash, balance > max_ltv * (collateral + fleet_collateral * fleet value), or smooth_cover < min_dscr * smooth_service
    accelerated if months in breach > cure_months, or cross_default and another loan of the borrower is
    maturing = what falls due beyond the instalment

- Draws come first. `purchases` are those of the borrower from the lender ([vendor finance](vendor_finance.md)). A lender that is a company pays all that is asked of it pro rata, out of its cash above
  its minimum before any draw. Nothing is drawn if the borrower is dead or the loan in default. Cash moves at once; the balance rises. Standby draws and limits are on the page [credit](credit.md).
- `r` is the monthly rate. `amortisation` is 0 bullet, 1 linear, 2 annuity, 3 schedule (`repayment.month`, `repayment.amount`).
- The collateral value of a covenant is that of this month (phase 6: aged, at the index and at the marks of earlier forced sales). Forced sales of a month reach values in phase 6 of the next.
- `cure_months` is rounded to whole months everywhere.
- A loan cannot be drawn from month `maturity` on. In month `maturity` the instalment of the schedule is due as in any other month (the last of an annuity or linear loan is all that is left).
  What it leaves, a balance after a bullet or a schedule, falls due too, from then on, unless it is refinanced. Then the maturity moves by `refinance_months`, and only interest and the instalment are due.
- `refinance_S` is `refinance_open`, 1, `refinance_shut`; with `windows` on, of the credit window ([windows](windows.md)).
- Covenants are tested on the state of the month before; 0 switches each off. The cover is smoothed cash flow before debt service, against smoothed debt service, where any is due
  (more than 1e-12 of the size of the company at the start).
- A month in breach raises the counter `breach`, a month without resets it; above `cure_months` the loan is accelerated: the balance is due now.
- `cross_default`: accelerated as soon as any other loan of the borrower is. It looks at loans called by their own covenants in this month.
- Debt service is due in the loan's rank: 2 secured, 4 unsecured, 5 subordinated. What is owed to a dead lender goes to `capital`, as to an outside one.
- Covenants are tested before the draw of the month, on loans with a balance (others have their counter set back). `accelerated` says that a loan is called in this month.
- A loan in month `maturity` that is also accelerated counts as accelerated. Codes and flags cannot be drawn from ranges.
- `debt` of a company is the sum of its balances, `debt_service` interest and principal, `debt_service_received` what its debtors paid, `drawn` the draws for capex and purchases.

Units: USD; rates a year; months whole.

Off: each covenant at 0; `draw_share` 0, `refinance_chance` 0.

Tests: tests/theory/test_debt.py, tests/theory/test_covenants.py, tests/theory/test_failed_share.py
"""

from spec.credit import ease, may_draw, need, premium, willingness
from spec.limits import whole
from spec.prorata import part, shares
from spec.regimes import by_regime
from spec.rounding import LEAST_FLOW, beyond
from spec.vendor_finance import sells
from spec.windows import credit_regime
from spec.world import OUTSIDE, State, World

LINEAR, ANNUITY, SCHEDULE = 1, 2, 3
LEAST_RATE = 1e-9


def debt(world: World, state: State, t: int) -> None:
    """What every borrower owes its lenders this month."""
    state.loan.accelerated = [0.0] * world.counts["loan"]
    loans = [e for e in world.each("loan") if state.alive(world.loan.borrower[e])]
    for e in loans:
        test_covenants(world, state, e)
    spread_acceleration(world, state, loans)
    state.company.drawn = [0.0] * world.counts["company"]
    state.company.borrowed = [0.0] * world.counts["company"]
    draws(world, state, loans, t)
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


def draws(world: World, state: State, loans: list[int], t: int) -> None:
    """All ask, then every lender shares what it has."""
    asked = {e: ask(world, state, e, t) for e in loans}
    for i in world.each("company"):
        share_need(world, state, [e for e in asked if world.loan.borrower[e] == i], asked)
    paid = shares(world, state, [(world.loan.lender[e], sum(amounts)) for e, amounts in asked.items()])
    for e, (spent, fresh) in asked.items():
        draw(world, state, e, [paid[world.loan.lender[e]] * amount for amount in (spent, fresh)])


def ask(world: World, state: State, e: int, t: int) -> list[float]:
    """What is to be drawn: for capex and purchases of the month before, and to restore runway."""
    borrower, lender = world.loan.borrower[e], world.loan.lender[e]
    if state.loan.accelerated[e] or t >= state.loan.maturity[e] or not may_draw(world, state, e):
        return [0.0, 0.0]
    wanted = world.loan.draw_share[e] * state.company.capex[borrower]
    wanted += world.loan.draw_purchases[e] * state.paid.get((borrower, lender), 0.0)
    spent = min(state.loan.undrawn[e], ease(world, state, e) * wanted)
    fresh = min(state.loan.undrawn[e] - spent, ease(world, state, e) * need(world, state, e))
    return [spent, fresh]


def share_need(world: World, state: State, loans: list[int], asked: dict[int, list[float]]) -> None:
    """Standby loans of a company together restore its runway once."""
    needs = [need(world, state, e) for e in loans if asked[e][1] > 0]
    share = part(max(needs, default=0.0), sum(asked[e][1] for e in loans))
    for e in loans:
        asked[e][1] *= share


def draw(world: World, state: State, e: int, amounts: list[float]) -> None:
    """Lend what is paid of a draw."""
    borrower, lender = world.loan.borrower[e], world.loan.lender[e]
    spent, fresh = amounts
    state.pay("capital" if lender == OUTSIDE else lender, borrower, spent + fresh)
    state.loan.undrawn[e] = max(0.0, state.loan.undrawn[e] - (spent + fresh))
    state.loan.balance[e] += spent + fresh
    state.company.drawn[borrower] += spent
    state.company.borrowed[borrower] += fresh
    state.vendor_money += spent + fresh if sells(world, lender, borrower) else 0.0


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
    state.loan.maturity[e] += whole(world.loan.refinance_months[e])
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
    if kind == LINEAR or (kind == ANNUITY and r <= LEAST_RATE):
        return balance / left
    if kind == ANNUITY:
        return balance * r / ((1.0 + r) ** left - 1.0)
    return 0.0
