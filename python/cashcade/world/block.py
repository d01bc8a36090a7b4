"""Entries as columns: large sections of worlds, whose records are made only where somebody asks for them."""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar, cast, overload

import numpy as np
from numpy.typing import NDArray

from cashcade.world.parameter import Parameter, parameters_of
from cashcade.world.quantity import likeliest
from cashcade.world.record import BETWEEN, CAPITAL, Record, attributes_of

Floats = NDArray[np.float64]

T = TypeVar("T")

AT_A_TIME = 2**14
"""Entries that are written at a time."""


class Ends(NamedTuple):
    """The entries that a link names: their places, -1 for outside, and what places and outside stand for."""

    places: NDArray[np.int32]
    ids: Sequence[str]
    outside: str | None = CAPITAL

    @classmethod
    def all_outside(cls, count: int) -> "Ends":
        """Return a link of which every entry names the sector outside."""
        return cls(np.full(count, -1, dtype=np.int32), ())

    def named(self) -> list[str | None]:
        """Return what each entry names."""
        known = (*self.ids, self.outside)
        return list(map(known.__getitem__, self.places.tolist()))


class Linked(Sequence[str]):
    """Ids that links make, such as "cursor->anthropic", written when somebody asks for one.

    Parameters
    ----------
    ends
        The links. No name has in it what stands between two.
    told
        Ids by place, of entries between the same as others. All ids differ.
    """

    def __init__(self, ends: Sequence[Ends], told: Mapping[int, str] | None = None) -> None:
        self.ends, self.told = tuple(ends), dict(told or {})

    def made(self, places: NDArray[np.intp] | slice) -> list[str]:
        """Return what the links of some entries make."""
        some = (each._replace(places=each.places[places]).named() for each in self.ends)
        names = cast("Iterator[tuple[str, ...]]", zip(*some, strict=True))
        return list(map(BETWEEN.join, names))

    def name(self, place: int) -> str:
        """Return the id at a place, while the others stay as they are."""
        return self.told.get(place) or self.made(slice(place, place + 1))[0]

    @cached_property
    def written(self) -> tuple[str, ...]:
        """All of them."""
        names = self.made(slice(None))
        for place, name in self.told.items():
            names[place] = name
        return tuple(names)

    @cached_property
    def known(self) -> frozenset[str]:
        """All of them, to look one up."""
        return frozenset(self.written)

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.ends[0].places)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[str, ...]: ...
    def __getitem__(self, place: int | slice) -> str | tuple[str, ...]:
        """Return the id at a place, or those at some places."""
        return self.written[place]

    def __iter__(self) -> Iterator[str]:
        """Return the ids one after the other."""
        return iter(self.written)

    def __contains__(self, name: object) -> bool:
        """Return whether an entry has this id."""
        return name in self.known

    def __eq__(self, other: object) -> bool:
        """Return whether others are the same ids in the same order."""
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(str.__eq__, self, other))

    def __hash__(self) -> int:
        """Return the hash of the tuple of them."""
        return hash(self.written)


def lookup(ids: Sequence[str]) -> Collection[str]:
    """Return ids as what tells at once whether it has one."""
    return ids if isinstance(ids, Linked) else frozenset(ids)


def name_at(ids: Sequence[str], place: int) -> str:
    """Return the id at a place; ids that links make stay unwritten."""
    return ids.name(place) if isinstance(ids, Linked) else ids[place]


def all_differ(ids: Sequence[str]) -> bool:
    """Return whether no two of these ids are the same."""
    return isinstance(ids, Linked) or len(set(ids)) == len(ids)


@dataclass(frozen=True, slots=True)
class Block:
    """A section of a world as columns, each checked as records are.

    Parameters
    ----------
    model
        The record of an entry.
    ids
        The id of each entry, of which there is one at least.
    numbers
        Parameters that the entries state, by name in files, as the core takes them.
    links
        Links that they state, by name in files.
    texts
        Other fields that they state, by name in files; None where one is silent.
    held
        What stands within the entries, by its field, in their order: blocks that link each row to its entry.
    """

    model: type[Record]
    ids: Sequence[str]
    numbers: Mapping[str, Floats]
    links: Mapping[str, Ends]
    texts: Mapping[str, Sequence[str | None]]
    held: Mapping[str, "Inner"] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.ids)

    def number(self, name: str) -> Floats:
        """Return a parameter of each entry, by its name in files: the default where none is stated."""
        stated = self.numbers.get(name)
        return np.full(len(self), default_of(self.model, name)) if stated is None else stated

    def link(self, name: str) -> Ends:
        """Return a link of each entry, by its name in files: the sector outside where none is stated."""
        stated = self.links.get(name)
        return Ends.all_outside(len(self)) if stated is None else stated

    def text(self, name: str) -> Sequence[str | None]:
        """Return another field of each entry, by its name in files: None where none is stated."""
        return self.texts.get(name, (None,) * len(self))

    def inner_blocks(self) -> list["Block"]:
        """Return what stands within the entries."""
        return [each.block for each in self.held.values()]

    def columns(self, held: Mapping[str, Sequence[object]]) -> dict[str, Sequence[object]]:
        """Return what the entries state in the order of the fields, by name in files.

        Parameters
        ----------
        held
            What stands within each entry, by its field.
        """
        parameters = parameters_of(self.model)
        found: dict[str, Sequence[object]] = {
            "id": self.ids,
            **{name: ends.named() for name, ends in self.links.items()},
            **{name: _values(parameters[name], numbers) for name, numbers in self.numbers.items()},
            **self.texts,
            **held,
        }
        return {name: found[name] for name in attributes_of(self.model) if name in found}

    def records(self) -> tuple[Record, ...]:
        """Return the entries as records, which are those that a check one by one gives."""
        inner = {name: each.by_holder(each.block.records()) for name, each in self.held.items()}
        known, columns = attributes_of(self.model), self.columns(inner)
        names = [known[name] for name in columns]
        rows = zip(*columns.values(), strict=True)
        first = dict(zip(names, next(rows), strict=True))
        pattern = self.model.model_validate(first)
        rest = (pattern.model_copy(update=dict(zip(names, cells, strict=True))) for cells in rows)
        return (pattern, *rest)

    def stated(self) -> Iterator[list[dict[str, object]]]:
        """Yield the entries, thousands at a time, as mappings of what differs from its default."""
        inner = {
            name: each.by_holder([*itertools.chain(*each.block.stated())]) for name, each in self.held.items()
        }
        columns, known = self.columns(inner), attributes_of(self.model)
        defaults = {name: self.model.model_fields[known[name]].default for name in columns}
        often_silent = [name for name, column in columns.items() if name != "id" and defaults[name] in column]
        for first in range(0, len(self), AT_A_TIME):
            some = {name: column[first : first + AT_A_TIME] for name, column in columns.items()}
            entries = [dict(zip(some, cells, strict=True)) for cells in zip(*some.values(), strict=True)]
            for name in often_silent:
                for entry, cell in zip(entries, some[name], strict=True):
                    if cell == defaults[name]:
                        del entry[name]
            yield entries


class Inner(NamedTuple):
    """Rows that stand within entries: what they state, the place of the entry of each, and how many entries.

    Rows of an entry stand together, in the order of entries.
    """

    block: Block
    places: NDArray[np.int32]
    entries: int

    def by_holder(self, rows: Sequence[T]) -> list[tuple[T, ...]]:
        """Return the rows of each entry."""
        ends = np.searchsorted(self.places, np.arange(self.entries + 1)).tolist()
        return [tuple(rows[first:last]) for first, last in itertools.pairwise(ends)]


def _values(parameter: Parameter, numbers: Floats) -> list[Any]:
    """Return numbers of the core as records hold them: words of codes, flags as true or false."""
    if parameter.words:
        words = {code: word for word, code in parameter.codes.items()}
        return [words[code] for code in numbers.tolist()]
    return list((numbers.astype(np.bool_) if parameter.unit == "flag" else numbers).tolist())


def default_of(model: type[Record], name: str) -> float | None:
    """Return the default of a parameter as the core takes it, by name in files; None where it has none."""
    field = model.model_fields[attributes_of(model)[name]]
    return None if field.is_required() else parameters_of(model)[name].number(likeliest(field.default))
