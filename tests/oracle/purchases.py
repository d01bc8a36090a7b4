"""What companies paid one another for contracts and equipment in the month before."""

from tests.oracle.world import State, World


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
