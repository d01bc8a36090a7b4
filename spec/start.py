"""Month 0.

    revenue0_i = revenues of the segments i sells + usages of the contracts it supplies
    used_i = sum of usage of the contracts it supplies
    growth0_i = revenue-weighted growth of its segments (0 without)
    growth = growth0
    capex of month 0 = capex + capex_of_revenue * revenue0 + capex_of_backlog * backlog / 12, of each fleet
    equipment0_v = sum of share * capex of month 0 over the orders of v
    valuation of the start = fair value of revenue0 + equipment0 at growth0
    last_valuation = fair value of the start, where the world says 0

- Equipment sales are not in `revenue0`. What follows revenue and backlog is in `equipment0`.
- Level of every trend is 1; prices 1; volumes 1.
- The capex of month 0 is what draws of month 1 finance; its backlog is that of month 1.
- Runway before the first month counts as 120.
- `growth0` is limited to -2 .. 3 wherever it is used.
- Months in `age_span`, `book_life`, `economic_life`, `lag`, `interest_only`, `maturity` and the like are rounded to the nearest whole month (half up).
- Vintages of the start are on the page of [fleets](fleet.md).
- Month 1 sees month 0 in rules. Cash, levels and trends are as above. Known are also `revenue`, `segment_revenue`, `trade_revenue`, `used`, `growth`,
  `valuation`, `last_valuation`, `debt` and `capex` of companies; `revenue` and `growth` of segments; `balance`, `undrawn` and `maturity` of loans;
  `plan`, `growth`, `capacity`, `depreciation` and `value` of fleets, and companies' `fleet_value`; `companies_alive`, `ai_capex`, `ai_revenue`, `index`;
  `demand`, `utilisation`, `backlog` and `book_value`; runway is 120. All else is 0.

Tests: tests/oracle/test_equal.py, tests/theory/test_gauges.py, tests/oracle/test_rules.py
"""

import math

from spec.backlog import backlog
from spec.bills import commitment_now
from spec.capacity import first_sales, measure, totals
from spec.compute import free_cash, mark_compute
from spec.construction import first_order
from spec.credit import update_leverage
from spec.draw import Luck
from spec.fleet import first_vintages, mark_fleets
from spec.investment import pressure
from spec.limits import LONGEST_RUNWAY, limited_growth, whole
from spec.listed import note_listed
from spec.marks import fair_value
from spec.payables import first_owed
from spec.value import first_value
from spec.vendor_finance import first_purchases
from spec.world import State, World


def start(world: World, luck: Luck) -> State:
    """State known at the end of month 0."""
    state = State(world, luck)
    company = state.company
    company.cash = list(world.company.cash)
    for i in world.each("company"):
        company.alive[i] = 1.0
        company.runway[i] = LONGEST_RUNWAY
        for level in (
            "list_price",
            "passed",
            "price",
            "effective_price",
            "input_cost",
            "capability",
            "activity",
            "fixed_level",
            "research_level",
            "research",
        ):
            getattr(company, level)[i] = 1.0
        company.used[i] = sum(world.contract.usage[e] for e in world.where("contract", "supplier", i))
        company.trade_revenue[i] = company.used[i]
        company.debt[i] = sum(world.loan.balance[e] for e in world.where("loan", "borrower", i))
    state.list = [1.0] * world.counts["company"]  # list prices before the factors on them
    state.segment.growth = list(world.segment.growth)
    state.segment.revenue = list(world.segment.revenue)
    for level in ("volume", "trend", "response", "climate", "loyal", "mean_use", "served_use"):
        setattr(state.segment, level, [1.0] * world.counts["segment"])
    state.loan.balance = list(world.loan.balance)
    state.loan.undrawn = list(world.loan.undrawn)
    state.loan.maturity = [whole(month) for month in world.loan.maturity]
    state.fleet.plan = [1.0] * world.counts["fleet"]
    state.fleet.growth = list(world.fleet.capex_growth)
    state.market.companies_alive = float(world.counts["company"])
    for name in ("regime", "listing", "credit_window", "shares_window"):
        setattr(state.market, name, int(getattr(world.market, name)))
    start_revenue(world, state)
    state.size0 = [size(world, state, i) for i in world.each("company")]
    state.vintages = [first_vintages(world, f) for f in world.each("fleet")]
    built = zip(world.fleet.construction, world.fleet.capacity_revenue, strict=True)
    state.builds = [share > 0 and earning > 0 for share, earning in built]
    state.market.gpu_index = 1.0
    state.market.gdp = state.market.gdp_trend = world.market.gdp_start
    mark_fleets(world, state)
    state.levied = [0.0] * world.counts["company"]
    state.payments = []
    state.kept = [1.0] * world.counts["contract"]
    first_owed(world, state)
    trust(world, state)
    for i in world.each("company"):
        company.backlog[i] = backlog(world, state, i, 1)
    start_values(world, state)
    state.wanted_sales = [first_sales(world, i) for i in world.each("company")]
    state.wanted_use = list(company.used)
    state.reserved = first_reserved(world, state)
    state.room = [math.inf] * world.counts["company"]
    measure(world, state)
    start_market(world, state)
    state.paid = first_purchases(world, state, [first_capex(world, state, f) for f in world.each("fleet")])
    state.market.dry_powder = world.market.dry_powder
    start_gauges(world, state)
    return state


def start_gauges(world: World, state: State) -> None:
    """Sums over the whole economy at month 0."""
    state.capex0 = sum(first_capex(world, state, f) for f in world.each("fleet"))
    state.market.ai_capex = sum(
        world.fleet.ai_share[f] * first_capex(world, state, f) for f in world.each("fleet")
    )
    state.market.ai_revenue = sum(
        world.segment.ai_share[s] * world.segment.revenue[s] for s in world.each("segment")
    )
    state.smooth_ai = smooth_ai(world)


def trust(world: World, state: State) -> None:
    """Investors bear all plans, and plans are on their trends."""
    state.leased = [1.0] * world.counts["contract"]
    state.own_capex = [1.0] * world.counts["company"]
    state.strayed = [0.0] * world.counts["fleet"]  # growth of capex plans beyond what is without shocks
    state.caught = [0.0] * world.counts["fleet"]  # log of what gaps of demand have done to capex plans so far
    state.company.confidence = [1.0] * world.counts["company"]
    state.company.staff = [1.0] * world.counts["company"]


def start_market(world: World, state: State) -> None:
    """What need, pressure, backlog and free cash are held against later."""
    state.lost_need = 0.0
    mark_compute(world, state)
    state.pressure0 = [pressure(world, state, i) for i in world.each("company")]
    state.backlog0 = list(state.company.backlog)
    state.free_cash0 = free_cash(world, state)
    state.totals0 = totals(world, state)


def start_values(world: World, state: State) -> None:
    """Capex and values of companies before the first month."""
    company = state.company
    for i in world.each("company"):
        orders = world.where("order", "vendor", i)
        equipment = sum(
            world.order.share[o] * first_capex(world, state, world.order.fleet[o]) for o in orders
        )
        company.capex[i] = sum(first_capex(world, state, f) for f in world.where("fleet", "owner", i))
        company.valuation[i] = fair_value(world, state, i, state.revenue0[i] + equipment)
        first_value(world, state, i, state.revenue0[i] + equipment)
        update_leverage(state, i)
        company.last_valuation[i] = world.company.last_valuation[i] or company.valuation[i]
    state.valuation0 = list(company.valuation)
    state.market.index = 1.0
    note_listed(world, state)


def first_reserved(world: World, state: State) -> list[float]:
    """What customers of each company have reserved for month 1, beyond the use of the start."""
    reserved = [0.0] * world.counts["company"]
    for e in world.each("contract"):
        beyond = commitment_now(world, state, e, 1) - world.contract.usage[e]
        reserved[world.contract.supplier[e]] += max(0.0, beyond)
    return reserved


def smooth_ai(world: World) -> float:
    """Smoothed AI revenue before the first month, had it always grown as the segments do at the start."""
    segment = world.segment
    ai = [segment.ai_share[s] * segment.revenue[s] for s in world.each("segment")]
    weighted = sum(revenue * segment.growth[s] for s, revenue in enumerate(ai))
    growth = limited_growth(weighted / sum(ai)) if sum(ai) > 0 else 0.0
    return sum(ai) / 6.0 / (1.0 - 5.0 / 6.0 * math.exp(-growth / 12.0))


def first_capex(world: World, state: State, f: int) -> float:
    """Capex of a fleet in month 0."""
    owner = world.fleet.owner[f]
    followed = world.fleet.capex_of_revenue[f] * state.revenue0[owner]
    return (
        world.fleet.capex[f]
        + followed
        + world.fleet.capex_of_backlog[f] * state.company.backlog[owner] / 12.0
        + first_order(world, state, f)
    )


def start_revenue(world: World, state: State) -> None:
    """Revenue and growth before the first month."""
    state.revenue0, state.growth0 = [], []
    for i in world.each("company"):
        segments = world.where("segment", "seller", i)
        sold = sum(world.segment.revenue[s] for s in segments)
        weighted = sum(world.segment.revenue[s] * world.segment.growth[s] for s in segments)
        state.company.segment_revenue[i] = sold
        state.revenue0.append(sold + state.company.used[i])
        state.growth0.append(limited_growth(weighted / sold) if sold > 0 else 0.0)
        state.company.revenue[i] = state.revenue0[i]
        state.company.growth[i] = state.growth0[i]


def size(world: World, state: State, i: int) -> float:
    """What moves through a company in a month, and what it owes and has lent."""
    bought = sum(world.contract.usage[e] for e in world.where("contract", "customer", i))
    loans = [*world.where("loan", "borrower", i), *world.where("loan", "lender", i)]
    balances = sum(world.loan.balance[e] for e in loans)
    flows = state.revenue0[i] + bought + world.company.fixed_cost[i] + world.company.discretionary_cost[i]
    return flows + balances
