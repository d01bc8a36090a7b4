"""Tables that fit the terminal: columns that matter less give way, cells are never broken."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from rich import box
from rich.table import Table
from rich.text import Text

from cashcade.words.names import one_line

GAP = 2
"""Characters between columns."""

ROOM = 18
"""Characters that the words of the first column keep before other columns give way."""


class Column(NamedTuple):
    """A column of cells.

    Attributes
    ----------
    title
        One line or two.
    cells
        From top to bottom.
    importance
        Columns of the lowest importance give way first; 0 is the lowest.
    words
        Whether it holds words, which stand to the left, and not numbers.
    """

    title: str
    cells: Sequence[str]
    importance: int
    words: bool = False

    @property
    def width(self) -> int:
        """Characters of the longest line."""
        return max(len(line) for cell in (self.title, *self.cells) for line in cell.split("\n"))


def fitting(columns: Sequence[Column], width: int) -> list[Column]:
    """Give the columns that fit into `width` characters; the first and the most important stay.

    The first column is cut short where that makes room for others.
    """
    first, *others = columns
    least = min(first.width, ROOM)
    while len(others) > 1 and least + _width(others) > width:
        others.remove(min(reversed(others), key=lambda column: column.importance))
    room = max(width - _width(others), 1)
    return [first._replace(cells=[_cut(cell, room) for cell in first.cells]), *others]


def _width(columns: Sequence[Column]) -> int:
    """Characters of columns that follow another."""
    return sum(column.width + GAP for column in columns)


def table(columns: Sequence[Column], width: int) -> Table:
    """Lay columns out in at most `width` characters."""
    shown = [column._replace(cells=[*map(one_line, column.cells)]) for column in columns]
    chosen = fitting(shown, width)
    laid = Table(
        box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False, header_style="bold"
    )
    for column in chosen:
        justify: Literal["left", "right"] = "left" if column.words else "right"
        laid.add_column(Text(column.title), justify=justify, vertical="bottom", no_wrap=True)
    for cells in zip(*(column.cells for column in chosen), strict=True):
        laid.add_row(*map(Text, cells))
    return laid


def shortened(words: str) -> str:
    """Cut words to what the first column keeps."""
    return _cut(words, ROOM)


def _cut(cell: str, room: int) -> str:
    return cell if len(cell) <= room else f"{cell[: room - 1]}…"
