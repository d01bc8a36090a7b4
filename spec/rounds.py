"""Phase 8: rounds that investors offer, what they see beside growth and burn, and refusals that last.

    score = odds_growth * growth - odds_burn * burn multiple - odds_price * ln(max(1, last_valuation / fair value)) + more
    more = odds_margin * margin - odds_commitments * load + odds_appetite * appetite
    margin = (sales - variable_cost * sales - bills) / sales, in -2 .. 1
    load = commitments of months t .. t + 23 / (cash + 24 * max(0, gross profit)), in 0 .. 10
    appetite = phi * appetite + sqrt(1 - phi^2) * xi, phi = 2^(-1/appetite_half_life)
    needed round, if runway < round_runway: chance = 1 / (1 + exp(-odds_S - score))
    offered round, else: odds of its chance = h / (1 - h) * exp(odds_S - odds_open + score - offers_score), times round_offers
    h = offers_6, offers_12, offers_18, offers_36 by months since the last round: up to 6, 12, 18, more
    share sold = min(round_share, 1/2, share_sold * exp(share_sold_deviation * xi))
    price before the money = fair value, times 1 - needed_discount in a needed round
    raised = price * share sold / (1 - share sold)
    last_valuation = price + raised

- A company with `round_offers` above 0 raises a share of its value, needed or offered: what it must pay does not make its round larger. One with `round_offers` 0 is offered nothing, and raises
  `min(needs(round_months), round_share * price)` ([liquidity](liquidity.md); `round_months * burn` without lines) when it must ([funding](funding.md)).
- `sales` are those of the month to segments and to customers of the network, without equipment; `gross profit = sales - variable_cost * sales - bills`. Without sales the margin is -2 with bills, 0 without.
- Commitments are those of its contracts as a customer, at prices of the start, less what its lack of patience dropped. `load` is 0 without any, 10 with nothing to pay them from. Cash is that of the moment:
  draws and pledges of the month are in.
- `appetite` has mean 0 and variance 1 from month 1 on; it is the company's own, so a company that investors like is liked for a while.
- Offers come to living private companies that have not been sold or licensed. Nobody who does not need to takes a price below that of the last round (by more than a rounding),
  nor, with `offers_runway` above 0, any money with a runway (month before) of that or more: who has enough does not sell.
- A needed round that is refused is news: for `retry_months` the company neither tries again nor is offered anything. `refusal_wait` counts the months that are left. An offer that does not come is no refusal.
- `round_age` counts months since the last round, from the world's `round_age` on; a round sets it to 0.
- A needed round has the luck of [funding](funding.md). An offered one comes if the company's own uniform, or with chance `luck_S` the common one, is below its chance.
- Log odds are kept within +-40. What investors do not have cannot be raised: offered and needed rounds share `dry_powder`.

Units: log odds; months; `share_sold` of the value after the round.

Source: hazards and sizes from rounds of AI companies up to September 2025 (page of estimates); staged financing and what investors look at: Gompers (1995), Kaplan and Strömberg (2004).

Off: `round_offers` 0, `offers_runway` 0, `odds_margin` 0, `odds_commitments` 0, `odds_appetite` 0, `retry_months` 0, `needed_discount` 0.

Tests: tests/theory/test_rounds.py, tests/properties/test_switches.py
"""

import math

from spec.limits import whole
from spec.liquidity import needs
from spec.listed import is_listed
from spec.regimes import by_regime
from spec.rounding import beyond
from spec.world import State, World

AHEAD = 24
MOST_LOAD, LEAST_MARGIN = 10.0, -2.0
MOST_SOLD = 0.5
GREATEST_ODDS = 40.0
AGES = (6, 12, 18)


def grow_older(world: World, state: State, t: int) -> None:
    """A month more since the last round and the last refusal; appetite moves."""
    company = state.company
    kept = 2.0 ** (-1.0 / world.market.appetite_half_life)
    for i in world.each("company"):
        company.round_age[i] = (company.round_age[i] if t > 1 else world.company.round_age[i]) + 1.0
        company.refusal_wait[i] = max(0.0, company.refusal_wait[i] - 1.0)
        xi = normals(world, state, i, t)[0]
        moved = kept * company.appetite[i] + math.sqrt(1.0 - kept * kept) * xi
        company.appetite[i] = moved if t > 1 else xi


def normals(world: World, state: State, i: int, t: int) -> tuple[float, float]:
    """Normals of the appetite for a company and of the share it sells."""
    return state.luck.pair("offer", world.company.address[i], t, 0)


def chance_of(odds: float) -> float:
    """Chance of log odds."""
    return 1.0 / (1.0 + math.exp(-min(GREATEST_ODDS, max(-GREATEST_ODDS, odds))))


def gross_profit(world: World, state: State, i: int) -> tuple[float, float]:
    """Sales of the month, and what bills and variable cost leave of them."""
    sales = state.company.segment_revenue[i] + state.company.trade_revenue[i]
    return sales, sales - world.company.variable_cost[i] * sales - state.company.bills[i]


def margin(world: World, state: State, i: int) -> float:
    """Gross profit over sales."""
    sales, profit = gross_profit(world, state, i)
    if sales > 0:
        return min(1.0, max(LEAST_MARGIN, profit / sales))
    return LEAST_MARGIN if state.company.bills[i] > 0 else 0.0


def load(world: World, state: State, i: int, t: int) -> float:
    """Commitments of two years over what is there to pay them."""
    owed = 0.0
    for e in world.where("contract", "customer", i):
        rows = world.where("commitment", "contract", e)
        owed += state.kept[e] * sum(committed(world, row, t) for row in rows)
    means = state.company.cash[i] + AHEAD * max(0.0, gross_profit(world, state, i)[1])
    if owed <= 0:
        return 0.0
    return min(MOST_LOAD, owed / means) if means > 0 else MOST_LOAD


def committed(world: World, row: int, t: int) -> float:
    """What a commitment costs in months t to t + 23."""
    first, last = whole(world.commitment.first_month[row]), whole(world.commitment.last_month[row])
    return world.commitment.amount[row] * sum(first <= m <= last for m in range(t, t + AHEAD))


def more(world: World, state: State, i: int, t: int) -> float:
    """What investors see beside growth, burn and the last price."""
    market = world.market
    seen = market.odds_margin * margin(world, state, i) - market.odds_commitments * load(world, state, i, t)
    return seen + market.odds_appetite * state.company.appetite[i]


def offered(world: World, state: State, i: int, t: int, score: float) -> bool:
    """Whether investors offer a round that the company takes."""
    company, regime = state.company, state.market.regime
    fair, last = company.valuation[i], company.last_valuation[i]
    if fair <= 0 or beyond(last - fair, last) > 0 or is_listed(world, state, i):
        return False
    if 0 < world.market.offers_runway <= company.runway[i]:
        return False
    words = state.luck.uniforms("offer", world.company.address[i], t)
    common = state.luck.uniforms("jump", 0, t)[3]
    luck = common if words[3] < by_regime(world, "luck", regime) else words[2]
    return luck < offer_chance(world, state, i, score)


def offer_chance(world: World, state: State, i: int, score: float) -> float:
    """Chance of an offer in a month."""
    market, age = world.market, state.company.round_age[i]
    hazard = next((getattr(market, f"offers_{months}") for months in AGES if age <= months), market.offers_36)
    better = by_regime(world, "odds", state.market.regime) - market.odds_open + score - market.offers_score
    odds = hazard * math.exp(min(GREATEST_ODDS, max(-GREATEST_ODDS, better)))
    return world.company.round_offers[i] * (odds / (odds + 1.0 - hazard)) if hazard > 0 else 0.0


def size(world: World, state: State, i: int, t: int, price: float) -> float:
    """Money that a round brings at a price before the money."""
    if world.company.round_offers[i] == 0:
        most = world.company.round_share[i] * price
        return min(needs(state, i, world.company.round_months[i]), most)
    spread = math.exp(world.market.share_sold_deviation * normals(world, state, i, t)[1])
    sold = min(world.company.round_share[i], MOST_SOLD, world.company.share_sold[i] * spread)
    return price * sold / (1.0 - sold)
