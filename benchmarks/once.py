"""One run of the benchmark's world on one thread, for tools that count or profile."""

import argparse

from worlds import alone, run, world

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--companies", type=int, default=12)
parser.add_argument("--contracts", type=int, default=36)
parser.add_argument("--months", type=int, default=60)
parser.add_argument("--paths", type=int, default=64)
given = parser.parse_args()

network = alone(given.companies, given.contracts)
run(world(network, given.months), given.months, given.paths, threads=1)
