"""Phase 11: guarantors pay lenders a share of what they wrote off.

When: after each round of failures, once for a loan.

    asked = guaranteed * what the lender wrote off
    paid = asked * min(1, cash / sum of asked)
    loss = what was written off - paid

- It is pro rata as far as the guarantor's cash goes if it is asked for more, nothing if it has failed, always paid if it is `capital`.
- The lender's `losses` fall by that, those of the guarantor rise.
- It pays out of what cash the clearing and earlier rounds left it, to the lender, or to `capital` if that is outside or dead.
- `loan.loss` is what the lender is left with: what was written off, less what guarantors paid.

Units: USD.

Off: `guaranteed` 0.

Tests: tests/theory/test_rescue.py, tests/theory/test_the_dead.py
"""

from spec.rounding import ROUNDING
from spec.world import OUTSIDE, State, World


def honour(world: World, state: State) -> None:
    """Guarantors pay what they are asked in a round, pro rata as far as their cash goes."""
    asked: dict[int, float] = {}
    for e, _creditor, _failed, amount in state.calls:
        guarantor = world.loan.guarantor[e]
        asked[guarantor] = asked.get(guarantor, 0.0) + amount
    share = {}
    for guarantor, total in asked.items():
        cash = total if guarantor == OUTSIDE else max(0.0, state.company.cash[guarantor])
        share[guarantor] = min(1.0, cash / total) if state.alive(guarantor) and total > 0 else 0.0
    for e, creditor, failed, amount in state.calls:
        guarantor = world.loan.guarantor[e]
        paid = amount * share[guarantor]
        state.pay("capital" if guarantor == OUTSIDE else guarantor, creditor, paid)
        state.loan.loss[e] -= paid
        if guarantor != OUTSIDE and paid > 0:
            state.company.losses[guarantor] += paid
            state.lost_to[guarantor][failed] = max(paid, state.lost_to[guarantor].get(failed, 0.0))
        if not isinstance(creditor, str):
            state.company.losses[creditor] -= paid
    for guarantor, total in asked.items():
        if guarantor != OUTSIDE and share[guarantor] < 1.0:
            cash = state.company.cash[guarantor]
            state.pay(guarantor, "capital", cash if abs(cash) <= ROUNDING * total else 0.0)
    state.calls = []
