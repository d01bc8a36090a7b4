"""What it costs to step: a host that reads and sets prices each month, against one call of `run`, and
environments of Gymnasium, many at once against one by one.

`make bench-rules`, or `python benchmarks/stepping.py [smoke]`. In one process, turn by turn, from the world
to the end; medians of CPU and wall time and their ratio.
"""

import sys
from collections.abc import Callable
from functools import partial

import cashcade as cc
import numpy as np
from cashcade.gym import CashcadeEnv, CashcadeVectorEnv, Lever, Seen
from turns import medians, report

MONTHS = 36
MOST = 3.0
EPISODES = 4
NUMBER = 256
BATCHED = 20
"""Episodes timed of a single environment; environments at once, and how many times its steps they make."""
SIZES = {"smoke": (256, 1), "full": (10_000, 5)}
"""Paths and rounds."""


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


def levels(world: cc.World, paths: int) -> None:
    """The same with the factor on list prices, a lever of rules."""
    with cc.Simulation(world, levers=["company.list_level"], paths=paths, seed=1) as simulation:
        for _ in range(MONTHS):
            simulation.step()
            short = simulation.get("company.runway") < 12.0
            simulation.scale("company.list_level", 1.01, where=short)


def dearer(now: cc.Turn) -> None:
    """Move the factor on list prices as above."""
    now.scale("company.list_level", 1.01, where=now.get("company.runway") < 12.0)


def monthly(world: cc.World, paths: int) -> None:
    """The same as a function that is called each month, with what `run` records."""
    levers = ["company.list_level"]
    cc.run_monthly(world, dearer, levers=levers, months=MONTHS, paths=paths, seed=1, quantiles=())


WAYS: tuple[Callable[[cc.World, int], None], ...] = (run, untouched, prices, levels, monthly)


def alive(simulation: cc.Simulation, _actions: object) -> np.ndarray:
    """Count the companies at work, of each path: the reward."""
    return simulation.get("company.alive").sum(axis=1)


def environments(world: cc.World, number: int, rounds: int) -> None:
    """Compare steps a second of many episodes at once, on all cores, with those of single ones."""
    sees, levers = (
        [Seen("company.cash"), Seen("company.alive")],
        [Lever("company.list_price", 0.99, 1.01, how="scale")],
    )
    many = CashcadeVectorEnv(world, number, levers=levers, sees=sees, reward=alive, months=MONTHS)
    single = CashcadeEnv(
        world, levers=levers, sees=sees, reward=lambda *given: float(alive(*given)[0]), months=MONTHS
    )

    def at_once() -> None:
        many.reset(seed=1)
        for _ in range(MONTHS):
            many.step(np.zeros((number, 1)))

    def by_one() -> None:
        for episode in range(EPISODES):
            single.reset(seed=episode)
            for _ in range(MONTHS):
                single.step(np.zeros(1))

    found = medians({"at once": at_once, "by one": by_one}, rounds)
    times = found["by one"][1] / EPISODES * number / found["at once"][1]
    kept = "reached" if times >= BATCHED else "NOT REACHED"
    print(f"{number} environments at once: {times:.1f} times the steps of single ones; {BATCHED}: {kept}")


def main(size: str = "full") -> None:
    """Measure and print."""
    name, (paths, rounds) = "ai-2025-08", SIZES[size]
    world = cc.load_world(name)
    ways = {way.__name__: partial(way, world, paths) for way in WAYS}
    most = {"prices": MOST, "levels": MOST, "monthly": MOST}
    report(f"{name}, {paths:,} paths, {MONTHS} months", ways, rounds, most)
    environments(world, NUMBER, rounds)


if __name__ == "__main__":
    main(*sys.argv[1:])
