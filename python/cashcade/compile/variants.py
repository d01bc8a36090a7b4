"""Worlds with changes: what scenarios say otherwise from the start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cashcade.errors import ArgumentError, RuleError
from cashcade.rules.changes import Change
from cashcade.rules.constants import constant_of
from cashcade.rules.nodes import Constant
from cashcade.rules.vocabulary import stated
from cashcade.world.origin import Origin
from cashcade.world.paths import entry_of, met
from cashcade.world.quantity import Choices, Normal, Quantity, Triangular, is_range, likeliest
from cashcade.world.record import attributes_of
from cashcade.world.world import World

Place = tuple[str, str, str]
"""Kind, id and field."""


@dataclass(slots=True)
class _Moves:
    """The changes of one field: scales multiply, then additions add, then at most one value is put there."""

    scales: list[Change] = field(default_factory=list)
    adds: list[Change] = field(default_factory=list)
    sets: list[Change] = field(default_factory=list)


def changed(world: World, changes: Iterable[Change], origin: str) -> World:
    """Give a world with changes.

    The order of the changes does not matter: of one field, scales multiply, then additions add, then at most
    one value holds. A range that is scaled is a range; one amount that is a range is drawn for each field.

    Parameters
    ----------
    world
        Any world.
    changes
        What to change.
    origin
        The scenarios, for messages.

    Raises
    ------
    RuleError
        A path meets nothing, two values are put in one place, or a range meets another.
    WorldError
        The changed world is unsound.
    """
    moves: dict[Place, _Moves] = {}
    for change in changes:
        for name in _met(world, change):
            known = moves.setdefault((change.pattern.kind, name, change.pattern.field), _Moves())
            {"scale": known.scales, "add": known.adds, "set_to": known.sets}[change.how].append(change)
    if not moves:
        return world
    raw = world.as_given()
    records = {(kind, name): record for kind, name, record in world.records()}
    for (kind, name, key), found in moves.items():
        old = getattr(records[kind, name], attributes_of(type(records[kind, name]))[key])
        moved = _plain(_moved(old, found))
        if stated(kind)[key].unit == "month" and isinstance(moved, float):
            moved = round(moved)
        entry_of(raw, world, kind, name)[key] = moved
    name = f"{world.name} with {origin}"
    return World.from_raw(raw, Origin(name, lambda _place: (name, None)))


def _met(world: World, change: Change) -> list[str]:
    try:
        return met(world, change.pattern)
    except ArgumentError as error:
        raise RuleError(f"{change}: {error}") from None


def _moved(old: object, moves: _Moves) -> object:
    values = {repr(change.amount): change for change in moves.sets}
    if len(values) > 1:
        one, other = list(values.values())[:2]
        raise RuleError(f"{one} and {other}: two values for one place.")
    if moves.sets:
        return moves.sets[0].amount
    result = old
    for change in sorted(moves.scales, key=repr):
        result = _quantity(_scaled(result, change.amount, change), change)
    for change in sorted(moves.adds, key=repr):
        result = _quantity(_shifted(result, change.amount, change), change)
    return result


def _quantity(given: object, change: Change) -> object:
    node = constant_of(given, change)
    return node.value if isinstance(node, Constant) else node.quantity


def _scaled(old: object, factor: object, change: Change) -> object:
    quantity, by = _one_range(old, factor, change)
    match quantity:
        case Triangular():
            low, high = sorted((quantity.low * by, quantity.high * by))
            return {"low": low, "value": quantity.value * by, "high": high, "shared": quantity.shared}
        case Normal():
            return {"mean": quantity.mean * by, "sd": quantity.sd * abs(by), "shared": quantity.shared}
        case Choices():
            moved = [each * by for each in quantity.choices]
            return {"choices": moved, "weights": list(quantity.weights), "shared": quantity.shared}
    return _certain(quantity) * by


def _shifted(old: object, amount: object, change: Change) -> object:
    quantity, by = _one_range(old, amount, change)
    match quantity:
        case Triangular():
            corners = {key: getattr(quantity, key) + by for key in ("low", "value", "high")}
            return {**corners, "shared": quantity.shared}
        case Normal():
            return {"mean": quantity.mean + by, "sd": quantity.sd, "shared": quantity.shared}
        case Choices():
            moved = [each + by for each in quantity.choices]
            return {"choices": moved, "weights": list(quantity.weights), "shared": quantity.shared}
    return _certain(quantity) + by


def _one_range(old: object, amount: object, change: Change) -> tuple[object, float]:
    """Give what may be a range and what is none; sums and products do not mind which is which."""
    node = constant_of(amount, change)
    if isinstance(node, Constant):
        return old, float(node.value)
    if is_range(old):
        raise RuleError(f"{change}: a range meets one that is there already; give a number.")
    return node.quantity, _certain(old)


def _certain(quantity: object) -> float:
    value = likeliest(quantity)
    return float(value) if isinstance(value, int | float) else 0.0


def _plain(value: object) -> object:
    if isinstance(value, Quantity):
        return value.model_dump(exclude_defaults=True)
    return dict(value) if isinstance(value, Mapping) else value
