"""The way to reports: whether one can be written, and the room that writes it, loaded when first asked."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cashcade.errors import ArgumentError
from cashcade.words.extras import need
from cashcade.words.places import check_folder

if TYPE_CHECKING:
    from cashcade.results.result import Result

CASH = "company.cash"
"""What the picture of cash needs."""

NEEDED = (
    *(CASH, "market.capex_gdp", "market.ai_revenue", "market.ai_revenue_capex", "market.gpu_index"),
    *("market.companies_alive", "market.failed_debt"),
)
"""Variables that a report draws, if they are recorded."""

LIBRARIES = {"bokeh": "Bokeh", "jinja2": "Jinja"}
"""What reports need beyond the core."""


def check_page(path: str | Path) -> Path:
    """Check, before any work is done, that a report can be written to `path`.

    Raises
    ------
    ArgumentError
        Its suffix is not `.html`, the folder does not exist, or what stands there is no file.
    MissingExtraError
        What reports need is not installed.
    """
    target = Path(path)
    if target.suffix != ".html":
        raise ArgumentError(f"Cannot write a report to {str(path)!r}: end it in .html.")
    for module, library in LIBRARIES.items():
        need(module, "A report needs", "report", library)
    check_folder(target)
    if target.exists() and not target.is_file():
        raise ArgumentError(
            f"Cannot write {str(path)!r}: what stands there is not a file, and is not replaced. "
            "Choose another name, or move it away."
        )
    return target


def write_report(
    target: Path, results: "Mapping[str, Result]", table: pd.DataFrame | None, command: str
) -> Path:
    """Write a report: see `cashcade.report.write`, which lies above all rooms that it reads."""
    written: Path = import_module("cashcade.report.write").write(target, results, table, command)
    return written
