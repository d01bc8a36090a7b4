"""The command itself: its options in common, how it prints, its exit codes."""

import json
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Annotated, Any, NoReturn, Protocol

from cyclopts import App, Group, Parameter, Token
from rich.console import Console
from rich.text import Text

from cashcade import _core
from cashcade.words.names import lines, one_line
from cashcade.words.numerals import whole_number_in

BROKEN_LAW = 1
"""Exit code of a check that found a broken law."""

USER_ERROR = 2
"""Exit code for what the user can put right."""

INTERRUPTED = 130
"""Exit code after Ctrl-C."""

PIPE_WIDTH = 120
"""Columns of tables that go to a file or another program."""

TRACEBACK = "--traceback"
"""Word that may stand anywhere in a command: show all that led to an error."""

app = App(
    name="cashcade",
    help="Cash flows and default cascades: who runs out of cash, when, and whom they take along.\n\n"
    f"Begin with: cashcade run ai-2025-08. Add {TRACEBACK} to any command to see where an error came from.",
    version=_core.__version__,
    default_parameter=Parameter(negative=()),
    suppress_keyboard_interrupt=False,  # `main` says what was lost
)

GROUPS = {
    "Run and explain": ("run", "explain", "compare", "explore", "plot"),
    "Ask": (
        *("breakeven", "stress", "sensitivity", "swap", "interactions", "map", "rank", "runway"),
        *("walls", "backlog", "circular", "payoff", "lead", "feedbacks", "forecasts"),
    ),
    "Look up": ("worlds", "scenarios", "archetypes", "parameters", "variables"),
    "Worlds and plugins of your own": ("validate", "schema", "plugins", "new-plugin", "check"),
    "Help": ("--help", "--version"),
}
"""Commands by purpose, in the order in which the help lists them."""


def arrange() -> None:
    """Put each command into its group; call it when all commands are there."""
    for place, (title, names) in enumerate(GROUPS.items()):
        group = Group(title, sort_key=place)
        for order, name in enumerate(names):
            app[name].group = group
            app[name].sort_key = order


def _whole(_type: Any, tokens: Sequence[Token]) -> int:  # noqa: ANN401 - as cyclopts calls it
    """Read a whole number as Python's arguments take it: 1e4 is one, 1.5 is none."""
    number = whole_number_in(tokens[0].value)
    if number is None:
        raise ValueError(f"given {tokens[0].value}, wanted a whole number.")
    return number


Whole = Annotated[int, Parameter(converter=_whole)]
"""An option that is a whole number."""

PerhapsWhole = Annotated[int | None, Parameter(converter=_whole)]
"""An option that is a whole number, or not given."""


_SPOKEN: ContextVar[tuple[str, ...]] = ContextVar("spoken", default=())


@contextmanager
def speaking(words: Sequence[str]) -> Iterator[None]:
    """Remember the words after `cashcade` while they are carried out."""
    token = _SPOKEN.set(tuple(words))
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def spoken() -> str:
    """Give the command that is carried out, as a shell takes it."""
    return shlex.join(["cashcade", *_SPOKEN.get()])


def separated(given: Sequence[str]) -> list[str]:
    """Give the names in options that hold one or several, separated by commas."""
    return [name for option in given for name in option.split(",")]


def words(*cells: str) -> list[Text]:
    """Give the cells of a row, each as it is and on one line."""
    return [Text(one_line(cell)) for cell in cells]


def print_json(content: object) -> None:
    """Print one JSON document; what JSON cannot hold is an error."""
    print(json.dumps(content, indent=2, allow_nan=False))  # noqa: T201 - the command line talks


class _Output(Console):
    """A console that leaves a broken pipe to `main`."""

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError


def console() -> Console:
    """Give a console as wide as the terminal, or wide enough for the tables where there is none."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
    return _Output(width=width, highlight=False)


class Answer(Protocol):
    """An answer that can be told and written down."""

    def document(self) -> dict[str, Any]:
        """Give it as values that JSON knows."""
        ...


def print_answer(found: Answer, about: dict[str, Any], *, as_json: bool) -> None:
    """Print an answer: in words, or as a document behind what was asked."""
    if as_json:
        print_json({**about, **found.document()})
        return
    console().print(Text(lines(str(found))), soft_wrap=True)
