"""Expressions as code in reverse Polish notation, each distinct program once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from cashcade import _core
from cashcade.compile.addresses import addresses
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
    Month,
    Past,
    Range,
    Read,
    Unary,
    parts_of,
)
from cashcade.rules.selection import Selection
from cashcade.world.parameter import Parameter

DEEPEST = 64
"""Values that a program may have open at once."""

MOST_FACTORS = 8
"""Whole powers up to this are products, which are right for negative numbers too."""

OPERATIONS = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
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

FOLDS = {"sum": "add", "mean": "add", "count": "add", "min": "min", "max": "max", "any": "or", "all": "and"}
"""Operations that make a group one."""

Code = list[tuple[int, int, int]]


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
        The entity that stands for each group.
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
    """The numbers of programs, some of which are drawn.

    Parameters
    ----------
    values
        All of them, 0 where one is drawn.
    places
        Of those that are drawn.
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
    """Writes programs, and gathers the numbers, histories and addresses that they point to.

    Parameters
    ----------
    members
        Who is who in the world.
    """

    def __init__(self, members: Members) -> None:
        self._members = members
        self._programs: dict[tuple[tuple[int, int, int], ...], int] = {}
        self._numbers: dict[float | str, int] = {}
        self._ranges: dict[str, Range] = {}
        self._histories: dict[tuple[int, int], int] = {}
        self._chances: dict[str, int] = {}
        self._owners: dict[int, tuple[Chance | Range, str, str]] = {}
        self._met: dict[int, Expression] = {}
        self._shared: set[int] = set()
        self._known: dict[tuple[int, Scope], int] = {}
        self._write: dict[type, Callable[[Any, Scope, Code], None]] = {
            Constant: self._constant,
            Range: self._range,
            Read: self._read,
            Month: lambda _node, _scope, code: code.append(_operation("month")),
            Binary: self._binary,
            Unary: self._unary,
            Call: self._call,
            Chance: self._chance,
            Past: self._past,
            Fold: self._fold,
        }

    @property
    def assumptions(self) -> dict[str, int]:
        """The place of each range among the numbers, by its name."""
        return {name: self._numbers[name] for name in self._ranges}

    def program(self, expression: Expression, scope: Scope) -> int:
        """Give the number of the program of an expression.

        Raises
        ------
        RuleError
            It names what the world has not, or is too deep.
        """
        self._find_shared(expression)
        code: Code = []
        try:
            self._expression(expression, scope, code)
            deep = _depth(code) > DEEPEST
        except RecursionError:
            deep = True
        if deep:
            raise RuleError(f"{scope.label}: an expression is too deep; take it apart into several rules.")
        return self._numbered(code)

    def _find_shared(self, expression: Expression) -> None:
        """Note what stands in several places: written once, however often it is read."""
        waiting = [] if id(expression) in self._met else [expression]
        self._met.setdefault(id(expression), expression)
        while waiting:
            for part in parts_of(waiting.pop()):
                if id(part) not in self._met:
                    self._met[id(part)] = part
                    waiting.append(part)
                elif not isinstance(part.node, Constant | Range | Read | Month):
                    self._shared.add(id(part))

    def sides(self, comparison: Binary, scope: Scope, months: int) -> tuple[int, int]:
        """Give the programs of both sides of a comparison as they were some months ago."""
        right: Code = []
        self._right(comparison, scope, right)
        both = self.program(comparison.left, scope), self._numbered(right)
        return self._past_of(both[0], months), self._past_of(both[1], months)

    def _past_of(self, program: int, months: int) -> int:
        if not months:
            return program
        history = self._histories.setdefault((program, months), len(self._histories))
        return self._numbered([_operation("lag", history)])

    def _numbered(self, code: Code) -> int:
        return self._programs.setdefault(tuple(code), len(self._programs))

    def arrays(self) -> dict[str, Array]:
        """Give all programs and what they point to but numbers, as the core takes them."""
        lengths = [len(code) for code in self._programs]
        known = addresses(self._chances)
        code = [row for program in self._programs for row in program]
        return {
            "code": np.array(code, dtype=np.int32).reshape(-1, 3),
            "program": np.cumsum([0, *lengths]).astype(np.int32),
            "history": np.array(list(self._histories), dtype=np.int32).reshape(-1, 2),
            "address": np.array([known[path] for path in self._chances], dtype=np.uint32),
        }

    def numbers(self) -> Numbers:
        """Give the numbers that programs point to, to be drawn."""
        known = addresses(self._ranges)
        values = np.array([0.0 if isinstance(key, str) else key for key in self._numbers])
        places = [place for key, place in self._numbers.items() if isinstance(key, str)]
        nodes = {key: self._ranges[key] for key in self._numbers if isinstance(key, str)}
        limits = [Parameter(node.unit or "1", -LARGEST, LARGEST) for node in nodes.values()]
        ranges = [(node.quantity, each) for node, each in zip(nodes.values(), limits, strict=True)]
        return Numbers(values, tuple(places), Ranges(ranges, [known[key] for key in nodes]))

    def _expression(self, expression: Expression, scope: Scope, code: Code) -> None:
        if id(expression) not in self._shared:
            self._write[type(expression.node)](expression.node, scope, code)
            return
        key = id(expression), scope
        if key not in self._known:
            part: Code = []
            self._write[type(expression.node)](expression.node, scope, part)
            self._known[key] = self._numbered(part)
        code.append(_operation("program", self._known[key]))

    def _constant(self, node: Constant, _scope: Scope, code: Code) -> None:
        self._number(float(node.value), code)

    def _number(self, value: float | str, code: Code) -> None:
        code.append(_operation("constant", self._numbers.setdefault(value, len(self._numbers))))

    def _range(self, node: Range, scope: Scope, code: Code) -> None:
        path = self._path(node, scope, "number")
        other = self._ranges.setdefault(path, node)
        if other.given != node.given:
            raise RuleError(f"{scope.label}: {node} and {other} have one name; give them different ones.")
        self._number(path, code)

    def _read(self, node: Read, scope: Scope, code: Code) -> None:
        place = dict(scope.members).get(node.selection)
        if place is None:
            (place,) = self._members.of(node.selection, scope.label, scope.roles)
        code.append(_operation(node.row.source, node.row.place, place))
        if node.negated:
            code.append(_operation("not"))

    def _binary(self, node: Binary, scope: Scope, code: Code) -> None:
        """Write from left to right, so that a long sum takes no deep recursion."""
        spine = [node]
        while spine[-1].sign != "**" and id(spine[-1].left) not in self._shared:
            left = spine[-1].left.node
            if not isinstance(left, Binary):
                break
            spine.append(left)
        for place, part in enumerate(reversed(spine)):
            if part.sign == "**":
                self._power(part, scope, code)
                continue
            if place == 0:
                self._expression(part.left, scope, code)
            self._right(part, scope, code)
            code.append(_operation(OPERATIONS[part.sign]))

    def _right(self, node: Binary, scope: Scope, code: Code) -> None:
        """Write the right side; a word by its code."""
        if isinstance(node.left, Word) and isinstance(node.right.node, Constant):
            self._number(float(node.left.words[str(node.right.node.value)]), code)
        else:
            self._expression(node.right, scope, code)

    def _power(self, node: Binary, scope: Scope, code: Code) -> None:
        factors = _factors(node.right)
        if factors:
            self._chain([(node.left, scope)] * factors, "mul", code)
            return
        self._expression(node.left, scope, code)
        self._expression(node.right, scope, code)
        code.append(_operation("pow"))

    def _unary(self, node: Unary, scope: Scope, code: Code) -> None:
        self._expression(node.operand, scope, code)
        code.append(_operation("neg" if node.sign == "-" else "not"))

    def _call(self, node: Call, scope: Scope, code: Code) -> None:
        operation = OPERATIONS[node.function]
        if operation in {"min", "max"}:
            self._chain([(each, scope) for each in node.arguments], operation, code)
            return
        for argument in node.arguments:
            self._expression(argument, scope, code)
        code.append(_operation(operation))

    def _chance(self, node: Chance, scope: Scope, code: Code) -> None:
        path = self._path(node, scope, "chance")
        if node.each is not None:
            path += f".{self._members.name(node.each.kind, dict(scope.members)[node.each])}"
        self._expression(node.probability, scope, code)
        code.append(_operation("chance", self._chances.setdefault(path, len(self._chances))))

    def _past(self, node: Past, scope: Scope, code: Code) -> None:
        key = self.program(node.operand, scope), node.months
        if node.how == "change":
            self._expression(node.operand, scope, code)
        code.append(_operation("lag", self._histories.setdefault(key, len(self._histories))))
        if node.how == "change":
            code.append(_operation("sub"))

    def _fold(self, node: Fold, scope: Scope, code: Code) -> None:
        group = node.operand.group
        places = () if group is None else self._members.of(group, scope.label, scope.roles)
        if not places or group is None:
            self._number(float(node.how == "all"), code)
            return
        parts = [(node.operand, scope.at(group, place)) for place in places]
        self._chain(parts, FOLDS[node.how], code)
        if node.how == "mean":
            self._number(float(len(places)), code)
            code.append(_operation("div"))

    def _chain(self, parts: Sequence[tuple[Expression, Scope]], operation: str, code: Code) -> None:
        """Write one expression after the other, each but the first followed by an operation."""
        for number, (expression, scope) in enumerate(parts):
            self._expression(expression, scope, code)
            if number:
                code.append(_operation(operation))

    def _path(self, node: Chance | Range, scope: Scope, what: str) -> str:
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


def _factors(exponent: Expression) -> int:
    """Give how many factors a power is, 0 where it is no product."""
    value = exponent.node.value if isinstance(exponent.node, Constant) else 0.0
    whole = isinstance(value, float) and value.is_integer() and 1 <= value <= MOST_FACTORS
    return int(value) if whole else 0


@cache
def _operations() -> dict[str, tuple[int, int]]:
    """Give code and number of operands of each operation."""
    return {name: (code, popped) for code, (name, popped) in enumerate(_core.operations())}


def _operation(name: str, first: int = 0, second: int = 0) -> tuple[int, int, int]:
    return _operations()[name][0], first, second


def _depth(code: Code) -> int:
    """Give how many values are open at once while a program runs."""
    popped = [operands for _, operands in _operations().values()]
    deepest = open_now = 0
    for operation, _, _ in code:
        open_now += 1 - popped[operation]
        deepest = max(deepest, open_now)
    return deepest
