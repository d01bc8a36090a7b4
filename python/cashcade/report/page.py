"""The page of a report: what the template shows, and the one file that comes of it."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from bokeh.resources import INLINE
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cashcade.report.chart import Chart
from cashcade.report.chart_cash import cash
from cashcade.report.chart_contagion import contagion
from cashcade.report.chart_differences import differences
from cashcade.report.chart_failures import failures
from cashcade.report.chart_fates import fates
from cashcade.report.chart_gauges import gauges
from cashcade.report.chart_losses import losses
from cashcade.report.chart_swap import swap
from cashcade.report.chart_tornado import tornado
from cashcade.report.grounds import LIMITS, ground, recipe
from cashcade.report.reasons import reasons
from cashcade.report.side import Side
from cashcade.report.story import answer, comparison
from cashcade.report.turns import turn
from cashcade.results.page import NEEDED
from cashcade.words.names import one_line

TEMPLATES = Path(__file__).parent / "templates"

PICTURES = (failures, fates, cash, losses, contagion, gauges)
"""What makes the pictures of each report, in the order of the page; None where one has nothing to show."""

SCRIPT_END = re.compile("</(?=script)", re.IGNORECASE)
"""What would end a script from within."""


def page(sides: Sequence[Side], table: pd.DataFrame | None, command: str) -> str:
    """Write the page.

    Parameters
    ----------
    sides
        One, or those of a comparison, the first of which the others are compared with.
    table
        Outcomes of a comparison.
    command
        That made it; empty if none did.
    """
    first = sides[0]
    pictures = [chart for make in PICTURES if (chart := make(sides)) is not None]
    if table is not None:
        pictures.insert(0, differences(sides, table))
    turned = turn(sides)
    changes = [chart for chart in (tornado(sides), turned and swap(first, turned)) if chart is not None]
    scripts = _scripts()
    text: str = _template().render(
        title=one_line(str(first.dataset.attrs["title"])),
        about=_about(sides),
        interrupted=any(side.result.interrupted for side in sides),
        answer=answer(first) if table is None else comparison(sides, table),
        pictures=pictures,
        missing=_missing(sides),
        reasons=reasons(sides, command),
        changes=changes,
        ground=ground(first),
        limits=LIMITS,
        recipes=[recipe(side, command if place == 0 else "") for place, side in enumerate(sides)],
        style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - a file of ours
        scripts=scripts,
        hashes=" ".join(f"'sha256-{_hash(script)}'" for script in scripts),
        data=_json([*pictures, *changes]),
    )
    return text


def _about(sides: Sequence[Side]) -> str:
    first = sides[0]
    compared = (
        f"{sides[0].name} against {', '.join(side.name for side in sides[1:])}; " if len(sides) > 1 else ""
    )
    return (
        f"{compared}{first.months} months to {first.end}, {first.paths:,} simulated futures, "
        f"{first.draws:,} draws of what is uncertain, seed {first.dataset.attrs['seed']}."
    )


def _missing(sides: Sequence[Side]) -> list[str]:
    """Name the variables that would be drawn, had they been recorded."""
    return [name for name in NEEDED if not any(name in side.series for side in sides)]


def _scripts() -> list[Markup]:
    """Give the scripts of the page: the part of Bokeh that draws, and ours."""
    bokeh = next(text for text in INLINE.js_raw if "Bokeh" in text[:2000])
    ours = (TEMPLATES / "report.js").read_text(encoding="utf-8")
    return [Markup(SCRIPT_END.sub(r"<\\/", text)) for text in (bokeh, ours)]  # noqa: S704 - Bokeh's file, and ours


def _hash(script: str) -> str:
    return b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _json(drawn: Sequence[Chart]) -> Markup:
    """Give the figures as JSON that ends no script, whatever the names in it."""
    content: dict[str, Any] = {chart.key: chart.drawing() for chart in drawn}
    text = json.dumps(content, allow_nan=False, separators=(",", ":"), ensure_ascii=True)
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)  # noqa: S704 - no mark of HTML is left in it


@cache
def _template() -> Any:  # noqa: ANN401 - a template of jinja
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")
