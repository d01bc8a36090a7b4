"""Several ways of doing one thing, timed in turns in one process."""

import statistics
import time
from collections.abc import Callable, Mapping


def medians(ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, tuple[float, float]]:
    """Give the median CPU and wall seconds of each way, done in turns after one to warm up."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for work in ways.values():
        work()
    for _ in range(rounds):
        for name, work in ways.items():
            begin = time.process_time(), time.perf_counter()
            work()
            times[name].append((time.process_time() - begin[0], time.perf_counter() - begin[1]))
    return {
        name: (statistics.median(cpu), statistics.median(wall))
        for name, each in times.items()
        for cpu, wall in [zip(*each, strict=True)]
    }


def report(
    title: str, ways: Mapping[str, Callable[[], object]], rounds: int, most: Mapping[str, float]
) -> None:
    """Print CPU and wall time, and their ratio to the first way; of those in `most`, whether it is kept."""
    found = medians(ways, rounds)
    base = found[next(iter(ways))]
    print(f"{title}, medians of {rounds}")
    print(f"{'':>12} {'CPU s':>8} {'ratio':>6} {'wall s':>8} {'ratio':>6}")
    for name, (cpu, wall) in found.items():
        ratio = cpu / base[0]
        line = f"{name:>12} {cpu:8.2f} {ratio:6.2f} {wall:8.2f} {wall / base[1]:6.2f}"
        kept = "reached" if ratio <= most.get(name, ratio) else "NOT REACHED"
        print(f"{line}  at most {most[name]:.1f}: {kept}" if name in most else line)
