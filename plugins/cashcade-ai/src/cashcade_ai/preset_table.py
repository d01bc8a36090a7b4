"""The page of presets: ``python -m cashcade_ai.preset_table PAGE``; ``--keep`` keeps its results."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import cashcade
import numpy as np
from cashcade.results.contagion import share_of_debt_failed
from cashcade.results.result import Result
from cashcade.results.statistics import standard_error

from cashcade_ai.presets import PRESETS, Preset

WORLD = "ai-2025-08"
MONTHS = 60
PATHS = 10_000
SEED = 1

FIRST, LAST = "<!-- results -->", "<!-- end of results -->"
"""Between these lines stands what was computed."""

NEUTRAL = "neutral"

INTRODUCTION = """\
# Presets and scenarios of the AI economy

Made by `python -m cashcade_ai.preset_table PAGE` (`make presets`); do not edit.

The world `ai-2025-08` is the **neutral prior**: what is known, with ranges as wide as what is argued for.
A **preset** says otherwise of seven sorts of assumption only (growth of the labs, inference margin,
own-price elasticity, economic life of a GPU, funding, commitments, rates), each within the ranges that
somebody argues for. It is a scenario like any other:

```
cashcade run ai-2025-08 --months 60 --scenario boom
cashcade sensitivity ai-2025-08 --scenario money-trap --of systemic
```

In Python `cashcade.run("ai-2025-08", months=60, scenarios=["boom"])`, and
`cashcade.sensitivity("ai-2025-08", scenarios=["boom"])`. No preset changes code, a contract, a balance
sheet or who depends on whom.

## What comes out

"""

READING = """

A *systemic cascade*: companies fail that owe at least a tenth of all debt just before, or three linked
companies fail within three months. *Debt that fails* is the part of a dollar of debt that fails: what
the failed owe over all debt, both just before each failure. *Goes first*: the company that fails before
all others, with the share of all paths (companies that fail in the same month share it). `±` is one
standard error. *Moves it most*: the three assumptions that explain most of the variance of the systemic
cascade, each by itself: its chance in per cent over the fifth of the draws in which the assumption is
lowest and over that in which it is highest, and in brackets the share of the variance that it explains,
in per cent, with the half-width of the interval of 95 %. Luck is most of that variance; where the
interval holds 0, the assumption may be on the list by luck. A preset narrows what its own assumptions
leave open, so that others come to the fore.
"""

NOT_MOVED = """\
## What presets say

"""

EVENTS = """
## Scenarios of one event

Beside the presets; each may be added to any of them (`--scenario boom,cursor-lost`). Sizes are set with
`--shock`.

| question | asked by |
|---|---|
| the funding window shuts at month m | `--shock funding-shut:start=m,months=24` |
| labs raise prices by x % | `--shock api-price-rise:rise=x` |
| Anthropic loses Cursor | `--scenario cursor-lost`, or `--shock customer-lost:customer=cursor,share=0.5` |
| the giants cut capex by x % | `--shock capex-cut:cut=x` |
| they go back to the capex of 2022 | `--scenario capex-of-2022` |
| rates rise by 200 basis points | `--scenario rates-up` |
| prices of tokens collapse | `--scenario token-price-collapse` (competition), `cheaper-tokens` (progress) |
| a recession of so many months | `--shock recession:depth=0.05,months=60` |
| a glut of GPUs | `--scenario gpu-glut` |
| the public stands behind large debtors | `--scenario backstop` |
| the window for listings opens | `--scenario ipo-window-opens` |
| nobody buys, nobody lists | `--scenario no-exit` |
| five years of recession, private credit in retreat | `--scenario private-credit-retreat` |
| all of the sceptics' argument at once | `--scenario money-trap` |
"""


class Line(NamedTuple):
    """One line of the table of results."""

    name: str
    systemic: str
    debt: str
    first: str
    moved_by: str

    def __str__(self) -> str:
        return "| " + " | ".join(self) + " |"


def page(results: str) -> str:
    """Return the page in Markdown around a table of results."""
    lines = [INTRODUCTION + FIRST, results, LAST + READING, NOT_MOVED]
    lines += [line for preset in PRESETS for line in _preset(preset)]
    return "\n".join([*lines, EVENTS])


def _preset(preset: Preset) -> Iterator[str]:
    yield from (f"### {preset.name}", "", f"**{preset.title}.** {' '.join(preset.doc.split())}", "")
    yield from ("| assumption | prior | why |", "|---|---|---|")
    yield from (f"| {prior.sort} | {prior.said} | {prior.why} |" for prior in preset.priors)
    yield ""


def results() -> str:
    """Run the world with each preset, and return the table."""
    head = f"{MONTHS} months, {PATHS:,} paths, a draw of the parameters for each, seed {SEED}."
    lines = [head, "", "| preset | systemic cascade, % | debt that fails, % | goes first | moves it most |"]
    lines += [
        "|---|---|---|---|---|",
        *(str(line(name)) for name in (NEUTRAL, *(each.name for each in PRESETS))),
    ]
    return "\n".join(lines)


def line(name: str) -> Line:
    """Run the world with a preset, and return its line of the table."""
    result = cashcade.run(
        WORLD,
        scenarios=() if name == NEUTRAL else [name],
        months=MONTHS,
        paths=PATHS,
        seed=SEED,
        replicates=1,
        quantiles=(),
        record=["company.cash"],
    )
    chance = result.cascade().loc["systemic"]
    share = share_of_debt_failed(result.dataset)
    error = float(standard_error(share, result.dataset["path_draw"].to_numpy()))
    return Line(
        f"**{name}**" if name == NEUTRAL else name,
        f"{100 * chance['chance']:.1f} ±{100 * chance['se']:.1f}",
        f"{100 * share.mean():.1f} ±{100 * error:.1f}",
        _first(result),
        _moved_by(result),
    )


def _first(result: Result) -> str:
    """Tell the two companies that fail first most often."""
    failed = result.dataset["failed_month"].to_numpy().astype(float)
    failed[failed == 0] = np.inf
    earliest = (failed == failed.min(axis=1, keepdims=True)) & np.isfinite(failed)
    shares = (earliest / np.maximum(earliest.sum(axis=1, keepdims=True), 1)).mean(axis=0)
    names = result.dataset["company_name"].to_numpy()
    return ", ".join(f"{names[place]} {100 * shares[place]:.0f} %" for place in np.argsort(-shares)[:2])


def _moved_by(result: Result) -> str:
    found = cashcade.sensitivity(result, of="systemic")
    low, high, shares, halves = (
        100 * found[name].to_numpy() for name in ("at_low", "at_high", "share", "share_ci")
    )
    rows = zip(found["assumption"], low, high, shares, halves, strict=True)
    return "<br>".join(
        f"`{name}` {at_low:.1f} to {at_high:.1f} ({share:.1f} ±{half:.1f})"
        for name, at_low, at_high, share, half in rows
    )


def kept(text: str) -> str:
    """Return the table of results that stands on a page."""
    return text.split(FIRST + "\n", 1)[1].split("\n" + LAST, 1)[0]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page to a file."""
    parser = argparse.ArgumentParser(
        prog="python -m cashcade_ai.preset_table", description="Write the page of the presets."
    )
    parser.add_argument("page", type=Path, help="Markdown file to write")
    parser.add_argument(
        "--keep", action="store_true", help="keep the results that stand there; a run takes a minute"
    )
    given = parser.parse_args(arguments)
    found = kept(given.page.read_text(encoding="utf-8")) if given.keep else results()
    given.page.write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    main()
