"""Answers that are tables: maturity walls, what turns a scenario into another, whose removal counts most."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cashcade.errors import ArgumentError
from cashcade.pictures.canvas import (
    BLUE,
    FAINT,
    INK,
    LINES,
    NORMAL,
    REST,
    SMALL,
    SURE,
    VERMILLION,
    Floats,
    blank,
    finish,
    measured,
    plain,
)
from cashcade.pictures.measures import Measure, measure_of, money
from cashcade.pictures.names import month_name, outcome_words
from cashcade.words.names import choose
from cashcade.words.numerals import whole

if TYPE_CHECKING:
    from cashcade.questions.rank import Rank
    from cashcade.questions.swap import Swap
    from cashcade.questions.walls import Walls

MEASURES = {
    "debt": ("USD", "Debt of others that fails"),
    "revenue": ("USD", "AI revenue that others lose"),
    "gdp": ("fraction", "Capex that others lose, over GDP"),
    "failures": ("1", "Failures of others"),
    "debtrank": ("fraction", "Equity that others lose (DebtRank)"),
}
"""Unit and words of what a removal takes down."""

ALL = "all"
"""The group of all groups."""


def walls(found: "Walls", of: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw what falls due in each period.

    Parameters
    ----------
    found
        What `cashcade.walls` gave.
    of
        A borrower of its table: then what is refinanced and what is paid, with cash and collateral beside; by
        default all, one on another, the largest five by name.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        The columns `due`, `refinanced`, `cash` and `collateral` of the table `found.table`.

    Raises
    ------
    ArgumentError
        There is no such borrower, or nothing falls due.
    """
    table = found.table
    borrowers = [str(name) for name in table.index.get_level_values(0).unique()]
    if of is not None:
        choose(of, borrowers, "borrower")
    chosen = table if of is None else table.loc[[of]]
    if not (chosen["due"] > 0).any():
        raise ArgumentError("nothing falls due, so there is no wall to draw.")
    ax = blank(ax)
    due = chosen["due"].unstack(0)  # noqa: PD010 - one value for each period and borrower
    total = due.sum(axis=1)
    dates = pd.DatetimeIndex(chosen["date"].groupby(level="month").first())
    measure = _stack(ax, due, measure_of("USD", total)) if of is None else _beside(ax, chosen.droplevel(0))
    _periods(ax, dates, found.per)
    measured(ax, "y", measure, f"A {found.per}")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize=SMALL)
    top = int(total.to_numpy().argmax())
    who = "All borrowers" if of is None else of
    title = f"{who}: most falls due from {month_name(dates[top])} on, {money(float(total.iloc[top]))}"
    return finish(
        ax,
        title,
        f"Principal by {found.per}, whether or not it is refinanced; means over {found.paths:,} paths.",
        f"{title}, of {money(float(total.sum()))} in {found.months} months.",
    )


def _periods(ax: Axes, dates: pd.DatetimeIndex, per: str) -> None:
    """Name the periods below the bars, as many as there is room for."""
    places = np.arange(len(dates))[:: max(1, -(-len(dates) // 12))]
    ax.set_xticks(places, [f"{dates[place]:%b\n%Y}" for place in places])
    ax.set_xlabel(f"{per.capitalize()} from", fontsize=NORMAL, color=INK)
    ax.set_xlim(-0.6, len(dates) - 0.4)


def _stack(ax: Axes, due: pd.DataFrame, measure: Measure) -> Measure:
    """Draw what borrowers owe one on another; small ones are put together."""
    order = due.sum().sort_values(ascending=False, kind="stable")
    large, small = order.index[: len(LINES) - 1], order.index[len(LINES) - 1 :]
    parts = {str(name): due[name].to_numpy() for name in large if order[name] > 0}
    if order[small].sum() > 0:
        parts["others"] = due[small].sum(axis=1).to_numpy()
    bottom = np.zeros(len(due))
    for (name, values), colour in zip(parts.items(), (*LINES[: len(large)], REST), strict=False):
        shade = REST if name == "others" else colour
        ax.bar(np.arange(len(due)), values / measure.size, bottom=bottom, color=shade, width=0.8, label=name)
        bottom = bottom + values / measure.size
    return measure


def _beside(ax: Axes, rows: pd.DataFrame) -> Measure:
    """Draw what one borrower pays and has refinanced, with its cash and its collateral."""
    columns = {name: rows[name].to_numpy(dtype=float) for name in ("due", "refinanced", "cash", "collateral")}
    measure = measure_of("USD", np.concatenate([*columns.values(), rows["due_high"].to_numpy(dtype=float)]))
    due, back, cash, worth = (each / measure.size for each in columns.values())
    places = np.arange(len(rows))
    ax.bar(places, back, color=REST, width=0.8, label="due, refinanced")
    ax.bar(places, due - back, bottom=back, color=VERMILLION, width=0.8, label="due, paid or called")
    ax.plot(places, cash, "o-", color=BLUE, ms=4, label="cash before it")
    ax.plot(places, worth, "s--", color=INK, ms=4, label="collateral")
    return measure


def swap(found: "Swap", outcome: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw which group of assumptions turns one scenario into the other.

    Parameters
    ----------
    found
        What `cashcade.swap` gave.
    outcome
        One of its table; by default the first.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        For each group the column `alone` (the first scenario with this group of the second) and the column
        `kept` (the second with this group as in the first), between lines at both scenarios.

    Raises
    ------
    ArgumentError
        There is no such outcome.
    """
    known = [str(name) for name in found.table.index.get_level_values("outcome").unique()]
    chosen = known[0] if outcome is None else outcome
    choose(chosen, known, "outcome")
    rows = found.table.loc[chosen].drop(index=ALL)
    rows = rows.loc[rows["alone_difference"].abs().sort_values(ascending=False, kind="stable").index]
    measure = measure_of(found.units[chosen], rows[["a", "b", "alone", "kept"]].to_numpy())
    ax = blank(ax, (9.0, 2.0 + 0.45 * len(rows)))
    ends = {name: float(rows[name].iloc[0]) for name in ("a", "b")}
    for name, colour in (("a", BLUE), ("b", VERMILLION)):
        ax.axvline(ends[name] / measure.size, color=colour, linewidth=1.5)
        ax.annotate(
            plain(f"{getattr(found, name)} {measure.text(ends[name])}"),
            (ends[name] / measure.size, 0),
            (0, -34 if name == "a" else -46),
            ("data", "axes fraction"),
            "offset points",
            fontsize=SMALL,
            color=colour,
            ha="center",
        )
    places = np.arange(len(rows))
    for start, column, colour, told in (
        ("a", "alone", BLUE, f"{found.a} with this group of {found.b}"),
        ("b", "kept", VERMILLION, f"{found.b} with this group of {found.a}"),
    ):
        at = places + (-0.15 if start == "a" else 0.15)
        values = rows[column].to_numpy(dtype=float) / measure.size
        error = SURE * rows[f"{column}_se"].to_numpy(dtype=float) / measure.size
        ax.hlines(at, ends[start] / measure.size, values, color=colour, linewidth=3, alpha=0.35)
        ax.errorbar(values, at, xerr=error, fmt="o", color=colour, ms=6, elinewidth=1.2, label=plain(told))
    ax.set_yticks(places, [plain(str(name)) for name in rows.index], fontsize=NORMAL)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    measured(ax, "x", measure, "")
    words = outcome_words(chosen)
    unit = "" if measure.unit in {"", "%"} else f", {measure.unit}"
    ax.set_xlabel(f"{plain(words)}{unit}\n\n", fontsize=NORMAL, color=INK)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize=SMALL)
    best = str(rows.index[0])
    moved = measure.text(float(rows["alone"].iloc[0]))
    return finish(
        ax,
        f"What turns {found.a} into {found.b}: {best} goes furthest",
        f"Same luck on {found.paths:,} paths; bars: paired intervals of 95 %.",
        f"{words} is {measure.text(ends['a'])} under {found.a} and {measure.text(ends['b'])} under "
        f"{found.b}. {found.a} with {best} of {found.b} gives {moved}.",
    )


def rank(found: "Rank", by: str | None = None, top: int = 12, *, ax: Axes | None = None) -> Axes:
    """Draw whose removal takes down most of the others, with paired intervals of 95 %.

    Parameters
    ----------
    found
        What `cashcade.rank` gave.
    by
        A measure of its table: "debt", "revenue", "gdp", "failures" or "debtrank"; by default its own.
    top
        Companies, the first of them.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        Bars of the column.

    Raises
    ------
    ArgumentError
        There is no such measure.
    """
    chosen = found.by if by is None else by
    choose(chosen, MEASURES, "measure")
    rows = found.table.sort_values(chosen, ascending=False, kind="stable").head(whole("top", top, 1, 1000))
    unit, words = MEASURES[chosen]
    values = rows[chosen].to_numpy(dtype=float)
    measure = measure_of(unit, values)
    error: Floats = np.zeros(len(rows))
    if f"{chosen}_se" in rows:
        error = SURE * rows[f"{chosen}_se"].to_numpy(dtype=float)
    ax = blank(ax, (9.0, 1.7 + 0.36 * len(rows)))
    places = np.arange(len(rows))
    ax.barh(
        places,
        values / measure.size,
        xerr=error / measure.size,
        color=BLUE,
        ecolor=INK,
        height=0.62,
        label=chosen,
    )
    ax.axvline(0, color=FAINT, linewidth=1)
    ax.set_yticks(places, [plain(str(name)) for name in rows.index], fontsize=NORMAL)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    measured(ax, "x", measure, words)
    first = str(rows.index[0])
    return finish(
        ax,
        f"{words}: most when {first} is wound up",
        f"Each wound up in month {found.month}, by month {found.months}; {found.paths:,} paths, same luck. "
        "Lines: paired intervals of 95 %.",
        f"{words} by month {found.months} when a company is wound up in month {found.month}: "
        + "; ".join(f"{name} {measure.text(float(value))}" for name, value in rows[chosen].head(3).items())
        + ".",
    )
