"""Output on pages, made from a run: ``python -m cashcade_ai.answers PAGE...``.

A page shows a command and what it prints in a fenced block whose info string is `console`::

    ```console
    $ cashcade rank ai-2025-08 --months 36
    ... what it prints
    ```

The command stands on the first line, in words as a shell splits them; no shell is asked. What stood below it
is replaced by what it prints.
"""

import argparse
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cashcade.errors import ArgumentError

PROMPT = "$ cashcade "
"""What a command begins with on a page."""

_BLOCK = re.compile(
    rf"^```console\n{re.escape(PROMPT)}(?P<command>[^\n]*)\n(?P<output>.*?)^```$",
    flags=re.MULTILINE | re.DOTALL,
)


def commands(page: str) -> list[list[str]]:
    """Return the commands of a page in its order, each as the words behind `cashcade`."""
    return [shlex.split(found["command"]) for found in _BLOCK.finditer(page)]


def answered(page: str, run: Callable[[Sequence[str]], str]) -> str:
    """Return a page with the output of its commands put in anew.

    Parameters
    ----------
    page
        Text in Markdown.
    run
        Gives the output of a command from its words.
    """

    def block(found: re.Match[str]) -> str:
        shown = "\n".join(line.rstrip() for line in run(shlex.split(found["command"])).splitlines())
        return f"```console\n{PROMPT}{found['command']}\n{shown}\n```"

    return _BLOCK.sub(block, page)


def output(words: Sequence[str]) -> str:
    """Return what a command prints on standard output.

    Raises
    ------
    ArgumentError
        It fails.
    """
    done = subprocess.run(  # noqa: S603 - the commands of our own pages
        [sys.executable, "-m", "cashcade", *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ArgumentError(f"cashcade {shlex.join(words)} ends with {done.returncode}: {done.stderr}")
    return done.stdout


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the output of all commands into pages."""
    parser = argparse.ArgumentParser(
        prog="python -m cashcade_ai.answers", description="Put what commands print into pages."
    )
    parser.add_argument("pages", type=Path, nargs="+", metavar="PAGE", help="Markdown file with blocks")
    for page in parser.parse_args(arguments).pages:
        text = page.read_text(encoding="utf-8")
        page.write_text(answered(text, output), encoding="utf-8")


if __name__ == "__main__":
    main()
