"""Phase 6: what customers are committed to pay in the next twelve months, by what they can pay.

    backlog = sum over contracts it supplies of (commitments in months t .. t + 11) * kept * leased * min(1, runway / 12)
    capex wanted += capex_of_backlog * backlog / 12

- Commitments are at prices of the start. Runway is the customer's, of the month before: a commitment is worth what its customer can pay.
- `backlog` is 0 if either is dead.

Units: USD.

Off: `capex_of_backlog` 0 (the backlog is then a gauge).

Tests: tests/theory/test_confidence.py, tests/theory/test_credit.py, tests/theory/test_gauges.py
"""

import math

from spec.world import State, World


def backlog(world: World, state: State, i: int, t: int) -> float:
    """Commitments of living customers in months t to t + 11, by the customers' credit."""
    total = 0.0
    for e in world.where("contract", "supplier", i):
        customer = world.contract.customer[e]
        credit = min(1.0, state.company.runway[customer] / 12.0) if state.alive(customer) else 0.0
        rows = world.where("commitment", "contract", e)
        total += credit * state.kept[e] * state.leased[e] * sum(committed(world, row, t) for row in rows)
    return total if state.alive(i) else 0.0


def committed(world: World, row: int, t: int) -> float:
    """What a commitment brings in months t to t + 11."""
    first, last = world.commitment.first_month[row], world.commitment.last_month[row]
    due = [m for m in range(t, t + 12) if math.floor(first + 0.5) <= m <= math.floor(last + 0.5)]
    return len(due) * world.commitment.amount[row]
