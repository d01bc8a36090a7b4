"""Time of clearing against what one would write otherwise: medians and ratios, all in one process.

Every contender gets one thread. Runs are interleaved, and CPU time is taken, so that other work on the
machine disturbs all of them alike; what is quick is repeated within a run, and ratios are medians of those of
each round. Contenders that are hopeless at a size are left out there. HiGHS gets a limit; where it meets it
the line says ">". R runs on its own and tells the CPU time of its solve.

    python benchmarks/clearing.py            # all sizes, some minutes
    python benchmarks/clearing.py --quick    # up to 1 000 nodes
"""
# ruff: noqa: E402 - the number of threads is read on import

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import math
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from cashcade.clearing import eisenberg_noe
from scipy.optimize import linprog
from scipy.sparse import csr_array, diags_array, eye_array
from scipy.sparse.linalg import spsolve


class System(NamedTuple):
    """A network of one rank: what each row owes to each column, cash, and what is owed outside."""

    owed: Any
    cash: np.ndarray
    outside: np.ndarray

    @property
    def due(self) -> np.ndarray:
        return np.asarray(self.owed.sum(axis=1)).ravel() + self.outside


def system(nodes: int, *, sparse: bool, seed: int = 1) -> System:
    """Exponential claims, 30 % more owed outside, cash uniform up to the claims: about a quarter defaults."""
    rng = np.random.default_rng(seed)
    if sparse:
        debtor, creditor = rng.integers(0, nodes, (2, 10 * nodes))
        keep = debtor != creditor
        owed = csr_array(
            (rng.exponential(size=keep.sum()), (debtor[keep], creditor[keep])), shape=(nodes, nodes)
        )
    else:
        owed = rng.exponential(size=(nodes, nodes))
        np.fill_diagonal(owed, 0.0)
    inside = np.asarray(owed.sum(axis=1)).ravel()
    return System(owed, rng.uniform(0.0, 1.0, nodes) * inside, 0.3 * inside)


def ours(s: System) -> np.ndarray:
    return np.asarray(eisenberg_noe(s.owed, s.cash, s.outside).payments)


def numpy_fictitious_default(s: System) -> np.ndarray:
    """Rounds of fictitious default, each solved by LAPACK on the block of the defaulters."""
    due = s.due
    share = s.owed / due[:, None]
    payments, down = due, np.zeros(due.size, dtype=bool)
    while True:
        new = s.cash + payments @ share < due * (1 - 1e-12)
        if not (new & ~down).any():
            return payments
        down |= new
        block = share[np.ix_(down, down)]
        fixed = s.cash[down] + due[~down] @ share[np.ix_(~down, down)]
        payments = due.copy()
        payments[down] = np.linalg.solve(np.eye(int(down.sum())) - block.T, fixed)


def sparse_fictitious_default(s: System) -> np.ndarray:
    """The same with scipy's sparse direct solver."""
    due = s.due
    share = (diags_array(1 / due) @ s.owed).tocsr()
    payments, down = due, np.zeros(due.size, dtype=bool)
    while True:
        new = s.cash + share.T @ payments < due * (1 - 1e-12)
        if not (new & ~down).any():
            return payments
        down |= new
        block = share[down][:, down]
        fixed = s.cash[down] + share[~down][:, down].T @ due[~down]
        payments = due.copy()
        payments[down] = spsolve((eye_array(block.shape[0]) - block.T).tocsc(), fixed)


def plain_iteration(s: System) -> np.ndarray:
    """Iterate the payment map from full payment to 1e-13, with NumPy or scipy products."""
    due = s.due
    share = (
        (diags_array(1 / due) @ s.owed).T.tocsr() if hasattr(s.owed, "tocsr") else (s.owed / due[:, None]).T
    )
    payments = due
    while True:
        after = np.minimum(due, s.cash + share @ payments)
        if (np.abs(after - payments) <= 1e-13 * due).all():
            return after
        payments = after


LIMIT = 60.0
"""Seconds that a linear programme gets."""


def linear_programme(s: System) -> np.ndarray | None:
    """Largest sum of payments that assets allow, by HiGHS; none if it takes too long."""
    due = s.due
    share = diags_array(1 / due) @ csr_array(s.owed)
    rows = (eye_array(due.size) - share.T).tocsr()
    found = linprog(
        -np.ones(due.size),
        A_ub=rows,
        b_ub=s.cash,
        bounds=np.column_stack([0 * due, due]),
        method="highs",
        options={"time_limit": LIMIT},
    )
    return None if found.status == 1 else np.asarray(found.x)


R_PROGRAMME = """
at <- commandArgs(TRUE)[1]
n <- as.integer(commandArgs(TRUE)[2])
owed <- matrix(readBin(file.path(at, "owed"), "double", n * n), n, n, byrow = TRUE)
cash <- readBin(file.path(at, "cash"), "double", n)
outside <- readBin(file.path(at, "outside"), "double", n)
solve_it <- function() {
  due <- rowSums(owed) + outside
  lpSolve::lp("max", rep(1, n), rbind(diag(n) - t(owed / due), diag(n)), rep("<=", 2 * n), c(cash, due))
}
spent <- system.time(found <- solve_it())
cat(sprintf("%.17g", c(spent[["user.self"]] + spent[["sys.self"]], found$solution)))
"""


def lp_in_r(s: System) -> tuple[float, np.ndarray] | None:
    """The same programme in the style of R's systemicrisk, by lpSolve; seconds and payments, if R has it."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for name in ("owed", "cash", "outside"):
            np.ascontiguousarray(getattr(s, name)).tofile(Path(folder, name))
        command = ["Rscript", "-e", R_PROGRAMME, folder, str(s.cash.size)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10 * LIMIT)  # noqa: S603
    if done.returncode:
        return None
    seconds, *payments = (float(word) for word in done.stdout.split())
    return seconds, np.array(payments)


Contender = Callable[[System], np.ndarray | None]

RIVALS: dict[str, tuple[Contender, tuple[int, ...], tuple[int, ...]]] = {
    "NumPy fictitious default": (numpy_fictitious_default, (10, 100, 1000), ()),
    "scipy.sparse fictitious default": (sparse_fictitious_default, (), (10_000,)),
    "plain iteration": (plain_iteration, (10, 100, 1000), (10_000, 100_000, 1_000_000)),
    "HiGHS linear programme": (linear_programme, (10, 100, 1000), ()),
}


LEAST = 0.05
"""Seconds that a timed run takes at least."""


def repeats_for(run: Contender, on: System) -> int:
    """Give how often it must be repeated for that, after one time to warm up."""
    return max(1, math.ceil(LEAST / max(spent(run, on, 1)[0], 1e-6)))


def spent(run: Contender, on: System, repeats: int) -> tuple[float, np.ndarray | None]:
    """CPU seconds of one time, averaged over repeats."""
    begin = time.process_time()
    for _ in range(repeats):
        result = run(on)
    return (time.process_time() - begin) / repeats, result


def check(name: str, payments: np.ndarray, reference: np.ndarray) -> None:
    assert np.allclose(payments, reference, rtol=1e-6, atol=1e-6), name


def line(s: System, name: str, seconds: float, ratio: float, *, is_limit: bool = False) -> None:
    kind, more = "sparse" if hasattr(s.owed, "tocsr") else "dense", ">" if is_limit else " "
    times = f"{more} {seconds * 1e3:12.3f} | {more} {ratio:9.1f}"
    print(f"| {s.cash.size:>9,} | {kind} | {name:<31} | {times} |")


def compare(nodes: int, *, sparse: bool) -> None:
    s = system(nodes, sparse=sparse)
    runs: dict[str, Contender] = {"cashcade": ours}
    runs |= {k: v[0] for k, v in RIVALS.items() if nodes in (v[2] if sparse else v[1])}
    times: dict[str, list[float]] = {name: [] for name in runs}
    reference, limited = ours(s), set()
    slow = (linear_programme, sparse_fictitious_default)
    repeats = {name: 1 if run in slow else repeats_for(run, s) for name, run in runs.items()}
    for _ in range(5 if nodes <= 1000 else 3):
        for name, run in runs.items():
            if name in limited:
                continue
            seconds, payments = spent(run, s, repeats[name])
            times[name].append(seconds)
            if payments is None:
                limited.add(name)
            else:
                check(name, payments, reference)
    for name, theirs in times.items():
        ratio = statistics.median(they / we for they, we in zip(theirs, times["cashcade"], strict=False))
        line(s, name, statistics.median(theirs), ratio, is_limit=name in limited)
    if nodes in (10, 100):
        compare_with_r(s, statistics.median(times["cashcade"]), reference)


def compare_with_r(s: System, our_seconds: float, reference: np.ndarray) -> None:
    """R's clock ticks in milliseconds, so small programmes read 0; three runs."""
    found = [lp_in_r(s) for _ in range(3)]
    if None in found:
        print("Rscript with lpSolve is not here: systemicrisk-style programme left out")
        return
    for _, payments in found:
        check("R", payments, reference)
    median = statistics.median(seconds for seconds, _ in found)
    line(s, "systemicrisk-style, R lpSolve", median, median / our_seconds)


def batch(systems: int = 10_000, nodes: int = 20) -> None:
    one = system(nodes, sparse=False)
    rng = np.random.default_rng(2)
    cash = rng.uniform(0.0, 1.0, (systems, nodes)) * one.due
    runs = [spent(ours, one._replace(cash=cash), 1)[0] for _ in range(5)]
    each = statistics.median(runs) / systems
    print(f"batch of {systems:,} systems of {nodes} nodes: {each * 1e6:.2f} us each")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="up to 1 000 nodes")
    quick = parser.parse_args().quick
    print("|     nodes | kind   | contender                       |   median, ms   | ratio to ours |")
    print("|----------:|--------|---------------------------------|---------------:|--------------:|")
    for nodes in (10, 100, 1000):
        compare(nodes, sparse=False)
    for nodes in () if quick else (10_000, 100_000, 1_000_000):
        compare(nodes, sparse=True)
    batch()


if __name__ == "__main__":
    main()
