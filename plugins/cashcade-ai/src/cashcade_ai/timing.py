"""When the shocks of this plugin act, and how what they move falls."""

from cashcade.rules import Condition, ShockParameter, Value, exp, log, maximum, minimum, month, number

YEAR = number(12, "months")


def from_month(default: float) -> ShockParameter:
    """Return the parameter of a shock that begins in a month."""
    return ShockParameter("start", default, "month", 1.0, 1200.0, "First month in which it acts.")


def in_unit(given: float | Value, unit: str) -> Value:
    """Return a number in a unit that it has to have: a plain one of Python, or an expression."""
    return number(0, unit) + given if isinstance(given, Value) else number(given, unit)


def lasting(first: Value, months: Value) -> Condition:
    """Tell whether it is one of so many months from the first."""
    return (month >= first) & (month < first + months)


def years_since(first: float | Value, longest: float | Value) -> Value:
    """Return the years since a month, that month counted in full, at most so many months."""
    return minimum(maximum(month - first + 1, number(0, "months")), longest) / YEAR


def after_years(fall: Value, years: Value) -> Value:
    """Return what is left where so much is lost a year."""
    return exp(log(1 - fall) * years)
