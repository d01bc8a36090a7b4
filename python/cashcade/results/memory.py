"""How much memory a run takes, known before it takes any."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cashcade import _core
from cashcade.errors import MemoryLimitError
from cashcade.results.plan import Plan
from cashcade.results.variables import variables

SAMPLE_PATHS = 2000
"""Paths from which quantiles are computed, at most."""

SAMPLE_BYTES = 256 * 2**20
"""Memory that these paths may take."""

PER_OUTCOME = 2 + 1 + 4 + 8
"""Bytes per path and company: month, cause, trigger and debt of a failure."""

PER_PATH = 8
"""Bytes per path: the part of debt that failed."""

PER_RULE, PER_ACTION, PER_TRIGGER = 2 + 2, 8, 2 * 8
"""Bytes per path and rule, action, and comparison: when it fired, with what amount, both sides."""


PER_ACTIVITY = 6
"""Numbers that a simulation holds for each rule of a path."""

COPIES = 2
"""Numbers that a simulation holds for each variable and each drawn parameter of a path."""


def bytes_per_kept_path(plan: Plan, counts: Mapping[str, int]) -> int:
    """Give the bytes that the series of one path take, for so many entities of each kind."""
    return 8 * plan.months * sum(counts[variable.entity] for variable in plan.record)


def sample_size(paths: int, per_path: int) -> int:
    """Give the number of paths to keep for quantiles: as many as the budget allows."""
    return min(paths, SAMPLE_PATHS, SAMPLE_BYTES // max(per_path, 1))


@dataclass(frozen=True)
class Estimate:
    """Bytes that a run takes at its height.

    Attributes
    ----------
    series
        For the series of kept and sampled paths.
    outcomes
        For what happened to each company on each path.
    parameters
        For the drawn parameters.
    copies
        How many times all of it is there: twice where chunks are joined.
    """

    series: int
    outcomes: int
    parameters: int
    copies: int

    @property
    def total(self) -> int:
        """All of it."""
        return (self.series + self.outcomes + self.parameters) * self.copies


def check_memory(
    plan: Plan, counts: Mapping[str, int], limit: float, bytes_per_draw: Callable[[], int], *, merged: bool
) -> None:
    """Refuse a run that would need more memory than `limit` bytes.

    Parameters
    ----------
    plan
        What is to be computed.
    counts
        Number of entities of each kind, of compiled rules ("rule"), of their actions ("action") and of the
        comparisons in their conditions ("trigger").
    limit
        Bytes.
    bytes_per_draw
        Gives the bytes of the parameters of a draw; asked only where it could matter.
    merged
        Whether chunks are joined.

    Raises
    ------
    MemoryLimitError
        With the estimate and the ways out.
    """
    most = 8 * plan.draws * sum(counts.get(row.entity, 0) for row in _core.table().parameters)
    series = plan.kept * bytes_per_kept_path(plan, counts)
    per_path = PER_PATH + counts["company"] * PER_OUTCOME
    per_path += counts.get("rule", 0) * PER_RULE + counts.get("action", 0) * PER_ACTION
    per_path += counts.get("trigger", 0) * PER_TRIGGER
    outcomes = plan.paths * per_path
    estimate = Estimate(series, outcomes, most, 2 if merged else 1)
    if estimate.total > limit:
        estimate = replace(estimate, parameters=plan.draws * bytes_per_draw())
    if estimate.total > limit:
        raise MemoryLimitError(_refusal(plan, estimate, limit, bytes_per_kept_path(plan, counts)))


def _refusal(plan: Plan, estimate: Estimate, limit: float, per_path: int) -> str:
    """Say how much a run would take, of what, and what to do about it."""
    rest = estimate.outcomes + estimate.parameters
    room = int(max(0.0, limit / estimate.copies - rest) // max(per_path, 1))
    ways = ["run fewer paths at a time (first_path= continues where another run ended)", "raise max_memory"]
    if rest * estimate.copies < limit:
        ways.insert(0, "record fewer variables (record=[...])")
        if plan.sample > room:
            ways.insert(0, "do without quantiles (quantiles=())")
        if plan.keep > room:
            ways.insert(0, f"keep fewer paths (keep_paths={room} would fit)")
    parts = {
        f"the series of {plan.kept:,} paths": estimate.series,
        f"the outcomes of {plan.paths:,} paths": estimate.outcomes,
        f"the parameters of {plan.draws:,} draws": estimate.parameters,
    }
    said = ", ".join(f"{_readable(size)} for {what}" for what, size in parts.items() if size)
    return (
        f"This run would take about {_readable(estimate.total)} of memory, above the limit of "
        f"{_readable(limit)}: {said}{', twice while chunks are joined' if estimate.copies > 1 else ''}. "
        f"Ways out: {'; '.join(ways)}."
    )


def check_held(
    paths: int,
    arrays: Mapping[str, NDArray[Any]],
    counts: Mapping[str, int],
    limit: float,
    rules: Mapping[str, NDArray[Any]] | None = None,
) -> None:
    """Refuse a simulation, which holds all paths at once, if that would take more than `limit` bytes.

    Raises
    ------
    MemoryLimitError
        With the estimate and the ways out.
    """
    rows = COPIES * sum(counts[variable.entity] for variable in variables().values())
    drawn = COPIES * sum(
        array.shape[1] for array in arrays.values() if array.ndim == 2 and array.shape[0] > 1
    )
    lives = np.concatenate(
        [arrays[f"fleet.{name}"].ravel() for name in ("economic_life", "book_life", "age_span")]
    )
    months = lives.max(initial=0.0) + arrays["fleet.lag"].max(initial=0.0)
    held = 8.0 * paths * (rows + drawn + counts["fleet"] * float(months))
    held += 8.0 * paths * _held_of_rules(rules or {})
    held += COPIES * sum(array.nbytes for array in (*arrays.values(), *(rules or {}).values()))
    if held > limit:
        raise MemoryLimitError(
            f"This simulation would take about {_readable(held)} of memory, above the limit of "
            f"{_readable(limit)}: it holds all {paths:,} paths at once. Ways out: simulate fewer paths at a "
            "time (first_path= continues where another simulation ended); raise max_memory."
        )


def _held_of_rules(rules: Mapping[str, NDArray[Any]]) -> float:
    """Give the numbers that rules keep of a path: registers, past months, what each does, levers."""
    if not rules:
        return 0.0
    past, delays = rules["history"][:, 1].sum(), rules["rule"][:, 3].sum()
    rows = (
        len(rules["code"])
        + PER_ACTIVITY * len(rules["rule"])
        + COPIES * (len(rules["action"]) + len(rules["watch"]))
    )
    return float(past + delays + rows + 2 * COPIES * len(rules["lever"]))


def _readable(size: float) -> str:
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if size >= factor:
            return f"{size / factor:.3g} {unit}"
    return f"{size / 1e3:.3g} kB"
