"""Tables as spreadsheets: a workbook with a sheet for each table, or a folder of CSV files."""

import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

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
    "claims": (losses.claims, "on which claims each holder loses, by their rank"),
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
        *("cash", "debt", "exposure", "median_price", "secured", "unsecured", "subordinated"),
        *("loans", "stakes", "bills"),
        *(f"{kind}{part}" for kind in ("credit", "equity", "total") for part in ("", "_se", "_95")),
    )
)
_MONTHS = frozenset(("runway", "median_month", "first_month", "months"))
_SHARES = frozenset(
    (
        *("chance", "se", "main_cause_share", "conditional", "conditional_se", "unconditional"),
        *("fired", "fired_se", "failed_after"),
        *("base", "mean", "difference", "only_base", "only_side"),
    )
)
_PLAIN = frozenset(("series", "events"))
"""Tables of many units, and of counts."""
_HORIZONS = ("failed_", "taken_")
"""Beginnings of the names of chances by a month."""


class Sheets(NamedTuple):
    """Tables for spreadsheets.

    Attributes
    ----------
    about
        What was run: what stands in the columns of its page, and their rows.
    tables
        By name; the index of a table becomes columns.
    meanings
        What each table holds, by name.
    """

    about: tuple[Sequence[str], Sequence[tuple[Any, ...]]]
    tables: Mapping[str, pd.DataFrame]
    meanings: Mapping[str, str]

    @property
    def filled(self) -> dict[str, pd.DataFrame]:
        """The tables that have rows."""
        return {name: _flat(table) for name, table in self.tables.items() if len(table)}


def sheets_of(dataset: xr.Dataset) -> Sheets:
    """Give the tables of a result."""
    about = [(name, said(name, value)) for name, value in dataset.attrs.items()]
    return Sheets(
        (["what", "value"], about),
        {name: make(dataset) for name, (make, _) in _TABLES.items()},
        {name: meaning for name, (_, meaning) in _TABLES.items()},
    )


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    named = [name for name in table.index.names if name is not None]
    return table.reset_index() if named else table


def to_workbook(sheets: Sheets) -> bytes:
    """Give tables as a workbook; its first sheet says what was run, and what the others hold."""
    found = sheets.filled
    pages = {ABOUT: _about(sheets, found, MOST_ROWS)}
    for name, table in found.items():
        pages[name] = _page(name, table.head(MOST_ROWS))
    return workbook(pages)


def to_csv(sheets: Sheets) -> dict[str, bytes]:
    """Give tables as CSV files by name, all rows of each table."""
    found = sheets.filled
    pages = {ABOUT: _about(sheets, found, None)}
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
    if table in _PLAIN:
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


def _about(sheets: Sheets, found: Mapping[str, pd.DataFrame], most: int | None) -> Page:
    """Tell what was run, and what each table holds."""
    header, known = sheets.about
    rows = [*known]
    for name, table in found.items():
        count = f"{len(table):,} rows"
        if most is not None and len(table) > most:
            count = f"the first {most:,} of {count}; .csv and .parquet hold all"
        told = (f"table {name}", f"{sheets.meanings[name]} ({count})")
        rows.append((*told, *[None] * (len(header) - len(told))))
    return Page(header, ["General"] * len(header), rows)


def said(name: str, value: Any) -> Any:  # noqa: ANN401 - any attribute
    """Give an attribute as a cell holds it: a date as a date."""
    return dt.date.fromisoformat(value) if name == "world_date" else value
