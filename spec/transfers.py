"""Phase 2: fleets, or parts of them, that rules hand from one owner to another.

    asked = clamp(share, 0, 1) while the rule is active and both owners live, else 0
    part = asked / max(1, sum of what is asked of the fleet in the month)
    of each age: cost of the fleet that takes += part * cost of the fleet that gives, as it was before
    of each age: cost of the fleet that gives *= 1 - sum of parts

When: after levers are moved and loans converted, all at once. From this month on the machines age, earn and are charged with the fleet that took them.

- What moves: machines in use and under construction, by age; with them book value, depreciation, capacity and market value, of which each side has after it what both had before. Both fleets have one class, lag, book life and economic
  life. What is gone from a fleet retires elsewhere, and whoever retires it buys it again (`refresh`).
- What stays: plans and orders of capex, and debts with all their terms. `fleet_collateral` is a share of the fleets that the borrower has, so a seller has less to pledge, and a buyer more.
- The price is a payment of the month from the one owner to the other ([payments](payments.md)), of rank 4, and none where either has failed. Gains and losses on a sale are not profit, and are not taxed.
- Fleets of a company that has failed belong to its estate; they neither pass nor take.

Units: USD; `share` a fraction.

Off: no rule hands over.

Tests: tests/theory/test_transfers.py, tests/oracle/test_rules.py
"""

from spec.fleet import Vintage
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
    arriving = [(g, Vintage(share * v.cost, v.age)) for f, g, share in parts for v in state.vintages[f]]
    rows = (state.fleet.capacity, state.fleet.depreciation, state.fleet.book_value)
    moved = [[(g, share * row[f]) for f, g, share in parts] for row in rows]
    for f in total:
        stays = max(0.0, 1.0 - sum(share for other, _, share in parts if other == f))
        for vintage in state.vintages[f]:
            vintage.cost *= stays
        for row in rows:
            row[f] *= stays
    for g, vintage in arriving:
        state.vintages[g].append(vintage)
    for row, gains in zip(rows, moved, strict=True):
        for g, gain in gains:
            row[g] += gain
