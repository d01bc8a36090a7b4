"""What an experiment says: lines of what was measured, and whether it is what it must be."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from cashcade import Comparison
from cashcade.results.result import Result
from cashcade.results.statistics import standard_error
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SURE = 2.0
"""Standard errors by which a difference must differ from what it is held against."""

BILLION = 1e9


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was measured.

    Parameters
    ----------
    what
        In words.
    value
        As it is shown, with its error.
    wanted
        What it must be, in words; empty for what is only reported.
    holds
        Whether it is.
    instead
        Why experts would ask for this in place of what was written down before anything was measured, which
        stays beside it; empty for what was.
    tried
        What was tried and measured where it does not hold, and what to expect: on the page while it does not.
    """

    what: str
    value: str
    wanted: str = ""
    holds: bool = True
    instead: str = ""
    tried: str = ""


@dataclass(frozen=True, slots=True)
class Experiment:
    """A question to the world, and how it is measured.

    Parameters
    ----------
    name, title
        What it is called, and what is done.
    months
        Length of its runs.
    measure
        Gives its lines from the number of paths.
    """

    name: str
    title: str
    months: int
    measure: Callable[[int], Iterator[Line]]


def number(value: float, error: float | None = None, unit: str = "") -> str:
    """Write a number with its standard error."""
    said = f"{value:,.3g}" if error is None else f"{value:+,.3g} ± {error:.2g}"
    return f"{said} {unit}".rstrip()


def below(
    what: str, found: tuple[float, float], limit: float = 0.0, unit: str = "", instead: str = ""
) -> Line:
    """Say that a difference must be below a limit, beyond its error."""
    value, error = found
    return Line(what, number(value, error, unit), f"below {limit:g}", value + SURE * error < limit, instead)


def above(
    what: str, found: tuple[float, float], limit: float = 0.0, unit: str = "", instead: str = ""
) -> Line:
    """Say that a difference must be above a limit, beyond its error."""
    value, error = found
    return Line(what, number(value, error, unit), f"above {limit:g}", value - SURE * error > limit, instead)


def monotone(
    what: str, values: Sequence[float], *, falling: bool, factor: float = 1.0, unit: str = ""
) -> Line:
    """Say that numbers must fall (or rise) from one to the next, and by a factor from end to end."""
    steps = np.diff(values) * (-1 if falling else 1)
    first, last = (values[0], values[-1]) if falling else (values[-1], values[0])
    wanted = f"{'falling' if falling else 'rising'}" + (f", by {factor:g} or more" if factor > 1 else "")
    holds = bool((steps >= 0).all() and steps.sum() > 0 and first >= factor * last)
    return Line(what, f"{', '.join(number(value) for value in values)} {unit}".rstrip(), wanted, holds)


def stepwise(
    what: str, steps: Sequence[tuple[float, float]], *, falling: bool, instead: str = "", unit: str = ""
) -> Line:
    """Say that no step goes the wrong way beyond its error, and the last, from end to end, the right way."""
    sign = -1 if falling else 1
    wrong = any(sign * value + SURE * error < 0 for value, error in steps[:-1])
    whole, error = steps[-1]
    wrong_way, right_way = ("up", "down") if falling else ("down", "up")
    wanted = f"no step {wrong_way} beyond error, and {right_way} from end to end"
    said = "; ".join(number(*step) for step in steps)
    return Line(
        what, f"{said} {unit}".rstrip(), wanted, not wrong and sign * whole - SURE * error > 0, instead
    )


def steps(found: Comparison, measure: Callable[[Result], Floats]) -> list[tuple[float, float]]:
    """Give the paired differences of a number of a path from side to side, then from first to last."""
    draw = found.results[found.base].dataset["path_draw"].to_numpy()
    values = [measure(result) for result in found.results.values()]
    pairs = [*pairwise(values), (values[0], values[-1])]
    return [(float((b - a).mean()), float(standard_error(b - a, draw))) for a, b in pairs]


def reported(what: str, values: Sequence[float]) -> Line:
    """Report numbers of which nothing must be so."""
    return Line(what, ", ".join(number(value) for value in values))


def relative(
    found: Comparison, side: str, variable: str, month: int, of: str | None = None
) -> tuple[float, float]:
    """Give the difference of a variable at the end of a month, with its error, in per cent of the base."""
    difference, error = found.difference(
        side, lambda result: found.values(result, variable, of)[:, month - 1]
    )
    base = float(found.values(found.base, variable, of)[:, month - 1].mean()) / 100
    return difference / base, error / base


def failed(names: Iterable[str], month: int | None = None) -> Callable[[Result], Floats]:
    """Give a measure of a path, in per cent: whether one of the companies has failed by a month."""
    chosen = list(names)

    def measure(result: Result) -> Floats:
        months = result.dataset["failed_month"].sel(company=chosen).to_numpy()
        last = int(result.dataset.attrs["months"]) if month is None else month
        return np.asarray(100.0 * ((months > 0) & (months <= last)).any(axis=1))

    return measure


def count_failed(result: Result) -> Floats:
    """Give the number of companies that fail on each path."""
    return np.asarray((result.dataset["failed_month"].to_numpy() > 0).sum(axis=1), dtype=np.float64)


def mean(result: Result, measure: Callable[[Result], Floats]) -> float:
    """Give the mean over paths of a measure."""
    return float(measure(result).mean())
