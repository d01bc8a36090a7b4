"""The vocabulary of rules: the rows of the one table, by the names that users write."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from cashcade import _core
from cashcade.world.kinds import HELD, SECTIONS
from cashcade.world.market import Market
from cashcade.world.parameter import parameters_of
from cashcade.world.record import Record

MODELS: Mapping[str, type[Record]] = {
    **SECTIONS,
    **{kind: held.model for kind, held in HELD.items()},
    "market": Market,
}
"""The record of each kind of entity."""

EFFECTS = ("acquire", "licence", "list", "self_sustain", "wind_down")
"""Effects of doors, in the order of their codes."""

EXITS = ("none", *EFFECTS)
"""Values of `company.exit`, by code."""

ALIASES = {("market", "funding"): "regime"}
"""Other names of rows, by kind."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table.

    Parameters
    ----------
    source
        Whether the month computes it or the world says it.
    place
        Its number in `_core.variables()` or `_core.parameters()`.
    entity, name, unit, meaning
        As in the table.
    lever
        Whether a rule may move it.
    words
        For codes, the words with their numbers.
    """

    source: Literal["variable", "parameter"]
    place: int
    entity: str
    name: str
    unit: str
    meaning: str
    lever: bool
    words: tuple[tuple[str, int], ...] = ()

    @property
    def full_name(self) -> str:
        """Such as `company.cash`."""
        return f"{self.entity}.{self.name}"


@cache
def rows() -> tuple[Row, ...]:
    """Give all parameters, then all variables, in the order of the table."""
    parameters = (
        Row("parameter", place, entity, name, unit, meaning, lever, _words(entity, name))
        for place, (entity, name, unit, _, _, _, lever, meaning) in enumerate(_core.parameters())
    )
    variables = (
        Row("variable", place, entity, name, unit, meaning, writable, _words(entity, name))
        for place, (entity, name, unit, writable, meaning) in enumerate(_core.variables())
    )
    return (*parameters, *variables)


def _words(entity: str, name: str) -> tuple[tuple[str, int], ...]:
    if (entity, name) == ("company", "exit"):
        return tuple((word, code) for code, word in enumerate(EXITS))
    parameter = parameters_of(MODELS[entity]).get(name)
    return parameter.words if parameter else ()


@cache
def readable(kind: str) -> dict[str, Row]:
    """Give what a rule may read of a kind: where both have one name, the variable and not the parameter."""
    return _named(kind, [row for row in rows() if row.entity == kind])


@cache
def stated(kind: str) -> dict[str, Row]:
    """Give what a world says of a kind: the parameters."""
    return _named(kind, [row for row in rows() if row.entity == kind and row.source == "parameter"])


@cache
def levers(kind: str) -> dict[str, Row]:
    """Give what a rule may move of a kind; where both have one name, the variable and not the parameter."""
    return _named(kind, [row for row in rows() if row.entity == kind and row.lever])


def _named(kind: str, found: list[Row]) -> dict[str, Row]:
    by_name = {row.name: row for row in found}
    aliases = {
        alias: by_name[name] for (of, alias), name in ALIASES.items() if of == kind and name in by_name
    }
    return by_name | aliases


@cache
def links(kind: str) -> dict[str, str]:
    """Give the links of a kind, with the kind that each points to."""
    return {name: target for entity, name, target, *_ in _core.links() if entity == kind}
