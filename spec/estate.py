"""Phase 11: what a failed company leaves, what each creditor recovers of it, and what holders of stakes get.

    proceeds of fleets = fleet value * (1 - default_cost), at the price before this round's sales
    estate = proceeds of fleets + (sum of collateral + receivables) * (1 - default_cost) + cash * (1 - default_cost) when it fails after the clearing
    a loan takes first: collateral proceeds, then fleet_collateral * fleet proceeds, up to what it is owed
    rest: rank 2 and rank 4 balances with unpaid bills of the month and those not yet due pro rata, then rank 5, then capital
    a class of holders gets max(preference, fraction of what converted and common shares divide)

- Collateral counts for each loan, repaid or not. `capital` buys the assets.
- Where loans together ask more of the fleets than they bring, it is pro rata.
- A dead creditor's share goes to `capital`. Lenders write off the rest of the balances (with unpaid interest of the month), customers' unpaid bills are losses of suppliers, holders write off the carrying value
  of stakes (`carrying_value`) and of loans that became shares ([conversions](conversions.md)): `losses` by company.
- Unpaid committed capex counts as an unpaid bill; unpaid cost and tax (rank 1) is written off by nobody. Unpaid interest and principal of a payment are pro rata.
- Equipment that the clearing leaves unordered lowers the vendor's equipment revenue, not its cost.
- Holders of stakes are paid by class, 1x non-participating: each takes the larger of the two. Preferences beyond the price are paid pro rata. What no company of the network holds goes to `capital`.

Units: USD; `fraction` of the shares.

Off: `default_cost` 0; no stakes.

Tests: tests/theory/test_the_dead.py, tests/theory/test_buyers.py, tests/theory/test_prorata.py
"""

from dataclasses import dataclass
from itertools import combinations

from spec.clearing import lender_of
from spec.compute import depth_factor
from spec.conversions import holders
from spec.fleet import asset_class, forget_fleets, market_value
from spec.guarantee import honour
from spec.payables import forget_owed, receivable
from spec.prorata import part
from spec.regimes import CLASSES
from spec.rounding import beyond
from spec.world import OUTSIDE, State, World

UNSECURED, SUBORDINATED = 4, 5


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
        depth = getattr(world.market, f"depth_{name}") * depth_factor(world, state)
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
    ranks = {True: SUBORDINATED, False: UNSECURED}
    dues += [Due(claim.creditor, ranks[claim.rank == SUBORDINATED], missing) for claim, missing in unpaid]
    bought = world.where("contract", "customer", i)
    return dues + [Due(world.contract.supplier[e], UNSECURED, sum(state.owed[e])) for e in bought]


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
    estate = fleets + sum(collateral.values()) + receivable(world, state, i) * kept + cash * of_cash
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
    forget_owed(world, state, i)
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
    for e in world.where("loan", "borrower", i):
        lose(state, world.loan.lender[e], i, state.loan.converted[e])


def lose(state: State, who: int | str, by: int, amount: float) -> None:
    """Add to the losses of a living company."""
    if not isinstance(who, str) and who != OUTSIDE and state.alive(who):
        state.company.losses[who] += amount
        state.lost_to[who][by] = max(amount, state.lost_to[who].get(by, 0.0))


def move(state: State, payer: int | str, receiver: int | str, amount: float) -> None:
    """Pay cash that is a flow of deals."""
    state.pay(payer, receiver, amount)
    for who, sign in ((payer, -1.0), (receiver, 1.0)):
        if not isinstance(who, str):
            state.company.deal_flow[who] += sign * amount


def pay_holders(world: World, state: State, i: int, proceeds: float, payer: int | str) -> None:
    """Distribute proceeds by class; what nobody in the network holds is capital's."""
    stakes = world.where("stake", "issuer", i)
    diluted = state.company.diluted[i]
    classes = [(diluted * fraction_of(world, s), world.stake.preference[s]) for s in stakes]
    lenders = holders(world, state, i)
    classes += [(fraction, 0.0) for _, fraction in lenders]
    owners = [*(world.stake.holder[s] for s in stakes), *(who for who, _ in lenders)]
    rest = proceeds
    for holder, amount in zip(owners, waterfall(proceeds, classes), strict=True):
        if holder != OUTSIDE and state.alive(holder):
            move(state, payer, holder, amount)
            rest -= amount
    move(state, payer, "capital", rest)
    state.proceeds += rest


def fraction_of(world: World, s: int) -> float:
    """Share of its issuer that a stake is."""
    total = sum(
        world.stake.fraction[other] for other in world.where("stake", "issuer", world.stake.issuer[s])
    )
    return world.stake.fraction[s] * part(1.0, total)


def waterfall(proceeds: float, classes: list[tuple[float, float]]) -> list[float]:
    """Non-participating preferred, by trying every set of classes that convert: none may regret its choice."""
    preferences = sum(preference for _, preference in classes)
    if proceeds <= preferences and preferences > 0:
        return [proceeds / preferences * preference for _, preference in classes]  # a product could underflow
    common = max(0.0, 1.0 - sum(fraction for fraction, _ in classes))
    places = range(len(classes))
    for size in reversed(range(len(classes) + 1)):
        for converts in combinations(places, size):
            paid = payoff(proceeds, classes, converts, common)
            regrets = [k for k in converts if paid[k] < classes[k][1] * (1 - 1e-12)]
            others = [k for k in places if k not in converts]
            regrets += [
                k
                for k in others
                if payoff(proceeds, classes, (*converts, k), common)[k] > classes[k][1] * (1 + 1e-12)
            ]
            if not regrets:
                return paid
    raise ArithmeticError("no class of shares can be content")


def payoff(proceeds: float, classes: list, converts: tuple[int, ...], common: float) -> list[float]:
    """What each class gets if these convert."""
    kept = sum(preference for k, (_, preference) in enumerate(classes) if k not in converts)
    shares = common + sum(classes[k][0] for k in converts)
    per_share = max(0.0, proceeds - kept) / shares if shares > 0 else 0.0
    return [f * per_share if k in converts else preference for k, (f, preference) in enumerate(classes)]
