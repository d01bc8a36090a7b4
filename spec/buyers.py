"""Phase 9: who is able and willing to buy a company.

    willing if highest price >= price
    able if cash above minimum_cash >= price, or price <= share_deals * fair value
    buyers = number of those who are both

- A buyer that is a company must live, be nobody's subsidiary, and not be the target. Buyers outside the network are able.
    paid = price asked, without bargaining
    bid = min(highest price, max(cash above minimum_cash, share_deals * fair value))
    paid = next + share * (best bid - next), at most the best bid; next = max(price asked, second best bid)

- The buyer of a deal is the one willing to pay most (then by address; outside last) of those still able; without one the deal falls through. With bargaining it is the one that bids most.
- `share` is what the seller gets of what the best bid is above the next: 0 in an auction in which the best bidder pays the second bid (Vickrey 1961), 1 where it pays its own, 1/2 by the bargaining solution of Nash (1950) for
  two sides of equal power, whose seller could else sell to the next.

Units: USD.

Tests: tests/theory/test_buyers.py, tests/oracle/test_exits.py
"""

import math

from spec.doors import Door
from spec.prorata import spare
from spec.terms import value
from spec.world import OUTSIDE, State, World


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


def bids(world: World, state: State, able: list[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
    """Bids of those able, with their addresses and who they are; the best first."""
    found = []
    for most, address, who in able:
        shares = 0.0 if who == OUTSIDE else world.company.share_deals[who] * state.company.valuation[who]
        means = math.inf if who == OUTSIDE else max(spare(world, state, who), shares)
        found.append((min(most, means), address, who))
    return sorted(found, reverse=True)


def has_cash(world: World, state: State, who: int, price: float) -> bool:
    """Whether a company can pay in cash."""
    return spare(world, state, who) >= price


def can_pay(world: World, state: State, who: int, price: float) -> bool:
    """Whether a company can pay in cash or in its own shares."""
    shares = world.company.share_deals[who] * state.company.valuation[who]
    return has_cash(world, state, who, price) or price <= shares
