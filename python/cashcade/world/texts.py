"""Cells of tables as values of their fields: numbers written as text, flags, ids, dates, lists."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cashcade.world.cells import Row, empty
from cashcade.world.columns import Columns
from cashcade.world.numbers import COMMA, POINT, Reading, Refusal, read_number, says_nothing
from cashcade.world.parameter import Parameter
from cashcade.world.plain import plain
from cashcade.world.problems import Problem, shown

FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
"""Words for flags."""

DATES = frozenset({"as_of", "date"})
"""Fields that hold a date as text."""

_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?Z?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A text that was read as a number, with its row and column."""

    row: int
    column: str
    text: str
    read: Reading


@dataclass
class Reader:
    """Reads the cells of a table; numbers are settled when all have been seen."""

    columns: Columns
    separator: str
    cells: list[Cell] = field(default_factory=list)
    refused: dict[tuple[str, Refusal], list[tuple[int, str]]] = field(default_factory=dict)

    def value(self, cell: Any, column: str, row: int) -> Any:  # noqa: ANN401 - whatever a table holds
        """Return a cell as its field wants it; what does not fit stays, and is told with the world."""
        cell = plain(cell)
        if empty(cell):
            return None
        if self.columns.is_list(column) and isinstance(cell, str):
            items = [self._item(item.strip(), column, row) for item in cell.split(";")]
            return [item for item in items if item is not None]
        return self._item(cell, column, row)

    def _item(self, cell: Any, column: str, row: int) -> Any:  # noqa: ANN401 - whatever a table holds
        parameter = self.columns.parameter(column)
        if parameter is None:
            known = self.columns.knows(column)
            return self._word(cell, column) if known else self._number(cell, None, column, row)
        if parameter.unit == "flag":
            return FLAGS.get(str(cell).strip().lower().removesuffix(".0"), cell)
        if parameter.words:
            return cell.strip().lower() if isinstance(cell, str) else cell
        return self._number(cell, parameter, column, row)

    def _word(self, cell: Any, column: str) -> Any:  # noqa: ANN401 - whatever a table holds
        """Return text; ids without spaces at their ends, and numbers of frames as text."""
        if isinstance(cell, int | float) and not isinstance(cell, bool) and self.columns.table != "world":
            return f"{cell:.15g}"
        if not isinstance(cell, str):
            return cell
        if self.columns.is_name(column):
            return cell.strip()
        return _dated(cell) if column.rpartition(".")[2] in DATES else cell

    def _number(self, cell: Any, parameter: Parameter | None, column: str, row: int) -> Any:  # noqa: ANN401
        if not isinstance(cell, str):
            return cell
        if says_nothing(cell):
            return None
        read = read_number(cell, parameter.unit if parameter else None)
        if isinstance(read, Refusal):
            self.refused.setdefault((column, read), []).append((row, cell))
        if not isinstance(read, Reading):
            return _dated(cell.strip())
        self.cells.append(Cell(row, column, cell, read))
        return self.cells[-1]

    def mark(self) -> str | None:
        """Return the decimal mark of the table, None where it is not certain."""
        sure = {cell.read.sure for cell in self.cells} - {None}
        if sure:
            return sure.pop() if len(sure) == 1 else None
        doubtful = [cell for cell in self.cells if cell.read.doubtful]
        pointed = any("." in cell.text for cell in doubtful)
        if self.separator == ";":
            return None if pointed else COMMA
        return POINT if all(COMMA not in cell.text for cell in doubtful) else None

    def doubts(self) -> Iterator[tuple[Cell, str, str, str]]:
        """Yield why the decimal mark is not certain: a cell, what was given, what is wanted, the way out."""
        by_mark = {cell.read.sure: cell for cell in reversed(self.cells)}
        hint = "Write the numbers without separators of thousands and with a decimal point."
        if {POINT, COMMA} <= by_mark.keys():
            one, other = by_mark[COMMA], by_mark[POINT]
            given = f"{shown(one.text)} with a decimal comma but {shown(other.text)} ({other.column}) without"
            yield one, given, "one decimal mark in the table", hint
            return
        doubtful = [cell for cell in self.cells if cell.read.doubtful]
        first, values = doubtful[0], doubtful[0].read.by_mark
        given = f"{shown(first.text)}, which is {values[POINT]:.15g} or {values[COMMA]:.15g}"
        given += _more(len(doubtful), "such cell")
        yield first, given, "numbers of which the decimal mark is certain", hint


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
        problem(row, column, shown(text) + _more(1 + len(rest), "such cell"), why.wanted, why.hint)
        for (column, why), ((row, text), *rest) in reader.refused.items()
    ]
    mark = reader.mark()
    if mark is None:
        problems += [problem(cell.row, cell.column, *said) for cell, *said in reader.doubts()]
        return [], problems
    return [{column: _settled(value, mark) for column, value in row.items()} for row in read], problems


def _settled(value: Any, mark: str) -> Any:  # noqa: ANN401 - whatever a table holds
    if isinstance(value, list):
        return [_settled(item, mark) for item in value]
    return value.read.by_mark[mark] if isinstance(value, Cell) else value


def _dated(text: str) -> str:
    """Return a date without a time at midnight, any other text as it is."""
    found = _MIDNIGHT.fullmatch(text)
    return found[1] if found else text


def _more(count: int, what: str) -> str:
    rest = count - 1
    return f" (and {rest} more {what}{'s' if rest > 1 else ''})" if rest else ""
