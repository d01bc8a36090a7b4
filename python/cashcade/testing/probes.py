"""Rules that watch the chances of other rules and of doors while a run goes on."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from cashcade.errors import CashcadeError
from cashcade.rules.actions import scale
from cashcade.rules.entities import companies
from cashcade.rules.exits import Door
from cashcade.rules.expressions import Expression, Value
from cashcade.rules.nodes import Chance, Constant, Fold, Read
from cashcade.rules.rule import Rule
from cashcade.rules.selection import Selection
from cashcade.testing.asked import inside
from cashcade.testing.laws import PROBE


def probes(rules: Iterable[Rule], doors: Iterable[Door]) -> list[Rule]:
    """Give rules that are active where a chance lies outside 0 to 1, and move nothing.

    A hazard is watched for all companies that have the door. One in which groups are chosen by their links to
    the company is not.
    """
    texts: dict[str, Value] = {}
    for rule in rules:
        for expression in (rule.when, *(action.amount for action in rule.do)):
            for one in inside(expression):
                if isinstance(one.node, Chance) and isinstance(one.node.probability, Value):
                    texts[f"chance({one.node.probability}) of rule {rule.name}"] = one.node.probability
    for door in doors:
        hazard = _cast(door.hazard, door.of.selection) if isinstance(door.hazard, Value) else None
        if hazard is not None:
            texts[f"hazard {door.hazard} of door {door.name}"] = hazard
    return [probe for text, value in texts.items() for probe in _probe(text, value)]


def _probe(text: str, value: Value) -> Iterator[Rule]:
    if isinstance(value.node, Constant):
        return
    outside = (value < 0) | (value > 1)
    if value.group is not None:
        outside = outside.any()
    yield Rule(f"{PROBE}{text}", outside, scale(companies().default_cost, 1))


def _cast(hazard: Value, whose: Selection) -> Value | None:
    """Give a hazard with all companies of the door in the place of the target; None where that cannot be."""
    reads = [one.node.selection for one in inside(hazard) if isinstance(one.node, Read)]
    if not any(selection.role for selection in reads):
        return hazard
    folded = any(isinstance(one.node, Fold) for one in inside(hazard))
    if folded or any(target.role for selection in reads for _, target in selection.links):
        return None
    try:
        group: Value = _with_group(hazard, whose)
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
