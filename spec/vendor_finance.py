"""TODO."""

from spec.limits import ratio
from spec.rounding import LEAST_FLOW, LEAST_GAIN
from spec.world import State, World


def mark_money(world: World, state: State) -> None:
    """Who gets new money, and what of it vendors pay."""
    market, company = state.market, state.company
    got = [
        company.raised[i] + max(0.0, company.pledged[i]) + company.drawn[i] + company.borrowed[i]
        for i in world.each("company")
    ]
    got = [money if money > LEAST_FLOW * state.size0[i] else 0.0 for i, money in enumerate(got)]
    sound = sum(money for i, money in enumerate(got) if earns(state, i))
    market.new_money = sum(got)
    market.funding_quality = sound / market.new_money if market.new_money > 0 else 0.0
    vendors = {
        payer
        for entity, payer, receiver in (("pledge", "investor", "company"), ("loan", "lender", "borrower"))
        for payer, receiver in zip(
            getattr(getattr(world, entity), payer), getattr(getattr(world, entity), receiver), strict=True
        )
        if sells(world, payer, receiver)
    }
    market.vendor_revenue = sum(company.trade_revenue[v] + company.equipment_revenue[v] for v in vendors)
    market.vendor_money = state.vendor_money
    market.vendor_financed = ratio(market.vendor_money, market.vendor_revenue)


def earns(state: State, i: int) -> bool:
    """Whether a company earns a profit, by more than rounding."""
    company = state.company
    sales = company.segment_revenue[i] + company.trade_revenue[i] + abs(company.equipment_revenue[i])
    spent = abs(company.costs[i]) + company.bills[i] + company.depreciation[i] + company.interest[i]
    return company.profit[i] > LEAST_GAIN * (sales + spent)


def purchases(world: World, state: State) -> dict[tuple[int, int], float]:
    """By customer and vendor, both alive when the month ended."""
    paid: dict[tuple[int, int], float] = {}
    for e in world.each("contract"):
        ends = world.contract.customer[e], world.contract.supplier[e]
        add(state, paid, ends, state.bill[e])
    for o in world.each("order"):
        f = world.order.fleet[o]
        add(
            state,
            paid,
            (world.fleet.owner[f], world.order.vendor[o]),
            world.order.share[o] * state.fleet.capex[f],
        )
    return paid


def first_purchases(world: World, state: State, capex: list[float]) -> dict[tuple[int, int], float]:
    """The same before the first month."""
    paid: dict[tuple[int, int], float] = {}
    for e in world.each("contract"):
        add(state, paid, (world.contract.customer[e], world.contract.supplier[e]), world.contract.usage[e])
    for o in world.each("order"):
        f = world.order.fleet[o]
        add(state, paid, (world.fleet.owner[f], world.order.vendor[o]), world.order.share[o] * capex[f])
    return paid


def add(state: State, paid: dict[tuple[int, int], float], ends: tuple[int, int], amount: float) -> None:
    """Count a payment between two living companies."""
    if all(state.alive(end) for end in ends):
        paid[ends] = paid.get(ends, 0.0) + amount


def sells(world: World, seller: int, buyer: int) -> bool:
    """Whether a company supplies another under a contract, or its fleets."""
    supplied = [world.contract.customer[e] for e in world.where("contract", "supplier", seller)]
    fleets = [world.order.fleet[o] for o in world.where("order", "vendor", seller)]
    return buyer in supplied or buyer in [world.fleet.owner[f] for f in fleets]
