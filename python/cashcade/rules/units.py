"""Units of numbers in rules: powers of the dollar, the month and the year.

A month and a year are different units, so that a monthly and a yearly amount are not added by mistake.
"""

from dataclasses import dataclass
from fractions import Fraction

HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers.

    Parameters
    ----------
    usd, month, year
        The exponents.
    """

    usd: Fraction = Fraction(0)
    month: Fraction = Fraction(0)
    year: Fraction = Fraction(0)

    def __mul__(self, other: "Unit") -> "Unit":
        return Unit(self.usd + other.usd, self.month + other.month, self.year + other.year)

    def __truediv__(self, other: "Unit") -> "Unit":
        return self * other**-1

    def __pow__(self, exponent: float | Fraction) -> "Unit":
        power = Fraction(exponent)
        return Unit(self.usd * power, self.month * power, self.year * power)

    def __str__(self) -> str:
        if self in _NAMES:
            return _NAMES[self]
        powers = {"USD": self.usd, "month": self.month, "year": self.year}
        above = [_power(name, power) for name, power in powers.items() if power > 0]
        below = [_power(name, -power) for name, power in powers.items() if power < 0]
        return "/".join(["*".join(above) or "1", *below])


def _power(name: str, exponent: Fraction) -> str:
    if exponent == 1:
        return name
    return f"sqrt({name})" if exponent == HALF else f"{name}^{exponent}"


PURE = Unit()
"""Unit of pure numbers: shares, ratios, factors."""

_USD, _MONTH, _YEAR = Unit(usd=Fraction(1)), Unit(month=Fraction(1)), Unit(year=Fraction(1))

UNITS = {
    "USD": _USD,
    "USD/month": _USD / _MONTH,
    "USD/year": _USD / _YEAR,
    "USD/sqrt(month)": _USD / _MONTH**HALF,
    "1/year": PURE / _YEAR,
    "1/month": PURE / _MONTH,
    "1/sqrt(year)": PURE / _YEAR**HALF,
    "months": _MONTH,
    "month": _MONTH,
    "years": _YEAR,
    "fraction": PURE,
    "1": PURE,
}
"""Units by the names that the table and users write; a month of the run counts months from its start."""

_NAMES = {unit: name for name, unit in reversed(UNITS.items()) if name not in {"month", "fraction"}}
