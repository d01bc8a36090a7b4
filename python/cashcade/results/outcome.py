"""The outcome that the core gives back, and how chunks of paths become one again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Outcome:
    """Arrays of one run of the core, without names; of finished paths only.

    Attributes
    ----------
    paths
        `[paths]`: numbers of the finished paths, rising.
    failed_month, cause, trigger, debt_at_failure
        `[paths, companies]`: month (0: none), code of the cause, place of the company that caused it (-1:
        none), USD.
    failed_share
        `[paths]`: part of a dollar of debt that failed (docs/model.md, section 12).
    sums, squares
        One `[months, entities, bins]` per recorded variable: exact sums over finished paths of the value and
        of its square, in bins from coarse to fine (docs/binding.md).
    last_sums
        One `[1, entities, bins]` per variable of `cashcade.results.layout.ENDS`: sums at the end of the last
        month.
    kept_paths
        `[kept]`: numbers of the finished paths whose series are kept, rising.
    kept
        One `[kept, months, entities]` per recorded variable.
    imbalance
        Largest deviation of the ledger, relative to the gross flow of its month.
    interrupted
        Whether Ctrl-C ended the run early.
    rule_first, rule_months
        `[paths, rules]`: first month in which each rule was active (0: never), and the number of such months.
    action_first
        `[paths, actions]`: amount of each action when its rule was first active, 0 if it never was.
    watch_first
        `[paths, 2 triggers]`: both sides of each comparison then.
    exit_month, exit_door, exit_buyer, exit_price
        `[paths, companies]`: month of the first exit (0: none), place of the door (-1: none), place of the
        buyer (-1: nobody, -2: capital), USD; no columns in runs without doors.
    conflict
        The first path, in it the first month, on which two actions set one lever to different values, and
        their places; None without. Then not all paths may be finished.
    """

    paths: NDArray[np.int64]
    failed_month: NDArray[np.uint16]
    cause: NDArray[np.uint8]
    trigger: NDArray[np.int32]
    debt_at_failure: Floats
    failed_share: Floats
    sums: Sequence[Floats]
    squares: Sequence[Floats]
    last_sums: Sequence[Floats]
    kept_paths: NDArray[np.int64]
    kept: Sequence[Floats]
    imbalance: float
    interrupted: bool
    rule_first: NDArray[np.uint16]
    rule_months: NDArray[np.uint16]
    action_first: Floats
    watch_first: Floats
    exit_month: NDArray[np.uint16]
    exit_door: NDArray[np.int16]
    exit_buyer: NDArray[np.int32]
    exit_price: Floats
    conflict: tuple[int, int, int, int] | None

    @classmethod
    def of(cls, answer: Mapping[str, Any], first_path: int) -> Self:
        """Read the dictionary that `cashcade._core.run` returns, dropping unfinished paths."""
        finished = answer["finished"]
        kept_finished = finished[: len(answer["kept"][0])] if answer["kept"] else finished[:0]
        return cls(
            paths=first_path + np.flatnonzero(finished),
            failed_month=_only(finished, answer["failed_month"]),
            cause=_only(finished, answer["cause"]),
            trigger=_only(finished, answer["trigger"]),
            debt_at_failure=_only(finished, answer["debt_at_failure"]),
            failed_share=_only(finished, answer["failed_share"]),
            sums=answer["sum"],
            squares=answer["square"],
            last_sums=answer["last_sum"],
            kept_paths=first_path + np.flatnonzero(kept_finished),
            kept=[_only(kept_finished, series) for series in answer["kept"]],
            imbalance=answer["imbalance"],
            interrupted=answer["interrupted"],
            rule_first=_only(finished, answer["rule_first"]),
            rule_months=_only(finished, answer["rule_months"]),
            action_first=_only(finished, answer["action_first"]),
            watch_first=_only(finished, answer["watch_first"]),
            exit_month=_only(finished, answer["exit_month"]),
            exit_door=_only(finished, answer["exit_door"]),
            exit_buyer=_only(finished, answer["exit_buyer"]),
            exit_price=_only(finished, answer["exit_price"]),
            conflict=answer["conflict"],
        )

    @classmethod
    def merge(cls, parts: Sequence[Self]) -> Self:
        """Join outcomes of chunks, given in the order of their paths.

        Everything per path is joined as it is, and bins are added exactly, so the result does not depend on
        the chunks.
        """
        if len(parts) == 1:
            return parts[0]
        return cls(
            paths=np.concatenate([part.paths for part in parts]),
            failed_month=np.concatenate([part.failed_month for part in parts]),
            cause=np.concatenate([part.cause for part in parts]),
            trigger=np.concatenate([part.trigger for part in parts]),
            debt_at_failure=np.concatenate([part.debt_at_failure for part in parts]),
            failed_share=np.concatenate([part.failed_share for part in parts]),
            sums=[_total(each) for each in zip(*(part.sums for part in parts), strict=True)],
            squares=[_total(each) for each in zip(*(part.squares for part in parts), strict=True)],
            last_sums=[_total(each) for each in zip(*(part.last_sums for part in parts), strict=True)],
            kept_paths=np.concatenate([part.kept_paths for part in parts]),
            kept=[np.concatenate(each) for each in zip(*(part.kept for part in parts), strict=True)],
            imbalance=max(part.imbalance for part in parts),
            interrupted=any(part.interrupted for part in parts),
            rule_first=np.concatenate([part.rule_first for part in parts]),
            rule_months=np.concatenate([part.rule_months for part in parts]),
            action_first=np.concatenate([part.action_first for part in parts]),
            watch_first=np.concatenate([part.watch_first for part in parts]),
            exit_month=np.concatenate([part.exit_month for part in parts]),
            exit_door=np.concatenate([part.exit_door for part in parts]),
            exit_buyer=np.concatenate([part.exit_buyer for part in parts]),
            exit_price=np.concatenate([part.exit_price for part in parts]),
            conflict=min((part.conflict for part in parts if part.conflict), default=None),
        )

    def as_interrupted(self) -> Self:
        """Give the same, marked as cut short."""
        return replace(self, interrupted=True)

    def moments(self, place: int) -> tuple[Floats, Floats]:
        """Give mean and standard deviation over paths of the recorded variable at `place`.

        Both are `[months, entities]`. The standard deviation of a single path is NaN.
        """
        count = self.paths.size
        mean = _collapse(self.sums[place]) / count
        square = _collapse(self.squares[place]) / count
        if count == 1:
            return mean, np.full_like(mean, np.nan)
        return mean, np.sqrt(np.maximum(square - np.square(mean), 0.0) * (count / (count - 1)))

    def mean_at_end(self, place: int) -> Floats:
        """Give the mean over paths, `[entities]`, of the variable at `place` of those wanted at the end."""
        mean: Floats = _collapse(self.last_sums[place])[0] / self.paths.size
        return mean


def _collapse(bins: Floats) -> Floats:
    """Add `[..., bins]` from fine to coarse."""
    total = bins[..., -1].copy()
    for place in range(bins.shape[-1] - 2, -1, -1):
        total += bins[..., place]
    return total


def _only(finished: NDArray[np.bool_], array: NDArray[Any]) -> NDArray[Any]:
    """Rows of finished paths, without a copy where all are."""
    return array if finished.all() else array[finished]


def _total(arrays: Sequence[Floats]) -> Floats:
    total = arrays[0].copy()
    for array in arrays[1:]:
        total += array
    return total
