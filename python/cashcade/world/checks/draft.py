"""The draft that checks look at: the entries of a world that are sound by themselves, and the ids of all."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import TypeVar

from cashcade.world.market import Market
from cashcade.world.problems import Place
from cashcade.world.record import Record, attributes_of

R = TypeVar("R", bound=Record)

Entries = Mapping[str, Sequence[tuple[int, Record]]]
"""By section, the entries with their number in it, counted from 0."""


@dataclass(frozen=True)
class Draft:
    """The parts of a world before it is known to be one.

    Parameters
    ----------
    entries
        Sound entries by section.
    ids
        Known ids by section, those of unsound entries too, so that one mistake is told once.
    sources
        Keys of the sources.
    market
        The market, None if it is unsound.
    mended
        Unsound entries by section, without what is wrong with each.
    """

    entries: Entries
    ids: Mapping[str, frozenset[str]]
    sources: frozenset[str]
    market: Market | None = None
    mended: Entries = field(default_factory=dict)

    def with_mended(self) -> Entries:
        """Return all entries in their order, unsound ones without what is wrong with them."""
        return {
            section: sorted([*entries, *self.mended.get(section, ())], key=itemgetter(0))
            for section, entries in self.entries.items()
        }

    def all(self, section: str, kind: type[R]) -> Iterator[tuple[Place, R]]:
        """Yield the sound entries of a section with their places."""
        for number, entry in self.entries.get(section, ()):
            if isinstance(entry, kind):
                yield (section, number), entry

    @cached_property
    def records(self) -> Sequence[tuple[Place, Record]]:
        """Every record, those within others and quantities too, with its place."""
        market = _within(("market",), self.market) if self.market else ()
        entries = (
            _within((section, number), entry)
            for section, entries in self.entries.items()
            for number, entry in entries
        )
        return [*market, *chain.from_iterable(entries)]


PLAIN = frozenset({float, str, bool, type(None)})
"""Types of fields that hold no record."""


@functools.cache
def _names_of(model: type[Record]) -> dict[str, str]:
    """Return the name in files of each attribute of a record."""
    return {name: key for key, name in attributes_of(model).items()}


def _within(place: Place, record: Record) -> Iterator[tuple[Place, Record]]:
    yield place, record
    names = None
    for attribute, value in record.__dict__.items():
        if type(value) in PLAIN or not value:
            continue
        names = names or _names_of(type(record))
        path = (*place, names[attribute])
        if isinstance(value, Record):
            yield from _within(path, value)
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, Record):
                    yield from _within((*path, number), item)
