"""TODO."""

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
