"""The standing of companies month by month, and how long they live."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from cashcade.errors import ArgumentError
from cashcade.pictures.canvas import (
    BLUE,
    GREEN,
    LINES,
    PURPLE,
    REST,
    SKY,
    SURE,
    YELLOW,
    Label,
    at_the_end,
    blank,
    by_date,
    days,
    finish,
    measured,
)
from cashcade.pictures.measures import PERCENT
from cashcade.pictures.names import about, month_name, name_of

if TYPE_CHECKING:
    from cashcade.results.result import Result

FAILED = "failed: "
"""With what columns of failures begin."""

CAUSES = ("#D55E00", "#E69F00", "#a63603", "#fdae6b", "#7f2704", "#f4a582", "#b35806", "#fee0b6", "#8c510a")
"""Colours of causes of failure, warm ones all, by how often each occurs."""

STATES = {
    "wind_down": ("wound up", PURPLE),
    "acquire": ("bought", BLUE),
    "licence": ("licensed out", SKY),
    "list": ("listed", GREEN),
    "self_sustain": ("lives on its own", YELLOW),
    "open": ("still open", REST),
}
"""Words and colours of what is no failure, from the bottom up."""

OPEN = "open"
"""Column of what has neither failed nor left."""

SEEN = 0.005
"""Share below which a part has no label of its own."""

MANY = len(LINES)
"""Lines that a picture shows."""


def exits(result: "Result", company: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw where a company stands month by month: failed by cause, gone through a door, or neither.

    Parameters
    ----------
    result
        Result of a run.
    company
        Its id; by default all, each with the same weight.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        Stacked areas that add up to 100 %: the table `Result.standing`.

    Raises
    ------
    ArgumentError
        There is no such company.
    """
    table = result.standing(company)
    title = "All companies" if company is None else name_of(result, company)
    last = table.iloc[-1].drop("date").astype(float)
    failures = sorted((name for name in last.index if name.startswith(FAILED)), key=lambda name: -last[name])
    order = [*failures, *(name for name in STATES if name in last.index)]
    words = {name: name for name in failures} | {
        name: STATES[name][0] for name in last.index if name in STATES
    }
    colours = {name: CAUSES[rank % len(CAUSES)] for rank, name in enumerate(failures)}
    colours |= {name: colour for name, (_, colour) in STATES.items()}
    ax = blank(ax)
    at, tops = days(table["date"]), np.cumsum(100 * table[order].to_numpy(dtype=float), axis=1)
    bottoms = np.concatenate([np.zeros((len(table), 1)), tops[:, :-1]], axis=1)
    for place, name in enumerate(order):
        ax.fill_between(
            at,
            bottoms[:, place],
            tops[:, place],
            color=colours[name],
            edgecolor="white",
            linewidth=0.4,
            label=name,
        )
    ax.set_xlim(at[0], max(at[-1], at[0] + 1))
    ax.set_ylim(0, 100)
    measured(ax, "y", PERCENT, "Share of paths" if company else "Share of companies and paths")
    by_date(ax)
    told = {name: f"{words[name]} {PERCENT.text(float(last[name]))}" for name in order}
    at_the_end(
        ax,
        [
            Label(float((bottoms[-1, place] + tops[-1, place]) / 2), told[name], colours[name])
            for place, name in enumerate(order)
            if last[name] >= SEEN
        ],
    )
    when = month_name(table["date"].iloc[-1])
    failed, still = (PERCENT.text(float(last[some].sum())) for some in (failures, [OPEN]))
    parts = "; ".join(told[name] for name in order if last[name] >= SEEN)
    return finish(
        ax,
        f"{title} by {when}: {failed} fail, {still} are still open"
        if company is None
        else f"{title} by {when}: fails on {failed} of paths, is still open on {still}",
        f"Shares of what has failed, by cause, and of what has left. {about(result)}",
        f"{title} by {when}: {parts}; other parts are below {PERCENT.text(SEEN)} each.",
    )


def survival(
    result: "Result", companies: str | Sequence[str] | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw the chance of each company to live to the end of each month, with intervals of 95 %.

    Parameters
    ----------
    result
        Result of a run.
    companies
        Ids; by default the six that are most likely to fail.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        A line for each company: the table `Result.survival`, with 1.96 standard errors on both sides.

    Raises
    ------
    ArgumentError
        There is no such company, or more than six are asked for.
    """
    table = result.survival()
    last = table["alive"].groupby(level="company", sort=False).last()
    given = [companies] if isinstance(companies, str) else companies
    chosen = list(last.sort_values(kind="stable").index[:MANY]) if given is None else list(given)
    if not 0 < len(chosen) <= MANY:
        raise ArgumentError(f"there are {len(chosen)} companies, wanted 1 to {MANY} on one picture.")
    called = {name: name_of(result, name) for name in chosen}
    ax = blank(ax)
    labels, lowest = [], 100.0
    for name, colour in zip(chosen, LINES, strict=False):
        some = table.loc[name]
        at, mean, error = days(some["date"]), 100 * some["alive"].to_numpy(), 100 * some["se"].to_numpy()
        low, high = np.clip(mean - SURE * error, 0, 100), np.clip(mean + SURE * error, 0, 100)
        ax.fill_between(at, low, high, color=colour, alpha=0.2, linewidth=0, label=name)
        ax.plot(at, mean, color=colour, linewidth=2, label=name)
        labels.append(Label(float(mean[-1]), f"{called[name]} {mean[-1]:.0f} %", colour))
        lowest = min(lowest, float(np.nanmin(low)))
        ax.set_xlim(at[0], max(at[-1], at[0] + 1))
    ax.set_ylim(max(0.0, lowest - 3), 100.5)
    measured(ax, "y", PERCENT, "Chance to be alive")
    by_date(ax)
    at_the_end(ax, labels)
    when = month_name(table["date"].iloc[-1])
    alive = "; ".join(f"{called[name]} {PERCENT.text(float(last[name]))}" for name in chosen)
    return finish(
        ax,
        f"How likely each company is to live to {when}"
        if len(chosen) > 1
        else f"How likely {called[chosen[0]]} is to live to {when}",
        f"Bands: 95 % interval of the estimate. {about(result)}",
        f"Chance to be alive at the end of {when}: {alive}.",
    )
