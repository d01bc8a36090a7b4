"""The draft that checks look at: the entries of a world that are sound by themselves, and the ids of all."""

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import TypeVar, get_args

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
    ids: Mapping[str, Collection[str]]
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
"""Types of values that are no record."""


@functools.cache
def _holding(model: type[Record]) -> dict[str, str]:
    """Return the attributes that may hold records, with their names in files; quantities have none."""
    fields = attributes_of(model).items()
    return {name: key for key, name in fields if _may_hold(model.model_fields[name].annotation)}


def _may_hold(kind: object) -> bool:
    """Return whether a value of a type may be a record, or hold one."""
    return (isinstance(kind, type) and issubclass(kind, Record)) or any(map(_may_hold, get_args(kind)))


def _within(place: Place, record: Record) -> Iterator[tuple[Place, Record]]:
    yield place, record
    values = record.__dict__
    for attribute, name in _holding(type(record)).items():
        value = values.get(attribute)
        if type(value) in PLAIN or not value:
            continue
        path = (*place, name)
        if isinstance(value, Record):
            yield from _within(path, value)
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, Record):
                    yield from _within((*path, number), item)
