"""The entries of a world by kind, as columns: whether they came as records or as plain columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cashcade.world.block import Block, Floats, name_at
from cashcade.world.kinds import HELD, MODELS, SECTIONS
from cashcade.world.parameter import Parameter, parameters_of
from cashcade.world.quantity import likeliest
from cashcade.world.record import CAPITAL, Record, attributes_of, links_of

if TYPE_CHECKING:
    from cashcade.world.world import World


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a kind.

    Parameters
    ----------
    names
        Their names.
    records
        Their records; none of those that came as plain columns.
    holders
        Of records that stand within others: the places of these.
    block
        The columns, if they came so.
    """

    names: Sequence[str]
    records: tuple[Record, ...] = ()
    holders: tuple[int, ...] = ()
    block: Block | None = None

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.names)

    def name(self, place: int) -> str:
        """Return the name of one entry."""
        return name_at(self.names, place)

    def fields(self, name: str) -> list[Any]:
        """Return the values of a field of each record, by its name in files."""
        if not self.records:
            return []
        return list(map(attrgetter(attributes_of(type(self.records[0]))[name]), self.records))

    def number(self, name: str) -> Floats:
        """Return a parameter of each entry as the core takes it, likeliest values, by its name in files."""
        if self.block is not None:
            return self.block.number(name)
        if not self.records:
            return np.zeros(0)
        return numbers_of(self.fields(name), parameters_of(type(self.records[0]))[name])

    def text(self, name: str) -> Sequence[str | None]:
        """Return another field of each entry, by its name in files: None where one is silent."""
        return self.fields(name) if self.block is None else self.block.text(name)


def all_plain(quantities: Sequence[Any]) -> bool:
    """Return whether all are plain numbers or flags: nearly all are, and large worlds have millions."""
    return set(map(type, quantities)) <= {float, bool}


def numbers_of(quantities: Sequence[Any], parameter: Parameter) -> Floats:
    """Return the likeliest values of quantities as the core takes them."""
    if all_plain(quantities):
        return np.array(quantities, dtype=np.float64)
    return np.array([parameter.number(likeliest(quantity)) for quantity in quantities])


@dataclass(frozen=True)
class Kinds:
    """The entries of a world by kind: the sections, what stands within their entries, and the market.

    Parameters
    ----------
    by_name
        Entries by kind.
    """

    by_name: Mapping[str, Entries]
    _places: dict[str, dict[str | None, int]] = field(default_factory=dict, init=False)

    def __getitem__(self, kind: str) -> Entries:
        """Return the entries of a kind."""
        return self.by_name[kind]

    def link(self, kind: str, name: str) -> NDArray[np.int32]:
        """Return the place of what each entry of a kind links to, by name in files; -1 for outside."""
        entries = self.by_name[kind]
        if entries.block is not None:
            return entries.block.link(name).places
        if kind in HELD and name == HELD[kind].holder:
            return np.array(entries.holders, dtype=np.int32)
        place_of = self._places_of(links_of(MODELS[kind])[name].target)
        return np.array([place_of[end] for end in entries.fields(name)], dtype=np.int32)

    def _places_of(self, kind: str) -> dict[str | None, int]:
        """Return the place of each entry of a kind by its name."""
        if kind not in self._places:
            names = self.by_name[kind].names
            self._places[kind] = {CAPITAL: -1, None: -1} | {name: place for place, name in enumerate(names)}
        return self._places[kind]


def kinds_of(world: "World") -> Kinds:
    """Return the entries of a world by kind; no record is made of plain columns."""
    kinds = {section: _section(world, section) for section in SECTIONS}
    for kind, held in HELD.items():
        kinds[kind] = _within(kinds[held.holder], held.field)
    kinds["market"] = Entries(("market",), (world.market,))
    return Kinds(kinds)


def _section(world: "World", section: str) -> Entries:
    block = world.blocks().get(section)
    if block is not None:
        return Entries(block.ids, block=block)
    entries = world.section(section)
    return Entries(tuple(entry.id for entry in entries), entries)


def _within(holders: Entries, name: str) -> Entries:
    """Return what stands within entries, in their order."""
    if holders.block is not None:
        inner = holders.block.held.get(name)
        return Entries(()) if inner is None else Entries(inner.block.ids, block=inner.block)
    lists = [getattr(record, name) for record in holders.records]
    held = zip(holders.names, lists, strict=True)
    return Entries(
        tuple(f"{holder}/{number}" for holder, items in held for number in range(1, len(items) + 1)),
        tuple(item for items in lists for item in items),
        tuple(place for place, items in enumerate(lists) for _ in items),
    )
