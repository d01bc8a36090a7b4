"""Worlds as tables: one per kind of entry, from any DataFrame, CSV, Parquet or workbook, and back."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from cashcade.errors import WorldError
from cashcade.world.cells import Row, flat, nested
from cashcade.world.kinds import HELD_TABLES, TABLES
from cashcade.world.origin import ENDS, Origin
from cashcade.world.problems import Place, Problem, by_line, did_you_mean
from cashcade.world.sheets import Leaf, Sheet, framed, read_sheet, sheets_in

SINGLE = ("world", "market")
KNOWN = (*TABLES, *HELD_TABLES, *SINGLE, "sources")
RESULTS = frozenset({"about", "summary"})
"""Tables that the folder or workbook of a result has."""


class Given(NamedTuple):
    """Tables by name, where they come from, and names that were given twice."""

    tables: Mapping[str, Any]
    name: str
    twice: tuple[str, ...] = ()

    def without(self, names: Collection[str]) -> "Given":
        """Return the other tables."""
        return self._replace(tables={name: table for name, table in self.tables.items() if name not in names})


def gathered(source: str | Path | Mapping[str, Any] | None, more: Mapping[str, Any]) -> Given:
    """Return tables as they are given, those of columns as frames, which can be read twice.

    Raises
    ------
    WorldError
        If there is no such folder or workbook, or it is of a result.
    """
    tables: dict[str, Any] = {}
    if source is not None:
        tables = dict(source) if isinstance(source, Mapping) else dict(sheets_in(source))
    if tables.keys() >= RESULTS:
        given, name = "the tables of a result", str(source)
        wanted = f"tables of a world, such as {', '.join(KNOWN[:3])}"
        raise WorldError([Problem(name, None, "", given, wanted)], name)
    name = str(source) if isinstance(source, str | Path) else "tables"
    found = {name: framed(table) for name, table in {**tables, **more}.items()}
    return Given(found, name, tuple(tables.keys() & more.keys()))


def read_tables(given: Given, about: Mapping[str, object]) -> tuple[dict[str, Any], Origin]:
    """Return the sections that tables hold and the way to their files and lines.

    Raises
    ------
    WorldError
        If a table is unknown or cannot be read, or a row names a holder that is not there.
    """
    sheets: dict[str, Sheet] = {}
    problems = [
        Problem(None, None, name, "a table given twice", "each table once", "Leave one of them out.")
        for name in given.twice
    ]
    for name, table in given.tables.items():
        if name not in KNOWN:
            hint = did_you_mean(name, KNOWN) or "Known tables: " + ", ".join(KNOWN) + "."
            file = table.file if isinstance(table, Leaf) else None
            hint += ' The name of a sheet that is no table begins with "_".' if file else ""
            problems.append(Problem(file, None, name, f'unknown table "{name}"', "a known table", hint))
            continue
        try:
            sheets[name] = read_sheet(name, table)
        except WorldError as error:
            problems += error.problems
    reader = TableReader(sheets)
    raw = reader.raw(about)
    problems += reader.problems
    if problems:
        raise WorldError(by_line(problems), given.name)
    return raw, Origin(given.name, reader.locate, by_column=True)


class TableReader:
    """Puts rows into sections, and remembers where each came from."""

    def __init__(self, sheets: Mapping[str, Sheet]) -> None:
        self.sheets = sheets
        self.problems: list[Problem] = []
        self.places: dict[Place, tuple[str | None, int | None]] = {}

    def locate(self, place: Place) -> tuple[str | None, int | None]:
        """Return file and line of the row that holds `place`."""
        holders = (place[:length] for length in range(len(place), 0, -1))
        return next((self.places[holder] for holder in holders if holder in self.places), (None, None))

    def raw(self, about: Mapping[str, object]) -> dict[str, Any]:
        """Return the sections."""
        raw: dict[str, Any] = {"world": {key: value for key, value in about.items() if value is not None}}
        for name in SINGLE:
            rows = [(number, row) for number, row in enumerate(self._rows(name)) if row]
            for _, row in rows[:1]:
                raw[name] = raw.get(name, {}) | row
            self.problems += [self._extra(name, number) for number, _ in rows[1:2]]
        if "sources" in self.sheets:
            raw["sources"] = self._sources()
        for name, section in TABLES.items():
            if name in self.sheets:
                raw[section] = self._rows(name)
                for number in range(len(raw[section])):
                    self.places[section, number] = self._position(name, number)
        for name in HELD_TABLES:
            self._put(name, raw)
        return raw

    def _rows(self, name: str) -> list[dict[str, Any]]:
        sheet = self.sheets.get(name)
        return [nested(row) for row in sheet.rows] if sheet else []

    def _sources(self) -> dict[str, Any]:
        """Return the sources by their keys, the number of the row where there is none."""
        found: dict[str, Any] = {}
        for number, row in enumerate(self._rows("sources")):
            key = str(row.pop("key", number + 1))
            if key in found:
                what = f'key "{key}" a second time'
                self.problems.append(self._problem("sources", number, what, "each key once"))
            found.setdefault(key, row)
        return found

    def _extra(self, name: str, number: int) -> Problem:
        return self._problem(name, number, "a further row", "a table of one row", "Take it out.")

    def _problem(self, name: str, number: int, given: str, wanted: str, hint: str = "") -> Problem:
        return Problem(*self._position(name, number), f"{name}[{number + 1}]", given, wanted, hint)

    def _position(self, name: str, number: int) -> tuple[str | None, int | None]:
        sheet = self.sheets[name]
        return sheet.file, sheet.lines[number] if sheet.lines else None

    def _put(self, name: str, raw: dict[str, Any]) -> None:
        """Put the rows of a table into the entries that hold them."""
        column = HELD_TABLES[name].holder
        entries = raw.get(column, [])
        places: dict[str, int] = {}
        for number, entry in enumerate(entries):
            places.setdefault(_id(entry), number)
        for number, row in enumerate(self._rows(name)):
            holder = row.pop(column, None)
            if holder not in places:
                self._orphan(name, number, holder, places)
                continue
            items = entries[places[holder]].setdefault(name, [])
            self.places[column, places[holder], name, len(items)] = self._position(name, number)
            items.append(row)

    def _orphan(self, name: str, number: int, holder: object, known: Mapping[str, int]) -> None:
        column = HELD_TABLES[name].holder
        file, line = self._position(name, number)
        given = "nothing" if holder is None else f'unknown id "{holder}"'
        hint = did_you_mean(str(holder), known) or f"Name a {column} by its id."
        key = f"{name}[{number + 1}].{column}"
        self.problems.append(Problem(file, line, key, given, f"the id of a {column}", hint))


def _id(entry: Mapping[str, Any]) -> str:
    """Return the id of a raw entry, or the one that it will be given."""
    ends = [f"{entry[left]}->{entry[right]}" for left, right in ENDS if left in entry and right in entry]
    return str(next((name for name in (entry.get("id"), *ends, entry.get("owner")) if name), ""))


def to_tables(raw: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return sections as tables by name, without those that have no rows."""
    rows: dict[str, list[Row]] = {name: [flat(raw[name])] for name in SINGLE if raw.get(name)}
    for name, section in TABLES.items():
        rows[name] = [flat(entry) for entry in raw.get(section, ())]
    for name, held in HELD_TABLES.items():
        rows[name] = [
            {held.holder: entry["id"], **flat(item)}
            for entry in raw.get(held.holder, ())
            for item in entry.get(name, ())
        ]
    rows["sources"] = [{"key": key, **flat(source)} for key, source in raw.get("sources", {}).items()]
    return {name: pd.DataFrame(found) for name, found in rows.items() if found}
