"""One run on one core call, or spread over the workers of an executor in chunks of paths."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from functools import partial
from multiprocessing import get_context
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from cashcade import _core
from cashcade.errors import WorkerError
from cashcade.results.layout import ENDS
from cashcade.results.outcome import Outcome
from cashcade.results.plan import Plan
from cashcade.runs.store import Store
from cashcade.words.rows import variables

Arrays = dict[str, NDArray[Any]]


class Tables(NamedTuple):
    """Tables for the core to read.

    Attributes
    ----------
    world
        Compiled world, for all draws of the plan.
    rules
        Of compiled rules and doors, for the same draws; None without any.
    """

    world: Arrays
    rules: Arrays | None = None


Progress = Callable[[int, int], object]
"""Called with the paths done and the paths wanted."""

LANES = 16
"""Paths of a block of the core; chunks begin at multiples of it."""

UNFINISHED = "before any path was finished"
"""What Ctrl-C cost where nothing is left."""

CHUNKS = 32
"""Chunks of a run where nothing else is said: enough to share out, few enough to cost nothing."""


def available_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def compute(tables: Tables, plan: Plan, threads: int, progress: Progress | None) -> Outcome:
    """Run the paths of `plan` in one call of the core."""
    answer = _core.run(
        tables.world,
        months=plan.months,
        paths=plan.paths,
        first_path=plan.first_path,
        seed=plan.seed,
        replicates=plan.replicates,
        first_draw=plan.first_draw,
        threads=threads,
        record=[variable.place for variable in plan.record],
        last=[variables()[name].place for name in ENDS],
        keep=plan.kept,
        progress=progress,
        rules=tables.rules,
    )
    return Outcome.of(answer, plan.first_path)


def footprint(tables: Tables, plan: Plan, threads: int, *, held: bool = False) -> dict[str, int]:
    """Ask the core what it would take of memory: for a run, or for a simulation that holds all paths.

    Parameters
    ----------
    tables
        The world and its rules, with one draw, or two where there are ranges.
    plan
        What to compute.
    threads
        Threads of each call.
    held
        Whether all paths are held at once.
    """
    return _core.footprint(
        tables.world,
        months=plan.months,
        paths=plan.paths,
        threads=threads,
        record=[variable.place for variable in plan.record],
        last=[variables()[name].place for name in ENDS],
        keep=plan.kept,
        rules=tables.rules,
        held=held,
    )


def bytes_per_draw(tables: Tables, draws: int = 2) -> int:
    """Give the bytes that the parameters of one draw take: those of which `draws` draws have as many rows."""
    arrays = [*tables.world.values(), *([tables.rules["constants"]] if tables.rules else [])]
    return sum(array[0].nbytes for array in arrays if array.ndim == 2 and array.shape[0] == draws)


def bytes_of(tables: Tables, draws: int) -> int:
    """Give the bytes that tables for `draws` draws take, from those for two."""
    arrays = [*tables.world.values(), *(tables.rules or {}).values()]
    return sum(array.nbytes for array in arrays) + (draws - 2) * bytes_per_draw(tables)


def trace(tables: Tables, plan: Plan, path: int) -> Mapping[str, Any]:
    """Run one path of `plan` again and give what happened on it, as arrays; docs/binding.md lists them."""
    part = plan.part(path, path + 1)
    tables = draws_of(tables, plan, part)
    return _core.events(
        tables.world,
        months=plan.months,
        path=path,
        seed=plan.seed,
        replicates=plan.replicates,
        first_draw=part.first_draw,
        rules=tables.rules,
    )


class Work(NamedTuple):
    """Work to spread over workers.

    Attributes
    ----------
    tables
        The world and its rules.
    plan
        What to compute.
    threads
        Threads of each chunk.
    progress
        Called in this thread after each chunk.
    chunk
        Paths of a chunk, rounded up to a multiple of 16; None for a 32nd of the paths.
    store
        Where chunks are kept that are finished; None where they are not.
    """

    tables: Tables
    plan: Plan
    threads: int
    progress: Progress | None
    chunk: int | None
    store: Store | None = None

    def parts(self) -> list[Plan]:
        """Give the plans of its chunks, in the order of their paths."""
        return list(split(self.plan, self.chunk or -(-self.plan.paths // CHUNKS)))

    def found(self, part: Plan) -> Outcome | None:
        """Give the outcome of a chunk that was finished before."""
        return self.store.find(part) if self.store else None

    def keep(self, part: Plan, outcome: Outcome) -> None:
        """Keep the outcome of a chunk, if it is finished."""
        if self.store and not outcome.interrupted and outcome.conflict is None:
            self.store.put(part, outcome)


def compute_in_turn(work: Work) -> Outcome:
    """Run paths in chunks, one after the other, but for those that are kept already.

    On Ctrl-C what is finished is given back, also of the chunk under way.
    """
    outcomes: list[Outcome] = []
    try:
        for outcome in _each(work):
            outcomes.append(outcome)
            if outcome.interrupted or outcome.conflict:
                break
            if work.progress is not None:
                work.progress(sum(each.paths.size for each in outcomes), work.plan.paths)
    except KeyboardInterrupt:
        if not outcomes:
            raise KeyboardInterrupt(UNFINISHED) from None
        return Outcome.merge(outcomes).as_interrupted()
    return Outcome.merge(outcomes)


def _each(work: Work) -> Iterator[Outcome]:
    """Yield the outcome of each chunk."""
    done = 0
    for part in work.parts():
        outcome = work.found(part)
        if outcome is None:
            tables = draws_of(work.tables, work.plan, part)
            outcome = compute(tables, part, work.threads, _further(work, done))
            work.keep(part, outcome)
        done += part.paths
        yield outcome


def _further(work: Work, done: int) -> Progress | None:
    """Give what tells of a chunk how far the run is, when so many paths were done before it."""
    report = work.progress
    return None if report is None else lambda more, _wanted: report(done + more, work.plan.paths)


def compute_in_chunks(work: Work, executor: Executor) -> Outcome:
    """Run paths in chunks on the workers of any executor of `concurrent.futures`; they need cashcade.

    The result is that of one call, to the bit. On Ctrl-C chunks that have not begun are dropped, and what is
    finished is kept. Chunks under way stop within a second on threads; other workers finish theirs.
    """
    stop = threading.Event()
    heed = partial(_heed, stop) if isinstance(executor, ThreadPoolExecutor) else None
    return _spread(work, executor, partial(compute, progress=heed), stop, {})


def compute_in_processes(work: Work) -> Outcome:
    """Run paths in chunks on fresh processes, one per core; otherwise as `compute_in_chunks`.

    Where a worker dies, others take its place, and what it was about is run again: as long as something gets
    finished between one death and the next.
    """
    workers = max(1, available_cores() // work.threads)
    context = get_context("spawn")  # a forked copy of a process that has threads may hang
    stop = context.Event()
    outcomes: dict[int, Outcome] = {}
    while True:
        before = len(outcomes)
        try:
            with ProcessPoolExecutor(workers, context, _begin_worker, (stop,)) as executor:
                return _spread(work, executor, _compute_in_worker, stop, outcomes)
        except WorkerError:
            if len(outcomes) == before:
                raise


class Stop(Protocol):
    """An event of threads or of processes."""

    def is_set(self) -> bool:
        """Whether the run is to end."""

    def set(self) -> None:
        """Ask the run to end."""


def _heed(stop: Stop, _done: int, _wanted: int) -> None:
    """Stop a chunk as Ctrl-C would; called by the core some five times a second."""
    if stop.is_set():
        raise KeyboardInterrupt


_heed_parent: Progress | None = None
"""In a worker process: what the core calls while it runs."""


def _begin_worker(stop: Stop) -> None:
    """Leave Ctrl-C, which a terminal sends to all processes, to the parent, which says when to stop."""
    global _heed_parent  # noqa: PLW0603 - an executor gives its workers nothing else to keep things in
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _heed_parent = partial(_heed, stop)


def _compute_in_worker(tables: Tables, plan: Plan, threads: int) -> Outcome:
    return compute(tables, plan, threads, _heed_parent)


def _spread(
    work: Work,
    executor: Executor,
    function: Callable[[Tables, Plan, int], Outcome],
    stop: Stop,
    outcomes: dict[int, Outcome],
) -> Outcome:
    """Run `function` on each chunk that is not there already, and join what comes back.

    Finished chunks are put into `outcomes`, by their first path, whatever becomes of the others.
    """
    plan, parts = work.plan, work.parts()
    futures: dict[Future[Outcome], Plan] = {}
    try:
        for part in _missing(work, outcomes):
            tables = draws_of(work.tables, plan, part)
            futures[executor.submit(function, tables, part, work.threads)] = part
        for future in _finished(futures):
            _take(work, future, futures[future], outcomes)
            if work.progress is not None:
                work.progress(sum(each.paths for each in parts if each.first_path in outcomes), plan.paths)
    except KeyboardInterrupt:
        stop.set()
        return _salvage(work, futures, outcomes)
    except BrokenExecutor as error:
        for future, part in futures.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                _take(work, future, part, outcomes)
        raise WorkerError(_died(work, outcomes)) from error
    finally:
        for future in futures:
            future.cancel()
    return Outcome.merge([outcomes[part.first_path] for part in parts])


def _missing(work: Work, outcomes: dict[int, Outcome]) -> Iterator[Plan]:
    """Yield the chunks that are not there; those that are kept are read."""
    for part in work.parts():
        if part.first_path in outcomes:
            continue
        outcome = work.found(part)
        if outcome is None:
            yield part
        else:
            outcomes[part.first_path] = outcome


def _take(work: Work, future: Future[Outcome], part: Plan, outcomes: dict[int, Outcome]) -> None:
    """Take the outcome of a chunk, or raise what went wrong."""
    if part.first_path not in outcomes:
        outcomes[part.first_path] = future.result()
        work.keep(part, outcomes[part.first_path])


def _died(work: Work, outcomes: Mapping[int, Outcome]) -> str:
    """Say that a worker died."""
    lost = [part for part in work.parts() if part.first_path not in outcomes]
    kept = "" if work.store is None else "Finished chunks are kept, and resume=True goes on. "
    return (
        f"A worker died, and {len(lost)} of {len(work.parts())} chunks with it, from path "
        f"{lost[0].first_path:,} on. Mostly the system has killed it for want of memory. {kept}Ways out: "
        "fewer workers, smaller chunks (chunk=...), fewer variables (record=[...]) or kept paths."
    )


def split(plan: Plan, chunk: int) -> Iterator[Plan]:
    """Cut a plan into plans of neighbouring paths, which begin at multiples of `chunk` (rounded up to 16)."""
    size = -(-chunk // LANES) * LANES
    end = plan.first_path + plan.paths
    start = plan.first_path
    while start < end:
        stop = min(end, (start // size + 1) * size)
        yield plan.part(start, stop)
        start = stop


def count_chunks(plan: Plan, chunk: int | None) -> int:
    """Count the chunks that a plan is cut into."""
    return sum(1 for _ in split(plan, chunk or -(-plan.paths // CHUNKS)))


def draws_of(tables: Tables, plan: Plan, part: Plan) -> Tables:
    """Give the tables with the draws of `part` only, out of those of all draws of `plan`."""
    start = part.first_draw - plan.first_draw
    rows = slice(start, start + part.draws)
    world = {name: _rows(array, rows, plan.draws) for name, array in tables.world.items()}
    if tables.rules is None:
        return Tables(world)
    numbers = _rows(tables.rules["constants"], rows, plan.draws)
    return Tables(world, {**tables.rules, "constants": numbers})


def _rows(array: NDArray[Any], rows: slice, draws: int) -> NDArray[Any]:
    drawn = array.ndim == 2 and array.shape[0] == draws and draws > 1
    return np.ascontiguousarray(array[rows]) if drawn else array


def _finished(futures: Mapping[Future[Outcome], Plan]) -> Iterator[Future[Outcome]]:
    """Yield chunks as they are finished."""
    pending = set(futures)
    while pending:
        # Libraries that handle signals themselves can keep a longer wait from noticing Ctrl-C.
        finished, pending = wait(pending, timeout=0.1, return_when=FIRST_COMPLETED)
        yield from finished


def _salvage(work: Work, futures: Mapping[Future[Outcome], Plan], outcomes: dict[int, Outcome]) -> Outcome:
    """Keep what is finished, waiting for chunks under way."""
    begun = [future for future in futures if not future.cancel()]
    for future in begun:
        _take(work, future, futures[future], outcomes)
    finished = [outcomes[first] for first in sorted(outcomes) if outcomes[first].paths.size]
    if not finished:
        raise KeyboardInterrupt(UNFINISHED)
    return Outcome.merge(finished).as_interrupted()
