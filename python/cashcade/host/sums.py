"""Sums over paths of what a simulation holds month by month: the bits of those that a run makes."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from cashcade.results.layout import ENDS
from cashcade.results.plan import Plan
from cashcade.words.rows import Row, variables

Floats = NDArray[np.float64]
Read = Callable[[Row], Floats]
"""Gives a variable at the end of a month, `[paths, entities]`."""

SUM_BINS, SQUARE_BINS = 3, 4
"""Bins of a sum of values, and of one of squares."""

BIN_WIDTH, PATH_BITS = 29, 24
"""Bits by which one bin is finer than the one before; bits kept free for the number of paths."""

DOLLAR_BITS, OTHER_BITS = 57, 40
"""Bits of the largest amount of money, and of the largest other number."""


def binned(values: Floats, bits: int, bins: int) -> Floats:
    """Give exact sums over paths in bins from coarse to fine, `[entities, bins]`.

    Each value is cut into whole multiples of a quantum of each bin; sums of such parts are exact
    (`rust/core/src/record.rs` does the same).

    Parameters
    ----------
    values
        `[paths, entities]`.
    bits
        Bits of the largest value in size.
    bins
        How many.
    """
    rest = np.clip(values, -(2.0**bits), 2.0**bits)
    sums = np.empty((values.shape[1], bins))
    for place in range(bins):
        cut = 1.5 * 2.0 ** (bits + PATH_BITS - BIN_WIDTH * place)
        part = (rest + cut) - cut
        rest = rest - part
        sums[:, place] = part.sum(axis=0)
    return sums


class Sums:
    """The series of a simulation: sums over all paths, and single values of the first ones.

    Parameters
    ----------
    plan
        What is recorded.
    read
        Gives a variable at the end of the month that was reached.
    """

    def __init__(self, plan: Plan, read: Read) -> None:
        self._plan, self._read = plan, read
        self._sums: list[list[Floats]] = [[] for _ in plan.record]
        self._squares: list[list[Floats]] = [[] for _ in plan.record]
        self._kept: list[list[Floats]] = [[] for _ in plan.record]

    def note(self) -> None:
        """Add the month that was reached.

        Raises
        ------
        ArithmeticError
            A number is not finite.
        """
        for row, sums, squares, kept in zip(
            self._plan.record, self._sums, self._squares, self._kept, strict=True
        ):
            values = self._read(row)
            sums.append(_sum(row, values, SUM_BINS, 1))
            squares.append(_sum(row, values, SQUARE_BINS, 2))
            if self._plan.kept:
                kept.append(values[: self._plan.kept])

    def answer(self) -> dict[str, list[Floats]]:
        """Give them as the core gives those of a run."""
        ends = [self._read(variables()[name]) for name in ENDS]
        last = [
            _sum(variables()[name], values, SUM_BINS, 1)[np.newaxis]
            for name, values in zip(ENDS, ends, strict=True)
        ]
        return {
            "sum": _stacked(self._sums),
            "square": _stacked(self._squares),
            "last_sum": last,
            "kept": [np.stack(months, axis=1) for months in self._kept] if self._plan.kept else [],
        }


def _sum(row: Row, values: Floats, bins: int, power: int) -> Floats:
    """Give the sums of a variable or of its squares, `[entities, bins]`; flags are counted in one bin."""
    if not np.isfinite(values).all():
        raise ArithmeticError(f"{row.full_name} is no finite number, which no world should bring about.")
    if row.unit == "flag":
        counted: Floats = values.sum(axis=0, keepdims=True).T
        return counted
    bits = DOLLAR_BITS if row.unit.startswith("USD") else OTHER_BITS
    powers = values if power == 1 else values * values
    return binned(powers, power * bits, bins)


def _stacked(series: Sequence[Sequence[Floats]]) -> list[Floats]:
    return [np.stack(months) for months in series]
