"""Columns of a table: their names as people write them, and what is wrong with a column as a whole."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from cashcade.world.about import About
from cashcade.world.cells import LISTS, Row, empty
from cashcade.world.contract import Commitment
from cashcade.world.kinds import HELD_TABLES, ROWS
from cashcade.world.parameter import Parameter, parameters_of
from cashcade.world.problems import Problem, did_you_mean
from cashcade.world.quantity import FIELDS_OF_QUANTITY, NUMBERS_OF_QUANTITY
from cashcade.world.record import Record, Source, attributes_of, links_of

NOTE = "note"

NOTES = frozenset({"notes", "comment", "comments", "remark", "remarks"})
"""Names that spreadsheets give to a column of notes."""

BEYOND = "cells beyond the header"
"""Key of filled cells in a row that stand in no named column."""

WORDS_OF_QUANTITY = frozenset({"source", "shared", "unit", "confidence", "kind"})
"""Parts of a quantity that hold a name: spaces at their ends say nothing."""


@dataclass(frozen=True)
class Columns:
    """The columns that a table may have.

    Parameters
    ----------
    table
        Name of the table.
    fields
        Names of the fields.
    parameters
        Those that hold numbers, flags or words for codes.
    names
        Those that hold ids.
    """

    table: str
    fields: tuple[str, ...]
    parameters: dict[str, Parameter]
    names: frozenset[str]

    @classmethod
    def of(cls, table: str) -> Self:
        """Return the columns of a table by its name."""
        single: dict[str, type[Record]] = {"world": About, "sources": Source}
        model = single.get(table) or ROWS[table]
        parameters = dict(parameters_of(model))
        if table == "contracts":  # a commitment without end is a plain number
            parameters["commitments"] = parameters_of(Commitment)["amount"]
        own = {"sources": ["key"]}.get(table, [HELD_TABLES[table].holder] if table in HELD_TABLES else [])
        names = {"id", "source", "archetype", "key", *own, *links_of(model)}
        return cls(table, (*own, *attributes_of(model)), parameters, frozenset(names))

    def knows(self, name: str) -> bool:
        """Return whether there is a column of that name, in whatever spelling."""
        field, _, part = _spelled(name).partition(".")
        parts = FIELDS_OF_QUANTITY if field in self.parameters else ()
        return field in (*self.fields, *NOTES) and (not part or part in parts)

    def named(self, header: Sequence[str]) -> list[str]:
        """Return the header with known names in their own spelling: "Fixed cost" is `fixed_cost`.

        Raises
        ------
        ValueError
            If two columns have one name.
        """
        names = [_spelled(name) if self.knows(name) else name.strip() for name in header]
        twice = [name for name, count in Counter(filter(None, names)).items() if count > 1]
        if twice:
            raise ValueError(f'column "{twice[0][:120]}" twice, wanted each column once')
        notes = [name for name in names if name in NOTES]
        if NOTE in self.fields and NOTE not in names and len(notes) == 1:
            names[names.index(notes[0])] = NOTE
        return names

    def is_name(self, column: str) -> bool:
        """Return whether the cells of a column are ids or the like."""
        field, _, part = column.partition(".")
        return part in WORDS_OF_QUANTITY if part else field in self.names

    def parameter(self, column: str) -> Parameter | None:
        """Return unit and bounds of what the cells of a column hold, None where they are words."""
        field, _, part = column.partition(".")
        if part == "weights":
            return Parameter("1", 0, 1)
        return self.parameters.get(field) if part in NUMBERS_OF_QUANTITY or part == "choices" else None

    def is_list(self, column: str) -> bool:
        """Return whether the cells of a column hold lists, joined by semicolons."""
        field, _, part = column.partition(".")
        return (part or field) in LISTS

    def is_open(self, rows: Iterable[Row]) -> bool:
        """Return whether rows may have further columns: inputs of the archetypes that companies name."""
        return self.table == "companies" and any(not empty(row.get("archetype")) for row in rows)

    def problems(self, rows: Sequence[Row], file: str | None, lines: Sequence[int]) -> list[Problem]:
        """Return what is wrong with whole columns: unknown ones, and cells that have none."""
        found = {column for row in rows for column in row}
        wrong = [column for column in found if column == BEYOND or not self.knows(column)]
        if wrong and self.is_open(rows):
            wrong = [column for column in wrong if column == BEYOND]
        unknown = Counter(
            column for row in rows if wrong for column in row if column in wrong and not empty(row[column])
        )
        return [self._unknown(column, count, rows, file, lines) for column, count in unknown.items()]

    def _unknown(
        self, column: str, count: int, rows: Sequence[Row], file: str | None, lines: Sequence[int]
    ) -> Problem:
        filled = f"in {count} row" + ("s" if count > 1 else "")
        if column == BEYOND:
            first = next(number for number, row in enumerate(rows) if column in row)
            line = lines[first] if lines else None
            hint = "Name every column; text with a comma and numbers with a decimal comma need quotes."
            given = f"{BEYOND} {filled}"
            return Problem(file, line, self.table, given, "as many cells as the header has", hint)
        line = 1 if lines else None
        known = [field for field in self.fields if field != column]
        hint = did_you_mean(column, known) or "Known columns: " + ", ".join(known) + "."
        hint += "" if NOTE not in self.fields else ' What is a remark goes into the column "note".'
        given = f'unknown column "{column[:120]}" (filled {filled})'
        return Problem(file, line, self.table, given, f"a column of {self.table}", hint)


def _spelled(name: str) -> str:
    return "_".join(name.strip().lower().split())
