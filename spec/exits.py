"""Phase 9: who goes through a door. Hazards of the doors compete.

When: only in runs with doors; after the rounds, before the clearing. Programs of doors see the state of this point of the month: rounds, pledges and draws of the month are in; its revenue and costs are not yet paid.

    chance of a door = clamp(hazard, 0, 1) where it is open
    chance of any exit = 1 - prod(1 - h_k)
    which door: in proportion to h_k
    price = max(0, price of the door), the fair value of the month before without one
    licence: trend *= exp(-growth of the month), research = 0, closes if u < shell_closing
    positive_months = months in a row with net cash flow less loans drawn > 1e-9 of its cash and of what moves

- A door may be taken by a living company that has not left yet (`exit` = 0). `list` needs the listing window, `acquire` and `licence` need a buyer ([buyers](buyers.md)).
- Uniforms are words 0 and 1 of (stream 8, company, month).
- Deals of a month on a path are closed dearest first (then by address); what they do is on the page [deals](deals.md).
- `licence`: the founders leave. Demand of the segments stands still (the growth of the month is taken back after the sales of the month), research is 0, there are no more rounds, and each month the shell
  closes as by `wind_down` with chance `shell_closing` (word 2). The default, 3.5 % a month, is three to five times the failure rate of young companies.
- `self_sustain`: nothing moves.
- The first exit is recorded (month, door, buyer, price; of a listing what it raised), and a later failure too.

Units: hazards and chances a month; prices USD.

Off: no doors.

Tests: tests/oracle/test_exits.py, tests/theory/test_buyers.py
"""

from math import prod

from spec.buyers import able_buyers
from spec.deals import close
from spec.doors import EFFECTS, SALES
from spec.limits import exp
from spec.terms import value
from spec.world import State, World


def exits(world: World, state: State, t: int) -> None:
    """Let companies leave, the dearest deal first."""
    if not world.doors:
        return
    state.company.deal_flow = [0.0] * world.counts["company"]
    keep_shells_still(world, state, t)
    deals = []
    for i in world.each("company"):
        offers = [offer(world, state, k) for k, door in enumerate(world.doors) if door.company == i]
        sales = [left for _, _, _, left in offers if left is not None]
        state.company.buyers[i] = float(max(sales, default=0))
        deals += chosen(world, state, i, t, offers)
    deals.sort(key=lambda deal: (-deal[1], world.company.address[world.doors[deal[0]].company]))
    for k, price in deals:
        close(world, state, t, k, price)


def offer(world: World, state: State, k: int) -> tuple[int, float, float, int | None]:
    """Number of a door, its price, the chance to take it now, and how many could buy there (none: no sale)."""
    door = world.doors[k]
    i = door.company
    price = max(0.0, state.company.valuation[i] if door.price is None else value(door.price, world, state))
    left = len(able_buyers(world, state, door, price)) if door.effect in SALES else None
    open_ = value(door.opens, world, state) > 0 and state.alive(i) and i not in state.exits.month
    open_ = open_ and left != 0 and (door.effect != "list" or state.market.listing > 0)
    chance = min(1.0, max(0.0, value(door.hazard, world, state))) if open_ else 0.0
    return k, price, chance, left


def chosen(world: World, state: State, i: int, t: int, offers: list) -> list[tuple[int, float]]:
    """The door a company takes this month, if any, with its price."""
    chances = [chance for _, _, chance, _ in offers]
    if not any(chances):
        return []
    whether, which, *_ = state.luck.uniforms("exit", world.company.address[i], t)
    if whether >= 1.0 - prod(1.0 - chance for chance in chances):
        return []
    mark = which * sum(chances)
    for k, price, chance, _ in offers:
        mark -= chance
        if chance > 0 and mark < 0:
            return [(k, price)]
    return []


def keep_shells_still(world: World, state: State, t: int) -> None:
    """A licensed company does not grow, does no research, and may close."""
    for i in world.each("company"):
        if not state.alive(i) or state.company.exit[i] != 1.0 + EFFECTS.index("licence"):
            continue
        for s in world.where("segment", "seller", i):
            state.segment.trend[s] *= exp(-state.segment.growth[s] / 12.0)
        state.company.research[i] = state.wanted[i] = 0.0
        luck = state.luck.uniforms("exit", world.company.address[i], t)[2]
        if luck < world.market.shell_closing:
            state.exits.closing.append(i)
