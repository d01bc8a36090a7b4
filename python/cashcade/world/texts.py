"""Cells of tables as values of their fields: numbers written as text, flags, ids, dates, lists."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cashcade.world.cells import Row, empty
from cashcade.world.columns import Columns
from cashcade.world.numbers import COMMA, POINT, Reading, Refusal, read_number, says_nothing
from cashcade.world.parameter import Parameter
from cashcade.world.plain import plain
from cashcade.world.problems import Problem, more, shown

FLAGS = {
    **dict.fromkeys(("true", "yes", "1", "wahr", "vrai", "vero", "verdadero"), True),
    **dict.fromkeys(("false", "no", "0", "falsch", "faux", "falso"), False),
}
"""Words for flags, those too that spreadsheets write in other languages."""

DATES = frozenset({"as_of", "date"})
"""Fields that hold a date as text."""

_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: 00:00(?::00)?)?")
"""A date with points between its parts, which begins with the day wherever it is written so."""

_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?Z?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A text that was read as a number, with its row and column."""

    row: int
    column: str
    text: str
    read: Reading


class Kind(NamedTuple):
    """Kinds of cells of a column."""

    parameter: Parameter | None
    is_list: bool
    is_name: bool
    is_date: bool
    is_known: bool


@dataclass
class Reader:
    """Reads the cells of a table; numbers with two readings are settled when all have been seen.

    Parameters
    ----------
    columns
        The columns of the table.
    separator
        What stands between cells.
    sure
        The first cell that is a number under one decimal mark only, by that mark.
    doubtful
        Cells that are other numbers under the other mark.
    refused
        Rows and texts that cannot be read, by column and reason.
    """

    columns: Columns
    separator: str
    sure: dict[str, Cell] = field(default_factory=dict)
    doubtful: list[Cell] = field(default_factory=list)
    refused: dict[tuple[str, Refusal], list[tuple[int, str]]] = field(default_factory=dict)
    _kinds: dict[str, Kind] = field(default_factory=dict)

    def value(self, cell: Any, column: str, row: int) -> Any:  # noqa: ANN401 - whatever a table holds
        """Return a cell as its field wants it; what does not fit stays, and is told with the world."""
        cell = plain(cell)
        if empty(cell):
            return None
        kind = self._kinds.get(column) or self._kind(column)
        if kind.is_list and isinstance(cell, str):
            items = [self._item(item.strip(), kind, column, row) for item in cell.split(";")]
            return [item for item in items if item is not None]
        return self._item(cell, kind, column, row)

    def _kind(self, column: str) -> Kind:
        columns = self.columns
        self._kinds[column] = Kind(
            columns.parameter(column),
            columns.is_list(column),
            columns.is_name(column),
            column.rpartition(".")[2] in DATES,
            columns.knows(column),
        )
        return self._kinds[column]

    def _item(self, cell: Any, kind: Kind, column: str, row: int) -> Any:  # noqa: ANN401
        parameter = kind.parameter
        if parameter is None:
            return self._word(cell, kind) if kind.is_known else self._number(cell, None, column, row)
        if parameter.unit == "flag":
            return FLAGS.get(str(cell).strip().lower().removesuffix(".0"), cell)
        if parameter.words:
            return cell.strip().lower() if isinstance(cell, str) else cell
        return self._number(cell, parameter.unit, column, row)

    def _word(self, cell: Any, kind: Kind) -> Any:  # noqa: ANN401 - whatever a table holds
        """Return text; ids without spaces at their ends, and numbers of frames as text."""
        if isinstance(cell, int | float) and not isinstance(cell, bool) and self.columns.table != "world":
            return f"{cell:.15g}"
        if not isinstance(cell, str):
            return cell
        if kind.is_name:
            return cell.strip()
        return _dated(cell) if kind.is_date else cell

    def _number(self, cell: Any, unit: str | None, column: str, row: int) -> Any:  # noqa: ANN401
        if not isinstance(cell, str):
            return cell
        if says_nothing(cell):
            return None
        read = read_number(cell, unit)
        if isinstance(read, Refusal):
            self.refused.setdefault((column, read), []).append((row, cell))
        if not isinstance(read, Reading):
            return _dated(cell.strip())
        if read.doubtful:
            self.doubtful.append(Cell(row, column, cell, read))
            return self.doubtful[-1]
        if read.sure and read.sure not in self.sure:
            self.sure[read.sure] = Cell(row, column, cell, read)
        return next(iter(read.by_mark.values()))

    def mark(self) -> str | None:
        """Return the decimal mark of the table, None where it is not certain."""
        if self.sure:
            return next(iter(self.sure)) if len(self.sure) == 1 else None
        if self.separator == ";":
            return None if any(POINT in cell.text for cell in self.doubtful) else COMMA
        return None if any(COMMA in cell.text for cell in self.doubtful) else POINT

    def doubt(self) -> tuple[Cell, str, str, str]:
        """Return why the decimal mark is not certain: a cell, what was given, what is wanted, the way out."""
        hint = "Write the numbers without separators of thousands and with a decimal point."
        if self.sure:
            one, other = self.sure[COMMA], self.sure[POINT]
            given = f"{shown(one.text)} with a decimal comma but {shown(other.text)} ({other.column}) without"
            return one, given, "one decimal mark in the table", hint
        first = self.doubtful[0]
        point, comma = (first.read.by_mark[mark] for mark in (POINT, COMMA))
        given = f"{shown(first.text)}, which is {point:.15g} or {comma:.15g}"
        given += more(len(self.doubtful) - 1, "such cell")
        return first, given, "numbers of which the decimal mark is certain", hint


def typed(
    columns: Columns, rows: Sequence[Row], file: str | None, lines: Sequence[int], separator: str
) -> tuple[list[Row], list[Problem]]:
    """Return the rows with cells as their fields want them, and why columns cannot be read.

    The decimal mark is that of the whole table: "12,5" in it makes "1,234" a decimal fraction, "1.5" makes it
    a number of four digits. Where nothing decides, a semicolon between cells stands for the decimal comma;
    else "1,234" is refused.
    """
    reader = Reader(columns, separator)
    read = [
        {column: reader.value(cell, column, number) for column, cell in row.items()}
        for number, row in enumerate(rows)
    ]

    def problem(row: int, column: str, *said: str) -> Problem:
        return Problem(file, lines[row] if lines else None, f"{columns.table}.{column}", *said)

    problems = [
        problem(row, column, shown(text) + more(len(rest), "such cell"), why.wanted, why.hint)
        for (column, why), ((row, text), *rest) in reader.refused.items()
    ]
    mark = reader.mark()
    if mark is None:
        cell, *said = reader.doubt()
        return [], [*problems, problem(cell.row, cell.column, *said)]
    for cell in reader.doubtful:
        read[cell.row][cell.column] = _settled(read[cell.row][cell.column], mark)
    return read, problems


def _settled(value: Any, mark: str) -> Any:  # noqa: ANN401 - whatever a table holds
    if isinstance(value, list):
        return [_settled(item, mark) for item in value]
    return value.read.by_mark[mark] if isinstance(value, Cell) else value


def _dated(text: str) -> str:
    """Return a date without a time at midnight, one with points as ISO has it, any other text as it is."""
    points = _DAY_FIRST.fullmatch(text.strip())
    if points:
        day, month, year = points.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    found = _MIDNIGHT.fullmatch(text)
    return found[1] if found else text
