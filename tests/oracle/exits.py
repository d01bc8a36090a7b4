"""Phase 9: doors, deals, and cash within groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np

from tests.oracle.fixed_point import Claim, gross
from tests.oracle.terms import Programs, Term, table, value
from tests.oracle.world import OUTSIDE, State, World, exp, least_shortfall, spare

EFFECTS = ("acquire", "licence", "list", "self_sustain", "wind_down")
SALES = ("acquire", "licence")
SUPPORT, PAYOUT = 4, 8
NOBODY = -1
FIFTH = 0.2


@dataclass(frozen=True)
class Door:
    """A door of a company; buyers are companies, or `OUTSIDE`, each with the most it would pay."""

    company: int
    effect: str
    opens: Term
    hazard: Term
    price: Term | None = None
    share: Term | None = None
    buyers: tuple[tuple[int, Term], ...] = ()


def door_arrays(doors: Sequence[Door]) -> dict[str, np.ndarray]:
    """The same doors for the compiled loop."""
    programs, rows, buyers = Programs(), [], []
    for k, door in enumerate(doors):
        maybe = [-1 if term is None else programs.add(term) for term in (door.price, door.share)]
        row = (door.company, EFFECTS.index(door.effect), programs.add(door.opens), programs.add(door.hazard))
        rows.append((*row, *maybe))
        buyers += [(k, who, programs.add(term)) for who, term in door.buyers]
    return programs.arrays() | {"door": table(rows, 6), "buyer": table(buyers, 3)}


def exits(world: World, state: State, t: int) -> None:
    """Let companies leave, the dearest deal first."""
    if not world.doors:
        return
    state.company.deal_flow = [0.0] * world.counts["company"]
    keep_shells_still(world, state, t)
    deals = []
    for i in world.each("company"):
        offers = [offer(world, state, k) for k, door in enumerate(world.doors) if door.company == i]
        sales = [left for _, _, _, left in offers if left is not None]
        state.company.buyers[i] = float(max(sales, default=0))
        deals += chosen(world, state, i, t, offers)
    deals.sort(key=lambda deal: (-deal[1], world.company.address[world.doors[deal[0]].company]))
    for k, price in deals:
        close(world, state, t, k, price)


def offer(world: World, state: State, k: int) -> tuple[int, float, float, int | None]:
    """Number of a door, its price, the chance to take it now, and how many could buy there (none: no sale)."""
    door = world.doors[k]
    i = door.company
    price = max(0.0, state.company.valuation[i] if door.price is None else value(door.price, world, state))
    left = len(able_buyers(world, state, door, price)) if door.effect in SALES else None
    open_ = value(door.opens, world, state) > 0 and state.alive(i) and i not in state.exits.month
    open_ = open_ and left != 0 and (door.effect != "list" or state.market.listing > 0)
    chance = min(1.0, max(0.0, value(door.hazard, world, state))) if open_ else 0.0
    return k, price, chance, left


def chosen(world: World, state: State, i: int, t: int, offers: list) -> list[tuple[int, float]]:
    """The door a company takes this month, if any, with its price."""
    chances = [chance for _, _, chance, _ in offers]
    if not any(chances):
        return []
    whether, which, *_ = state.luck.uniforms("exit", world.company.address[i], t)
    if whether >= 1.0 - prod(1.0 - chance for chance in chances):
        return []
    mark = which * sum(chances)
    for k, price, chance, _ in offers:
        mark -= chance
        if chance > 0 and mark < 0:
            return [(k, price)]
    return []


def able_buyers(world: World, state: State, door: Door, price: float) -> list[tuple[float, int, int]]:
    """Those who could pay the price and would: what they would pay, their address, and who they are."""
    found = []
    for who, term in door.buyers:
        most = value(term, world, state)
        if most < price or who == door.company:
            continue
        if who == OUTSIDE:
            found.append((most, -1, who))
        elif state.alive(who) and who not in state.exits.owner and can_pay(world, state, who, price):
            found.append((most, world.company.address[who], who))
    return found


def has_cash(world: World, state: State, who: int, price: float) -> bool:
    """Whether a company can pay in cash."""
    return spare(world, state, who) >= price


def can_pay(world: World, state: State, who: int, price: float) -> bool:
    """Whether a company can pay in cash or in its own shares."""
    shares = world.company.share_deals[who] * state.company.valuation[who]
    return has_cash(world, state, who, price) or price <= shares


def close(world: World, state: State, t: int, k: int, price: float) -> None:
    """Take a company through a door."""
    door, out = world.doors[k], state.exits
    i, buyer = door.company, NOBODY
    if door.effect in SALES:
        able = able_buyers(world, state, door, price)
        if not able:
            return
        buyer = max(able)[2]
        out.bought.add(i)
        sell(world, state, i, buyer, price)
        if door.effect == "acquire":
            out.owner[i] = "capital" if buyer == OUTSIDE else buyer
    elif door.effect == "list":
        door_price = state.company.last_valuation[i] = price
        price *= min(1.0, max(0.0, FIFTH if door.share is None else value(door.share, world, state)))
        state.proceeds += door_price * outside(world, state, i)
        move(state, "capital", i, price)
    elif door.effect == "wind_down":
        out.closing.append(i)
    state.company.exit[i] = 1.0 + EFFECTS.index(door.effect)
    out.month[i], out.door[i], out.price[i] = t, k, price
    out.buyer[i] = "capital" if buyer == OUTSIDE and door.effect in SALES else buyer


def outside(world: World, state: State, i: int) -> float:
    """Share of a company that no living company holds."""
    stakes = [s for s in world.where("stake", "issuer", i) if world.stake.holder[s] != OUTSIDE]
    held = sum(world.stake.fraction[s] for s in stakes if state.alive(world.stake.holder[s]))
    return max(0.0, 1.0 - held)


def sell(world: World, state: State, i: int, buyer: int, price: float) -> None:
    """Pay the holders; shares of the buyer move no cash."""
    if buyer == OUTSIDE:
        pay_holders(world, state, i, price, "capital")
    elif has_cash(world, state, buyer, price):
        pay_holders(world, state, i, price, buyer)


def move(state: State, payer: int | str, receiver: int | str, amount: float) -> None:
    """Pay cash that is a flow of deals."""
    state.pay(payer, receiver, amount)
    for who, sign in ((payer, -1.0), (receiver, 1.0)):
        if not isinstance(who, str):
            state.company.deal_flow[who] += sign * amount


def pay_holders(world: World, state: State, i: int, proceeds: float, payer: int | str) -> None:
    """Distribute proceeds by class; what nobody in the network holds is capital's."""
    stakes = world.where("stake", "issuer", i)
    classes = [(world.stake.fraction[s], world.stake.preference[s]) for s in stakes]
    rest = proceeds
    for s, amount in zip(stakes, waterfall(proceeds, classes), strict=True):
        holder = world.stake.holder[s]
        if holder != OUTSIDE and state.alive(holder):
            move(state, payer, holder, amount)
            rest -= amount
    move(state, payer, "capital", rest)
    state.proceeds += rest


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


def keep_shells_still(world: World, state: State, t: int) -> None:
    """A licensed company does not grow, does no research, and may close."""
    for i in world.each("company"):
        if not state.alive(i) or state.company.exit[i] != 1.0 + EFFECTS.index("licence"):
            continue
        for s in world.where("segment", "seller", i):
            state.segment.trend[s] *= exp(-state.segment.growth[s] / 12.0)
        state.company.research[i] = state.wanted[i] = 0.0
        luck = state.luck.uniforms("exit", world.company.address[i], t)[2]
        if luck < world.market.shell_closing:
            state.exits.closing.append(i)


def within_groups(world: World, state: State, claims: list[Claim], own: dict[int, float]) -> list[Claim]:
    """What owners and subsidiaries owe one another, the lowest subsidiary first."""
    more: list[Claim] = []
    owned = [i for i in state.exits.owner if state.alive(i)]
    for i in sorted(owned, key=lambda i: -depth(state, i)):
        owner = state.exits.owner[i]
        end = own[i] + sum(
            claim.amount * ((claim.creditor == i) - (claim.debtor == i)) for claim in claims + more
        )
        spare = end - world.company.minimum_cash[i]
        least = least_shortfall(state, i, gross(own, claims + more, i))
        if end < -least:
            state.exits.supported += 1
            if owner == "capital":
                state.pay("capital", i, -end)
                own[i] -= end
            else:
                more.append(Claim(owner, i, SUPPORT, -end, ("group", i)))
        elif spare > least:
            more.append(Claim(i, owner, PAYOUT, spare, ("group", i)))
    return more


def depth(state: State, i: int | str) -> int:
    """Owners above a company."""
    return 1 + depth(state, state.exits.owner[i]) if i in state.exits.owner else 0


def release(state: State, i: int) -> None:
    """A company that has failed owns nobody and belongs to nobody."""
    owners = state.exits.owner
    state.exits.owner = {sub: owner for sub, owner in owners.items() if i not in (sub, owner)}
