"""Figures: numbers and ranges that remember what they were made of."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

ASSUMPTION = "assumption"
"""The source of a number that nobody published."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or range, with the formula it came from and its sources.

    Sums, differences, products and quotients of figures are figures: of two ranges the likeliest value is
    that of the likeliest values, and the ends are the least and the greatest over the corners. Each field of
    a world is drawn by itself, so two fields made of one range may differ in a draw; where that would count,
    an archetype puts the range into one of the two and the likeliest value (`middle`) into the other.

    Parameters
    ----------
    value, low, high
        Likeliest, least and greatest value; all equal for a number without range.
    how
        The formula in the names of inputs, or why the range is what it is.
    sources
        Keys of citations, `ASSUMPTION` for what nobody published; empty for what the user gave.

    Raises
    ------
    ValueError
        If the value does not lie between low and high.
    """

    value: float
    low: float
    high: float
    how: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check the order."""
        if not self.low <= self.value <= self.high:
            raise ValueError(
                f"figure {self.how!r}: low {self.low:g}, value {self.value:g}, high {self.high:g}"
            )

    def middle(self) -> "Figure":
        """Return the likeliest value alone."""
        return replace(self, low=self.value, high=self.value)

    def named(self, how: str) -> "Figure":
        """Return the figure under a name of its own, in place of its formula."""
        return replace(self, how=how)

    def clamped(self, low: float, high: float) -> "Figure":
        """Return the figure with what lies outside two bounds moved onto them."""
        value, least, greatest = (min(max(end, low), high) for end in (self.value, self.low, self.high))
        return Figure(value, least, greatest, self.how, self.sources)

    def __add__(self, other: "Figure | float") -> "Figure":
        """Add."""
        return _combined(self, other, lambda left, right: left + right, "{} + {}")

    def __radd__(self, other: float) -> "Figure":
        """Add."""
        return _plain(other) + self

    def __sub__(self, other: "Figure | float") -> "Figure":
        """Subtract."""
        right = _factor(_figure(other).how)
        return _combined(self, other, lambda left, right: left - right, "{} - " + right)

    def __rsub__(self, other: float) -> "Figure":
        """Subtract."""
        return _plain(other) - self

    def __mul__(self, other: "Figure | float") -> "Figure":
        """Multiply."""
        words = f"{_factor(self.how)} * {_factor(_figure(other).how)}"
        return _combined(self, other, lambda left, right: left * right, words)

    def __rmul__(self, other: float) -> "Figure":
        """Multiply."""
        return _plain(other) * self

    def __truediv__(self, other: "Figure | float") -> "Figure":
        """Divide; a divisor whose range holds 0 is an error."""
        divisor = _figure(other)
        if divisor.low <= 0 <= divisor.high:
            raise ZeroDivisionError(f"{self.how} / {divisor.how}: the divisor may be 0")
        words = f"{_factor(self.how)} / {_divisor(divisor.how)}"
        return _combined(self, divisor, lambda left, right: left / right, words)

    def __rtruediv__(self, other: float) -> "Figure":
        """Divide; a divisor whose range holds 0 is an error."""
        return _plain(other) / self

    def raw(self) -> dict[str, Any]:
        """Return the figure as a field of a world file."""
        numbers = {"value": self.value}
        if self.low < self.high:
            numbers |= {"low": self.low, "high": self.high}
        published = [source for source in self.sources if source != ASSUMPTION]
        note = {"note": self.how} if self.how else {}
        if ASSUMPTION in self.sources:
            assumed = {"source": ASSUMPTION, "kind": "assumption", "confidence": "low"}
            return numbers | assumed | note
        return numbers | ({"source": published[0], "kind": "estimate"} if published else {}) | note


def assumed(value: float, low: float, high: float, why: str) -> Figure:
    """Return a range that nobody published, with the reason for it."""
    return Figure(value, low, high, why, (ASSUMPTION,))


def sourced(value: float, low: float, high: float, source: str, what: str) -> Figure:
    """Return a range that a citation gives, with what it says."""
    return Figure(value, low, high, what, (source,))


def _plain(number: float) -> Figure:
    return Figure(number, number, number, f"{number:g}")


def _figure(number: Figure | float) -> Figure:
    return number if isinstance(number, Figure) else _plain(number)


def _combined(
    left: Figure, other: Figure | float, operation: Callable[[float, float], float], words: str
) -> Figure:
    right = _figure(other)
    corners = [operation(one, two) for one in (left.low, left.high) for two in (right.low, right.high)]
    value = operation(left.value, right.value)
    sources = tuple(dict.fromkeys((*left.sources, *right.sources)))
    how = words.format(left.how, right.how) if "{}" in words else words
    return Figure(value, min(value, *corners), max(value, *corners), how, sources)


def _factor(how: str) -> str:
    """Return a formula as it may stand in a product."""
    return f"({how})" if _has(how, " + ") or _has(how, " - ") else how


def _divisor(how: str) -> str:
    """Return a formula as it may stand under a fraction."""
    return f"({how})" if _has(how, " ") else how


def _has(how: str, mark: str) -> bool:
    """Whether a mark stands outside the brackets of a formula."""
    depth = 0
    for place, letter in enumerate(how):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and how.startswith(mark, place):
            return True
    return False
