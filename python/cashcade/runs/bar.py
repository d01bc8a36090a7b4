"""A progress bar: on standard error, or in the cell of a notebook."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cashcade.runs.executors import Progress as Report


def _display() -> Any:  # noqa: ANN401 - IPython is no library of ours
    """Give the module that shows things in the notebook that runs this; None where there is none."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    return import_module("IPython.display")


@contextmanager
def _in_notebook(paths: int, display: Any) -> Iterator[Report]:  # noqa: ANN401 - as above
    """Show a bar in the output of a cell, and take it away at the end."""

    def drawn(done: int) -> Any:  # noqa: ANN401 - as above
        label = f"{done:,} of {paths:,} paths"
        return display.HTML(
            f'<progress max="{paths}" value="{done}" aria-label="{label}"></progress> {label}'
        )

    handle = display.display(drawn(0), display_id=True)
    try:
        yield lambda done, _wanted: handle.update(drawn(done))
    finally:
        handle.update(display.HTML(""))


@contextmanager
def bar(paths: int) -> Iterator[Report]:
    """Show a bar for so many paths while the context lasts; give what to call with paths done and wanted."""
    display = _display()
    if display is not None:
        with _in_notebook(paths, display) as report:
            yield report
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Drawn when it is called and not by a thread of its own, which a system may refuse.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as shown:
        task = shown.add_task("paths", total=paths)

        def tell(done: int, _wanted: int) -> None:
            shown.update(task, completed=done, refresh=True)

        yield tell
