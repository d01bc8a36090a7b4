"""Phase 12: values of companies that move with what they are expected to earn, less what they owe.

    valuation of month 0 = market_value, else last_valuation, else the multiple of revenue ([marks](marks.md))
    EV0 = max(0, valuation of month 0 + debt + idle0 - cash);  gap = min(0, the same)
    EV = max(0, EV0 * min(1e9, seen * expected / expected0 * premium * window * market * own) + books - books0)
    valuation = max(0, EV + gap + cash - debt - idle)
    relative = (revenue0 * activity + equipment_revenue) / (revenue0 + equipment0), 1 where there was none, at most 1e9
    expected = max(0, w * margin + (1 - w) * (target + lift));  w = discount_rate / (discount_rate + 12 ln 2 / outlook_half_life)
    margin = clamp(1 - (variable_cost * sales + serving + depreciation) / sales, -1000, 1), 0 without sales; at least -1/2 at the start, and later where it is that at the start;  sales = revenue + coming
    coming = sum over contracts sold to living customers of max(0, price * kept * level - bill);  level = commitments of months t + 1 .. t + 60, over the months from the first to the last of them
    serving = max(0, bills - commitment_excess - bills of use that follows research, without their excess)
    target = target_margin, else margin of the start;  lift = max(0, (0.05 - w * margin0) / (1 - w) - target of the start)
    premium = clamp(exp(growth_premium * (growth - growth0)), 0.2, 5), growth of relative, both within -1 .. 3
    growth = 12 ln((11 - 2 q) / (12 - 3 q)), 0 where smooth is 0;  q = min(3, recent / smooth);  smooth += (relative - smooth)/12, of month 0 1 / (12 (1 - 11/12 exp(-growth0/12)))
    seen = recent * ahead(growth) * settled;  settled = (sum of revenue * trend * target of response over its segments + used) / (the same with response), 1 where that is none
     recent += (relative - recent)/3, of month 0 1 / ahead(growth0);  ahead(g) = 3 (1 - 2/3 exp(-g/12))
    window = clamp(value_S / value_S of the start, 0.001, 1000)^window_loading
    market = market level of a share of this beta ([listed](listed.md))
    mispricing = mispricing * k + value_volatility * sqrt(1/12) * xi - price_impact * sold, within -20 .. 20;  k = 2^(-1/value_half_life)
    own = exp(mispricing - U/2);  U = k^2 U + value_volatility^2/12, from 0
    sold = raised / valuation of the month before;  diluted /= 1 + sold
    idle_commitments = sum over years y = 0 .. 4 of exp(-discount_rate (y + 1/2)) * max(0, C_y - 12 need * exp(growth * H (1 - 2^(-(12 y + 6)/outlook_half_life))))
    H = outlook_half_life / (12 ln 2);  need = max(0, bills - commitment_excess)
    C_y = sum over contracts bought from living suppliers of price * kept * commitments of months t + 12 y + 1 .. t + 12 y + 12

- It is the value of a company that says `market_value` or `target_margin`; all others have the multiple of revenue. Only changes come from the formula: the value of month 0 is what the world says,
  with all that was signed by then. So what would be news to investors (a commitment, a life, a price) is a rule or a shock after the start; said in the world itself, it is in the value of the start. `enterprise_value` is EV, `expected_margin` is expected, `idle_commitments` is called idle above.
- `w` is the weight of today in the present value of a margin that moves to the long run with `outlook_half_life` where all earnings are discounted at `discount_rate` (net of growth in the long run):
  the integral of `exp(-rate s) (target + (margin - target) 2^(-s/half_life))`, times the rate, is `w margin + (1 - w) target`. In the same way growth above the long run that fades so is worth a factor
  `exp(growth / (discount_rate + 12 ln 2 / outlook_half_life))` to first order, which is what `growth_premium` may be set to.
- `relative` is organic: sales at prices of the start. Neither a price rise nor the take-or-pay of a contract that starts is growth, and neither is the start of what was signed before: `coming` counts it in the margin beforehand. A price is in the margin, which weighs `w`. A price rise of a supplier lowers the
  margin of who pays it in the same month. Growth is read from the averages of a quarter and of a year, and a steady rate reads as itself: monthly noise of sales is no news of growth. Investors see a third of what a month changes in sales at once (`seen`), and half within two months. Depreciation counts as cost of owners of fleets. Fixed and discretionary cost, and use that follows research, are left out: `target_margin` is before them.
- Whose loss at the start is more than half of what it sells counts as losing half, then and later: that tells how small the sales of a young company are, not what it will earn on those that its value is paid for. Else a lab
  whose machines cost four times what it sells, and that is priced at 300 times its sales, is worth three times as much a month later because it sells a tenth more.
- `books` are cost less straight-line depreciation over `book_life` of the fleets that are built for contracts from the start on ([construction](construction.md)), with what is under construction, without what has retired. What was signed before is in
  the value of the start less what it costs to build. As it is built, the enterprise is worth its cost more, and the debt that paid for it is held against that.
- Users answer to a price within months, and investors need not wait for that: `settled` is where sales go at the prices and caps of today ([demand](demand.md), [plans](plans.md)).
- `lift` is the margin that investors must expect where what the world says could not explain any value: an expected margin of at least 5 % at the start.
- `gap` is what a share is priced below its net cash, which stays. Equity is never below 0; a value that is a rounding of assets and claims is 0 ([rounding](rounding.md)).
- Commitments beyond need are a debt, each year by itself: what is not used in a year cannot be used later. Need grows at the growth of `relative`, which fades. At month 0 prices count as 1, need is
  `usage` and `revenue_share` of the contracts bought, and growth is growth0; bills of sales are `usage`.
- `price_impact` presses on companies whose shares are traded ([listed](listed.md)). Asquith and Mullins (1986) found that values fell by three tenths of what was issued. `diluted` multiplies the shares of all
  stakes when proceeds are distributed; who put in new money is `capital`. Rounds and public shares dilute, of companies that are valued so.
- Listed giants follow the market by `beta` and hardly the funding regime: a `window_loading` of 1 is meant for private companies.
- The regime, debt, cash, commitments and prices are those at the end of the month. What is `own` is a mispricing that fades, so that values cannot drift away from earnings for good; its mean over paths is 1.

Units: USD; rates a year; half lives months.

Off: `market_value` 0 and `target_margin` 0.

Source: Gordon (1959); Fuller and Hsia (1984) for growth that fades; Asquith and Mullins (1986) for the price impact of issues.

Tests: tests/theory/test_value.py
"""

import math

from spec.bills import RESEARCH
from spec.draw import box_muller
from spec.limits import level, whole
from spec.listed import GREATEST, is_listed, market_level, part, within
from spec.prices import contract_price
from spec.regimes import by_regime
from spec.rounding import LEAST, LEAST_FLOW
from spec.world import State, World

LEAST_MARGIN = 0.05
LEAST_TODAY = -0.5
YEARS = 5
SMOOTHED = 12.0
SEEN = 3.0
MOST_RATIO = 3.0
GROWTH = (-1.0, 3.0)


def is_valued(world: World, i: int) -> bool:
    """Whether a company is valued by what it is expected to earn."""
    return world.company.market_value[i] > 0 or world.company.target_margin[i] > 0


def weight(world: World, i: int) -> float:
    """Weight of today's margin in what investors expect."""
    rate = world.market.discount_rate
    return rate / (rate + 12.0 * math.log(2.0) / world.company.outlook_half_life[i])


def owed(world: World, state: State, i: int) -> float:
    """What a company owes."""
    return sum(state.loan.balance[k] for k in world.where("loan", "borrower", i))


def margin(state: State, i: int, revenue: float, cost: float) -> float:
    """Margin of a revenue; none where that is a rounding of the size of the company."""
    least = max(LEAST, LEAST_FLOW * state.size0[i])
    return within(1.0 - cost / revenue, -1e3, 1.0) if revenue > least else 0.0


def first_value(world: World, state: State, i: int, revenue: float) -> None:
    """Value a company at the start, and keep what its value moves from."""
    state.company.diluted[i] = 1.0
    if not is_valued(world, i):
        return
    company = world.company
    unlisted = company.last_valuation[i] or state.company.valuation[i]
    worth = state.company.valuation[i] = company.market_value[i] or unlisted
    bills = {e: first_bill(world, state, e) for e in world.where("contract", "customer", i)}
    serving = sum(bill for e, bill in bills.items() if world.contract.follows[e] != RESEARCH)
    idle = idle_commitments(world, state, i, 0, (sum(bills.values()), first_growth(state, i)))
    enterprise = worth + owed(world, state, i) + idle - state.company.cash[i]
    written = sum(state.fleet.depreciation[f] for f in world.where("fleet", "owner", i))
    sales = revenue + coming(world, state, i, 0)
    now = max(LEAST_TODAY, margin(state, i, sales, company.variable_cost[i] * sales + serving + written))
    w, target = weight(world, i), company.target_margin[i] or now
    lift = max(0.0, (LEAST_MARGIN - w * now) / (1.0 - w) - target)
    first = {"revenue": revenue, "enterprise": max(0.0, enterprise), "gap": min(0.0, enterprise)}
    first |= {
        "books": built(world, state, i),
        "margin": now,
        "lift": lift,
        "expected": w * now + (1.0 - w) * (target + lift),
    }
    state.first_value[i], state.value_variance[i], state.value_before[i] = first, 0.0, worth
    state.company.enterprise_value[i] = first["enterprise"]
    state.company.expected_margin[i] = first["expected"]
    state.company.idle_commitments[i] = idle


def first_bill(world: World, state: State, e: int) -> float:
    """Bill of a contract in month 0."""
    sold = state.company.segment_revenue[world.contract.customer[e]]
    return world.contract.usage[e] + world.contract.revenue_share[e] * sold


def appraise(world: World, state: State, i: int, t: int) -> None:
    """Value a living company at the end of the month."""
    company, first = state.company, state.first_value[i]
    relative = organic(state, i, first["revenue"])
    growth = organic_growth(state, i, relative, t)
    need = max(0.0, company.bills[i] - company.commitment_excess[i])
    idle = idle_commitments(world, state, i, t, (need, growth))
    move_price(world, state, i, t)
    expected = expected_margin(world, state, i, need, coming(world, state, i, t))
    faster = world.company.growth_premium[i] * (growth - first_growth(state, i))
    factor = (
        state.organic_recent[i]
        * ahead(growth, SEEN)
        * settled(world, state, i)
        * (expected / first["expected"])
        * within(math.exp(faster), 0.2, 5.0)
    )
    factor *= window(world, state, i) * market_level(state, world.company.beta[i])
    factor *= math.exp(within(company.mispricing[i] - state.value_variance[i] / 2.0, -GREATEST, GREATEST))
    moved, books = first["enterprise"] * level(factor), built(world, state, i)
    enterprise = part(moved + (books - first["books"]), moved + books + first["books"])
    assets, claims = enterprise + company.cash[i], owed(world, state, i) + idle - first["gap"]
    company.enterprise_value[i], company.expected_margin[i] = enterprise, expected
    company.idle_commitments[i] = idle
    company.valuation[i] = state.value_before[i] = part(assets - claims, assets + claims)


def first_growth(state: State, i: int) -> float:
    """Growth of the start, as far as it can be read."""
    return within(state.growth0[i], *GROWTH)


def coming(world: World, state: State, i: int, t: int) -> float:
    """Take-or-pay that customers have signed, at its level of the five years to come, beyond what they are billed."""
    total = 0.0
    for e in world.where("contract", "supplier", i):
        months = {}
        for row in world.where("commitment", "contract", e):
            first, last = (whole(getattr(world.commitment, f"{end}_month")[row]) for end in ("first", "last"))
            for month in range(max(first, t + 1), min(last, t + 12 * YEARS) + 1):
                months[month] = months.get(month, 0.0) + world.commitment.amount[row]
        if months and state.alive(world.contract.customer[e]):
            price = contract_price(world, state, e) if t else 1.0
            signed = price * state.kept[e] * sum(months.values()) / (max(months) - min(months) + 1)
            total += max(0.0, signed - (state.bill[e] if t else world.contract.usage[e]))
    return total


def organic(state: State, i: int, first: float) -> float:
    """Sales at prices of the start, commitments apart, over those of the start."""
    start, company = state.revenue0[i], state.company
    sales = (company.activity[i] * start if start > LEAST else 0.0) + company.equipment_revenue[i]
    return level(max(0.0, sales / first)) if first > LEAST else 1.0


def settled(world: World, state: State, i: int) -> float:
    """Sales once users have answered to prices of today, over those of the month."""
    now = then = state.company.used[i]
    for s in world.where("segment", "seller", i):
        wanted = world.segment.revenue[s] * state.segment.trend[s]
        now += wanted * state.segment.response[s]
        then += wanted * state.settles[s]
    return level(then / now) if now > LEAST else 1.0


def organic_growth(state: State, i: int, relative: float, t: int) -> float:
    """Growth that, if steady, would hold the averages of a quarter and of a year as far apart as they are."""
    if t == 1:
        growth = first_growth(state, i)
        state.organic_recent[i], state.organic_smooth[i] = (
            1.0 / ahead(growth, SEEN),
            1.0 / ahead(growth, SMOOTHED),
        )
    state.organic_recent[i] += (relative - state.organic_recent[i]) / SEEN
    state.organic_smooth[i] += (relative - state.organic_smooth[i]) / SMOOTHED
    if state.organic_smooth[i] <= 0:
        return 0.0
    ratio = min(MOST_RATIO, state.organic_recent[i] / state.organic_smooth[i])
    return within(-12.0 * math.log(3.0 * (4.0 - ratio) / (11.0 - 2.0 * ratio)), *GROWTH)


def ahead(growth: float, months: float) -> float:
    """What steady growth makes of sales over their average of some months."""
    return months * (1.0 - (1.0 - 1.0 / months) * math.exp(-growth / 12.0))


def built(world: World, state: State, i: int) -> float:
    """Books of the fleets that are built for contracts, with what is under construction."""
    total = 0.0
    for f in world.where("fleet", "owner", i):
        if state.builds[f]:
            life, book = whole(world.fleet.economic_life[f]), whole(world.fleet.book_life[f])
            left = ((v.cost, max(0.0, v.age + 1.0)) for v in state.vintages[f] if v.age < life)
            total += sum(cost * max(0.0, 1.0 - age / book) for cost, age in left)
    return total


def expected_margin(world: World, state: State, i: int, need: float, more: float) -> float:
    """Margin that investors expect, not below 0."""
    company, first = state.company, state.first_value[i]
    bought = [e for e in world.where("contract", "customer", i) if world.contract.follows[e] == RESEARCH]
    research = sum(state.bill[e] + state.elsewhere[e] - state.excess[e] for e in bought)
    revenue = company.segment_revenue[i] + company.trade_revenue[i] + company.equipment_revenue[i] + more
    cost = world.company.variable_cost[i] * revenue + max(0.0, need - research) + company.depreciation[i]
    target = (world.company.target_margin[i] or first["margin"]) + first["lift"]
    w, least = weight(world, i), LEAST_TODAY if first["margin"] == LEAST_TODAY else -1e3
    return max(0.0, w * max(least, margin(state, i, revenue, cost)) + (1.0 - w) * target)


def window(world: World, state: State, i: int) -> float:
    """What the funding regime does to the value, against that of the start."""
    now = by_regime(world, "value", state.market.regime)
    start = by_regime(world, "value", int(world.market.regime))
    ratio = within(now / start, 1e-3, 1e3) if start > 0 else 1.0
    return ratio ** world.company.window_loading[i]


def move_price(world: World, state: State, i: int, t: int) -> None:
    """Let the mispricing fade and take its shock and the weight of new shares, which dilute those of the start."""
    company, before = state.company, state.value_before[i]
    sold = company.raised[i] / before if before > 0 else 0.0
    words = state.luck.uniforms("value", world.company.address[i], t)
    size = world.company.value_volatility[i] * math.sqrt(1.0 / 12.0)
    keep = 2.0 ** (-1.0 / world.company.value_half_life[i])
    log = keep * company.mispricing[i] + size * box_muller(words[0], words[1])[0]
    log -= world.company.price_impact[i] * sold if is_listed(world, state, i) else 0.0
    company.mispricing[i] = within(log, -GREATEST, GREATEST)
    state.value_variance[i] = keep**2 * state.value_variance[i] + size**2
    company.diluted[i] /= 1.0 + sold


def idle_commitments(world: World, state: State, i: int, t: int, outlook: tuple[float, float]) -> float:
    """Commitments of five years beyond what is needed, at the need of today and its growth, discounted."""
    need, growth = outlook
    half_life, rate = world.company.outlook_half_life[i], world.market.discount_rate
    total = 0.0
    for year in range(YEARS):
        middle = 12.0 * year + 6.0
        far = half_life / (12.0 * math.log(2.0)) * (1.0 - 2.0 ** (-middle / half_life))
        contracts = world.where("contract", "customer", i)
        promised = sum(promise(world, state, e, t, t + 12 * year) for e in contracts)
        rest = max(0.0, promised - 12.0 * need * math.exp(growth * far))
        total += math.exp(-rate * middle / 12.0) * rest
    return total


def promise(world: World, state: State, e: int, t: int, before: int) -> float:
    """Commitments under a contract in the twelve months after a month, at its price of today."""
    rows, commitment = world.where("commitment", "contract", e), world.commitment
    if not rows or not state.alive(world.contract.supplier[e]):
        return 0.0
    price = contract_price(world, state, e) if t else 1.0
    total = 0.0
    for row in rows:
        first = max(whole(commitment.first_month[row]), before + 1)
        last = min(whole(commitment.last_month[row]), before + 12)
        total += commitment.amount[row] * max(0, last - first + 1)
    return price * state.kept[e] * total
