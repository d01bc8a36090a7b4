"""CSV files as people save them: Unicode with its mark, and the separator that fits the header."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

SEPARATORS = (",", ";", "\t", "|")
"""Characters that may stand between cells; the first wins a tie."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks and their encodings; UTF-32 before UTF-16, whose mark it begins with."""

_HEADER = 20_000
"""Characters in which the header is looked for."""


class Cells(NamedTuple):
    """The header of a file, and its rows with the line on which each ends."""

    header: list[str]
    rows: list[tuple[int, list[str]]]
    separator: str


def decoded(data: bytes) -> str:
    """Return the text of a file.

    Raises
    ------
    ValueError
        If it is neither UTF-8 nor carries the mark of UTF-16 or UTF-32; says how to save it.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in data:
        raise ValueError("bytes of zero, as in UTF-16 without its mark; save it as UTF-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        byte = error.object[error.start]
        raise ValueError(
            f"byte 0x{byte:02x} in line {line} is not {encoding.upper().removesuffix('-SIG')}; "
            'save it as UTF-8, which spreadsheets call "CSV UTF-8"'
        ) from error


def read_cells(text: str, known: Callable[[str], bool]) -> Cells:
    """Return the cells of a CSV text.

    Parameters
    ----------
    text
        The file; a first line such as "sep=;" names the separator.
    known
        Whether a column of that name is known: the separator is the one with which most of the header is.

    Raises
    ------
    csv.Error
        If quotes are out of order.
    """
    first, _, rest = text.partition("\n")
    said = first.rstrip("\r").strip('"')
    if said.lower().startswith("sep=") and said[4:] in SEPARATORS:
        separator, skipped, text = said[4:], 1, rest
    else:
        separator, skipped = max(SEPARATORS, key=lambda each: _fit(text, each, known)), 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header, rows = _header(reader), [(reader.line_num + skipped, row) for row in reader if row]
    return Cells(header, rows, separator)


def _header(reader: Iterator[list[str]]) -> list[str]:
    return next((row for row in reader if row), [])


def _fit(text: str, separator: str, known: Callable[[str], bool]) -> int:
    """Count the columns of the header that are known."""
    try:
        header: Sequence[str] = _header(csv.reader(io.StringIO(text[:_HEADER]), delimiter=separator))
    except csv.Error:
        return 0
    return sum(map(known, header))
