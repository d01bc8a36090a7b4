"""The picture of what differs from the first side of a comparison."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cashcade.report import drawing
from cashcade.report.chart import Chart, Choice, View
from cashcade.report.chart_shared import COMPANIES, WIDE, first_view, labels
from cashcade.report.side import Side
from cashcade.results.figures import digits
from cashcade.results.outcomes import SYSTEMIC


def differences(sides: Sequence[Side], table: pd.DataFrame) -> Chart:
    """Show by how much the chance of each outcome differs from the first side, on the same luck."""
    base, others = sides[0], sides[1:]
    views = {
        side.name: _apart(
            base, side, table[table.index.get_level_values("side") == side.name].droplevel("side")
        )
        for side in others
    }
    tips = [
        ("", "@name"),
        ("difference", "@value{+0.0} points"),
        ("95 % interval", "@low{+0.0} to @high{+0.0}"),
    ]
    return Chart(
        "differences",
        f"What differs from {base.name}",
        "Difference of the chance to fail by the end, in percentage points, path by path on the same luck; "
        "the whisker is the 95 % interval of that difference.",
        drawing.bars(first_view(views), "percentage points", tips),
        views,
        (Choice("side", "Scenario", {side.name: side.name for side in others}),),
    )


def _apart(base: Side, side: Side, table: pd.DataFrame) -> View:
    """Show the outcomes that differ on some path, those that differ most first."""
    some = table[(table["only_base"] > 0) | (table["only_side"] > 0)].drop(
        index="failed-debt", errors="ignore"
    )
    order = some["difference"].abs().sort_values(ascending=False, kind="stable").index
    some = some.loc[order]
    top = some.head(COMPANIES)
    called = {
        str(name): "Systemic cascade" if name == SYSTEMIC else side.names[str(name)] for name in some.index
    }
    label = labels([called[str(name)] if name == SYSTEMIC else side.label(str(name)) for name in top.index])
    value, error = 100 * top["difference"], 100 * WIDE * top["se"].fillna(0.0)
    columns: dict[str, list[Any]] = {
        "name": label,
        "value": value.tolist(),
        "low": (value - error).tolist(),
        "high": (value + error).tolist(),
    }
    alt = f"No path differs between {base.name} and {side.name}."
    if len(some):
        row = some.iloc[0]
        alt = (
            f"{called[str(some.index[0])]} differs most: {digits(100 * row['base'])} % of paths under "
            f"{base.name}, "
            f"{digits(100 * row['mean'])} % under {side.name}. {len(table) - len(some)} outcomes differ "
            "on no path."
        )
    header = [
        "Outcome",
        f"{base.name}, %",
        f"{side.name}, %",
        "difference, points",
        "only there, %",
        "only here, %",
    ]
    rows = [
        [
            called[str(name)],
            digits(100 * row["base"]),
            digits(100 * row["mean"]),
            f"{100 * row['difference']:+.1f} ±{100 * row['se']:.1f}",
            digits(100 * row["only_base"]),
            digits(100 * row["only_side"]),
        ]
        for name, row in some.iterrows()
    ]
    return View(columns, alt, header, rows, label)
