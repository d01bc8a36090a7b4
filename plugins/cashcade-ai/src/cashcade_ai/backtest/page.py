"""The page of the back-test: ``python -m cashcade_ai.backtest PAGE``."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from cashcade_ai.backtest import engine, process
from cashcade_ai.backtest.cases import ORIGINS, Case, cases
from cashcade_ai.backtest.engine import CHOICES, PATHS
from cashcade_ai.backtest.process import BREAKS
from cashcade_ai.backtest.scores import Score, score

SEED = 1

AIM_50, AIM_90 = (0.35, 0.65), (0.75, 0.97)

INTRODUCTION = """\
# Back-test before the date

Made from a run by `python -m cashcade_ai.backtest docs/backtest.md` (`make backtest`); do not edit.

**Through the engine**: each August from {first} to {last} a small world is built from what was known then,
with processes fitted to what was known then, and run with the core a year ahead; scored against what had
come by the next August. Capex of the four giants is a fleet with its plan; revenue of the cloud owners, of
Nvidia, AMD and CoreWeave, and run-rates of labs and apps are segments. Giants, cloud owners and chip makers:
every August for which there are four quarters or more; labs, apps and CoreWeave: August 2024 only, before it
there are too few figures. {paths:,} paths a world, seed {seed}; parameters and the state on the day are drawn
together from {choices} rows of what the estimates leave open ([estimates](\
../plugins/cashcade-ai/src/cashcade_ai/estimates/)).

All numbers are of logarithms: a CRPS of 0.3 is an error of about 30 %. Naive forecasts are points, so their
CRPS is their mean absolute error; *last growth* carries the growth of the last twelve months (or less) on.
Errors leave out one August in turn (labs and apps: one company); six Augusts are six pieces of luck, whatever
the number of cases, and ±0.00 says that every August agreed, not that it is sure.

## What came out

"""

HEAD = """\
| part | cases | in 50 % interval | in 90 % interval | CRPS | no change | last growth | gain on the better |
|---|---|---|---|---|---|---|---|
"""

AIMS = """
Aims: 35 to 65 % in the 50 % interval, 75 to 97 % in the 90 % interval, CRPS no worse than the better naive
forecast.

| part | 50 % | 90 % | CRPS |
|---|---|---|---|
"""

PIT = """
## Where outcomes fell in their forecasts

Outcomes in each tenth of the forecast, lowest first; flat is calibrated.

| part | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |
|---|---|---|---|---|---|---|---|---|---|---|
"""

YOUNG = """
## Labs and apps, August 2024

Factors of the last known run-rate. Months run from that to the outcome.

| company | known | months | 5 % | 25 % | median | 75 % | 95 % | came | last growth |
|---|---|---|---|---|---|---|---|---|---|
"""

ALONE = """
## The same processes outside the engine

The formulas alone, in NumPy, on the same cases: what the engine adds is its clock (a state is carried to the
end of August, quarters are sums of months), its draws, its compensators, and shocks to capex that the four
share. Breaks of capex are here and not there.

"""

READING = """
## How to read it

- **Not blind.** Whoever set the priors knew what became of these companies and of capex up to 2025. The
  priors of growth and the breaks were set before the first run and not changed after it; the time in which a
  run-rate counts as an outcome was lengthened once (from July to May 2025, which added Cursor and Cohere and
  lowered coverage).
- **What is not tested.** Cash is ample in these worlds and nobody fails; there are no links between
  companies, windows or rounds, of which history before the date has no balance sheets. It is the processes
  that are scored, and that the engine runs them as they were fitted.
- **Few.** All 24 cases of capex in the 90 % interval is what a calibrated forecast does in one of twelve
  tries, were they independent: no reason to narrow it. Six of nine labs and apps is what it does in one of
  twenty.
- **CoreWeave** is one case. Its two quarters up to June 2024 became public in March 2025, and are from
  memory.
- **Survivors.** A company is a case only if its run-rate was published again. All of these outcomes lie above
  their median; nobody who failed is there to lie below. This is the tail of a boom, no test of the lower
  half.
- **Data of today.** Filed figures are as first reported or restated, run-rates are as the press has them now;
  Meta's capex of 2018 to 2022 and AMD's revenue are from memory.
- **Capex is of its mean** in the engine; half the variance of the noise is added to its growth, so that the
  median is that of the fit.
- **Breaks** (a year, log fall): {breaks}. Assumptions; the data do not identify them.
- What follows for the priors: scales of capex, clouds and chips may stay as estimated. Labs and apps are, if
  anything, too narrow above, where one or two observations say little about growth: keep their ranges wide.
- Other forecasts can be scored by the same call: `cashcade_ai.backtest.score(samples, outcomes, ...)`.
"""


def page(seed: int = SEED, paths: int = PATHS) -> str:
    """Run the back-test, and return the page in Markdown."""
    wanted = cases()
    drawn = engine.forecasts(wanted, seed, paths)
    scores = dict(_scores(wanted, drawn))
    alone = dict(_scores(wanted, process.forecasts(wanted, seed)))
    head = INTRODUCTION.format(
        first=ORIGINS[0].year, last=ORIGINS[-1].year, paths=paths, choices=CHOICES, seed=seed
    )
    breaks = "; ".join(f"{part} {each.hazard}, {each.least} to {each.most}" for part, each in BREAKS.items())
    return "".join(
        [
            head + HEAD,
            *(_result(part, each) for part, each in scores.items()),
            AIMS,
            *(_aim(part, each) for part, each in scores.items()),
            PIT,
            *(_line([part, *each.pit]) for part, each in scores.items()),
            YOUNG,
            *_young(wanted, drawn),
            ALONE + HEAD,
            *(_result(part, each) for part, each in alone.items()),
            READING.format(breaks=breaks),
        ]
    )


def _scores(wanted: Sequence[Case], drawn: np.ndarray) -> Iterator[tuple[str, Score]]:
    parts = np.array([case.part for case in wanted])
    came = np.array([case.outcome for case in wanted])
    still = np.array([case.no_change() for case in wanted])
    gone_on = np.array([case.last_growth() for case in wanted])
    years = np.array([case.origin.year for case in wanted])
    for part in (*dict.fromkeys(parts), "all"):
        own = np.full(len(parts), fill_value=True) if part == "all" else parts == part
        groups = years[own] if len(np.unique(years[own])) > 1 else None
        yield str(part), score(drawn[own], came[own], still[own], gone_on[own], groups)


def _result(part: str, each: Score) -> str:
    gained = each.better_naive - each.crps
    return _line(
        [
            part,
            each.cases,
            _with_error(each.coverage_50, each.error_50),
            _with_error(each.coverage_90, each.error_90),
            f"{each.crps:.2f}",
            f"{each.no_change:.2f}",
            f"{each.last_growth:.2f}",
            _with_error(gained, each.skill_error),
        ]
    )


def _with_error(value: float, error: float) -> str:
    """Write a number with its error, which one case does not have."""
    return f"{value:.2f}" if np.isnan(error) else f"{value:.2f} ±{error:.2f}"


def _aim(part: str, each: Score) -> str:
    if each.cases == 1:
        return _line([part, "one case", "one case", "met" if each.crps <= each.better_naive else "missed"])
    half, most = (
        "met" if low <= found <= high else "missed, too wide" if found > high else "missed, too narrow"
        for found, (low, high) in ((each.coverage_50, AIM_50), (each.coverage_90, AIM_90))
    )
    return _line([part, half, most, "met" if each.crps <= each.better_naive else "missed"])


def _young(wanted: Sequence[Case], drawn: np.ndarray) -> Iterator[str]:
    for case, samples in zip(wanted, drawn, strict=True):
        if case.metric == "arr":
            start = case.no_change()
            quantiles = np.exp(np.quantile(samples, [0.05, 0.25, 0.5, 0.75, 0.95]) - start)
            came, gone_on = np.exp(case.outcome - start), np.exp(case.last_growth() - start)
            factors = [f"{each:.1f}" for each in (*quantiles, came, gone_on)]
            yield _line([case.entity, f"{np.exp(start) / 1e6:.0f} m", case.months, *factors])


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the back-test, and write the page to a file."""
    parser = argparse.ArgumentParser(
        prog="python -m cashcade_ai.backtest", description="Run the back-test, and write its page."
    )
    parser.add_argument("page", type=Path, help="Markdown file to write")
    given = parser.parse_args(arguments)
    given.page.write_text(page(), encoding="utf-8")
