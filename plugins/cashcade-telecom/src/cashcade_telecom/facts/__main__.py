"""Print the facts, or write their page: ``python -m cashcade_telecom.facts [PAGE]``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cashcade_telecom.facts.page import page, written
from cashcade_telecom.facts.table import Table, table


def plain(table: Table) -> str:
    """Return the table for a terminal: a line for each fact."""
    lines = []
    for found, calm in zip(table.bust, table.calm, strict=True):
        fact = found.fact
        verdict = "HIT " if found.hit else "MISS"
        model = f"{written(fact, found.median)} ({written(fact, found.low)} to {written(fact, found.high)})"
        seen = f"observed {written(fact, fact.low)} to {written(fact, fact.high)}"
        quiet = f"without the bust {written(fact, calm.median)}"
        lines.append(f"{verdict}  {fact.title}\n      {seen}; model {model}; {quiet}")
    hits = sum(found.hit for found in table.bust)
    return "\n".join(
        [*lines, f"{hits} of {len(table.bust)} facts are hit ({table.paths} paths, seed {table.seed})."]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the worlds and print the table, or write the page to a file."""
    parser = argparse.ArgumentParser(
        prog="python -m cashcade_telecom.facts", description="Stylised facts against the model."
    )
    parser.add_argument("page", type=Path, nargs="?", help="Markdown file to write; without it, print")
    parser.add_argument("--paths", type=int, default=2000, help="paths of each run")
    parser.add_argument("--seed", type=int, default=1, help="seed of each run")
    given = parser.parse_args(arguments)
    made = table(given.paths, given.seed)
    if given.page is None:
        sys.stdout.write(plain(made) + "\n")
    else:
        given.page.write_text(page(made), encoding="utf-8")


if __name__ == "__main__":
    main()
