"""Folding: what an expression comes to in every world, on every path and in every month."""

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from cashcade.rules.expressions import Expression
from cashcade.rules.nodes import (
    LONGEST_PART,
    Binary,
    Call,
    Chance,
    Constant,
    Fold,
    Luck,
    Past,
    Range,
    SoFar,
    Unary,
    parts_of,
)
from cashcade.rules.rule import Rule

Known = float | bool | str | None
"""What is known of an expression; None: nothing."""

TINY = 1e-300
"""Below it, logarithms are that of this."""


def moves(rule: Rule) -> str:
    """Tell what a rule may move; empty where it is never active, or all that it does is nothing.

    That is to scale by 1, to add or pay 0, and to hand over no part of a fleet for no price.
    """
    if folded(rule.when) is False:
        return ""
    deeds = [deed for action in rule.do for deed in (action, getattr(action, "price", None)) if deed]
    for action in deeds:
        still = {"scale": 1.0, "add": 0.0, "pay": 0.0, "transfer": 0.0}.get(action.how)
        comes_to = folded(action.amount)
        if still is None or comes_to is None or isinstance(comes_to, str) or comes_to != still:
            said = f"comes to {comes_to!r}" if comes_to is not None else "depends on the state"
            wanted = (
                f"wanted {still:g} always" if still is not None else "wanted a condition that is never true"
            )
            return f"{action} of rule {rule.name} {said}, {wanted}"
    return ""


def folded(expression: Expression) -> Known:
    """Give the value of an expression where it has one whatever the state is; None where it has none.

    Values of the world are finite: zero times one is zero.
    """
    known: dict[int, Known] = {}
    for one in _from_the_leaves(expression):
        known[id(one)] = _value(one, [known[id(part)] for part in parts_of(one)])
    return known[id(expression)]


def _from_the_leaves(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and all that it is made of, each after its parts: sums can be long."""
    waiting, done = [(expression, False)], set[int]()
    while waiting:
        one, ready = waiting.pop()
        if id(one) in done:
            continue
        if ready:
            done.add(id(one))
            yield one
        else:
            waiting.append((one, True))
            waiting += [(part, False) for part in parts_of(one)]


def _value(expression: Expression, parts: list[Known]) -> Known:
    known: Known = None
    match expression.node:
        case Constant(value, _):
            known = value
        case Binary(sign, left, right):
            known = _binary(sign, left, right, *parts)
        case Unary(sign, _):
            known = _unary(sign, parts[0])
        case Call(function, _):
            known = _call(function, parts)
        case Chance(_, _, _):
            known = {0.0: False, 1.0: True}.get(_number(parts[0], math.nan))
        case Past(_, how, _):
            known = _past(how, parts[0])
        case Luck(_, _, _):
            known = parts[0] if _number(parts[1], math.nan) == _still(expression.node.how, parts[0]) else None
        case SoFar(_, how):
            known = parts[0] if how in {"min", "max"} else _nothing(parts[0])
        case Fold(_, how):
            known = _fold(how, parts[0])
    return known


def _number(known: Known, otherwise: float) -> float:
    return float(known) if isinstance(known, int | float) and not isinstance(known, bool) else otherwise


def _still(how: str, first: Known) -> float:
    """Give the second number of a random one at which it is no more than the first."""
    return _number(first, math.nan) if how == "uniform" else 0.0


def _nothing(known: Known) -> Known:
    """Give the sum of nothing over any number of months."""
    return 0.0 if known in (0.0, False) and known is not None else None


def _binary(sign: str, left: Expression, right: Expression, one: Known, other: Known) -> Known:
    if sign in {"&", "|"}:
        return _joined(sign, left, right, one, other)
    if one is None or other is None:
        return _half_known(sign, left, right, one, other)
    operations: dict[str, Callable[[Any, Any], Known]] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b if b else 0.0,
        "%": lambda a, b: a % b if b else 0.0,
        "**": _power,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
        "==": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
    }
    return operations[sign](one, other)


def _power(base: float, exponent: float) -> Known:
    try:
        power = base**exponent
    except (ArithmeticError, ValueError):
        return None
    return power if isinstance(power, float) else None


def _half_known(sign: str, left: Expression, right: Expression, one: Known, other: Known) -> Known:
    """Give what is known where one side is not: nought times anything, anything to the power of nought."""
    if sign == "*" and 0.0 in (one, other):
        return 0.0
    if sign in {"/", "%"} and one == 0.0:
        return 0.0
    if sign == "**" and (other == 0.0 or one == 1.0):
        return 1.0
    if sign == "-" and _is_same(left, right):
        return 0.0
    return None


def _is_same(left: Expression, right: Expression) -> bool:
    """Whether two expressions are one, or say the same without asking luck."""
    if left is right:
        return True
    if max(left.size, right.size) > LONGEST_PART:  # its text is cut
        return False
    return not _lucky(left) and not _lucky(right) and str(left) == str(right)


def _lucky(expression: Expression) -> bool:
    """Whether an expression asks luck, or a range that another of the same text would draw anew."""
    asked = (one.node for one in _from_the_leaves(expression))
    return any(isinstance(node, Chance) or (isinstance(node, Range) and not node.name) for node in asked)


def _joined(sign: str, left: Expression, right: Expression, one: Known, other: Known) -> Known:
    decides = sign == "|"
    if decides in (one, other):
        return decides
    if one is not None and other is not None:
        return not decides
    if sign == "&" and _no_month([*_conjuncts(left), *_conjuncts(right)]):
        return False
    return None


def _conjuncts(condition: Expression) -> Iterator[Expression]:
    waiting = [condition]
    while waiting:
        one = waiting.pop()
        if isinstance(one.node, Binary) and one.node.sign == "&":
            waiting += [one.node.left, one.node.right]
        else:
            yield one


TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}
"""Comparisons read from the other side."""


class _Bound(NamedTuple):
    """A bound of the month: so many months after something, in or out; `sign` turns upper ones around."""

    base: str
    months: float
    strict: bool
    sign: int


def _no_month(conditions: list[Expression]) -> bool:
    """Whether no month of any run lies between the bounds that conditions set it."""
    bounds = [bound for each in conditions for bound in _bounds(each.node)]
    lower = [_Bound("", 1.0, strict=False, sign=1), *(bound for bound in bounds if bound.sign > 0)]
    upper = [bound for bound in bounds if bound.sign < 0]
    return any(_excludes(low, high) for low in lower for high in upper if low.base == high.base)


def _excludes(low: _Bound, high: _Bound) -> bool:
    """Whether no month is above one bound and below another; months are whole numbers."""
    first, last = low.months, high.months
    if not low.base:
        first, last = math.ceil(first), math.floor(last)
        first += low.strict and first == low.months
        last -= high.strict and last == high.months
        return first > last
    return first > last or (first == last and (low.strict or high.strict))


def _bounds(node: object) -> Iterator[_Bound]:
    """Yield the bounds that a condition sets the month."""
    if not isinstance(node, Binary) or node.sign not in TURNED:
        return
    sign, left, right = node.sign, _after(node.left), _after(node.right)
    if left is None or right is None:
        return
    if left[0] != MONTH:
        sign, left, right = TURNED[sign], right, left
    if left[0] != MONTH or right[0] == MONTH:
        return
    base, months = right[0], right[1] - left[1]
    if sign in {">", ">=", "=="}:
        yield _Bound(base, months, sign == ">", 1)
    if sign in {"<", "<=", "=="}:
        yield _Bound(base, months, sign == "<", -1)


MONTH = "month"
"""The text of the month of the run."""


def _after(expression: Expression) -> tuple[str, float] | None:
    """Give an expression as a number after something, nothing for numbers; None where luck decides."""
    if expression.size > LONGEST_PART:
        return None
    number, node = folded(expression), expression.node
    if number is not None:
        return ("", float(number)) if isinstance(number, float) else None
    if isinstance(node, Binary) and node.sign in {"+", "-"}:
        left, right = folded(node.left), folded(node.right)
        inner = _after(node.left) if isinstance(right, float) else None
        if inner and isinstance(right, float):
            return inner[0], inner[1] + (right if node.sign == "+" else -right)
        inner = _after(node.right) if isinstance(left, float) and node.sign == "+" else None
        if inner and isinstance(left, float):
            return inner[0], inner[1] + left
    return None if _lucky(expression) else (str(expression), 0.0)


def _unary(sign: str, known: Known) -> Known:
    if known is None or isinstance(known, str):
        return None
    return not known if sign == "~" else -known


def _call(function: str, parts: list[Known]) -> Known:
    if function == "where":
        test, yes, no = parts
        return (yes if test else no) if test is not None else (yes if yes == no else None)
    numbers = [_number(part, math.nan) for part in parts]
    if any(map(math.isnan, numbers)):
        return None
    functions: dict[str, Callable[..., float]] = {
        "minimum": min,
        "maximum": max,
        "abs": abs,
        "exp": math.exp,
        "log": lambda number: math.log(max(number, TINY)),
    }
    try:
        return functions[function](*numbers)
    except OverflowError:
        return None


def _past(how: str, known: Known) -> Known:
    if known is None:
        return None
    return 0.0 if how == "change" else known


def _fold(how: str, known: Known) -> Known:
    """Give what a group comes to whoever belongs to it, nobody among them."""
    if how in {"any", "count"} and known is False:
        return False if how == "any" else 0.0
    if how == "all" and known is True:
        return True
    return 0.0 if how in {"sum", "min", "max", "mean"} and known == 0.0 and known is not False else None
