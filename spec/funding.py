"""Phase 8: pledges fall in, and companies short of runway try to raise a round.

    tranche = amount / months + of_purchases * purchases, in months first_month .. first_month + months - 1
    score = odds_S + odds_growth * growth - odds_burn * burn multiple - odds_price * ln(max(1, last_valuation / fair value))
    chance = 1 / (1 + exp(-score))
    burn multiple = 12 burn / (12 revenue * growth), in 0 .. 10
    luck = common uniform of the month if u_1 < luck_S, else the company's own
    raised = min(round_months * burn, round_share * fair value) from capital, if luck < chance
    last_valuation = fair value + raised
    exit_proceeds -= exit_proceeds / dry_powder_lag
    dry_powder += dry_powder_inflow / 12 + exit_proceeds / dry_powder_lag
    exit_proceeds += dry_powder_refill * what exits of the month returned to capital

- Pledges are asked for and paid at once, all of an investor's pro rata out of its cash above its minimum; not while the regime is shut if `unless_shut`; not if either is dead; not, on a path, if the condition
  of the pledge is never met there: `u < chance`, drawn once. A rule may say what the condition is instead ([rules](../rules.md)): `amount` and `of_purchases` are levers. `purchases` are on the page
  [vendor finance](vendor_finance.md).
- A living company with `round_runway > 0` and runway (month before) below it attempts a round. Values, growth and burn are of the month before.
- `odds_S` is `odds_open`, `odds_normal`, `odds_shut`; `luck_S` is `luck_open`, `luck_normal`, `luck_shut`.
- Rounds that are offered without need, what else investors see, and refusals that last are on the page [rounds](rounds.md).
- `burn multiple` is 10 if growth or revenue is not positive, 0 if burn is 0.
- A round succeeds only if the fair value is above 0.
- A fair value below the last valuation, by more than a rounding, is counted as a down-round (`down_rounds`).
- Dry powder, if the world's `dry_powder` is below 1e17: if the rounds of the month ask for more than that, each gets the same share of what it asked (a round that gets nothing is none); `dry_powder` falls by what is paid.
  `exit_proceeds` grows at the end of the month. Returned to `capital` is what sales paid to holders outside, and of listings the price times the share that no living company holds.
  Pledges of `capital` and public shares take nothing of it.
- Loans that say `converts` become equity at a round ([credit](credit.md)).
- `pledged` is what a company received less what it paid of pledges; `raised` is the money of rounds and of public shares.

Units: USD; `odds_*` log odds; `round_months` months of burn; `dry_powder_inflow` USD a year, `dry_powder_lag` months.

Off: `round_runway` 0; `dry_powder` 1e17; no pledges.

Tests: tests/theory/test_funding.py, tests/theory/test_prorata.py, tests/theory/test_ruin.py
"""

import math

from spec.credit import convert
from spec.issues import is_public, issue
from spec.limits import whole
from spec.prorata import shares
from spec.regimes import SHUT, by_regime
from spec.rounding import beyond
from spec.rounds import chance_of, grow_older, more, offered, size
from spec.vendor_finance import sells
from spec.world import OUTSIDE, State, World

LONGEST_MULTIPLE = 10.0
UNLIMITED = 1e17


def funding(world: World, state: State, t: int) -> None:
    """Move new money; it comes before the clearing."""
    state.company.pledged = [0.0] * world.counts["company"]
    state.company.raised = [0.0] * world.counts["company"]
    state.asked, state.discount = {}, {}
    grow_older(world, state, t)
    pledges(world, state, t)
    for i in world.each("company"):
        if state.alive(i) and i not in state.exits.bought and not is_public(world, state, i):
            attempt_round(world, state, i, t)
    share_powder(world, state)
    for i in world.each("company"):
        if state.alive(i) and i not in state.exits.bought and is_public(world, state, i):
            issue(world, state, i, t)
    state.market.raised = sum(state.company.raised)


def pledges(world: World, state: State, t: int) -> None:
    """All ask, then every investor shares what it has; what it cannot spare is gone."""
    due = {p: tranche(world, state, p, t) for p in world.each("pledge")}
    paid = shares(world, state, [(world.pledge.investor[p], amount) for p, amount in due.items()])
    for p, amount in due.items():
        pay_tranche(world, state, p, paid[world.pledge.investor[p]] * amount)


def tranche(world: World, state: State, p: int, t: int) -> float:
    """What falls due of a pledge."""
    pledge, investor, receiver = world.pledge, world.pledge.investor[p], world.pledge.company[p]
    first, months = whole(pledge.first_month[p]), whole(pledge.months[p])
    withheld = pledge.unless_shut[p] and state.market.regime == SHUT
    if not first <= t < first + months or withheld or not state.alive(receiver):
        return 0.0
    if state.luck.uniforms("pledge", pledge.address[p], 0)[0] >= pledge.chance[p]:
        return 0.0
    return pledge.amount[p] / months + pledge.of_purchases[p] * state.paid.get((receiver, investor), 0.0)


def pay_tranche(world: World, state: State, p: int, amount: float) -> None:
    """Pay what the investor has for a tranche."""
    investor, receiver = world.pledge.investor[p], world.pledge.company[p]
    if investor != OUTSIDE:
        state.company.pledged[investor] -= amount
    state.pay("capital" if investor == OUTSIDE else investor, receiver, amount)
    state.company.pledged[receiver] += amount
    state.vendor_money += amount if sells(world, investor, receiver) else 0.0


def burn_multiple(state: State, i: int) -> float:
    """Burn over the growth it buys, in dollars of yearly revenue."""
    burn, growth, revenue = state.company.burn[i], state.company.growth[i], state.company.revenue[i]
    if burn == 0:
        return 0.0
    if growth <= 0 or revenue <= 0:
        return LONGEST_MULTIPLE
    return min(LONGEST_MULTIPLE, 12.0 * burn / (12.0 * revenue * growth))


def score(world: World, state: State, i: int, t: int) -> float:
    """What investors see in a company at the fair value of the month before."""
    market = world.market
    fair, last = state.company.valuation[i], state.company.last_valuation[i]
    seen = market.odds_growth * state.company.growth[i] - market.odds_burn * burn_multiple(state, i)
    hurdle = math.log(max(1.0, last / fair)) if fair > 0 else 0.0
    return seen - market.odds_price * hurdle + more(world, state, i, t)


def round_chance(world: World, state: State, i: int, t: int) -> float:
    """Chance that a needed round succeeds."""
    if state.company.valuation[i] == 0:
        return 0.0
    return chance_of(by_regime(world, "odds", state.market.regime) + score(world, state, i, t))


def attempt_round(world: World, state: State, i: int, t: int) -> None:
    """Raise money: what is needed, or what is offered."""
    if state.company.refusal_wait[i] > 0:
        return
    fair, trigger = state.company.valuation[i], world.company.round_runway[i]
    if trigger > 0 and state.company.runway[i] < trigger:
        state.market.tries += 1.0
        if not granted(world, state, i, t):
            state.market.refusals += 1.0
            state.company.refusal_wait[i] = float(whole(world.market.retry_months))
            return
        state.discount[i] = world.market.needed_discount
    elif world.company.round_offers[i] == 0 or not offered(world, state, i, t, score(world, state, i, t)):
        return
    asked = size(world, state, i, t, fair * (1.0 - state.discount.get(i, 0.0)))
    if is_limited(world):
        state.asked[i] = asked
    else:
        close_round(world, state, i, asked)


def granted(world: World, state: State, i: int, t: int) -> bool:
    """Whether a needed round succeeds, with the company's own luck or the common one."""
    words = state.luck.uniforms("round", world.company.address[i], t)
    common = state.luck.uniforms("jump", 0, t)[3]
    luck = common if words[1] < by_regime(world, "luck", state.market.regime) else words[0]
    return luck < round_chance(world, state, i, t)


def close_round(world: World, state: State, i: int, raised: float) -> None:
    """Take the money of a round."""
    price = state.company.valuation[i] * (1.0 - state.discount.get(i, 0.0))
    state.company.round_age[i] = 0.0
    state.pay("capital", i, raised)
    state.company.raised[i] = raised
    last = state.company.last_valuation[i]
    state.company.down_rounds[i] += float(beyond(last - price, last) > 0)
    state.company.last_valuation[i] = price + raised
    if raised > 0:
        convert(world, state, i)


def is_limited(world: World) -> bool:
    """Whether investors have only so much."""
    return world.market.dry_powder < UNLIMITED


def share_powder(world: World, state: State) -> None:
    """Rounds get what investors have, pro rata if that is too little."""
    if not is_limited(world):
        return
    market = state.market
    back = market.exit_proceeds / world.market.dry_powder_lag
    market.exit_proceeds -= back
    powder = market.dry_powder + world.market.dry_powder_inflow / 12.0 + back
    total = sum(state.asked.values())
    for i, asked in state.asked.items():
        raised = asked * min(1.0, powder / total) if total > 0 else 0.0
        if raised > 0:
            close_round(world, state, i, raised)
    market.dry_powder = max(0.0, powder - total)


def await_exits(world: World, state: State) -> None:
    """A part of what exits returned will come back to investors."""
    if is_limited(world):
        state.market.exit_proceeds += world.market.dry_powder_refill * state.proceeds
