"""Phase 12: dollars withdrawn next month per dollar withdrawn now: the spectral radius of the response of the network.

    cascade_multiplier = spectral radius of M
    M_ji = dollars that living company i pays living company j less next month for a dollar less of its revenue now
    b = p * usage served where that use is above the commitment of the month, else 0
    M_ji += b / revenue, over contracts where use follows activity, at most 1e9
    M_ji += b * (1 + runway/3) / cash, where use follows research and runway is between burn_cut_floor * burn_cut_runway and burn_cut_runway, at most 1e9
    M_ji += revenue_share * segment revenue / revenue, over contracts
    M_ji += share * capex_of_revenue * (segment + trade revenue) / revenue, over orders
    revenue = segment + trade + equipment

- All is as known when the month is over, after failures: use at this month's activity, research and prices, as far as it was served, against this month's commitment (waived by the runway of this month),
  cash and runway at its end.
- The dollar is a mean dollar of revenue (nothing where revenue is no more than 1e-12 of its size at the start). A dollar less shortens cash by one and smoothed flow by a third.
- Debt service does not respond.
- Below 1 a disturbance dies out month by month at that rate, above 1 it grows; without rings it is 0.
- The compiled loop computes it from the norms of `M^(2^k)`, which takes the cube of the number of companies on rings, and only where it is recorded. Here it comes from the eigenvalues.

Units: dollars a dollar.

Source: Gelfand's formula for the spectral radius.

Tests: tests/theory/test_multiplier.py
"""

import numpy as np

from spec.bills import ACTIVITY, RESEARCH, commitment_now, usage_now
from spec.fleet import ordered
from spec.limits import level
from spec.liquidity import means
from spec.prices import contract_price
from spec.prorata import part
from spec.rounding import LEAST_FLOW
from spec.world import State, World

ABOVE = 1.0 + 1e-9  # use over what is committed from which it is more than rounding


def multiplier(world: World, state: State, t: int) -> float:
    """Spectral radius: the largest of those of the parts in which everybody answers to everybody."""
    matrix = response(world, state, t)
    return max((float(np.abs(np.linalg.eigvals(block)).max()) for block in rings(matrix)), default=0.0)


def response(world: World, state: State, t: int) -> np.ndarray:
    """What j is paid less next month, in row j, for a dollar less earned by i now, in column i."""
    company, count = state.company, world.counts["company"]
    matrix = np.zeros((count, count))
    for i in world.each("company"):
        sold, trade = company.segment_revenue[i], company.trade_revenue[i]
        revenue = sold + trade + company.equipment_revenue[i]
        if not state.alive(i) or revenue <= LEAST_FLOW * state.size0[i]:
            continue
        for e in world.where("contract", "customer", i):
            if state.alive(world.contract.supplier[e]):
                share = world.contract.revenue_share[e] * sold / revenue
                less = level(following(world, state, e, t, revenue) + share)
                matrix[world.contract.supplier[e], i] += less
        for f in world.where("fleet", "owner", i):
            for o in world.where("order", "fleet", f):
                weight = ordered(world, o) * world.fleet.capex_of_revenue[f]
                if state.alive(world.order.vendor[o]):
                    matrix[world.order.vendor[o], i] += level(weight * (sold + trade) / revenue)
    return matrix


def following(world: World, state: State, e: int, t: int, revenue: float) -> float:
    """What use falls by, where it is above what is committed."""
    customer, supplier = world.contract.customer[e], world.contract.supplier[e]
    p = contract_price(world, state, e)
    served = part(state.room[supplier], state.wanted_use[supplier])
    usage = usage_now(world, state, e, p, t) * served
    if usage <= commitment_now(world, state, e, t) * ABOVE:
        return 0.0
    kind = int(world.contract.follows[e])
    if kind == ACTIVITY:
        return p * usage / revenue
    return p * usage * cut(world, state, customer) if kind == RESEARCH else 0.0


def cut(world: World, state: State, i: int) -> float:
    """Relative cut of research for a dollar less, while runway is between the limits of the cuts."""
    most, runway = world.company.burn_cut_runway[i], state.company.runway[i]
    if not world.company.burn_cut_floor[i] * most < runway < most:
        return 0.0
    return (1.0 + runway / 3.0) / means(state, i)


def rings(matrix: np.ndarray) -> list[np.ndarray]:
    """Blocks of companies each of which reaches all others and is reached by them."""
    count = len(matrix)
    reach = matrix > 0
    for k in range(count):
        reach |= np.outer(reach[:, k], reach[k])
    both = reach & reach.T
    groups = {tuple(np.flatnonzero(both[i])) for i in range(count) if both[i, i]}
    return [matrix[np.ix_(group, group)] for group in sorted(groups)]
