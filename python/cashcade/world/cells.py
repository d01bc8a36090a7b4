"""Cells of tables: `cash.low` is a part of the field `cash`, lists are joined by semicolons."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from cashcade.world.kinds import HELD_TABLES
from cashcade.world.plain import plain

Row = dict[str, Any]

LISTS = ("tags", "without", "exits", "choices", "weights")
"""Fields whose values are lists."""


def flat(entry: Mapping[str, Any]) -> Row:
    """Return an entry as a row of cells, without what has a table of its own."""
    row: Row = {}
    for field, value in entry.items():
        if field in HELD_TABLES or value is None:
            continue
        parts = value if isinstance(value, Mapping) else {"value": value}
        for part, item in parts.items():
            if item is not None:
                row[field if part == "value" else f"{field}.{part}"] = _cell(item)
    return row


def _cell(value: object) -> object:
    return ";".join(_text(item) for item in value) if isinstance(value, tuple | list) else value


def _text(item: object) -> str:
    return str(item).lower() if isinstance(item, bool) else str(item)


def nested(row: Row) -> dict[str, Any]:
    """Return a row of cells as an entry; empty cells are left out, and a value without parts stands alone."""
    parts: dict[str, dict[str, Any]] = {}
    for column, value in row.items():
        if not empty(value):
            field, _, part = column.partition(".")
            parts.setdefault(field, {})[part or "value"] = value
    return {field: found["value"] if found.keys() == {"value"} else found for field, found in parts.items()}


def repeated(columns: Iterable[str]) -> str:
    """Return two columns that are one, such as `cash` and `cash.value`; empty where there are none."""
    found: dict[str, str] = {}
    for column in columns:
        field, _, part = column.partition(".")
        whole = f"{field}.{part or 'value'}"
        if whole in found:
            return f'"{found[whole]}" and "{column}"'
        found[whole] = column
    return ""


def empty(value: object) -> bool:
    """Return whether a cell says nothing: none, a mark of the missing, blank text, or not a number."""
    value = plain(value)
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return isinstance(value, str) and not value.strip()
