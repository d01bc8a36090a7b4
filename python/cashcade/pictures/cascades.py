"""The cascade of one path: who fails when, and whose failure set it off."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cashcade.errors import ArgumentError
from cashcade.pictures.canvas import BLUE as CALM
from cashcade.pictures.canvas import (
    FAINT,
    INK,
    NORMAL,
    SMALL,
    VERMILLION,
    Floats,
    blank,
    by_date,
    days,
    finish,
    plain,
)
from cashcade.pictures.measures import money
from cashcade.pictures.names import about, names
from cashcade.words.numerals import whole_number

if TYPE_CHECKING:
    from cashcade.results.result import Result

LEAST, MOST = 45.0, 420.0
"""Areas of the points of the smallest and of the largest debt, square points."""

ROW = 0.36
"""Height of a company, inches."""


def cascade(result: "Result", path: int | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw the failures of one path in time, each larger the more was owed, with arrows from what set it off.

    Parameters
    ----------
    result
        Result of a run.
    path
        Number of a path of the run; by default the one on which most failures are set off by another, then
        the one with most failures.
    ax
        Axes to draw on; by default those of a new figure, as high as there are failures.

    Returns
    -------
    ax
        The rows of the table `Result.failures` of the path, from top to bottom in the order of time.

    Raises
    ------
    ArgumentError
        There is no such path, or nobody fails on it.
    """
    every = result.failures()
    number = _path(result, every, path)
    some = every[every["path"] == number].sort_values("month", kind="stable").reset_index(drop=True)
    order = _ordered(some)
    some = some.iloc[order].reset_index(drop=True)
    called = names(result.dataset)
    ax = blank(ax, (9.0, max(2.6, 1.7 + ROW * len(some))))
    dates = result.dataset["date"].to_numpy()
    at = days(dates[some["month"].to_numpy() - 1])
    rows = {str(name): place for place, name in enumerate(some["company"])}
    behind = [None if pd.isna(each) else str(each) for each in some["trigger"]]
    for place, first in enumerate(behind):
        if first in rows:
            _arrow(ax, (at[rows[first]], rows[first]), (at[place], place))
    caused = np.array([first in rows for first in behind])
    areas = _areas(some["debt"].to_numpy(dtype=float))
    radii = np.sqrt(areas / np.pi)
    ax.scatter(
        at,
        np.arange(len(some)),
        s=areas,
        c=np.where(caused, VERMILLION, CALM),
        zorder=3,
        linewidths=0,
        label="failures",
    )
    for place, (_, row) in enumerate(some.iterrows()):
        ax.annotate(
            plain(_told(row, called)),
            (at[place], place),
            (6 + radii[place], 0),
            "data",
            "offset points",
            fontsize=SMALL,
            color=FAINT,
            va="center",
        )
    ax.set_yticks(range(len(some)), [plain(called[str(name)]) for name in some["company"]], fontsize=NORMAL)
    ax.set_ylim(len(some) - 0.4, -0.6)
    span = days(dates[[0, -1]])
    ax.set_xlim(span[0] - 10, span[1] + 15)
    by_date(ax)
    ax.grid(visible=True, axis="x", color="#eeeeee", linewidth=0.8)
    hops = int(caused.sum())
    debt = money(float(some["debt"].sum()))
    return finish(
        ax,
        f"Path {number}: {_counted(len(some), 'failure')}, {hops} set off by another",
        f"Orange: set off by the company that its arrow comes from. Larger: owes more. {about(result)}",
        f"On path {number} fail, in this order, {_list(some, called)}; {hops} of them set off by another; "
        f"{debt} of debt fails.",
    )


def _path(result: "Result", every: pd.DataFrame, path: int | None) -> int:
    """Give the number of a path on which somebody fails."""
    if path is None:
        if every.empty:
            raise ArgumentError("nobody fails on any path, so there is no cascade to draw.")
        count = every.groupby("path").agg(hops=("trigger", "count"), failures=("company", "size"))
        return int(count.sort_values(["hops", "failures"], ascending=False, kind="stable").index[0])
    number = whole_number(path)
    if number is None or number not in result.dataset["path"].to_numpy():
        paths = result.dataset["path"].to_numpy()
        raise ArgumentError(f"path is {path!r}, wanted a path of the run: {paths[0]} to {paths[-1]}.")
    if number not in set(every["path"]):
        raise ArgumentError(f"nobody fails on path {number}; leave `path` out for one with a cascade.")
    return number


def _ordered(some: pd.DataFrame) -> list[int]:
    """Give the rows by month, who sets off another before whom it sets off."""
    left, done, order = list(range(len(some))), set[str](), list[int]()
    triggers, companies = some["trigger"].tolist(), [str(name) for name in some["company"]]
    while left:
        ready = [row for row in left if pd.isna(triggers[row]) or triggers[row] in done]
        ready = ready or [row for row in left if triggers[row] not in companies] or left
        following = ready[0]
        left.remove(following)
        done.add(companies[following])
        order.append(following)
    months = some["month"].tolist()
    return sorted(order, key=lambda row: months[row])


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    ax.annotate(
        "",
        end,
        start,
        "data",
        "data",
        arrowprops={
            "arrowstyle": "-|>",
            "color": INK,
            "linewidth": 1.2,
            "shrinkA": 7,
            "shrinkB": 8,
            "connectionstyle": "arc3,rad=-0.25",
        },
    )


def _areas(
    debt: Floats,
) -> Floats:
    """Give areas in proportion to debt, none too small to be seen."""
    largest = float(debt.max(initial=0.0))
    parts = debt / largest if largest > 0 else np.zeros_like(debt)
    return np.maximum(LEAST, MOST * parts)


def _told(row: "pd.Series[Any]", called: dict[str, str]) -> str:
    """Say why a company fails and what it owes."""
    words, debt = str(row["cause"]).replace("_", " "), float(row["debt"])
    if not pd.isna(row["trigger"]):
        words = f"{words} from {called[str(row['trigger'])]}"
    return f"{words}, owes {money(debt)}" if debt > 0 else f"{words}, no debt"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _list(some: pd.DataFrame, called: dict[str, str]) -> str:
    return ", ".join(
        f"{called[str(name)]} (month {month}, {str(cause).replace('_', ' ')})"
        for name, month, cause in zip(some["company"], some["month"], some["cause"], strict=True)
    )
