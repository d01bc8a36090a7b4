"""Figures of a report, by shape: bars, intervals, bands over time, areas, pairs of points."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal

from bokeh.models import DataRange1d, DatetimeTickFormatter, FactorRange, HoverTool, NumeralTickFormatter
from bokeh.models.annotations import Span
from bokeh.models.renderers import GlyphRenderer
from bokeh.plotting import figure

from cashcade.report.chart import BLUE, GREEN, GREY, OLIVE, ORANGE, PINK, View, canvas, source_of

Tips = Sequence[tuple[str, str]]


def _named(view: View, label: str, **more: Any) -> figure:  # noqa: ANN401 - as `canvas`
    """Give a figure with names from top to bottom, and numbers from left to right."""
    factors = FactorRange(factors=list(reversed(view.factors)), name="factors")
    plot = canvas(_height(view), y_range=factors, x_axis_label=label, **more)
    plot.ygrid.grid_line_color = None
    plot.yaxis.axis_line_color = None
    plot.yaxis.major_tick_line_color = None
    return plot


def _height(view: View) -> int:
    return 90 + 27 * max(3, len(view.factors))


def _hover(
    plot: figure, over: "GlyphRenderer[Any]", tips: Tips, *, mode: Literal["mouse", "vline"] = "mouse"
) -> None:
    plot.add_tools(HoverTool(renderers=[over], tooltips=list(tips), mode=mode))


def bars(view: View, label: str, tips: Tips) -> figure:
    """Draw a bar for each name from 0 to `value`, with a whisker from `low` to `high`."""
    plot, source = _named(view, label), source_of(view)
    drawn = plot.hbar(y="name", right="value", height=0.62, color=BLUE, source=source)
    plot.segment("low", "name", "high", "name", line_width=2, color=GREY, source=source)
    _hover(plot, drawn, tips)
    plot.add_layout(Span(location=0, dimension="height", line_color=GREY, line_width=1))
    return plot


PAINT = {
    "secured": BLUE,
    "unsecured": OLIVE,
    "subordinated": PINK,
    "loans": BLUE,
    "stakes": GREEN,
    "bills": GREY,
}
"""Colours of the parts of a bar; the style of the page has the same."""


def stacked(view: View, parts: Sequence[str], label: str, tips: Tips) -> figure:
    """Draw a bar for each name in parts, each up to its column, and a mark at `rare`."""
    plot, source = _named(view, label, x_range=DataRange1d(start=0)), source_of(view)
    plot.segment("value", "name", "rare", "name", line_width=1.5, color=GREY, source=source)
    for left, right in pairwise(("zero", *parts)):
        drawn = plot.hbar(
            y="name",
            left=left,
            right=right,
            height=0.62,
            fill_color=PAINT[right],
            line_color=None,
            source=source,
        )
        _hover(plot, drawn, tips)
    plot.scatter(
        "rare",
        "name",
        size=9,
        marker="diamond",
        color=ORANGE,
        source=source,
    )
    return plot


def pairs(view: View, label: str, tips: Tips) -> figure:
    """Draw two points for each name, at `left` and at `right`, joined by a line."""
    plot, source = _named(view, label), source_of(view)
    plot.segment("left", "name", "right", "name", line_width=2.5, color=GREY, source=source)
    for column, colour, marker in (("left", BLUE, "circle"), ("right", ORANGE, "diamond")):
        drawn = plot.scatter(column, "name", size=11, marker=marker, color=colour, source=source)
        _hover(plot, drawn, tips)
    return plot


def bands(view: View, label: str, tips: Tips, form: str) -> figure:
    """Draw over time: a band from `q5` to `q95`, one from `q25` to `q75`, and lines at `q50` and `mean`."""
    plot, source = _timed(label, form), source_of(view)
    if "q5" in view.columns:
        plot.varea("date", "q5", "q95", color=BLUE, alpha=0.22, source=source)
        plot.varea("date", "q25", "q75", color=BLUE, alpha=0.35, source=source)
        plot.line("date", "q50", line_width=2.5, color=BLUE, source=source)
    drawn = plot.line("date", "mean", line_width=2, line_dash=[6, 4], color=ORANGE, source=source)
    _hover(plot, drawn, tips, mode="vline")
    return plot


def areas(view: View, label: str, tips: Tips) -> figure:
    """Draw over time: an area up to `failed`, and one from there up to `gone`."""
    plot, source = _timed(label, "0", y_range=DataRange1d(start=0)), source_of(view)
    plot.varea("date", "zero", "failed", color=ORANGE, alpha=0.75, source=source)
    plot.varea("date", "failed", "gone", color=GREEN, alpha=0.55, source=source)
    drawn = plot.line("date", "gone", line_width=1.5, color=GREEN, source=source)
    plot.line("date", "failed", line_width=1.5, color=ORANGE, source=source)
    _hover(plot, drawn, tips, mode="vline")
    return plot


def _timed(label: str, form: str, **more: Any) -> figure:  # noqa: ANN401 - as `canvas`
    plot = canvas(300, x_axis_type="datetime", y_axis_label=label, **more)
    plot.xaxis.formatter = DatetimeTickFormatter(months="%b %Y", years="%Y", days="%b %Y")
    plot.yaxis.formatter = NumeralTickFormatter(format=form)
    plot.xgrid.grid_line_color = None
    return plot
