"""The market for compute: what is wanted and installed, whoever owns it, and what is let to those who lost their supplier.

    K_f = capacity_revenue * capacity / 12 of an indexed fleet, its owner alive or dead
    installed = sum of K_f
    need = sum of demand of all who own such a fleet + footloose
    footloose = sum over contracts of dead suppliers of (substitutable + (1 - substitutable) * found) * usage_now
    footloose += sum over segments of dead sellers of hosted * revenue * trend * response * climate * loyal * max(0, 1 - sum of recapture shares)
    idle_f = 1 - utilisation - relet * (1 - utilisation) of a living owner, 1 of a dead one
    occupancy = min(1, (footloose + sum of unserved) / sum of idle_f * K_f), 0 where what is idle is a rounding
    unserved = max(0, demand - K) of a living owner that is limited
    let revenue = sum of idle_f * occupancy * K_f * gpu_index over the fleets of a living owner
    unused_f = idle_f * (1 - occupancy), or idle_f of a fleet that is not indexed
    stranded = sum of unused_f * book_value over fleets with capacity_revenue above 0
    answer = gpu_clearing * ln((need / need0) / (installed / installed0))
    own use = own_compute * research
    price of what replaces a dead supplier = tier_e * (substitution_premium + way * (gpu_index - substitution_premium))
    depth = depth_class * (F / F0)^depth_cash * depth_shut, the last where funding is shut
    F = sum of max(0, cash - minimum_cash) over living owners of fleets in use
    way = min(1, k / recontract_months), in month d + 1 + k after a death in month d; 0 if recontract_months is 0

When: measured at the end of the month, `footloose` with the deaths before it. Rents and `let revenue` answer in the next month, `let revenue` with utilisation and capacity of the month before.

- With `spot_market` 1 the share `salvage` of the fleets of a failed owner stays installed. `capital` has bought it with the estate. It ages, is written off and retires as before,
  nobody adds to it, and it is let at spot as far as anybody needs it. The rest is scrapped, and all of it with `spot_market` 0.
- So when tenants fail need falls and supply stays: rents fall. When landlords fail their tenants stay in the market, and so do the machines: rents stay, and idle fleets of the living fill.
- Depth of second-hand markets ([cascade](cascade.md)) falls with the free cash of those who could buy, at the moment of the sale: who sells into a bust sells to nobody. F0 is that of the start, the ratio is
  kept within 0.01 .. 100, and is 1 where F0 is none.
- `need` and `installed` are at prices of the start. Who dies in a month counts with its `demand` until the end of it. Only contracts and segments of owners of an indexed fleet count for `footloose`.
- `let revenue` is paid by households, counts as `segment_revenue` (not as AI revenue), and is that of the living. Rents of fleets of the dead go from those who pay `suppliers` to `capital`, both outside.
- Without a spot market `footloose` and `occupancy` are 0, `stranded` is that of [capacity](capacity.md), and fleets of the dead are not in it.
- Own use counts in `demand` ([capacity](capacity.md)), after that of its customers: a limited company does not turn customers away for it.
- In `stranded` fleets of the dead count at the books of the dead. It is USD of book value: what was paid and not yet written off, for what stands idle.
- The price of replacement is that of [bills](bills.md); `recontract_months` needs no spot market.

Units: USD a month; `stranded` and F USD; shares.

Off: `spot_market` 0, `depth_cash` 0, `depth_shut` 1, `own_compute` 0, `recontract_months` 0.

Source: Shleifer and Vishny (1992): what is sold by the distressed stays with somebody, at a price that the needs of others make.

Tests: tests/theory/test_compute.py
"""

from spec import capacity
from spec.rounding import LEAST, ROUNDING
from spec.world import State, World

SHUT = 2


def rented(world: World, state: State, f: int) -> float:
    """What a fleet can serve in the market."""
    fleet = world.fleet
    return fleet.indexed[f] * fleet.capacity_revenue[f] * state.fleet.capacity[f] / 12.0


def rents(world: World, i: int) -> bool:
    """Whether a company has a fleet for rent."""
    owned = world.where("fleet", "owner", i)
    return any(world.fleet.indexed[f] and world.fleet.capacity_revenue[f] > 0 for f in owned)


def idle(world: World, state: State, f: int) -> float:
    """Part of a fleet that its owner has no use for."""
    owner = world.fleet.owner[f]
    if not state.alive(owner):
        return 1.0
    busy = state.company.utilisation[owner]
    return 1.0 - (busy + world.fleet.relet[f] * (1.0 - busy))


def unserved(world: World, state: State, i: int) -> float:
    """What a limited company cannot serve."""
    if not capacity.limited(world, i):
        return 0.0
    return max(0.0, state.company.demand[i] - capacity.capacity(world, state, i))


def mark_compute(world: World, state: State) -> None:
    """Need, supply and occupancy at the end of the month."""
    market = state.market
    landlords = [i for i in world.each("company") if rents(world, i)]
    over = sum(unserved(world, state, i) for i in landlords)
    free = sum(idle(world, state, f) * rented(world, state, f) for f in world.each("fleet"))
    clears = bool(world.market.spot_market)
    market.footloose = state.lost_need if clears else 0.0
    market.need = sum(state.company.demand[i] for i in landlords) + market.footloose
    market.installed = sum(rented(world, state, f) for f in world.each("fleet"))
    share = min(1.0, (market.footloose + over) / free) if free > ROUNDING * market.installed else 0.0
    market.occupancy = share if clears else 0.0


def lost_sales(world: World, state: State) -> float:
    """What segments of dead sellers want, as far as no rival has gained it."""
    segment, total = state.segment, 0.0
    for s in world.each("segment"):
        seller = world.segment.seller[s]
        if not state.alive(seller) and rents(world, seller):
            volume = segment.trend[s] * segment.response[s] * segment.climate[s] * segment.loyal[s]
            claimed = sum(world.recapture.share[r] for r in world.where("recapture", "from", s))
            total += world.segment.hosted[s] * world.segment.revenue[s] * volume * max(0.0, 1.0 - claimed)
    return total


def let_out(world: World, state: State, i: int) -> float:
    """Revenue of a living company from fleets let at spot."""
    if not (world.market.spot_market and state.alive(i)):
        return 0.0
    owned = world.where("fleet", "owner", i)
    spare = sum(rented(world, state, f) * idle(world, state, f) for f in owned)
    return spare * state.market.occupancy * state.market.gpu_index


def unused(world: World, state: State, f: int) -> float:
    """Part of a fleet that nobody uses."""
    return idle(world, state, f) * (1.0 - world.fleet.indexed[f] * state.market.occupancy)


def stays(world: World) -> float:
    """Share of the fleets of the failed that is not scrapped."""
    return world.market.salvage if world.market.spot_market else 0.0


def replacement_price(world: World, state: State, e: int) -> float:
    """Price of what replaces the dead supplier of a contract."""
    premium, months = world.market.substitution_premium, world.contract.recontract_months[e]
    since = state.month - state.died[world.contract.supplier[e]] - 1
    way = min(1.0, since / months) if months > 0 else 0.0
    return (premium + way * (state.market.gpu_index - premium)) * state.tier[e]


def free_cash(world: World, state: State) -> float:
    """Cash above its minimum of all who live and own fleets."""
    used = [f for f in world.each("fleet") if state.fleet.capacity[f] > LEAST]
    owners = {world.fleet.owner[f] for f in used if state.alive(world.fleet.owner[f])}
    return sum(max(0.0, state.company.cash[i] - world.company.minimum_cash[i]) for i in owners)


def depth_factor(world: World, state: State) -> float:
    """Factor on the depth of second-hand markets: who could buy, and whether anybody lends for it."""
    ratio, first = 1.0, state.free_cash0
    if first > LEAST:
        ratio = min(1e2, max(1e-2, free_cash(world, state) / first))
    shut = world.market.depth_shut if state.market.regime == SHUT else 1.0
    return ratio**world.market.depth_cash * shut
