"""The picture of which group of assumptions turns one scenario into another."""

from typing import Any

import pandas as pd

from cashcade.questions.swap import ALL, Swap, listed
from cashcade.report import drawing
from cashcade.report.chart import Chart, Choice, Key, View
from cashcade.report.chart_shared import first_view, labels, outcome_name
from cashcade.report.side import Side, capital
from cashcade.report.side import row as row_of
from cashcade.report.turns import Turn
from cashcade.results.figures import digits, percent
from cashcade.results.text import NONE
from cashcade.words.names import one_line


def swap(side: Side, found: Turn) -> Chart:
    """Show how far each group of assumptions alone goes from one scenario to the other.

    Parameters
    ----------
    side
        That gives companies their names.
    found
        The answer.
    """
    answer = found.found
    a, b = answer.a, answer.b
    outcomes = list(dict.fromkeys(str(name) for name in answer.table.index.get_level_values("outcome")))
    called = {name: outcome_name(side, name) for name in outcomes}
    views = {name: _view(answer, name, called[name]) for name in outcomes}
    tips = [("", "@name"), (a, "@left{0.0} %"), ("with it", "@right{0.0} %"), ("of the way", "@way")]
    return Chart(
        "swap",
        f"What turns {a} into {b}",
        f"Each line is a group of assumptions: the outcome under {a}, and under {a} with this group alone "
        f"as in {b}. Taken are {found.why}. Each from {answer.paths:,} paths of the same luck: what is less "
        "than two errors may be luck.",
        drawing.pairs(first_view(views), "%", tips),
        views,
        (Choice("outcome", "Outcome", called),),
        (Key("dot", a), Key("diamond", f"with this group as in {b}")),
    )


def _view(answer: Swap, outcome: str, called: str) -> View:
    """Show one outcome: the whole first, then the group that moves it most."""
    table = pd.DataFrame(answer.table.xs(outcome, level="outcome"))
    order = table["alone_difference"].drop(index=ALL).abs().sort_values(ascending=False, kind="stable").index
    table = table.reindex([ALL, *order])
    names = ["all of these" if name == ALL else str(name) for name in table.index]
    label = labels(names)
    columns: dict[str, list[Any]] = {
        "name": label,
        "left": (100 * table["a"]).tolist(),
        "right": (100 * table["alone"]).tolist(),
        "way": [percent(way, NONE) for way in table["way"]],
    }
    header = ["Group", f"{answer.a} with it, %", "change, points", "of the way", "holds"]
    rows = [
        [
            name,
            digits(100 * row["alone"]),
            f"{100 * row['alone_difference']:+.1f} \u00b1{100 * row['alone_se']:.1f}",
            percent(row["way"], NONE),
            "" if key == ALL else one_line(listed(answer.groups[str(key)])),
        ]
        for name, (key, row) in zip(names, table.iterrows(), strict=True)
    ]
    return View(columns, _alt(answer, table, called), header, rows, label)


def _alt(answer: Swap, table: pd.DataFrame, called: str) -> str:
    whole = row_of(table, ALL)
    a, b = (f"{digits(100 * whole[end])} % under {name}" for end, name in (("a", answer.a), ("b", answer.b)))
    ends = f"{capital(called)}: {a}, {b}."
    alone = table.drop(index=ALL)
    if alone["way"].isna().all():
        return f"{ends} There is no way between them."
    best = str(alone["way"].idxmax())
    row = row_of(alone, best)
    far = f"{percent(row['way'])} of the way, to {digits(100 * row['alone'])} %"
    return f"{ends} Furthest alone goes {best}: {far}."
