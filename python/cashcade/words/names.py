"""Names that users type: an unknown one is an error that offers the nearest; and how they are shown."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from cashcade.errors import ArgumentError

UNSEEN = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows."""


def one_line(text: str) -> str:
    """Give a text as it may be shown: what moves the cursor, breaks the line or hides is written out.

    Titles and names come from files and plugins; an escape sequence among them would command the terminal.
    """
    return "".join(character if _shows(character) else _written(character) for character in text)


def lines(text: str) -> str:
    """Give a text of several lines as it may be shown."""
    return "\n".join(map(one_line, text.split("\n")))


def _shows(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"} and character not in UNSEEN


def _written(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def choose(name: str, known: Iterable[str], what: str) -> None:
    """Check that `name` is one of `known`.

    Raises
    ------
    ArgumentError
        With the nearest known names, or all of them where there are few.
    """
    names = list(known)
    if name in names:
        return
    near = get_close_matches(name, names, n=3, cutoff=0.6)
    if near:
        hint = f"Did you mean {' or '.join(repr(each) for each in near)}?"
    elif len(names) <= 12:
        hint = f"Known: {', '.join(names) or 'none'}."
    else:
        hint = f"There are {len(names)}, such as {', '.join(names[:5])}."
    raise ArgumentError(f"Unknown {what} {name!r}. {hint}")
