"""How far a run is, for callers and for people."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from cashcade.errors import ArgumentError
from cashcade.runs.executors import Progress


@contextmanager
def shown(progress: Progress | Literal["bar"] | None, paths: int) -> Iterator[Progress | None]:
    """Give what to call with paths done and paths wanted; for `"bar"` a bar on standard error."""
    if progress is None or callable(progress):
        yield progress
    elif progress == "bar":
        from cashcade.runs.bar import bar  # noqa: PLC0415 - takes time to load, and most runs show no bar

        with bar(paths) as report:
            yield report
    else:
        raise ArgumentError(f'progress is {progress!r}, wanted None, "bar" or something to call.')
