"""Standard errors that know about draws, and the split of a variance into ignorance and luck.

Paths of one draw share their parameters, so they are not independent: the draw is the unit of sampling (a
cluster), and an error that ignores it is too small.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cashcade.errors import ArgumentError

Floats = NDArray[np.float64]


class Clusters(NamedTuple):
    """Sums of the paths of each draw.

    Attributes
    ----------
    sums
        `[draws, ...]`: sum of the values over the paths of a draw.
    sizes
        `[draws]`: number of paths of a draw.
    """

    sums: Floats
    sizes: Floats


def clusters(values: ArrayLike, draw: NDArray[np.int64]) -> Clusters:
    """Sum `values` over the paths of each draw.

    Parameters
    ----------
    values
        `[paths, ...]`; at least one path.
    draw
        `[paths]`: draw of each path, never falling.
    """
    numbers = np.asarray(values, dtype=np.float64)
    starts = np.flatnonzero(np.r_[True, draw[1:] != draw[:-1]])
    sizes = np.diff(np.r_[starts, draw.size]).astype(np.float64)
    return Clusters(np.add.reduceat(numbers, starts, axis=0), sizes)


def standard_error(values: ArrayLike, draw: NDArray[np.int64]) -> Floats:
    """Give the Monte-Carlo standard error of the mean over paths.

    With `D` draws of `n_d` paths, `N` paths in all, mean `m` and sums `S_d`, it is the root of
    `D / (D - 1) * sum_d (S_d - n_d m)^2 / N^2`: the usual error where each draw has one path.

    Parameters
    ----------
    values
        `[paths, ...]`.
    draw
        `[paths]`: draw of each path, never falling.

    Returns
    -------
    errors
        `[...]`, in the unit of `values`; NaN for a single draw with a single path. A single draw with several
        paths gives the error that luck alone leaves.
    """
    groups = clusters(values, draw)
    if groups.sizes.size == 1:
        groups = clusters(values, np.arange(draw.size))
    count, total = groups.sizes.size, groups.sizes.sum()
    if count == 1:
        return np.full(groups.sums.shape[1:], np.nan)
    sizes = _columns(groups.sizes, groups.sums.ndim)
    residuals = groups.sums - sizes * (groups.sums.sum(axis=0) / total)
    squares: Floats = np.square(residuals).sum(axis=0)
    return np.asarray(np.sqrt(squares * count / (count - 1)) / total)


def ratio(part: ArrayLike, whole: ArrayLike, draw: NDArray[np.int64]) -> tuple[float, float]:
    """Give a ratio of sums over paths, and its standard error (Taylor's linearisation).

    Parameters
    ----------
    part, whole
        `[paths]`.
    draw
        `[paths]`: draw of each path, never falling.

    Returns
    -------
    ratio, error
        NaN where `whole` adds up to nothing.
    """
    above, below = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    total = below.sum()
    if not total:
        return np.nan, np.nan
    share = float(above.sum() / total)
    return share, float(standard_error(above - share * below, draw)) * draw.size / float(total)


class Split(NamedTuple):
    """Variance over paths, split by its origin.

    Attributes
    ----------
    draws
        Variance between draws: what we do not know (parameters).
    luck
        Variance within a draw: what nobody knows (paths).
    share
        `draws / (draws + luck)`; NaN where nothing varies.
    share_error
        Standard error of `share`, by leaving out one draw at a time.
    """

    draws: Floats
    luck: Floats
    share: Floats
    share_error: Floats


def split_variance(values: ArrayLike, draw: NDArray[np.int64]) -> Split:
    """Split the variance over paths into draws and luck, by one-way analysis of variance with random effects.

    With mean squares `MSB` between and `MSW` within draws, luck is `MSW` and draws is `(MSB - MSW) / n0`, not
    below zero; `n0 = (N - sum n_d^2 / N) / (D - 1)` is the number of paths per draw where all draws have the
    same.

    Parameters
    ----------
    values
        `[paths, ...]`.
    draw
        `[paths]`: draw of each path, never falling.

    Raises
    ------
    ArgumentError
        With fewer than three draws, or no draw with two paths: the split cannot be known.
    """
    numbers = np.asarray(values, dtype=np.float64)
    groups = clusters(numbers, draw)
    if groups.sizes.size < 3 or groups.sizes.max() < 2:
        raise ArgumentError(
            "Splitting the variance into draws and luck needs several paths per draw and three draws; "
            f"here are {groups.sizes.size} of at most {groups.sizes.max():.0f}. Run with replicates=4, say."
        )
    centred = numbers - numbers.mean(axis=0)
    per_draw = _moments(centred, draw)
    total = tuple(moment.sum(axis=0) for moment in per_draw)
    count = groups.sizes.size
    whole = _components(total, count)
    without = tuple(all_of_it - one for all_of_it, one in zip(total, per_draw, strict=True))
    shares = _share(*_components(without, count - 1))
    error = np.sqrt((count - 1) / count * np.square(shares - shares.mean(axis=0)).sum(axis=0))
    return Split(*whole, _share(*whole), error)


def _moments(values: Floats, draw: NDArray[np.int64]) -> tuple[Floats, ...]:
    """Give `[draws, ...]` each: paths, paths squared, sum, sum of squares, squared sum over paths."""
    groups = clusters(values, draw)
    sizes = _columns(groups.sizes, values.ndim)
    squares = clusters(np.square(values), draw).sums
    return sizes, np.square(sizes), groups.sums, squares, np.square(groups.sums) / sizes


def _components(moments: tuple[Floats, ...], draws: int) -> tuple[Floats, Floats]:
    """Variance between draws and within, from the sums of the moments over draws."""
    paths, paths_squared, total, squares, between = moments
    within = np.maximum(squares - between, 0.0) / np.maximum(paths - draws, 1.0)
    among = (between - np.square(total) / paths) / (draws - 1)
    typical = (paths - paths_squared / paths) / (draws - 1)
    return np.maximum((among - within) / typical, 0.0), within


def _share(draws: Floats, luck: Floats) -> Floats:
    whole = draws + luck
    return np.divide(draws, whole, out=np.full_like(whole, np.nan), where=whole > 0.0)


def _columns(sizes: Floats, dimensions: int) -> Floats:
    """Reshape `[draws]` so that it broadcasts over the other dimensions."""
    return sizes.reshape(-1, *[1] * (dimensions - 1))
