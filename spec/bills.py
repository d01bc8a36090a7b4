"""TODO."""

from spec.demand import found
from spec.limits import exp, level, power, whole
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
    state.bill = [0.0] * world.counts["contract"]
    state.payee = ["suppliers"] * world.counts["contract"]
    state.elsewhere = [0.0] * world.counts["contract"]
    usage, excess = [0.0] * world.counts["contract"], [0.0] * world.counts["contract"]
    price = [contract_price(world, state, e) for e in world.each("contract")]
    wanted = [wanted_use(world, state, e, price[e], t) for e in world.each("contract")]
    for i in world.each("company"):
        supplied = world.where("contract", "supplier", i)
        state.wanted_use[i] = sum(wanted[e] for e in supplied) if state.alive(i) else 0.0
    state.reserved = [0.0] * world.counts["company"]
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
            state.bill[e] = world.market.substitution_premium * state.tier[e] * elsewhere * used
            continue
        used *= part(state.room[supplier], state.wanted_use[supplier])
        state.elsewhere[e] += world.market.substitution_premium * state.tier[e] * (wanted[e] - used)
        owed = commitment_now(world, state, e, t)
        state.reserved[supplier] += max(0.0, owed - wanted[e])
        share = world.contract.revenue_share[e] * company.segment_revenue[customer]
        state.payee[e] = supplier
        usage[e], excess[e] = used, p * max(0.0, owed - used)
        state.bill[e] = p * max(used, owed) + share
    for i in world.each("company"):
        bought, supplied = world.where("contract", "customer", i), world.where("contract", "supplier", i)
        company.used[i] = sum(usage[e] for e in supplied)
        company.bills[i] = sum(state.bill[e] + state.elsewhere[e] for e in bought)
        company.commitment_excess[i] = sum(excess[e] for e in bought)
        company.trade_revenue[i] = sum(state.bill[e] for e in supplied) if state.alive(i) else 0.0


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
    drivers = {ACTIVITY: state.company.activity[customer], RESEARCH: state.company.research[customer]}
    driver = drivers.get(int(contract.follows[e]), 1.0)
    trend = contract.intensity_trend[e] * years(contract.intensity_half_life[e], t)
    factor = level(exp(trend) * power(p, -contract.routing[e]))
    left = 1.0 - state.capped[customer] * contract.price_linked[e]
    return contract.usage[e] * contract.level[e] * state.kept[e] * driver * factor * left


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
    return amount * state.kept[e] * (1.0 - waived)
