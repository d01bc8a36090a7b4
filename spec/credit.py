"""Phase 7: what lenders ask of a borrower for its leverage and for their own losses, how much they refuse, and standby loans.

    leverage = min(100, debt / fair value) at the end of the month before
    excess = max(0, leverage - leverage_free)
    stress = min(1, losses so far of the lender / lending_capacity)
    granted = asked * max(0, 1 - tightening * stress)
    margin = min(spread_most, spread_leverage * excess) + tightening_spread * stress + what the customer's credit costs
    standby = max(0, draw_runway * burn - cash), where runway < draw_runway

- What the credit of a customer costs a loan behind a contract is on the page [project loans](project_loans.md).
- `leverage` is 100 where the value is 0; debt up to 1e-6 USD is none.
- `lending_capacity` 0 means the lender's `loss_capacity`. `stress` is 0 of lenders outside.
- A lender grants its share of what is asked of its loans, before `undrawn` and its cash limit that. Where they do, what is left counts as `drawn` first, and as `borrowed` beyond what capex and purchases asked for.
- With `draw_runway` above 0 a loan also stands by: with runway (month before) below it, `standby`, before any draw and as far as it is undrawn, is added to what is asked. All loans
  of a company together restore no more than the largest of these, each in proportion to what it offers. That part is new money, `borrowed`, not `drawn`, and no cash flow of the month.
- Nothing is drawn of any loan while the regime (with `windows` on, the credit window) is shut if it says `draw_unless_shut`, nor at `leverage >= max_leverage` (0: no limit).
- `margin` is that of a floating loan. A loan of fixed rate takes the margin of the month in which it is refinanced, pays it from the next month on (interest of the month itself is at the old one), and keeps it.
  So spread makes interest, interest takes growth and value, and these make spread.
- `refinance_leverage` and `refinance_spread` lower the chance of [refinancing](debt.md).
- Loans of the company that say `converts` become equity at a round that brings cash: what is not due this month of their balance is gone, and what was undrawn. No cash moves and nobody writes
  anything off; who then owns what is not kept, as with other rounds.

Units: leverage a ratio of USD to USD; margins and spreads a year; `draw_runway` months.

Off: `spread_leverage` 0, `tightening` 0, `tightening_spread` 0, `refinance_leverage` 0, `refinance_spread` 0, `draw_runway` 0, `max_leverage` 0, `converts` 0.

Tests: tests/theory/test_credit.py, tests/theory/test_prorata.py
"""

import math

from spec.project_loans import customer_premium
from spec.rounding import beyond
from spec.windows import credit_regime
from spec.world import OUTSIDE, State, World

MOST_LEVERAGE = 100.0
DUST_OF_DEBT = 1e-6
SHUT = 2


def update_leverage(state: State, i: int) -> None:
    """Debt of a living company over its fair value."""
    debt, value = state.company.debt[i], state.company.valuation[i]
    if debt <= DUST_OF_DEBT:
        state.company.leverage[i] = 0.0
    else:
        state.company.leverage[i] = min(MOST_LEVERAGE, debt / value) if value > 0 else MOST_LEVERAGE


def excess(world: World, state: State, i: int) -> float:
    """Leverage above what is free."""
    return max(0.0, state.company.leverage[i] - world.market.leverage_free)


def stress(world: World, state: State, lender: int) -> float:
    """Losses of a lender over what it can bear."""
    if lender == OUTSIDE or state.company.losses[lender] <= 0:
        return 0.0
    losses = state.company.losses[lender]
    capacity = world.company.lending_capacity[lender] or world.company.loss_capacity[lender]
    return losses / capacity if losses < capacity else 1.0


def premium(world: World, state: State, e: int) -> float:
    """Spread for leverage of the borrower and losses of the lender."""
    market = world.market
    for_leverage = min(
        market.spread_most, market.spread_leverage * excess(world, state, world.loan.borrower[e])
    )
    for_losses = market.tightening_spread * stress(world, state, world.loan.lender[e])
    return for_leverage + for_losses + customer_premium(world, state, e)


def ease(world: World, state: State, e: int) -> float:
    """Share that the lender of a loan does not refuse."""
    return max(0.0, 1.0 - world.market.tightening * stress(world, state, world.loan.lender[e]))


def willingness(world: World, state: State, e: int) -> float:
    """Factor on the chance to refinance."""
    market = world.market
    spread = max(0.0, state.market.spread + premium(world, state, e) - market.spread_normal)
    fall = market.refinance_leverage * excess(world, state, world.loan.borrower[e])
    return math.exp(-fall - market.refinance_spread * spread) * ease(world, state, e)


def may_draw(world: World, state: State, e: int) -> bool:
    """Whether leverage and regime allow a draw."""
    most = world.loan.max_leverage[e]
    if world.loan.draw_unless_shut[e] and credit_regime(world, state) == SHUT:
        return False
    return most == 0 or state.company.leverage[world.loan.borrower[e]] < most


def need(world: World, state: State, e: int) -> float:
    """What restores the borrower's runway."""
    i, months = world.loan.borrower[e], world.loan.draw_runway[e]
    if state.company.runway[i] >= months:
        return 0.0
    return beyond(months * state.company.burn[i] - state.company.cash[i], state.company.cash[i])


def convert(world: World, state: State, i: int) -> None:
    """Convertible loans become equity; what is due this month stays due."""
    for e in world.where("loan", "borrower", i):
        if world.loan.converts[e]:
            state.loan.balance[e] = state.loan.principal[e]
            state.loan.undrawn[e] = 0.0
