"""How much memory a run takes, known before it takes any."""

from collections.abc import Mapping
from dataclasses import dataclass

from cashcade.errors import MemoryLimitError
from cashcade.results.plan import Plan

SAMPLE_PATHS = 2000
"""Paths from which quantiles are computed, at most."""

SAMPLE_BYTES = 256 * 2**20
"""Memory that these paths may take."""

LABELLED = 4
"""Numbers for each sum when it is made a mean with its deviation: these and two on the way."""

COPIES = 2
"""How often a simulation holds its inputs: here and in the core."""

Footprint = Mapping[str, int]
"""Bytes of the core at its height, by the names of `_core.footprint` (docs/binding.md)."""


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
    sums
        For sums over paths, of all threads and chunks, and for the means made of them.
    blocks
        For the blocks of paths at work.
    copies
        How many times what belongs to paths is there: twice where chunks are joined.
    """

    series: int
    outcomes: int
    parameters: int
    sums: int
    blocks: int
    copies: int

    @property
    def rest(self) -> int:
        """All but the series of kept paths."""
        return self.outcomes * self.copies + self.parameters + self.sums + self.blocks

    @property
    def total(self) -> int:
        """All of it."""
        return self.series * self.copies + self.rest


def estimated(
    plan: Plan, counts: Mapping[str, int], footprint: Footprint, bytes_per_draw: int, chunks: int | None
) -> Estimate:
    """Add what Python holds to what the core takes.

    Parameters
    ----------
    plan
        What is to be computed.
    counts
        Number of entities of each kind.
    footprint
        Footprint of the core.
    bytes_per_draw
        Bytes that the parameters of a draw take, here and in the core.
    chunks
        Into how many the paths are cut, each with sums of its own; None for a single call of the core.
    """
    sums, threads = footprint["sums"], footprint["blocks"]
    # The core keeps memory of its threads for a while, so means come on top.
    working = threads * (sums + footprint["spare"]) + (chunks or 0) * sums
    entities = [counts[variable.entity] for variable in plan.record]
    labelled = 8 * plan.months * sum(entities) * (LABELLED + len(plan.quantiles))
    # Quantiles copy the series of one variable.
    labelled += 8 * plan.months * plan.sample * max(entities, default=0)
    return Estimate(
        series=footprint["kept"],
        outcomes=footprint["outcomes"],
        parameters=plan.draws * bytes_per_draw,
        sums=working + labelled,
        blocks=footprint["block"] * threads,
        copies=1 if chunks is None else 2,
    )


def check_memory(estimate: Estimate, plan: Plan, limit: float, per_path: int, *, granted: bool) -> None:
    """Refuse a run that would need more memory than `limit` bytes, or than the system gives.

    Parameters
    ----------
    estimate
        What it would take.
    plan
        What is to be computed.
    limit
        Bytes.
    per_path
        Bytes of the series of a path.
    granted
        Whether the system would give what the core takes.

    Raises
    ------
    MemoryLimitError
        With the estimate and the ways out.
    """
    if estimate.total > limit or not granted:
        raise MemoryLimitError(_refusal(plan, estimate, limit, per_path, granted=granted))


def _refusal(plan: Plan, estimate: Estimate, limit: float, per_path: int, *, granted: bool) -> str:
    """Say how much a run would take, of what, and what to do about it."""
    room = int(max(0.0, limit - estimate.rest) / estimate.copies // max(per_path, 1))
    ways = ["run fewer paths at a time (first_path= continues where another run ended)"]
    ways.append("raise max_memory" if granted else "lift the limit of the process (ulimit -v)")
    if estimate.sums + estimate.series * estimate.copies > estimate.total - limit:
        ways.insert(0, "record fewer variables (record=[...])")
    if plan.keep > room > 0 and estimate.rest < limit:
        ways.insert(0, f"keep fewer paths (keep_paths={room} would fit)")
    if plan.sample > room and estimate.rest < limit:
        ways.insert(0, "do without quantiles (quantiles=())")
    parts = {
        f"the series of {plan.kept:,} paths": estimate.series,
        f"the outcomes of {plan.paths:,} paths": estimate.outcomes,
        f"the parameters of {plan.draws:,} draws": estimate.parameters,
        f"sums over paths in {plan.months:,} months": estimate.sums,
        "the paths at work": estimate.blocks,
    }
    said = ", ".join(f"{_readable(size)} for {what}" for what, size in parts.items() if size)
    bound = f"above the limit of {_readable(limit)}" if granted else "which the system does not grant"
    twice = ", series and outcomes twice while chunks are joined" if estimate.copies > 1 else ""
    return (
        f"This run would take about {_readable(estimate.total)} of memory, {bound}: {said}{twice}. "
        f"Ways out: {'; '.join(ways)}."
    )


def check_held(paths: int, footprint: Footprint, inputs: int, limit: float, series: int = 0) -> None:
    """Refuse a simulation, which holds all paths at once, if that would take more than `limit` bytes.

    Parameters
    ----------
    paths
        All of them.
    footprint
        Footprint of the core.
    inputs
        Bytes of what the core is given.
    limit
        Bytes.
    series
        Bytes of the series that are kept.

    Raises
    ------
    MemoryLimitError
        With the estimate and the ways out.
    """
    held = footprint["block"] * footprint["blocks"] + COPIES * inputs + series
    if held > limit or not footprint["granted"]:
        granted = footprint["granted"]
        bound = f"above the limit of {_readable(limit)}" if granted else "which the system does not grant"
        way = "raise max_memory" if granted else "lift the limit of the process (ulimit -v)"
        way = f"keep or record less ({_readable(series)} are series); {way}" if series else way
        raise MemoryLimitError(
            f"This simulation would take about {_readable(held)} of memory, {bound}: it holds all {paths:,} "
            f"paths at once. Ways out: simulate fewer paths at a time (first_path= continues where another "
            f"simulation ended); {way}."
        )


def _readable(size: float) -> str:
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if size >= factor:
            return f"{size / factor:.3g} {unit}"
    return f"{size / 1e3:.3g} kB"
