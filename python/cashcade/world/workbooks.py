"""Workbooks (`.xlsx`): sheets as cells with the lines they stand on, and tables as sheets.

Numbers are read as they are kept, whatever the locale of who saved them; text that stands for a number is
read as in CSV. A formula counts by the value that was kept with it.
"""

import datetime as dt
import io
import math
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from cashcade.words.extras import need
from cashcade.world.plain import plain

SUFFIX = ".xlsx"

OTHER_SPREADSHEETS = (".ods", ".xls", ".xlsb", ".numbers")
"""Suffixes of spreadsheets that are not read."""

LARGEST = 256_000_000
"""Bytes of the largest workbook once it is unpacked."""

MOST_CELLS = 10_000_000
"""Cells of the largest sheet that is read."""

LONGEST_TEXT = 32_767
"""Characters of the longest text that a cell may hold."""

_WIDEST = 60
"""Characters of the widest column that is made."""

_PASSED_OVER = "_"
"""First character of the names of sheets that are no tables."""

_UNWRITABLE = {code: None for code in range(32) if code not in {9, 10, 13}}
"""Characters that XML cannot hold."""


class Grid(NamedTuple):
    """The cells of a sheet: its header, and its rows with the line on which each stands."""

    line: int
    header: list[str]
    rows: list[tuple[int, list[Any]]]


class _Formula(NamedTuple):
    """A formula."""

    text: str


class Page(NamedTuple):
    """A table to write.

    Parameters
    ----------
    header
        Names of the columns.
    formats
        How a spreadsheet shows the numbers of each column, such as "0.0%".
    rows
        Numbers, dates, flags and text; what is not known or not finite leaves a cell empty.
    """

    header: Sequence[str]
    formats: Sequence[str]
    rows: Iterable[Sequence[Any]]


def need_openpyxl() -> None:
    """Check that there is what reads and writes workbooks.

    Raises
    ------
    MissingExtraError
        There is not; says how to install it.
    """
    need("openpyxl", f"The format {SUFFIX} needs", "xlsx")


def read_workbook(path: Path) -> dict[str, Grid]:
    """Return the filled sheets of a workbook by name, without those that begin with an underscore.

    Raises
    ------
    ValueError
        If it is no workbook, too large, or holds a formula without a value; says where and what to do.
    OSError
        If it cannot be read.
    """
    need_openpyxl()
    content = path.read_bytes()
    _check_size(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of rules for cells, pictures and the like, which are not read
        values, formulas = _grids(content, values=True), _grids(content, values=False)
    found = {}
    for name, grid in values.items():
        _check_formulas(name, grid, formulas[name])
        if grid.header:
            found[name] = grid
    return found


def _check_size(content: bytes) -> None:
    """Refuse what is no archive, or much larger than its file looks."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(each.file_size for each in archive.infolist())
    except zipfile.BadZipFile as error:
        raise ValueError(f"no workbook: {error}; save it as {SUFFIX}") from error
    if size > LARGEST:
        raise ValueError(
            f"{size / 1e6:.0f} MB once it is unpacked, above the limit of {LARGEST // 1_000_000} MB"
        )


def _grids(content: bytes, *, values: bool) -> dict[str, Grid]:
    """Return the cells of all sheets: values of formulas as they were kept, or the formulas."""
    from openpyxl import load_workbook  # noqa: PLC0415 - an optional library
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - idem

    try:
        with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=values)) as book:
            sheets = [sheet for sheet in book.worksheets if not sheet.title.startswith(_PASSED_OVER)]
            return {sheet.title: _grid(sheet, _kept if values else _said) for sheet in sheets}
    except (InvalidFileException, KeyError, zipfile.BadZipFile, SyntaxError) as error:
        # A missing part is a KeyError, and what is no XML a SyntaxError.
        raise ValueError(f"a workbook that is damaged ({error}); save it anew") from error


def _kept(cell: Any) -> Any:  # noqa: ANN401 - a cell of openpyxl, and its value
    """Give the value of a cell; an empty text that a formula gives is a value."""
    return "" if cell.value is None and cell.data_type == "str" else cell.value


def _said(cell: Any) -> Any:  # noqa: ANN401 - a cell of openpyxl, and its value
    """Give what a cell says: a formula, for one or for many cells, or its value."""
    if cell.data_type != "f":
        return cell.value
    return _Formula(str(getattr(cell.value, "text", cell.value)))


def _grid(sheet: Any, read: Callable[[Any], Any]) -> Grid:  # noqa: ANN401 - the stubs take it for another class
    # What a file says of the size of a sheet may be wrong, and pads rows.
    sheet.reset_dimensions()
    line, count = 1, 0
    header: list[str] = []
    rows: list[tuple[int, list[Any]]] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row = [read(cell) for cell in cells]
        while row and row[-1] is None:
            row.pop()
        count += len(row)
        if count > MOST_CELLS:
            raise ValueError(f'sheet "{sheet.title}" has more than {MOST_CELLS:,} cells')
        if row and not header:
            line, header = number, ["" if cell is None else str(cell) for cell in row]
        elif row:
            rows.append((number, row))
    return Grid(line, header, rows)


def _check_formulas(name: str, values: Grid, formulas: Grid) -> None:
    """Refuse a formula that nobody has worked out: its cell would be read as an empty one."""
    kept = dict(values.rows)
    for line, row in formulas.rows:
        known = kept.get(line, [])
        for place, cell in enumerate(row):
            if isinstance(cell, _Formula) and (place >= len(known) or known[place] is None):
                raise ValueError(
                    f'sheet "{name}", line {line}: the formula {cell.text[:60]} has no value; '
                    "open the workbook in a spreadsheet program and save it"
                )


def workbook(pages: Mapping[str, Page]) -> bytes:
    """Return a workbook with a sheet for each page: numbers as numbers, dates as dates, text as text.

    Text that begins as a formula does stays text.

    Raises
    ------
    MissingExtraError
        The library that writes workbooks is not installed.
    """
    need_openpyxl()
    from openpyxl import Workbook  # noqa: PLC0415 - an optional library

    book = Workbook(write_only=True)
    for name, page in pages.items():
        _fill(book.create_sheet(name), page)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(sheet: Any, page: Page) -> None:  # noqa: ANN401 - as above
    from openpyxl.styles import Font  # noqa: PLC0415 - an optional library
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - idem

    rows = [list(map(cell_value, row)) for row in page.rows]
    for place, name in enumerate(page.header):
        texts = (str(row[place]) for row in rows if isinstance(row[place], str))
        widest = max(map(len, (name, *texts)), default=0)
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(max(widest + 2, 12), _WIDEST)
    sheet.freeze_panes = "B2"
    head = [_cell(sheet, name, "General") for name in page.header]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([_cell(sheet, value, form) for value, form in zip(row, page.formats, strict=True)])


def _cell(sheet: Any, value: Any, form: str) -> Any:  # noqa: ANN401 - as above
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - an optional library

    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        # The mark keeps it text when somebody edits the cell.
        cell.quotePrefix = is_formula(value)
        return cell
    if isinstance(value, dt.date):
        form = "yyyy-mm-dd"
    if value is None or isinstance(value, bool):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = form
    if isinstance(value, float):
        # openpyxl writes 16 digits of a number, and to keep it to the bit takes up to 17.
        cell._value = repr(value)  # type: ignore[attr-defined]  # noqa: SLF001 - there is no other way
    return cell


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula."""
    return text.startswith(("=", "+", "-", "@", "\t", "\r"))


def cell_value(value: Any) -> Any:  # noqa: ANN401 - any value of a table
    """Return a value as a cell may hold it."""
    value = plain(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "infinite" if value > 0 else "-infinite"
    if isinstance(value, str):
        return value.translate(_UNWRITABLE)[:LONGEST_TEXT]
    return value


def pages_of(tables: Mapping[str, Any]) -> Iterator[tuple[str, Page]]:
    """Yield frames as pages, with numbers as spreadsheets show them by themselves."""
    for name, table in tables.items():
        rows = table.itertuples(index=False, name=None)
        yield name, Page([*map(str, table.columns)], ["General"] * len(table.columns), rows)
