"""What it costs to step: a host that reads and sets prices each month, against one call of `run`.

    python benchmarks/stepping.py [WORLD] [PATHS]

Both in one process, turn by turn, from the world to the end; medians of CPU and wall time and their ratio.
"""

import statistics
import sys
import time
from collections.abc import Callable

import cashcade as cc

MONTHS = 36
ROUNDS = 5


def run(world: cc.World, paths: int) -> None:
    """One call, with what it records by default."""
    cc.run(world, months=MONTHS, paths=paths, seed=1, quantiles=())


def untouched(world: cc.World, paths: int) -> None:
    """Months one by one, nothing read or set."""
    with cc.Simulation(world, paths=paths, seed=1) as simulation:
        for _ in range(MONTHS):
            simulation.step()


def prices(world: cc.World, paths: int) -> None:
    """Each month, who is short of runway dears its list price by a hundredth."""
    with cc.Simulation(world, paths=paths, seed=1) as simulation:
        for _ in range(MONTHS):
            simulation.step()
            short = simulation.get("company.runway") < 12.0
            dearer = simulation.get("company.list_price") * 1.01
            simulation.set("company.list_price", dearer, where=short)


WAYS: tuple[Callable[[cc.World, int], None], ...] = (run, untouched, prices)


def main(name: str = "ai-2025-08", paths: str = "10000") -> None:
    """Measure and print."""
    world = cc.load_world(name)
    cpu: dict[str, list[float]] = {way.__name__: [] for way in WAYS}
    wall: dict[str, list[float]] = {way.__name__: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way in WAYS:
            begin = time.process_time(), time.perf_counter()
            way(world, int(paths))
            cpu[way.__name__].append(time.process_time() - begin[0])
            wall[way.__name__].append(time.perf_counter() - begin[1])
    print(f"{name}, {int(paths):,} paths, {MONTHS} months, medians of {ROUNDS}")
    print(f"{'':>10} {'CPU s':>8} {'ratio':>6} {'wall s':>8} {'ratio':>6}")
    for way in cpu:
        mine = [statistics.median(times[way]) for times in (cpu, wall)]
        base = [statistics.median(times["run"]) for times in (cpu, wall)]
        print(f"{way:>10} {mine[0]:8.2f} {mine[0] / base[0]:6.2f} {mine[1]:8.2f} {mine[1] / base[1]:6.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
