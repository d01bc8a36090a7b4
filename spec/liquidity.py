"""Phase 12: runway that sees the end of credit lines: a draw is no income, and a line lasts as long as it lasts.

    smooth_drawn: as smooth_flow, of drawn
    lines = sum of undrawn over its loans that finance capex or purchases, are not in default, and may be drawn: t < maturity, window and leverage allow it
    runway = min(120, cash / burn, (cash + lines) / (burn + smooth_drawn))
    lasts = min(lasts, (free cash + lines) / (need + smooth_drawn)), of what is cut
    needs(m) = max(burn * m, (burn + smooth_drawn) * m - lines)

- `burn` is after draws, so that `cash / burn` alone takes draws for income: who builds with a line seems to have money for ever, sells no shares and raises no round, and learns of the end of the line when it has come.
- With pace of draws d and burn n, a line lasts lines / d months; cash goes by n until then and by n + d after it. The runway of that is exactly the smaller of the two quotients above, and the cash that m months take is `needs(m)`.
- What a company [cuts](retrenchment.md) looks at the same line: `need` there is after draws too.
- A line that cannot be drawn (credit window shut and `draw_unless_shut`, leverage at `max_leverage`, default, matured, no capex that the contract behind it lacked) counts as nothing at once; its draws leave `smooth_drawn` within months.
- `lines` is taken at the end of the month, with leverage and window of that month. Draws that are no more than 1e-12 of the size of the company at the start are none ([marks](marks.md)).
- `needs(round_months)` is what an [issue of shares](issues.md), and a round of a company that nobody offers rounds ([rounds](rounds.md)), brings at most, in place of `round_months * burn`. Standby draws ([credit](credit.md))
  and the burn multiple that investors look at ([funding](funding.md)) stay with `burn`. Draws that restore runway are no flow of the month anyway.
- Both variables are 0 of the dead. Cash or `smooth_flow` that a rule moves gives the runway of the same formula, with lines and draws as they stand.

When: at the end of the month, after leverage is known.

Units: USD, USD a month, months.

Off: `sees_lines` 0.

Source: liquidity as sources over uses, with committed lines among the sources and all spending among the uses, as rating agencies count it; Almeida, Campello and Weisbach (2004) and Sufi (2009) on cash and lines.

Tests: tests/theory/test_liquidity.py
"""

from spec.credit import may_draw
from spec.limits import LONGEST_RUNWAY
from spec.rounding import LEAST_FLOW
from spec.world import OUTSIDE, State, World


def see_lines(world: World, state: State, i: int, t: int) -> None:
    """Measure what is drawn and what is left of the lines of a living company, and see it in its runway."""
    if world.market.sees_lines == 0:
        return
    company = state.company
    old, new = company.smooth_drawn[i], company.drawn[i]
    company.smooth_drawn[i] = new if t == 1 else old + (new - old) / 3.0
    open_lines = [e for e in world.where("loan", "borrower", i) if is_open(world, state, e, t)]
    company.lines[i] = sum(state.loan.undrawn[e] for e in open_lines)
    company.runway[i] = seen(state, i)


def is_open(world: World, state: State, e: int, t: int) -> bool:
    """Whether a loan may be drawn for what its borrower spends."""
    builds = world.loan.contract[e] == OUTSIDE or state.loan.project_capex[e] > 0
    finances = (world.loan.draw_share[e] > 0 and builds) or world.loan.draw_purchases[e] > 0
    return (
        finances
        and not state.loan.accelerated[e]
        and t < state.loan.maturity[e]
        and may_draw(world, state, e)
    )


def draws(state: State, i: int) -> float:
    """Pace of draws, none where it is no more than rounding."""
    pace = state.company.smooth_drawn[i]
    return pace if pace > LEAST_FLOW * state.size0[i] else 0.0


def seen(state: State, i: int) -> float:
    """Months that cash and lines last."""
    cash, burn, pace = state.company.cash[i], state.company.burn[i], draws(state, i)
    alone = min(LONGEST_RUNWAY, cash / burn) if burn > 0 else LONGEST_RUNWAY
    if pace == 0:
        return alone
    return min(alone, (cash + state.company.lines[i]) / (burn + pace))


def lasts(state: State, i: int, plans: tuple[float, float], alone: float) -> float:
    """Months that free cash and lines last if all plans are kept."""
    (free, need), pace = plans, draws(state, i)
    gross = need + pace
    if pace == 0 or gross <= LEAST_FLOW * state.size0[i]:
        return alone
    return min(alone, (free + state.company.lines[i]) / gross)


def needs(state: State, i: int, months: float) -> float:
    """Cash that so many months take, once lines have ended."""
    burn, pace = state.company.burn[i], draws(state, i)
    alone = burn * months
    return max(alone, (burn + pace) * months - state.company.lines[i]) if pace > 0 else alone


def means(state: State, i: int) -> float:
    """What runway is made of: cash, and lines where they count."""
    cash, burn, pace = state.company.cash[i], state.company.burn[i], draws(state, i)
    lines = state.company.lines[i]
    return cash + lines if pace > 0 and burn * lines <= pace * cash else cash
