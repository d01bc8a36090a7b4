"""Demands of rules, doors and changes on a world: the ids, tags, archetypes and links that they name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cashcade.rules.changes import Change
from cashcade.rules.exits import Door
from cashcade.rules.expressions import Expression
from cashcade.rules.nodes import Chance, Luck, Read, parts_of
from cashcade.rules.rule import Rule
from cashcade.rules.selection import Selection
from cashcade.rules.vocabulary import links
from cashcade.world.record import CAPITAL


@dataclass
class Asked:
    """The needs of some rules: what a world must have for them to apply.

    Attributes
    ----------
    companies, tags, archetypes
        Each once, in the order in which they were met.
    others
        Entities of other kinds, by id or by whom they link.
    """

    companies: dict[str, None] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)
    archetypes: dict[str, None] = field(default_factory=dict)
    others: dict[Selection, None] = field(default_factory=dict)

    def add(self, selection: Selection) -> None:
        """Add whom a selection names."""
        if selection.role or selection.kind == "market":
            return
        for _, target in selection.links:
            self.add(target)
        if selection.kind == "company":
            self.companies |= dict.fromkeys(name for name in selection.ids if name != CAPITAL)
            self.tags |= dict.fromkeys([selection.tag] if selection.tag else [])
            self.archetypes |= dict.fromkeys([selection.archetype] if selection.archetype else [])
            return
        self.others[selection] = None
        for name in selection.ids:
            ends = name.partition("/")[0].split("->")
            owners = selection.kind in {"contract", "loan", "stake", "pledge", "commitment", "order"}
            if len(ends) == 2 and owners:
                self.companies |= dict.fromkeys(end for end in ends if end != CAPITAL)


def asked_by(rules: Iterable[Rule], doors: Iterable[Door], changes: Iterable[Change]) -> Asked:
    """Give what rules, doors and changes ask of a world."""
    asked = Asked()
    for rule in rules:
        _add_rule(asked, rule)
    for door in doors:
        asked.add(door.of.selection)
        for part in (door.opens, door.hazard, door.price, door.share, *(buyer.pays for buyer in door.buyers)):
            if isinstance(part, Expression):
                _add_all(asked, part)
        for buyer in door.buyers:
            if not isinstance(buyer.who, str):
                asked.add(buyer.who.selection)
    for change in changes:
        _add_pattern(asked, change)
    return asked


def _add_rule(asked: Asked, rule: Rule) -> None:
    for expression in (rule.when, *(action.amount for action in rule.do)):
        _add_all(asked, expression)
    for action in rule.do:
        for selection in action.selections:
            asked.add(selection)


def inside(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and all that it is made of, each part once."""
    waiting, met = [expression], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in met:
            continue
        met.add(id(one))
        yield one
        waiting += parts_of(one)


def _add_all(asked: Asked, expression: Expression) -> None:
    for one in inside(expression):
        if isinstance(one.node, Read):
            asked.add(one.node.selection)
        if isinstance(one.node, Chance | Luck) and one.node.each is not None:
            asked.add(one.node.each)


def _add_pattern(asked: Asked, change: Change) -> None:
    pattern = change.pattern
    if pattern.kind == "market" or pattern.value == "*":
        return
    if pattern.key == "id":
        asked.add(Selection(pattern.kind, (pattern.value,)))
    elif pattern.key == "tag":
        asked.add(Selection("company", tag=pattern.value))
    elif pattern.key == "archetype":
        asked.add(Selection("company", archetype=pattern.value))
    else:
        target = Selection(links(pattern.kind)[pattern.key], (pattern.value,))
        asked.add(Selection(pattern.kind, links=((pattern.key, target),)))
