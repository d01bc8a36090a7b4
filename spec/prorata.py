"""Pro rata: who is paid when more is asked of a payer than it has.

    paid = asked * min(1, has / sum of asked)

All who ask in a phase ask first, of what there was before anybody was paid. Then each gets the same share of what it asked.
So the order of a table decides nothing. This holds for draws, pledges, rounds out of dry powder, capacity, guarantees, collateral and creditors of a rank.

Tests: tests/theory/test_prorata.py, tests/properties/test_symmetry.py
"""

from spec.rounding import LEAST_FLOW, beyond
from spec.world import OUTSIDE, State, World


def part(has: float, asked: float) -> float:
    """Share of what is asked of a payer that it pays."""
    return has / asked if asked > has else 1.0


def shares(world: World, state: State, asked: list[tuple[int, float]]) -> dict[int, float]:
    """Share that each payer pays once all have asked, out of its cash above its minimum."""
    found = {OUTSIDE: 1.0}
    for payer in {payer for payer, _ in asked} - {OUTSIDE}:
        total = sum(amount for other, amount in asked if other == payer)
        found[payer] = part(spare(world, state, payer), total) if state.alive(payer) else 0.0
    return found


def spare(world: World, state: State, i: int) -> float:
    """Cash of a company above what it keeps."""
    rest = beyond(state.company.cash[i] - world.company.minimum_cash[i], state.company.cash[i])
    return rest if rest > LEAST_FLOW * state.size0[i] else 0.0
