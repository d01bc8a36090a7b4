"""How the cost of a run grows with paths, months, companies and contracts, over two decades of each.

`make bench-rules`, or `python benchmarks/exponents.py [smoke]`. One thing is made ten and a hundred times as
large, all else equal; the sizes are timed in turns in one process, on one thread. The exponent is the slope
of a line through the medians of CPU time on logarithmic scales: 1 is in proportion. What a run takes at any
size makes it smaller, so that of the last decade is told too. The worlds are made beforehand; to make them,
from tables to the arrays of the core, is timed for itself.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import cashcade as cc
import numpy as np
import pandas as pd
from cashcade.compile import compile_world
from turns import medians
from worlds import MARKET, Network, alone, run, tables, world

MOST = 1.05
"""Largest exponent."""

DECADES = (1, 10, 100)


@dataclass(frozen=True)
class Size:
    """Least number of each, and rounds."""

    paths: int
    months: int
    companies: int
    contracts: int
    rounds: int


SIZES = {"smoke": Size(16, 2, 4, 12, 1), "full": Size(160, 12, 100, 1_000, 5)}

Ways = Mapping[str, Callable[[], object]]


def grown(size: Size) -> dict[str, Ways]:
    """Give by what grows the runs of each size."""
    small, months = world(alone(12, 36), 120), size.months
    firms = {more: alone(size.companies * more, size.contracts) for more in DECADES}
    trades = {more: alone(10 * size.companies, size.contracts * more) for more in DECADES}
    made = {
        "paths": {size.paths * more: partial(run, small, 36, size.paths * more, 1) for more in DECADES},
        "months": {months * more: partial(run, small, months * more, size.paths, 1) for more in DECADES},
        "companies": {
            size.companies * more: partial(run, world(each, months), months, 16, 1)
            for more, each in firms.items()
        },
        "contracts": {
            size.contracts * more: partial(run, world(each, months), months, 16, 1)
            for more, each in trades.items()
        },
        "tables": {
            size.contracts * more: partial(
                made_of, frames(alone(size.companies * more, size.contracts * more))
            )
            for more in DECADES
        },
    }
    return {name: {f"{count:,}": way for count, way in ways.items()} for name, ways in made.items()}


def frames(network: Network) -> dict[str, pd.DataFrame]:
    """Give the tables of a network."""
    return {name: pd.DataFrame(columns) for name, columns in tables(network, 120).items()}


def made_of(given: Mapping[str, pd.DataFrame]) -> object:
    """Make the arrays of the core of tables."""
    market = pd.DataFrame([MARKET])
    return compile_world(cc.World.from_tables(given, market=market, name="grown", date="2025-08-31"))


def exponents(seconds: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """Give the slope of CPU time over size, of sizes a decade apart, and that of the last decade."""
    times = np.log10([cpu for cpu, _ in seconds.values()])
    return float(np.polyfit(np.log10(DECADES), times, 1)[0]), float(times[-1] - times[-2])


def main(size: str = "full") -> None:
    """Measure and print."""
    chosen = SIZES[size]
    for name, ways in grown(chosen).items():
        seconds = medians(ways, chosen.rounds)
        slope, last = exponents(seconds)
        times = ", ".join(f"{count}: {cpu:.3f} s" for count, (cpu, _) in seconds.items())
        kept = "reached" if slope <= MOST else "NOT REACHED"
        print(f"{name:>10}  exponent {slope:.2f}, at most {MOST}: {kept}; last decade {last:.2f}  ({times})")


if __name__ == "__main__":
    main(*sys.argv[1:])
