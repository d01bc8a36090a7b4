"""A progress bar on standard error."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cashcade.runs.executors import Progress as Report


@contextmanager
def bar(paths: int) -> Iterator[Report]:
    """Show a bar for so many paths while the context lasts; give what to call with paths done and wanted."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Drawn when it is called and not by a thread of its own, which a system may refuse.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as shown:
        task = shown.add_task("paths", total=paths)

        def report(done: int, _wanted: int) -> None:
            shown.update(task, completed=done, refresh=True)

        yield report
