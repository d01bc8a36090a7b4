"""Phase 5: activity of companies, their use of contracts, and the bills for it.

    activity_i = (sum of revenue * volume of its segments + used_i) / revenue0_i
    driver_e = activity (follows 0), research (follows 1) or 1 (follows 2), of the customer
    p = tier_e * posted_supplier if price_linked, else tier_e
    usage_now = usage * level * kept * leased * (1 - capped) * driver * intensity * exp(intensity_trend * years(intensity_half_life)) * p^-routing
    elsewhere = routed_cost * usage_now * max(0, p^routing - 1)
    served = usage_now * min(1, room / sum of usage_now over the supplier's contracts)
    elsewhere += substitution_premium * tier_e * (usage_now - served)
    commitment_now = sum of amount over its commitments with first_month <= t <= last_month, * kept * leased
    commitment_now *= 1 - renegotiable, while the customer's runway < renegotiation_runway
    bill = p * max(served, commitment_now) + revenue_share * segment revenue of the customer
    bill = replacement price * (substitutable + (1 - substitutable) * found) * usage_now, supplier dead
    bill = 0, customer dead
    used_supplier = sum of served over living pairs
    commitment_excess_i = part of its bills above usage
    committed = commitment_now as far as it can be delivered, customer and supplier living

- `activity` takes `used_i` of the month before (one month per link). It is 1 if `revenue0_i` is none; 0 if dead.
- `intensity` is use per user of the [plans](plans.md) that the customer sells, where use follows activity; else 1.
- `research` in `driver` is the research plan actually wanted (discretionary level times cut), of the month before.
- `capped` counts only if `price_linked`. Segments pay `price`, with what is passed on this month; contracts pay `posted`, with what was passed on until the month before.
- Use moved elsewhere because of the price costs `routed_cost` a dollar there (other models, or the customer's own). It is paid to `suppliers`, also once the supplier is dead.
- A limited supplier serves the same share of each contract; the rest is bought elsewhere, and paid to `suppliers`. Commitments are owed all the same, unless the market says `pay_on_delivery` ([capacity](capacity.md)).
- The runway that waives a commitment is that of the month before.
- The `replacement price` is `substitution_premium * tier_e`, on its way to the rent of the day where `recontract_months` says so ([compute](compute.md)).
- With a dead supplier the bill is paid to `suppliers`, and the commitment is void.
- `used` is for the next month. `commitment_excess` is for the cause of failure. `bills` is what a company owes, `trade_revenue` what it is owed.
- `capability`, and `found` with `replace_months`, are on the page [demand](demand.md).

Units: USD a month; use and commitments at prices of the start; `intensity_trend` a year.

Off: `routing` 0, `intensity_trend` 0, `renegotiable` 0, `revenue_share` 0, no commitments.

Tests: tests/theory/test_prices.py, tests/theory/test_tiers.py, tests/theory/test_supplier_hit.py, tests/theory/test_capacity.py
"""

from spec.compute import rents, replacement_price
from spec.demand import found
from spec.limits import exp, level, power, whole
from spec.plans import intensity
from spec.prices import contract_price, years
from spec.prorata import part
from spec.rounding import LEAST
from spec.world import State, World

ACTIVITY, RESEARCH = 0, 1


def bills(world: World, state: State, t: int) -> None:
    """Bill every contract; `state.bill[e]` is owed to `state.payee[e]`."""
    company = state.company
    for i in world.each("company"):
        company.activity[i] = activity(world, state, i)
        state.intensity[i] = intensity(world, state, i)
    state.bill = [0.0] * world.counts["contract"]
    state.payee = ["suppliers"] * world.counts["contract"]
    state.elsewhere = [0.0] * world.counts["contract"]
    usage, excess, committed = ([0.0] * world.counts["contract"] for _ in range(3))
    state.excess = excess
    price = [contract_price(world, state, e) for e in world.each("contract")]
    wanted = [wanted_use(world, state, e, price[e], t) for e in world.each("contract")]
    state.use_wanted = wanted
    for i in world.each("company"):
        supplied = world.where("contract", "supplier", i)
        state.wanted_use[i] = sum(wanted[e] for e in supplied) if state.alive(i) else 0.0
    state.reserved = [0.0] * world.counts["company"]
    delivered = [deliverable(world, state, i, t) for i in world.each("company")]
    for e in world.each("contract"):
        customer, supplier, p = world.contract.customer[e], world.contract.supplier[e], price[e]
        if not state.alive(customer):
            continue
        used = wanted[e]
        moved = used * max(0.0, level(power(p, world.contract.routing[e])) - 1.0)
        state.elsewhere[e] = world.contract.routed_cost[e] * moved
        if not state.alive(supplier):
            elsewhere = world.contract.substitutable[e]
            elsewhere += (1.0 - elsewhere) * found(world, state, e)
            state.bill[e] = replacement_price(world, state, e) * elsewhere * used
            state.lost_need += elsewhere * used if rents(world, supplier) else 0.0
            continue
        used *= part(state.room[supplier], state.wanted_use[supplier])
        state.elsewhere[e] += world.market.substitution_premium * state.tier[e] * (wanted[e] - used)
        owed = committed[e] = commitment_now(world, state, e, t) * delivered[supplier]
        state.reserved[supplier] += max(0.0, owed - wanted[e])
        share = world.contract.revenue_share[e] * company.segment_revenue[customer]
        state.payee[e] = supplier
        usage[e], excess[e] = used, p * max(0.0, owed - used)
        state.bill[e] = p * max(used, owed) + share
    state.contract.bill, state.contract.used = list(state.bill), list(usage)
    state.contract.shortfall, state.contract.committed = list(excess), list(committed)
    for i in world.each("company"):
        bought, supplied = world.where("contract", "customer", i), world.where("contract", "supplier", i)
        company.used[i] = sum(usage[e] for e in supplied)
        company.bills[i] = sum(state.bill[e] + state.elsewhere[e] for e in bought)
        company.commitment_excess[i] = sum(excess[e] for e in bought)
        company.trade_revenue[i] = sum(state.bill[e] for e in supplied) if state.alive(i) else 0.0


def deliverable(world: World, state: State, i: int, t: int) -> float:
    """Share of what customers want or have committed to that a limited company can deliver, where no more is owed."""
    if not world.market.pay_on_delivery:
        return 1.0
    promised = 0.0
    for e in world.where("contract", "supplier", i):
        lives = state.alive(world.contract.customer[e])
        promised += max(state.use_wanted[e] * state.alive(i), commitment_now(world, state, e, t) * lives)
    return part(state.room[i], promised)


def activity(world: World, state: State, i: int) -> float:
    """Activity relative to the start; what customers used comes a month late."""
    if not state.alive(i):
        return 0.0
    if state.revenue0[i] <= LEAST:
        return 1.0
    sold = sum(
        world.segment.revenue[s] * state.segment.volume[s] for s in world.where("segment", "seller", i)
    )
    return (sold + state.company.used[i]) / state.revenue0[i]


def wanted_use(world: World, state: State, e: int, p: float, t: int) -> float:
    """What a living customer wants to use."""
    return usage_now(world, state, e, p, t) if state.alive(world.contract.customer[e]) else 0.0


def usage_now(world: World, state: State, e: int, p: float, t: int) -> float:
    """Use under a contract, at prices of the start."""
    contract, customer = world.contract, world.contract.customer[e]
    drivers = {
        ACTIVITY: state.company.activity[customer] * state.intensity[customer],
        RESEARCH: state.company.research[customer],
    }
    driver = drivers.get(int(contract.follows[e]), 1.0)
    trend = contract.intensity_trend[e] * years(contract.intensity_half_life[e], t)
    factor = level(exp(trend) * power(p, -contract.routing[e]))
    left = 1.0 - state.capped[customer] * contract.price_linked[e]
    return contract.usage[e] * contract.level[e] * state.kept[e] * state.leased[e] * driver * factor * left


def commitment_now(world: World, state: State, e: int, t: int) -> float:
    """Take-or-pay owed this month, at prices of the start."""
    rows = world.where("commitment", "contract", e)
    due = [
        c
        for c in rows
        if whole(world.commitment.first_month[c]) <= t <= whole(world.commitment.last_month[c])
    ]
    amount = sum(world.commitment.amount[c] for c in due)
    runway = state.company.runway[world.contract.customer[e]]
    waived = world.contract.renegotiable[e] if runway < world.market.renegotiation_runway else 0.0
    return amount * state.kept[e] * state.leased[e] * (1.0 - waived)
