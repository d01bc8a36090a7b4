"""Nodes of expressions, each printed as the user wrote it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cashcade.rules.selection import Selection, quoted
from cashcade.words.rows import Row

if TYPE_CHECKING:
    from cashcade.rules.expressions import Expression

COMPARE, OR, AND, SUM, PRODUCT, UNARY, POWER, ATOM = range(8)
"""How strongly Python's operators bind, the weakest first."""

BINDING = {
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), COMPARE),
    **dict.fromkeys("+-", SUM),
    **dict.fromkeys("*/%", PRODUCT),
    "|": OR,
    "&": AND,
    "**": POWER,
}
"""The same by the signs of operators with two sides."""


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A number, a word or a truth; `unit` is what the user wrote beside a number, if anything."""

    value: float | bool | str
    unit: str | None = None

    @property
    def binding(self) -> int:
        """How strongly its text binds."""
        negative = not isinstance(self.value, str) and str(self.value).startswith("-") and self.unit is None
        return UNARY if negative else ATOM

    def __str__(self) -> str:
        if isinstance(self.value, str):
            return quoted(self.value)
        return plain(self.value) if self.unit is None else f"number({plain(self.value)}, {quoted(self.unit)})"


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """A number that each draw takes anew; `quantity` is a range as worlds have them."""

    quantity: object
    given: str
    unit: str | None
    name: str

    binding = ATOM

    def __str__(self) -> str:
        more = [quoted(self.unit)] if self.unit else []
        more += [f"name={quoted(self.name)}"] if self.name else []
        return f"number({', '.join([self.given, *more])})"


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A row of the table for one entity or a group.

    Parameters
    ----------
    selection
        Entities whose row it is.
    name
        As the user wrote it.
    row
        What it stands for.
    stated
        Whether the user asked for what the world says.
    negated
        Whether it is the opposite, as `failed` is of `alive`.
    along
        Links that are followed first, from each entity.
    """

    selection: Selection
    name: str
    row: Row
    stated: bool = False
    negated: bool = False
    along: tuple[str, ...] = ()

    binding = ATOM

    def __str__(self) -> str:
        return f"{followed(self.selection, self.along)}{'.stated' if self.stated else ''}.{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Month:
    """The month of the run."""

    binding = ATOM

    def __str__(self) -> str:
        return "month"


@dataclass(frozen=True, slots=True, eq=False)
class Binary:
    """An operator with two sides."""

    sign: str
    left: "Expression"
    right: "Expression"

    @property
    def binding(self) -> int:
        """How strongly its text binds."""
        return BINDING[self.sign]

    def __str__(self) -> str:
        """Print from right to left, so that a long sum takes no deep recursion and can be cut."""
        tail, node = "", self
        while len(tail) < LONGEST_TEXT:
            own, to_the_right = node.binding, node.sign == "**"
            tail = f" {node.sign} {_within(node.right, own + (not to_the_right))}{tail}"
            least = own + (own == COMPARE or to_the_right)
            left = node.left.node
            if not isinstance(left, Binary) or left.binding < least:
                return f"{_within(node.left, least)}{tail}"
            node = left
        return f"{DOTS}{tail}"


@dataclass(frozen=True, slots=True, eq=False)
class Unary:
    """An operator before its operand: minus or not."""

    sign: str
    operand: "Expression"

    binding = UNARY

    def __str__(self) -> str:
        return f"{self.sign}{_within(self.operand, UNARY)}"


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A function of expressions."""

    function: str
    arguments: tuple["Expression", ...]

    binding = ATOM

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(_inside, self.arguments))})"


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """A random event of each month, of `each` member of a group where one is given.

    Those of one name are one event.
    """

    probability: "Expression"
    name: str
    each: Selection | None = None

    binding = ATOM

    def __str__(self) -> str:
        name = f", name={quoted(self.name)}" if self.name else ""
        each = f", each={self.each}" if self.each else ""
        return f"chance({_inside(self.probability)}{name}{each})"


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """The value of an expression some months before, or its change since."""

    operand: "Expression"
    how: str
    months: int

    binding = ATOM

    def __str__(self) -> str:
        return f"{_within(self.operand, ATOM)}.{self.how}({self.months})"


@dataclass(frozen=True, slots=True, eq=False)
class SoFar:
    """All months of an expression so far made one: sum, min or max."""

    operand: "Expression"
    how: str

    binding = ATOM

    def __str__(self) -> str:
        return f"{_within(self.operand, ATOM)}.{self.how}_so_far()"


@dataclass(frozen=True, slots=True, eq=False)
class Luck:
    """A random number of each month, uniform or normal, of `each` member where one is given.

    Those of one name are one number before `first` and `second` place it: limits of a uniform number, mean
    and standard deviation of a normal one.
    """

    how: str
    first: "Expression"
    second: "Expression"
    name: str
    each: Selection | None = None

    binding = ATOM

    def __str__(self) -> str:
        name = f", name={quoted(self.name)}" if self.name else ""
        each = f", each={self.each}" if self.each else ""
        return f"{self.how}({_inside(self.first)}, {_inside(self.second)}{name}{each})"


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """A group made one: sum, min, max, mean, any, all or count."""

    operand: "Expression"
    how: str

    binding = ATOM

    def __str__(self) -> str:
        return f"{_within(self.operand, ATOM)}.{self.how}()"


LONGEST_TEXT = 10_000
"""Characters after which no more of a long sum is shown."""

LONGEST_PART = 200
"""Parts of an expression inside another that are shown; of more, which can be any number, only dots."""

DOTS = "..."
"""In place of a part that is too long to be shown."""

Node = Constant | Range | Read | Month | Binary | Unary | Call | Chance | Luck | Past | SoFar | Fold


def parts_of(expression: "Expression") -> tuple["Expression", ...]:
    """Give the expressions that an expression is made of, from left to right."""
    match expression.node:
        case Binary(_, left, right) | Luck(_, left, right):
            return left, right
        case Unary(_, operand) | Past(operand, _, _) | SoFar(operand, _) | Fold(operand, _):
            return (operand,)
        case Call(_, arguments):
            return arguments
        case Chance(probability, _, _):
            return (probability,)
        case _:
            return ()


def _inside(expression: "Expression") -> str:
    """Print a part of an expression."""
    return str(expression) if expression.size <= LONGEST_PART else DOTS


def _within(expression: "Expression", least: int) -> str:
    """Print an operand, in brackets where it binds less than `least`."""
    text = _inside(expression)
    if text == DOTS:
        return text
    return text if expression.node.binding >= least else f"({text})"


def followed(selection: Selection, along: tuple[str, ...]) -> str:
    """Print entities, and the links that are followed from each."""
    return ".".join([str(selection), *along])


def plain(value: float) -> str:
    """Print a number or truth shortly and exactly."""
    if isinstance(value, bool):
        return str(value)
    if value.is_integer() and abs(value) < 1e6:
        return repr(value) if str(value) == "-0.0" else str(int(value))
    short = f"{value:g}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")
    return short if float(short) == value else repr(value)
