"""How far explanations of failures hold: ``python -m cashcade_ai.explained docs/explain.md``.

All failures of five presets are explained, and each path is run again without the causes that were named.
"""

import argparse
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import cashcade as cc
import pandas as pd
from cashcade.errors import ArgumentError
from cashcade.results.causes import kind_of

WORLD = "ai-2025-08"
PRESETS = ("", "funding-shut", "money-trap", "gpu-glut", "normal-window")
"""The world as it is, and four that fail in other ways."""

MONTHS, PATHS, SEED = 36, 64, 7

HEAD = (
    "| first cause | failures | lives without it alone, % | lives without all that is named, % | "
    "causes named, mean |\n|---|---|---|---|---|"
)

_TABLE = re.compile(r"^Of all \d[^\n]*\n\n(?:\|[^\n]*\n)+\n[^\n]*\n", flags=re.MULTILINE)
"""The part of the page that is put in anew: the sentence above the table, the table, and the one below."""


class Explained(NamedTuple):
    """A failure that was explained.

    Attributes
    ----------
    first
        Kind of the first cause.
    named
        Causes that are named.
    alone, together
        Whether the company lives to the end of the run, on the same luck, without the first cause; without
        all that are named.
    seconds
        Processor time.
    """

    first: str
    named: int
    alone: bool
    together: bool
    seconds: float


def explained(result: cc.Result) -> Iterator[Explained]:
    """Explain every failure of a run."""
    fell = result.failures()
    for company, path in zip(fell["company"], fell["path"], strict=True):
        began = time.process_time()
        found = result.explain(str(company), int(path))
        needed = found.needed
        seconds = time.process_time() - began
        alone = needed.then[:1] == (0,)
        yield Explained(kind_of(found.first), len(needed.causes), alone, needed.lives, seconds)


def counted(rows: Sequence[Explained]) -> str:
    """Return the sentences and the table of a page."""
    table = pd.DataFrame([*rows])
    presets = ", ".join(f"`{name}`" for name in PRESETS[1:])
    size = f"{PATHS} paths of {MONTHS} months each, seed {SEED}"
    held = 100 * (table["alone"] | (table["named"] > 1)).mean()
    mean, most = table["seconds"].mean(), table["seconds"].max()
    return "\n".join(
        (
            f"Of all {len(table)} failures of five presets (as it is, {presets}; {size}), by first cause:",
            "",
            HEAD,
            *_rows(table),
            "",
            (
                f"On {held:.1f} % of them the first cause alone is enough, or several are named. "
                f"An explanation took {mean:.2f} s of processor time on average and {most:.2f} s at most."
            ),
            "",
        )
    )


def _rows(table: pd.DataFrame) -> Iterator[str]:
    """Yield the rows of the table, the most frequent cause first."""
    for name, part in sorted(table.groupby("first"), key=lambda group: -len(group[1])):
        alone, together = 100 * part["alone"].mean(), 100 * part["together"].mean()
        yield f"| {name} | {len(part)} | {alone:.0f} | {together:.0f} | {part['named'].mean():.2f} |"


def renewed(page: str, text: str) -> str:
    """Return a page with the count put in anew.

    Raises
    ------
    ArgumentError
        The page has no such table.
    """
    new, found = _TABLE.subn(lambda _: text, page)
    if found != 1:
        raise ArgumentError(
            f"the page has {found} tables below a line that begins with 'Of all'; one is wanted."
        )
    return new


def main() -> None:
    """Run the presets, explain every failure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    page = parser.parse_args().page
    given = [[name] if name else [] for name in PRESETS]
    runs = (cc.run(WORLD, scenarios=each, months=MONTHS, paths=PATHS, seed=SEED) for each in given)
    text = counted([each for result in runs for each in explained(result)])
    page.write_text(renewed(page.read_text(encoding="utf-8"), text), encoding="utf-8")


if __name__ == "__main__":
    main()
