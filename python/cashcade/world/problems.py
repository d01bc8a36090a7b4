"""Problems of a world: where, what was given, what is wanted, and the way out."""

import difflib
import reprlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, pairwise

from cashcade.words.names import one_line

COMPARED = 50
"""Words that are compared letter by letter; of more, those that share most pairs of letters."""

VISITED = 4000
"""Words with a pair of letters in common that are looked at to find these."""

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
        return one_line(f"{head}given {self.given}, wanted {self.wanted}.{tail}")


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


def more(rest: int, what: str) -> str:
    """Return how many more there are than were told, in brackets: "such cell" has a plural with an s."""
    return f" (and {rest} more {what}{'s' if rest > 1 else ''})" if rest else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a sentence that names the known word closest to `word`, empty if none is close."""
    spelling, by_pair = _index(frozenset(known))
    given = word[:120].lower()
    near: Iterable[str] = spelling
    if len(spelling) > COMPARED:
        # The rarest pairs tell most, and the budget bounds what the others cost.
        having = sorted((by_pair.get(pair, []) for pair in _pairs(given)), key=len)
        shared = Counter(islice(chain.from_iterable(having), VISITED))
        near = sorted(shared, key=lambda name: (-shared[name], abs(len(name) - len(given)), name))[:COMPARED]
    close = difflib.get_close_matches(given, sorted(near), n=1)
    return f'Did you mean "{spelling[close[0]]}"?' if close else ""


@lru_cache(maxsize=8)
def _index(known: frozenset[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Give the spelling of each word in small letters, and the words that have each pair of letters."""
    spelling = {name.lower(): name for name in sorted(known)}
    by_pair: dict[str, list[str]] = {}
    for name in spelling if len(spelling) > COMPARED else ():
        for pair in _pairs(name):
            by_pair.setdefault(pair, []).append(name)
    return spelling, by_pair


def _pairs(word: str) -> set[str]:
    """Give the pairs of neighbouring letters, with those at both ends."""
    return set(map("".join, pairwise(f"\n{word}\n")))
