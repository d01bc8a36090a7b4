"""Output on pages, made from a run: ``python -m cashcade_ai.answers PAGE...``.

A page shows a command and what it prints in a fenced block whose info string is `console`::

    ```console
    $ cashcade rank ai-2025-08 --months 36
    ... what it prints
    ```

The command stands on the first line, in words as a shell splits them; no shell is asked. What stood below it
is replaced by what it prints.

Commands run in a folder of their own, with the files that the page shows. A block whose info string has a
title, such as ``csv title="mine/loans.csv"``, is the file of that name.
"""

import argparse
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from cashcade.errors import ArgumentError

PROMPT = "$ cashcade "
"""What a command begins with on a page."""

_BLOCK = re.compile(
    rf"^```console\n{re.escape(PROMPT)}(?P<command>[^\n]*)\n(?P<output>.*?)^```$",
    flags=re.MULTILINE | re.DOTALL,
)

_FILE = re.compile(r'^```\w+ title="(?P<name>[^"\n]+)"\n(?P<text>.*?)^```$', flags=re.MULTILINE | re.DOTALL)


def write_files(page: str, folder: Path) -> list[Path]:
    """Write the files that a page shows into a folder, and return where they are."""
    written = []
    for found in _FILE.finditer(page):
        place = folder / found["name"]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(found["text"], encoding="utf-8")
        written.append(place)
    return written


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


def output(words: Sequence[str], folder: Path | None = None) -> str:
    """Return what a command prints on standard output, run in a folder: here, unless one is given.

    Raises
    ------
    ArgumentError
        It fails.
    """
    done = subprocess.run(  # noqa: S603 - the commands of our own pages
        [sys.executable, "-m", "cashcade", *words], capture_output=True, text=True, check=False, cwd=folder
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
        with tempfile.TemporaryDirectory() as folder:
            write_files(text, Path(folder))
            page.write_text(answered(text, partial(output, folder=Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
