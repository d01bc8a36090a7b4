"""Numbers in rules: plain ones and ranges, which each draw takes anew."""

import math
from collections.abc import Mapping
from numbers import Real as RealNumber

from pydantic import TypeAdapter, ValidationError

from cashcade.errors import RuleError
from cashcade.rules.nodes import Constant, Range
from cashcade.rules.units import UNITS
from cashcade.world.problems import did_you_mean, shown
from cashcade.world.quantity import (
    CHOICES,
    NORMAL,
    TRIANGULAR,
    Choices,
    Normal,
    Quantity,
    Real,
    Triangular,
    form_of,
    points,
)

LARGEST = 1e300
"""Beyond what no number of a rule may be."""

RANGE = 'a number, or a range such as {"low": 1, "value": 2, "high": 3}'

_FORMS: dict[str, TypeAdapter[object]] = {
    TRIANGULAR: TypeAdapter(Triangular[Real]),
    NORMAL: TypeAdapter(Normal),
    CHOICES: TypeAdapter(Choices[Real]),
}


def constant_of(given: object, where: object, unit: str | None = None, name: str = "") -> Constant | Range:
    """Give the node of a number or of a range.

    Parameters
    ----------
    given
        A finite number, or a range as worlds write it: `{"low", "value", "high"}`, `{"mean", "sd"}` or
        `{"choices", "weights"}`.
    where
        What the user wrote, for messages.
    unit
        Its unit, by a name of the table.
    name
        Name of a range.

    Raises
    ------
    RuleError
        It is something else, not finite, or has an unknown unit.
    """
    if unit is not None and unit not in UNITS:
        known = ", ".join(UNITS)
        raise RuleError(f'{where}: unknown unit "{unit}". {did_you_mean(unit, UNITS) or f"Known: {known}."}')
    if isinstance(given, Mapping | Quantity):
        return _range(given, where, unit, name)
    if isinstance(given, bool) or not isinstance(given, RealNumber):
        raise RuleError(f"{where}: {shown(given)} is no number; wanted {RANGE}.")
    return Constant(_finite(float(given), where), unit)


def _range(given: object, where: object, unit: str | None, name: str) -> Range:
    plain = dict(given) if isinstance(given, Mapping) else given
    form = _FORMS.get(form_of(plain))
    if form is None:
        raise RuleError(f"{where}: {shown(given)} is no range; wanted {RANGE}.")
    try:
        quantity = form.validate_python(plain)
    except ValidationError as error:
        raise RuleError(f"{where}: {shown(given)} is no range ({_reason(error)}); wanted {RANGE}.") from error
    for point in _points(quantity):
        _finite(point, where)
    return Range(quantity, _text(quantity), unit, name)


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    return ": ".join([*map(str, first["loc"]), first["msg"]])


def _text(quantity: object) -> str:
    stated = quantity.model_dump(exclude_defaults=True) if isinstance(quantity, Quantity) else {}
    order = ("low", "value", "high", "mean", "sd", "choices", "weights")
    parts = [f'"{key}": {_listed(stated[key])}' for key in order if key in stated]
    return f"{{{', '.join(parts)}}}"


def _listed(value: object) -> str:
    return repr(list(value)) if isinstance(value, tuple) else repr(value)


def _finite(value: float, where: object) -> float:
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise RuleError(f"{where}: {value!r} is no finite number.")
    return value


def extremes(node: Constant | Range) -> tuple[float, float]:
    """Give the least and the greatest value that a number names."""
    if isinstance(node, Constant):
        return float(node.value), float(node.value)
    values = _points(node.quantity)
    return min(values), max(values)


def _points(quantity: object) -> list[float]:
    return [point for point in points(quantity) if isinstance(point, float)]
