"""Phase 4: plans at one price for users who use more or less, the mix of those who stay, and caps on use.

    ln u ~ normal(m, use_spread^2) over the users of the plan;  m = use_spread^2 * (selection - 1/2)
    mean_use = E[u] = exp(use_spread^2 * selection)
    cap = plan_cap * cap_level * max(1, input_cost)^-cap_response, within 1e-9 .. 1e9; none where plan_cap is 0
    d = (ln cap - m) / use_spread
    E[min(u, cap)] = mean_use * Phi(d - use_spread) + cap * Phi(-d)
    slope = E[cap/u; u > cap] = cap * exp(use_spread^2/2 - m) * Phi(-d - use_spread)
    E[(1 - cap/u)+] = Phi(-d) - slope
    withheld = E[(1 - cap/u)+] - that of the start, with the mix of the month before
    target of response = exp(-elasticity * (ln effective + withheld_felt * withheld))
    selection += (within -20 .. 20: elasticity * (use_worth * ln effective - withheld_felt * (slope - slope of the start)) - selection) / adjust_months, from 0
    served_use = E[min(u, cap)] / that of the start
    intensity_i = 1 + sum of revenue * volume * (served_use - 1) / (sum of revenue * volume of its segments + used_i)

- Users pay the same, whatever they use; the mean use of the start is 1. Users stay in proportion to `u^selection`, so the mix stays lognormal, and `selection` is its state. It is 0 at the start.
- `elasticity` is that of the number of users. A dearer plan drives away light users first: the elasticity of a user is in proportion to `u^-use_worth`. With 1, a plan is worth to each what is used of it. The mean slope of the log of
  those who stay over the log of use is then `elasticity * use_worth * ln effective`. Heavy users are left: adverse selection. A cheaper plan brings light users in.
- A cap withholds `1 - cap/u` from those above it. They feel that as a dearer product, and nobody else does: heavy users leave first. The mean slope of `-elasticity * withheld_felt * (1 - cap/u)+` over the log of use is
  `-elasticity * withheld_felt * slope` (Stein's lemma); the mix follows this mean slope, whatever the exact shape.
- Who makes nobody leave (`elasticity` 0) changes no mix. A cap saves use all the same.
- `intensity` multiplies the use of contracts that follow activity ([bills](bills.md)): its cost is what those contracts cost. Price does not depend on use, so a heavier mix costs margin.
- The responses to dearer input: `pass_through` raises the price for all ([prices](prices.md)), `cap_response` caps use, the rest is borne. `use_cap` and `cap_felt` of companies save a share of the cost that is not passed on, and know no mix of users.
- The cap of the start may bind; only what is beyond it is felt and saved. Rules tighten a cap by `cap_level`; where `plan_cap` is 0, there is none to tighten.
- New users, and users who come from rivals, use as those who are there. What a lost user costs a rival is not looked at.

Units: use relative to the mean use of the start; `adjust_months` months.

Off: `use_spread` 0.

Source: Akerlof (1970), Rothschild and Stiglitz (1976) for the mix of those who stay; Stein (1981) for mean slopes; E[min(u, cap)] is the limited expected value of the lognormal (Klugman, Panjer and Willmot).

Tests: tests/theory/test_plans.py
"""

import math
from dataclasses import dataclass

from spec.limits import GREATEST_LEVEL, level
from spec.world import State, World

FURTHEST = 20.0


def normal(x: float) -> float:
    """Distribution function of the standard normal."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


@dataclass(frozen=True)
class Mix:
    """Users whose use is lognormal."""

    spread: float
    selection: float

    @property
    def log(self) -> float:
        """Mean of the log of use."""
        return self.spread**2 * (self.selection - 0.5)

    def mean(self) -> float:
        """Mean use that is wanted."""
        return math.exp(self.spread**2 * self.selection)

    def served(self, cap: float) -> float:
        """Mean use under a cap; 0 is none."""
        if cap == 0:
            return self.mean()
        d = (math.log(cap) - self.log) / self.spread
        return self.mean() * normal(d - self.spread) + cap * normal(-d)

    def slope(self, cap: float) -> float:
        """Mean change of the share withheld with the log of use."""
        if cap == 0:
            return 0.0
        d = (math.log(cap) - self.log) / self.spread
        return cap * math.exp(self.spread**2 / 2.0 - self.log) * normal(-d - self.spread)

    def withheld(self, cap: float) -> float:
        """Mean share of their use that users lose."""
        if cap == 0:
            return 0.0
        d = (math.log(cap) - self.log) / self.spread
        return max(0.0, normal(-d) - self.slope(cap))


def felt(world: World, state: State, s: int) -> float:
    """Move the mix of users of a segment, and give what they feel as a dearer product, in logs."""
    segment, seller = world.segment, world.segment.seller[s]
    spread, weight = segment.use_spread[s], segment.withheld_felt[s]
    if spread == 0:
        return 0.0
    first = segment.plan_cap[s]
    cap = (
        first * segment.cap_level[s] * max(1.0, state.company.input_cost[seller]) ** -segment.cap_response[s]
    )
    cap = max(1.0 / GREATEST_LEVEL, level(cap)) if first > 0 else 0.0
    start, before = Mix(spread, 0.0), Mix(spread, state.segment.selection[s])
    withheld = before.withheld(cap) - start.withheld(first)
    bite = weight * (before.slope(cap) - start.slope(first))
    by_price = segment.use_worth[s] * math.log(state.company.effective_price[seller])
    target = min(FURTHEST, max(-FURTHEST, segment.elasticity[s] * (by_price - bite)))
    state.segment.selection[s] += (target - state.segment.selection[s]) / segment.adjust_months[s]
    now = Mix(spread, state.segment.selection[s])
    state.segment.withheld[s] = withheld
    state.segment.mean_use[s] = level(now.mean())
    state.segment.served_use[s] = level(now.served(cap) / start.served(first))
    return weight * withheld


def intensity(world: World, state: State, i: int) -> float:
    """Use that activity of a company needs, over the same at the use per user of the start."""
    sold, more = state.company.used[i], 0.0
    for s in world.where("segment", "seller", i):
        dollars = world.segment.revenue[s] * state.segment.volume[s]
        sold += dollars
        more += dollars * (state.segment.served_use[s] - 1.0)
    return 1.0 + more / sold if sold > 0 else 1.0
