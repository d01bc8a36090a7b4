"""The picture of the system month by month."""

from collections.abc import Callable, Sequence

from cashcade.report import drawing
from cashcade.report.chart import Chart, Choice
from cashcade.report.chart_fans import fan, fan_legend, fan_tips
from cashcade.report.chart_shared import first_view, side_choice
from cashcade.report.side import Side
from cashcade.results.figures import digits, money, percent
from cashcade.results.gauges import TITLES, drawn, moves
from cashcade.words.rows import variables


def gauges(sides: Sequence[Side]) -> Chart | None:
    """Show the gauges of the whole market; None where none is recorded."""
    shown = [name for name in TITLES if any(_has(side, name) for side in sides)]
    views = {
        f"{side.name}|{name}": fan(
            side, side.result.series(name), TITLES[name], drawn(name).size, _writer(variables()[name].unit)
        )
        for side in sides
        for name in shown
        if _has(side, name)
    }
    if not views:
        return None
    return Chart(
        "gauges",
        "The system month by month",
        "Gauges of the whole market over all paths.",
        drawing.bands(first_view(views), "", fan_tips(first_view(views), "0.[0000]"), "0.[0000]"),
        views,
        (side_choice(sides), Choice("gauge", "Gauge", {name: drawn(name).label for name in shown})),
        fan_legend(first_view(views)),
    )


def _writer(unit: str) -> Callable[[float], str]:
    """Give what writes a number of a gauge."""
    if unit in {"USD", "USD/month"}:
        return lambda value: f"{money(value)} USD"
    return percent if unit == "fraction" else digits


def _has(side: Side, name: str) -> bool:
    """Tell whether a gauge is recorded, and has something to measure."""
    return name in side.series and moves(side.result, name)
