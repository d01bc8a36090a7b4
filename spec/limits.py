"""What stays finite: levels, prices and logs within bounds.

    level = min(1e9, level)
    list price = max(1e-9, min(1e9, list price))
    log of the GPU index within -20 .. 20
    runway = min(120, runway)
    growth0 within -2 .. 3

- Trends, plans, levels of cost, list prices, targets of `passed` and of `response`, and the factor of intensity and routing are at most 1e9.
- Recorded sums take amounts beyond 1.4e17 USD (other numbers beyond 1.1e12) as that.
- An amount of 1e-12 USD or less counts as none where something is divided by it: a segment with such a `revenue` recaptures nothing, and a company with
  such a `revenue0` has activity 1 and no `input_share`. So every number stays finite, whatever amounts are given.
- Should one not, the run ends in an error (`ArithmeticError`) that names the variable, its place and the month, if it is recorded, or else the ledger.
  No such number is taken into a sum.

Tests: tests/properties/test_finite.py
"""

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
