"""The page that lists every figure of a world: ``python -m cashcade_ai.figures ai-2025-08 PAGE``."""

import argparse
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import pandas as pd
from cashcade.load import load_world
from cashcade.world import World
from cashcade.world.dates import first_day

LARGE = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))
"""Amounts are written in these units, the largest that fits."""

MONEY = {"USD", "USD/month", "USD/year", "USD/sqrt(month)"}
"""Units whose numbers are amounts."""

INTRODUCTION = """\
# {title}

Made from the world file by `python -m cashcade_ai.figures {name} PAGE`; do not edit.

{description}

{count} figures: {kinds}. A range is triangular, or the extent of a choice; each draw takes a value of its
own. Ranges with the same name in brackets are one assumption: all low or all high together. Words and
flags that only describe how a record works are left out unless they have a source, and so is whatever
keeps its default ([variables](../variables.md)). Dates of contracts are months of the run; month 1 is the
month after the date of the world.
"""

HEADS = (
    *("of", "figure", "value", "range", "unit", "date", "source", "confidence", "kind", "note"),
    "to know it better",
)
"""Columns of the tables of figures."""

BETTER = """\
## What would be needed to know better

The filing, contract, data set or survey that would tell: first for assumptions of one entry, those that share
a name once, among them all that move outcomes most (`cashcade sensitivity`); then by field for all others.
The tables of assumptions below say it in each row.
"""


def page(world: World) -> str:
    """Return the page in Markdown: sourced figures, assumptions and sources."""
    table = told(_numbers(world.figures()))
    sourced, assumed = table[~table["assumption"]], table[table["assumption"]]
    parts = [
        _introduction(world, table),
        "## Figures with a source\n",
        *_sections(world, sourced),
        *_better(table),
        "## Assumptions\n\nNobody published these. The note says why the range is what it is.\n",
        *_sections(world, assumed),
        "## Sources\n",
        _sources(world),
    ]
    return "\n".join(parts)


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out words and flags without a source."""
    is_number = [not isinstance(value, str | bool) for value in table["value"]]
    return table[pd.Series(is_number, index=table.index) | table["source"].notna()]


@cache
def by_field() -> Mapping[tuple[str, str], str]:
    """Return what would be needed to know an assumption better, by entity and field."""
    said = tomllib.loads((files("cashcade_ai") / "better.toml").read_text(encoding="utf-8"))
    return {
        (entity, field): each["text"]
        for entity, rows in said.items()
        for each in rows
        for field in each["fields"]
    }


def told(table: pd.DataFrame) -> pd.DataFrame:
    """Fill in what is said by field, for assumptions whose own record does not say it."""
    keys = zip(table["entity"], table["field"], table["assumption"], table["better"], strict=True)
    better = [
        by_field().get((entity, field)) if assumed and pd.isna(own) else own
        for entity, field, assumed, own in keys
    ]
    return table.assign(better=pd.Series(better, index=table.index), own=table["better"].notna())


def _introduction(world: World, table: pd.DataFrame) -> str:
    kinds = table["kind"].where(~table["assumption"], "assumption").value_counts()
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
    about = world.about
    text = (about.description or "").strip()
    return INTRODUCTION.format(
        title=about.title, name=about.name, description=text, count=len(table), kinds=counted
    )


def _sections(world: World, table: pd.DataFrame) -> Iterator[str]:
    for entity, rows in table.groupby("entity", sort=False):
        yield f"### {str(entity).capitalize()}\n"
        yield f"| {' | '.join(HEADS)} |"
        yield "|---" * len(HEADS) + "|"
        plain = rows.astype(object).where(rows.notna(), None)
        yield from (
            _row(world, dict(zip(plain.columns, row, strict=True))) for row in plain.itertuples(index=False)
        )
        yield ""


def _better(table: pd.DataFrame) -> Iterator[str]:
    """Yield a row for each assumption that says what would be needed to know it better."""
    said = table[table["better"].notna()]
    if said.empty:
        return
    yield BETTER
    yield "| assumption | to know it better |"
    yield "|---|---|"
    own, others = said[said["own"]], said[~said["own"]]
    names = own["shared"].fillna(own["entity"] + " " + own["id"] + ": " + own["field"])
    kinds = others["entity"] + ": " + others["field"]
    for name, text in {
        **dict(zip(names, own["better"], strict=True)),
        **dict(zip(kinds, others["better"], strict=True)),
    }.items():
        yield f"| {name} | {str(text).replace('|', '/')} |"
    yield ""


def _row(world: World, row: Mapping[str, object]) -> str:
    unit = str(row["unit"])
    value = _written(world, row["value"], unit)
    span = (
        "" if row["low"] is None else " to ".join(_written(world, row[end], unit) for end in ("low", "high"))
    )
    if row["shared"] is not None:
        span += f" ({row['shared']})"
    cells = [row["id"], f"`{row['field']}`", value, span, unit, row["date"], _link(row)]
    cells += [row["confidence"], row["kind"], row["note"], row["better"]]
    return "| " + " | ".join("" if cell is None else str(cell).replace("|", "/") for cell in cells) + " |"


def _written(world: World, value: object, unit: str) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return str(value)
    if unit == "month":
        return f"{first_day(int(value), world.about.date):%Y-%m}"
    if unit in MONEY:
        return _amount(value)
    return f"{value:.6g}"


def _amount(value: float) -> str:
    for size, word in LARGE:
        if abs(value) >= size:
            return f"{value / size:.7g} {word}"
    return f"{value:.7g}"


def _link(row: Mapping[str, object]) -> str:
    if row["url"] is None:
        return str(row["title"] or "")
    return f"[{row['source']}]({row['url']})"


def _sources(world: World) -> str:
    lines = ["| key | title | date | note |", "|---|---|---|---|"]
    for key, source in world.sources.items():
        title = f"[{source.title}]({source.url})" if source.url else f"{source.title} (second-hand)"
        lines.append(f"| {key} | {title} | {source.date or ''} | {source.note or ''} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page of a world to a file."""
    parser = argparse.ArgumentParser(
        prog="python -m cashcade_ai.figures", description="Write the page of a world."
    )
    parser.add_argument("world", help="name of a world, such as ai-2025-08")
    parser.add_argument("page", type=Path, help="Markdown file to write")
    given = parser.parse_args(arguments)
    given.page.write_text(page(load_world(given.world)), encoding="utf-8")


if __name__ == "__main__":
    main()
