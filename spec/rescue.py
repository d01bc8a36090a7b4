"""Before the clearing: workouts of companies that cannot pay a called or maturing balance, and the public backstop.

When: a company that could not pay ranks 1 to 5 had everybody paid in full is judged, all before any is helped.

    worked out if it could pay all but the balances due because they were called or mature, and u < workout_S
    written off = workout_haircut * balances due
    maturity = t + workout_months, of the rest
    cost = min(cash left, workout_cost * (cash left + fleet value)), to suppliers
    backstopped if else debt >= backstop_size and u < backstop
    rescued = what it lacks, from households
    backstopped += rescued

- Workout: all but these balances is no interest, no instalment, no trade, no staff. They are then not due. The part written off is a loss of the lenders, which may be more than one can bear: it fails, cause `losses`.
- Covenants are waived until the rest matures (`breach` is 0, `waiver` that month). `loan.accelerated` still says that the loan was called this month; the company's `accelerated` and `maturing`, what is due for it, are 0.
- The cost is no expense of the profit. Default 0.14: workouts cost 13 to 15 % of assets and bankruptcies 29 to 31 %.
- Its discretionary spending and capex of the month were cut already. A lender may fall short without the payment, in the same clearing. Loans called within the cascade are not worked out.
- `workout_S` is `workout_open`, `workout_normal`, `workout_shut`.
- Backstop: debt is balances with what is due of them. `rescued` is new money and no cash flow. What a company lacks because others do not pay is not covered.

Units: USD; `workout_months` months.

Off: `workout_open`, `workout_normal` and `workout_shut` 0; `backstop` 0.

Source: cost of workouts and bankruptcies from Davydenko, Strebulaev and Zhao (2012).

Tests: tests/theory/test_rescue.py
"""

from dataclasses import replace

from spec.fixed_point import LAST_HARD_RANK, Claim
from spec.limits import whole
from spec.regimes import by_regime
from spec.rounding import ROUNDING, least_shortfall
from spec.windows import credit_regime
from spec.world import OUTSIDE, State, World


def rescue(world: World, state: State, claims: list[Claim]) -> list[Claim]:
    """Help those who fall short by themselves, all judged before any is helped."""
    state.workout_losses = []
    state.company.rescued = [0.0] * world.counts["company"]
    judged = [(i, *judge(world, state, i, claims)) for i in state.own]
    for i, help_, end in judged:
        if help_ == "workout":
            claims = work_out(world, state, i, end, claims)
        elif help_ == "backstop":
            state.pay("households", i, -end)
            state.own[i] -= end
            state.company.rescued[i] = -end
            state.market.backstopped -= end
    return claims


def judge(world: World, state: State, i: int, claims: list[Claim]) -> tuple[str, float]:
    """Who helps a company, and what it would have left had everybody paid in full."""
    owed = [claim for claim in claims if claim.debtor == i]
    hard = sum(claim.amount for claim in owed if claim.rank <= LAST_HARD_RANK)
    soft = sum(claim.amount for claim in owed if claim.rank > LAST_HARD_RANK)
    before = state.own[i] + sum(claim.amount for claim in claims if claim.creditor == i) - hard
    if before >= -least_shortfall(state, i, hard):
        return "", 0.0
    luck = state.luck.uniforms("rescue", world.company.address[i], state.month)
    due = sum(state.called[e] + state.matured[e] for e in due_loans(world, state, i))
    if due > 0 and before + due >= 0 and luck[0] < by_regime(world, "workout", credit_regime(world, state)):
        return "workout", before - soft
    debt = sum(state.loan.balance[e] for e in world.where("loan", "borrower", i))
    covered = debt >= world.market.backstop_size and luck[1] < world.market.backstop
    return ("backstop" if covered else ""), before - soft


def due_loans(world: World, state: State, i: int) -> list[int]:
    """Loans of which a balance is due because they were called or mature."""
    return [e for e in world.where("loan", "borrower", i) if state.called[e] + state.matured[e] > 0]


def work_out(world: World, state: State, i: int, end: float, claims: list[Claim]) -> list[Claim]:
    """Extend the balances that are due, and write a part of them down, at a cost."""
    market, total = world.market, 0.0
    for e in due_loans(world, state, i):
        due = state.called[e] + state.matured[e]
        lost = market.workout_haircut * due
        total += due
        state.loan.principal[e] -= due
        state.called[e] = state.matured[e] = 0.0
        state.loan.balance[e] -= lost
        state.loan.loss[e] += lost
        state.loan.maturity[e] = state.loan.waiver[e] = state.month + whole(market.workout_months)
        state.loan.breach[e] = 0.0
        claims = [less(claim, due) if claim.what == ("loan", e) else claim for claim in claims]
        lender = world.loan.lender[e]
        if lender != OUTSIDE and state.alive(lender) and lost > 0:
            state.company.losses[lender] += lost
            state.workout_losses.append((lender, i, lost))
    state.company.debt_service[i] -= total
    state.company.accelerated[i] = state.company.maturing[i] = 0.0
    left = max(0.0, end + total)
    cost = min(left, market.workout_cost * (left + state.company.fleet_value[i]))
    state.pay(i, "suppliers", cost)
    state.own[i] -= cost
    return [claim for claim in claims if claim.amount > 0]


def less(claim: Claim, due: float) -> Claim:
    """A claim without the principal; what rounding leaves of it is nothing."""
    left = claim.amount - due
    return replace(claim, amount=left if left > ROUNDING * due else 0.0)
