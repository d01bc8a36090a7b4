"""A comparison as tables for spreadsheets."""

from typing import TYPE_CHECKING

import pandas as pd

from cashcade.results.series import recorded
from cashcade.results.spreadsheets import ABOUT, Sheets, said
from cashcade.results.summary import horizons

if TYPE_CHECKING:
    from cashcade.questions.compare import Comparison

MEANINGS = {
    "outcomes": "by how much the chance of each outcome differs from the first side, on the same luck",
    "failed_by": "by how much the chance of each company to have failed by a month differs",
    "events": "which events differ, in paths",
    "series": "by how much each variable that was kept differs, month by month",
}
"""Tables of a comparison, and what they hold."""

TABLES = (ABOUT, *MEANINGS)
"""Names of all sheets."""


def sheets_of(found: "Comparison") -> Sheets:
    """Give the tables of a comparison; those for which nothing was kept are left out."""
    results = found.results
    names = dict.fromkeys(name for each in results.values() for name in each.dataset.attrs)
    attributes = [each.dataset.attrs for each in results.values()]
    about = [(name, *(said(name, known.get(name)) for known in attributes)) for name in names]
    tables = {"outcomes": found.outcomes(), "failed_by": _failed_by(found), "series": _series(found)}
    if found.has_events:
        tables["events"] = found.events()
    ordered = {name: tables[name] for name in MEANINGS if name in tables}
    return Sheets((["what", *results], about), ordered, MEANINGS)


def _failed_by(found: "Comparison") -> pd.DataFrame:
    months = horizons(int(found.results[found.base].dataset.attrs["months"]))
    return pd.concat({month: found.failed_by(month) for month in months}, names=["month"])


def _series(found: "Comparison") -> pd.DataFrame:
    """Put all that was kept path by path under one another; the market has no entity."""
    tables = {
        (name, row.unit, entity): found.series(name, entity or None)
        for name, row in recorded(found.results[found.base].dataset).items()
        if all(row.key in each.dataset for each in found.results.values())
        for entity in found.entities(row)
    }
    return pd.concat(tables, names=["variable", "unit", "entity"]) if tables else pd.DataFrame()
