"""Quantities as pictures show them: the power of ten of an axis, and its unit in words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cashcade.words.scales import scale

MONEY = {"USD": "USD", "USD/month": "USD a month", "USD/year": "USD a year"}
"""Units of amounts, and how they are told."""

SHARES = {"fraction": "%", "1/year": "% a year"}
"""Units that are shown in per cent."""

BARE = {"1", "flag", "code"}
"""Units that say nothing."""


@dataclass(frozen=True)
class Measure:
    """How a quantity is shown.

    Attributes
    ----------
    size
        What a value is divided by.
    unit
        Unit of what is then shown.
    """

    size: float
    unit: str

    def text(self, value: float) -> str:
        """Write a value with its unit."""
        if not np.isfinite(value):
            return "unknown"
        if value == 0:
            return "0 %" if self.unit.startswith("%") else "0"
        number = value / self.size
        if self.unit.startswith("%"):
            digits = ".0f" if abs(number) >= 10 else ".1f" if abs(number) >= 0.1 else ".2g"
            return f"{number:{digits}} {self.unit}"
        short = f"{number:.0f}" if abs(number) >= 1000 else f"{number:.3g}"
        return f"{short} {self.unit}".rstrip()


PERCENT = Measure(0.01, "%")
"""How chances and shares are shown."""


def measure_of(unit: str, values: ArrayLike) -> Measure:
    """Give how values are shown whose unit the table names."""
    if unit in MONEY:
        numbers = np.abs(np.asarray(values, dtype=np.float64))
        size, word = scale(float(np.nanmax(numbers, initial=0.0, where=np.isfinite(numbers))))
        return Measure(size, f"{word} {MONEY[unit]}".lstrip())
    if unit in SHARES:
        return Measure(0.01, SHARES[unit])
    return Measure(1.0, "" if unit in BARE else unit)


def money(amount: float) -> str:
    """Write an amount in USD in words: `17.5 bn USD`."""
    return measure_of("USD", [amount]).text(amount)
