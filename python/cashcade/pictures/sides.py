"""Sides of a comparison on the same luck: what differs, and by how much."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from cashcade.errors import ArgumentError
from cashcade.pictures.canvas import (
    FAINT,
    LINES,
    NORMAL,
    SMALL,
    SURE,
    Label,
    at_the_end,
    blank,
    by_date,
    days,
    finish,
    measured,
    plain,
)
from cashcade.pictures.measures import PERCENT, measure_of
from cashcade.pictures.names import month_name
from cashcade.words.names import choose
from cashcade.words.numerals import whole
from cashcade.words.rows import variables

if TYPE_CHECKING:
    from cashcade.questions.compare import Comparison


def outcomes(found: "Comparison", top: int = 12, *, ax: Axes | None = None) -> Axes:
    """Draw by how much the chance of each outcome differs from the first side, with paired intervals of 95 %.

    Parameters
    ----------
    found
        A comparison.
    top
        Outcomes, those that differ most.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        The columns `difference` and `se` of the table `Comparison.outcomes`, a colour for each side.

    Raises
    ------
    ArgumentError
        No path differs.
    """
    table = found.outcomes()
    apart = (
        table["difference"].abs().groupby(level="outcome").max().sort_values(ascending=False, kind="stable")
    )
    names = [str(name) for name in apart[apart > 0].index[: whole("top", top, 1, 1000)]]
    if not names:
        raise ArgumentError("no path differs between the sides, so there is nothing to draw.")
    ax = blank(ax, (9.0, 1.8 + 0.42 * len(names)))
    shift = np.linspace(-0.24, 0.24, len(found.sides)) if len(found.sides) > 1 else np.zeros(1)
    for place, side in enumerate(found.sides):
        rows = table.xs(side, level="side").loc[names]
        ax.errorbar(
            100 * rows["difference"].to_numpy(),
            np.arange(len(names)) + shift[place],
            xerr=100 * SURE * rows["se"].to_numpy(),
            fmt="o",
            ms=6,
            elinewidth=1.4,
            color=LINES[place % len(LINES)],
            label=side,
        )
    ax.axvline(0, color=FAINT, linewidth=1)
    ax.set_yticks(range(len(names)), [plain(name) for name in names], fontsize=NORMAL)
    ax.set_ylim(len(names) - 0.5, -0.5)
    measured(ax, "x", PERCENT, f"Change against {found.base}, percentage points")
    if len(found.sides) > 1:
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize=SMALL)
    who = found.sides[0] if len(found.sides) == 1 else "Each side"
    first = table.loc[names[0]]["difference"]
    side = str(first.abs().idxmax())
    change = 100 * float(first[side])
    return finish(
        ax,
        f"{who} against {found.base}: what happens more often, and what less",
        "Same luck on all sides; bars: paired intervals of 95 %.",
        f"Against {found.base}, most changes for {names[0]}: {change:+.1f} percentage points under {side}.",
    )


def series(found: "Comparison", name: str, of: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw the mean of a recorded variable by month on each side.

    Parameters
    ----------
    found
        A comparison that recorded it.
    name, of
        As in `Comparison.series`.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        The columns `base` and `mean` of the table `Comparison.series`; bands are 1.96 paired standard errors
        of the difference.

    Raises
    ------
    ArgumentError
        It was not recorded, or there is no such entity.
    """
    table = found.series(name, of)
    dates = found.results[found.base].dataset["date"].to_numpy()
    row = variables().get(name)
    measure = measure_of("1" if row is None else row.unit, table[["base", "mean"]].to_numpy())
    ax = blank(ax)
    at, labels = days(dates), []
    base = table.xs(found.sides[0], level="side")["base"].to_numpy() / measure.size
    ax.plot(at, base, color=FAINT, linewidth=2, label=found.base)
    labels.append(
        Label(float(base[-1]), f"{found.base} {measure.text(float(base[-1]) * measure.size)}", FAINT)
    )
    for place, side in enumerate(found.sides):
        some, colour = table.xs(side, level="side"), LINES[place % len(LINES)]
        mean, error = some["mean"].to_numpy() / measure.size, SURE * some["se"].to_numpy() / measure.size
        ax.fill_between(at, mean - error, mean + error, color=colour, alpha=0.2, linewidth=0, label=side)
        ax.plot(at, mean, color=colour, linewidth=2, label=side)
        labels.append(
            Label(float(mean[-1]), f"{side} {measure.text(float(mean[-1]) * measure.size)}", colour)
        )
    ax.set_xlim(at[0], max(at[-1], at[0] + 1))
    measured(ax, "y", measure, "Mean over paths")
    by_date(ax)
    at_the_end(ax, labels)
    words = name if row is None else row.meaning.partition(".")[0]
    title = f"{words}{f' ({of})' if of else ''}"
    ends = "; ".join(label.text for label in labels)
    return finish(
        ax,
        title,
        "Means over paths on the same luck; bands: paired intervals of 95 % of the difference.",
        f"{title}, mean in {month_name(dates[-1])}: {ends}.",
    )


def survival(found: "Comparison", company: str, *, ax: Axes | None = None) -> Axes:
    """Draw the chance of a company to live to the end of each month, on each side.

    Parameters
    ----------
    found
        A comparison.
    company
        Its id.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        The table `Result.survival` of each side.

    Raises
    ------
    ArgumentError
        There is no such company on all sides.
    """
    ax = blank(ax)
    labels, lowest, when = [], 100.0, ""
    colours = (FAINT, *LINES)
    for place, (side, result) in enumerate(found.results.items()):
        choose(company, [str(name) for name in result.dataset["company"].to_numpy()], "company")
        some, colour = result.survival().loc[company], colours[place % len(colours)]
        at, alive = days(some["date"]), 100 * some["alive"].to_numpy()
        ax.plot(at, alive, color=colour, linewidth=2, label=side)
        ax.set_xlim(at[0], max(at[-1], at[0] + 1))
        labels.append(Label(float(alive[-1]), f"{side} {alive[-1]:.0f} %", colour))
        lowest, when = min(lowest, float(alive.min())), month_name(some["date"].iloc[-1])
    ax.set_ylim(max(0.0, lowest - 3), 100.5)
    measured(ax, "y", PERCENT, "Chance to be alive")
    by_date(ax)
    at_the_end(ax, labels)
    ends = "; ".join(label.text for label in labels)
    return finish(
        ax,
        f"How likely {company} is to live, by side",
        "Same luck on all sides.",
        f"Chance of {company} to be alive at the end of {when}: {ends}.",
    )
