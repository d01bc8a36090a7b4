"""Knock-on: failures that would not happen if those who failed before had lived, by counterfactual."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from cashcade.results.causes import AFTER_OTHERS, Removal
from cashcade.results.retrace import Again
from cashcade.results.statistics import ratio

OTHERS = AFTER_OTHERS[-1]

Months = NDArray[np.int64]


class KnockOn(NamedTuple):
    """What the failures of others did, on some paths.

    Attributes
    ----------
    paths
        Failing paths that were tried.
    failures
        On them.
    after_other
        Those of them before which another company had failed.
    saved
        Those of them that live to the end of the run if all who failed before are kept alive.
    share
        `saved` over `failures`.
    se
        Its standard error.
    """

    paths: int
    failures: int
    after_other: int
    saved: int
    share: float
    se: float


def knock_on(dataset: xr.Dataset, again: Again, count: int) -> KnockOn:
    """See `Result.knock_on`."""
    months: Months = dataset["failed_month"].to_numpy().astype(np.int64)
    behind: Months = dataset["trigger"].to_numpy().astype(np.int64)
    names = [str(name) for name in dataset["company"].to_numpy()]
    rows = np.flatnonzero((months > 0).any(axis=1))[:count]
    numbers = dataset["path"].to_numpy()[rows].tolist()
    failed, after, saved = (np.zeros(rows.size) for _ in range(3))
    for place, (row, path) in enumerate(zip(rows.tolist(), numbers, strict=True)):
        failed[place] = (months[row] > 0).sum()
        for company, others in _after(months[row], behind[row]):
            after[place] += 1
            kept = Removal(OTHERS, tuple(names[each] for each in others))
            without = again.without((kept,), names[company])
            saved[place] += without is not None and without.fate(names[company], path).month == 0
    share, se = ratio(saved, failed, dataset["path_draw"].to_numpy()[rows])
    return KnockOn(rows.size, int(failed.sum()), int(after.sum()), int(saved.sum()), share, se)


def _after(months: Months, behind: Months) -> Iterator[tuple[int, list[int]]]:
    """Yield each company before which others failed on a path, and these; what set it off is one."""
    for company in np.flatnonzero(months).tolist():
        before = (months > 0) & (months < months[company])
        if behind[company] >= 0:
            before[behind[company]] = True
        before[company] = False
        if before.any():
            yield company, np.flatnonzero(before).tolist()
