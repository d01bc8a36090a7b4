"""The vocabulary of rules: the rows of the one table, by the names that users write."""

from collections.abc import Iterable
from functools import cache

from cashcade import _core
from cashcade.words.rows import Row, rows

EFFECTS = tuple(_core.effects())
"""Effects of doors, in the order of their codes."""

ALIASES = {("market", "funding"): "regime"}
"""Other names of rows, by kind."""


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
    return _named(kind, [row for row in rows() if row.entity == kind and row.writable])


def _named(kind: str, found: list[Row]) -> dict[str, Row]:
    by_name = {row.name: row for row in found}
    aliases = {
        alias: by_name[name] for (of, alias), name in ALIASES.items() if of == kind and name in by_name
    }
    return by_name | aliases


def kind_along(kind: str, along: Iterable[str]) -> str:
    """Give the kind that links lead to, one after the other."""
    for link in along:
        kind = links(kind)[link]
    return kind


@cache
def links(kind: str) -> dict[str, str]:
    """Give the links of a kind, with the kind that each points to."""
    return {row.name: row.target for row in _core.table().links if row.entity == kind}
