"""What the command `cashcade` can do."""

import sys
from collections.abc import Sequence

from cyclopts import CycloptsError

from cashcade.commands import files, lists, running  # noqa: F401 - they add their commands
from cashcade.commands.app import USER_ERROR, app
from cashcade.errors import CashcadeError
from cashcade.names import lines


def execute(words: Sequence[str]) -> int:
    """Carry a command out.

    Parameters
    ----------
    words
        What stands after `cashcade`.

    Returns
    -------
    code
        The exit code; what the user can put right is one message on standard error and code 2.
    """
    try:
        code = app(words, exit_on_error=False, print_error=False, result_action="return_value")
    except BrokenPipeError:
        raise
    except (CashcadeError, CycloptsError, OSError) as error:
        print(f"cashcade: {lines(str(error))}", file=sys.stderr)  # noqa: T201 - the command line talks
        return USER_ERROR
    return code if isinstance(code, int) else 0
