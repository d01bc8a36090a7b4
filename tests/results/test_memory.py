"""What a run is said to take of memory, against what it takes."""

import json
import os
import subprocess
import sys

import cashcade as cc
import pytest
from cashcade import _core
from cashcade.compile import compile_world
from cashcade.rules import add, companies
from cashcade.words.rows import variables

from tests.results.rings import ring

MEASURE = r"""
import json, re, resource, sys
from pathlib import Path
import cashcade as cc
from cashcade.case import case
from cashcade.rules import add, companies

shape, companies_in_it = sys.argv[1], int(sys.argv[2])
from tests.results.rings import ring
from tests.results.test_memory import arguments, drawing
if shape == "refused":
    cc.run(ring(3), **{**arguments("kept"), "paths": 32, "months": 3}).dataset  # all libraries are loaded
    pages = int(open("/proc/self/statm").read().split()[0])
    limit = pages * resource.getpagesize() + 1_000_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
    try:
        cc.run(ring(companies_in_it), **arguments("kept"))
    except MemoryError as error:
        print(json.dumps([type(error).__name__, str(error)]))
    sys.exit()
def peak():
    # Not getrusage: a child's peak there starts at that of the process that forked it.
    return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1])

said = []
estimated = case.estimated
case.estimated = lambda *given: said.append(estimated(*given)) or said[-1]
cc.run(ring(3), **{**arguments(shape), "paths": 32, "months": 3}).dataset
world = (drawing if shape == "draws" else ring)(companies_in_it)
before = peak()
cc.run(world, **arguments(shape)).dataset
print(json.dumps([said[-1].total, peak() - before]))
"""


def rules(lag=1200):
    """Rules that look back far."""
    return [
        cc.Rule(f"r{k}", (companies().cash * (k + 1)).lag(lag) < 0, add(companies().fixed_cost, 1.0))
        for k in range(5)
    ]


def arguments(shape):
    """A run that takes most of its memory for one thing."""
    common = {"threads": 2, "quantiles": (), "max_memory": 1e12}
    match shape:
        case "sums":
            record = [name for name in variables() if name.startswith("company.")]
            return {**common, "paths": 160, "months": 120, "record": record}
        case "kept":
            return {**common, "paths": 3000, "months": 60, "record": ["company.cash"], "keep_paths": True}
        case "draws":
            return {**common, "paths": 8_000, "months": 1, "record": [], "replicates": 1}
        case _:
            return {**common, "paths": 640, "months": 3, "rules": rules()}


def measured(shape, count):
    """What a process of its own prints.

    The allocator of the core keeps what is freed for some milliseconds, so that a peak would depend on the load
    of the machine: here it keeps it for good, which is the most that can be taken.
    """
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", MEASURE, shape, str(count)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "MIMALLOC_PURGE_DELAY": "-1"},
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux says how much a process had at most")
@pytest.mark.parametrize(("shape", "count"), [("sums", 500), ("kept", 300), ("rules", 200), ("draws", 1000)])
def test_what_is_said_is_what_is_taken(shape, count):
    said, taken = measured(shape, count)
    assert said == pytest.approx(taken, rel=0.2)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
def test_a_limit_of_the_process_is_an_error_and_no_abort():
    name, message = measured("refused", 1000)
    assert name == "MemoryLimitError"
    assert "which the system does not grant" in message
    assert "ulimit -v" in message


def drawing(count):
    """Companies whose cash and costs nobody knows."""
    rows = ['[world]\nname = "drawn"\ndate = 2025-08-31\n']
    rows += [
        f'[[company]]\nid = "c{number}"\ncash = {{ value = 1e8, low = 5e7, high = 2e8 }}\n'
        "fixed_cost = { value = 1e5, low = 5e4, high = 2e5 }\n"
        for number in range(count)
    ]
    return cc.World.from_text("".join(rows))


def test_the_core_counts_its_copy_of_drawn_numbers():
    for count in (3, 50):
        inputs = compile_world(drawing(count), draws=2)
        taken = _core.footprint(inputs.arrays, months=3, paths=16, threads=1, record=[], last=[], keep=0)
        assert taken["draw"] == 2 * count * 8, "cash and fixed cost of each"
    inputs = compile_world(ring(3), draws=1)
    taken = _core.footprint(inputs.arrays, months=3, paths=16, threads=1, record=[], last=[], keep=0)
    assert taken["draw"] == 0


def test_sums_count():
    record = [name for name in variables() if name.startswith("company.")]
    with pytest.raises(cc.MemoryLimitError, match=r"[GM]B for sums over paths in 120 months") as caught:
        cc.run(ring(1000), record=record, months=120, paths=16, quantiles=(), threads=2, max_memory=1e8)
    assert "record fewer variables" in str(caught.value)


def test_the_past_of_rules_counts():
    with pytest.raises(cc.MemoryLimitError, match="MB for the paths at work"):
        cc.run(ring(30), rules=rules(), months=3, paths=16, threads=1, quantiles=(), max_memory=2e7)
    cc.run(ring(30), rules=rules(lag=12), months=3, paths=16, threads=1, quantiles=(), max_memory=2e7)


def test_a_simulation_counts_the_past_of_rules():
    with pytest.raises(cc.MemoryLimitError, match="it holds all 16 paths at once"):
        cc.Simulation(ring(30), rules=rules(), paths=16, max_memory=2e7)
    with cc.Simulation(ring(30), rules=rules(lag=12), paths=16, max_memory=2e7) as simulation:
        assert simulation.step() == 1


def test_sums_of_every_chunk_count():
    message = "sums over paths"
    with pytest.raises(cc.MemoryLimitError, match=message):
        cc.run(ring(50), paths=640, months=60, quantiles=(), executor="processes", max_memory=2e7)
    cc.run(ring(50), paths=640, months=60, quantiles=(), threads=1, max_memory=2e7)
