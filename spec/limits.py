"""TODO."""

import math

LEAST_GROWTH, GREATEST_GROWTH = -2.0, 3.0
LONGEST_RUNWAY = 120.0
GREATEST_LEVEL = 1e9


def limited_growth(value: float) -> float:
    """Growth within its limits."""
    return min(GREATEST_GROWTH, max(LEAST_GROWTH, value))


def ratio(above: float, below: float) -> float:
    """A gauge: nothing where there is nothing to compare with, and no larger than a level may be."""
    return level(above / below) if below > 0 else 0.0


def level(value: float) -> float:
    """A level that stays finite."""
    return min(GREATEST_LEVEL, value)


def power(base: float, exponent: float) -> float:
    """`base ** exponent` of a base not below 0, infinite where Python would raise."""
    try:
        return base**exponent
    except (OverflowError, ZeroDivisionError):
        return math.inf


def exp(exponent: float) -> float:
    """The exponential, infinite where Python would raise."""
    try:
        return math.exp(exponent)
    except OverflowError:
        return math.inf


def whole(months: float) -> int:
    """The nearest number of whole months, half up."""
    return math.floor(months + 0.5)
