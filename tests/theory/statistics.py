"""Bounds of five standard errors, with the numbers in the message."""

import math

import numpy as np

ERRORS = 5.0


def assert_chance(hits: int, trials: int, chance: float, what: str) -> None:
    """A frequency agrees with a chance."""
    error = math.sqrt(chance * (1.0 - chance) / trials)
    found = hits / trials
    message = f"{what}: {found:.5f} of {trials}, theory {chance:.5f}, {(found - chance) / error:+.1f} standard errors"
    assert abs(found - chance) <= ERRORS * error, message


def assert_mean(values: np.ndarray, mean: float, what: str) -> None:
    """A sample mean agrees with its expectation."""
    error = values.std(ddof=1) / math.sqrt(len(values))
    message = f"{what}: mean {values.mean():.6g}, theory {mean:.6g}, {(values.mean() - mean) / error:+.1f} standard errors"
    assert abs(values.mean() - mean) <= ERRORS * error, message


def assert_variance(values: np.ndarray, variance: float, what: str) -> None:
    """A sample variance of normals agrees with theirs."""
    error = variance * math.sqrt(2.0 / (len(values) - 1))
    found = values.var(ddof=1)
    message = f"{what}: variance {found:.6g}, theory {variance:.6g}, {(found - variance) / error:+.1f} standard errors"
    assert abs(found - variance) <= ERRORS * error, message
