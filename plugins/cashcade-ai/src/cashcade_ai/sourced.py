"""The packaged tables: history before October 2025, funding conditions, and draft inputs of the world.

Every row has a source, a date and a confidence. A wrong row is an error that names it.
"""

from functools import cache
from importlib.resources import files

import pandas as pd

LAST_DAY = pd.Timestamp("2025-09-30")
"""Nothing later is known here."""

CONFIDENCE = frozenset({"high", "medium", "low"})

KINDS = frozenset({"reported", "estimate", "guidance", "commitment", "assumption"})

UNITS = frozenset(
    {
        "MW",
        "USD",
        "USD/GPU-hour",
        "USD/MW",
        "USD/MW/year",
        "USD/month",
        "USD/quarter",
        "USD/year",
        "count",
        "count/MW",
        "days",
        "flag",
        "fraction",
        "fraction/month",
        "fraction/year",
        "index",
        "months",
        "percent",
        "ratio",
        "years",
    }
)

MECHANISMS = frozenset({f"M{number}" for number in range(1, 16)} | {"T12"})
"""Where an input goes: a mechanism of the model, or the check of the first month (T12)."""


class TableError(ValueError):
    """A row of a packaged table breaks a rule."""


@cache
def sources() -> pd.DataFrame:
    """Return title and address of each source by its key."""
    return _read("sources").set_index("source")


@cache
def history() -> pd.DataFrame:
    """Return the series of companies: `entity`, `metric`, `as_of`, `value`, `unit` and where from."""
    table = _dated(_read("history"))
    _check_sources(table)
    return check(table, "history.csv", ["entity", "metric", "as_of"])


@cache
def windows() -> pd.DataFrame:
    """Return the series of funding conditions: ``series``, ``as_of``, ``value``, ``unit`` and where from."""
    table = _dated(_read("windows"))
    _check_sources(table)
    return check(table, "windows.csv", ["series", "as_of"])


@cache
def inputs() -> pd.DataFrame:
    """Return the draft inputs of the world: `mechanism`, `target`, `field`, least, likeliest and most."""
    table = check(_dated(_read("inputs")), "inputs.csv", ["mechanism", "target", "field"])
    strange = table[~table["mechanism"].isin(MECHANISMS)]
    _refuse(strange, "inputs.csv", "mechanism", "use M1 to M15 or T12")
    twice = table[table.duplicated(["mechanism", "target", "field"], keep=False)]
    _refuse(twice, "inputs.csv", "field", "name each field of a target once")
    return table


@cache
def priors() -> pd.DataFrame:
    """Return the ranges that the estimates give to M1, M6, M7, M8 and M9."""
    table = _read("priors")
    _refuse(table[table["why"].isna()], "priors.csv", "why", "say where the range comes from")
    return _ordered(table, "priors.csv")


def check(table: pd.DataFrame, name: str, key: list[str]) -> pd.DataFrame:
    """Return a table whose rows keep the rules: unit, confidence, date, source, and low <= value <= high."""
    _refuse(table[table[key].isna().any(axis=1)], name, key[0], "name what the row is about")
    _refuse(table[~table["unit"].isin(UNITS)], name, "unit", f"use one of {', '.join(sorted(UNITS))}")
    _refuse(table[~table["confidence"].isin(CONFIDENCE)], name, "confidence", "use high, medium or low")
    if "kind" in table:
        _refuse(table[~table["kind"].isin(KINDS)], name, "kind", f"use one of {', '.join(sorted(KINDS))}")
    late = table["as_of"].isna() | (table["as_of"] > LAST_DAY)
    _refuse(table[late], name, "as_of", f"give a date up to {LAST_DAY:%Y-%m-%d}")
    empty = table["source"].isna() | (table["source"].astype("string").str.strip() == "")
    _refuse(table[empty], name, "source", "say where the figure comes from")
    return _ordered(table, name) if "low" in table else table


def _ordered(table: pd.DataFrame, name: str) -> pd.DataFrame:
    wrong = (table["low"] > table["value"]) | (table["value"] > table["high"]) | table["value"].isna()
    _refuse(table[wrong], name, "value", "give low <= value <= high")
    return table


def _refuse(rows: pd.DataFrame, name: str, field: str, way_out: str) -> None:
    if rows.empty:
        return
    row = rows.iloc[0]
    number = int(rows.index[0]) + 2
    raise TableError(f"{name}, line {number}: {field} is {row[field]!r}; {way_out}")


def _check_sources(table: pd.DataFrame) -> None:
    unknown = table[~table["source"].isin(sources().index)]
    _refuse(unknown, "sources.csv", "source", "add the source to sources.csv")


def _read(name: str) -> pd.DataFrame:
    with (files("cashcade_ai") / "data" / f"{name}.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(as_of=pd.to_datetime(table["as_of"], errors="coerce"))
