"""How much memory a run takes, known before it takes any."""

from collections.abc import Mapping

from cashcade.errors import MemoryLimitError
from cashcade.results.plan import Plan

SAMPLE_PATHS = 2000
"""Paths from which quantiles are computed, at most."""

SAMPLE_BYTES = 256 * 2**20
"""Memory that these paths may take."""

PER_OUTCOME = 2 + 1 + 4 + 8
"""Bytes per path and company: month, cause, trigger and debt of a failure."""


def bytes_per_kept_path(plan: Plan, counts: Mapping[str, int]) -> int:
    """Give the bytes that the series of one path take, for so many entities of each kind."""
    return 8 * plan.months * sum(counts[variable.entity] for variable in plan.record)


def sample_size(paths: int, per_path: int) -> int:
    """Give the number of paths to keep for quantiles: as many as the budget allows."""
    return min(paths, SAMPLE_PATHS, SAMPLE_BYTES // max(per_path, 1))


def check_memory(plan: Plan, counts: Mapping[str, int], limit: float, *, merged: bool) -> None:
    """Refuse a run that would need more memory than `limit` bytes.

    Parameters
    ----------
    plan
        What is to be computed.
    counts
        Number of entities of each kind.
    limit
        Bytes.
    merged
        Whether chunks are joined, which takes everything twice for a moment.

    Raises
    ------
    MemoryLimitError
        With the estimate and the ways out.
    """
    per_path = bytes_per_kept_path(plan, counts)
    series = plan.kept * per_path
    outcomes = plan.paths * counts["company"] * PER_OUTCOME
    copies = 2 if merged else 1
    total = (series + outcomes) * copies
    if total <= limit:
        return
    room = int(max(0.0, limit / copies - outcomes) // max(per_path, 1))
    ways = ["run fewer paths at a time (first_path= continues where another run ended)", "raise max_memory"]
    if plan.kept:
        ways.insert(0, "record fewer variables (record=[...])")
    if plan.keep > max(plan.sample, room):
        ways.insert(0, f"keep fewer paths (keep_paths={room} would fit)")
    elif plan.sample > room:
        ways.insert(0, "do without quantiles (quantiles=())")
    raise MemoryLimitError(
        f"This run would take about {_readable(total)} of memory, above the limit of {_readable(limit)}: "
        f"{_readable(series)} for the series of {plan.kept:,} paths and {_readable(outcomes)} for the "
        f"outcomes of {plan.paths:,} paths{', twice while chunks are joined' if merged else ''}. "
        f"Ways out: {'; '.join(ways)}."
    )


def _readable(size: float) -> str:
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if size >= factor:
            return f"{size / factor:.3g} {unit}"
    return f"{size / 1e3:.3g} kB"
