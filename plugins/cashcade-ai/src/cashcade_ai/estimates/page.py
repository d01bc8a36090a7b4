"""The page of the estimates: ``python -m cashcade_ai.estimates PAGE``."""

import argparse
from collections.abc import Iterator, Sequence
from math import isnan
from pathlib import Path

import pandas as pd

from cashcade_ai.estimates import chains
from cashcade_ai.estimates.table import estimates
from cashcade_ai.sourced import inputs, priors

INTRODUCTION = """\
# Parameters from history

Made by `python -m cashcade_ai.estimates PAGE`; do not edit.

What history up to September 2025 says about the processes of the model, with standard errors, and the ranges
that follow. The tables it reads are packaged in `cashcade_ai/data`, every row with source, date and
confidence; `cashcade_ai.sourced` reads and checks them.

**Read with care.** Companies with a published run-rate or a second round are the survivors of a boom: growth,
steps of price and hazards of rounds are too high, falls and failures too few. Many run-rates, rounds and
backlogs are press figures or from memory (`confidence`). Estimates marked *not identified* are the prior.
Priors of the estimators were set before the first estimate and before the back-test
([backtest.md](backtest.md)) and not touched since: growth fades with a half-life of 18 months, half or double
of each scale is one deviation. The ranges at the end were written down after both, and before any run of the
model. Growth is of the logarithm, so `growth` is that of the median path, not of the mean.
"""

CHAINS = """\
## Windows: when they were shut

Rules, set from each series alone. Credit: the high-yield spread ends a month at 7.5 % or more, until it ends
one below 6.5 %. Venture: a year below 0.75 of the year before, until a year that does not fall. Listings:
fewer than half as many technology listings as the mean of three years, until a year with a quarter more than
the last (2024 counts as shut only because 2021 is in that mean). Venture and listings are seen by year only.
*Shares* (issues of the listed) are not in the data.

| window | shut from (for) |
|---|---|
"""

FALLS = """
Do the hazards shut a window in the fall? Chance that an open window shuts in the twelve months after the
date, on the states that were, each known a month before; *blind* is with the coefficients of all other
years. With five shuttings or fewer a window, that is most of what can be asked of them.

| window | after | chance | blind | it did |
|---|---|---|---|---|
"""

PRIORS = """
## Ranges to use

From `data/priors.csv`: what a mechanism may take as its triangular range. *Assumption*: nothing in the data
identifies it.

| for | parameter | of | low | value | high | unit | basis | why |
|---|---|---|---|---|---|---|---|---|
"""

INPUTS = """
## Draft inputs of the world

From `data/inputs.csv`, to become figures of `ai-2025-08` when their mechanism is there: market values,
covenants by loan, capacity and backlog, project loans, leases and guarantees off balance, plans, terms of
payment, and the ranges of July to September 2025 against which month 1 is checked (T12; what was published in
October is not known here, so their ends are the last quarter as it was and grown by two quarters of last
year's growth).

| for | inputs | of them assumptions | targets |
|---|---|---|---|
"""

NOT_HERE = """
## What was asked of the data and is not there

- The answer of rents to scarcity: no series of use or supply of GPUs.
- Multiples as a process: market values of one date, share prices of eighteen months; so value moves with the
  index (beta) and its own noise, and the multiple of August 2025 is a level.
- Broadcom: market value and debt only (from memory), no revenue; AMD: data-centre revenue from memory.
- Growth of the clouds themselves: their revenue is not in the tables, only that of their owners; backlogs
  are.
- Capex guidance of the giants; the cash of most private companies.
- Deaths of young AI companies: three names, no count of those at risk.
"""


def page() -> str:
    """Return the page in Markdown."""
    parts = [INTRODUCTION, *_estimates(), CHAINS + _spells(), FALLS + _falls(), PRIORS + _priors()]
    return "\n".join([*parts, INPUTS + _inputs(), NOT_HERE])


def _estimates() -> Iterator[str]:
    for mechanism, rows in estimates().groupby("mechanism", sort=False):
        head = "| parameter | of | estimate | error | series | points | span | method | note |"
        lines = [f"## {mechanism}\n", head, "|---|---|---|---|---|---|---|---|---|"]
        for row in rows.to_dict("records"):
            cells = [f"`{row['parameter']}`", row["of"], _number(row["estimate"]), _number(row["error"])]
            lines.append(
                _line([*cells, *(row[each] for each in ("series", "observations", "span", "method", "note"))])
            )
        yield "\n".join([*lines, ""])


def _spells() -> str:
    lines = []
    for chain in chains.chains():
        unit = "years" if chain.yearly else "months"
        spells = ", ".join(
            f"{start[:4] if chain.yearly else start} ({count})" for start, count in chain.spells()
        )
        lines.append(_line([chain.name, f"{spells}, {unit}"]))
    return "\n".join(lines) + "\n"


def _falls() -> str:
    lines = []
    for chain in chains.chains():
        known = chain.hazard("shuts").coefficients
        for crisis, after in chains.FALLS.items():
            blind = chain.hazard("shuts", chains.CRISES[crisis]).coefficients
            shut = chain.shut[chains.CRISES[crisis][0] : chains.CRISES[crisis][1]]
            cells = [chain.name, f"{pd.Timestamp(after):%Y-%m}", f"{chain.shuts_soon(after, known):.2f}"]
            lines.append(
                _line([*cells, f"{chain.shuts_soon(after, blind):.2f}", "yes" if shut.any() else "no"])
            )
    return "\n".join(lines) + "\n"


def _priors() -> str:
    lines = []
    for row in priors().to_dict("records"):
        span = [_number(float(row[end])) for end in ("low", "value", "high")]
        cells = [
            row["mechanism"],
            f"`{row['parameter']}`",
            row["of"],
            *span,
            row["unit"],
            row["basis"],
            row["why"],
        ]
        lines.append(_line(cells))
    return "\n".join(lines) + "\n"


def _inputs() -> str:
    lines = []
    for mechanism, rows in inputs().groupby("mechanism", sort=False):
        assumed = int((rows["kind"] == "assumption").sum())
        lines.append(_line([mechanism, len(rows), assumed, ", ".join(dict.fromkeys(rows["target"]))]))
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    if isnan(value):
        return ""
    return f"{value:.3f}" if abs(value) < 1 else f"{value:.2f}"


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page to a file."""
    parser = argparse.ArgumentParser(
        prog="python -m cashcade_ai.estimates", description="Write the page of the estimates."
    )
    parser.add_argument("page", type=Path, help="Markdown file to write")
    given = parser.parse_args(arguments)
    given.page.write_text(page(), encoding="utf-8")
