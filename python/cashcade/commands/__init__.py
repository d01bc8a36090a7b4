"""Commands of `cashcade`."""

import sys
import traceback
import warnings
from collections.abc import Sequence
from typing import TextIO

from cyclopts import CycloptsError, UnusedCliTokensError

from cashcade.commands import (  # noqa: F401 - they add their commands
    asking,
    counted,
    drawing,
    exploring,
    feedbacks,
    files,
    levers,
    lists,
    outlook,
    register,
    running,
)
from cashcade.commands.app import TRACEBACK, USER_ERROR, app, arrange, speaking
from cashcade.errors import CashcadeError, PlausibilityWarning, PluginWarning
from cashcade.words.names import lines

arrange()


def execute(words: Sequence[str]) -> int:
    """Carry a command out.

    Parameters
    ----------
    words
        What stands after `cashcade`.

    Returns
    -------
    code
        The exit code; what the user can put right is one message on standard error and code 2. With
        `--traceback` among the words all that led to it stands before the message.
    """
    plain = [word for word in words if word != TRACEBACK]
    try:
        with warnings.catch_warnings(), speaking(plain):
            warnings.simplefilter("always", PlausibilityWarning)
            warnings.simplefilter("default", PluginWarning)
            warnings.showwarning = _show
            code = app(plain, exit_on_error=False, print_error=False, result_action="return_value")
    except BrokenPipeError:
        raise
    except (CashcadeError, CycloptsError, OSError) as error:
        if len(plain) < len(words):
            print(lines("".join(traceback.format_exception(error))), file=sys.stderr)  # noqa: T201 - as below
        print(f"cashcade: {lines(str(error))}{_quotes(error)}", file=sys.stderr)  # noqa: T201 - the command line talks
        return USER_ERROR
    return code if isinstance(code, int) else 0


def _quotes(error: Exception) -> str:
    """Give the way out where a condition stands without quotes: words of it are left over."""
    left = error.unused_tokens if isinstance(error, UnusedCliTokensError) else []
    loose = any(sign in token for token in left for sign in "<>=")
    return ' Put a condition in quotes, such as "cursor@24 <= 0.05".' if loose else ""


def _show(  # noqa: PLR0913, PLR0917 - the arguments of warnings.showwarning
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Print notes on worlds and plugins without the line of code that met them, others as Python does."""
    note = issubclass(category, PlausibilityWarning | PluginWarning)
    text = (
        f"cashcade: {lines(str(message))}\n"
        if note
        else warnings.formatwarning(message, category, filename, lineno, line)
    )
    (file or sys.stderr).write(text)
