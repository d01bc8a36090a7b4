"""The programs of the rivals' folder, each on as many threads as it is told."""

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache, partial
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Self

import numpy as np
from cases import EXPERT, NUMBA, NUMPY, PYTHON, Case


def look_in(folder: Path) -> None:
    """Let Python import from the rivals' folder, without writing there."""
    sys.dont_write_bytecode = True
    sys.path.append(str(folder))


class Rivals:
    """What the rivals run for a case; a context, for their processes end with it.

    The chunks over which Numba spreads its paths are few in large worlds: each has accumulators of its own,
    and more would slow it down.
    """

    def __init__(self, folder: Path, case: Case, threads: int) -> None:
        look_in(folder)
        import_module("numba").set_num_threads(threads)
        self.case, self.threads = case, threads
        self.model = import_module("world").make(case.companies, case.contracts)
        self.numba = import_module("numba_paths")
        self.numpy = import_module("numpy_paths").NpSim(self.model)
        self.stack = ExitStack()
        self.pool = self.stack.enter_context(ThreadPoolExecutor(threads))
        self.table: dict[str, Callable[[], Any]] = {
            NUMPY: self.across,
            NUMBA: lambda: self.compiled(self.numba.nb_path, NUMBA),
            EXPERT: lambda: self.compiled(self.numba.nb_block, EXPERT),
        }
        if PYTHON in case.paths:
            workers = ProcessPoolExecutor(threads, get_context("spawn"))
            self.workers = self.stack.enter_context(workers)
            self.table[PYTHON] = lambda: self.plain(partial(loop, folder, case))

    def __enter__(self) -> Self:
        """Nothing to do: all has been started."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes and threads."""
        self.stack.close()

    def shares(self, name: str) -> list[int]:
        """Give each thread or process an equal part of the paths."""
        return np.diff(np.linspace(0, self.case.paths[name], self.threads + 1, dtype=int)).tolist()

    def across(self) -> list[Any]:
        """Run NumPy across paths; it lets go of the interpreter, so threads help."""
        streams = [np.random.Generator(np.random.SFC64(seed)) for seed in range(self.threads)]
        months = [self.case.months] * self.threads
        return list(self.pool.map(self.numpy.run, self.shares(NUMPY), months, streams))

    def compiled(self, kernel: Callable[..., Any], name: str) -> tuple[Any, Any]:
        """Run a kernel of Numba, which keeps means, second moments and counts."""
        paths = self.case.paths[name]
        chunks = min(64, paths // 16)
        return self.numba.run(self.model, paths, self.case.months, kernel, collect=1, nchunk=chunks)

    def plain(self, work: Callable[[int], None]) -> list[None]:
        """Run plain Python, in processes."""
        return list(self.workers.map(work, self.shares(PYTHON)))

    def gone(self) -> float:
        """Give the share of companies and paths that have failed or left by the end."""
        sums, _ = self.table[EXPERT]()
        return 1.0 - float(sums[-1, :, 2].mean() / self.case.paths[EXPERT])


@cache
def plain_model(folder: Path, companies: int, contracts: int) -> dict[str, Any]:
    """Make the model of plain Python, once in each process."""
    look_in(folder)
    model = import_module("world").make(companies, contracts)
    import_module("python_loop").prep(model)
    return model


def loop(folder: Path, case: Case, paths: int) -> None:
    """Run some paths in plain Python."""
    model = plain_model(folder, case.companies, case.contracts)
    for _ in range(paths):
        import_module("python_loop").run_path(model, case.months)
