"""The search for where a condition begins or ceases to hold along a lever, all on the same luck."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from math import isnan, log, sqrt

import numpy as np
from numpy.typing import NDArray

from cashcade.questions.conditions import Condition
from cashcade.results.statistics import standard_error

Floats = NDArray[np.float64]

SURE = 1.959964
"""Standard errors of an interval of 95 %."""

CLEAR = 3.0
"""Paired standard errors from which on a curve is said to rise or to fall."""

ROUNDING = 1e-9
"""Part of the outcome below which a difference may be a rounding."""

RARE = 3.0
"""Rule of three: where an event happens in none of n draws, its chance is below 3/n at 95 % confidence."""

WIDE = 100.0
"""Ratio of limits from which on values are spaced by ratios."""

FINE = 0.1
"""Part of the distance of an end of an interval from its value to which it is found."""

LOOKS = 5
"""How often the part of a curve that comes nearest to the level is looked at more closely."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The values that a lever may take, from its first limit to its last.

    Parameters
    ----------
    first, last
        The limits.
    whole
        Whether only whole numbers count.
    tolerance
        Part of the distance of the limits below which two values are not told apart.
    """

    first: float
    last: float
    whole: bool
    tolerance: float

    @property
    def by_ratio(self) -> bool:
        """Whether values are spaced by ratios and not by differences."""
        low, high = sorted((self.first, self.last))
        return low > 0 and high >= WIDE * low

    def grid(self, points: int) -> list[float]:
        """Give so many values with both limits, evenly spaced; fewer where whole numbers are fewer."""
        space = np.geomspace if self.by_ratio else np.linspace
        values = space(self.first, self.last, points).tolist()
        values[0], values[-1] = self.first, self.last
        return list(dict.fromkeys(map(self._taken, values)))

    def apart(self, one: float, other: float) -> float:
        """Give how far two values are apart, as part of the distance of the limits."""
        if self.by_ratio:
            return abs((log(other) - log(one)) / (log(self.last) - log(self.first)))
        return abs((other - one) / (self.last - self.first))

    def middle(self, one: float, other: float, tolerance: float | None = None) -> float | None:
        """Give the value between two; None where they are not told apart, or not by more than a tolerance."""
        value = self._taken(sqrt(one) * sqrt(other) if self.by_ratio else one + (other - one) / 2)
        least = 0.0 if self.whole else self.tolerance
        near = self.apart(one, other) <= max(least, tolerance or 0.0)
        return None if near or value in {one, other} else value

    def _taken(self, value: float) -> float:
        return float(round(value)) if self.whole else float(value)

    def ordered(self, values: Sequence[float]) -> list[float]:
        """Give values on the way from the first limit to the last."""
        return sorted(values, reverse=self.last < self.first)


@dataclass(frozen=True, slots=True)
class Point:
    """The outcome at a value.

    Parameters
    ----------
    values, draw
        Number and draw of each path.
    mean, error
        Over paths.
    holds
        Whether the condition does.
    sure
        Whether it would with any mean within the interval of 95 %: then what holds is settled.
    """

    values: Floats
    draw: NDArray[np.int64]
    mean: float
    error: float
    holds: bool
    sure: bool


def point(condition: Condition, values: Floats, draw: NDArray[np.int64]) -> Point:
    """Sum up what came out.

    Parameters
    ----------
    condition
        What is asked.
    values, draw
        Number and draw of each path.
    """
    mean = float(values.mean())
    error = float(standard_error(values, draw))
    margin = condition.margin(mean)
    reach = 0.0 if isnan(error) else SURE * error
    if condition.is_chance and mean in {0.0, 1.0}:
        reach = min(RARE / np.unique(draw).size, 1.0)
    settled = margin - reach >= 0 if margin >= 0 else margin + reach < 0
    return Point(values, draw, mean, error, margin >= 0, bool(settled))


@dataclass(frozen=True, slots=True)
class Crossing:
    """A place where a condition begins or ceases to hold, on the way from the first limit to the last.

    Parameters
    ----------
    value
        The first value, or the last, at which it holds.
    low, high
        Interval of 95 %, which holds both the value and the nearest one at which the condition does not;
        None where it goes beyond the limits.
    begins
        Whether it begins to hold here, or else ceases.
    """

    value: float
    low: float | None
    high: float | None
    begins: bool


@dataclass(slots=True)
class Search:
    """A search.

    Parameters
    ----------
    axis
        Where.
    run
        What comes out at a value.
    known
        What is known already, by value.
    """

    axis: Axis
    run: Callable[[float], Point]
    known: dict[float, Point] = field(default_factory=dict)

    def at(self, value: float) -> Point:
        """Give what comes out at a value, which is computed once."""
        if value not in self.known:
            self.known[value] = self.run(value)
        return self.known[value]

    def scan(self, points: int) -> None:
        """Compute so many values from limit to limit, and look closer where the curve comes nearest."""
        for value in self.axis.grid(points):
            self.at(value)
        for _ in range(LOOKS):
            near = list(self._nearest())
            if not near:
                break
            for value in near:
                self.at(value)

    def _nearest(self) -> Iterator[float]:
        """Yield values beside the one that is nearest to a change, as long as there is none."""
        way = self.axis.ordered(list(self.known))
        if len({self.known[value].holds for value in way}) > 1:
            return
        means = [self.known[value].mean for value in way]
        for best in (int(np.argmax(means)), int(np.argmin(means))):
            if 0 < best < len(way) - 1:
                beside = (self.axis.middle(way[best + step], way[best]) for step in (-1, 1))
                yield from (value for value in beside if value is not None)

    def crossings(self) -> tuple[Crossing, ...]:
        """Give all changes between neighbouring values of the scan, each with its interval."""
        way = self.axis.ordered(list(self.known))
        return tuple(
            self._crossing(one, other)
            for one, other in pairwise(way)
            if self.known[one].holds != self.known[other].holds
        )

    def _crossing(self, one: float, other: float) -> Crossing:
        before = self.at(one).holds
        one, other = self._halved(one, other, lambda found: found.holds == before)
        ends = self._end(one, back=True), self._end(other, back=False)
        low, high = ends if self.axis.first < self.axis.last else ends[::-1]
        return Crossing(one if before else other, low, high, not before)

    def _end(self, start: float, *, back: bool) -> float | None:
        """Give a value beside a crossing, near to it, from which on what holds there is settled."""
        wanted = self.at(start).holds
        way = self.axis.ordered(list(self.known))
        if back:
            way.reverse()
        inner = start
        for value in way[way.index(start) :]:
            if self._settled(self.at(value), holds=wanted):
                like = partial(self._settled, holds=wanted)
                return self._halved(value, inner, like, FINE * self.axis.apart(value, start))[0]
            inner = value
        return None

    @staticmethod
    def _settled(found: Point, *, holds: bool) -> bool:
        return found.sure and found.holds == holds

    def _halved(
        self, one: float, other: float, like_one: Callable[[Point], bool], tolerance: float | None = None
    ) -> tuple[float, float]:
        """Narrow two values between which something changes down to neighbours."""
        while one != other and (value := self.axis.middle(one, other, tolerance)) is not None:
            one, other = (value, other) if like_one(self.at(value)) else (one, value)
        return one, other


def shape(points: Sequence[Point]) -> str:
    """Tell whether a curve rises, falls, both or neither, as far as luck lets it be told.

    Parameters
    ----------
    points
        In the order of rising values.
    """
    rises = falls = False
    for place, one in enumerate(points):
        for other in points[place + 1 :]:
            apart = other.values - one.values
            error = float(standard_error(apart, one.draw))
            step, least = float(apart.mean()), 0.0 if isnan(error) else CLEAR * error
            least = max(least, ROUNDING * (abs(one.mean) + abs(other.mean)))
            rises |= step > least
            falls |= -step > least
    return {(True, True): "rises and falls", (True, False): "rises", (False, True): "falls"}.get(
        (rises, falls), "is flat"
    )
