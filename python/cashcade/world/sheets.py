"""Tables as rows of plain Python values, from memory, CSV, Parquet or the sheets of a workbook."""

import csv
import itertools
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import narwhals as nw

from cashcade.errors import WorldError
from cashcade.world.cells import Row, empty, repeated
from cashcade.world.columns import BEYOND, Columns
from cashcade.world.csvs import SEPARATORS, decoded, read_cells
from cashcade.world.problems import Problem
from cashcade.world.texts import typed
from cashcade.world.workbooks import MOST_CELLS, SUFFIX, Grid, read_workbook

LARGEST_TABLE = 64_000_000
"""Bytes of the largest file that is read as a table."""

LARGEST_PARQUET = 2_000_000_000
"""Bytes of the largest Parquet file, and of its table once it is unpacked."""

UNPACKED = 256_000_000
"""Bytes of a table once it is unpacked that any Parquet file may have."""

TIMES = 20
"""How many times its own size a larger one may have."""

LEAVE_OUT = "leave out rows and columns that are no entries of a world"

AT_A_TIME = 2**14
"""Rows of Parquet that are unpacked at a time."""

SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a table, with the file and the lines they came from, and what stands between cells."""

    rows: list[Row]
    file: str | None = None
    lines: tuple[int, ...] = ()
    separator: str = SEPARATORS[0]


class Leaf(NamedTuple):
    """A sheet of a workbook, and what messages call it."""

    file: str
    grid: Grid


class Framed(NamedTuple):
    """A table of columns, and the file that it came from."""

    frame: nw.DataFrame[Any]
    file: str | None


UNREADABLE = (OSError, UnicodeDecodeError, csv.Error, TypeError, ValueError, ImportError)
"""Errors of what cannot be read as a table."""


def framed(table: Any) -> Any:  # noqa: ANN401 - any table there is
    """Return a table of columns as a frame, which can be read twice; another, or a broken one, as it is."""
    with suppress(*UNREADABLE):  # told where its rows are read
        if not isinstance(table, str | Path | Leaf):
            return Framed(_frame(table), None)
        if not isinstance(table, Leaf) and Path(table).suffix == ".parquet":
            return Framed(_parquet(_checked(Path(table), LARGEST_PARQUET)), str(table))
    return table


def sheets_in(source: str | Path) -> dict[str, Path] | dict[str, Leaf]:
    """Return the tables in a folder or a workbook by name.

    Raises
    ------
    WorldError
        If there is no such folder or workbook or no table in it.
    """
    path = Path(source)
    return _leaves(path) if path.suffix.lower() == SUFFIX else _files(path)


def _leaves(book: Path) -> dict[str, Leaf]:
    """Return the sheets of a workbook by the names of tables: "Companies" is `companies`."""
    try:
        grids = read_workbook(_checked(book))
    except FileNotFoundError as error:
        problem = Problem(str(book), None, "", "a file that is not there", f"a workbook {SUFFIX}")
        raise WorldError([problem], str(book)) from error
    except (OSError, ValueError) as error:
        given = f"a workbook that cannot be read ({' '.join(str(error).split())[:300]})"
        raise WorldError([Problem(str(book), None, "", given, f"a workbook {SUFFIX}")], str(book)) from error
    found = {name.strip().lower(): Leaf(f"{book} [{name}]", grid) for name, grid in grids.items()}
    if not found:
        given, wanted = "a workbook without tables", 'a sheet "companies" with a header'
        raise WorldError([Problem(str(book), None, "", given, wanted)], str(book))
    return found


def _files(place: Path) -> dict[str, Path]:
    files = [path for path in sorted(place.glob("*")) if path.suffix in SUFFIXES] if place.is_dir() else []
    found = {path.stem: path for path in files}
    twice = [path for path in files if found[path.stem] != path]
    if twice:
        other = found[twice[0].stem].name
        given, wanted = f"{other} beside it", "one file of a name"
        raise WorldError([Problem(str(twice[0]), None, "", given, wanted, "Remove one.")], str(place))
    if not found:
        given = "a folder without tables" if place.is_dir() else "no such folder"
        wanted = f"a folder with companies.csv or companies.parquet, or a workbook {SUFFIX}"
        raise WorldError([Problem(str(place), None, "", given, wanted, "Check the path.")], str(place))
    return found


def read_sheet(name: str, table: Any) -> Sheet:  # noqa: ANN401 - any table there is
    """Return the rows of a table: a path, a sheet, a DataFrame, or anything with the Arrow interface.

    Raises
    ------
    WorldError
        If the file or the object cannot be read as a table, or with what is wrong with a column as a whole.
    """
    columns = Columns.of(name)
    try:
        sheet = _read(table, columns)
    except UNREADABLE as error:
        at_file = isinstance(table, str | Path)
        file = table.file if isinstance(table, Leaf | Framed) else str(table) if at_file else None
        given = f"a table that cannot be read ({' '.join(str(error).split())[:200] or repr(error)})"
        wanted = "CSV, Parquet, or a table with the Arrow interface"
        raise WorldError([Problem(file, None, name, given, wanted)], name) from error
    sheet = _without_empty_rows(sheet)
    problems = columns.problems(sheet.rows, sheet.file, sheet.lines)
    twice = repeated(sheet.rows[0]) if sheet.rows else ""
    if twice:
        line = 1 if sheet.lines else None
        problems.append(Problem(sheet.file, line, name, f"column {twice} twice", "each column once"))
    rows, unread = typed(columns, sheet.rows, sheet.file, sheet.lines, sheet.separator)
    if problems or unread:
        raise WorldError([*problems, *unread], name)
    return Sheet(rows, sheet.file, sheet.lines, sheet.separator)


def _read(table: Any, columns: Columns) -> Sheet:  # noqa: ANN401 - any table there is
    if isinstance(table, Leaf):
        return _sheet(table, columns)
    if isinstance(table, Framed):
        frame = table.frame if table.file is None else _affordable(table.frame)
        return Sheet(_rows(frame, columns), table.file)
    return _file(Path(table), columns) if isinstance(table, str | Path) else _memory(table, columns)


def _sheet(leaf: Leaf, columns: Columns) -> Sheet:
    names = columns.named(leaf.grid.header)
    rows = [_row(names, ["" if cell is None else cell for cell in row]) for _, row in leaf.grid.rows]
    return Sheet(rows, leaf.file, tuple(line for line, _ in leaf.grid.rows))


def _frame(table: Any) -> nw.DataFrame[Any]:  # noqa: ANN401 - any table there is
    """Return a table in memory through narwhals, by its own kind or by the Arrow interface."""
    native = nw.from_native(table, eager_only=True, pass_through=True)
    if isinstance(native, nw.DataFrame):
        return native
    return nw.from_arrow(table, backend="pyarrow")


def _memory(table: Any, columns: Columns) -> Sheet:  # noqa: ANN401 - any table there is
    return Sheet(_rows(_frame(table), columns))


def _rows(frame: nw.DataFrame[Any], columns: Columns) -> list[Row]:
    names = columns.named([str(column) for column in frame.columns])
    return [dict(zip(names, row, strict=True)) for row in frame.rows()]


def _affordable(frame: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    """Return the table of a file, unless it would take hours to read it row by row.

    Raises
    ------
    ValueError
        It has too many cells.
    """
    rows, width = frame.shape
    if rows * width > MOST_CELLS:
        way = "those with ranges, dates, tags or something wrong are"
        limit = f"above the limit of {MOST_CELLS:,} cells of files that are read row by row, as {way}"
        raise ValueError(
            f"{_size(rows, width)}, {limit}; {LEAVE_OUT}, or give plain columns of text and numbers"
        )
    return frame


def _size(rows: int, columns: int) -> str:
    return f"{rows:,} rows of {columns:,} columns"


def _checked(path: Path, largest: int = LARGEST_TABLE) -> Path:
    if path.exists() and not path.is_file():
        raise ValueError("a folder, pipe or device; only files are read")
    size = path.stat().st_size
    if size > largest:
        raise ValueError(f"{size / 1e6:.0f} MB, above the limit of {largest // 1_000_000} MB")
    return path


def _file(path: Path, columns: Columns) -> Sheet:
    _checked(path, LARGEST_PARQUET if path.suffix == ".parquet" else LARGEST_TABLE)
    if path.suffix == ".parquet":
        return Sheet(_rows(_parquet(path), columns), str(path))
    if path.suffix != ".csv":
        raise ValueError(f'ending "{path.suffix}"; wanted .csv or .parquet')
    return _csv(path, columns)


def _parquet(path: Path) -> nw.DataFrame[Any]:
    """Return a Parquet file as a table, unless it is large, or much larger than its file looks."""
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - an optional library
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # noqa: PLC0415 - idem

    packed = path.stat().st_size
    most, cells = min(LARGEST_PARQUET, max(UNPACKED, TIMES * packed)), max(MOST_CELLS, packed)
    with pq.ParquetFile(path) as file:
        rows, columns = file.metadata.num_rows, file.metadata.num_columns
        if rows * columns > cells:
            raise ValueError(f"{_size(rows, columns)}, above the limit of {cells:,} cells; {LEAVE_OUT}")
        batches, size = [], 0
        for batch in file.iter_batches(batch_size=AT_A_TIME):
            batches.append(batch)
            size += batch.nbytes
            if size > most:
                raise ValueError(f"above {most // 1_000_000} MB once it is unpacked; {LEAVE_OUT}")
        table = pa.Table.from_batches(batches, file.schema_arrow)
    return nw.from_native(table, eager_only=True)


def _csv(path: Path, columns: Columns) -> Sheet:
    cells = read_cells(decoded(path.read_bytes()), columns.knows)
    names = columns.named(cells.header)
    rows = [_row(names, row) for _, row in cells.rows]
    return Sheet(rows, str(path), tuple(line for line, _ in cells.rows), cells.separator)


def _row(names: list[str], cells: list[Any]) -> Row:
    """Return a row by column; filled cells without a column name as one."""
    row: Row = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    nameless = [
        cell
        for name, cell in itertools.zip_longest(names, cells, fillvalue="")
        if not name and not empty(cell)
    ]
    return row | ({BEYOND: nameless} if nameless else {})


def _without_empty_rows(sheet: Sheet) -> Sheet:
    """Leave out rows without a filled cell, as spreadsheets have them at the end."""
    full = [number for number, row in enumerate(sheet.rows) if not all(map(empty, row.values()))]
    lines = tuple(sheet.lines[number] for number in full) if sheet.lines else ()
    return Sheet([sheet.rows[number] for number in full], sheet.file, lines, sheet.separator)
