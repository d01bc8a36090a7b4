"""Write the table of levers in `docs/rules.md` from the compiled core; the rest is written by hand.

`make fmt` runs it; `tests/rules/test_docs.py` fails while the page is not what the core says.
"""

import argparse
from pathlib import Path

from cashcade import _core
from cashcade.rules.shocks import PRICES
from cashcade.rules.vocabulary import MODELS, levers

BEGIN, END = "<!-- levers: made by make fmt -->\n", "<!-- end of levers -->\n"


def table() -> str:
    """Write the table, by kind of entity."""
    limits = {(row.entity, row.name): (row.low, row.high) for row in _core.table().parameters}
    lines = ["| lever | unit | range | stays | meaning |", "|---|---|---|---|---|"]
    for kind in MODELS:
        for name, row in levers(kind).items():
            if name != row.name:
                continue
            price = " (price)" if name in PRICES.get(kind, ()) else ""
            low, high = limits.get((kind, name), (None, None)) if row.source == "parameter" else (None, None)
            extent = (
                "" if low is None or high is None else f"{low:g} .. {high:g}".replace("1e+17", "no limit")
            )
            words = ", ".join(f"`{word}`" for word, _ in row.words) or extent
            stays = "yes" if row.source == "variable" else "no"
            lines.append(f"| `{kind}.{name}`{price} | {row.unit} | {words} | {stays} | {row.meaning} |")
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """Put the table in its place."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def main() -> None:
    """Rewrite the page at the path given on the command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("path", type=Path)
    path = parser.parse_args().path
    path.write_text(page(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
