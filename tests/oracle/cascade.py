"""Phase 11: failures, estates and whom they take along, round by round until nobody new fails."""

from tests.oracle.clearing import lender_of
from tests.oracle.debt import over_value
from tests.oracle.fixed_point import LAST_HARD_RANK, Clearing
from tests.oracle.fleets import asset_class, mark_fleets
from tests.oracle.regimes import CLASSES
from tests.oracle.world import OUTSIDE, State, World

SECURED, UNSECURED, SUBORDINATED = 2, 4, 5


def cascade(world: World, state: State, t: int, settled: Clearing) -> int:
    """Carry out the failures of the month; gives the number of rounds."""
    state.lost_to = [{} for _ in world.each("company")]
    for i in sorted(settled.defaulted):
        cause = cause_of_shortfall(world, state, i)
        trigger = largest_unpaid(state, i, settled) if cause == "contagion" else OUTSIDE
        mark(world, state, i, t, cause, trigger)
    failing, rounds = sorted(settled.defaulted), 0
    while failing:
        rounds += 1
        wind_up(world, state, failing)
        failing = []
        for i in [i for i in world.each("company") if state.alive(i)]:
            cause = cause_of_next(world, state, i)
            if cause:
                failing.append(i)
                trigger = largest(state.lost_to[i]) if cause == "losses" else OUTSIDE
                mark(world, state, i, t, cause, trigger)
    return rounds


def mark(world: World, state: State, i: int, t: int, cause: str, trigger: int) -> None:
    """Write down who failed, when and why."""
    state.failed_month[i] = t
    state.cause[i] = cause
    state.trigger[i] = trigger
    state.company.alive[i] = 0.0
    state.debt_at_failure[i] = sum(state.loan.balance[e] for e in world.where("loan", "borrower", i))


def cause_of_shortfall(world: World, state: State, i: int) -> str:
    """The first thing without which a company would have paid, had everybody else paid in full."""
    company = state.company
    had = state.own[i] + sum(claim.amount for claim in state.claims if claim.creditor == i)
    short = had - sum(c.amount for c in state.claims if c.debtor == i and c.rank <= LAST_HARD_RANK)
    relief = {
        "contagion": 0.0,
        "covenant": company.accelerated[i],
        "maturity": company.maturing[i],
        "commitment": company.commitment_excess[i],
    }
    return next((cause for cause, amount in relief.items() if short + amount >= 0), "cash")


def largest(amounts: dict[int, float]) -> int:
    """The company with the largest amount; the first of equals."""
    return max(sorted(amounts), key=lambda k: amounts[k], default=OUTSIDE)


def largest_unpaid(state: State, i: int, settled: Clearing) -> int:
    """Who left most unpaid to a company in the clearing."""
    unpaid: dict[int, float] = {}
    for claim in state.claims:
        if claim.creditor == i:
            missing = claim.amount - settled.paid(claim)
            unpaid[claim.debtor] = unpaid.get(claim.debtor, 0.0) + missing
    return largest(unpaid)


def cause_of_next(world: World, state: State, i: int) -> str:
    """Why a company fails in the next round; nothing if it does not."""
    if state.company.losses[i] > world.company.loss_capacity[i]:
        return "losses"
    for e in world.where("loan", "borrower", i):
        at_once = world.loan.cure_months[e] == 0 and over_value(world, state, e)
        if at_once and state.loan.balance[e] > max(0.0, state.company.cash[i]):
            return "covenant"
    return ""


def wind_up(world: World, state: State, failing: list[int]) -> None:
    """Sell and distribute the estates of a round, all at the prices before it."""
    sold = dict.fromkeys(CLASSES, 0.0)
    receipts = []
    for i in failing:
        fleets = sell_fleets(world, state, i, sold)
        receipts += distribute(world, state, i, fleets)
    for creditor, amount in receipts:
        state.pay("capital", creditor, amount)
    for name in CLASSES:
        depth = getattr(world.market, f"depth_{name}")
        setattr(
            state.market, f"fire_sale_{name}", getattr(state.market, f"fire_sale_{name}") + sold[name] / depth
        )
    mark_fleets(world, state)


def sell_fleets(world: World, state: State, i: int, sold: dict[str, float]) -> float:
    """Proceeds of a company's fleets."""
    kept, proceeds = 1.0 - world.company.default_cost[i], 0.0
    for f in world.where("fleet", "owner", i):
        amount = state.fleet.value[f] * kept
        sold[asset_class(world, f)] += amount
        proceeds += amount
    return proceeds


def distribute(world: World, state: State, i: int, fleets: float) -> list[tuple[int | str, float]]:
    """Who gets what of an estate; capital has bought the assets and hands out the money."""
    kept = 1.0 - world.company.default_cost[i]
    cash = state.company.cash[i]
    state.pay(i, "suppliers", cash - cash * kept)
    state.pay(i, "capital", cash * kept)
    loans = world.where("loan", "borrower", i)
    claims = {("loan", e): state.loan.balance[e] for e in loans}
    bought = world.where("contract", "customer", i)
    claims |= {("contract", e): state.unpaid_bill[e] for e in bought}
    collateral = {e: world.loan.collateral[e] * kept for e in loans}
    estate = fleets + sum(collateral.values()) + cash * kept
    receipts = []
    for e in loans:
        secured = min(claims["loan", e], world.loan.fleet_collateral[e] * fleets + collateral[e], estate)
        estate -= take(world, state, claims, receipts, ("loan", e), secured)
    junior = {key for key in claims if key[0] == "loan" and int(world.loan.rank[key[1]]) == SUBORDINATED}
    for group in (claims.keys() - junior, junior):
        total = sum(claims[key] for key in group)
        share = min(1.0, estate / total) if total > 0 else 0.0
        for key in sorted(group):
            estate -= take(world, state, claims, receipts, key, claims[key] * share)
    write_off(world, state, i, claims)
    return receipts


def take(world: World, state: State, claims, receipts, key, amount: float) -> float:
    """Pay a part of a claim out of an estate."""
    claims[key] -= amount
    receipts.append((creditor_of(world, state, key), amount))
    return amount


def creditor_of(world: World, state: State, key: tuple[str, int]) -> int | str:
    """Who receives a recovery."""
    kind, e = key
    if kind == "loan":
        return lender_of(world, state, e)
    payee = state.payee[e]
    return payee if payee == "suppliers" or state.alive(payee) else "capital"


def write_off(world: World, state: State, i: int, claims: dict[tuple[str, int], float]) -> None:
    """Book what is lost with a company."""
    for (kind, e), amount in claims.items():
        if kind == "loan":
            lost = amount + state.unpaid_interest[e]
            lose(state, world.loan.lender[e], i, lost)
            state.loan.loss[e] += lost
            state.loan.balance[e] = state.loan.undrawn[e] = 0.0
        else:
            lose(state, state.payee[e], i, amount)
    for s in world.where("stake", "issuer", i):
        lose(state, world.stake.holder[s], i, world.stake.carrying_value[s])


def lose(state: State, who: int | str, by: int, amount: float) -> None:
    """Add to the losses of a living company."""
    if who not in (OUTSIDE, "suppliers") and state.alive(who):
        state.company.losses[who] += amount
        state.lost_to[who][by] = state.lost_to[who].get(by, 0.0) + amount
