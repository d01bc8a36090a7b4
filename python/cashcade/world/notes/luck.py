"""Notes on entries that share their luck, because their names have the same address."""

from collections.abc import Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from cashcade.world.addresses import digests
from cashcade.world.kinds import ADDRESSED, SECTIONS, records_of
from cashcade.world.notes.noted import Noted, Words, at
from cashcade.world.notes.start import Start
from cashcade.world.parameter import parameters_of
from cashcade.world.paths import path_of
from cashcade.world.quantity import assumption_of, is_range
from cashcade.world.record import Named, attributes_of


def shared_luck(start: Start) -> Iterator[Noted]:
    """Yield entries and ranges that draw the same random numbers as another, by accident of their names."""
    for kind in ADDRESSED:
        yield _entries(start, kind)
    yield _ranges(start)


def _entries(start: Start, kind: str) -> Noted:
    entries = start.kinds[kind]
    found = _pairs(digests(f"{kind}:{name}" for name in entries.names))

    def words(number: int) -> Words:
        place, other = found[number].tolist()
        return _words(at(kind, entries.name(place), "id"), entries.name(other))

    return Noted(len(found), words)


def _ranges(start: Start) -> Noted:
    named = _named(start)
    names = list(named)
    found = _pairs(digests(names))

    def words(number: int) -> Words:
        place, other = found[number].tolist()
        return _words(named[names[place]], names[other])

    return Noted(len(found), words)


def _words(where: str, other: str) -> Words:
    given = f'its random numbers are those of "{other}", as both names have the same 32-bit address'
    return Words(where, given, "Rename one of them, for luck of its own.")


def _pairs(addresses: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Return the place of each address that came before, with the place where it came first."""
    _, first, number = np.unique(addresses, return_index=True, return_inverse=True)
    first_of: NDArray[np.intp] = first[number]
    later = np.flatnonzero(first_of != np.arange(len(addresses)))
    return np.column_stack([later, first_of[later]])


def _named(start: Start) -> dict[str, str]:
    """Return where each range stands first, by the name that its address is made of; columns have none."""
    found: dict[str, str] = {}
    sections = {section: cast("tuple[Named, ...]", start.kinds[section].records) for section in SECTIONS}
    for kind, name, record in records_of(sections, start.market):
        fields = attributes_of(type(record))
        for field in parameters_of(type(record)):
            quantity = getattr(record, fields[field])
            if is_range(quantity):
                where = f"market.{field}" if kind == "market" else at(kind, name, field)
                found.setdefault(assumption_of(quantity, path_of(kind, name, field)), where)
    return found
