"""Parameters as a table: a draw a row, in place of what ranges would give."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from cashcade.compile import Programs
from cashcade.compile.arrays import Inputs
from cashcade.compile.ranges import at_uniforms, level_of
from cashcade.errors import ArgumentError
from cashcade.words.numerals import whole
from cashcade.world import World
from cashcade.world.kinds import MODELS
from cashcade.world.memo import once
from cashcade.world.parameter import Parameter, parameters_of
from cashcade.world.paths import met, path_of, pattern_of
from cashcade.world.problems import did_you_mean
from cashcade.world.quantity import SHARED, Quantity, Triangular, assumption_of, is_range, points
from cashcade.world.record import Record, attributes_of

Floats = NDArray[np.float64]

Place = tuple[str, str]
"""A parameter: kind and field (`company.cash`), and the id of the entity."""

Groups = dict[str, list[tuple[Place, Quantity, Parameter]]]
"""Ranges that share an assumption, by its name."""


@dataclass(frozen=True, eq=False)
class Tabled:
    """Parameters of a world by draw.

    Attributes
    ----------
    rows
        Number of draws.
    names
        Names of its columns.
    columns
        Values of each parameter, `[rows]`, by kind and field (`company.cash`) and id of the entity.
    numbers
        Values of numbers of rules and doors, `[rows]`, by the names of their ranges.
    called
        Which parameter each assumption stands for that it would not stand for without the table; None for
        those that stand for none any more.
    """

    rows: int
    names: tuple[str, ...]
    columns: Mapping[Place, Floats]
    numbers: Mapping[str, Floats]
    called: Mapping[str, Place | None]

    def __str__(self) -> str:
        """Tell what was given, for the record."""
        return f"{', '.join(self.names)}, {self.rows} rows"

    def paths(self, paths: int | None, replicates: int | None, first_path: int) -> tuple[int, int]:
        """Give the number of paths, from the first one on, and of those that share a draw.

        Raises
        ------
        ArgumentError
            Another number of paths is asked for than the table has, or the first is beyond them.
        """
        each = 1 if replicates is None else whole("replicates", replicates, 1, 2**31)
        left = self.rows * each - whole("first_path", first_path, 0, 2**62)
        if paths is not None and paths != left:
            raise ArgumentError(
                f"paths is {paths!r}, and parameters has {self.rows:,} rows of {each:,} paths each, which "
                f"leaves {max(left, 0):,}; leave paths out, or give replicates."
            )
        if left <= 0:
            raise ArgumentError(
                f"first_path is {first_path!r}, and parameters has {self.rows:,} rows of {each:,} paths each."
            )
        return left, each

    def put(self, inputs: Inputs) -> Inputs:
        """Give a compiled world whose draws are rows of the table."""
        arrays = dict(inputs.arrays)
        for name in {name for name, _ in self.columns}:
            arrays[name] = np.array(np.broadcast_to(arrays[name], (inputs.draws, arrays[name].shape[1])))
        for place, values in self.columns.items():
            array, number = _numbered(inputs, place)
            arrays[array][:, number] = values[_rows(inputs)]
        called = {name: _numbered(inputs, place) for name, place in self.called.items() if place}
        stay = {name: place for name, place in inputs.assumptions.items() if name not in self.called}
        return replace(inputs, arrays=arrays, assumptions=stay | called)

    def put_in_rules(self, programs: Programs, inputs: Inputs) -> Programs:
        """Give the rules and doors of a compiled world whose draws are rows of the table."""
        programs = programs.at(inputs)
        if not self.numbers:
            return programs
        constants = programs.arrays["constants"].copy()
        for name, values in self.numbers.items():
            constants[:, programs.assumptions[name]] = values[_rows(inputs)]
        return replace(programs, arrays={**programs.arrays, "constants": constants})


def _numbered(inputs: Inputs, place: Place) -> tuple[str, int]:
    """Give the array of a parameter, and the place of its entity there."""
    array, entity = place
    return array, inputs.names[array.partition(".")[0]].index(entity)


def _rows(inputs: Inputs) -> slice:
    """Give the rows of a table that are the draws of a compiled world."""
    return slice(inputs.first_draw, inputs.first_draw + inputs.draws)


def tabled(world: World, rules: Collection[str], given: object) -> Tabled:
    """Read a table of parameters.

    Parameters
    ----------
    world
        Whose parameters they are.
    rules
        Names of the ranges of rules and doors.
    given
        A frame of pandas, polars or Arrow, or arrays by name: a row for each draw, a column for each
        parameter. A column is called as `World.with_` calls a field (all that a path meets take its values),
        or as `Result.parameters` calls an assumption.

    Raises
    ------
    ArgumentError
        It is no table, it has no row or no column, a column names no parameter, or a value is no number.
    WorldError
        A value is beyond its bounds, or values do not fit each other.
    """
    table = _arrays(given)
    columns: dict[Place, Floats] = {}
    paths: list[Place] = []
    read = {name: _numbers(name, values) for name, values in table.items()}
    numbers = {name: values for name, values in read.items() if name in rules}
    others = {name: values for name, values in read.items() if name not in rules}
    for name, given_values in others.items():
        for place, values in _columns(world, name, given_values):
            if place in columns:
                raise ArgumentError(f"parameters: {_path(place)} is in two columns, one of them {name!r}.")
            columns[place] = values
            if not name.startswith(SHARED):
                paths.append(place)
    rows = {values.size for values in read.values()}
    if len(rows) != 1 or 0 in rows:
        sizes = ", ".join(f"{name}: {values.size}" for name, values in read.items())
        raise ArgumentError(
            f"parameters has columns of different length, or none ({sizes}); wanted a row a draw."
        )
    _check(world, columns)
    return Tabled(rows.pop(), tuple(read), columns, numbers, _called(world, paths))


def _check(world: World, columns: Mapping[Place, Floats]) -> None:
    """Check values that the world does not state itself: least and greatest of all columns together.

    Raises
    ------
    ArgumentError
        A month is none.
    WorldError
        A value is beyond its bounds, or values do not fit each other.
    """
    hull, beyond = dict[str, object](), False
    for place, values in columns.items():
        quantity, parameter = _stated(world, place)
        if parameter.unit == "month" and (values % 1).any():
            wrong = values[values % 1 != 0][0]
            raise ArgumentError(f"parameters: {_path(place)} is {wrong:.15g}, wanted whole months.")
        (low, high), least, most = parameter.extent(quantity), float(values.min()), float(values.max())
        hull[_path(place)] = _spread(least, most)
        beyond = beyond or not low <= least <= most <= high
    if beyond:
        world.with_(hull)


def _called(world: World, paths: Iterable[Place]) -> dict[str, Place | None]:
    """Give the parameters that assumptions stand for where columns have the names of parameters."""
    called: dict[str, Place | None] = {}
    taken = frozenset(paths)
    for place in taken:
        quantity, _ = _stated(world, place)
        name = assumption_of(quantity, "") if is_range(quantity) else ""
        if name:
            left = (other for other, _, _ in _shared(world)[name] if other not in taken)
            called[name] = next(left, None)
    return called | {_path(place): place for place in paths}


def _path(place: Place) -> str:
    """Write a parameter of an entity as a path."""
    kind, _, field = place[0].partition(".")
    return path_of(kind, place[1], field)


def _spread(least: float, most: float) -> object:
    return {"value": least, "low": least, "high": most} if least < most else least


def _arrays(given: object) -> dict[str, Any]:
    if isinstance(given, Mapping):
        return {str(name): values for name, values in given.items()}
    frame = nw.from_native(given, eager_only=True, pass_through=True)
    if not isinstance(frame, nw.DataFrame):
        raise ArgumentError(
            f"parameters is a {type(given).__name__}, wanted a table: a frame, or arrays by name such as "
            '{"company.openai.cash": [1e10, 2e10]}.'
        )
    return {str(name): frame[name].to_numpy() for name in frame.columns}


def _numbers(name: str, values: object) -> Floats:
    try:
        numbers = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ArgumentError(f"parameters: column {name!r} holds what is no number.") from None
    if numbers.ndim != 1:
        raise ArgumentError(
            f"parameters: column {name!r} has {numbers.ndim} axes, wanted one: a number a draw."
        )
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if wrong.size:
        row = int(wrong[0])
        raise ArgumentError(
            f"parameters: column {name!r} has {numbers[row]} in row {row}, wanted a finite number."
        )
    return numbers


def _columns(world: World, name: str, values: Floats) -> Iterator[tuple[Place, Floats]]:
    """Yield the parameters that a column is about, with their values."""
    if name.startswith(SHARED):
        yield from _sharing(_shared(world), name, values)
        return
    try:
        pattern = pattern_of(name)
        alone = pattern.key == "id" and (pattern.kind, pattern.value) in _records(world)
        entities = [pattern.value] if alone else met(world, pattern)
    except ArgumentError as error:
        raise ArgumentError(f"parameters: column {name!r}: {error}") from None
    parameter = parameters_of(MODELS[pattern.kind]).get(pattern.field)
    if parameter is None or parameter.words or parameter.unit == "flag":
        raise ArgumentError(
            f"parameters: column {name!r} is a word or a flag; make a case for each, with `Case.with_`."
        )
    for entity in entities:
        yield (f"{pattern.kind}.{pattern.field}", entity), values


def _sharing(groups: Groups, name: str, values: Floats) -> Iterator[tuple[Place, Floats]]:
    """Yield the ranges that share an assumption: the first takes the values, others lie as far up."""
    if name not in groups:
        hint = did_you_mean(name, groups)
        raise ArgumentError(f"parameters: column {name!r} names no assumption. {hint}".rstrip())
    found = groups[name]
    first = found[0][1]
    for place, quantity, parameter in found:
        if points(quantity) == points(first):
            yield place, values
        elif isinstance(first, Triangular) and first.low <= values.min() <= values.max() <= first.high:
            yield place, at_uniforms(quantity, parameter, level_of(first, values))
        else:
            raise ArgumentError(
                f"parameters: column {name!r} stands for ranges that differ, and has values outside the "
                f"first of them; give a column to each: {', '.join(_path(each) for each, _, _ in found)}."
            )


@once
def _records(world: World) -> dict[Place, Record]:
    """Give the entries of a world by kind and id."""
    return {(kind, entity): record for kind, entity, record in world.records()}


def _stated(world: World, place: Place) -> tuple[object, Parameter]:
    """Give what a world says of a parameter, and its unit and bounds."""
    array, entity = place
    kind, _, field = array.partition(".")
    record = _records(world)[kind, entity]
    return getattr(record, attributes_of(type(record))[field]), parameters_of(type(record))[field]


@once
def _shared(world: World) -> Groups:
    """Give the ranges that share an assumption, by its name, in the order of the world."""
    found: Groups = {}
    for kind, entity, record in world.records():
        for field, parameter in parameters_of(type(record)).items():
            value = getattr(record, attributes_of(type(record))[field])
            if isinstance(value, Quantity) and value.shared and is_range(value):
                name = assumption_of(value, "")
                found.setdefault(name, []).append(((f"{kind}.{field}", entity), value, parameter))
    return found
