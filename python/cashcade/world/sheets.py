"""Tables as rows of plain Python values, from memory, CSV or Parquet."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw

from cashcade.errors import WorldError
from cashcade.world.cells import LISTS, Row, empty, repeated
from cashcade.world.kinds import ROWS
from cashcade.world.parameter import Parameter, parameters_of
from cashcade.world.problems import Problem

LARGEST_TABLE = 64_000_000
"""Bytes of the largest file that is read as a table."""

MOST_CELLS = 10_000_000
"""Cells of the largest Parquet table that is read."""

LARGEST_IN_MEMORY = 256_000_000
"""Bytes of the largest Parquet table once it is unpacked."""

SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a table, with the file and the lines they came from."""

    rows: list[Row]
    file: str | None = None
    lines: tuple[int, ...] = ()


def sheets_in(folder: str | Path) -> dict[str, Path]:
    """Return the tables in a folder by name.

    Raises
    ------
    WorldError
        If there is no such folder or no table in it.
    """
    place = Path(folder)
    files = [path for path in sorted(place.glob("*")) if path.suffix in SUFFIXES] if place.is_dir() else []
    found = {path.stem: path for path in files}
    twice = [path for path in files if found[path.stem] != path]
    if twice:
        other = found[twice[0].stem].name
        given, wanted = f"{other} beside it", "one file of a name"
        raise WorldError([Problem(str(twice[0]), None, "", given, wanted, "Remove one.")], str(folder))
    if not found:
        given = "a folder without tables" if place.is_dir() else "no such folder"
        wanted = "a folder with companies.csv or companies.parquet"
        raise WorldError([Problem(str(folder), None, "", given, wanted, "Check the path.")], str(folder))
    return found


def read_sheet(name: str, table: Any) -> Sheet:  # noqa: ANN401 - any table there is
    """Return the rows of a table: a path, a DataFrame, or anything with the Arrow interface.

    Raises
    ------
    WorldError
        If the file or the object cannot be read as a table, or two of its columns are one.
    """
    parameters = parameters_of(ROWS[name]) if name in ROWS else {}
    try:
        if isinstance(table, str | Path):
            sheet = _file(Path(table), parameters)
        else:
            sheet = Sheet(_frame(table).rows(named=True))
    except (OSError, UnicodeDecodeError, csv.Error, TypeError, ValueError, ImportError) as error:
        file = str(table) if isinstance(table, str | Path) else None
        given = f"a table that cannot be read ({' '.join(str(error).split())[:200] or repr(error)})"
        wanted = "CSV, Parquet, or a table with the Arrow interface"
        raise WorldError([Problem(file, None, name, given, wanted)], name) from error
    for row in sheet.rows[:1]:
        twice = repeated(row)
        if twice:
            file, line = sheet.file, 1 if sheet.lines else None
            raise WorldError([Problem(file, line, name, f"column {twice} twice", "each column once")], name)
    return Sheet([_split(row, parameters) for row in sheet.rows], sheet.file, sheet.lines)


def _frame(table: Any) -> nw.DataFrame[Any]:  # noqa: ANN401 - any table there is
    """Return a table in memory through narwhals, by its own kind or by the Arrow interface."""
    native = nw.from_native(table, eager_only=True, pass_through=True)
    if isinstance(native, nw.DataFrame):
        return native
    return nw.from_arrow(table, backend="pyarrow")


def _file(path: Path, parameters: dict[str, Parameter]) -> Sheet:
    if path.exists() and not path.is_file():
        raise ValueError("a folder, pipe or device; only files are read")
    size = path.stat().st_size
    if size > LARGEST_TABLE:
        raise ValueError(f"{size / 1e6:.0f} MB, above the limit of {LARGEST_TABLE // 1_000_000} MB")
    if path.suffix == ".parquet":
        return Sheet(_parquet(path).rows(named=True), str(path))
    if path.suffix != ".csv":
        raise ValueError(f'ending "{path.suffix}"; wanted .csv or .parquet')
    return _csv(path, parameters)


def _parquet(path: Path) -> nw.DataFrame[Any]:
    """Return a Parquet file as a table, unless it is much larger than its file looks."""
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - an optional library
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # noqa: PLC0415 - idem

    way = "leave out rows and columns that are no entries of a world"
    with pq.ParquetFile(path) as file:
        rows, columns = file.metadata.num_rows, file.metadata.num_columns
        if rows * columns > MOST_CELLS:
            raise ValueError(
                f"{rows:,} rows of {columns:,} columns, above the limit of {MOST_CELLS:,} cells; {way}"
            )
        batches, size = [], 0
        for batch in file.iter_batches(batch_size=1024):
            batches.append(batch)
            size += batch.nbytes
            if size > LARGEST_IN_MEMORY:
                raise ValueError(f"above {LARGEST_IN_MEMORY // 1_000_000} MB once it is unpacked; {way}")
        table = pa.Table.from_batches(batches, file.schema_arrow)
    return nw.from_native(table, eager_only=True)


def _csv(path: Path, parameters: dict[str, Parameter]) -> Sheet:
    rows, lines = [], []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream, restkey="cells beyond the header", strict=True)
        names = [name.strip() for name in reader.fieldnames or () if name.strip()]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise ValueError(f'column "{twice[0]}" twice, wanted each column once')
        for row in reader:
            rows.append({column: _typed(column, text, parameters) for column, text in row.items()})
            lines.append(reader.line_num)
    return Sheet(rows, str(path), tuple(lines))


def _typed(column: str, text: Any, parameters: dict[str, Parameter]) -> object:  # noqa: ANN401 - a cell
    """Return the text of a cell as the type of its field; what does not fit stays text and is told later."""
    field, _, part = column.partition(".")
    values = part in {"", "value", "low", "high", "mean", "sd"}
    if field not in parameters or not values or not isinstance(text, str):
        return text
    return _value(text.strip(), parameters[field])


def _value(text: str, parameter: Parameter) -> object:
    if parameter.unit == "flag":
        return {"true": True, "false": False}.get(text.lower(), text)
    try:
        return float(text)
    except ValueError:
        return text


def _split(row: Row, parameters: dict[str, Parameter]) -> Row:
    """Return a row with lists in place of texts joined by semicolons."""
    result = dict(row)
    for column, text in row.items():
        field, _, part = column.partition(".")
        if (part or field) in LISTS and isinstance(text, str) and not empty(text):
            items = [item.strip() for item in text.split(";")]
            parameter = parameters.get(field) if part == "choices" else Parameter("1", 0, 1)
            result[column] = [_value(item, parameter) for item in items] if part and parameter else items
    return result
