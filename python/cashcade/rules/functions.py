"""Functions of expressions."""

from cashcade.errors import RuleError
from cashcade.rules import nodes
from cashcade.rules.constants import constant_of, extremes
from cashcade.rules.entities import Entities
from cashcade.rules.expressions import (
    Condition,
    Value,
    as_condition,
    as_value,
    common_group,
    common_unit,
)
from cashcade.rules.nodes import Call, Chance, Constant, Luck, Month, Range
from cashcade.rules.selection import Selection
from cashcade.rules.units import PURE, UNITS

month = Value(Month(), UNITS["month"])
"""The month of the run, from 1."""


def number(value: object, unit: str | None = None, *, name: str = "") -> Value:
    """Give a number its unit, or a range its name.

    Parameters
    ----------
    value
        A number, or a range of which each draw takes a value: `{"low": 1, "value": 2, "high": 3}`
        (triangular), `{"mean": 2, "sd": 1}` (normal) or `{"choices": [1, 2], "weights": [3, 1]}`.
    unit
        By a name of the table, such as "USD/month". A number without one takes the unit of what it meets.
    name
        Rules that use a range of one name use one number; a range without a name belongs to its rule.

    Raises
    ------
    RuleError
        The value is not finite or no number, or the unit is unknown.
    """
    where = f"number({value!r})"
    return Value(constant_of(value, where, unit, name), UNITS[unit] if unit else None)


def where(condition: object, yes: object, no: object) -> Value:
    """Give one number where a condition is true and another where it is false.

    Raises
    ------
    RuleError
        The units of the numbers differ.
    """
    text = f"where({condition!r}, {yes!r}, {no!r})"
    test, one, other = as_condition(condition, text), as_value(yes, text), as_value(no, text)
    group = common_group(text, test, one, other)
    return Value(Call("where", (test, one, other)), common_unit(one, other, text), group)


def minimum(first: object, second: object, *more: object) -> Value:
    """Give the least of several numbers of one unit."""
    return _several("minimum", first, second, *more)


def maximum(first: object, second: object, *more: object) -> Value:
    """Give the greatest of several numbers of one unit."""
    return _several("maximum", first, second, *more)


def exp(exponent: object) -> Value:
    """Give the exponential of a pure number."""
    return _pure("exp", exponent)


def log(number: object) -> Value:
    """Give the natural logarithm of a pure number; of 0 and less, that of 1e-300."""
    return _pure("log", number)


def chance(probability: object, *, name: str = "", each: Entities | None = None) -> Condition:
    """Tell whether a random event happens, anew in each month.

    Parameters
    ----------
    probability
        Probability of the event in a month, 0 to 1.
    name
        Rules that use a chance of one name see one event; a chance without a name belongs to its rule.
    each
        A group, of which each member has an event of its own; without it one event is for all.

    Raises
    ------
    RuleError
        The probability can lie outside 0 to 1, or has a unit.
    """
    text = f"chance({probability!r})"
    value = share(probability, text)
    if each is None:
        return Condition(Chance(value, name), None, value.group)
    selection = _group_of(each, text)
    group = common_group(text, value, Value(Constant(0.0), None, selection))
    return Condition(Chance(value, name, selection), None, group)


def uniform(low: object = 0, high: object = 1, *, name: str = "", each: Entities | None = None) -> Value:
    """Draw a number between two of one unit, anew in each month.

    Parameters
    ----------
    low, high
        Between which it lies, all numbers being as likely.
    name
        Rules that use a number of one name see one luck; a number without a name belongs to its rule.
    each
        A group, of which each member has luck of its own; without it there is one luck for all.

    Raises
    ------
    RuleError
        The units differ.
    """
    return _drawn("uniform", low, high, name, each)


def normal(mean: object = 0, sd: object = 1, *, name: str = "", each: Entities | None = None) -> Value:
    """Draw a number with a normal distribution, anew in each month.

    Parameters
    ----------
    mean, sd
        Mean and standard deviation, of one unit.
    name, each
        As in `uniform`.

    Raises
    ------
    RuleError
        The units differ.
    """
    return _drawn("normal", mean, sd, name, each)


def _drawn(how: str, first: object, second: object, name: str, each: Entities | None) -> Value:
    text = f"{how}({first!r}, {second!r})"
    one, other = as_value(first, text), as_value(second, text)
    unit = common_unit(one, other, text)
    group = common_group(text, one, other)
    if each is None:
        return Value(Luck(how, one, other, name), unit, group)
    selection = _group_of(each, text)
    common_group(text, Value(one.node, None, group), Value(Constant(0.0), None, selection))
    return Value(Luck(how, one, other, name, selection), unit, selection)


def _group_of(each: object, where: str) -> Selection:
    if not isinstance(each, Entities) or each.selection.single or each.along:
        raise RuleError(f'{where}: each is {each!r}, wanted a group such as companies(tag="app").')
    return each.selection


def share(given: object, where: object) -> Value:
    """Give a pure number that is not known to lie outside 0 to 1.

    Raises
    ------
    RuleError
        It is known to, or has a unit.
    """
    value = as_value(given, where)
    if value.unit not in {None, PURE}:
        raise RuleError(f"{where}: {value} is in {value.unit}, wanted a pure number from 0 to 1.")
    if isinstance(value.node, Constant | Range):
        low, high = extremes(value.node)
        if low < 0 or high > 1:
            raise RuleError(f"{where}: {nodes.plain(low if low < 0 else high)} is no number from 0 to 1.")
    return value


def _several(function: str, *given: object) -> Value:
    text = f"{function}({', '.join(map(repr, given))})"
    values = [as_value(each, text) for each in given]
    first = next((value for value in values if value.unit is not None), values[0])
    for other in values:
        common_unit(first, other, text)
    return Value(Call(function, tuple(values)), first.unit, common_group(text, *values))


def _pure(function: str, given: object) -> Value:
    value = as_value(given, f"{function}({given!r})")
    if value.unit not in {None, PURE}:
        raise RuleError(f"{function}({value}): {value} is in {value.unit}, wanted a pure number.")
    return Value(Call(function, (value,)), value.unit, value.group)
