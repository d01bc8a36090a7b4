"""Checks of arguments: each says what was given and what is wanted."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cashcade.errors import ArgumentError
from cashcade.results.variables import Variable, variables
from cashcade.words.names import choose
from cashcade.words.numerals import whole

LARGEST_SEED = 2**63 - 1
"""Largest seed: what every file format can store."""


def cores(threads: int | None, default: int) -> int:
    """Give the number of threads, `default` for None."""
    return default if threads is None else whole("threads", threads, 1, 4096)


def kept_paths(given: bool | int, paths: int) -> int:
    """Give the number of paths whose series are kept: all for True, none for False, at most `paths`."""
    if isinstance(given, bool):
        return int(paths) if given else 0
    return min(whole("keep_paths", given, 0, 2**40), int(paths))


def levels(given: Sequence[float]) -> tuple[float, ...]:
    """Give the levels of quantiles, rising and each once.

    Raises
    ------
    ArgumentError
        One lies outside 0 to 1.
    """
    wrong = [level for level in given if not 0.0 <= level <= 1.0]
    if wrong:
        raise ArgumentError(f"quantiles holds {wrong[0]!r}, wanted levels from 0 to 1.")
    return tuple(sorted({float(level) for level in given}))


def chosen_variables(names: Sequence[str]) -> tuple[Variable, ...]:
    """Give the rows of the variables named, each once.

    Raises
    ------
    ArgumentError
        There is no such variable; with the nearest name.
    """
    if isinstance(names, str):
        raise ArgumentError(f'record is {names!r}, wanted a list of names such as ["company.cash"].')
    table = variables()
    for name in names:
        choose(name, table, "variable")
    return tuple(table[name] for name in dict.fromkeys(names))


def filled(name: str, given: ArrayLike, shape: tuple[int, int], kind: type[Any]) -> NDArray[Any]:
    """Give a C-contiguous array `[path, entity]` of numbers or of true and false.

    Raises
    ------
    ArgumentError
        It is of another kind, or does not broadcast.
    """
    kinds, what = ("biuf", "numbers") if kind is np.float64 else ("b", "true or false")
    array = np.asarray(given)
    if array.dtype.kind in kinds:
        try:
            return np.ascontiguousarray(np.broadcast_to(array, shape), dtype=kind)
        except ValueError:
            pass
    raise ArgumentError(
        f"{name} is {array.dtype} {array.shape}, wanted {what} {shape} [path, entity], "
        "or what broadcasts to it."
    )
