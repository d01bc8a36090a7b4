"""Values of a range at given uniform numbers: the inverse of each distribution function."""

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

    def uniforms(self, address: int) -> Floats:
        """Return the uniform numbers of the parameter with that address, one per draw."""
        return _core.uniforms(self.seed, PARAMETER_STREAM, address, self.first, self.count)


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
            values = _triangular(quantity, uniforms)
        case Normal():
            values = _truncated_normal(quantity, low, high, uniforms)
        case Choices():
            values = _discrete(quantity, uniforms)
        case _:
            values = np.full(len(uniforms), low)
    if parameter.unit == "month":
        values = np.rint(values)
    return np.clip(values, low, high)


def _triangular(quantity: Triangular[Real], uniforms: Floats) -> Floats:
    low, mode, high = quantity.low, quantity.value, quantity.high
    if low == high:
        return np.full(len(uniforms), mode)
    rising = low + np.sqrt(uniforms * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - uniforms) * (high - low) * (high - mode))
    return np.where(uniforms * (high - low) < mode - low, rising, falling)


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
