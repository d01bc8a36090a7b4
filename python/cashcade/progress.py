"""How far a run is, for callers and for people."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from cashcade.errors import ArgumentError
from cashcade.executors import Progress


@contextmanager
def shown(progress: Progress | Literal["bar"] | None) -> Iterator[Progress | None]:
    """Give what to call with paths done and paths wanted; for `"bar"` a bar on standard error."""
    if progress is None or callable(progress):
        yield progress
    elif progress == "bar":
        with _bar() as report:
            yield report
    else:
        raise ArgumentError(f'progress is {progress!r}, wanted None, "bar" or something to call.')


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console  # noqa: PLC0415 - takes time to load, and most runs show no bar
    from rich.progress import BarColumn, MofNCompleteColumn, Progress as Bar, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - idem

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("paths", total=None)

        def report(done: int, wanted: int) -> None:
            bar.update(task, completed=done, total=wanted)

        yield report
