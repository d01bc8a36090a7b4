"""The picture of who loses."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from cashcade.report import drawing
from cashcade.report.chart import Chart, Key, View
from cashcade.report.chart_shared import BILLION, COMPANIES, first_view, labels, rounded, side_choice
from cashcade.report.side import Side
from cashcade.report.side import row as row_of
from cashcade.results.figures import amount, money

PARTS = {
    "secured": "secured loans",
    "unsecured": "unsecured loans",
    "subordinated": "subordinated loans",
    "loans": "loans",
    "stakes": "stakes",
    "bills": "unpaid bills",
}
"""Columns of `Result.claims`, and what they are called."""


def losses(sides: Sequence[Side]) -> Chart | None:
    """Show who loses how much; None where nobody does."""
    views = {side.name: _losing(side) for side in sides if (side.losses["total"] > 0).any()}
    if not views:
        return None
    lost = pd.concat([side.claims for side in sides]).fillna(0.0).any()
    parts = {part: words for part, words in PARTS.items() if lost.get(part, False)}
    tips = [
        ("", "@full"),
        ("expected", "@value{0.[0000]} bn USD"),
        ("a path in 20 loses over", "@rare{0.[0000]} bn USD"),
        ("lent and invested", "@exposure"),
    ]
    return Chart(
        "losses",
        "Who loses",
        "Losses on loans, stakes and unpaid bills by the end of the run, not discounted; claims of "
        "companies that fail themselves go to capital.",
        drawing.stacked(first_view(views), [*parts], "bn USD", tips),
        views,
        (side_choice(sides),),
        (
            *(Key(part, f"expected, {words}") for part, words in parts.items()),
            Key("diamond", "one path in 20 loses more"),
        ),
    )


def _losing(side: Side) -> View:
    table = side.losses[side.losses["total"] > 0]
    top = table.head(COMPANIES)
    label = labels([side.label(str(name)) for name in top.index])
    columns: dict[str, list[Any]] = {
        "name": label,
        "full": [side.names[str(name)] for name in top.index],
        "value": rounded(top["total"] / BILLION),
        "zero": [0.0] * len(top),
        "rare": rounded(top["total_95"] / BILLION),
        "exposure": [f"{money(each)} USD" for each in top["exposure"]],
    }
    claims = side.claims.loc[top.index]
    columns |= {str(part): rounded(edge / BILLION) for part, edge in claims.cumsum(axis=1).items()}
    first = table.iloc[0]
    known = math.isfinite(first["total_95"])
    rare = f", more than {money(first['total_95'])} USD on one path in 20" if known else ""
    alt = (
        f"{side.names[str(table.index[0])]} loses most: {money(first['total'])} USD on average{rare}. "
        f"All together lose {money(table['total'].sum())} USD on average."
    )
    rows = [
        [
            side.names[str(name)],
            money(row["exposure"]) if row["exposure"] else "\u2013",
            amount(row["total"], row["total_se"]),
            *(money(each) for each in row_of(side.claims, name).values()),
            money(row["total_95"]),
        ]
        for name, row in table.iterrows()
    ]
    header = [
        "Lender or holder",
        "lent and invested",
        "expected loss",
        *(f"of it {PARTS[str(part)]}" for part in side.claims),
        "path in 20 over",
    ]
    return View(columns, alt, header, rows, label)
