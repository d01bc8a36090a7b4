"""Phase 9: what happens to a company that goes through a door, and who is paid.

    paid = price, in cash where the buyer has it, else in its own shares, which move no cash
    raised by a listing = share * price, from capital; a fifth if the door does not say
    last_valuation = price, of a listing

- The price is paid at once, to the holders of stakes by class ([estate](estate.md)). These flows are `deal_flow`: they are not in `net_cash_flow`.
- `acquire`: from this month on the company has an owner (a company, or `capital`); see [groups](groups.md). A company that was sold raises no more rounds; its stakes are gone and are not written off.
- `wind_down`: after the clearing of the month the company closes. Its cash loses nothing, its fleets and collateral are sold at the discount of a failure, debts are paid by rank, what is left goes to the holders
  by class. If creditors lose, it is also a failure with cause `wind_down`; else it has not failed.
- `share_deals` is the largest price, over its fair value, that a buyer pays in shares.

Units: USD.

Off: no doors; `share_deals` 0 (deals in cash only).

Tests: tests/theory/test_buyers.py, tests/oracle/test_exits.py
"""

from spec.buyers import able_buyers, bids, has_cash
from spec.conversions import holders
from spec.doors import EFFECTS, SALES
from spec.estate import fraction_of, move, pay_holders
from spec.terms import value
from spec.world import OUTSIDE, State, World

NOBODY = -1
FIFTH = 0.2


def close(world: World, state: State, t: int, k: int, price: float) -> None:
    """Take a company through a door."""
    door, out = world.doors[k], state.exits
    i, buyer = door.company, NOBODY
    if door.effect in SALES:
        able = able_buyers(world, state, door, price)
        if not able:
            return
        if door.share is None:
            buyer = max(able)[2]
        else:
            (best, _, buyer), *others = bids(world, state, able)
            following = max([price, *(bid for bid, _, _ in others)])
            share = min(1.0, max(0.0, value(door.share, world, state)))
            price = min(best, following + share * (best - following))
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
    held = sum(fraction_of(world, s) for s in stakes if state.alive(world.stake.holder[s]))
    lenders = sum(part for who, part in holders(world, state, i) if who != OUTSIDE and state.alive(who))
    return max(0.0, 1.0 - state.company.diluted[i] * held - lenders)


def sell(world: World, state: State, i: int, buyer: int, price: float) -> None:
    """Pay the holders; shares of the buyer move no cash."""
    if buyer == OUTSIDE:
        pay_holders(world, state, i, price, "capital")
    elif has_cash(world, state, buyer, price):
        pay_holders(world, state, i, price, buyer)
