"""One run on one core call, or spread over the workers of an executor in chunks of paths."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cashcade import _core
from cashcade.results.outcome import Outcome
from cashcade.results.plan import Plan

Arrays = dict[str, NDArray[Any]]
Progress = Callable[[int, int], object]
"""Called with the paths done and the paths wanted."""

LANES = 16
"""Paths of a block of the core; chunks begin at multiples of it."""

CHUNKS = 32
"""Chunks that a run is split into where nothing else is said: enough to share out, few enough to cost nothing."""


def available_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def compute(arrays: Arrays, plan: Plan, threads: int, progress: Progress | None) -> Outcome:
    """Run the paths of `plan` in one call of the core."""
    answer = _core.run(
        arrays,
        months=plan.months,
        paths=plan.paths,
        first_path=plan.first_path,
        seed=plan.seed,
        replicates=plan.replicates,
        first_draw=plan.first_draw,
        threads=threads,
        record=[variable.place for variable in plan.record],
        last=[],
        keep=plan.kept,
        progress=progress,
    )
    return Outcome.of(answer, plan.first_path)


def compute_in_chunks(
    arrays: Arrays, plan: Plan, executor: Executor, threads: int, progress: Progress | None, chunk: int | None
) -> Outcome:
    """Run the paths of `plan` in chunks on the workers of `executor`.

    Everything per path is the same as in one call, to the bit. On Ctrl-C chunks that have not begun are dropped, those under
    way are waited for, and what is finished is kept.

    Parameters
    ----------
    arrays
        Of the compiled world, for all draws of the plan.
    plan
        What to compute.
    executor
        Any executor of `concurrent.futures`; its workers need cashcade.
    threads
        Threads of each chunk.
    progress
        Called in this thread after each chunk.
    chunk
        Paths of a chunk, rounded up to a multiple of 16.
    """
    parts = list(split(plan, chunk or -(-plan.paths // CHUNKS)))
    futures = [executor.submit(compute, draws_of(arrays, plan, part), part, threads, None) for part in parts]
    try:
        _watch(futures, parts, plan.paths, progress)
    except KeyboardInterrupt:
        return _salvage(futures)
    finally:
        for future in futures:
            future.cancel()
    return Outcome.merge([future.result() for future in futures])


def compute_in_processes(
    arrays: Arrays, plan: Plan, threads: int, progress: Progress | None, chunk: int | None
) -> Outcome:
    """Run the paths of `plan` in chunks on fresh processes, as many as there are cores."""
    workers = max(1, available_cores() // threads)
    # Fresh interpreters: a forked copy of a process that has threads may hang.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_ignore_interrupts) as executor:
        return compute_in_chunks(arrays, plan, executor, threads, progress, chunk)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C, which a terminal sends to all processes, to the parent."""
    import signal  # noqa: PLC0415 - only workers need it

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def split(plan: Plan, chunk: int) -> Iterator[Plan]:
    """Cut a plan into plans of neighbouring paths that begin at multiples of `chunk`, itself a multiple of 16."""
    size = -(-chunk // LANES) * LANES
    end = plan.first_path + plan.paths
    start = plan.first_path
    while start < end:
        stop = min(end, (start // size + 1) * size)
        yield plan.part(start, stop)
        start = stop


def draws_of(arrays: Arrays, plan: Plan, part: Plan) -> dict[str, NDArray[Any]]:
    """Give the arrays with the draws of `part` only, out of those of all draws of `plan`."""
    start = part.first_draw - plan.first_draw
    rows = slice(start, start + part.draws)
    return {name: _rows(array, rows, plan.draws) for name, array in arrays.items()}


def _rows(array: NDArray[Any], rows: slice, draws: int) -> NDArray[Any]:
    drawn = array.ndim == 2 and array.shape[0] == draws and draws > 1
    return np.ascontiguousarray(array[rows]) if drawn else array


def _watch(futures: Sequence[Future[Outcome]], parts: Sequence[Plan], paths: int, progress: Progress | None) -> None:
    """Wait for all chunks and report each; raise what the first that fails raises."""
    sizes = {future: part.paths for future, part in zip(futures, parts, strict=True)}
    done = 0
    for future in as_completed(futures):
        future.result()
        done += sizes[future]
        if progress is not None:
            progress(done, paths)


def _salvage(futures: Sequence[Future[Outcome]]) -> Outcome:
    """Keep what is finished, waiting for chunks under way."""
    begun = [future for future in futures if not future.cancel()]
    finished = [future.result() for future in begun]
    if not finished:
        raise KeyboardInterrupt
    return Outcome.merge(finished).as_interrupted()
