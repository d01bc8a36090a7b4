"""Rules that watch the chances of other rules, and chances and prices of doors, while a run goes on."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from cashcade.errors import CashcadeError
from cashcade.rules.actions import scale
from cashcade.rules.entities import companies
from cashcade.rules.exits import Door
from cashcade.rules.expressions import Condition, Expression, Value
from cashcade.rules.nodes import Chance, Constant, Fold, Read
from cashcade.rules.rule import Rule
from cashcade.rules.selection import Selection
from cashcade.testing.asked import inside
from cashcade.testing.laws import PRICED, PROBE


def probes(rules: Iterable[Rule], doors: Iterable[Door]) -> list[Rule]:
    """Give rules that are active where a chance lies outside 0 to 1 or a price is below 0, and move nothing.

    Doors are watched for all companies that have them, prices where the door is open. What chooses groups by
    their links to the company is not watched.
    """
    watched: dict[str, Condition] = {}
    for rule in rules:
        for expression in (rule.when, *(action.amount for action in rule.do)):
            for one in inside(expression):
                if isinstance(one.node, Chance) and isinstance(one.node.probability, Value):
                    name = f"{PROBE}chance({one.node.probability}) of rule {rule.name}"
                    watched.update((name, outside) for outside in _outside(one.node.probability))
    for door in doors:
        for name, outside in _of_door(door):
            cast = _cast(outside, door.of.selection)
            watched |= {} if cast is None else {f"{name} of door {door.name}": cast}
    return [_probe(name, outside) for name, outside in watched.items()]


def _outside(value: Value | float | None) -> Iterator[Condition]:
    """Yield where a chance lies outside; one that is a constant was checked when it was written."""
    if isinstance(value, Value) and not isinstance(value.node, Constant):
        yield (value < 0) | (value > 1)


def _of_door(door: Door) -> Iterator[tuple[str, Condition]]:
    """Yield what is watched of a door, and where it is wrong."""
    for what, chance in (("hazard", door.hazard), ("share", door.share)):
        for outside in _outside(chance):
            yield f"{PROBE}{what} {chance}", outside
    if isinstance(door.price, Value) and isinstance(door.opens, Condition):
        yield f"{PRICED}price {door.price}", (door.price < 0) & door.opens


def _probe(name: str, outside: Condition) -> Rule:
    return Rule(name, outside if outside.group is None else outside.any(), scale(companies().default_cost, 1))


def _cast(outside: Condition, whose: Selection) -> Condition | None:
    """Give a condition with all companies of the door for the target; None where that cannot be."""
    reads = [one.node.selection for one in inside(outside) if isinstance(one.node, Read)]
    if not any(selection.role for selection in reads):
        return outside
    folded = any(isinstance(one.node, Fold) for one in inside(outside))
    if folded or any(target.role for selection in reads for _, target in selection.links):
        return None
    try:
        group: Condition = _with_group(outside, whose)
    except CashcadeError:
        return None
    return group


def _with_group(part: Any, whose: Selection, made: dict[int, Any] | None = None) -> Any:  # noqa: ANN401 - an expression, or what one is made of
    """Give the same about a group; a part that stands in several places is made once (`made`)."""
    made = {} if made is None else made
    if isinstance(part, Selection):
        return whose if part.role == "target" else part
    if isinstance(part, tuple):
        return tuple(_with_group(each, whose, made) for each in part)
    if isinstance(part, Expression):
        if id(part) not in made:
            targets = any(isinstance(one.node, Read) and one.node.selection.role for one in inside(part))
            group = None if whose.single or not targets else whose
            made[id(part)] = replace(part, node=_with_group(part.node, whose, made), group=group)
        return made[id(part)]
    if is_dataclass(part) and not isinstance(part, type) and type(part).__module__.endswith("rules.nodes"):
        parts = {each.name: _with_group(getattr(part, each.name), whose, made) for each in fields(part)}
        return type(part)(**parts)
    return part
