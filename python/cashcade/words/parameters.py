"""Parameters of the table in words: bounds, defaults and meanings, as lists and pages write them."""

from cashcade import _core

UNLIMITED = 1e17
"""Dollars that are the table's word for no limit."""


def bound(value: float | None) -> str:
    """Write a bound or a default the shortest way; nothing where there is none."""
    if value is None:
        return ""
    return "no limit" if value == UNLIMITED else f"{value:g}"


def described(row: _core.Parameter) -> str:
    """Give the meaning of a parameter, of codes with their words."""
    if not row.words:
        return row.meaning
    words = ", ".join(f"{code} {word}" for word, code in row.words)
    return f"{row.meaning.removesuffix('.')}: {words}."
