"""Answers about levers: break-even, the frontier of two, the map of two, and a tornado of assumptions."""

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.pictures.canvas import (
    BLUE,
    FAINT,
    INK,
    MAP,
    NORMAL,
    ORANGE,
    SMALL,
    SURE,
    VERMILLION,
    Floats,
    blank,
    finish,
    measured,
    plain,
)
from cashcade.pictures.measures import PERCENT, Measure, measure_of
from cashcade.pictures.names import outcome_words
from cashcade.words.names import choose
from cashcade.words.rows import parameters, variables

if TYPE_CHECKING:
    from cashcade.questions.breakeven import BreakEven
    from cashcade.questions.phases import Map

WIDE = 100.0
"""Ratio of limits from which on an axis is logarithmic."""

CELLS = 144
"""Points of a map up to which each has its number."""


def breakeven(found: "BreakEven", *, ax: Axes | None = None) -> Axes:
    """Draw the curve of a break-even or a stress: outcome by value of the lever, with all crossings.

    Parameters
    ----------
    found
        What `cashcade.breakeven` or `cashcade.stress` gave.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        The table `found.curve` with 1.96 standard errors on both sides, the level that is asked for, and each
        crossing with its interval of 95 %.
    """
    curve = found.curve.sort_index()
    outcome, month, level = _asked(found.condition)
    down = _measure(outcome, [*curve["outcome"], level])
    along = lever_measure(found.lever, curve.index.to_numpy(dtype=float))
    ax = blank(ax)
    at = curve.index.to_numpy(dtype=float) / along.size
    mean, error = curve["outcome"].to_numpy() / down.size, SURE * curve["se"].to_numpy() / down.size
    ax.fill_between(at, mean - error, mean + error, color=BLUE, alpha=0.2, linewidth=0, label="95 %")
    ax.plot(at, mean, "o-", color=BLUE, ms=3.5, linewidth=1.8, label="outcome")
    ax.axhline(level / down.size, color=FAINT, linewidth=1, linestyle=(0, (4, 3)), label="level")
    if _is_wide(found.limits):
        ax.set_xscale("log")
    ax.set_xlim(min(found.limits) / along.size, max(found.limits) / along.size)
    for crossing in found.crossings:
        low, high = (
            found.limits[which] if end is None else end
            for which, end in ((0, crossing.low), (1, crossing.high))
        )
        ax.axvspan(
            min(low, high) / along.size, max(low, high) / along.size, color=ORANGE, alpha=0.25, linewidth=0
        )
        ax.axvline(crossing.value / along.size, color=VERMILLION, linewidth=1.6, label="crossing")
    measured(ax, "y", down, outcome_words(outcome, month))
    measured(ax, "x", along, found.lever)
    title = _found(found, along)
    return finish(
        ax,
        title,
        f"Dashed: the level asked for ({down.text(level)}). Blue band and orange: intervals of 95 %.",
        f"{title}. {outcome_words(outcome, month)} goes from "
        f"{down.text(float(curve['outcome'].iloc[0]))} at {along.text(float(curve.index[0]))} to "
        f"{down.text(float(curve['outcome'].iloc[-1]))} at "
        f"{along.text(float(curve.index[-1]))}; the curve {found.shape}.",
    )


def _asked(condition: str) -> tuple[str, str, float]:
    """Take a condition apart: outcome, month, level."""
    what, level = re.split(r"[<>]=", condition)
    outcome, _, month = what.partition("@")
    return outcome.strip(), month.strip(), float(level)


def _found(found: "BreakEven", along: Measure) -> str:
    """Give the answer in words."""
    if not found.crossings:
        when = "always" if found.holds_at_first else "never"
        return f"{found.condition}: {when} within the limits"
    words = ("from" if each.begins else "up to" for each in found.crossings)
    places = (f"{word} {along.text(each.value)}" for word, each in zip(words, found.crossings, strict=True))
    return f"{found.condition}: {', '.join(places)} of {found.lever}"


def _measure(outcome: str, values: "list[float]") -> Measure:
    row = variables().get(outcome)
    return PERCENT if row is None else measure_of(row.unit, values)


def lever_measure(lever: str, values: Floats) -> Measure:
    """Give how the values of a lever are shown: in the unit of its parameter, else as they are."""
    kind, _, rest = lever.removeprefix("add ").partition(".")
    row = parameters().get(f"{kind}.{rest.rpartition('.')[2]}")
    return Measure(1.0, "") if row is None else measure_of(row.unit, values)


def _is_wide(limits: tuple[float, float]) -> bool:
    low, high = sorted(limits)
    return low > 0 and high / low >= WIDE


def frontier(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the frontier of two levers: the value of the second that breaks, at each value of the first.

    Parameters
    ----------
    table
        What `cashcade.questions.frontier` gave.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        The column `value` with its interval `low` to `high`.

    Raises
    ------
    ArgumentError
        Nothing breaks at any value of the first lever.
    """
    some = table[table["value"].notna()]
    if some.empty:
        raise ArgumentError("nothing breaks within the limits, so there is no frontier to draw.")
    first = str(table.index.name)
    along = lever_measure(first, table.index.to_numpy(dtype=float))
    ax = blank(ax)
    at = some.index.to_numpy(dtype=float) / along.size
    value = some["value"].to_numpy()
    ax.fill_between(
        at,
        some["low"].fillna(some["value"]).to_numpy(),
        some["high"].fillna(some["value"]).to_numpy(),
        color=ORANGE,
        alpha=0.3,
        linewidth=0,
        label="95 %",
    )
    ax.plot(at, value, "o-", color=VERMILLION, linewidth=2, ms=4, label="value")
    measured(ax, "x", along, first)
    measured(ax, "y", Measure(1.0, ""), "Value of the other lever that breaks")
    return finish(
        ax,
        f"How little of the other lever breaks, by {first}",
        "Band: interval of 95 %.",
        f"At {along.text(float(some.index[0]))} of {first} a value of {value[0]:.3g} of the other lever "
        f"breaks, at {along.text(float(some.index[-1]))} one of {value[-1]:.3g}.",
    )


def phases(found: "Map", *, ax: Axes | None = None) -> Axes:
    """Draw the phase diagram of two levers: the outcome at each pair of their values.

    Parameters
    ----------
    found
        What `cashcade.map` gave.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        The table `found.grid`; of a condition a line around where it holds.
    """
    grid = found.grid.sort_index().sort_index(axis=1)
    xs, ys = grid.columns.to_numpy(dtype=float), grid.index.to_numpy(dtype=float)
    along, up = lever_measure(found.x, xs), lever_measure(found.y, ys)
    values = grid.to_numpy(dtype=float)
    deep = measure_of(found.unit, values)
    ax = blank(ax, (9.0, 6.0))
    for which, where, limits in (("x", xs, found.limits[0]), ("y", ys, found.limits[1])):
        if _is_wide(limits) and (where > 0).all():
            ax.set(**{f"{which}scale": "log"})
    shown = values / deep.size
    across, rising = _edges(xs, found.limits[0]) / along.size, _edges(ys, found.limits[1]) / up.size
    mesh = ax.pcolormesh(across, rising, shown, cmap=MAP)
    if values.size <= CELLS:
        _numbers(ax, xs / along.size, ys / up.size, shown)
    if "holds" in found.table:
        holds = found.table["holds"].unstack("x").reindex(index=grid.index, columns=grid.columns)  # noqa: PD010 - one value at each point
        _outline(ax, across, rising, holds.to_numpy(dtype=bool))
    figure = ax.get_figure()
    if figure is not None:
        bar = figure.colorbar(mesh, ax=ax, pad=0.02)
        bar.set_label(
            plain(f"{found.outcome}{', ' + deep.unit if deep.unit else ''}"), fontsize=NORMAL, color=INK
        )
        bar.ax.tick_params(labelsize=SMALL)
    measured(ax, "x", along, found.x)
    measured(ax, "y", up, found.y)
    ax.grid(visible=False)
    low, high = (
        np.unravel_index(values.argmin(), values.shape),
        np.unravel_index(values.argmax(), values.shape),
    )
    line = " Orange line: around where the condition holds." if "holds" in found.table else ""
    return finish(
        ax,
        f"{found.outcome}: from {deep.text(float(values.min()))} to {deep.text(float(values.max()))}",
        f"Mean over {found.paths:,} paths at each point, on the same luck.{line}",
        f"{found.outcome} is least, {deep.text(float(values.min()))}, at "
        f"{along.text(float(xs[low[1]]))} of {found.x} and {up.text(float(ys[low[0]]))} of {found.y}; it is "
        f"most, {deep.text(float(values.max()))}, at "
        f"{along.text(float(xs[high[1]]))} and {up.text(float(ys[high[0]]))}.",
    )


def _edges(values: Floats, limits: tuple[float, float]) -> Floats:
    """Give the borders of cells around values: half way, by ratios where the axis is logarithmic."""
    if _is_wide(limits) and (values > 0).all():
        return np.asarray(np.exp(_edges(np.log(values), (0.0, 0.0))))
    if values.size == 1:
        return np.array([values[0] - 0.5, values[0] + 0.5])
    half = np.diff(values) / 2
    return np.concatenate([[values[0] - half[0]], values[:-1] + half, [values[-1] + half[-1]]])


def _numbers(
    ax: Axes,
    xs: Floats,
    ys: Floats,
    shown: Floats,
) -> None:
    """Write each number into its cell, dark on light and light on dark."""
    middle = (shown.min() + shown.max()) / 2
    for row, y in enumerate(ys):
        for column, x in enumerate(xs):
            value = float(shown[row, column])
            ax.text(
                x,
                y,
                f"{value:.3g}",
                ha="center",
                va="center",
                fontsize=SMALL,
                color=INK if value > middle else "white",
            )


def _outline(ax: Axes, across: Floats, up: Floats, holds: NDArray[np.bool_]) -> None:
    """Draw a line along each border between cells where a condition holds and where it does not."""
    for row, column in np.argwhere(holds[:, 1:] != holds[:, :-1]):
        ax.plot([across[column + 1]] * 2, [up[row], up[row + 1]], color=VERMILLION, linewidth=3)
    for row, column in np.argwhere(holds[1:] != holds[:-1]):
        ax.plot([across[column], across[column + 1]], [up[row + 1]] * 2, color=VERMILLION, linewidth=3)


def tornado(table: pd.DataFrame, outcome: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw which assumptions move an outcome most: its mean where each is low and where it is high.

    Parameters
    ----------
    table
        What `cashcade.sensitivity` gave.
    outcome
        One of the table; by default the first.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        Bars from `at_low` to `at_high`, the share of variance explained beside each.

    Raises
    ------
    ArgumentError
        The table is empty, or there is no such outcome.
    """
    known = [str(name) for name in table.index.get_level_values("outcome").unique()]
    if not known:
        raise ArgumentError("no outcome varies, so there are no assumptions that move it.")
    chosen = known[0] if outcome is None else outcome
    choose(chosen, known, "outcome")
    rows, words = table.loc[chosen], outcome_words(chosen)
    ends = {name: 100 * rows[name].to_numpy(dtype=float) for name in ("at_low", "at_high")}
    places = np.arange(len(rows))
    ax = blank(ax, (9.0, 1.9 + 0.62 * len(rows)))
    middle = float((ends["at_low"] + ends["at_high"]).mean()) / 2
    ax.barh(
        places,
        ends["at_high"] - ends["at_low"],
        left=ends["at_low"],
        color=REST_OF_BAR,
        height=0.34,
        label="range",
    )
    for name, colour, end in (("at_low", BLUE, "low"), ("at_high", VERMILLION, "high")):
        error = 100 * SURE * rows[f"{name}_se"].to_numpy(dtype=float)
        ax.errorbar(
            ends[name],
            places,
            xerr=error,
            fmt="o",
            color=colour,
            ms=7,
            elinewidth=1.2,
            label=f"assumption {end}",
        )
    for place, (rank, row) in enumerate(rows.iterrows()):
        share = f"explains {100 * row['share']:.0f} ± {100 * row['share_ci']:.0f} %"
        unit = lever_measure(str(row["assumption"]), rows[["low", "high"]].loc[rank].to_numpy())
        low, high = (unit.text(float(row[end])) for end in ("low", "high"))
        told = f"{row['assumption']}: low up to {low}, high from {high}; {share}"
        ax.annotate(
            plain(told),
            (0, place),
            (4, -15),
            ("axes fraction", "data"),
            "offset points",
            fontsize=SMALL,
            color=INK,
            va="center",
        )
    ax.set_yticks([])
    ax.set_ylim(len(rows) - 0.4, -0.75)
    ax.axvline(middle, color=FAINT, linewidth=0.8)
    measured(ax, "x", PERCENT, words)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize=SMALL)
    best = rows.iloc[0]
    return finish(
        ax,
        f"{words}: {best['assumption']} moves it most",
        "Points: mean where the assumption is in its lowest and highest fifth, with intervals of 95 %.",
        f"{words} is {PERCENT.text(float(best['at_low']))} where {best['assumption']} "
        f"is low and {PERCENT.text(float(best['at_high']))} where it is high.",
    )


REST_OF_BAR = "#cfcfcf"
"""Colour of what is between two ends."""
