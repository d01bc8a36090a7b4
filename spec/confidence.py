"""Phase 2a: patience with AI capex runs out; and what a valuation does to the plans of its company.

When: after rules, before prices; `strain` and `plan` are those of the month before. The sway of a valuation is in phase 6.

    strain = AI capex / AI revenue of the month before, at most 1e9
    chance = 1 - exp(-patience_hazard * ln(max(1, strain / tolerance)))
    struck if u < chance
    wish = sum of patience_cut * capex * plan over the fleets struck
    held = sum of cut_first * kept * usage over the contracts the company buys
    x = min(wish, held) / held
    kept *= 1 - cut_first * x
    plan *= 1 - patience_cut * max(0, 1 - held / wish), for each fleet struck
    sway = (valuation of the owner / that of month 0)^capex_valuation

- At the start, `strain` is capex of month 0 over revenue of the segments, each by its `ai_share`. It is 1e9 without AI revenue, 0 without AI capex.
- A fleet of a living company loses the patience of its owner's investors with that chance. Fleets of one company share the luck u. `strikes` counts how often.
- `wish` is what is to be saved a month. Leases of others go first: of the contracts the company buys the share `x` is dropped. Own capex saves the rest.
- `kept` (1 at the start) is a factor on use and commitments of the contract, from this month on and for good. Plans grow on from where they are.
- The variable `confidence` of a company is another thing: see [investment](investment.md).
- `sway` is a factor on the capex plan of a [fleet](fleet.md). The valuation is that of the month before; the ratio is kept within 0.001 .. 1000; `sway` is 1 where the valuation of month 0 is 0.

Units: `patience_hazard` a month for a log unit of strain over tolerance; `wish` and `held` USD a month.

Off: `patience_hazard` 0 (which the feedback `patience` sets: [rules](rules.md)) or `patience_cut` 0; `cut_first` 0 (only own capex is cut); `capex_valuation` 0.

Tests: tests/theory/test_confidence.py, tests/theory/test_loops.py
"""

import math

from spec.limits import GREATEST_LEVEL
from spec.world import State, World

LEAST_RATIO, GREATEST_RATIO = 1e-3, 1e3


def strain(state: State) -> float:
    """AI capex over AI revenue, of the month before."""
    if state.market.ai_capex == 0:
        return 0.0
    if state.market.ai_revenue == 0:
        return GREATEST_LEVEL
    return min(GREATEST_LEVEL, state.market.ai_capex / state.market.ai_revenue)


def patience(world: World, state: State, t: int) -> None:
    """Where patience runs out, leases of others are dropped and plans cut."""
    for i in world.each("company"):
        if not state.alive(i):
            continue
        luck = state.luck.uniforms("patience", world.company.address[i], t)[0]
        struck = [f for f in world.where("fleet", "owner", i) if luck < chance(world, state, f)]
        if struck:
            strike(world, state, i, struck)


def chance(world: World, state: State, f: int) -> float:
    """Chance that patience with a fleet runs out this month."""
    excess = math.log(max(1.0, strain(state) / world.fleet.tolerance[f]))
    return 1.0 - math.exp(-world.fleet.patience_hazard[f] * excess)


def strike(world: World, state: State, i: int, struck: list[int]) -> None:
    """Save what is to be saved: leases first, own plans for the rest."""
    cut = world.fleet.patience_cut
    wish = sum(cut[f] * world.fleet.capex[f] * state.fleet.plan[f] for f in struck)
    leases = world.where("contract", "customer", i)
    first = world.contract.cut_first
    held = sum(first[e] * state.kept[e] * world.contract.usage[e] for e in leases)
    if held > 0:
        for e in leases:
            state.kept[e] *= 1.0 - first[e] * min(wish, held) / held
    own = max(0.0, 1.0 - held / wish) if wish > 0 else 1.0
    for f in struck:
        state.fleet.plan[f] *= 1.0 - cut[f] * own
        state.fleet.strikes[f] += 1.0


def sway(world: World, state: State, f: int) -> float:
    """What the valuation of the owner does to the plan of a fleet."""
    owner = world.fleet.owner[f]
    if state.valuation0[owner] == 0:
        return 1.0
    ratio = state.company.valuation[owner] / state.valuation0[owner]
    return min(GREATEST_RATIO, max(LEAST_RATIO, ratio)) ** world.fleet.capex_valuation[f]
