"""Calls of a plugin's code: in the thread of the caller, with an end, and silent on standard output."""

import contextlib
import ctypes
import io
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from types import FrameType
from typing import TypeVar

from cashcade.errors import CashcadeError, PluginError, PluginWarning
from cashcade.plugin.aside import set_aside
from cashcade.plugin.blame import Plugin, blame, is_of_plugins, place_in, place_of

SECONDS = 20.0
"""Time that a call of a plugin's code may take."""

AGAIN = 0.25
"""Seconds after which code that caught its interruption is interrupted again."""

MOST_RECORDS = 10_000
"""Records that a hook may yield; whoever yields more does not end."""

ONE_AT_A_TIME = threading.RLock()
"""Held while code of a plugin runs: standard output belongs to the process."""

T = TypeVar("T")


class TimeIsUp(BaseException):
    """Code of a plugin took too long."""


def called(plugin: Plugin, what: str, function: Callable[[], T], where: str = "") -> T:
    """Return what a function of a plugin returns.

    It runs in the thread of the caller, so that debuggers, context variables and what belongs to a thread
    work. One that does not end is interrupted, also while it waits, unless a debugger is at work. In another
    thread than the main one, and on systems without alarms, waiting outside Python is not interrupted before
    it ends. What it prints goes to standard error, with a warning: answers go to standard output.

    Parameters
    ----------
    plugin
        Whose function it is.
    what
        What is called, for messages.
    function
        The function.
    where
        File and line, for failures that do not tell theirs.

    Raises
    ------
    PluginError
        The function raised something, would have ended the program, or did not end in time.
    KeyboardInterrupt
        The user wants no more.
    """
    with ONE_AT_A_TIME, _heard(plugin, what):
        limit = _limit()
        limit.begin()
        try:
            return _inside(function)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise blame(plugin, f"{what} {_fault(error)}", place_in(error) or where) from error
        finally:
            limit.end()


def _inside(function: Callable[[], T]) -> T:
    """Call a function: what is interrupted has this among its callers."""
    return function()


def _fault(error: BaseException) -> str:
    if isinstance(error, TimeIsUp):
        return f"did not end within {SECONDS:g} seconds"
    if isinstance(error, SystemExit):
        return f"would end the program, with sys.exit({error.code!r})"
    return f"failed with {type(error).__name__}: {error}"


class _Alarm:
    """A limit by the alarm of the system, in the main thread."""

    def begin(self) -> None:
        """Set the alarm."""
        self.before = signal.signal(signal.SIGALRM, self._rings)
        signal.setitimer(signal.ITIMER_REAL, SECONDS, AGAIN)

    def end(self) -> None:
        """Take it back."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.before)

    def _rings(self, _number: int, frame: FrameType | None) -> None:
        if _is_inside(frame) and not _is_debugged(frame):
            raise TimeIsUp


class _Clock:
    """A limit by a second thread."""

    def begin(self) -> None:
        """Start the clock.

        Raises
        ------
        CashcadeError
            The system gives no more threads.
        """
        self.thread = threading.get_ident()
        self.over = threading.Event()
        try:
            threading.Thread(target=self._tick, name="cashcade: clock", daemon=True).start()
        except RuntimeError as refusal:
            what = f"a limit of time needs a thread, and the system gives no more ({refusal})"
            raise CashcadeError(f"{what}; end other programs, or raise the limit (ulimit -u).") from refusal

    def end(self) -> None:
        """Stop it, with an interruption that did not come any more."""
        self.over.set()
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.thread), None)

    def _tick(self) -> None:
        seconds = SECONDS
        while not self.over.wait(seconds):
            frame = sys._current_frames().get(self.thread)  # noqa: SLF001 - there is no other way to see another thread
            if _is_inside(frame) and not _is_debugged(frame):
                late = ctypes.c_ulong(self.thread), ctypes.py_object(TimeIsUp)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(*late)
            seconds = AGAIN


def _limit() -> _Alarm | _Clock:
    """Give the alarm where there is one and nobody else waits for it, else the clock."""
    main = threading.current_thread() is threading.main_thread()
    if main and hasattr(signal, "setitimer") and signal.getsignal(signal.SIGALRM) is signal.SIG_DFL:
        return _Alarm()
    return _Clock()


def _callers(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _is_inside(frame: FrameType | None) -> bool:
    """Whether code of a plugin runs, and not ours around it."""
    return any(caller.f_code is _inside.__code__ for caller in _callers(frame))


def _is_debugged(frame: FrameType | None) -> bool:
    """Whether a debugger or another tracer is at work: who looks around in a plugin has all the time."""
    if any(caller.f_trace is not None for caller in _callers(frame)):
        return True
    return sys.version_info >= (3, 12) and sys.monitoring.get_tool(sys.monitoring.DEBUGGER_ID) is not None


class _Ear(io.StringIO):
    """Standard output of a plugin's code: passes on to standard error, and remembers who spoke first."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.where = "", ""

    def write(self, text: str, /) -> int:
        """Pass on."""
        frame = sys._getframe(1)  # noqa: SLF001 - the line that printed
        if text.strip() and not self.first and not _is_debugged(frame):
            self.first = _first_line(text)
            own = (one for one in _callers(frame) if is_of_plugins(one.f_code.co_filename))
            self.where = next((f"{one.f_code.co_filename}:{one.f_lineno}" for one in own), "")
        return sys.stderr.write(text)


@contextlib.contextmanager
def _heard(plugin: Plugin, what: str) -> Iterator[None]:
    """Send what is printed to standard error, and warn of it in the end."""
    ear = _Ear()
    aside: list[str] = []
    try:
        with set_aside() as aside, contextlib.redirect_stdout(ear):
            yield
    finally:
        passed = "".join(aside)
        sys.stderr.write(passed)
        for said, where in (ear.first, ear.where), (_first_line(passed), "past Python's print"):
            if said:
                told = f"{what} prints {said!r} ({where}), which was sent to standard error"
                way_out = "Print nothing there; logging goes to standard error by itself"
                warnings.warn(f'plugin "{plugin.label}": {told}. {way_out}.', PluginWarning, stacklevel=4)


def _first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "")


def records_of(plugin: Plugin, what: str, function: Callable[[], object]) -> Sequence[object]:
    """Return the records that a function of a plugin returns or yields.

    Raises
    ------
    PluginError
        The function raised something, did not end in time, or gave nothing or too many records.
    """

    def listed() -> list[object] | None:
        result = function()
        if result is None:
            return None
        return list(islice(result, MOST_RECORDS + 1)) if isinstance(result, Iterable) else [result]

    where = place_of(function)
    records = called(plugin, what, listed, where)
    if records is None:
        raise nothing(plugin, what, "records", where)
    if len(records) > MOST_RECORDS:
        raise blame(plugin, f"{what} gave more than {MOST_RECORDS:,} records", where)
    return records


def nothing(plugin: Plugin, what: str, wanted: str, where: str) -> PluginError:
    """Return the error of a function that gives nothing."""
    return blame(plugin, f"{what} returned None, wanted {wanted}; it lacks a return or a yield", where)
