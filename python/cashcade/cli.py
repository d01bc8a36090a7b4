"""The entry of the command `cashcade`.

Exit codes: 0 done, 1 a check found a broken law, 2 something the user can put right (one message on standard
error), 130 interrupted, 141 nobody reads on.
"""

import os
import sys
from collections.abc import Sequence

INTERRUPTED, BROKEN_PIPE = 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    argv
        Words after `cashcade`; by default those of the command line.

    Returns
    -------
    code
        The exit code.
    """
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        from cashcade.commands import execute  # noqa: PLC0415 - Ctrl-C may come while this loads

        code = execute(words)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes standard output once more at exit; let it flush into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt as error:
        print(" ".join(["cashcade: interrupted", *map(str, error.args)]), file=sys.stderr)  # noqa: T201 - it talks
        return INTERRUPTED
    return code
