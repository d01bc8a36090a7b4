"""How much memory a run takes, known before it takes any."""

from collections.abc import Mapping, Sequence

from cashcade.errors import MemoryLimitError
from cashcade.results.plan import Plan

SAMPLE_PATHS = 2000
"""Paths from which quantiles are computed, at most."""

SAMPLE_BYTES = 256 * 2**20
"""Memory that these paths may take."""

PER_OUTCOME = 2 + 1 + 4 + 8
"""Bytes per path and company: month, cause, trigger and debt of a failure."""


def bytes_per_kept_path(names: Mapping[str, Sequence[str]], entities: Sequence[str], months: int) -> int:
    """Give the bytes that the series of one path take, for the entity of each recorded variable."""
    return 8 * months * sum(len(names[entity]) for entity in entities)


def sample_size(paths: int, per_path: int) -> int:
    """Give the number of paths to keep for quantiles: as many as the budget allows."""
    return min(paths, SAMPLE_PATHS, SAMPLE_BYTES // max(per_path, 1))


def check_memory(plan: Plan, names: Mapping[str, Sequence[str]], limit: int, *, merged: bool) -> None:
    """Refuse a run that would need more memory than `limit` bytes.

    Parameters
    ----------
    plan
        What is to be computed.
    names
        Names of the world, by entity.
    limit
        Bytes.
    merged
        Whether chunks are joined, which takes everything twice for a moment.

    Raises
    ------
    MemoryLimitError
        With the estimate and the ways out.
    """
    per_path = bytes_per_kept_path(names, [variable.entity for variable in plan.record], plan.months)
    series = plan.kept * per_path
    outcomes = plan.paths * len(names["company"]) * PER_OUTCOME
    total = (series + outcomes) * (2 if merged else 1)
    if total <= limit:
        return
    ways = []
    if plan.keep > plan.sample:
        fit = max(0, limit // (2 if merged else 1) - outcomes) // max(per_path, 1)
        ways += [f"keep fewer paths (keep_paths={fit} would fit)", "record fewer variables (record=[...])"]
    ways += ["run fewer paths at a time (first_path= continues where another run ended)", "raise max_memory"]
    raise MemoryLimitError(
        f"This run would take about {_readable(total)} of memory, above the limit of {_readable(limit)}: "
        f"{_readable(series)} for the series of {plan.kept:,} paths and {_readable(outcomes)} for the outcomes of "
        f"{plan.paths:,} paths{', twice while chunks are joined' if merged else ''}. Ways out: {'; '.join(ways)}."
    )


def _readable(size: int) -> str:
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if size >= factor:
            return f"{size / factor:.3g} {unit}"
    return f"{size / 1e3:.3g} kB"
