"""What a large world takes from Parquet tables to the arrays of the core, and its notes: CPU time and memory.

`make bench-rules`, or `python benchmarks/large.py [smoke]`. Each size is read in a process of its own, after
a small one: its memory is its own, and libraries are loaded. The tables are those of the benchmark's network:
companies, segments, fleets, contracts, loans.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cashcade as cc
import pandas as pd
from cashcade.compile import compile_world
from worlds import MARKET, Network, alone, tables

SIZES = {"smoke": ((100, 1_000),), "full": ((10_000, 100_000), (100_000, 1_000_000), (1_000_000, 10_000_000))}
"""Companies and contracts."""

MOST = {10_000: (0.3, 8.0), 1_000_000: (30.0, 8.0)}
"""CPU seconds and GB at most, by number of companies."""


def read(folder: Path) -> None:
    """Print the contracts, CPU seconds, GB and CPU seconds of the notes of the world in a folder."""
    with tempfile.TemporaryDirectory() as small:
        write(small, alone(2, 1))
        some = cc.World.from_tables(small, name="small", date="2025-08-31")
        compile_world(some)
        some.notes()
    begin = time.process_time()
    world = cc.World.from_tables(folder, name="large", date="2025-08-31")
    inputs = compile_world(world)
    seconds = time.process_time() - begin
    begin = time.process_time()
    world.notes()
    noted = time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e9 if sys.platform == "darwin" else 1e6)
    print(len(inputs.names["contract"]), seconds, peak, noted)


def write(folder: str, network: Network) -> None:
    """Write the tables of a network."""
    for name, columns in {
        **tables(network, 120),
        "market": {name: [x] for name, x in MARKET.items()},
    }.items():
        pd.DataFrame(columns).to_parquet(Path(folder, f"{name}.parquet"))


def measured(companies: int, contracts: int) -> tuple[float, float, float]:
    """Give the CPU seconds and GB of a world of this size, and the CPU seconds of its notes."""
    with tempfile.TemporaryDirectory() as folder:
        write(folder, alone(companies, contracts))
        told = subprocess.run(  # noqa: S603 - this file
            [sys.executable, __file__, "read", folder], check=True, capture_output=True, text=True
        )
    count, seconds, peak, noted = map(float, told.stdout.split())
    assert count == contracts, told.stdout
    return seconds, peak, noted


def main(size: str = "full") -> None:
    """Measure all sizes."""
    for companies, contracts in SIZES[size]:
        *found, noted = measured(companies, contracts)
        most = MOST.get(companies, (float("inf"), float("inf")))
        kept = "reached" if all(a <= b for a, b in zip(found, most, strict=True)) else "NOT REACHED"
        aim = f"  at most {most[0]} s and {most[1]} GB: {kept}" if companies in MOST else ""
        sizes = f"{companies:>9,} companies, {contracts:>10,} contracts"
        print(f"{sizes}: {found[0]:6.2f} s, {found[1]:.2f} GB{aim}; notes {noted:.2f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["read"]:
        read(Path(sys.argv[2]))
    else:
        main(*sys.argv[1:])
