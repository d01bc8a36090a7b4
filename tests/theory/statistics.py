"""Bounds of five standard errors, with the numbers in the message."""

import math

import numpy as np

ERRORS = 5.0


def assert_close(found: float, theory: float, error: float, what: str) -> None:
    """An estimate lies within five standard errors of its theory."""
    away = (found - theory) / error
    assert abs(away) <= ERRORS, (
        f"{what}: {found:.6g}, theory {theory:.6g}, {away:+.1f} standard errors of {error:.2g}"
    )


def assert_chance(hits: int, trials: int, chance: float, what: str) -> None:
    """A frequency agrees with a chance."""
    assert_close(hits / trials, chance, math.sqrt(chance * (1.0 - chance) / trials), f"share with {what}")


def assert_mean(values: np.ndarray, mean: float, what: str) -> None:
    """A sample mean agrees with its expectation."""
    assert_close(values.mean(), mean, values.std(ddof=1) / math.sqrt(len(values)), f"mean of {what}")


def assert_variance(values: np.ndarray, variance: float, what: str) -> None:
    """A sample variance of normals agrees with theirs."""
    assert_close(
        values.var(ddof=1), variance, variance * math.sqrt(2.0 / (len(values) - 1)), f"variance of {what}"
    )
