"""From names to indices: the one place where a world becomes arrays."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from cashcade import _core
from cashcade.compile.arrays import Array, Inputs
from cashcade.compile.ranges import Draws, Ranges
from cashcade.world.addresses import addresses, digests
from cashcade.world.entries import Entries, Kinds, all_plain, kinds_of, numbers_of
from cashcade.world.kinds import ADDRESSED
from cashcade.world.memo import once
from cashcade.world.parameter import Parameter, parameters_of
from cashcade.world.paths import path_of
from cashcade.world.quantity import assumption_of, is_range
from cashcade.world.world import World

LARGEST_SEED = 2**64 - 1


class Column(NamedTuple):
    """The values of one parameter: certain ones, and the ranges by the index of their entity."""

    parameter: Parameter | None
    values: NDArray[np.float64]
    ranges: dict[int, object]


class Layout(NamedTuple):
    """The part that all compilations of a world share.

    Attributes
    ----------
    names
        Ids of the entities of each kind.
    fixed
        Links, addresses, and parameters without ranges.
    columns
        Where the parameters of which some entity has a range are among their likeliest values, by array.
    likeliest
        These values, one after the other.
    ranges
        The ranges, one after the other.
    places
        Where each range is among the values.
    assumptions
        Where the values of each range are, by name: array, and place of its entity.
    """

    names: dict[str, Sequence[str]]
    fixed: dict[str, Array]
    columns: dict[str, slice]
    likeliest: NDArray[np.float64]
    ranges: Ranges
    places: NDArray[np.intp]
    assumptions: dict[str, tuple[str, int]]


def compile_world(world: World, *, draws: int = 1, seed: int = 0, first_draw: int = 0) -> Inputs:
    """Return the arrays that the core takes.

    Every parameter and link of `_core.table()` is filled from the field of the same name. A range
    takes one value per draw, at a uniform number whose address is the hash of its path, such as
    "company.openai.cash", or of the name that it shares, such as "shared.gpu-life": draw k is the same
    whichever draws are asked for, and whoever else is in the world.

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
    layout = _layout(world)
    arrays = layout.fixed | _drawn(layout, Draws(seed, first_draw, draws))
    return Inputs(arrays, layout.names, draws, first_draw, seed, layout.assumptions)


def values_at(world: World, draw: int, seed: int) -> dict[str, float]:
    """Return the value of each range in a draw, by its path."""
    arrays = compile_world(world, seed=seed, first_draw=draw).arrays
    return {
        path_of(kind, name, field): float(arrays[f"{kind}.{field}"][0, place])
        for kind, entries in kinds_of(world).by_name.items()
        for field in _ranged(entries)
        for place, (name, quantity) in enumerate(zip(entries.names, entries.fields(field), strict=True))
        if is_range(quantity)
    }


def _ranged(entries: Entries) -> Iterable[str]:
    """Return the parameters of a kind, by their names in files."""
    return parameters_of(type(entries.records[0])) if entries.records else ()


@once
def _layout(world: World) -> Layout:
    kinds = kinds_of(world)
    columns = {
        (row.entity, row.name): _column(kinds[row.entity], row.name) for row in _core.table().parameters
    }
    names = {kind: entries.names for kind, entries in kinds.by_name.items()}
    ranges = _ranges(kinds, columns)
    assumptions = {
        name: (f"{kind}.{field}", place) for (kind, field, place), name in reversed(ranges.items())
    }
    by_name = {f"{kind}.{name}": column for (kind, name), column in columns.items()}
    drawn = {name: column for name, column in by_name.items() if column.ranges}
    fixed: dict[str, Array] = {
        name: column.values[np.newaxis] for name, column in by_name.items() if not column.ranges
    }
    ends = np.cumsum([column.values.size for column in drawn.values()], dtype=np.intp).tolist()
    slices = dict(zip(drawn, map(slice, [0, *ends], ends), strict=False))
    likeliest = np.concatenate([np.zeros(0), *(column.values for column in drawn.values())])
    places = [slices[name].start + place for name, column in drawn.items() for place in column.ranges]
    known = addresses(ranges.values())
    prepared = Ranges(
        [
            (quantity, cast("Parameter", each.parameter))
            for each in drawn.values()
            for quantity in each.ranges.values()
        ],
        [known[name] for name in ranges.values()],
    )
    fixed |= _links(kinds) | _addresses(kinds)
    return Layout(names, fixed, slices, likeliest, prepared, np.array(places, dtype=np.intp), assumptions)


def _check(draws: int, seed: int, first_draw: int) -> None:
    if draws < 1:
        raise ValueError(f"draws is {draws}; wanted at least 1")
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(f"seed is {seed}; wanted a whole number from 0 to 2^64 - 1")
    if first_draw < 0:
        raise ValueError(f"first_draw is {first_draw}; wanted 0 or more")


def _links(kinds: Kinds) -> dict[str, Array]:
    return {row.full_name: kinds.link(row.entity, row.name) for row in _core.table().links}


def _addresses(kinds: Kinds) -> dict[str, Array]:
    return {f"{kind}.address": digests(f"{kind}:{name}" for name in kinds[kind].names) for kind in ADDRESSED}


def _column(entries: Entries, name: str) -> Column:
    if not entries.records:
        return Column(None, entries.number(name), {})
    parameter, quantities = parameters_of(type(entries.records[0]))[name], entries.fields(name)
    others = () if all_plain(quantities) else quantities
    ranges = {place: found for place, found in enumerate(others) if is_range(found)}
    return Column(parameter, numbers_of(quantities, parameter), ranges)


def _ranges(kinds: Kinds, columns: dict[tuple[str, str], Column]) -> dict[tuple[str, str, int], str]:
    """Return the name of each range: that which it shares with others, or its path."""
    return {
        (kind, name, place): assumption_of(quantity, path_of(kind, kinds[kind].names[place], name))
        for (kind, name), column in columns.items()
        for place, quantity in column.ranges.items()
    }


def _drawn(layout: Layout, draws: Draws) -> dict[str, Array]:
    """Return the values of each parameter of which an entity has a range, a row per draw."""
    values = np.repeat(layout.likeliest[np.newaxis], draws.count, axis=0)
    values[:, layout.places] = layout.ranges.at(draws)
    return {name: np.ascontiguousarray(values[:, where]) for name, where in layout.columns.items()}
