"""Rivals and cashcade side by side: one process, interleaved rounds, the median of the ratios of each round.

`make bench`, or `python benchmarks/paths.py small medium large --rivals ../shared/bench`. The rivals are what
a capable user would write instead, for a simpler month; without their folder only cashcade is timed. A
firm-month is one company in one month on one path.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

# Before NumPy is loaded: the number of threads is chosen here.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

import cashcade
from cases import ALONE, CASES, EXPERT, FLAGSHIP, NUMBA, NUMPY, OURS, PYTHON, Case
from rivals import Rivals
from worlds import Network, alone, of_rivals, run, world

FLOOR = {NUMPY: 3.0, NUMBA: 2.0, PYTHON: 100.0}
GOAL = {NUMPY: 9.0, EXPERT: 2.0}
SECOND_CORE = 1.8


def ours(network: Network, case: Case, threads: int) -> dict[str, Callable[[], cashcade.Result]]:
    """Give the public `run` on the world of a case, keeping what the rivals keep; the last on all threads."""
    start = time.perf_counter()
    made = world(network, case.months)
    seconds = time.perf_counter() - start
    print(f"{'':10}{case.companies} companies, {case.contracts} contracts: world made in {seconds:.2f} s")
    paths = case.paths[OURS]
    alone = {ALONE: lambda: run(made, case.months, paths, 1)} if threads > 1 else {}
    return alone | {OURS: lambda: run(made, case.months, paths, threads)}


def in_turns(table: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Give the seconds of each competitor in each round, after one round to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in table}
    for work in table.values():
        work()
    for _ in range(rounds):
        for name, work in table.items():
            start = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def measure(size: str, threads: int, folder: Path | None, rounds: int) -> dict[str, float]:
    """Print the firm-months per second of every competitor, and give how many times theirs are ours."""
    case = CASES[size]
    with ExitStack() as stack:
        rivals = stack.enter_context(Rivals(folder, case, threads)) if folder else None
        network = of_rivals(rivals.model) if rivals else alone(case.companies, case.contracts)
        table = ours(network, case, threads) | (rivals.table if rivals else {})
        work = {name: case.firm_months(OURS if name == ALONE else name) for name in table}
        seconds = in_turns(table, rounds)
        failed = float((table[OURS]().dataset["failed_month"] > 0).mean())
        gone = f", of the rivals' (exits included) {rivals.gone():.3f}" if rivals else ""
        print(f"{'':10}gone at the end: of our companies {failed:.3f}{gone}")
    ratios = {}
    for name, theirs in seconds.items():
        rate = work[name] / statistics.median(theirs)
        rounds_of_both = zip(theirs, seconds[OURS], strict=True)
        ratios[name] = work[OURS] / work[name] * statistics.median(they / we for they, we in rounds_of_both)
        line = f"{size:8}{threads} thread(s)  {name:26}{rate / 1e6:9.2f} M firm-months/s"
        print(f"{line}  {ratios[name]:8.2f} x")
    return ratios


def flagship(threads: int, rounds: int) -> float:
    """Print the firm-months per second of a world that uses nearly all mechanisms, and give them.

    Two runs of different numbers of paths are subtracted, so that reading the world drops out.
    """

    def go(paths: int) -> cashcade.Result:
        case = FLAGSHIP
        return cashcade.run(case.world, months=case.months, paths=paths, seed=1, threads=threads)

    few, many = FLAGSHIP.paths
    seconds = in_turns({"few": lambda: go(few), "many": lambda: go(many)}, rounds)
    apart = statistics.median(b - a for a, b in zip(seconds["few"], seconds["many"], strict=True))
    companies = len(go(few).dataset["company"])
    rate = companies * FLAGSHIP.months * (many - few) / apart
    print(f"{'flagship':8}{threads} thread(s)  {OURS:26}{rate / 1e6:9.2f} M firm-months/s")
    return rate


def verdict(what: str, value: float, least: float) -> None:
    """Say whether a target is reached."""
    print(f"  {what:60}{value:8.2f}  of {least:5.1f}  {'reached' if value >= least else 'NOT REACHED'}")


def judge(ratios: Mapping[tuple[str, int], Mapping[str, float]]) -> None:
    """Hold all ratios against floor and goal, and our own against the second core's."""
    for kind, targets in (("floor", FLOOR), ("goal", GOAL)):
        print(f"\n{kind}")
        for (size, threads), each in ratios.items():
            for rival, least in targets.items():
                if rival in each:
                    verdict(f"{size}, {threads} thread(s): over {rival}", each[rival], least)
    print("\nsecond core")
    for (size, _), each in ratios.items():
        if ALONE in each:
            verdict(size, each[ALONE], SECOND_CORE)


def main() -> None:
    """Read the command line, measure, judge."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    sizes = [*CASES, "flagship"]
    parser.add_argument("sizes", nargs="*", choices=sizes, default=["small", "medium", "large", "flagship"])
    parser.add_argument("--rivals", type=Path, default=os.environ.get("CASHCADE_BENCH"), help="their folder")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    folder = given.rivals
    if folder is None or not (folder / "numba_paths.py").exists():
        print(f"No rivals in {folder}: timing cashcade alone. Say --rivals FOLDER, or set CASHCADE_BENCH.")
        folder = None
    ratios = {
        (size, threads): measure(size, threads, folder, given.rounds)
        for size in given.sizes
        if size in CASES
        for threads in (1, 2)
    }
    if "flagship" in given.sizes:
        one, two = (flagship(threads, given.rounds) for threads in (1, 2))
        print(f"{'':10}two threads over one {two / one:.2f} x")
    if given.sizes != ["smoke"]:
        judge(ratios)


if __name__ == "__main__":
    main()
