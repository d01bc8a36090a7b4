"""Folding: what an expression comes to in every world, on every path and in every month."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from cashcade.rules.expressions import Expression
from cashcade.rules.nodes import (
    Binary,
    Call,
    Chance,
    Constant,
    Fold,
    Month,
    Past,
    Range,
    Unary,
    parts_of,
)
from cashcade.rules.rule import Rule

Known = float | bool | str | None
"""What is known of an expression; None: nothing."""

TINY = 1e-300
"""Below it, logarithms are that of this."""


def moves(rule: Rule) -> str:
    """Tell what a rule may move; empty where each action scales by 1 or adds 0, or the rule is never active."""
    if folded(rule.when) is False:
        return ""
    for action in rule.do:
        still = {"scale": 1.0, "add": 0.0}.get(action.how)
        comes_to = folded(action.amount)
        if still is None or comes_to is None or isinstance(comes_to, str) or comes_to != still:
            said = f"comes to {comes_to!r}" if comes_to is not None else "depends on the state"
            wanted = f"wanted {still:g} always" if still is not None else "wanted a condition that is never true"
            return f"{action} of rule {rule.name} {said}, {wanted}"
    return ""


def folded(expression: Expression) -> Known:
    """Give the value of an expression where it has one whatever the state is; None where it has none.

    Values of the world are finite: nought times one is nought.
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
    match expression.node:
        case Constant(value, _):
            return value
        case Binary(sign, left, right):
            return _binary(sign, left, right, *parts)
        case Unary(sign, _):
            return _unary(sign, parts[0])
        case Call(function, _):
            return _call(function, parts)
        case Chance(_, _, _):
            return {0.0: False, 1.0: True}.get(_number(parts[0], math.nan))
        case Past(_, how, _):
            return _past(how, parts[0])
        case Fold(_, how):
            return _fold(how, parts[0])
        case _:
            return None


def _number(known: Known, otherwise: float) -> float:
    return float(known) if isinstance(known, int | float) and not isinstance(known, bool) else otherwise


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
    if sign == "/" and one == 0.0:
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
    return not _lucky(left) and not _lucky(right) and str(left) == str(right)


def _lucky(expression: Expression) -> bool:
    return any(isinstance(one.node, Chance | Range) for one in _from_the_leaves(expression))


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


def _no_month(conditions: list[Expression]) -> bool:
    """Whether no month of any run lies between the bounds that conditions set it."""
    low, high = 1.0, math.inf
    for condition in conditions:
        if isinstance(condition.node, Binary) and condition.node.sign in TURNED:
            least, most = _bounds(condition.node)
            low, high = max(low, least), min(high, most)
    return low > high


def _bounds(comparison: Binary) -> tuple[float, float]:
    """Give the first and the last month in which a comparison of the month with a number is true."""
    sign, month, bound = comparison.sign, _months_after(comparison.left), folded(comparison.right)
    if month is None:
        sign, month, bound = TURNED[sign], _months_after(comparison.right), folded(comparison.left)
    at = _number(bound, math.nan) - (math.nan if month is None else month)
    if math.isnan(at):
        return 1.0, math.inf
    first = {"<": 1.0, "<=": 1.0, ">": math.floor(at) + 1, ">=": math.ceil(at), "==": math.ceil(at)}[sign]
    last = {"<": math.ceil(at) - 1, "<=": math.floor(at), "==": math.floor(at)}.get(sign, math.inf)
    return first, last


def _months_after(expression: Expression) -> float | None:
    """Give the number that is added to the month; None where it is not the month and a number."""
    node = expression.node
    if isinstance(node, Month):
        return 0.0
    if isinstance(node, Binary) and node.sign in {"+", "-"} and isinstance(node.left.node, Month):
        number = folded(node.right)
        return None if number is None else _number(number, 0.0) * (1 if node.sign == "+" else -1)
    return None


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
