"""Phases 5, 10 and 11: bills that are paid months later, and what their suppliers lose when the customer fails.

    due_e = bill_e of month t - payment_months; of months before the first: usage + revenue_share * segment revenue of the customer at the start
    received_i = sum over contracts it supplies of due_e
    owed_e = sum of bill_e over months t - payment_months + 1 .. t
    receivables_i = sum of owed_e over contracts it supplies, of living customers
    payables_i = sum of owed_e over contracts it buys

- A bill is revenue, cost and profit in its month; cash moves when it is due, in the [clearing](clearing.md). Only bills of living suppliers wait: what replaces a dead one, or is bought elsewhere, is paid at once.
- A customer that fails owes its suppliers months of bills: `owed_e` is a claim on its [estate](estate.md) of the rank of unpaid bills, and what they do not recover of it is their loss.
- A supplier that fails leaves `receivables` as an asset of its estate, less the default cost. `capital` buys them, and is paid when they are due.
- Growing customers are lent to by their suppliers, shrinking ones pay back. What was owed at the start came from the bills of month 0, so that cash flows of a steady world are as without.
- Room for capex ([clearing](clearing.md)) counts what is due to the company, not what it has billed. Months are whole.

Units: `payment_months` months; the rest USD.

Off: `payment_months` 0.

Source: trade credit as a channel of contagion: Kiyotaki and Moore (1997), Boissay (2006); losses of trade creditors in bankruptcies: Jacobson and von Schedvin (2015).

Tests: tests/theory/test_payables.py
"""

from spec.limits import whole
from spec.world import State, World


def first_owed(world: World, state: State) -> None:
    """What every customer owes at the start, the oldest bill first."""
    contract = world.contract
    state.owed = []
    for e in world.each("contract"):
        sold = state.company.segment_revenue[contract.customer[e]]
        first = contract.usage[e] + contract.revenue_share[e] * sold
        state.owed.append([first] * whole(contract.payment_months[e]))


def fall_due(world: World, state: State) -> None:
    """What is due of every contract this month, to its supplier or to who has its claims, and what is paid at once."""
    count = world.counts["contract"]
    state.due, state.at_once = [0.0] * count, [0.0] * count
    state.received = [0.0] * world.counts["company"]
    for e in world.each("contract"):
        supplier = world.contract.supplier[e]
        if not state.alive(world.contract.customer[e]):
            continue
        lives = state.payee[e] == supplier
        now = state.bill[e] if lives else 0.0
        state.owed[e].append(now)
        state.due[e], state.at_once[e] = state.owed[e].pop(0), state.bill[e] - now
        if lives:
            state.received[supplier] += state.due[e]


def receivable(world: World, state: State, i: int) -> float:
    """What living customers owe a company for bills that are not due yet."""
    sold = world.where("contract", "supplier", i)
    return sum(sum(state.owed[e]) for e in sold if state.alive(world.contract.customer[e]))


def forget_owed(world: World, state: State, i: int) -> None:
    """Nothing is due any more of a company that has been wound up."""
    for e in world.where("contract", "customer", i):
        state.owed[e] = [0.0] * len(state.owed[e])


def mark_owed(world: World, state: State) -> None:
    """What is owed at the end of the month, of the living."""
    for i in world.each("company"):
        bought = world.where("contract", "customer", i)
        state.company.payables[i] = sum(sum(state.owed[e]) for e in bought)
        state.company.receivables[i] = receivable(world, state, i) if state.alive(i) else 0.0
