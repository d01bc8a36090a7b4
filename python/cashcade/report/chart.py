"""A picture of a report: a figure that the browser draws, and its views, also in words and as tables."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from bokeh import __version__
from bokeh.document import Document
from bokeh.models import ColumnDataSource
from bokeh.plotting import figure

Column = list[Any]

BLUE, ORANGE, GREEN, GREY = "#2b7bba", "#d95f0e", "#158a6b", "#808690"
OLIVE, PINK = "#96851b", "#b8559a"
"""Colours that people who see few colours tell apart, with a contrast of 3 to white and to black."""

SOURCE = "source"
"""Name of the source of a figure, by which the page finds it."""

_TEX = re.compile(r"\$\$|\\\(|\\\[|\\\)|\\\]")
"""What would make a label a formula, for which a library would have to be fetched."""


class View(NamedTuple):
    """The content of a picture for one choice.

    Attributes
    ----------
    columns
        Columns of the source, all of one length.
    alt
        One or two sentences that say what is to be seen.
    header, rows
        The same as a table, in words.
    factors
        Names on the axis of names, from top to bottom.
    """

    columns: Mapping[str, Column]
    alt: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    factors: Sequence[str] = ()


class Key(NamedTuple):
    """An entry of a legend: its look, by the name of a style of the page, and its text."""

    look: str
    text: str


class Choice(NamedTuple):
    """A selector: its kind ("side", "company", ...), its label, and its options by key."""

    kind: str
    label: str
    options: Mapping[str, str]


@dataclass(frozen=True)
class Chart:
    """A picture.

    Attributes
    ----------
    key
        Its id on the page.
    title, note
        What it shows, and how to read it.
    plot
        The figure, drawn for the first view.
    views
        By the keys of the choices, joined by `|`; there is at least one.
    choices
        Its selectors, in the order of the keys.
    legend
        What the shapes mean, where that is not plain.
    """

    key: str
    title: str
    note: str
    plot: figure
    views: Mapping[str, View]
    choices: Sequence[Choice] = field(default=())
    legend: Sequence[Key] = field(default=())

    @property
    def first(self) -> View:
        """The view that is shown at first."""
        return next(iter(self.views.values()))

    @cached_property
    def shown(self) -> list[Choice]:
        """Selectors with more than one option."""
        return [choice for choice in self.choices if len(choice.options) > 1]

    def drawing(self) -> dict[str, Any]:
        """Give the figure and its views as JSON knows them."""
        views = {
            key: {
                "columns": {name: _plain(column) for name, column in view.columns.items()},
                "factors": list(reversed(view.factors)),
                "alt": view.alt,
                "header": list(view.header),
                "rows": [list(row) for row in view.rows],
            }
            for key, view in self.views.items()
        }
        kinds = [choice.kind for choice in self.choices]
        return {"item": _item(self.plot), "views": views, "kinds": kinds}


def _item(plot: figure) -> dict[str, Any]:
    """Give a figure as `Bokeh.embed.embed_item` takes it, without checks of what is drawn here each time."""
    document = Document()
    document.add_root(plot)
    return {"root_id": plot.id, "doc": document.to_json(deferred=False), "version": __version__}


def _plain(column: Column) -> Column:
    """Turn what is not finite into null."""
    return [None if isinstance(value, float) and not math.isfinite(value) else value for value in column]


def safe(label: str) -> str:
    """Give a label that stays a text: what marks a formula is parted by a mark without width."""
    return _TEX.sub(lambda found: "\u2060".join(found[0]), label)


def canvas(height: int, **more: Any) -> figure:  # noqa: ANN401 - what Bokeh's figure takes
    """Give an empty figure as wide as the page, without tools that would catch the wheel or a finger."""
    plot = figure(
        height=height,
        sizing_mode="stretch_width",
        toolbar_location=None,
        tools="",
        background_fill_color=None,
        border_fill_color=None,
        outline_line_color=None,
        output_backend="svg",
        min_border_left=2,
        min_border_right=14,
        **more,
    )
    for axis in plot.axis:
        axis.axis_label_text_font_style = "normal"
        axis.axis_label_text_font_size = axis.major_label_text_font_size = "13px"
        axis.minor_tick_line_color = None
    return plot


def source_of(view: View) -> ColumnDataSource:
    """Give the source of a figure, filled for a view."""
    return ColumnDataSource({name: _plain(column) for name, column in view.columns.items()}, name=SOURCE)
