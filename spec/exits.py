"""TODO."""

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
