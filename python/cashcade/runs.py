"""The run: a world, many futures, one result."""

import secrets
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.arguments import LARGEST_SEED, chosen_variables, cores, kept_paths, levels
from cashcade.arrays import Inputs
from cashcade.compile import compile_world
from cashcade.errors import ArgumentError
from cashcade.executors import (
    Progress,
    Tables,
    Work,
    available_cores,
    bytes_per_draw,
    compute,
    compute_in_chunks,
    compute_in_processes,
    count_chunks,
    footprint,
    trace,
)
from cashcade.numerals import above_zero, whole
from cashcade.programs import Programs, compile_programs, conflict
from cashcade.progress import shown
from cashcade.results.events import events
from cashcade.results.layout import SAMPLED, Source, build_dataset
from cashcade.results.memory import bytes_per_kept_path, check_memory, estimated, sample_size
from cashcade.results.outcome import Outcome
from cashcade.results.plan import Plan
from cashcade.results.result import Result
from cashcade.results.variables import variables
from cashcade.rules import ExitScenario, Rule, Scenario, Shock, Use
from cashcade.setting import Setting, set_up
from cashcade.switches import left_out
from cashcade.world import World
from cashcade.world.loops import switched_off

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Levels of the quantiles that a run gives."""

REPLICATES = 4
"""Paths per draw in a world with ranges: enough to tell luck from ignorance, few enough to see many draws."""

RECORD = (
    *("company.cash", "company.runway", "company.net_cash_flow", "company.revenue", "company.debt"),
    *("company.raised", "company.losses", "loan.loss", "market.capex_gdp", "market.ai_revenue"),
    *("market.ai_revenue_capex", "market.gpu_index", "market.companies_alive", "market.failed_debt"),
)
"""Variables recorded where nothing else is said."""

MOST_PATHS = 2**24
"""Paths whose sums are exact."""


def run(  # noqa: PLR0913 - all but the world are keywords with defaults
    world: World | str | Path,
    *,
    scenarios: Sequence[str | Scenario | Shock | Use | ExitScenario] = (),
    rules: Sequence[Rule] = (),
    months: int = 36,
    paths: int = 10_000,
    seed: int | None = 0,
    replicates: int | None = None,
    first_path: int = 0,
    record: Sequence[str] | None = None,
    without: Sequence[str] = (),
    loops: Collection[str] | None = None,
    quantiles: Sequence[float] = QUANTILES,
    keep_paths: bool | int = False,
    max_memory: float = 4e9,
    threads: int | None = None,
    executor: Executor | Literal["processes"] | None = None,
    chunk: int | None = None,
    progress: Progress | Literal["bar"] | None = None,
    plugins: Sequence[object] = (),
    block: Collection[str] = (),
) -> Result:
    """Run a world on many random paths.

    Path `k` is the same whatever else is computed: any subset of the paths, any number of threads, any
    executor and any chunks give the same bits. So do means and other statistics, because sums over paths are
    exact.

    Parameters
    ----------
    world
        A world, the name of one that a plugin offers, or the path of a `.toml` file.
    scenarios
        What else happens: scenarios, shocks and exit scenarios, by the names that plugins give them
        (`cashcade scenarios` lists them) or as records; a shock with arguments is `shock(rise=0.3)` or
        `Use("api-price-rise", {"rise": 0.3})`. Their order does not matter.
    rules
        Further rules; docs/rules.md says what they may say.
    months
        Months to simulate, 1 to 1200.
    paths
        Paths to simulate, up to 2^24. They are the replicates of `paths / replicates` draws of the
        parameters; the last draw may have fewer.
    seed
        0 to 2^63 - 1; the result records it. None draws one.
    replicates
        Paths per draw. By default 4 where the world has ranges and there are 16 paths or more, else 1.
    first_path
        Number of the first path, to continue another run: paths 0 to 9999 and 10 000 to 19 999 are 20 000
        independent ones.
    record
        Variables whose series are recorded, such as `company.cash`; `cashcade variables` lists them. By
        default a useful dozen. With quantiles, the few that tables of the result are made of come on top.
    without
        Loops to leave out, such as `vendor-finance`, besides those that the world leaves out;
        `cashcade loops` lists them.
    loops
        The only loops to leave in, whatever the world leaves out; by default all.
    quantiles
        Levels, each from 0 to 1; none switches them off. They are computed from the first paths: at most
        2000, and no more than 256 MB hold. The result says how many (`quantile_paths`).
    keep_paths
        Keep the series of all paths (True) or the first so many.
    max_memory
        Bytes. A run that would need more is refused before it begins.
    threads
        Threads to use; by default all cores, or one per chunk with an executor.
    executor
        Spread the paths over its workers; `"processes"` makes one process per core.
    chunk
        Paths per chunk with an executor, rounded up to a multiple of 16; by default a 32nd of the paths.
    progress
        Called with the paths done and the paths wanted, some five times a second; `"bar"` draws a bar on
        standard error.
    plugins
        Further plugins: objects or modules with hooks that are not packaged.
    block
        Names of distributions whose plugins are not to be loaded.

    Returns
    -------
    result
        Ctrl-C ends the run early: the result then holds the paths that were finished, and says so
        (`interrupted`).

    Raises
    ------
    WorldError
        The world cannot be used.
    ArgumentError
        Another argument cannot be used.
    RuleError
        A rule does not fit the world, or two active rules set one lever to different values.
    PluginError
        A plugin is broken.
    MemoryLimitError
        The run would need more than `max_memory`.
    KeyboardInterrupt
        Ctrl-C came before any path was finished.
    """
    begin = time.perf_counter()
    max_memory = above_zero("max_memory", max_memory, "bytes")
    setting = set_up(world, scenarios=scenarios, rules=rules, plugins=plugins, block=block)
    off = left_out(setting.world, without=without, loops=loops)
    world = switched_off(setting.world, off)
    pair = compile_world(world, draws=2)
    programs = _programs(setting, world, pair)
    plan = Plan(
        months=whole("months", months, 1, 1200),
        paths=whole("paths", paths, 1, MOST_PATHS),
        first_path=whole("first_path", first_path, 0, 2**62),
        seed=secrets.randbits(62) if seed is None else whole("seed", seed, 0, LARGEST_SEED),
        replicates=paths_per_draw(replicates, paths),
        record=chosen_variables(RECORD if record is None else record),
        quantiles=levels(quantiles),
        sample=0,
        keep=kept_paths(keep_paths, paths),
    )
    counts = {kind: len(entries) for kind, entries in world.sections().items()} | {"market": 1}
    plan = _with_sample(plan, counts)
    tables = Tables(pair.arrays, programs.arrays if programs else None)
    taken = footprint(tables, plan, _threads(threads, executor))
    chunks = None if executor is None else count_chunks(plan, _chunk(chunk))
    estimate = estimated(plan, counts, taken, bytes_per_draw(tables), chunks)
    per_path = bytes_per_kept_path(plan, counts)
    check_memory(estimate, plan, max_memory, per_path, granted=bool(taken["granted"]))
    inputs, programs, plan = compiled(setting, world, plan, replicates, programs)
    tables = Tables(inputs.arrays, programs.arrays if programs else None)
    with shown(progress, plan.paths) as report:
        work = Work(tables, plan, _threads(threads, executor), report, _chunk(chunk))
        outcome = _compute(work, executor)
    if programs and outcome.conflict:
        path, month, *actions = outcome.conflict
        raise conflict(programs, path, month, actions)
    if not outcome.paths.size:
        raise KeyboardInterrupt
    seconds = time.perf_counter() - begin
    source = Source(world, inputs, plan, outcome, seconds, off, programs, setting.scenarios, setting.plugins)
    return Result(
        partial(build_dataset, source), partial(_drawn, inputs, programs), partial(_traced, tables, source)
    )


def compiled(
    setting: Setting, world: World, plan: Plan, replicates: int | None, programs: Programs | None = None
) -> tuple[Inputs, Programs | None, Plan]:
    """Give the world and its rules with all draws of a plan, and the plan: without ranges paths are draws.

    Parameters
    ----------
    setting
        Rules and doors.
    world
        The world, its loops switched.
    plan
        As for a world with ranges.
    replicates
        As the user gave them.
    programs
        The same rules without draws, where they are compiled already.
    """
    inputs = compile_world(world, draws=plan.draws, seed=plan.seed, first_draw=plan.first_draw)
    if programs is None or programs.has_ranges:
        programs = _programs(setting, world, inputs)
    ranges = inputs.has_ranges or (programs is not None and programs.has_ranges)
    return inputs, programs, plan if ranges or replicates is not None else replace(plan, replicates=1)


def _programs(setting: Setting, world: World, inputs: Inputs) -> Programs | None:
    return compile_programs(setting.given, world, inputs) if setting.given else None


def _drawn(inputs: Inputs, programs: Programs | None) -> dict[str, NDArray[np.float64]]:
    return inputs.drawn() | (programs.drawn() if programs else {})


def _traced(tables: Tables, source: Source, path: int) -> pd.DataFrame:
    """Give the events of one path of a run."""
    return events(trace(tables, source.plan, path), source.inputs.names["company"])


def paths_per_draw(given: int | None, paths: int) -> int:
    """Give the paths that share a draw, as for a world with ranges."""
    if given is not None:
        return whole("replicates", given, 1, 2**31)
    return REPLICATES if paths >= 16 else 1


def _with_sample(plan: Plan, counts: Mapping[str, int]) -> Plan:
    """Decide from how many paths quantiles, and what tables need of single paths, are computed."""
    if not plan.quantiles:
        return plan
    needed = (variables()[name] for name in SAMPLED)
    plan = replace(plan, record=tuple(dict.fromkeys((*plan.record, *needed))))
    return replace(plan, sample=sample_size(plan.paths, bytes_per_kept_path(plan, counts)))


def _threads(given: int | None, executor: object) -> int:
    """Give the threads of each call of the core: by default all cores, or one with an executor."""
    return cores(given, available_cores() if executor is None else 1)


def _chunk(given: int | None) -> int | None:
    return None if given is None else whole("chunk", given, 1, MOST_PATHS)


def _compute(work: Work, executor: Executor | Literal["processes"] | None) -> Outcome:
    """Run on the core directly, or spread over an executor."""
    if executor is None:
        return compute(work.tables, work.plan, work.threads, work.progress)
    if executor == "processes":
        return compute_in_processes(work)
    if isinstance(executor, str):
        raise ArgumentError(
            f'executor is {executor!r}, wanted "processes" or an executor of concurrent.futures.'
        )
    return compute_in_chunks(work, executor)
