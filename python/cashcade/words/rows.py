"""The rows of the table: every parameter and every variable, by the names that users write."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from cashcade import _core

Source = Literal["variable", "parameter"]
"""Where a number comes from: the month computes it, or the world says it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table, or a number of the user's own that is recorded like one.

    Attributes
    ----------
    source
        Whether the month computes it or the world says it.
    place
        Its number among the variables or the parameters, by which the core knows it.
    entity
        What it belongs to, such as `company`.
    name
        Its name within the entity, such as `cash`.
    unit
        Its unit, such as `USD`.
    meaning
        One sentence.
    bounds
        Least and greatest value to which a rule or a host may move it; None where neither may.
    words
        For codes, the words with their numbers.
    """

    source: Source
    place: int
    entity: str
    name: str
    unit: str
    meaning: str
    bounds: tuple[float, float] | None = None
    words: tuple[tuple[str, int], ...] = ()

    @property
    def full_name(self) -> str:
        """The name as users write it, such as `company.cash`."""
        return f"{self.entity}.{self.name}"

    @property
    def key(self) -> str:
        """The stem of its names in a dataset, such as `company_cash`."""
        return f"{self.entity}_{self.name}"

    @property
    def writable(self) -> bool:
        """Whether a rule may move it, and a host between months."""
        return self.bounds is not None

    @property
    def is_state(self) -> bool:
        """Whether it takes whole numbers only: yes or no, or one of a few states."""
        return self.unit in {"flag", "code"}


@cache
def parameters() -> dict[str, Row]:
    """Give every parameter by its full name, in the order of the table."""
    return {
        row.full_name: Row(
            "parameter",
            row.place,
            row.entity,
            row.name,
            row.unit,
            row.meaning,
            (row.low, row.high) if row.lever else None,
            row.words,
        )
        for row in _core.table().parameters
    }


@cache
def variables() -> dict[str, Row]:
    """Give every variable by its full name, in the order of the table."""
    return {
        row.full_name: Row(
            "variable",
            row.place,
            row.entity,
            row.name,
            row.unit,
            row.meaning,
            row.writable,
            _words(row.full_name),
        )
        for row in _core.table().variables
    }


@cache
def movable_parameters() -> dict[str, Row]:
    """Give the parameters that rules may move, by full name."""
    return {name: row for name, row in parameters().items() if row.writable}


@cache
def rows() -> tuple[Row, ...]:
    """Give all parameters, then all variables, in the order of the table."""
    return (*parameters().values(), *variables().values())


def _words(name: str) -> tuple[tuple[str, int], ...]:
    """Give the words of a variable: those of the parameter that it starts from."""
    if name == "company.exit":
        return tuple((word, code) for code, word in enumerate(("none", *_core.effects())))
    return parameters()[name].words if name in parameters() else ()
