"""Knobs of the page: the dozen numbers of a world that say most, each moved for all whom it concerns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from cashcade.compile.variants import changed
from cashcade.rules import Change
from cashcade.world import World
from cashcade.world.company import Company
from cashcade.world.paths import met, path_of
from cashcade.world.quantity import Quantity, likeliest
from cashcade.world.record import attributes_of

MOST = 12
"""Knobs of a page."""

BURNING = 3
"""Companies whose cash has a knob of its own."""

How = Literal["scale", "add"]


@dataclass(frozen=True, slots=True)
class Knob:
    """A knob.

    Parameters
    ----------
    path
        What it moves, such as "fleet.*.economic_life".
    label
        What people call it.
    how
        Whether it multiplies or is added.
    low, high, step
        Where it may stand, and by how much it moves.
    unit
        Unit of what is added; empty for a factor.
    """

    path: str
    label: str
    how: How
    low: float
    high: float
    step: float
    unit: str = ""

    @property
    def start(self) -> float:
        """The value at which it does nothing."""
        return 1.0 if self.how == "scale" else 0.0

    def change(self, value: float) -> Change:
        """Give what it changes at a value."""
        return Change(self.path, scale=value) if self.how == "scale" else Change(self.path, add=value)


_KNOBS = (
    Knob("company.*.cash", "Cash at the start", "scale", 0.25, 2.0, 0.05),
    Knob("segment.*.growth", "Growth of revenue", "scale", 0.0, 1.5, 0.05),
    Knob("fleet.*.capex_growth", "Growth of capex", "scale", 0.0, 1.5, 0.05),
    Knob("fleet.*.economic_life", "Life of machines", "scale", 0.5, 1.5, 0.05),
    Knob("market.gpu_drift", "Drift of the GPU price", "add", -0.5, 0.3, 0.05, "a year"),
    Knob("loan.*.rate", "Rates of loans", "add", 0.0, 0.08, 0.005, "a year"),
    Knob("company.*.round_offers", "Offers in funding rounds", "scale", 0.0, 1.5, 0.05),
    Knob("company.*.discretionary_cost", "Costs that may be cut", "scale", 0.5, 1.5, 0.05),
    Knob("segment.*.revenue", "Revenue at the start", "scale", 0.5, 1.5, 0.05),
    Knob("fleet.*.capex", "Capex at the start", "scale", 0.0, 1.5, 0.05),
    Knob("market.spread_shut", "Spread while money is shut", "scale", 0.0, 2.0, 0.1),
    Knob("company.*.fixed_cost", "Fixed costs", "scale", 0.5, 1.5, 0.05),
)
"""Knobs by how much they say; a page has those of which its world has something to move."""


def knobs_of(world: World) -> tuple[Knob, ...]:
    """Give the knobs of a world: cash of those who burn theirs fastest, and of `_KNOBS` those that it has."""
    shared = [knob for knob in _KNOBS if any(_stated(world, knob))]
    own = [
        Knob(f"company.{each.id}.cash", f"Cash of {each.name or each.id}", "scale", 0.0, 2.0, 0.05)
        for each in _burning(world)
    ]
    return (*shared[: MOST - len(own)], *own)


def _stated(world: World, knob: Knob) -> Iterator[bool]:
    """Tell of each entity whether there is something to move: zero stays zero, whatever the factor."""
    kind, field = knob.path.partition(".")[0], knob.path.rpartition(".")[2]
    for known, _name, record in world.records():
        if known == kind:
            yield bool(likeliest(getattr(record, attributes_of(type(record))[field])))


def _burning(world: World) -> list[Company]:
    """Give the companies whose costs are furthest above their revenue."""
    revenue: dict[str, float] = {}
    for segment in world.segments:
        revenue[segment.seller] = revenue.get(segment.seller, 0.0) + _number(segment.revenue)

    def burnt(each: Company) -> float:
        costs = _number(each.fixed_cost) + _number(each.discretionary_cost)
        return costs - revenue.get(each.id, 0.0) if _number(each.cash) else 0.0

    found = sorted((each for each in world.companies if burnt(each) > 0), key=burnt, reverse=True)
    return found[:BURNING]


def _number(quantity: object) -> float:
    value = likeliest(quantity)
    return float(value) if isinstance(value, int | float) else 0.0


def settings(world: World, moved: Mapping[Knob, float]) -> dict[str, object]:
    """Give what a world says otherwise where knobs are moved, by path, as `World.with_` takes it.

    Raises
    ------
    WorldError
        The moved world is unsound.
    """
    if not moved:
        return {}
    after = changed(world, [knob.change(value) for knob, value in moved.items()], "levers")
    records = {(kind, name): record for kind, name, record in after.records()}
    found: dict[str, object] = {}
    for change in (knob.change(value) for knob, value in moved.items()):
        kind, field = change.pattern.kind, change.pattern.field
        for name in met(world, change.pattern):
            record = records[kind, name]
            value = getattr(record, attributes_of(type(record))[field])
            path = path_of(kind, name, field)
            found[path] = value.model_dump(exclude_defaults=True) if isinstance(value, Quantity) else value
    return found
