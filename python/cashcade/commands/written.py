"""Files that a run is asked to write: checked before it begins, written after all is printed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cashcade.case import RECORD
from cashcade.commands.app import console, spoken
from cashcade.errors import WriteError
from cashcade.results.page import NEEDED, check_page
from cashcade.results.save import check_target
from cashcade.words.names import one_line


class Written(Protocol):
    """A result or a comparison, which is written to files."""

    def save(self, path: str | Path) -> tuple[Path, ...]:
        """Write everything."""
        ...

    def report(self, path: str | Path, *, command: str = "") -> Path:
        """Write the report."""
        ...


@dataclass(frozen=True)
class Files:
    """Files that are asked for.

    Attributes
    ----------
    out
        For everything, by the suffix; None for none.
    report
        For the report; None for none.
    tables
        Names of tables, where nothing but tables is written; by default all that a result holds is.
    resumed
        Whether the run itself writes `out`, and keeps what is finished beside it until then.
    """

    out: Path | None
    report: Path | None
    tables: Collection[str] | None = None
    resumed: bool = False

    def check(self) -> None:
        """Check that they can be written.

        Raises
        ------
        ArgumentError, MissingExtraError
            One cannot.
        """
        if self.out is not None:
            check_target(self.out, self.tables)
        if self.report is not None:
            check_page(self.report)

    def recorded(self, names: Sequence[str] | None) -> Sequence[str] | None:
        """Give what is recorded: what was asked for, and what the report draws.

        Where nothing was asked for and not everything is written, what is printed and drawn needs no more.
        """
        if names is None and self.out is None:
            return NEEDED
        if self.report is None:
            return names
        return tuple(dict.fromkeys((*(RECORD if names is None else names), *NEEDED)))

    def unwritten(self) -> str:
        """Say which files are not written."""
        out = None if self.resumed else self.out
        names = [str(path) for path in (out, self.report) if path is not None]
        return f", and {' and '.join(names)} is not written" if names else ""

    def write(self, found: Written) -> Iterator[Path]:
        """Write each file and yield what was written; one that fails costs the other nothing.

        Raises
        ------
        WriteError
            At the end: the system refused one, or both.
        """
        refused: list[str] = []
        if self.out is not None and self.resumed:
            yield self.out
        elif self.out is not None:
            try:
                yield from found.save(self.out)
            except WriteError as error:
                refused.append(str(error))
        if self.report is not None:
            try:
                yield found.report(self.report, command=spoken())
            except WriteError as error:
                refused.append(str(error))
        if refused:
            raise WriteError(" ".join(refused))


def print_written(path: Path) -> None:
    """Say that a file was written."""
    console().print(one_line(f"Written: {path}"), soft_wrap=True, markup=False, highlight=False)
