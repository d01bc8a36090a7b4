"""Vendor finance: what customers paid the companies that finance them, a share of which comes back.

When: purchases of a month are read by pledges and draws of the next; the gauges are of phase 12.

    purchases = what a company paid another in the month before, for contracts and for equipment
    tranche += of_purchases * purchases (a pledge)
    asked += draw_purchases * purchases (a draw)
    new_money = rounds + pledges received less those paid, where positive, + loans drawn, of all companies
    funding_quality = share of it that goes to companies with a profit above 1e-9 of what they earn and spend
    vendor_money = tranches and draws from companies to companies they sell to
    vendor_revenue = bills and equipment sales of all companies with such a pledge or loan
    vendor_financed = vendor_money / vendor_revenue

- `purchases` count if both lived at the end of that month. At the start they are use of the contracts between them and the share of capex of month 0 ordered there.
  What is given back comes as equity (a pledge) or as debt (a draw).
- In `new_money` loans drawn are `drawn` and `borrowed`; a company counts where its money is more than 1e-12 of its size at the start.
- `funding_quality` is 0 where there is no new money. It is what Minsky calls hedge finance, against Ponzi finance.
- `vendor_money` is paid to who buys under a contract or an order.
- `vendor_financed` is 0 where the second is 0, and at most 1e9.

Units: USD a month.

Off: `of_purchases` 0 and `draw_purchases` 0.

Source: hedge and Ponzi finance after Minsky.

Tests: tests/theory/test_loops.py, tests/theory/test_gauges.py
"""

from spec.fleet import ordered
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
            ordered(world, o) * state.fleet.capex[f],
        )
    return paid


def first_purchases(world: World, state: State, capex: list[float]) -> dict[tuple[int, int], float]:
    """The same before the first month."""
    paid: dict[tuple[int, int], float] = {}
    for e in world.each("contract"):
        add(state, paid, (world.contract.customer[e], world.contract.supplier[e]), world.contract.usage[e])
    for o in world.each("order"):
        f = world.order.fleet[o]
        add(state, paid, (world.fleet.owner[f], world.order.vendor[o]), ordered(world, o) * capex[f])
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
