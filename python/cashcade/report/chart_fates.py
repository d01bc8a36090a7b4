"""The picture of what becomes of a company."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cashcade.report import drawing
from cashcade.report.chart import Chart, Key, View
from cashcade.report.chart_shared import company_choice, first_view, marks, side_choice
from cashcade.report.side import Side
from cashcade.results.figures import digits


def fates(sides: Sequence[Side]) -> Chart | None:
    """Show by month how many paths a company has failed on, and how many it has left otherwise."""
    choice = company_choice(sides)
    views = {
        f"{side.name}|{name}": _fate(side, name)
        for side in sides
        for name in choice.options
        if name in side.names
    }
    tips = [("", "@when"), ("failed", "@failed{0.0} %"), ("left otherwise", "@left{0.0} %")]
    return Chart(
        "fates",
        "What becomes of a company",
        "Share of paths on which it has failed by each month, and on top of that has left otherwise: sold, "
        "listed, licensed, wound up in order. The rest lives on as it was.",
        drawing.areas(first_view(views), "% of paths", tips),
        views,
        (side_choice(sides), choice),
        (Key("failed", "failed"), Key("left", "left otherwise")),
    )


def _fate(side: Side, company: str) -> View:
    months = np.arange(1, side.months + 1)
    chosen = side.dataset.sel(company=company)
    failed = _by(chosen["failed_month"].to_numpy(), months)
    exits = chosen["exit_month"].to_numpy() if "exit_month" in chosen else np.zeros(side.paths)
    left = _by(exits, months) & ~failed
    fell, gone = 100 * failed.mean(axis=1), 100 * left.mean(axis=1)
    when = side.when
    columns: dict[str, list[Any]] = {
        "date": side.dates,
        "when": when,
        "zero": [0.0] * side.months,
        "failed": fell.tolist(),
        "left": gone.tolist(),
        "gone": (fell + gone).tolist(),
    }
    name = side.names[company]
    alt = (
        f"By {side.end} {name} has failed on {digits(fell[-1])} % of paths and left otherwise on "
        f"{digits(gone[-1])} %; it lives on as it was on {digits(100 - fell[-1] - gone[-1])} %."
    )
    rows = [[when[at], digits(fell[at]), digits(gone[at])] for at in marks(side)]
    return View(columns, alt, ["Month", "failed, %", "left otherwise, %"], rows)


def _by(month: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Whether something happened by each month, `[months, paths]`."""
    return np.asarray((month[None, :] > 0) & (month[None, :] <= months[:, None]))
