"""Expressions as a graph of nodes, each distinct one once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from cashcade import _core
from cashcade.compile.arrays import Array
from cashcade.compile.members import Members, Roles
from cashcade.compile.ranges import Draws, Floats, Ranges
from cashcade.errors import RuleError
from cashcade.rules.constants import LARGEST
from cashcade.rules.expressions import Expression, Word
from cashcade.rules.nodes import (
    Binary,
    Call,
    Chance,
    Constant,
    Fold,
    Luck,
    Month,
    Past,
    Range,
    Read,
    SoFar,
    Unary,
    parts_of,
)
from cashcade.rules.selection import Selection
from cashcade.world.addresses import addresses
from cashcade.world.parameter import Parameter

MOST_FACTORS = 8
"""Whole powers up to this are products, which are right for negative numbers too."""

OPERATIONS = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "%": "mod",
    "**": "pow",
    "&": "and",
    "|": "or",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
    "==": "eq",
    "!=": "ne",
    "minimum": "min",
    "maximum": "max",
    "abs": "abs",
    "exp": "exp",
    "log": "log",
    "where": "choose",
}
"""Operations of the core by the signs and functions of the language."""

FOLDS = {
    "sum": "total",
    "mean": "total",
    "count": "total",
    "min": "least",
    "max": "greatest",
    "any": "any",
    "all": "all",
}
"""Operations that make a group one."""

SO_FAR = {"sum": "summed", "count": "summed", "min": "lowest", "max": "highest"}
"""Operations that make all months so far one."""

EACH = -1
"""In place of the one member that stands for a group: all of them, each with a value of its own."""

Row = tuple[int, int, int, int]
"""A node: operation and three operands."""

Place = tuple[int, "Scope"]
"""An expression, by its identity, where it stands."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The place of an expression.

    Parameters
    ----------
    name
        Of its rule or door, with its kind: "rule.squeeze".
    label
        The same for messages, with its origin.
    members
        The entity that stands for each group; EACH for all of them.
    roles
        The companies that play a part in a door.
    """

    name: str
    label: str
    members: tuple[tuple[Selection, int], ...] = ()
    roles: Roles = ()

    def at(self, group: Selection, place: int) -> "Scope":
        """Give the same for one member of a group."""
        return replace(self, members=(*self.members, (group, place)))

    def playing(self, **roles: int) -> "Scope":
        """Give the same with companies that play parts."""
        return replace(self, roles=tuple(roles.items()))


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """The numbers of expressions, some of which are drawn.

    Parameters
    ----------
    values
        All of them, 0 where one is drawn.
    places
        Places of those that are drawn.
    ranges
        Their ranges.
    """

    values: Floats
    places: tuple[int, ...]
    ranges: Ranges

    def at(self, draws: Draws) -> Floats:
        """Give their values: a row per draw where there are ranges, one row elsewhere."""
        values = np.repeat(self.values[np.newaxis], draws.count if self.places else 1, axis=0)
        if self.places:
            values[:, list(self.places)] = self.ranges.at(draws)
        return values


class Writer:
    """Writes nodes, and gathers the numbers, groups and addresses that they point to.

    Parameters
    ----------
    members
        Who is who in the world.
    """

    def __init__(self, members: Members) -> None:
        self._members = members
        self._nodes: dict[Row, int] = {}
        self._numbers: dict[float | str, int] = {}
        self._ranges: dict[str, Range] = {}
        self._groups: dict[tuple[int, ...], int] = {}
        self._chances: dict[str, int] = {}
        self._owners: dict[int, tuple[Chance | Luck | Range, str, str]] = {}
        self._met: dict[int, Expression] = {}
        self._known: dict[Place, int] = {}
        self._write: dict[type, Callable[[Any, Scope], int]] = {
            Constant: lambda node, _scope: self._number(float(node.value)),
            Range: self._range,
            Read: self._read,
            Month: lambda _node, _scope: self._node("month"),
            Binary: self._binary,
            Unary: lambda node, scope: self._node(
                "neg" if node.sign == "-" else "not", self._at(node.operand, scope)
            ),
            Call: self._call,
            Chance: self._chance,
            Luck: self._luck,
            Past: self._past,
            SoFar: lambda node, scope: self._node(SO_FAR[node.how], self._at(node.operand, scope)),
            Fold: self._fold,
        }

    @property
    def assumptions(self) -> dict[str, int]:
        """The place of each range among the numbers, by its name."""
        return {name: self._numbers[name] for name in self._ranges}

    def node(self, expression: Expression, scope: Scope) -> int:
        """Give the number of the node of an expression.

        Parts come before what they are part of, from left to right; however deep they lie, nothing recurs.

        Raises
        ------
        RuleError
            It names what the world has not.
        """
        waiting = [(expression, scope)]
        while waiting:
            part, where = waiting[-1]
            node = part.node
            if isinstance(node, Chance | Luck):
                self._path(node, where, _lucky(node))
            missing = [each for each in self._parts(part, where) if (id(each[0]), each[1]) not in self._known]
            if missing:
                waiting += reversed(missing)
                continue
            waiting.pop()
            self._met[id(part)] = part
            self._known[id(part), where] = self._write[type(node)](node, where)
        return self._at(expression, scope)

    def sides(self, comparison: Binary, scope: Scope, months: int) -> tuple[int, int]:
        """Give the nodes of both sides of a comparison as they were some months ago."""
        left = self.node(comparison.left, scope)
        code = _code(comparison)
        right = self.node(comparison.right, scope) if code is None else self._number(code)
        if months:
            left, right = self._node("lag", left, months), self._node("lag", right, months)
        return left, right

    def arrays(self) -> dict[str, Array]:
        """Give all nodes and what they point to but numbers, as the core takes them."""
        known = addresses(self._chances)
        return {
            "node": np.array(list(self._nodes), dtype=np.int32).reshape(-1, 4),
            "group": np.cumsum([0, *map(len, self._groups)]).astype(np.int32),
            "member": np.array([place for group in self._groups for place in group], dtype=np.int32),
            "address": np.array([known[path] for path in self._chances], dtype=np.uint32),
        }

    def numbers(self) -> Numbers:
        """Give the numbers that nodes point to, to be drawn."""
        known = addresses(self._ranges)
        values = np.array([0.0 if isinstance(key, str) else key for key in self._numbers])
        places = [place for key, place in self._numbers.items() if isinstance(key, str)]
        nodes = {key: self._ranges[key] for key in self._numbers if isinstance(key, str)}
        limits = [Parameter(node.unit or "1", -LARGEST, LARGEST) for node in nodes.values()]
        ranges = [(node.quantity, each) for node, each in zip(nodes.values(), limits, strict=True)]
        return Numbers(values, tuple(places), Ranges(ranges, [known[key] for key in nodes]))

    def _parts(self, expression: Expression, scope: Scope) -> list[tuple[Expression, Scope]]:
        """Give what must be known before an expression can be written, from left to right."""
        node = expression.node
        if isinstance(node, Binary) and (_code(node) is not None or _factors(node)):
            return [(node.left, scope)]
        if isinstance(node, Fold):
            group = node.operand.group
            within = group is not None and self._places(node, scope)
            return [(node.operand, scope.at(group, EACH))] if group is not None and within else []
        return [(part, scope) for part in parts_of(expression)]

    def _at(self, expression: Expression, scope: Scope) -> int:
        return self._known[id(expression), scope]

    def _node(self, name: str, first: int = 0, second: int = 0, third: int = 0) -> int:
        return self._nodes.setdefault((_operations()[name], first, second, third), len(self._nodes))

    def _group(self, members: tuple[int, ...]) -> int:
        return self._groups.setdefault(members, len(self._groups))

    def _number(self, value: float | str) -> int:
        return self._node("constant", self._numbers.setdefault(value, len(self._numbers)))

    def _range(self, node: Range, scope: Scope) -> int:
        path = self._path(node, scope, "number")
        other = self._ranges.setdefault(path, node)
        if other.given != node.given:
            raise RuleError(f"{scope.label}: {node} and {other} have one name; give them different ones.")
        return self._number(path)

    def _read(self, node: Read, scope: Scope) -> int:
        place = dict(scope.members).get(node.selection)
        source, row = node.row.source, node.row.place
        if place is None or place == EACH:
            members = self._members.of(node.selection, scope.label, scope.roles)
        else:
            members = (place,)
        if node.along:
            members = self._members.along(node, members, scope.label)
        read = (
            self._node(f"{source}s", row, self._group(members))
            if place == EACH
            else self._node(source, row, *members)
        )
        return self._node("not", read) if node.negated else read

    def _binary(self, node: Binary, scope: Scope) -> int:
        left, code = self._at(node.left, scope), _code(node)
        if code is not None:
            return self._node(OPERATIONS[node.sign], left, self._number(code))
        factors = _factors(node)
        if factors:
            return self._chain([left] * factors, "mul")
        return self._node(OPERATIONS[node.sign], left, self._at(node.right, scope))

    def _call(self, node: Call, scope: Scope) -> int:
        operation = OPERATIONS[node.function]
        arguments = [self._at(each, scope) for each in node.arguments]
        if operation in {"min", "max"}:
            return self._chain(arguments, operation)
        return self._node(operation, *arguments)

    def _chance(self, node: Chance, scope: Scope) -> int:
        probability = self._at(node.probability, scope)
        luck, of_each = self._lucks(node, scope)
        return self._node("chances" if of_each else "chance", probability, luck)

    def _luck(self, node: Luck, scope: Scope) -> int:
        """Write a random number and where it lies: two at their ends, or one at its mean and as wide."""
        first, second = self._at(node.first, scope), self._at(node.second, scope)
        luck, of_each = self._lucks(node, scope)
        drawn = self._node(f"{node.how}s" if of_each else node.how, luck)
        wide = self._node("sub", second, first) if node.how == "uniform" else second
        return self._node("add", first, self._node("mul", wide, drawn))

    def _lucks(self, node: Chance | Luck, scope: Scope) -> tuple[int, bool]:
        """Give the address of luck, or the group of addresses of each member, and which of both it is."""
        path = self._path(node, scope, _lucky(node))
        if node.each is None:
            return self._address(path), False
        place = dict(scope.members)[node.each]
        places = self._members.of(node.each, scope.label, scope.roles) if place == EACH else (place,)
        luck = tuple(self._address(f"{path}.{self._members.name(node.each.kind, each)}") for each in places)
        return (self._group(luck), True) if place == EACH else (luck[0], False)

    def _address(self, path: str) -> int:
        return self._chances.setdefault(path, len(self._chances))

    def _past(self, node: Past, scope: Scope) -> int:
        now = self._at(node.operand, scope)
        before = self._node("lag", now, node.months)
        return self._node("sub", now, before) if node.how == "change" else before

    def _fold(self, node: Fold, scope: Scope) -> int:
        places, group = self._places(node, scope), node.operand.group
        if group is None or not places:
            return self._number(float(node.how == "all"))
        one = self._node(FOLDS[node.how], self._at(node.operand, scope.at(group, EACH)))
        return self._node("div", one, self._number(float(len(places)))) if node.how == "mean" else one

    def _places(self, node: Fold, scope: Scope) -> tuple[int, ...]:
        """Give who belongs to the group that is made one."""
        group = node.operand.group
        return () if group is None else self._members.of(group, scope.label, scope.roles)

    def _chain(self, parts: list[int], operation: str) -> int:
        """Apply an operation to one after the other."""
        result = parts[0]
        for part in parts[1:]:
            result = self._node(operation, result, part)
        return result

    def _path(self, node: Chance | Luck | Range, scope: Scope, what: str) -> str:
        """Give the name from whose hash its address comes."""
        if node.name:
            return f"{what}.{node.name}"
        number = 1 + sum(name == scope.name for _, name, _ in self._owners.values())
        _, owner, path = self._owners.setdefault(
            id(node), (node, scope.name, f"{scope.name}.{what}.{number}")
        )
        if owner != scope.name:
            both = " and ".join(sorted([owner.replace(".", " ", 1), scope.name.replace(".", " ", 1)]))
            raise RuleError(f"{both} share {node}; give it a name, so that both mean the same: name=...")
        return path


def _lucky(node: Chance | Luck) -> str:
    """Give under what kind of name luck is found."""
    return "chance" if isinstance(node, Chance) else node.how


def _code(node: Binary) -> float | None:
    """Give the code of a word that another is held against; None where it is none."""
    if isinstance(node.left, Word) and isinstance(node.right.node, Constant):
        return float(node.left.words[str(node.right.node.value)])
    return None


def _factors(node: Binary) -> int:
    """Give how many factors a power is, 0 where it is no product."""
    exponent = node.right.node
    value = exponent.value if node.sign == "**" and isinstance(exponent, Constant) else 0.0
    whole = isinstance(value, float) and value.is_integer() and 1 <= value <= MOST_FACTORS
    return int(value) if whole else 0


@cache
def _operations() -> dict[str, int]:
    """Give the code of each operation."""
    return {name: code for code, (name, _) in enumerate(_core.operations())}
