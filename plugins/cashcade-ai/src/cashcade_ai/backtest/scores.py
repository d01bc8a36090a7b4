"""Scores of predictive samples against outcomes: coverage, CRPS beside two naive forecasts, PIT by tenths."""

from dataclasses import dataclass

import numpy as np
import scoringrules  # type: ignore[import-untyped]  # it has hints, but no py.typed
from numpy.typing import ArrayLike

TENTHS = 10


@dataclass(frozen=True)
class Score:
    """How good forecasts were.

    Parameters
    ----------
    cases
        How many.
    coverage_50, coverage_90
        Share of outcomes within the central intervals.
    error_50, error_90
        Their errors from leaving out each group in turn; NaN for one group.
    crps
        Mean continuous ranked probability score, in units of the outcome (fair to the number of samples).
    no_change, last_growth
        The same of the naive forecasts: their mean absolute error.
    skill_error
        Error of `crps` less that of the better naive forecast, a group left out in turn.
    pit
        Outcomes in each tenth of their forecast, lowest first.
    """

    cases: int
    coverage_50: float
    error_50: float
    coverage_90: float
    error_90: float
    crps: float
    no_change: float
    last_growth: float
    skill_error: float
    pit: np.ndarray

    @property
    def better_naive(self) -> float:
        """The smaller mean absolute error of the two naive forecasts."""
        return min(self.no_change, self.last_growth)


def score(
    samples: ArrayLike,
    outcomes: ArrayLike,
    no_change: ArrayLike,
    last_growth: ArrayLike,
    groups: ArrayLike | None = None,
) -> Score:
    """Score samples, a row a case, against outcomes; logs make errors of large and small companies alike.

    Parameters
    ----------
    samples
        Predictive samples: cases by samples.
    outcomes, no_change, last_growth
        What came, and the two naive forecasts, one each per case.
    groups
        Cases of one group share their luck (such as the year of the forecast); without it each is its own.

    Raises
    ------
    ValueError
        If the numbers of cases differ, or a number is not finite.
    """
    drawn, came = np.asarray(samples, dtype=float), np.asarray(outcomes, dtype=float)
    still, gone_on = np.asarray(no_change, dtype=float), np.asarray(last_growth, dtype=float)
    shared = np.arange(len(came)) if groups is None else np.asarray(groups)
    _check(drawn, came, still, gone_on, shared)
    low, below, above, high = np.quantile(drawn, [0.05, 0.25, 0.75, 0.95], axis=1)
    half, most = (came >= below) & (came <= above), (came >= low) & (came <= high)
    crps = np.asarray(scoringrules.crps_ensemble(came, drawn, estimator="pwm"))
    misses = np.array([np.abs(still - came), np.abs(gone_on - came)])
    better = misses[int(np.argmin(misses.mean(axis=1)))]
    ranks = (drawn < came[:, None]).mean(axis=1) + 0.5 * (drawn == came[:, None]).mean(axis=1)
    return Score(
        len(came),
        float(half.mean()),
        jackknife(half, shared),
        float(most.mean()),
        jackknife(most, shared),
        float(crps.mean()),
        float(misses[0].mean()),
        float(misses[1].mean()),
        jackknife(crps - better, shared),
        np.histogram(ranks, bins=TENTHS, range=(0, 1))[0],
    )


def jackknife(values: ArrayLike, groups: np.ndarray) -> float:
    """Return the error of a mean, from leaving out each group in turn; NaN for one group."""
    each = np.asarray(values, dtype=float)
    names = np.unique(groups)
    if len(names) == 1:
        return float("nan")
    means = np.array([each[groups != name].mean() for name in names])
    count = len(names)
    return float(np.sqrt((count - 1) / count * ((means - means.mean()) ** 2).sum()))


def _check(samples: np.ndarray, *others: np.ndarray) -> None:
    if samples.ndim != 2 or any(len(each) != len(samples) for each in others):
        shapes = ", ".join(str(each.shape) for each in (samples, *others))
        raise ValueError(
            f"shapes {shapes}: give samples of cases by samples, and one number a case of all else"
        )
    if not all(np.isfinite(each).all() for each in (samples, *others[:3])):
        raise ValueError("a sample or an outcome is not finite: leave the case out")
