"""Levers of a host between months: variables that can be set, and the levers of rules."""

from collections.abc import Iterable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.words.names import choose, texts
from cashcade.words.rows import Row, movable_parameters, variables

How = Literal["scale", "add", "set"]

HOW: tuple[How, ...] = ("scale", "add", "set")
"""How something is moved, in the order of the codes of the core."""


def chosen_levers(names: Iterable[str]) -> dict[str, Row]:
    """Give the parameters named, each once.

    Raises
    ------
    ArgumentError
        There is no such lever; with the nearest name.
    """
    wanted = dict.fromkeys(texts("levers", names, '["company.list_level"]'))
    for name in wanted:
        if name in variables() and name not in movable_parameters():
            raise ArgumentError(f"levers holds {name}, which is a variable: {_variable_hint(name)}")
        choose(name, movable_parameters(), "lever")
    return {name: movable_parameters()[name] for name in wanted}


def _variable_hint(name: str) -> str:
    return "set() needs no leave." if variables()[name].writable else "it follows from others."


def lever_rows(levers: Mapping[str, Row], counts: Mapping[str, int]) -> NDArray[np.int32]:
    """Give `[levers, 2]`, parameter and entity, as the core takes them."""
    rows = [(row.place, at) for row in levers.values() for at in range(counts[row.entity])]
    return np.array(rows, dtype=np.int32).reshape(-1, 2)


def readable(name: str) -> Row:
    """Give what a name reads: where a variable and a lever share it the variable, and `name_` the lever.

    Raises
    ------
    ArgumentError
        There is nothing of that name; with the nearest.
    """
    stated = name.removesuffix("_")
    if stated in movable_parameters() and (name != stated or name not in variables()):
        return movable_parameters()[stated]
    choose(name, [*variables(), *movable_parameters()], "variable")
    return variables()[name]


def movable(name: str, declared: Mapping[str, Row]) -> Row:
    """Give what a name moves, of variables that can be set and the levers that a simulation has.

    Raises
    ------
    ArgumentError
        It cannot be moved; with what can, or with the leave that is missing.
    """
    stated = name.removesuffix("_")
    if stated in declared:
        return declared[stated]
    if stated in movable_parameters():
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


def check_moves(lever: Row, how: How, values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say where values cannot be taken: outside the bounds, or for factors and terms no number.

    Raises
    ------
    ArgumentError
        A state is multiplied or added to.
    """
    low, high = lever.bounds or (0.0, 0.0)
    if how == "set":
        wrong = ~((values >= low) & (values <= high))
        return wrong | (values != np.round(values)) if lever.is_state else wrong
    if lever.is_state:
        raise ArgumentError(f"{lever.full_name} is a state and no number; use set().")
    return ~np.isfinite(values)


def refusal(lever: Row, how: How, where: str, value: float) -> ArgumentError:
    """Say which value cannot be taken, what could, and what to do."""
    name = lever.full_name
    if how != "set":
        return ArgumentError(f"{how} of {name} of {where} is {value!r}, wanted a number. Nothing was moved.")
    low, high = lever.bounds or (0.0, 0.0)
    kind = "a whole number" if lever.is_state else f"{lever.unit},"
    clip = "" if lever.is_state else " Clip it, or use scale() or add(), which keep within these bounds."
    return ArgumentError(
        f"{name} of {where} would be {value!r}, wanted {kind} from {low:g} to {high:g}. "
        f"Nothing was set.{clip}"
    )
