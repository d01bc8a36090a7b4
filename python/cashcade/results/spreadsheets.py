"""Results as spreadsheets: a workbook with a sheet for each table, or a folder of CSV files."""

import datetime as dt
import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from cashcade.results import contagion, exits, firings, losses, summary
from cashcade.results.series import all_series
from cashcade.results.summary import failures
from cashcade.world.workbooks import Page, cell_value, is_formula, workbook

MOST_ROWS = 100_000
"""Rows of the longest table in a workbook: more of them take a spreadsheet minutes to open."""

ABOUT = "about"

_TABLES: dict[str, tuple[Callable[[xr.Dataset], pd.DataFrame], str]] = {
    "summary": (summary.summary, "whether, when and why each company fails"),
    "losses": (losses.losses, "who loses how much by the end of the run"),
    "cascade": (contagion.cascade, "chance of a systemic cascade by the end of the run"),
    "contagion": (contagion.contagion, "who falls after whom"),
    "exits": (exits.exits, "who leaves through which door"),
    "firings": (firings.firings, "when rules fired"),
    "triggers": (firings.triggers, "what set rules off"),
    "series": (all_series, "every recorded variable by month"),
    "failures": (failures, "every failure on every path"),
}
"""Tables with what makes them and what they hold; docs/results.md defines their columns."""

TABLES = (ABOUT, *_TABLES)

_USD = frozenset(
    (
        *("cash", "debt", "exposure", "median_price"),
        *(f"{kind}{part}" for kind in ("credit", "equity", "total") for part in ("", "_se", "_95")),
    )
)
_MONTHS = frozenset(("runway", "median_month", "first_month", "months"))
_SHARES = frozenset(
    (
        *("chance", "se", "main_cause_share", "conditional", "conditional_se", "unconditional"),
        *("fired", "fired_se", "failed_after"),
    )
)
_HORIZONS = ("failed_", "taken_")
"""Beginnings of the names of chances by a month."""


def tables(dataset: xr.Dataset) -> dict[str, pd.DataFrame]:
    """Give the tables of a result by name, without those that have no rows."""
    made = {name: make(dataset) for name, (make, _) in _TABLES.items()}
    return {name: _flat(table) for name, table in made.items() if len(table)}


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    named = [name for name in table.index.names if name is not None]
    return table.reset_index() if named else table


def to_workbook(dataset: xr.Dataset) -> bytes:
    """Give a result as a workbook; its first sheet says what was run, and what the others hold."""
    found = tables(dataset)
    pages = {ABOUT: _about(dataset, found, MOST_ROWS)}
    for name, table in found.items():
        pages[name] = _page(name, table.head(MOST_ROWS))
    return workbook(pages)


def to_csv(dataset: xr.Dataset) -> dict[str, bytes]:
    """Give a result as CSV files by name, all rows of each table."""
    found = tables(dataset)
    pages = {ABOUT: _about(dataset, found, None)}
    pages |= {name: _page(name, table) for name, table in found.items()}
    return {f"{name}.csv": _csv(page) for name, page in pages.items()}


def _csv(page: Page) -> bytes:
    """Write a page; an apostrophe keeps text that begins as a formula from being one."""
    rows = [[_safe(cell_value(value)) for value in row] for row in page.rows]
    text = io.StringIO()
    pd.DataFrame(rows, columns=list(page.header), dtype=object).to_csv(text, index=False, lineterminator="\n")
    return text.getvalue().encode()


def _safe(value: Any) -> Any:  # noqa: ANN401 - any value of a cell
    return f"'{value}" if isinstance(value, str) and is_formula(value) else value


def _page(name: str, table: pd.DataFrame) -> Page:
    units = [_unit(name, str(column)) for column in table.columns]
    header = [
        f"{column} ({unit})" if unit in {"USD", "months"} else str(column)
        for column, unit in zip(table.columns, units, strict=True)
    ]
    columns = [_values(table[column]) for column in table.columns]
    return Page(header, [_FORMATS.get(unit, "General") for unit in units], zip(*columns, strict=True))


_FORMATS = {"USD": "#,##0", "months": "0.0", "share": "0.0%"}


def _unit(table: str, column: str) -> str:
    """Give the unit of a column: USD, months, a share; nothing where there is none or a column says it."""
    if table == "series":
        return ""
    if column in _USD:
        return "USD"
    if column in _MONTHS:
        return "months"
    return "share" if column in _SHARES or column.startswith(_HORIZONS) else ""


def _values(column: "pd.Series[Any]") -> list[Any]:
    """Give the values of a column, dates without a time of day."""
    if np.issubdtype(np.asarray(column).dtype, np.datetime64):
        return list(np.asarray(column).astype("M8[D]").tolist())
    return list(column.astype(object).where(column.notna(), None))


def _about(dataset: xr.Dataset, found: Mapping[str, pd.DataFrame], most: int | None) -> Page:
    """Tell what was run, and what each table holds."""
    rows: list[tuple[str, Any]] = [(name, _said(name, value)) for name, value in dataset.attrs.items()]
    for name, table in found.items():
        count = f"{len(table):,} rows"
        if most is not None and len(table) > most:
            count = f"the first {most:,} of {count}; .csv and .parquet hold all"
        rows.append((f"table {name}", f"{_TABLES[name][1]} ({count})"))
    return Page(["what", "value"], ["General", "General"], rows)


def _said(name: str, value: Any) -> Any:  # noqa: ANN401 - any attribute
    return dt.date.fromisoformat(value) if name == "world_date" else value
