"""The picture of who fails."""

from collections.abc import Sequence
from typing import Any

from cashcade.report import drawing
from cashcade.report.chart import Chart, View
from cashcade.report.chart_shared import COMPANIES, WIDE, first_view, labels, side_choice
from cashcade.report.side import Side
from cashcade.report.side import row as row_of
from cashcade.results.figures import chance, percent
from cashcade.results.summary import horizons


def failures(sides: Sequence[Side]) -> Chart | None:
    """Show how likely each company is to fail; None where none does."""
    views = {side.name: _failing(side) for side in sides if side.failing}
    if not views:
        return None
    tips = [
        ("", "@full"),
        ("fails by the end", "@value{0.0} % (95 % interval @low{0.0} to @high{0.0})"),
        ("half of them by", "@median"),
        ("main cause", "@cause"),
    ]
    return Chart(
        "fails",
        "Who fails",
        f"Chance of each company to fail by {sides[0].end}; the whisker is its 95 % interval.",
        drawing.bars(first_view(views), "% of paths", tips),
        views,
        (side_choice(sides),),
    )


def _failing(side: Side) -> View:
    table = side.summary.loc[side.failing]
    top = table.head(COMPANIES)
    label = labels([side.label(str(name)) for name in top.index])
    value, error = 100 * top["chance"], 100 * WIDE * top["se"].fillna(0.0)
    columns: dict[str, list[Any]] = {
        "name": label,
        "full": [side.names[str(name)] for name in top.index],
        "value": value.tolist(),
        "low": (value - error).clip(lower=0).tolist(),
        "high": (value + error).clip(upper=100).tolist(),
        "median": [side.date(month) for month in top["median_month"]],
        "cause": top["main_cause"].tolist(),
    }
    leader = side.names[side.failing[0]]
    alt = (
        f"{leader} fails most often, on {side.chance(side.failing[0])} % of paths; "
        f"{int((table['chance'] >= 0.1).sum())} of {len(side.summary)} companies fail on a tenth of paths "
        "or more, "
        f"{len(side.summary) - len(table)} on none."
    )
    marks = [f"failed_{month}" for month in horizons(side.months)]
    header = ["Company", *(f"by month {mark.removeprefix('failed_')}, %" for mark in marks)]
    rows = [
        [
            side.names[str(name)],
            *(chance(row[mark], row[f"{mark}_se"], side.draws) for mark in marks),
            side.date(row["median_month"]),
            str(row["main_cause"]),
            percent(side.shares[str(name)]),
        ]
        for name in table.index
        for row in [row_of(table, name)]
    ]
    return View(columns, alt, [*header, "half of them by", "main cause", "due to parameters"], rows, label)
