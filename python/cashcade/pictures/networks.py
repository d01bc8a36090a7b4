"""The network of companies: who is tied to whom, how large each is, and how likely to fail."""

from typing import TYPE_CHECKING, Literal

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.pictures.canvas import (
    BLUE,
    GRID,
    INK,
    MAP,
    NORMAL,
    SMALL,
    VERMILLION,
    WIDTH,
    blank,
    extent,
    finish,
    plain,
)
from cashcade.pictures.measures import PERCENT, money
from cashcade.pictures.names import about, names
from cashcade.world.ring import ring

if TYPE_CHECKING:
    from cashcade.results.result import Result

Floats = NDArray[np.float64]
Size = Literal["debt", "damage"]

SIZES = {"debt": "debt at the start", "damage": "expected debt that fails"}
"""What the area of a point may tell."""

LEAST, MOST = 30.0, 1100.0
"""Areas of points, square points."""

AWAY = 5.0
"""Points between a company and its name."""

BEND = 0.65
"""How far a long link bends towards the middle, as part of the way there."""

THINNEST, THICKEST = 0.6, 5.0
"""Widths of links that have an amount, points."""


def network(result: "Result", by: Size = "debt", *, ax: Axes | None = None) -> Axes:
    """Draw companies on a circle with the ties between them.

    Parameters
    ----------
    result
        Result of a run.
    by
        What the area of a company tells: "debt", what it owes at the start, or "damage", the debt with which
        it fails, a mean over paths. Its colour is the chance that it fails.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        A line for each pair that a contract, loan, stake, pledge or order ties; the wider ones are loans
        (blue) and stakes (orange), by their amount at the start.

    Raises
    ------
    ArgumentError
        Another word for `by`.
    """
    if by not in SIZES:
        raise ArgumentError(f"by is {by!r}, wanted one of {', '.join(SIZES)}.")
    kept = result.dataset
    ids = [str(name) for name in kept["company"].to_numpy()]
    sizes = _mean(kept["company_debt_start"]) if by == "debt" else _mean(kept["debt_at_failure"])
    failed = (kept["failed_month"].to_numpy() > 0).mean(axis=0)
    links = kept["linked"].to_numpy() if "linked" in kept else np.zeros((0, 2), dtype=int)
    ax = blank(ax, (9.0, 8.0))
    called = names(kept)
    lengths = np.array([WIDTH * NORMAL * len(called[name]) + AWAY for name in ids])
    places = _circle(links, lengths)
    for one, other in links:
        _link(ax, (places[one], places[other]), GRID, 0.9, 1.0)
    for kind, colour in (("loan", BLUE), ("stake", VERMILLION)):
        _amounts(ax, kept, places, kind, colour)
    largest = float(sizes.max(initial=0.0))
    areas = np.maximum(LEAST, MOST * sizes / largest) if largest > 0 else np.full(len(ids), LEAST)
    points = ax.scatter(
        places[:, 0],
        places[:, 1],
        s=areas,
        c=100 * failed,
        cmap=MAP,
        vmin=0,
        edgecolors=INK,
        linewidths=0.6,
        zorder=3,
        label="companies",
    )
    for name, place, area in zip(ids, places, areas, strict=True):
        _name(ax, called[name], place, float(np.sqrt(area)) / 2)
    _make_room(ax, places, lengths + np.sqrt(areas) / 2)
    ax.set_axis_off()
    figure = ax.get_figure()
    if figure is not None:
        bar = figure.colorbar(points, ax=ax, shrink=0.4, aspect=28, pad=0.01, orientation="horizontal")
        bar.set_label("Chance to fail by the end of the run, %", fontsize=NORMAL, color=INK)
        bar.ax.tick_params(labelsize=SMALL)
    most, worst = int(sizes.argmax()), int(failed.argmax())
    return finish(
        ax,
        f"Who is tied to whom: {len(ids)} companies, {len(links)} ties",
        f"Area: {SIZES[by]} (largest: {money(largest)}). Blue: loans, orange: stakes, grey: others. "
        f"{about(result)}",
        f"{len(ids)} companies with {len(links)} ties. Largest by {SIZES[by]}: {called[ids[most]]} "
        f"({money(largest)}); most likely to fail: {called[ids[worst]]} "
        f"({PERCENT.text(float(failed[worst]))}).",
    )


def _mean(values: xr.DataArray) -> Floats:
    """Give a number of each company, averaged over draws or paths."""
    others = [name for name in values.dims if name != "company"]
    return np.asarray(values.mean(others).to_numpy(), dtype=np.float64)


def _circle(links: NDArray[np.int64], lengths: Floats) -> Floats:
    """Give places on a circle, the tied near one another.

    The circle is turned so that names, whose lengths are given, reach least above and below it.
    """
    count = lengths.size
    order = ring(links, count)
    angles = np.empty(count)
    angles[order] = np.pi / 2 - 2 * np.pi * (np.arange(count) + 0.5) / count
    turns = 2 * np.pi * np.arange(count) / count
    heights = lengths * np.sin(angles + turns[:, np.newaxis])
    angles = angles + turns[(heights.max(axis=1) - heights.min(axis=1)).argmin()]
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _make_room(ax: Axes, places: Floats, lengths: Floats) -> None:
    """Set the limits so that the circle is as large as the names around it let it be."""
    size = np.array(extent(ax))
    beyond = places * lengths[:, np.newaxis]
    low, high = np.maximum(-beyond.min(axis=0), 0.0), np.maximum(beyond.max(axis=0), 0.0)
    radius = max(float(((size - low - high) / 2).min()), float(size.min()) / 8)
    spare = np.maximum((size - low - high) / 2 - radius, 0.0)
    least, most = -1 - (low + spare) / radius, 1 + (high + spare) / radius
    ax.set_xlim(least[0], most[0])
    ax.set_ylim(least[1], most[1])
    ax.set_aspect("equal")


def _link(ax: Axes, ends: tuple[Floats, Floats], colour: str, width: float, shade: float) -> None:
    """Draw a line that bends to the middle of the circle (a quadratic Bezier curve)."""
    start, end = ends
    along = np.linspace(0.0, 1.0, 40)[:, np.newaxis]
    bend = (1 - BEND * min(float(np.hypot(*(end - start))), 1.0)) * (start + end) / 2
    curve = (1 - along) ** 2 * start + 2 * along * (1 - along) * bend + along**2 * end
    ax.plot(
        curve[:, 0], curve[:, 1], color=colour, linewidth=width, alpha=shade, solid_capstyle="round", zorder=1
    )


def _amounts(ax: Axes, kept: xr.Dataset, places: Floats, kind: str, colour: str) -> None:
    """Draw loans or stakes between companies, wider the larger their amount."""
    ends, amount = {
        "loan": (("loan_lender", "loan_borrower"), "loan_balance_start"),
        "stake": (("stake_holder", "stake_issuer"), "stake_carrying_value"),
    }[kind]
    if amount not in kept:
        return
    values = kept[amount].mean("draw") if "draw" in kept[amount].dims else kept[amount]
    largest = float(values.max())
    for one, other, value in zip(*(kept[end].to_numpy() for end in ends), values.to_numpy(), strict=True):
        if one >= 0 and other >= 0 and value > 0:
            width = THINNEST + (THICKEST - THINNEST) * float(np.sqrt(value / largest))
            _link(ax, (places[one], places[other]), colour, width, 0.75)


def _name(ax: Axes, name: str, place: Floats, radius: float) -> None:
    """Write a name outside the circle, turned as its radius."""
    angle = float(np.degrees(np.arctan2(place[1], place[0])))
    left = abs(angle) > 90
    away = radius + AWAY
    ax.annotate(
        plain(name),
        (float(place[0]), float(place[1])),
        (away * float(place[0]), away * float(place[1])),
        "data",
        "offset points",
        fontsize=NORMAL,
        color=INK,
        ha="right" if left else "left",
        va="center",
        rotation=angle - 180 if left else angle,
        rotation_mode="anchor",
    )
