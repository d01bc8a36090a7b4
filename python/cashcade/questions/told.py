"""Answers as they are told: tables of text, rows as JSON knows them, means with their errors."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.results.figures import amount, digits, money
from cashcade.results.statistics import standard_error

Floats = NDArray[np.float64]

NONE = "\u2013"
"""Cell for what is not defined."""


MOST_DECIMALS = 4
"""Decimals beyond which a number is zero to a reader."""

LARGE = 1e4
"""Amount from which on words stand for powers of ten."""


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table as text: the first column to the left, the others to the right, the head underlined."""
    body = [list(row) for row in rows]
    cells = [list(head), *body]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head))]
    lines = [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join([lines[0], "\u2500" * max(map(len, lines)), *lines[1:]])


def records(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Give the rows of a table as JSON knows them: what is not known is None."""
    named = table if table.index.names == [None] else table.reset_index()
    return named.astype(object).where(named.notna(), None).to_dict("records")


def mean(name: str, values: Floats, draw: NDArray[np.int64]) -> dict[str, float]:
    """Give the mean over paths and its standard error, as columns of a name."""
    return {name: float(values.mean()), f"{name}_se": float(standard_error(values, draw))}


def dollars(number: float, error: float) -> str:
    """Write an amount in USD with its standard error, where there is one."""
    return amount(number, error) if error else money(number)


def with_error(number: float, error: float, factor: float = 1.0) -> str:
    """Write a number times a factor with its standard error, to as many decimals as the error says."""
    number, error = factor * number, factor * error
    if not np.isfinite(number):
        return NONE
    if abs(number) >= LARGE:
        return amount(number, error)
    if not np.isfinite(error) or error == 0:
        return digits(number)
    decimals = max(0, min(MOST_DECIMALS, 1 - int(np.floor(np.log10(error)))))
    return f"{number:z.{decimals}f} \u00b1{error:.{decimals}f}"
