"""Series with bands over time, as the pictures of cash and of gauges show them."""

from collections.abc import Callable

import pandas as pd

from cashcade.report.chart import Key, View
from cashcade.report.chart_shared import marks, rounded
from cashcade.report.side import Side

FAN = {"mean": "mean", "q5": "5 % of paths below", "q50": "median", "q95": "5 % of paths above"}
"""Columns of a series that are shown, and what they are called."""

QUANTILES = ("q5", "q25", "q50", "q75", "q95")
"""Columns of a series from which its bands are drawn."""


def fan(side: Side, table: pd.DataFrame, what: str, size: float, write: Callable[[float], str]) -> View:
    """Show a series with its bands, where there are all quantiles for them."""
    drawn = ["mean", *QUANTILES] if set(QUANTILES) <= set(table) else ["mean"]
    when, known = side.when, {name: table[name].tolist() for name in drawn}
    columns = {name: rounded(table[name] / size) for name in drawn}
    first, last = ({name: values[end] for name, values in known.items()} for end in (0, -1))
    range_ = (
        f"; 90 % of paths end between {write(last['q5'])} and {write(last['q95'])}" if "q5" in drawn else ""
    )
    alt = f"{what} goes from {write(first['mean'])} to {write(last['mean'])} on average{range_}."
    shown = [name for name in FAN if name in drawn]
    rows = [[when[at], *(write(known[name][at]) for name in shown)] for at in marks(side)]
    return View(
        {"date": side.dates, "when": when, **columns}, alt, ["Month", *(FAN[name] for name in shown)], rows
    )


def fan_tips(view: View, form: str) -> list[tuple[str, str]]:
    """Give the tooltips of a series."""
    known = [(text, column) for column, text in FAN.items() if column in view.columns]
    return [("", "@when"), *((text, f"@{column}{{{form}}}") for text, column in known)]


def fan_legend(view: View) -> list[Key]:
    """Give the legend of a series."""
    bands = [Key("wide", "90 % of paths"), Key("narrow", "half of them"), Key("line", "median")]
    return [*(bands if "q5" in view.columns else []), Key("dashes", "mean")]
