"""Least squares, and a logit with a normal prior on its coefficients: both with errors."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit


@dataclass(frozen=True)
class Estimate:
    """Coefficients with their standard errors.

    Parameters
    ----------
    coefficients, errors
        One each per column.
    covariance
        Covariance of the coefficients.
    residual
        Standard deviation of what is left (least squares only, else NaN).
    observations
        Rows that were used.
    """

    coefficients: np.ndarray
    errors: np.ndarray
    covariance: np.ndarray
    residual: float
    observations: int


def least_squares(design: np.ndarray, target: np.ndarray, groups: np.ndarray | None = None) -> Estimate:
    """Return ordinary least squares; with `groups`, errors that allow for common shocks within each.

    Parameters
    ----------
    design
        Rows of explaining variables, with a column of ones if one is wanted.
    target
        What is explained.
    groups
        The group of each row, such as its quarter.
    """
    rows, columns = design.shape
    bread = np.linalg.inv(design.T @ design)
    values = bread @ design.T @ target
    left = target - design @ values
    variance = float(left @ left) / max(rows - columns, 1)
    covariance = bread * variance if groups is None else _clustered(design, left, groups, bread)
    return Estimate(values, np.sqrt(np.diag(covariance)), covariance, float(np.sqrt(variance)), rows)


def _clustered(design: np.ndarray, left: np.ndarray, groups: np.ndarray, bread: np.ndarray) -> np.ndarray:
    names = np.unique(groups)
    sums = np.array([design[groups == name].T @ left[groups == name] for name in names])
    scale = len(names) / (len(names) - 1)
    return np.asarray(scale * bread @ (sums.T @ sums) @ bread)


def ridge_logit(
    design: np.ndarray,
    events: np.ndarray,
    centre: np.ndarray,
    spread: np.ndarray,
    groups: np.ndarray | None = None,
) -> Estimate:
    """Return the likeliest coefficients of a logit, given independent normal priors.

    Parameters
    ----------
    design
        Rows at risk, with a column of ones.
    events
        1 where it happened, 0 where not.
    centre, spread
        Mean and standard deviation of the prior of each coefficient.
    groups
        Where only groups of rows were watched (years of months): the group of each row, counted from 0. An
        event says that it happened in one of the rows at least. Without it each row is its own.
    """
    group = np.arange(len(events)) if groups is None else groups
    none = np.zeros((len(events), design.shape[1]))

    def summed(score: np.ndarray) -> np.ndarray:
        return np.maximum(np.bincount(group, np.logaddexp(0, score), len(events)), 1e-300)

    def cost(values: np.ndarray) -> float:
        risk = summed(design @ values)
        away = (values - centre) / spread
        seen = np.where(events > 0, np.log(-np.expm1(-risk)), -risk)
        return float(0.5 * away @ away - seen.sum())

    def slope(values: np.ndarray) -> np.ndarray:
        score = design @ values
        risk = summed(score)
        steps = none.copy()
        np.add.at(steps, group, design * expit(score)[:, None])
        pull = np.where(events > 0, np.exp(-risk) / -np.expm1(-risk), -1)
        return np.asarray((values - centre) / spread**2 - pull @ steps)

    best = minimize(cost, centre, jac=slope, method="BFGS").x
    width = np.diag(1e-4 * spread)
    bent = np.array([(slope(best + one) - slope(best - one)) / (2 * one.sum()) for one in width])
    covariance = np.linalg.inv((bent + bent.T) / 2)
    return Estimate(best, np.sqrt(np.diag(covariance)), covariance, float("nan"), len(events))


def rate(events: float, exposure: float) -> tuple[float, float]:
    """Return mean and standard deviation of a Poisson rate under the prior of Jeffreys."""
    shape = events + 0.5
    return shape / exposure, float(np.sqrt(shape)) / exposure
