"""Levers of a host between months: variables that can be set, and the levers of rules."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cashcade import _core
from cashcade.errors import ArgumentError
from cashcade.results.variables import Variable, variables
from cashcade.words.names import choose

How = Literal["scale", "add", "set"]

HOW: tuple[How, ...] = ("scale", "add", "set")
"""How something is moved, in the order of the codes of the core."""


class Lever(NamedTuple):
    """A lever of a host: a variable, or a parameter that rules may move too.

    Attributes
    ----------
    row
        Its row of the table.
    bounds
        Least and greatest value; None where it cannot be moved.
    parameter
        Whether the world states it.
    """

    row: Variable
    bounds: tuple[float, float] | None
    parameter: bool = False


@cache
def parameters() -> dict[str, Lever]:
    """Give the parameters that rules may move, by full name."""
    rows = (
        (Variable(place, entity, name, unit, writable=True, meaning=meaning), (low, high))
        for place, (entity, name, unit, low, high, _, lever, meaning) in enumerate(_core.parameters())
        if lever
    )
    return {row.full_name: Lever(row, bounds, parameter=True) for row, bounds in rows}


def chosen_levers(names: Iterable[str]) -> dict[str, Lever]:
    """Give the parameters named, each once.

    Raises
    ------
    ArgumentError
        There is no such lever; with the nearest name.
    """
    if isinstance(names, str):
        raise ArgumentError(f'levers is {names!r}, wanted a list of names such as ["company.list_level"].')
    wanted = dict.fromkeys(names)
    for name in wanted:
        if name in variables() and name not in parameters():
            raise ArgumentError(f"levers holds {name}, which is a variable: {_variable_hint(name)}")
        choose(name, parameters(), "lever")
    return {name: parameters()[name] for name in wanted}


def _variable_hint(name: str) -> str:
    return "set() needs no leave." if variables()[name].writable else "it follows from others."


def lever_rows(levers: Mapping[str, Lever], counts: Mapping[str, int]) -> NDArray[np.int32]:
    """Give `[levers, 2]`, parameter and entity, as the core takes them."""
    rows = [(row.place, at) for row, *_ in levers.values() for at in range(counts[row.entity])]
    return np.array(rows, dtype=np.int32).reshape(-1, 2)


def readable(name: str) -> Lever:
    """Give what a name reads: where a variable and a lever share it the variable, and `name_` the lever.

    Raises
    ------
    ArgumentError
        There is nothing of that name; with the nearest.
    """
    stated = name.removesuffix("_")
    if stated in parameters() and (name != stated or name not in variables()):
        return parameters()[stated]
    choose(name, [*variables(), *parameters()], "variable")
    row = variables()[name]
    return Lever(row, _core.settable()[row.place])


def movable(name: str, declared: Mapping[str, Lever]) -> Lever:
    """Give what a name moves, of variables that can be set and the levers that a simulation has.

    Raises
    ------
    ArgumentError
        It cannot be moved; with what can, or with the leave that is missing.
    """
    stated = name.removesuffix("_")
    if stated in declared:
        return declared[stated]
    if stated in parameters():
        raise ArgumentError(
            f"{stated} is a lever of rules. To move it from here, say so at the start: "
            f'Simulation(..., levers=["{stated}"]).'
        )
    found = readable(name)
    if found.bounds is None:
        names = ", ".join(row.full_name for row in variables().values() if row.writable)
        raise ArgumentError(
            f"{name} follows from other variables and cannot be set. These can: {names}; "
            "and with levers=[...] what docs/rules.md lists as levers."
        )
    return found


def check_moves(lever: Lever, how: How, values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say where values cannot be taken: outside the bounds, or for factors and terms no number.

    Raises
    ------
    ArgumentError
        A state is multiplied or added to.
    """
    low, high = lever.bounds or (0.0, 0.0)
    if how == "set":
        wrong = ~((values >= low) & (values <= high))
        return wrong | (values != np.round(values)) if lever.row.is_state else wrong
    if lever.row.is_state:
        raise ArgumentError(f"{lever.row.full_name} is a state and no number; use set().")
    return ~np.isfinite(values)


def refusal(lever: Lever, how: How, where: str, value: float) -> ArgumentError:
    """Say which value cannot be taken, what could, and what to do."""
    name = lever.row.full_name
    if how != "set":
        return ArgumentError(f"{how} of {name} of {where} is {value!r}, wanted a number. Nothing was moved.")
    low, high = lever.bounds or (0.0, 0.0)
    kind = "a whole number" if lever.row.is_state else f"{lever.row.unit},"
    clip = "" if lever.row.is_state else " Clip it, or use scale() or add(), which keep within these bounds."
    return ArgumentError(
        f"{name} of {where} would be {value!r}, wanted {kind} from {low:g} to {high:g}. "
        f"Nothing was set.{clip}"
    )
