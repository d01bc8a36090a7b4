"""Growth as a process: a likelihood for irregular observations, and its most likely parameters.

Each month, of the log level ``x`` and the log growth a year ``g``::

    x += g / 12 + noise * sqrt(1 / 12) * e
    g += (long_run - g) * (1 - 2 ** (-1 / half_life)) + volatility * sqrt(1 / 12) * u

``x`` is seen with an error (rounded milestones). Parameters are those of one kind of company, from all its
series together, with a prior: the data are few. Errors are those of a normal approximation at the maximum.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, pi, sqrt

import numpy as np
from scipy.optimize import minimize

from cashcade_ai.estimates.series import Series

Number = float | np.ndarray

Moments = tuple[Number, Number, Number, Number, Number]
"""Mean and covariance of level and growth: x, g, var x, cov, var g."""


@dataclass(frozen=True)
class Process:
    """Parameters of growth, see the module.

    Parameters
    ----------
    half_life
        Months in which half of the distance to the long run is gone.
    volatility
        Volatility of growth, a year, per square root of a year.
    noise
        Noise of the level, per square root of a year.
    long_run
        Log growth a year to which growth returns.
    """

    half_life: float
    volatility: float
    noise: float
    long_run: float

    def free(self) -> np.ndarray:
        """Return what is estimated: logarithms, and the long run as it is."""
        return np.array([log(self.half_life), log(self.volatility), log(self.noise), self.long_run])

    @classmethod
    def of(cls, free: np.ndarray) -> "Process":
        """Return the parameters for what was estimated."""
        half_life, volatility, noise, run = (float(each) for each in free)
        return cls(exp(half_life), exp(volatility), exp(noise), run)


@dataclass(frozen=True)
class Belief:
    """What was thought before: medians, their spread, growth at the start, and the error of an observation.

    Parameters
    ----------
    centre
        The likeliest parameters.
    spread
        Standard deviations of the three logarithms and of the long run.
    start, start_spread
        Mean and standard deviation of growth at the first observation.
    seen
        Standard deviation of an observation about the log level.
    """

    centre: Process
    spread: tuple[float, float, float, float]
    start: float
    start_spread: float
    seen: float


BELIEFS = {
    "labs": Belief(Process(18, 0.7, 0.25, 0.3), (0.7, 0.7, 0.7, 0.3), 1.0, 1.0, 0.05),
    "apps": Belief(Process(18, 0.7, 0.25, 0.3), (0.7, 0.7, 0.7, 0.3), 1.0, 1.0, 0.05),
    "clouds": Belief(Process(18, 0.1, 0.05, 0.1), (0.7, 0.7, 0.7, 0.05), 0.15, 0.15, 0.01),
    "chips": Belief(Process(18, 0.5, 0.15, 0.15), (0.7, 0.7, 0.7, 0.1), 0.3, 0.4, 0.02),
    "neoclouds": Belief(Process(18, 0.7, 0.2, 0.3), (0.7, 0.7, 0.7, 0.3), 1.0, 1.0, 0.02),
    "capex": Belief(Process(18, 0.3, 0.2, 0.1), (0.7, 0.7, 0.7, 0.1), 0.15, 0.25, 0.03),
}
"""Set before any estimate was made: growth fades within one to three years, as it did for software companies;
half or double of each is one standard deviation."""


@dataclass(frozen=True)
class Fit:
    """The likeliest process, and how sure it is.

    Parameters
    ----------
    process
        The likeliest parameters.
    covariance
        Covariance of the three logarithms and the long run.
    series, observations
        How many were used.
    """

    process: Process
    covariance: np.ndarray
    series: int
    observations: int

    def errors(self) -> Process:
        """Return standard errors of the parameters themselves (delta method)."""
        half, volatility, noise, run = np.sqrt(np.diag(self.covariance))
        each = self.process
        return Process(each.half_life * half, each.volatility * volatility, each.noise * noise, float(run))

    def draws(self, count: int, random: np.random.Generator) -> np.ndarray:
        """Draw `count` rows of half-life, volatility, noise and long run."""
        free = random.multivariate_normal(self.process.free(), self.covariance, size=count)
        return np.column_stack([np.exp(free[:, :3]), free[:, 3]])


def step(
    moments: Moments, months: int, half_life: Number, shocks: tuple[Number, Number], run: Number
) -> Moments:
    """Move what is known of level and growth ahead by whole months; arrays move many at once.

    Parameters
    ----------
    moments
        What is known.
    months
        How many.
    half_life, run
        Half-life of growth in months, and growth in the long run.
    shocks
        Variances of noise and of growth, a month.
    """
    keep = 2.0 ** (-1 / half_life)
    x, g, vx, c, vg = moments
    for _ in range(months):
        x = x + g / 12
        vx = vx + c / 6 + vg / 144 + shocks[0]
        c = keep * (c + vg / 12)
        g = run + keep * (g - run)
        vg = keep * keep * vg + shocks[1]
    return x, g, vx, c, vg


def see(moments: Moments, value: float, error: float) -> tuple[Moments, Number, Number]:
    """Learn from an observation; return what is known then, how far off it was, and the variance of that."""
    x, g, vx, c, vg = moments
    total = vx + error**2
    away = value - x
    kx, kg = vx / total, c / total
    return (x + kx * away, g + kg * away, vx - kx * vx, c - kx * c, vg - kg * c), away, total


def likelihood(found: Series, process: Process, belief: Belief) -> float:
    """Return the log likelihood of a series after its first observation."""
    shocks = (process.noise**2 / 12, process.volatility**2 / 12)
    moments, total = _first(found, belief), 0.0
    for months, value in zip(np.diff(found.months), found.logs[1:], strict=True):
        ahead = step(moments, int(months), process.half_life, shocks, process.long_run)
        moments, away, variance = see(ahead, float(value), belief.seen)
        total -= 0.5 * (log(2 * pi * float(variance)) + float(away) ** 2 / float(variance))
    return total


def states(found: Series, draws: np.ndarray, belief: Belief) -> Moments:
    """Return what is known at the last observation, for each row of `Fit.draws`."""
    half_life, volatility, noise, run = draws.T
    shocks = (noise**2 / 12, volatility**2 / 12)
    moments = _first(found, belief)
    for months, value in zip(np.diff(found.months), found.logs[1:], strict=True):
        moments, _, _ = see(step(moments, int(months), half_life, shocks, run), float(value), belief.seen)
    return moments


def _first(found: Series, belief: Belief) -> Moments:
    return float(found.logs[0]), belief.start, belief.seen**2, 0.0, belief.start_spread**2


def fit(found: Sequence[Series], belief: Belief) -> Fit:
    """Return the likeliest parameters for several series together."""
    centre, spread = belief.centre.free(), np.array(belief.spread)
    many = [each for each in found if len(each) > 1]

    def cost(free: np.ndarray) -> float:
        process = Process.of(np.clip(free, centre - 6 * spread, centre + 6 * spread))
        away = (free - centre) / spread
        return float(0.5 * away @ away - sum(likelihood(each, process, belief) for each in many))

    best = minimize(
        cost, centre, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-6, "maxiter": 2000}
    )
    covariance = np.linalg.inv(curvature(cost, best.x, 0.05 * spread))
    return Fit(Process.of(best.x), covariance, len(many), sum(len(each) for each in many))


def curvature(cost: Callable[[np.ndarray], float], at: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Return the matrix of second differences of a function."""
    count = len(at)
    steps = np.diag(width)
    found = np.empty((count, count))
    for row in range(count):
        for column in range(row + 1):
            one, two = steps[row], steps[column]
            corners = (
                cost(at + one + two) - cost(at + one - two) - cost(at - one + two) + cost(at - one - two)
            )
            found[row, column] = found[column, row] = corners / (4 * width[row] * width[column])
    return found


def stationary_spread(process: Process) -> float:
    """Return the standard deviation of growth about its long run when all is settled."""
    keep = 2.0 ** (-1 / process.half_life)
    return process.volatility * sqrt(1 / 12) / sqrt(1 - keep * keep)
