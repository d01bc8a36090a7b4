"""Losses by holder."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from cashcade.errors import ArgumentError
from cashcade.pictures.canvas import (
    BLUE,
    FAINT,
    INK,
    NORMAL,
    ORANGE,
    PURPLE,
    REST,
    SKY,
    SMALL,
    blank,
    finish,
    measured,
    plain,
)
from cashcade.pictures.measures import measure_of, money
from cashcade.pictures.names import about, names
from cashcade.words.numerals import whole

if TYPE_CHECKING:
    from cashcade.results.result import Result

PARTS = {
    "secured": ("secured loans", BLUE),
    "unsecured": ("unsecured loans", SKY),
    "subordinated": ("subordinated loans", PURPLE),
    "loans": ("loans", BLUE),
    "stakes": ("stakes", ORANGE),
    "bills": ("unpaid bills", REST),
}
"""Columns of `Result.claims`: words and colours."""


def losses(result: "Result", top: int = 10, *, ax: Axes | None = None) -> Axes:
    """Draw who loses most by the end of the run: expected losses by kind and rank, and a bad case.

    Parameters
    ----------
    result
        Result of a run.
    top
        Holders, those with the largest expected loss.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        Bars from the table `Result.claims`; a mark at the column `total_95` of `Result.losses`.

    Raises
    ------
    ArgumentError
        Nobody has lent or invested anything.
    """
    table = result.losses().head(whole("top", top, 1, 1000))
    if table.empty:
        raise ArgumentError("nobody has lent, invested or lost anything, so there are no losses to draw.")
    called = names(result.dataset)
    measure = measure_of("USD", table[["total", "total_95"]].to_numpy())
    ax = blank(ax, (9.0, 1.7 + 0.38 * len(table)))
    rows, left = np.arange(len(table)), np.zeros(len(table))
    for name, part in result.claims().loc[table.index].items():
        words, colour = PARTS[str(name)]
        width = part.to_numpy() / measure.size
        if width.any():
            ax.barh(rows, width, left=left, color=colour, height=0.62, label=words)
        left = left + width
    worst = table["total_95"].to_numpy() / measure.size
    ax.hlines(rows, left, np.maximum(worst, left), color=FAINT, linewidth=1)
    ax.plot(worst, rows, "|", color=INK, ms=11, mew=2, label="95 % of paths lose less")
    for row, (mean, bad) in enumerate(zip(table["total"], table["total_95"], strict=True)):
        ax.annotate(
            f"{money(float(mean))}, 95 %: {money(float(bad))}".replace(" USD", ""),
            (float(np.nanmax([left[row], worst[row]])), row),
            (8, 0),
            "data",
            "offset points",
            fontsize=SMALL,
            color=INK,
            va="center",
        )
    ax.set_yticks(rows, [plain(called[str(name)]) for name in table.index], fontsize=NORMAL)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_xlim(0, 1.3 * float(np.nanmax(np.concatenate([left, worst, [1e-9]]))))
    measured(ax, "x", measure, "Loss by the end of the run")
    ax.legend(loc="lower right", frameon=False, fontsize=SMALL)
    first = table.iloc[0]
    return finish(
        ax,
        f"Who loses most: {called[str(table.index[0])]}, {money(float(first['total']))} expected",
        f"Bars: mean over paths, by claim. Mark: 95 % of paths lose less. {about(result)}",
        "Expected losses: "
        + "; ".join(
            f"{called[str(name)]} {money(float(row['total']))}" for name, row in table.head(3).iterrows()
        )
        + f". On 5 % of paths the first loses more than {money(float(first['total_95']))}.",
    )
