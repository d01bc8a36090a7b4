"""Several ways of doing one thing, timed in turns in one process."""

import statistics
import time
from collections.abc import Callable, Mapping

Seconds = tuple[float, float]
"""CPU and wall seconds."""


def turns(ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[Seconds]]:
    """Give the seconds of each way in each round, done in turns after one to warm up."""
    times: dict[str, list[Seconds]] = {name: [] for name in ways}
    for work in ways.values():
        work()
    for _ in range(rounds):
        for name, work in ways.items():
            begin = time.process_time(), time.perf_counter()
            work()
            times[name].append((time.process_time() - begin[0], time.perf_counter() - begin[1]))
    return times


def median(times: list[Seconds]) -> Seconds:
    """Give the median of each of both."""
    cpu, wall = zip(*times, strict=True)
    return statistics.median(cpu), statistics.median(wall)


def medians(ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Seconds]:
    """Give the median seconds of each way, done in turns after one to warm up."""
    return {name: median(times) for name, times in turns(ways, rounds).items()}


def report(
    title: str, ways: Mapping[str, Callable[[], object]], rounds: int, most: Mapping[str, float]
) -> None:
    """Print the median seconds of each way, and the median of its ratios to the first in the same round.

    A machine that slows down for a while slows both down. Of those in `most`, tell whether it is kept.
    """
    found = turns(ways, rounds)
    base = found[next(iter(ways))]
    print(f"{title}, medians of {rounds}")
    print(f"{'':>12} {'CPU s':>8} {'ratio':>6} {'wall s':>8} {'ratio':>6}")
    for name, times in found.items():
        pairs = zip(times, base, strict=True)
        ratio, of_wall = median([(cpu / one, wall / other) for (cpu, wall), (one, other) in pairs])
        cpu, wall = median(times)
        line = f"{name:>12} {cpu:8.2f} {ratio:6.2f} {wall:8.2f} {of_wall:6.2f}"
        kept = "reached" if ratio <= most.get(name, ratio) else "NOT REACHED"
        print(f"{line}  at most {most[name]:.1f}: {kept}" if name in most else line)
