"""The picture of who falls after whom."""

from collections.abc import Hashable, Sequence
from typing import Any, cast

import pandas as pd

from cashcade.report import drawing
from cashcade.report.chart import Chart, Key, View
from cashcade.report.chart_shared import COMPANIES, first_view, labels, side_choice
from cashcade.report.side import Side
from cashcade.report.side import row as row_of
from cashcade.results.figures import chance, digits


def contagion(sides: Sequence[Side]) -> Chart | None:
    """Show who falls after whom; None where no pair stands out."""
    views = {side.name: _falling(side) for side in sides if len(followers(side))}
    if not views:
        return None
    tips = [
        ("", "@name"),
        ("after it", "@right{0.0} %"),
        ("usually", "@left{0.0} %"),
        ("paths on which the first fails", "@times"),
        ("set off by it", "@triggered"),
    ]
    return Chart(
        "contagion",
        "Who falls after whom",
        "Chance of the second to fail within three months after the first, and its chance in the same "
        "months whatever becomes of the first. What is above usual may have a cause that both share.",
        drawing.pairs(first_view(views), "% of paths", tips),
        views,
        (side_choice(sides),),
        (Key("dot", "usually"), Key("diamond", "after the first fails")),
    )


def followers(side: Side) -> pd.DataFrame:
    """Give pairs in which the second is likelier than usual to follow: set off, or surely; with `lift`."""
    table = side.contagion
    lift = table["conditional"] - table["unconditional"]
    stands = ((table["triggered"] > 0) & (lift > 0)) | (lift > 3 * table["conditional_se"])
    found = table.assign(lift=lift)[stands & (table["times"] >= 20)]
    return found.sort_values(["triggered", "lift"], ascending=False, kind="stable")


def pair_of(key: Hashable) -> tuple[str, str]:
    """Give the companies of a pair, as the index of a table has it."""
    first, then = cast("tuple[str, str]", key)
    return first, then


def _falling(side: Side) -> View:
    table = followers(side)
    top = table.head(COMPANIES)
    pairs = [f"{side.label(first)} → {side.label(then)}" for first, then in map(pair_of, top.index)]
    label = labels(pairs)
    columns: dict[str, list[Any]] = {
        "name": label,
        "left": (100 * top["unconditional"]).tolist(),
        "right": (100 * top["conditional"]).tolist(),
        "times": top["times"].tolist(),
        "triggered": top["triggered"].tolist(),
    }
    first, then = pair_of(table.index[0])
    row = row_of(table, (first, then))
    alt = (
        f"After {side.names[first]} fails, {side.names[then]} fails within three months on "
        f"{digits(100 * row['conditional'], 2)} % of those paths, usually on "
        f"{digits(100 * row['unconditional'], 2)} %; "
        f"it is set off by that on {row['triggered']:,.0f} of {row['times']:,.0f}."
    )
    header = ["Fails first", "on paths", "then", "set off on", "follows, %", "usually, %"]
    rows = [
        [
            side.names[first],
            f"{row['times']:,.0f}",
            side.names[then],
            f"{row['triggered']:,.0f}",
            chance(row["conditional"], row["conditional_se"], 1),
            digits(100 * row["unconditional"], 2),
        ]
        for first, then in map(pair_of, top.index)
        for row in [row_of(top, (first, then))]
    ]
    return View(columns, alt, header, rows, label)
