"""The command `cashcade`, also as `python -m cashcade`.

Exit codes: 0 done, 1 a check found a broken law, 2 something the user can put right (one message on standard
error), 130 interrupted, 141 nobody reads on.
"""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

USER_ERROR, INTERRUPTED, BROKEN_PIPE = 2, 130, 141


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
    _open_streams()
    try:
        from cashcade.commands import execute  # noqa: PLC0415 - Ctrl-C may come while this loads

        code = execute(words)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
        return BROKEN_PIPE
    except OSError as error:
        _forget_output()
        print(f"cashcade: standard output cannot be written: {error.strerror}", file=sys.stderr)  # noqa: T201 - it talks
        return USER_ERROR
    except MemoryError:
        print("cashcade: the system grants no more memory (see ulimit -v)", file=sys.stderr)  # noqa: T201 - it talks
        return USER_ERROR
    except KeyboardInterrupt as error:
        print(" ".join(["cashcade: interrupted", *map(str, error.args)]), file=sys.stderr)  # noqa: T201 - it talks
        return INTERRUPTED
    return code


def _open_streams() -> None:
    """Let what is closed take all and keep nothing, and write `?` for what an encoding has not."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - as long as the process
        elif isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def _forget_output() -> None:
    """Let standard output, which Python flushes once more at exit, flush into nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
