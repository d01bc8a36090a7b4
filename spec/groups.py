"""Between phases 9 and 10: owners cover the shortfalls of their subsidiaries, and take what these do not need.

When: all of the month is known; from the lowest subsidiary up.

    support = -end, from the owner, of a subsidiary that would end below zero
    given up = end - minimum_cash, to the owner, of one that would end above its minimum_cash

- Where the owner itself falls short, what it owes its subsidiary is a claim of rank 4, and what a subsidiary gives up ranks with payouts. `capital` never falls short.
- What is moved is exact: of the cash of a subsidiary nothing is left where that is a rounding ([rounding](rounding.md)).
- When the owner fails the company stands alone again. Its shares are worth nothing in the estate, and what it still lacked is no claim on it.

Units: USD.

Off: no acquisitions.

Tests: tests/oracle/test_exits.py, tests/theory/test_buyers.py
"""

from spec.fixed_point import Claim, gross
from spec.rounding import least_shortfall
from spec.world import State, World

SUPPORT, PAYOUT = 4, 8


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
