"""Expressions: numbers, conditions and words that are known on each path in each month of a run.

They are written with Python's operators, never change, and print themselves as they were written. A group has
one value for each of its members until it is made one: `companies(tag="app").cash.sum()`.
"""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Self

from cashcade.errors import PlausibilityWarning, RuleError, UnknownNameError
from cashcade.rules import nodes
from cashcade.rules.constants import constant_of
from cashcade.rules.nodes import Binary, Constant, Fold, Node, Past, Read, SoFar, Unary
from cashcade.rules.selection import Selection, quoted
from cashcade.rules.units import PURE, Unit
from cashcade.words.numerals import whole_number
from cashcade.world.problems import did_you_mean

LONGEST_LAG = 1200
"""Months that a rule may look back."""

FEW_DOLLARS = 1000
"""Dollars below which a plain number is likely to lack its millions."""

FOLDS = ("sum", "min", "max", "mean", "any", "all", "count")
"""Functions that make a group one."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Expression:
    """The base of all expressions.

    Parameters
    ----------
    node
        What it is made of.
    unit
        Unit of a number; None for plain numbers, which take the unit of what they meet.
    group
        Whose members it has a value for; None where it is one value.

    Attributes
    ----------
    size
        Number of its parts, each as often as it would be printed.
    """

    node: Node
    unit: Unit | None = None
    group: Selection | None = None
    size: int = field(init=False)

    def __post_init__(self) -> None:
        """Count its parts, each as often as it would be printed."""
        object.__setattr__(self, "size", 1 + sum(part.size for part in nodes.parts_of(self)))

    __hash__ = object.__hash__
    __array_ufunc__ = None  # numbers of NumPy leave operators to expressions

    def __str__(self) -> str:
        return str(self.node)

    def __repr__(self) -> str:
        return str(self.node)

    def __bool__(self) -> NoReturn:
        raise RuleError(
            f"{self}: nobody knows it before the run. Write & | ~ in place of and, or, not; "
            f"(a < b) & (b < c) in place of a < b < c; where(condition, x, y) in place of "
            f"x if condition else y; minimum and maximum in place of min and max."
        )

    def __iter__(self) -> Iterator[Any]:
        raise RuleError(
            f"{self}: one expression for all members; make it one with sum(), any() and the like."
        )

    def __getattr__(self, name: str) -> NoReturn:
        if name in FOLDS:
            kind = "a number" if isinstance(self, Value) else "true or false"
            hint = "compare it first" if isinstance(self, Value) else "count() counts where it is true"
            raise UnknownNameError(f"{self} is {kind} and has no {name}(); {hint}.")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def lag(self, months: int) -> Self:
        """Give what it was so many months before; in the first months, what it was in month 1."""
        return self._made(Past(self, "lag", _lag(self, months)))

    def _made(self, node: Node) -> Self:
        return type(self)(node, self.unit, self.group)

    def _folded(self, how: str) -> Fold:
        if self.group is None:
            wanted = 'groups such as companies(tag="app")'
            raise RuleError(f"{self}: a single value; {how}() makes one of {wanted}.")
        return Fold(self, how)


class Value(Expression):
    """A number on each path in each month."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __add__(self, other: object) -> "Value":
        return _sum("+", self, other)

    def __radd__(self, other: object) -> "Value":
        return _sum("+", other, self)

    def __sub__(self, other: object) -> "Value":
        return _sum("-", self, other)

    def __rsub__(self, other: object) -> "Value":
        return _sum("-", other, self)

    def __mul__(self, other: object) -> "Value":
        return _product("*", self, other)

    def __rmul__(self, other: object) -> "Value":
        return _product("*", other, self)

    def __truediv__(self, other: object) -> "Value":
        return _product("/", self, other)

    def __rtruediv__(self, other: object) -> "Value":
        return _product("/", other, self)

    def __mod__(self, other: object) -> "Value":
        return _sum("%", self, other)

    def __rmod__(self, other: object) -> "Value":
        return _sum("%", other, self)

    def __pow__(self, other: object) -> "Value":
        return _power(self, other)

    def __rpow__(self, other: object) -> "Value":
        return _power(other, self)

    def __neg__(self) -> "Value":
        return self._made(Unary("-", self))

    def __abs__(self) -> "Value":
        return self._made(nodes.Call("abs", (self,)))

    def __lt__(self, other: object) -> "Condition":
        return _compared("<", self, other)

    def __le__(self, other: object) -> "Condition":
        return _compared("<=", self, other)

    def __gt__(self, other: object) -> "Condition":
        return _compared(">", self, other)

    def __ge__(self, other: object) -> "Condition":
        return _compared(">=", self, other)

    def __eq__(self, other: object) -> "Condition":  # type: ignore[override]
        return _compared("==", self, other)

    def __ne__(self, other: object) -> "Condition":  # type: ignore[override]
        return _compared("!=", self, other)

    def change(self, months: int = 1) -> "Value":
        """Give by how much it rose over so many months."""
        return self._made(Past(self, "change", _lag(self, months)))

    def sum_so_far(self) -> "Value":
        """Give the sum of what it was in all months, this one included; of the same unit."""
        return self._made(SoFar(self, "sum"))

    def min_so_far(self) -> "Value":
        """Give the least that it was in any month, this one included."""
        return self._made(SoFar(self, "min"))

    def max_so_far(self) -> "Value":
        """Give the greatest that it was in any month, this one included."""
        return self._made(SoFar(self, "max"))

    def sum(self) -> "Value":
        """Add up the values of the members; 0 without any."""
        return Value(self._folded("sum"), self.unit)

    def min(self) -> "Value":
        """Give the least of the members' values; 0 without any."""
        return Value(self._folded("min"), self.unit)

    def max(self) -> "Value":
        """Give the greatest of the members' values; 0 without any."""
        return Value(self._folded("max"), self.unit)

    def mean(self) -> "Value":
        """Give the mean of the members' values; 0 without any."""
        return Value(self._folded("mean"), self.unit)


class Condition(Expression):
    """True or false on each path in each month."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> "Condition":  # type: ignore[override]
        return self._same("==", other)

    def __ne__(self, other: object) -> "Condition":  # type: ignore[override]
        return self._same("!=", other)

    def _same(self, sign: str, other: object) -> "Condition":
        if not isinstance(other, bool):
            raise RuleError(f"{self} {sign} {other!r}: a condition is not compared; join it with & | ~.")
        return self if other is (sign == "==") else ~self

    def __and__(self, other: object) -> "Condition":
        return _joined("&", self, other)

    def __rand__(self, other: object) -> "Condition":
        return _joined("&", other, self)

    def __or__(self, other: object) -> "Condition":
        return _joined("|", self, other)

    def __ror__(self, other: object) -> "Condition":
        return _joined("|", other, self)

    def __invert__(self) -> "Condition":
        if isinstance(self.node, Constant):
            return Condition(Constant(not self.node.value))
        return self._made(Unary("~", self))

    def any(self) -> "Condition":
        """Tell whether it is true of at least one member; false without any."""
        return Condition(self._folded("any"))

    def all(self) -> "Condition":
        """Tell whether it is true of every member; true without any."""
        return Condition(self._folded("all"))

    def count_so_far(self) -> "Value":
        """Count the months in which it was true, this one included."""
        return Value(SoFar(self, "count"), PURE, self.group)

    def count(self) -> "Value":
        """Count the members of which it is true."""
        return Value(self._folded("count"), PURE)


class Word(Expression):
    """One of a few words, such as the funding regime."""

    __slots__ = ()
    __hash__ = object.__hash__

    @property
    def words(self) -> Mapping[str, int]:
        """The words with their numbers."""
        node = self.node
        while isinstance(node, Past):
            node = node.operand.node
        return dict(node.row.words) if isinstance(node, Read) else {}

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        return self._is("==", other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return self._is("!=", other)

    def _is(self, sign: str, other: object) -> Condition:
        right = (
            other
            if isinstance(other, Word) and other.words == self.words
            else self.checked(other, _Written(self, sign, other))
        )
        node = Binary(sign, self, right)
        return Condition(node, None, common_group(node, self, right))

    def checked(self, word: object, where: object) -> "Word":
        """Give a word that this can be, as an expression."""
        if isinstance(word, str) and word in self.words:
            return Word(Constant(word))
        known = ", ".join(f'"{each}"' for each in self.words)
        raise RuleError(f"{where}: wanted one of {known}. {did_you_mean(str(word), self.words)}".rstrip())


def as_value(given: object, where: object) -> Value:
    """Give a number or range as an expression.

    Raises
    ------
    RuleError
        It is something else, or not finite; `where` is what the user wrote.
    """
    if isinstance(given, Value):
        return given
    if isinstance(given, Condition):
        raise RuleError(f"{where}: {given} is true or false; make it a number with where({given}, 1, 0).")
    if isinstance(given, Word):
        raise RuleError(f"{where}: {given} is a word; compare it with one, by == or !=.")
    return Value(constant_of(given, where))


def as_condition(given: object, where: object) -> Condition:
    """Give a condition, or True or False, as an expression.

    Raises
    ------
    RuleError
        It is something else; `where` is what the user wrote.
    """
    if isinstance(given, Condition):
        return given
    if isinstance(given, bool):
        return Condition(Constant(given))
    if isinstance(given, Value):
        raise RuleError(f"{where}: {given} is a number, wanted a condition such as {given} > 0.")
    if isinstance(given, Word):
        word = next(iter(given.words), "word")
        raise RuleError(f'{where}: {given} is a word, wanted a condition such as {given} == "{word}".')
    raise RuleError(f'{where}: {given!r} is no condition; write one such as company("a").runway < 6.')


def common_unit(left: Value, right: Value, where: object) -> Unit | None:
    """Give the unit that two numbers share; plain ones take that of the other."""
    if left.unit is None or right.unit is None or left.unit == right.unit:
        check_scale(left, right.unit, where)
        check_scale(right, left.unit, where)
        return right.unit if left.unit is None else left.unit
    raise RuleError(
        f"{where}: {left} is in {left.unit} and {right} in {right.unit}; they cannot be added or compared."
    )


def check_scale(given: Value, unit: Unit | None, where: object) -> None:
    """Warn of a plain number that stands for dollars and is too small to be meant as such."""
    node = given.node
    if unit is None or unit.usd != 1 or given.unit is not None or not isinstance(node, Constant):
        return
    size = abs(float(node.value))
    if 0 < size < FEW_DOLLARS:
        what = nodes.plain(float(node.value))
        hint = f'write {what}e6 or {what}e9 for millions or billions, number({what}, "{unit}") if it is meant'
        warnings.warn(f"{where}: {what} is {what} {unit} here; {hint}.", PlausibilityWarning, stacklevel=4)


def common_group(where: object, *parts: Expression) -> Selection | None:
    """Give the group whose members several expressions have values for."""
    groups = {part.group for part in parts} - {None}
    if len(groups) > 1:
        one, other = sorted(map(str, groups))
        raise RuleError(
            f"{where}: {one} and {other} are different groups; make one of each, with sum() and the like."
        )
    return next(iter(groups), None)


def check_group(where: object, value: Expression, group: Selection | None) -> None:
    """Check that a value is one for all, or one for each of the group that is acted on."""
    common_group(where, value, Value(Constant(0.0), None, group))
    if value.group is not None and group is None:
        raise RuleError(f"{where}: {value} has a value for each of {value.group}, wanted one.")


@dataclass(frozen=True, slots=True)
class _Written:
    """The text of the user, printed only where it is needed: expressions may be long."""

    left: object
    sign: str
    right: object

    def __str__(self) -> str:
        left, right = (
            quoted(side) if isinstance(side, str) else repr(side) for side in (self.left, self.right)
        )
        return f"{left} {self.sign} {right}"


def _sides(sign: str, left: object, right: object) -> tuple[Value, Value, Binary]:
    where = _Written(left, sign, right)
    one, other = as_value(left, where), as_value(right, where)
    return one, other, Binary(sign, one, other)


def _sum(sign: str, left: object, right: object) -> Value:
    one, other, node = _sides(sign, left, right)
    return Value(node, common_unit(one, other, node), common_group(node, one, other))


def _product(sign: str, left: object, right: object) -> Value:
    one, other, node = _sides(sign, left, right)
    group = common_group(node, one, other)
    if one.unit is None and other.unit is None:
        return Value(node, None, group)
    above, below = one.unit or PURE, other.unit or PURE
    return Value(node, above * below if sign == "*" else above / below, group)


def _power(base: object, exponent: object) -> Value:
    one, other, node = _sides("**", base, exponent)
    group = common_group(node, one, other)
    if other.unit not in {None, PURE}:
        raise RuleError(f"{node}: the exponent {other} is in {other.unit}, wanted a pure number.")
    if one.unit is None or one.unit == PURE:
        return Value(node, one.unit, group)
    if not isinstance(other.node, Constant):
        raise RuleError(f"{node}: {one} is in {one.unit}; only a plain number can be its exponent.")
    return Value(node, one.unit ** float(other.node.value), group)


def _compared(sign: str, left: Value, right: object) -> Condition:
    one, other, node = _sides(sign, left, right)
    common_unit(one, other, node)
    return Condition(node, None, common_group(node, one, other))


def _joined(sign: str, left: object, right: object) -> Condition:
    where = _Written(left, sign, right)
    one, other = as_condition(left, where), as_condition(right, where)
    node = Binary(sign, one, other)
    return Condition(node, None, common_group(node, one, other))


def _lag(operand: Expression, given: object) -> int:
    months = whole_number(given)
    if months is None or not 1 <= months <= LONGEST_LAG:
        raise RuleError(f"{operand}.lag({given!r}): wanted a whole number of months from 1 to {LONGEST_LAG}.")
    return months
