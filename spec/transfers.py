"""Phase 2: fleets, or parts of them, that rules hand from one owner to another.

    asked = clamp(share, 0, 1) while the rule is active and both owners live, else 0
    part = asked / max(1, sum of what is asked of the fleet in the month)
    the fleet that takes: + part * cost of each vintage, as it was before, of age max(age, -lag of the fleet that takes)
    the fleet that gives: cost of each vintage *= 1 - sum of parts

When: after levers are moved and loans converted, all at once. From this month on the machines age, earn and are charged with the fleet that took them.

- What moves: machines in use and under construction, by age. With them go capacity, book value, depreciation and market value, from now on by the lives of the fleet that takes: where they are those of the fleet that
  gives, both sides have together what they had before. What it has no use for at its age (`economic_life`) is scrapped. What is built arrives when it would have, but at the latest after the `lag` of the fleet that takes.
- What stays: plans and orders of capex, and debts with all their terms. `fleet_collateral` is a share of the fleets that the borrower has, so a seller has less to pledge, and a buyer more. `refresh` is of what retires, so the taker
  renews what it took.
- Both fleets are of one `class`, as their prices are.
- The price is a payment of the month from the one owner to the other ([payments](payments.md)), of rank 4, and none where either has failed. Gains and losses on a sale are not profit, and are not taxed.
- Fleets of a company that has failed belong to its estate; they neither pass nor take.

Units: USD; `share` a fraction; ages, lives and `lag` whole months.

Off: no rule hands over.

Tests: tests/theory/test_transfers.py, tests/oracle/test_rules.py
"""

from spec.fleet import Vintage, book_depreciation, book_value, capacity
from spec.limits import whole
from spec.prorata import part
from spec.world import State, World

Passage = tuple[int, int, float]
"""The fleet that gives, the one that takes, and the share."""


def transfer(world: World, state: State, passages: list[Passage]) -> None:
    """Hand over parts of fleets, all of what was there before."""
    owner = world.fleet.owner
    asked = [
        (f, g, min(1.0, max(0.0, share)))
        for f, g, share in passages
        if state.alive(owner[f]) and state.alive(owner[g])
    ]
    total = {f: sum(share for other, _, share in asked if other == f) for f, _, _ in asked}
    parts = [(f, g, share * part(1.0, total[f])) for f, g, share in asked]
    arriving = [(g, vintage) for f, g, share in parts for vintage in passing(world, state, f, g, share)]
    for f in total:
        stays = max(0.0, 1.0 - sum(share for other, _, share in parts if other == f))
        for vintage in state.vintages[f]:
            vintage.cost *= stays
    for g, vintage in arriving:
        state.vintages[g].append(vintage)
    for f in {each for giver, taker, _ in parts for each in (giver, taker)}:
        state.fleet.capacity[f] = capacity(world, state, f)
        state.fleet.depreciation[f] = book_depreciation(world, state, f)
        state.fleet.book_value[f] = book_value(world, state, f)


def passing(world: World, state: State, f: int, g: int, share: float) -> list[Vintage]:
    """Vintages in use or under construction, or parts of them, that pass to a fleet that has use for them."""
    moved = [
        Vintage(share * vintage.cost, max(vintage.age, -whole(world.fleet.lag[g])))
        for vintage in state.vintages[f]
        if vintage.age < whole(world.fleet.economic_life[f])
    ]
    return [vintage for vintage in moved if vintage.age < whole(world.fleet.economic_life[g])]
