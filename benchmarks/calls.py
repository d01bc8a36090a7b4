"""What a call costs beside what it computes: `python benchmarks/calls.py [--sets 64] [--rounds 5]`.

In one process, in turns: sets of parameters through `parameters=` and through a loop of `Case.run` with one
set each, against as many paths of a plain run; then calls of one path, and the part of them that is the core.
"""

import argparse
import statistics
import time
import warnings

import cashcade as cc
import numpy as np
from cashcade.case import case as module
from cashcade.runs.executors import compute
from turns import report

WORLD = "ai-2025-08"
LEAST, MOST = 5e9, 4e10

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--sets", type=int, default=64, help="sets of parameters; 4096 takes minutes")
parser.add_argument("--replicates", type=int, default=64, help="paths of each")
parser.add_argument("--months", type=int, default=36)
parser.add_argument("--rounds", type=int, default=5)


def sets(case: cc.Case, given: argparse.Namespace) -> None:
    """Compare ways to run many sets of parameters."""
    table = {"company.openai.cash": np.linspace(LEAST, MOST, given.sets)}
    how = {"months": given.months, "seed": 1, "threads": 1, "quantiles": ()}

    def plain() -> None:
        case.run(paths=given.sets * given.replicates, replicates=given.replicates, **how)

    def by_table() -> None:
        case.run(parameters=table, replicates=given.replicates, **how)

    def loop() -> None:
        for value in table["company.openai.cash"]:
            case.run(parameters={"company.openai.cash": [value]}, replicates=given.replicates, **how)

    ways = {"plain": plain, "parameters=": by_table, "loop": loop}
    title = f"{given.sets} sets of parameters x {given.replicates} paths x {given.months} months of {WORLD}"
    report(title, ways, given.rounds, {"parameters=": 1.2, "loop": 2.0})


def call(case: cc.Case, given: argparse.Namespace) -> None:
    """Time calls of one path, and what of them is the core."""
    inside: list[float] = []

    def timed(*arguments: object) -> object:
        begin = time.perf_counter()
        outcome = compute(*arguments)
        inside.append(time.perf_counter() - begin)
        return outcome

    module.compute = timed
    whole = []
    for seed in range(10 * given.rounds):
        begin = time.perf_counter()
        case.run(months=given.months, paths=1, seed=seed, threads=1)
        whole.append(time.perf_counter() - begin)
    module.compute = compute
    total, core = 1e3 * statistics.median(whole), 1e3 * statistics.median(inside)
    print(f"a call of 1 path: {total:.1f} ms, of which the core {core:.1f} ms")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    given = parser.parse_args()
    made = cc.Case(WORLD)
    sets(made, given)
    call(made, given)
