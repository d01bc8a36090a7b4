"""Numbers that users give: what is a whole one, in Python and on the command line alike."""

import math
import operator
from decimal import Decimal, InvalidOperation
from numbers import Real

import numpy as np

from cashcade.errors import ArgumentError

LARGEST_SEED = 2**63 - 1
"""Largest seed: what every file format can store."""

LONGEST_NUMBER = 30
"""Digits beyond which a number that is written out is not read."""


def whole(name: str, given: object, low: int, high: int) -> int:
    """Give a whole number from `low` to `high`; `1e4` is one, `1.5` is none.

    Raises
    ------
    ArgumentError
        It is something else; true and false are no numbers here.
    """
    number = whole_number(given)
    if number is None or not low <= number <= high:
        raise ArgumentError(f"{name} is {given!r}, wanted a whole number from {low} to {high}.")
    return number


def whole_number(given: object) -> int | None:
    """Give the whole number that a number is, None for any other."""
    if isinstance(given, bool | np.bool_):
        return None
    try:
        return operator.index(given)  # type: ignore[arg-type]
    except TypeError:
        pass
    if not isinstance(given, Real) or not math.isfinite(given):
        return None
    number = operator.index(math.floor(given))
    return number if given == number else None


def whole_number_in(text: str) -> int | None:
    """Give the whole number that a text writes, such as `10000`, `10_000` or `1e4`; None for any other."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() > LONGEST_NUMBER or number != number.to_integral_value():
        return None
    return int(number)


def above_zero(name: str, given: object, unit: str) -> float:
    """Give a finite number above zero.

    Raises
    ------
    ArgumentError
        It is something else; true and false are no numbers here.
    """
    number = math.nan if isinstance(given, bool) or not isinstance(given, Real) else float(given)
    if 0.0 < number < math.inf:
        return number
    raise ArgumentError(f"{name} is {given!r}, wanted a number of {unit} above 0.")
