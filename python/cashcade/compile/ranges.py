"""Values of a range at given uniform numbers: the inverse of each distribution function."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from cashcade import _core
from cashcade.world.parameter import Parameter
from cashcade.world.quantity import Choices, Normal, Real, Triangular

Floats = NDArray[np.float64]

PARAMETER_STREAM = 0
"""Stream of random numbers from which ranges are drawn."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Which draws of the ranges are wanted."""

    seed: int
    first: int
    count: int

    def uniforms(self, addresses: NDArray[np.uint32]) -> Floats:
        """Return the uniform numbers of the parameters with these addresses, `[addresses, draws]`."""
        return _core.uniforms(self.seed, PARAMETER_STREAM, addresses, self.first, self.count)


BULK = 2**18
"""Numbers that are drawn at a time: enough to be quick, few enough to stay in the cache."""


class Ranges:
    """Ranges prepared to be drawn many at a time: those of one distribution together.

    Parameters
    ----------
    ranges
        Each range, with unit and bounds of its field.
    addresses
        Where the uniform numbers of each are found.
    """

    def __init__(self, ranges: Sequence[tuple[object, Parameter]], addresses: Sequence[int]) -> None:
        self._ranges = ranges
        self._addresses = np.array(addresses, dtype=np.uint32)
        kinds = [isinstance(quantity, Triangular) for quantity, _ in ranges]
        self._triangular = np.flatnonzero(kinds)
        self._others = np.flatnonzero(np.logical_not(kinds))
        self._corners = np.array(
            [(q.low, q.value, q.high) for q, _ in ranges if isinstance(q, Triangular)], dtype=np.float64
        ).reshape(-1, 3)
        self._extents = np.array([each.extent(quantity) for quantity, each in ranges]).reshape(-1, 2)
        self._whole = np.array([each.unit == "month" for _, each in ranges], dtype=np.bool_)

    def at(self, draws: Draws) -> Floats:
        """Give the value of each range in each draw, `[draws, ranges]`: those that `at_uniforms` gives."""
        values = np.empty((draws.count, len(self._ranges)))
        step = max(1, BULK // max(1, draws.count))
        for first in range(0, self._triangular.size, step):
            some = slice(first, first + step)
            places = self._triangular[some]
            low, mode, high = self._corners[some].T[:, :, np.newaxis]
            drawn = _triangular(low, mode, high, draws.uniforms(self._addresses[places]))
            whole, (least, most) = self._whole[places], self._extents[places].T[:, :, np.newaxis]
            drawn[whole] = np.rint(drawn[whole])
            values[:, places] = np.clip(drawn, least, most).T
        for place in self._others.tolist():
            quantity, parameter = self._ranges[place]
            (uniforms,) = draws.uniforms(self._addresses[place : place + 1])
            values[:, place] = at_uniforms(quantity, parameter, uniforms)
        return values


def at_uniforms(quantity: object, parameter: Parameter, uniforms: Floats) -> Floats:
    """Return the value of a quantity for each uniform number, within its range and the bounds of its field.

    Parameters
    ----------
    quantity
        A range; a certain value is given back for each number.
    parameter
        Unit and bounds of the field. Months are rounded to whole ones.
    uniforms
        Numbers above 0 and below 1.
    """
    low, high = parameter.extent(quantity)
    match quantity:
        case Triangular():
            low_corner, mode, high_corner = np.array([quantity.low, quantity.value, quantity.high])
            values = _triangular(low_corner, mode, high_corner, uniforms)
        case Normal():
            values = _truncated_normal(quantity, low, high, uniforms)
        case Choices():
            values = _discrete(quantity, uniforms)
        case _:
            values = np.full(len(uniforms), low)
    if parameter.unit == "month":
        values = np.rint(values)
    return np.clip(values, low, high)


def level_of(quantity: Triangular[float], values: Floats) -> Floats:
    """Return the share of a triangular range that lies below each value: the inverse of `at_uniforms`."""
    low, mode, high = float(quantity.low), float(quantity.value), float(quantity.high)
    rising = np.square(values - low) / ((high - low) * max(mode - low, np.finfo(np.float64).tiny))
    falling = 1 - np.square(high - values) / ((high - low) * max(high - mode, np.finfo(np.float64).tiny))
    return np.asarray(np.where(values < mode, rising, falling))


def _triangular(low: Floats, mode: Floats, high: Floats, uniforms: Floats) -> Floats:
    """Return quantiles, one for each uniform number; corners broadcast to those."""
    rising = low + np.sqrt(uniforms * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - uniforms) * (high - low) * (high - mode))
    drawn = np.where(uniforms * (high - low) < mode - low, rising, falling)
    return np.where(low == high, mode, drawn)


def _truncated_normal(quantity: Normal, low: float, high: float, uniforms: Floats) -> Floats:
    """Return quantiles one by one: so they are the same for any subset of the draws."""
    if quantity.sd == 0:
        return np.full(len(uniforms), quantity.mean)
    normal = NormalDist(quantity.mean, quantity.sd)
    first, last = normal.cdf(low), normal.cdf(high)
    return np.array([normal.inv_cdf(first + u * (last - first)) for u in uniforms.tolist()])


def _discrete(quantity: Choices[Real], uniforms: Floats) -> Floats:
    values: Floats = np.array(quantity.choices)
    weights = np.array(quantity.weights or (1.0,) * len(values))
    steps = np.cumsum(weights / weights.max())
    places = np.searchsorted(steps, uniforms * steps[-1], side="right")
    chosen: Floats = values[np.minimum(places, len(values) - 1)]
    return chosen
