"""Checks of arguments: each says what was given and what is wanted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cashcade.compile import Gauge
from cashcade.errors import ArgumentError
from cashcade.rules.expressions import Condition, Expression, Value
from cashcade.words.names import choose, texts
from cashcade.words.numerals import whole
from cashcade.words.rows import Row, variables

NAME = re.compile(r"[a-z][a-z0-9_]*")
"""Names of numbers of the user's own: those of variables."""

Wanted = str | Mapping[str, Expression]
"""What is to be recorded: a variable by its name, or numbers of the user's own by theirs."""


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
        One lies outside 0 to 1, or they are no list of numbers.
    """
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise ArgumentError(f"quantiles is {given!r}, wanted a list of levels from 0 to 1.")
    given = tuple(given)
    wrong = [level for level in given if not _is_level(level)]
    if wrong:
        raise ArgumentError(f"quantiles holds {wrong[0]!r}, wanted levels from 0 to 1.")
    return tuple(sorted({float(level) for level in given}))


def _is_level(given: object) -> bool:
    return not isinstance(given, bool) and isinstance(given, Real) and 0.0 <= float(given) <= 1.0


def chosen_variables(names: Sequence[str]) -> tuple[Row, ...]:
    """Give the rows of the variables named, each once.

    Raises
    ------
    ArgumentError
        There is no such variable; with the nearest name.
    """
    table = variables()
    wanted = dict.fromkeys(texts("record", names, '["company.cash"]'))
    for name in wanted:
        choose(name, table, "variable")
    return tuple(table[name] for name in wanted)


def parted(record: Sequence[Wanted] | Mapping[str, Expression]) -> tuple[Sequence[str], tuple[Gauge, ...]]:
    """Tell names of variables from numbers of the user's own.

    Raises
    ------
    ArgumentError
        A name cannot be used, or what it stands for is no one number.
    """
    if isinstance(record, str) or not isinstance(record, Iterable):
        return record, ()
    parts = [record] if isinstance(record, Mapping) else list(record)
    given = [item for part in parts if isinstance(part, Mapping) for item in part.items()]
    names = [name for name, _ in given]
    for name in names:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise ArgumentError(f"record: {name!r} is no name; wanted letters, digits and _, such as ai_gap.")
        if f"market.{name}" in variables() or names.count(name) > 1:
            raise ArgumentError(f'record: "market.{name}" is there already; choose another name.')
    return [part for part in parts if not isinstance(part, Mapping)], tuple(_gauge(*each) for each in given)


def _gauge(name: str, expression: object) -> Gauge:
    if not isinstance(expression, Value | Condition):
        raise ArgumentError(
            f'record: "{name}" is {expression!r}, wanted one such as market.ai_capex - market.ai_revenue.'
        )
    if expression.group is not None:
        raise ArgumentError(
            f'record: "{name}" is {expression}, which has a value for each of {expression.group}; '
            "make it one by .sum(), .mean(), .min(), .max() or .count()."
        )
    return Gauge(name, expression)


def measured(gauges: Sequence[Gauge]) -> tuple[Row, ...]:
    """Give the rows that gauges take, after those of the table of variables."""
    first = len(variables())
    return tuple(
        Row("variable", first + number, "market", gauge.name, gauge.unit, str(gauge.expression))
        for number, gauge in enumerate(gauges)
    )


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
