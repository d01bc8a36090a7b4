"""Phase 1: four windows for money (venture, credit, shares, listings) whose hazards follow the state of the economy.

    logit h = base + a drawdown + b losses + c strain + d refused
    shuts, if open and luck < h of shutting; opens, if shut and 1 - luck < h of opening
    luck of a window = common uniform of the month if u_1 < windows_common, else its own
    drawdown = 10 * (1 - index / highest index of the last 24 months)
    losses = losses of a year / usual_losses - 1, in -1 .. 10
    losses of a year = 11/12 * losses of a year + debt that failed in the month before
    strain = ln of AI capex over AI revenue, over that of the start, in +-ln(1000)
    refused = smoothed refusals / (1 + smoothed tries)
    smoothed = 5/6 * smoothed + those of the month before

- Base and coefficients of a window: `venture_shuts`, `venture_shuts_drawdown`, `venture_shuts_losses`, `venture_shuts_strain`, `venture_shuts_refused`, and so on for
  `credit_shuts`, `credit_shuts_drawdown`, `credit_shuts_losses`, `credit_shuts_strain`, `credit_shuts_refused`,
  `shares_shuts`, `shares_shuts_drawdown`, `shares_shuts_losses`, `shares_shuts_strain`, `shares_shuts_refused`,
  `listings_shuts`, `listings_shuts_drawdown`, `listings_shuts_losses`, `listings_shuts_strain`, `listings_shuts_refused`; of opening
  `venture_opens`, `venture_opens_drawdown`, `venture_opens_losses`, `venture_opens_strain`, `venture_opens_refused`,
  `credit_opens`, `credit_opens_drawdown`, `credit_opens_losses`, `credit_opens_strain`, `credit_opens_refused`,
  `shares_opens`, `shares_opens_drawdown`, `shares_opens_losses`, `shares_opens_strain`, `shares_opens_refused`,
  `listings_opens`, `listings_opens_drawdown`, `listings_opens_losses`, `listings_opens_strain`, `listings_opens_refused`.
- All four see the same states, of the month before, and move at once. Log odds are kept within +-40. Low luck is bad luck: it shuts what is open and leaves shut what is shut,
  so `windows_common` makes them shut together without changing how often each does.
- The index is that of the [listed companies](listed.md); drawdowns are in tenths, as the hazards were estimated.
- Losses before the start were usual: `losses of a year` begins at `usual_losses`, and counts from month 2 on. With `usual_losses` 0 they do not count. The loss of a month is what `failed_debt` gained.
- Strain is 0 if AI capex or AI revenue of the start is 0. Without capex now it is -ln(1000), without revenue ln(1000).
- `tries` are rounds and sales of public shares that were tried in the month, and balances that fell due and could be refinanced (`refinance_chance` above 0); `refusals` are those of them that failed.
- The venture window is `regime`: it is 2 (shut) or 0 (open), and steers all that the regime steers but what follows. A regime that is normal when a month begins counts as open.
- The credit window (`credit_window`) steers `spread_S`, `refinance_S`, `workout_S` and `draw_unless_shut`; the shares window (`shares_window`) sales of public shares (`equity_S`, `equity_discount_S`; `equity_closed`
  does not count); the listings window is `listing`. Open and shut take the values of `_open` and `_shut`; those of `_normal` are not used.
- Where a large company failed, fear (`sentiment`) shuts all four.
- Rules and hosts may set `regime`, `credit_window`, `shares_window` and `listing`, and move the coefficients: a base of 20 shuts, or opens, a window for sure.
- The defaults of base, drawdown and losses are the estimates of 1996 to 2025 on the page of estimates; strain and refusals have none, and do not count unless the world says so.

Units: log odds a month; per tenth of drawdown, per unit of losses over the usual, of log strain, of the share refused. `usual_losses` USD a year.

Source: chains whose chances depend on the state as in Diebold, Lee and Weinbach (1994); spreads that foretell downturns, Gilchrist and Zakrajšek (2012).

Off: `windows` 0: the chain of [regimes](regimes.md) is at work.

Tests: tests/theory/test_windows.py, tests/properties/test_switches.py
"""

import math

from spec.world import State, World

WINDOWS = ("venture", "credit", "shares", "listings")
STATES = ("drawdown", "losses", "strain", "refused")
OPEN, SHUT = 0, 2
MEMORY = 24
GREATEST_ODDS = 40.0
MOST_LOSSES = 10.0
MOST_STRAIN = 1e3


def observe(world: World, state: State, t: int) -> None:
    """Note what hazards of the month look at."""
    market, past = state.market, state.windows
    past.index = [*past.index, market.index][-MEMORY:]
    if t == 1:
        past.losses = world.market.usual_losses
        past.strain = (market.ai_capex, market.ai_revenue)
    else:
        past.losses = past.losses * (11.0 / 12.0) + (market.failed_debt - past.failed)
    past.failed = market.failed_debt
    past.tries = past.tries * (5.0 / 6.0) + market.tries
    past.refusals = past.refusals * (5.0 / 6.0) + market.refusals
    market.tries = market.refusals = 0.0


def states(world: World, state: State) -> list[float]:
    """Drawdown, losses, strain and refusals, as the hazards see them."""
    past = state.windows
    highest = max(past.index)
    drawdown = 10.0 * (1.0 - past.index[-1] / highest)
    usual = world.market.usual_losses
    losses = min(MOST_LOSSES, past.losses / usual - 1.0) if usual > 0 else 0.0
    return [drawdown, losses, strain(state), past.refusals / (1.0 + past.tries)]


def strain(state: State) -> float:
    """Log of AI capex over AI revenue, over that of the start."""
    capex, revenue = state.windows.strain
    if capex <= 0 or revenue <= 0:
        return 0.0
    above, below = state.market.ai_capex * revenue, state.market.ai_revenue * capex
    if above <= 0:
        return -math.log(MOST_STRAIN)
    ratio = above / below if below > 0 else MOST_STRAIN
    return math.log(min(MOST_STRAIN, max(1.0 / MOST_STRAIN, ratio)))


def hazard(world: World, window: str, event: str, seen: list[float]) -> float:
    """Chance that a window shuts, or opens, this month."""
    odds = getattr(world.market, f"{window}_{event}")
    for name, value in zip(STATES, seen, strict=True):
        odds += getattr(world.market, f"{window}_{event}_{name}") * value
    return 1.0 / (1.0 + math.exp(-min(GREATEST_ODDS, max(-GREATEST_ODDS, odds))))


def luck(world: World, state: State, number: int, t: int) -> float:
    """Luck of a window, its own or the common one."""
    words = state.luck.uniforms("window", number, t)
    common = state.luck.uniforms("window", 0, t)[2]
    return common if words[1] < world.market.windows_common else words[0]


def windows(world: World, state: State, t: int, *, afraid: bool) -> None:
    """Move the four windows by a month."""
    seen, market = states(world, state), state.market
    before = {
        "venture": market.regime != SHUT,
        "credit": market.credit_window > 0,
        "shares": market.shares_window > 0,
        "listings": market.listing > 0,
    }
    now = {}
    for number, name in enumerate(WINDOWS):
        u = luck(world, state, number, t)
        if before[name]:
            now[name] = u >= hazard(world, name, "shuts", seen)
        else:
            now[name] = 1.0 - u < hazard(world, name, "opens", seen)
        now[name] = now[name] and not afraid
    market.regime = OPEN if now["venture"] else SHUT
    market.credit_window, market.shares_window = int(now["credit"]), int(now["shares"])
    market.listing = int(now["listings"])


def credit_regime(world: World, state: State) -> int:
    """Regime that lenders see: that of their window, if windows move."""
    if not world.market.windows:
        return int(state.market.regime)
    return OPEN if state.market.credit_window else SHUT


def shares_regime(world: World, state: State) -> int:
    """Regime that buyers of public shares see."""
    if not world.market.windows:
        return int(state.market.regime)
    return OPEN if state.market.shares_window else SHUT
