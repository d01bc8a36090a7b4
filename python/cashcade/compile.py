"""From names to indices: the one place where a world becomes arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cashcade import _core
from cashcade.addresses import addresses
from cashcade.arrays import Array, Inputs
from cashcade.ranges import at_uniforms
from cashcade.world.kinds import HELD
from cashcade.world.parameter import Parameter, parameters_of
from cashcade.world.quantity import is_range, likeliest
from cashcade.world.record import CAPITAL, Record, attributes_of
from cashcade.world.world import World

PARAMETER_STREAM = 0
"""Stream of random numbers from which ranges are drawn."""

ADDRESSED = ("company", "segment", "loan")
"""Kinds that draw random numbers of their own during a run."""

LARGEST_SEED = 2**64 - 1


class Row(NamedTuple):
    """An entity to be: its name, its record, and the index of the entity that holds it."""

    name: str
    record: Record
    holder: int = -1


Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Draws:
    """Which draws of the ranges are wanted."""

    seed: int
    first: int
    count: int

    def uniforms(self, address: int) -> NDArray[np.float64]:
        """Return the uniform numbers of the parameter with that address, one per draw."""
        return _core.uniforms(self.seed, PARAMETER_STREAM, address, self.first, self.count)


def compile_world(world: World, *, draws: int = 1, seed: int = 0, first_draw: int = 0) -> Inputs:
    """Return the arrays that the core takes.

    Every row of `_core.parameters()` and `_core.links()` is filled from the field of the same name. A range
    takes one value per draw, at a uniform number whose address is the hash of its path, such as
    "company.openai.cash": draw k is the same whichever draws are asked for, and whoever else is in the world.

    Parameters
    ----------
    world
        A world; what can be wrong with it was found when it was made.
    draws
        Number of draws, at least 1.
    seed
        Seed of the draws, from 0 to 2^64 - 1.
    first_draw
        Index of the first draw, not negative.

    Raises
    ------
    ValueError
        If draws, seed or first draw are out of range.
    """
    _check(draws, seed, first_draw)
    rows = _rows(world)
    names = {kind: tuple(row.name for row in entries) for kind, entries in rows.items()}
    ranged = _ranged(rows)
    arrays = _links(rows, names) | _addresses(names)
    arrays |= _parameters(rows, ranged, Draws(seed, first_draw, draws))
    return Inputs(arrays, names, draws, first_draw, seed, has_ranges=bool(ranged))


def _check(draws: int, seed: int, first_draw: int) -> None:
    if draws < 1:
        raise ValueError(f"draws is {draws}; wanted at least 1")
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(f"seed is {seed}; wanted a whole number from 0 to 2^64 - 1")
    if first_draw < 0:
        raise ValueError(f"first_draw is {first_draw}; wanted 0 or more")


def _rows(world: World) -> Rows:
    rows: Rows = {
        kind: [Row(entry.id, entry) for entry in entries] for kind, entries in world.sections().items()
    }
    for kind, held in HELD.items():
        rows[kind] = [
            Row(f"{row.name}/{number}", record, index)
            for index, row in enumerate(rows[held.holder])
            for number, record in enumerate(getattr(row.record, held.field), 1)
        ]
    rows["market"] = [Row("market", world.market)]
    return rows


def _field(record: Record, name: str) -> object:
    return getattr(record, attributes_of(type(record))[name])


def _links(rows: Rows, names: dict[str, tuple[str, ...]]) -> dict[str, Array]:
    places = {kind: {name: index for index, name in enumerate(known)} for kind, known in names.items()}
    result: dict[str, Array] = {}
    for kind, name, target, _, _ in _core.links():
        held = kind in HELD and name == HELD[kind].holder
        ends = [row.holder if held else _end(row.record, name, places[target]) for row in rows[kind]]
        result[f"{kind}.{name}"] = np.array(ends, dtype=np.int32)
    return result


def _end(record: Record, name: str, places: dict[str, int]) -> int:
    end = str(_field(record, name))
    return -1 if end == CAPITAL else places[end]


def _addresses(names: dict[str, tuple[str, ...]]) -> dict[str, Array]:
    result: dict[str, Array] = {}
    for kind in ADDRESSED:
        known = addresses(f"{kind}:{name}" for name in names[kind])
        result[f"{kind}.address"] = np.array(
            [known[f"{kind}:{name}"] for name in names[kind]], dtype=np.uint32
        )
    return result


def _path(kind: str, row: Row, field: str) -> str:
    return f"market.{field}" if kind == "market" else f"{kind}.{row.name}.{field}"


def _ranged(rows: Rows) -> dict[str, int]:
    """Return the address of every field that is a range, by its path."""
    return addresses(
        _path(kind, row, name)
        for kind, name, *_ in _core.parameters()
        for row in rows[kind]
        if is_range(_field(row.record, name))
    )


def _parameters(rows: Rows, ranged: dict[str, int], draws: Draws) -> dict[str, Array]:
    result: dict[str, Array] = {}
    for kind, name, *_ in _core.parameters():
        if not rows[kind]:
            result[f"{kind}.{name}"] = np.zeros((1, 0))
            continue
        parameter = parameters_of(type(rows[kind][0].record))[name]
        quantities = [_field(row.record, name) for row in rows[kind]]
        keys = [ranged.get(_path(kind, row, name)) for row in rows[kind]]
        result[f"{kind}.{name}"] = _column(quantities, keys, parameter, draws)
    return result


def _column(
    quantities: Sequence[object], keys: Sequence[int | None], parameter: Parameter, draws: Draws
) -> NDArray[np.float64]:
    """Return the values of one field: a row per draw if an entity has an address there, one row otherwise."""
    row = np.array([[parameter.number(likeliest(quantity)) for quantity in quantities]])
    if all(key is None for key in keys):
        return row
    values = np.repeat(row, draws.count, axis=0)
    for place, (quantity, key) in enumerate(zip(quantities, keys, strict=True)):
        if key is not None:
            values[:, place] = at_uniforms(quantity, parameter, draws.uniforms(key))
    return values
