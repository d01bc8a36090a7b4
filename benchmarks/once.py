"""One run of the benchmark's world on one thread, for tools that count or profile."""

import argparse

import cashcade
from worlds import MARKET, alone, tables

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--companies", type=int, default=12)
parser.add_argument("--months", type=int, default=60)
parser.add_argument("--paths", type=int, default=64)
given = parser.parse_args()

network = alone(given.companies, 3 * given.companies)
world = cashcade.World.from_tables(**tables(network, given.months), market=MARKET, name="benchmark")
cashcade.run(
    world,
    months=given.months,
    paths=given.paths,
    seed=1,
    threads=1,
    record=["company.cash", "company.alive"],
)
