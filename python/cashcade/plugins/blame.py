"""Blame: plugins by distribution and version, and calls of their code that always end."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from cashcade.errors import CashcadeError, PluginError

BLOCK_VARIABLE = "CASHCADE_BLOCK_PLUGINS"
"""Environment variable with the names of distributions not to load, divided by commas."""

SECONDS = 20.0
"""Time that a call of a plugin's code may take."""

MOST_RECORDS = 10_000
"""Records that a hook may yield; whoever yields more does not end."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin that is loaded.

    Parameters
    ----------
    name
        Name of the distribution, or of the object given by the caller.
    version
        Version of the distribution, empty for objects.
    entry_point
        Name of the entry point, empty for objects.
    """

    name: str
    version: str = ""
    entry_point: str = ""

    @property
    def label(self) -> str:
        """Name and version, for messages."""
        return f"{self.name} {self.version}".strip()


def blame(plugin: Plugin, what: str) -> PluginError:
    """Return an error that names the plugin at fault, what happened, and how to go on without it."""
    return PluginError(f'plugin "{plugin.label}": {what.rstrip(".")}. {way_out(plugin)}')


def way_out(plugin: Plugin) -> str:
    """Say how to go on without a plugin."""
    if plugin.version:
        return f'Update it, or block it: block=["{plugin.name}"] or {BLOCK_VARIABLE}={plugin.name}.'
    return "Mend the object given as plugin."


def called(plugin: Plugin, what: str, function: Callable[[], T]) -> T:
    """Return what a function of a plugin returns.

    It runs in a thread of its own. One that does not end is interrupted; if it heeds that not, because it
    waits outside Python, it is left behind, and does not keep the process from ending.

    Raises
    ------
    PluginError
        The function raised something, or did not end in time.
    CashcadeError
        The system gives no more threads.
    """
    answers: list[T] = []
    failures: list[BaseException] = []

    def call() -> None:
        try:
            answers.append(function())
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            failures.append(error)

    thread = threading.Thread(target=call, name=f"cashcade: {plugin.label}", daemon=True)
    try:
        thread.start()
    except RuntimeError as refusal:
        what = f"{what} needs a thread, and the system gives no more ({refusal})"
        raise CashcadeError(f"{what}; end other programs, or raise the limit (ulimit -u).") from refusal
    thread.join(SECONDS)
    if failures:
        error = failures[0]
        raise blame(plugin, f"{what} failed with {type(error).__name__}: {error}") from error
    if not answers:
        _interrupt(thread)
        raise blame(plugin, f"{what} did not end within {SECONDS:g} seconds")
    return answers[0]


def _interrupt(thread: threading.Thread) -> None:
    """Have a thread exit between two of its instructions."""
    import ctypes  # noqa: PLC0415 - for plugins that hang only

    if thread.ident is not None:
        exit_there = ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(*exit_there)


def records_of(plugin: Plugin, what: str, function: Callable[[], object]) -> Sequence[object]:
    """Return the records that a function of a plugin returns or yields.

    Raises
    ------
    PluginError
        The function raised something, did not end in time, or yielded too many records.
    """

    def listed() -> list[object]:
        result = function()
        return list(islice(result, MOST_RECORDS + 1)) if isinstance(result, Iterable) else [result]

    records = called(plugin, what, listed)
    if len(records) > MOST_RECORDS:
        raise blame(plugin, f"{what} gave more than {MOST_RECORDS:,} records")
    return records
