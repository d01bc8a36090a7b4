"""Entries as columns: large sections of worlds, whose records are made only where somebody asks for them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cashcade.world.parameter import Parameter, parameters_of
from cashcade.world.quantity import likeliest
from cashcade.world.record import CAPITAL, Named, attributes_of

Floats = NDArray[np.float64]

AT_A_TIME = 2**14
"""Entries that are written at a time."""


class Ends(NamedTuple):
    """The entries that a link names: their places, -1 for outside, and the ids that places stand for."""

    places: NDArray[np.int32]
    ids: tuple[str, ...]

    @classmethod
    def all_outside(cls, count: int) -> "Ends":
        """Return a link of which every entry names the sector outside."""
        return cls(np.full(count, -1, dtype=np.int32), ())

    def named(self) -> list[str]:
        """Return the id that each entry names."""
        known = (*self.ids, CAPITAL)
        return list(map(known.__getitem__, self.places.tolist()))


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
    """

    model: type[Named]
    ids: tuple[str, ...]
    numbers: Mapping[str, Floats]
    links: Mapping[str, Ends]
    texts: Mapping[str, Sequence[str | None]]

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

    def columns(self) -> dict[str, Sequence[object]]:
        """Return what the entries state, as records hold it and in their order, by name in files."""
        parameters = parameters_of(self.model)
        found: dict[str, Sequence[object]] = {
            "id": self.ids,
            **{name: ends.named() for name, ends in self.links.items()},
            **{name: _values(parameters[name], numbers) for name, numbers in self.numbers.items()},
            **self.texts,
        }
        return {name: found[name] for name in attributes_of(self.model) if name in found}

    def records(self) -> tuple[Named, ...]:
        """Return the entries as records, which are those that a check one by one gives."""
        known, columns = attributes_of(self.model), self.columns()
        names = [known[name] for name in columns]
        rows = zip(*columns.values(), strict=True)
        first = dict(zip(names, next(rows), strict=True))
        pattern = self.model.model_validate(first)
        rest = (pattern.model_copy(update=dict(zip(names, cells, strict=True))) for cells in rows)
        return (pattern, *rest)

    def stated(self) -> Iterator[list[dict[str, object]]]:
        """Yield the entries, thousands at a time, as mappings of what differs from its default."""
        columns, known = self.columns(), attributes_of(self.model)
        defaults = {name: self.model.model_fields[known[name]].default for name in columns}
        often_silent = [name for name, column in columns.items() if defaults[name] in column]
        for first in range(0, len(self), AT_A_TIME):
            some = {name: column[first : first + AT_A_TIME] for name, column in columns.items()}
            entries = [dict(zip(some, cells, strict=True)) for cells in zip(*some.values(), strict=True)]
            for name in often_silent:
                for entry, cell in zip(entries, some[name], strict=True):
                    if cell == defaults[name]:
                        del entry[name]
            yield entries


def _values(parameter: Parameter, numbers: Floats) -> list[Any]:
    """Return numbers of the core as records hold them: words of codes, flags as true or false."""
    if parameter.words:
        words = {code: word for word, code in parameter.codes.items()}
        return [words[code] for code in numbers.tolist()]
    return list((numbers.astype(np.bool_) if parameter.unit == "flag" else numbers).tolist())


def default_of(model: type[Named], name: str) -> float | None:
    """Return the default of a parameter as the core takes it, by name in files; None where it has none."""
    field = model.model_fields[attributes_of(model)[name]]
    return None if field.is_required() else parameters_of(model)[name].number(likeliest(field.default))
