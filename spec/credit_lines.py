"""Phase 7: draws of loans that are not yet paid out in full.

    asked = min(undrawn, draw_share * capex paid the month before (or what its contract needs of it) + draw_purchases * purchases)
    undrawn -= drawn, balance += drawn

- Draws come after [covenants](covenants.md) and before [debt service](debt.md). `purchases` are those of the borrower from the lender ([vendor finance](vendor_finance.md)). A lender that is a company pays all that is asked of it pro rata, out of its cash above
  its minimum before any draw. Nothing is drawn if the borrower is dead or the loan in default. Cash moves at once; the balance rises. Standby draws and limits are on the page [credit](credit.md).
- A loan cannot be drawn from month `maturity` on. `drawn` of a company is what it draws for capex and purchases.

When: after covenants, on the state of the month before.

Units: USD; `draw_share` a fraction.

Off: `undrawn` 0, or `draw_share`, `draw_purchases` and standby 0.

Tests: tests/theory/test_prorata.py, tests/theory/test_credit.py, tests/oracle/test_equal.py
"""

from spec.credit import ease, may_draw, need
from spec.prorata import part, shares
from spec.vendor_finance import sells
from spec.world import OUTSIDE, State, World


def credit_lines(world: World, state: State, t: int) -> None:
    """Lend what is asked of each loan, as far as its lender can."""
    state.company.drawn = [0.0] * world.counts["company"]
    state.company.borrowed = [0.0] * world.counts["company"]
    draws(world, state, [e for e in world.each("loan") if state.alive(world.loan.borrower[e])], t)


def draws(world: World, state: State, loans: list[int], t: int) -> None:
    """All ask, then every lender shares what it has."""
    asked = {e: ask(world, state, e, t) for e in loans}
    for i in world.each("company"):
        share_need(world, state, [e for e in asked if world.loan.borrower[e] == i], asked)
    paid = shares(world, state, [(world.loan.lender[e], sum(amounts)) for e, amounts in asked.items()])
    for e, (spent, fresh) in asked.items():
        draw(world, state, e, [paid[world.loan.lender[e]] * amount for amount in (spent, fresh)])


def ask(world: World, state: State, e: int, t: int) -> list[float]:
    """What is to be drawn: for capex and purchases of the month before, and to restore runway."""
    borrower, lender = world.loan.borrower[e], world.loan.lender[e]
    if state.loan.accelerated[e] or t >= state.loan.maturity[e] or not may_draw(world, state, e):
        return [0.0, 0.0]
    capex = state.company.capex[borrower]
    wanted = world.loan.draw_share[e] * (
        capex if world.loan.contract[e] == OUTSIDE else state.loan.project_capex[e]
    )
    wanted += world.loan.draw_purchases[e] * state.paid.get((borrower, lender), 0.0)
    spent = min(state.loan.undrawn[e], ease(world, state, e) * wanted)
    fresh = min(state.loan.undrawn[e] - spent, ease(world, state, e) * need(world, state, e))
    return [spent, fresh]


def share_need(world: World, state: State, loans: list[int], asked: dict[int, list[float]]) -> None:
    """Standby loans of a company together restore its runway once."""
    needs = [need(world, state, e) for e in loans if asked[e][1] > 0]
    share = part(max(needs, default=0.0), sum(asked[e][1] for e in loans))
    for e in loans:
        asked[e][1] *= share


def draw(world: World, state: State, e: int, amounts: list[float]) -> None:
    """Lend what is paid of a draw."""
    borrower, lender = world.loan.borrower[e], world.loan.lender[e]
    spent, fresh = amounts
    state.pay("capital" if lender == OUTSIDE else lender, borrower, spent + fresh)
    state.loan.undrawn[e] = max(0.0, state.loan.undrawn[e] - (spent + fresh))
    state.loan.balance[e] += spent + fresh
    state.company.drawn[borrower] += spent
    state.company.borrowed[borrower] += fresh
    state.vendor_money += spent + fresh if sells(world, lender, borrower) else 0.0
