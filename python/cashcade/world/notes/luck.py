"""Notes on entries that share their luck, because their names have the same address."""

from collections.abc import Iterable, Iterator

from cashcade.world.addresses import addresses
from cashcade.world.kinds import ADDRESSED, records_of
from cashcade.world.notes.start import Note, Start, place
from cashcade.world.parameter import parameters_of
from cashcade.world.paths import path_of
from cashcade.world.quantity import assumption_of, is_range
from cashcade.world.record import attributes_of


def shared_luck(start: Start) -> Iterator[Note]:
    """Yield entries and ranges that draw the same random numbers as another, by accident of their names."""
    for kind in ADDRESSED:
        owners = {f"{kind}:{entry.id}": entry for entry in start.sections.get(kind, ())}
        for name, other in _pairs(owners):
            yield _note(place(kind, owners[name], "id"), other.partition(":")[2])
    ranges = dict(_ranges(start))
    for name, other in _pairs(ranges):
        yield _note(ranges[name], other)


def _note(where: str, other: str) -> Note:
    given = f'its random numbers are those of "{other}", as both names have the same 32-bit address'
    return Note("shared_luck", where, given, "Rename one of them, for luck of its own.")


def _pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each name with the first one before it that has its address."""
    first: dict[int, str] = {}
    for name, address in addresses(names).items():
        other = first.setdefault(address, name)
        if other != name:
            yield name, other


def _ranges(start: Start) -> Iterator[tuple[str, str]]:
    """Yield the name of each range, as its address is made of it, and where it stands first."""
    found: dict[str, str] = {}
    sections = {name: entries for name, entries in start.sections.items() if name not in start.certain}
    for kind, name, record in records_of(sections, start.market):
        fields = attributes_of(type(record))
        for field in parameters_of(type(record)):
            quantity = getattr(record, fields[field])
            if is_range(quantity):
                where = f"market.{field}" if kind == "market" else f'{kind} "{name}".{field}'
                found.setdefault(assumption_of(quantity, path_of(kind, name, field)), where)
    yield from found.items()
