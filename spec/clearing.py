"""Phase 10: all obligations of the month settle at once.

| rank | what | not paid |
|---|---|---|
| 1 | staff, suppliers and tax | default |
| 2 | secured debt service | default |
| 3 | contracts and committed capex | default |
| 2 to 5 | what a rule makes a company pay another ([payments](payments.md)), as it says | default |
| 4 | unsecured debt service; support of a subsidiary ([groups](groups.md)); cash that a rule or a host takes beyond what there is ([rules](rules.md)) | default |
| 5 | subordinated debt service | default |
| 6 | discretionary spending | given up |
| 7 | uncommitted capex | given up |
| 8 | payout; what a subsidiary gives up to its owner | given up |

    room = cash + segment + bills received + debt service received - costs(without equipment) - tax - bills - debt service - committed capex - minimum_cash - discretionary wanted
    uncommitted capex paid = clamp(room, 0, wanted), nothing where the room is a [rounding](rounding.md)
    equipment revenue of vendor v = sum over orders of share * capex paid by the fleet
    room += equipment revenue less its variable cost, - capex
    discretionary paid = clamp(room before discretionary, 0, wanted)
    payout paid = payout * max(0, earned), no more than what is above minimum_cash
    end = cash + all inflows - all outflows
    share paid out by a company in default = 1 - default_cost

- Partial payment is pro rata within a rank.
- Bills are paid when they are due, at once or months later ([payables](payables.md)).
- Capex is decided on what is there without equipment sales of the month. Shares of orders that do not reach 1, and those of dead vendors, go to `suppliers`.
- `earned` = all inflows less all outflows of this phase (rounds, pledges and draws are not in it). The payout is paid to `capital`.
- Where no living company has `end < 0` the month is settled: one pass over the edges. Otherwise the path is settled by the greatest clearing vector with these ranks ([fixed point](fixed_point.md)):
  a company that cannot pay ranks 1 to 5, by more than a [rounding](rounding.md), defaults, and pays out that share of its cash and inflows from outside and of what it receives; the lost part goes to `suppliers`.

Units: USD.

Tests: tests/reference/test_clearing_cases.py, tests/properties/test_laws.py, tests/oracle/test_equal.py
"""

from spec.company import cost
from spec.fixed_point import Claim, Clearing, clear, gross
from spec.fleet import ordered
from spec.groups import within_groups
from spec.payments import payment_claims, payments_from_outside
from spec.rescue import rescue
from spec.rounding import beyond, least_shortfall
from spec.world import OUTSIDE, State, World

STAFF, CONTRACTS, LEVY, RESEARCH, CAPEX, PAYOUT = 1, 3, 4, 6, 7, 8


def clearing(world: World, state: State) -> Clearing:
    """Plan what gives way, then pay; those that default are marked with cause and trigger by the cascade."""
    living = [i for i in world.each("company") if state.alive(i)]
    claims = hard_claims_of_month(world, state)
    state.uncommitted = plan_capex(world, state, living, claims)
    claims += orders(world, state, state.uncommitted, CAPEX)
    fill_revenue(world, state, claims)
    claims += staff(state, living)
    claims += plan_rest(world, state, living, claims)
    state.own = {i: state.company.cash[i] + outside_inflow(state, i) for i in living}
    claims += within_groups(world, state, claims, state.own)
    claims = rescue(world, state, claims)
    state.claims = claims
    state.levied = [0.0] * world.counts["company"]
    state.largest = max([state.largest, *state.own.values(), *(claim.amount for claim in claims)])
    least = {i: least_shortfall(state, i, 0.0) for i in living}
    result = clear(state.own, {i: world.company.default_cost[i] for i in living}, claims, least)
    pay_all(world, state, living, result)
    return result


def lender_of(world: World, state: State, e: int) -> int | str:
    """Who is paid under a loan."""
    lender = world.loan.lender[e]
    return lender if lender != OUTSIDE and state.alive(lender) else "capital"


def hard_claims_of_month(world: World, state: State) -> list[Claim]:
    """Debt service, bills and committed capex."""
    claims = []
    for e in world.each("loan"):
        due = state.loan.interest[e] + state.loan.principal[e]
        rank = int(world.loan.rank[e])
        claims.append(Claim(world.loan.borrower[e], lender_of(world, state, e), rank, due, ("loan", e)))
    for e in world.each("contract"):
        customer, supplier = world.contract.customer[e], world.contract.supplier[e]
        payee = supplier if state.alive(supplier) else "capital"
        claims.append(Claim(customer, payee, CONTRACTS, state.due[e], ("contract", e)))
        at_once = state.at_once[e] + state.elsewhere[e]
        claims.append(Claim(customer, "suppliers", CONTRACTS, at_once, ("elsewhere", e)))
    claims += [Claim(i, "capital", LEVY, state.levied[i], ("levy", i)) for i in world.each("company")]
    claims += payment_claims(state)
    claims += orders(world, state, state.owed_capex, CONTRACTS)
    return [claim for claim in claims if claim.amount > 0]


def orders(world: World, state: State, capex: list[float], rank: int) -> list[Claim]:
    """Capex of fleets, owed to their vendors and, for the rest, to suppliers outside."""
    claims = []
    for f in world.each("fleet"):
        owner, rest = world.fleet.owner[f], 1.0
        for o in world.where("order", "fleet", f):
            vendor, share = world.order.vendor[o], ordered(world, o)
            if state.alive(vendor):
                claims.append(Claim(owner, vendor, rank, share * capex[f], ("fleet", f)))
                rest -= share
        claims.append(Claim(owner, "suppliers", rank, rest * capex[f], ("fleet", f)))
    return [claim for claim in claims if claim.amount > 0]


def received(claims: list[Claim], i: int, kind: str) -> float:
    """Full payment on what a company is owed of a kind."""
    return sum(claim.amount for claim in claims if claim.creditor == i and claim.what[0] == kind)


def owed(claims: list[Claim], i: int) -> float:
    """Full payment on what a company owes."""
    return sum(claim.amount for claim in claims if claim.debtor == i)


def fill_revenue(world: World, state: State, claims: list[Claim]) -> None:
    """Sales and cost of the month, with everybody paying in full."""
    company = state.company
    for i in world.each("company"):
        company.equipment_revenue[i] = received(claims, i, "fleet")
        company.revenue[i] = (
            company.segment_revenue[i] + company.trade_revenue[i] + company.equipment_revenue[i]
        )
        company.costs[i] = cost(world, state, i, company.revenue[i]) if state.alive(i) else 0.0


def plan_capex(world: World, state: State, living: list[int], claims: list[Claim]) -> list[float]:
    """Uncommitted capex that cash allows, before this month's sales of equipment."""
    planned = [0.0] * world.counts["fleet"]
    for i in living:
        company = state.company
        sales = company.segment_revenue[i] + company.trade_revenue[i]
        room = company.cash[i] + company.segment_revenue[i] + state.received[i]
        room += received(claims, i, "loan") - cost(world, state, i, sales)
        room += received(claims, i, "payment") + paid_from_outside(state, i)
        room -= company.tax[i] + owed(claims, i) + world.company.minimum_cash[i] + state.wanted[i]
        fleets = world.where("fleet", "owner", i)
        free = {f: state.fleet.wanted[f] - state.owed_capex[f] for f in fleets}
        total = sum(free.values())
        room = beyond(room, max(total, company.cash[i] + sales))
        for f in fleets:
            planned[f] = free[f] * min(1.0, room / total) if total > 0 else 0.0
    return planned


def staff(state: State, living: list[int]) -> list[Claim]:
    """Costs and tax."""
    claims = []
    for i in living:
        claims.append(Claim(i, "suppliers", STAFF, max(0.0, state.company.costs[i]), ("costs", i)))
        claims.append(Claim(i, "suppliers", STAFF, state.company.tax[i], ("tax", i)))
    return claims


def outside_inflow(state: State, i: int) -> float:
    """What comes from outside the network."""
    company = state.company
    return company.segment_revenue[i] + max(0.0, -company.costs[i]) + paid_from_outside(state, i)


def paid_from_outside(state: State, i: int) -> float:
    """What rules make sectors pay a company."""
    return sum(amount for _, payee, amount in payments_from_outside(state) if payee == i)


def plan_rest(world: World, state: State, living: list[int], claims: list[Claim]) -> list[Claim]:
    """Discretionary spending and payout that cash allows."""
    rest = []
    for i in living:
        earned = outside_inflow(state, i) - owed(claims, i)
        earned += sum(claim.amount for claim in claims if claim.creditor == i)
        room = state.company.cash[i] + earned - world.company.minimum_cash[i]
        research = min(state.wanted[i], max(0.0, room))
        payout = world.company.payout[i] * max(0.0, earned - research)
        payout = min(payout, max(0.0, room - research))
        rest.append(Claim(i, "suppliers", RESEARCH, research, ("discretionary", i)))
        rest.append(Claim(i, "capital", PAYOUT, payout, ("payout", i)))
    return rest


def pay_all(world: World, state: State, living: list[int], result: Clearing) -> None:
    """Move the cash and book what was paid."""
    company = state.company
    for name in ("discretionary", "payout", "capex", "debt_service_received", "equipment_revenue"):
        setattr(company, name, [0.0] * world.counts["company"])
    state.interest_received = [0.0] * world.counts["company"]
    state.fleet.capex = [0.0] * world.counts["fleet"]
    state.unpaid_trade = []
    state.unpaid_interest = [0.0] * world.counts["loan"]
    for i in living:
        state.pay("households", i, company.segment_revenue[i])
        state.pay("suppliers", i, max(0.0, -company.costs[i]))
    for payer, i, amount in payments_from_outside(state):
        state.pay(payer, i, amount)
    for claim in state.claims:
        book(state, claim, result)
        state.pay(claim.debtor, claim.creditor, result.paid(claim))
    for i in living:
        company.revenue[i] = (
            company.segment_revenue[i] + company.trade_revenue[i] + company.equipment_revenue[i]
        )
    for i in result.defaulted:
        state.pay(i, "suppliers", company.cash[i])
    for i in living:
        state.pay("suppliers", i, max(0.0, -company.cash[i]))  # a rounding of what gives way
        if company.rescued[i] > 0 or i in state.exits.owner:  # what it lacked or gave up was moved exactly
            state.pay(
                i, "suppliers", company.cash[i] - beyond(company.cash[i], gross(state.own, state.claims, i))
            )


def book(state: State, claim: Claim, result: Clearing) -> None:
    """Record one payment where it belongs."""
    (kind, place), paid = claim.what, result.paid(claim)
    if claim.rank == CONTRACTS or kind in ("levy", "payment"):
        state.unpaid_trade.append((claim, claim.amount - paid))
    if kind in ("discretionary", "payout"):
        getattr(state.company, kind)[place] = paid
    elif kind == "fleet":
        state.fleet.capex[place] += paid
        state.company.capex[claim.debtor] += paid
        if not isinstance(claim.creditor, str):
            state.company.equipment_revenue[claim.creditor] += paid
    elif kind == "loan":
        share = result.share[claim.debtor, claim.rank]
        repaid = share * state.loan.principal[place]
        state.loan.balance[place] = beyond(state.loan.balance[place] - repaid, repaid)
        state.unpaid_interest[place] = (1.0 - share) * state.loan.interest[place]
        if not isinstance(claim.creditor, str):
            state.company.debt_service_received[claim.creditor] += paid
            state.interest_received[claim.creditor] += share * state.loan.interest[place]
