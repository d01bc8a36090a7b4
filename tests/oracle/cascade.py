"""Phase 11: failures, estates and whom they take along, round by round until nobody new fails."""

from dataclasses import dataclass

from tests.oracle.clearing import lender_of
from tests.oracle.debt import over_value
from tests.oracle.exits import pay_holders, release
from tests.oracle.fixed_point import LAST_HARD_RANK, Clearing, gross
from tests.oracle.fleets import asset_class, forget_fleets, market_value
from tests.oracle.regimes import CLASSES
from tests.oracle.rescue import honour
from tests.oracle.world import OUTSIDE, State, World, beyond, least_shortfall, part, whole

UNSECURED, SUBORDINATED = 4, 5


def cascade(world: World, state: State, settled: Clearing) -> int:
    """Carry out the failures of the month; gives the number of rounds."""
    state.lost_to = [{} for _ in world.each("company")]
    for i in sorted(settled.defaulted):
        cause = cause_of_shortfall(state, i)
        trigger = largest_unpaid(state, i, settled) if cause == "contagion" else OUTSIDE
        mark(world, state, i, cause, trigger)
    closing = [i for i in state.exits.closing if state.alive(i)]
    state.exits.closing = []
    for i in closing:
        mark(world, state, i, "wind_down", OUTSIDE)
    for lender, by, lost in state.workout_losses:
        state.lost_to[lender][by] = max(lost, state.lost_to[lender].get(by, 0.0))
    failing, rounds = sorted({*settled.defaulted, *closing}), 0
    if not failing:
        harmed = {lender for lender, _, _ in state.workout_losses}
        failing = [i for i in sorted(harmed) if state.company.losses[i] > world.company.loss_capacity[i]]
        for i in failing:
            mark(world, state, i, "losses", largest(state.lost_to[i]))
    while failing:
        rounds += 1
        wind_up(world, state, failing)
        failing = []
        for i in [i for i in world.each("company") if state.alive(i)]:
            cause = cause_of_next(world, state, i)
            if cause:
                failing.append(i)
                trigger = largest(state.lost_to[i]) if cause == "losses" else OUTSIDE
                mark(world, state, i, cause, trigger)
    return rounds


def mark(world: World, state: State, i: int, cause: str, trigger: int) -> None:
    """Write down who failed, when and why."""
    state.failed_month[i] = state.month
    state.died[i] = state.month
    state.cause[i] = cause
    state.trigger[i] = trigger
    state.company.alive[i] = 0.0
    for e in world.where("contract", "supplier", i):
        state.substituted[e] = world.contract.substitutable[e]
    state.debt_at_failure[i] = sum(state.loan.balance[e] for e in world.where("loan", "borrower", i))
    release(state, i)


def cause_of_shortfall(state: State, i: int) -> str:
    """The first thing without which a company would have paid, had everybody else paid in full."""
    company = state.company
    had = state.own[i] + sum(claim.amount for claim in state.claims if claim.creditor == i)
    short = had - sum(c.amount for c in state.claims if c.debtor == i and c.rank <= LAST_HARD_RANK)
    least = least_shortfall(state, i, gross(state.own, state.claims, i))
    relief = {
        "contagion": 0.0,
        "covenant": company.accelerated[i],
        "maturity": company.maturing[i],
        "commitment": company.commitment_excess[i],
    }
    return next((cause for cause, amount in relief.items() if short + amount >= -least), "cash")


def largest(amounts: dict[int, float]) -> int:
    """The company with the largest amount; the first of equals."""
    return max(sorted(amounts), key=lambda k: amounts[k], default=OUTSIDE)


def largest_unpaid(state: State, i: int, settled: Clearing) -> int:
    """Who left the largest single claim of a company unpaid in the clearing."""
    unpaid: dict[int, float] = {}
    for claim in state.claims:
        missing = claim.amount - settled.paid(claim)
        if claim.creditor == i and missing > 0:
            unpaid[claim.debtor] = max(missing, unpaid.get(claim.debtor, 0.0))
    return largest(unpaid)


def value_now(world: World, state: State, i: int) -> float:
    """Fleets of a company at the marks of the rounds so far."""
    return sum(market_value(world, state, f) for f in world.where("fleet", "owner", i))


def cause_of_next(world: World, state: State, i: int) -> str:
    """Why a company fails in the next round; nothing if it does not."""
    if any(state.lost_to[i].values()) and state.company.losses[i] > world.company.loss_capacity[i]:
        return "losses"
    for e in world.where("loan", "borrower", i):
        at_once = whole(world.loan.cure_months[e]) == 0 and over_value(
            world, state, e, value_now(world, state, i)
        )
        if at_once and state.loan.balance[e] > max(0.0, state.company.cash[i]):
            return "covenant"
    return ""


def wind_up(world: World, state: State, failing: list[int]) -> None:
    """Sell and distribute the estates of a round, all at the prices before it."""
    sold = dict.fromkeys(CLASSES, 0.0)
    state.calls = []
    receipts = []
    for i in failing:
        fleets = sell_fleets(world, state, i, sold)
        receipts += distribute(world, state, i, fleets)
    for creditor, amount in receipts:
        state.pay("capital", creditor, amount)
    honour(world, state)
    for name in CLASSES:
        depth = getattr(world.market, f"depth_{name}")
        setattr(
            state.market, f"fire_sale_{name}", getattr(state.market, f"fire_sale_{name}") + sold[name] / depth
        )
    for i in failing:
        forget_fleets(world, state, i)


def sell_fleets(world: World, state: State, i: int, sold: dict[str, float]) -> float:
    """Proceeds of a company's fleets; `sold` counts them at market value, before the default cost."""
    kept, proceeds = 1.0 - world.company.default_cost[i], 0.0
    for f in world.where("fleet", "owner", i):
        value = market_value(world, state, f)
        sold[asset_class(world, f)] += value
        proceeds += value * kept
    return proceeds


@dataclass
class Due:
    """What an estate owes one creditor."""

    creditor: int | str
    rank: int
    amount: float
    loan: int | None = None
    paid: float = 0.0

    @property
    def loss(self) -> float:
        """What the creditor does not get."""
        return beyond(self.amount, self.amount + self.paid)


def dues_of(world: World, state: State, i: int) -> list[Due]:
    """Balances with unpaid interest, and bills and committed capex left unpaid in the clearing."""
    dues = []
    for e in world.where("loan", "borrower", i):
        amount = state.loan.balance[e] + state.unpaid_interest[e]
        dues.append(Due(lender_of(world, state, e), int(world.loan.rank[e]), amount, e))
    unpaid = [(claim, missing) for claim, missing in state.unpaid_trade if claim.debtor == i]
    return dues + [Due(claim.creditor, UNSECURED, missing) for claim, missing in unpaid]


def distribute(world: World, state: State, i: int, fleets: float) -> list[tuple[int | str, float]]:
    """Who gets what of an estate; capital has bought the assets and hands out the money."""
    kept = 1.0 - world.company.default_cost[i]
    orderly = state.cause[i] == "wind_down"
    of_cash = 1.0 if orderly else kept
    cash = state.company.cash[i]
    state.pay(i, "suppliers", cash - cash * of_cash)
    state.pay(i, "capital", cash * of_cash)
    dues, receipts = dues_of(world, state, i), []
    loans = [due for due in dues if due.loan is not None]
    collateral = {due.loan: world.loan.collateral[due.loan] * kept for due in loans}
    estate = fleets + sum(collateral.values()) + cash * of_cash
    for due in loans:
        estate -= take(due, min(due.amount, collateral[due.loan]), receipts)
    asked = {due.loan: min(due.amount, world.loan.fleet_collateral[due.loan] * fleets) for due in loans}
    share = part(fleets, sum(asked.values()))
    for due in loans:
        estate -= take(due, share * asked[due.loan], receipts)
    for junior in (False, True):
        group = [due for due in dues if (due.rank == SUBORDINATED) == junior]
        total = sum(due.amount for due in group)
        share = part(max(0.0, estate), total)
        for due in group:
            estate -= take(due, due.amount * share, receipts)
    if orderly and i not in state.exits.bought:
        pay_holders(world, state, i, max(0.0, estate), "capital")
    if orderly and not any(due.loss for due in dues):
        forget(state, i)
    write_off(world, state, i, dues)
    return [(receiver(state, creditor), amount) for creditor, amount in receipts]


def forget(state: State, i: int) -> None:
    """A company that closed and owes nobody has not failed."""
    state.exits.closed.add(i)
    state.failed_month[i], state.cause[i], state.debt_at_failure[i] = 0, "none", 0.0


def take(due: Due, amount: float, receipts: list[tuple[int | str, float]]) -> float:
    """Pay a part of what is due out of an estate."""
    due.amount -= amount
    due.paid += amount
    receipts.append((due.creditor, amount))
    return amount


def receiver(state: State, creditor: int | str) -> int | str:
    """A dead creditor's share goes to capital."""
    return creditor if isinstance(creditor, str) or state.alive(creditor) else "capital"


def write_off(world: World, state: State, i: int, dues: list[Due]) -> None:
    """Book what is lost with a company."""
    for due in dues:
        lose(state, due.creditor, i, due.loss)
        if due.loan is not None:
            state.loan.loss[due.loan] += due.loss
            state.loan.waiver[due.loan] = 0.0
            asked = world.loan.guaranteed[due.loan] * due.loss
            state.calls.append((due.loan, due.creditor, i, asked))
            state.loan.balance[due.loan] = state.loan.undrawn[due.loan] = state.loan.breach[due.loan] = 0.0
    if i in state.exits.bought:
        return
    for s in world.where("stake", "issuer", i):
        lose(state, world.stake.holder[s], i, world.stake.carrying_value[s])


def lose(state: State, who: int | str, by: int, amount: float) -> None:
    """Add to the losses of a living company."""
    if not isinstance(who, str) and who != OUTSIDE and state.alive(who):
        state.company.losses[who] += amount
        state.lost_to[who][by] = max(amount, state.lost_to[who].get(by, 0.0))
