"""Problems of a world: where, what was given, what is wanted, and the way out."""

import difflib
import reprlib
from collections.abc import Iterable
from dataclasses import dataclass

Place = tuple[str | int, ...]
"""The place of a value: section, number of the entry (from 0), field, ..."""


class _Short(reprlib.Repr):
    """Shows the beginning of a value, whatever its size or depth."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 2
        self.maxdict = self.maxlist = self.maxtuple = 3
        self.maxstring = self.maxother = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of a check, before file and line are known."""

    place: Place
    given: str
    wanted: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a world.

    Parameters
    ----------
    file
        File at fault, None for data made in Python.
    line
        Line of the file, counted from 1, None where it is not known.
    key
        Path of the key, such as `contract[3] "cursor->anthropic".usage`, entries counted from 1.
    given, wanted
        What was found and what should be there.
    hint
        The way out, where it can be named.
    """

    file: str | None
    line: int | None
    key: str
    given: str
    wanted: str
    hint: str = ""

    def __str__(self) -> str:
        """Return the problem in one line."""
        position = f"{self.file}:{self.line}" if self.line else (self.file or "")
        head = ": ".join(part for part in (position, self.key) if part)
        tail = f" {self.hint}" if self.hint else ""
        head = f"{head}: " if head else ""
        return f"{head}given {self.given}, wanted {self.wanted}.{tail}"


def by_line(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems file by file, as the files come, and in each by line; those without one come first."""
    found = list(problems)
    files = {file: number for number, file in enumerate(dict.fromkeys(problem.file for problem in found))}
    return sorted(found, key=lambda problem: (files[problem.file], problem.line or 0))


def shown(value: object) -> str:
    """Return a value as it may be shown in a message, whatever its size or depth."""
    try:
        return _Short().repr(value)
    except (RecursionError, ValueError):
        return f"a {type(value).__name__}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a sentence that names the known word closest to `word`, empty if none is close."""
    close = difflib.get_close_matches(word[:120].lower(), sorted({name.lower() for name in known}), n=1)
    spelling = {name.lower(): name for name in known}
    return f'Did you mean "{spelling[close[0]]}"?' if close else ""
