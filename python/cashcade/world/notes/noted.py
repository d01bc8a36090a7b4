"""Notes in words, which are written only for those that are told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from cashcade.world.problems import Problem, more

MOST_TOLD = 100
"""Notes of a name that are told one by one; the last says how many more there are."""


@dataclass(frozen=True, slots=True)
class Note:
    """List what is implausible about a world.

    Parameters
    ----------
    name
        Name of the note, as docs/worlds.md lists it.
    place
        Where it stands, as in a file.
    given
        The value, and what it is compared with.
    look
        What to look at.
    """

    name: str
    place: str
    given: str
    look: str

    def __str__(self) -> str:
        """Return the note in one line."""
        return f"{self.place}: {self.given}. {self.look}"

    def problem(self, file: str | None) -> Problem:
        """Return the note as a problem of a file, for who wants no world with notes."""
        return Problem(file, None, self.place, self.given, "a plausible figure", self.look)


class Words(NamedTuple):
    """The words of a note; the attributes are those of `Note`."""

    place: str
    given: str
    look: str


class Noted(NamedTuple):
    """The findings of a check.

    Attributes
    ----------
    notes
        Number of notes.
    words
        Gives what one of them says, by its number from 0.
    """

    notes: int
    words: Callable[[int], Words]


def told(name: str, found: Iterable[Noted]) -> list[Note]:
    """Return the notes of a name, the first of many."""
    parts = list(found)
    each = (part.words(number) for part in parts for number in range(part.notes))
    notes = [Note(name, *words) for words in islice(each, MOST_TOLD)]
    rest = sum(part.notes for part in parts) - len(notes)
    if rest:
        last = notes.pop()
        notes.append(Note(name, last.place, last.given + more(rest, "such note"), last.look))
    return notes


def usd(amount: float) -> str:
    """Write an amount, short."""
    return f"{amount:.4g} USD"


def at(section: str, name: str, field: str) -> str:
    """Return where a field of an entry stands, as messages write it."""
    return f'{section} "{name}".{field}'
