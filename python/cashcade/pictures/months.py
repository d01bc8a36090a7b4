"""Series by month: fans, against data, the gauges of the market, capex with revenue."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from cashcade.errors import ArgumentError
from cashcade.pictures.canvas import (
    BLUE,
    INK,
    SMALL,
    VERMILLION,
    Floats,
    Label,
    at_the_end,
    blank,
    by_date,
    days,
    finish,
    measured,
    plain,
    sheet,
)
from cashcade.pictures.measures import Measure, measure_of
from cashcade.pictures.names import about, lower, month_name, name_of
from cashcade.words.rows import variables

if TYPE_CHECKING:
    from cashcade.results.result import Result

ECONOMY = ("market.ai_revenue", "market.ai_capex", "market.capex_gdp")
"""Variables of `economy`."""

GAUGES = (
    *("market.capex_gdp", "market.ai_revenue", "market.ai_revenue_capex"),
    *("market.gpu_index", "market.companies_alive", "market.failed_debt"),
)
"""Variables of `gauges` by default."""

SHADES = (0.18, 0.32, 0.45)
"""Opacities of bands from the widest to the narrowest."""

NARROW = 38
"""Letters of a line above a small picture."""

COLUMNS = 3
"""Small pictures beside one another."""


def fan(result: "Result", name: str, of: str | None = None, *, ax: Axes | None = None) -> Axes:
    """Draw a recorded variable by month: its median over paths, and bands between quantiles.

    Parameters
    ----------
    result
        Result of a run with quantiles.
    name
        Such as `company.cash` or `market.gpu_index`.
    of
        Id of the company, segment, loan or fleet; not for variables of the market.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        The table `Result.series`.

    Raises
    ------
    ArgumentError
        The variable was not recorded, there is no such entity, or the run has no quantiles.
    """
    table = _series(result, name, of)
    who = "" if of is None else f"{_who(result, name, of)}: "
    ax = blank(ax)
    measure = _fan(ax, table, name, BLUE, labelled=True)
    by_date(ax)
    title = _title(who, name)
    return finish(ax, title, f"{_key(table)} {about(result)}", _alt(title, table, measure))


def cash(result: "Result", company: str, *, ax: Axes | None = None) -> Axes:
    """Draw the cash of a company by month, as `fan` does.

    Parameters
    ----------
    result
        Result of a run with quantiles that recorded `company.cash`.
    company
        Its id.
    ax
        Axes to draw on; by default those of a new figure.

    Returns
    -------
    ax
        The table `Result.series`; a company that has failed has no cash.

    Raises
    ------
    ArgumentError
        There is no such company, or cash was not recorded.
    """
    return fan(result, "company.cash", company, ax=ax)


def against(
    result: "Result", name: str, data: "pd.Series[float]", of: str | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw a recorded variable as `fan` does, with data points over it.

    Parameters
    ----------
    result, name, of, ax
        As in `fan`.
    data
        Indexed by date, in the unit of the variable (dollars, not billions; shares, not per cent).

    Returns
    -------
    ax
        Fan and points; the title tells how many points are within the widest band of their month.

    Raises
    ------
    ArgumentError
        As in `fan`; or the data are empty or not indexed by date.
    """
    if not isinstance(data.index, pd.DatetimeIndex) or not len(data):
        raise ArgumentError("data has no dates; give a pandas.Series of values indexed by date.")
    table = _series(result, name, of)
    who = "" if of is None else f"{_who(result, name, of)}: "
    ax = blank(ax)
    measure = _fan(ax, table, name, BLUE, labelled=True, more=np.asarray(data, dtype=np.float64))
    ax.plot(
        days(data.index), data.to_numpy(dtype=float) / measure.size, "o", color=VERMILLION, ms=5, label="data"
    )
    dates = np.concatenate([days(table["date"]), days(data.index)])
    ax.set_xlim(dates.min() - 10, dates.max())
    by_date(ax)
    inside, both = _inside(table, data)
    title = f"{_title(who, name)}, model and data"
    met = f"{inside} of {both} data points (orange) in months of the run lie within the widest band."
    if not both:
        met = "No data point (orange) is of a month of the run."
    return finish(ax, title, f"{met} {about(result)}", f"{_alt(title, table, measure)} {met}")


def _inside(table: pd.DataFrame, data: "pd.Series[float]") -> tuple[int, int]:
    """Count data points of months of the run, and those within the widest band."""
    low, high = _bands(table)[0]
    months = pd.DatetimeIndex(table["date"]).to_period("M")
    rows = pd.DataFrame({"low": table[low].to_numpy(), "high": table[high].to_numpy()}, index=months)
    points = pd.Series(data.to_numpy(dtype=float), index=pd.DatetimeIndex(data.index).to_period("M"))
    points = points[points.index.isin(months)]
    band = rows.loc[points.index]
    inside = (points.to_numpy() >= band["low"].to_numpy()) & (points.to_numpy() <= band["high"].to_numpy())
    return int(inside.sum()), len(points)


def gauges(
    result: "Result", names: Sequence[str] | None = None, *, figure: Figure | SubFigure | None = None
) -> Figure | SubFigure:
    """Draw variables of the market by month, a small fan for each.

    Parameters
    ----------
    result
        Result of a run with quantiles.
    names
        Such as `market.gpu_index`; by default six that a run records.
    figure
        An empty figure to draw on; by default a new one.

    Returns
    -------
    figure
        With axes for each.

    Raises
    ------
    ArgumentError
        One of them was not recorded, or is of companies.
    """
    wanted = list(GAUGES if names is None else names)
    tables = {name: _series(result, name, None) for name in wanted}
    columns = min(COLUMNS, len(wanted))
    rows = -(-len(wanted) // columns)
    page = sheet((3.6 * columns, 2.7 * rows)) if figure is None else figure
    for place, (name, table) in enumerate(tables.items(), 1):
        ax = blank(page.add_subplot(rows, columns, place))
        measure = _fan(ax, table, name, BLUE, labelled=False)
        by_date(ax)
        ax.set_xlabel("")
        ax.set_title(
            textwrap.fill(plain(_words(name)), NARROW),
            loc="left",
            fontsize=SMALL + 0.5,
            fontweight="bold",
            color=INK,
        )
        ax.set_label(_alt(_words(name), table, measure))
    page.suptitle(
        f"Gauges of the system. {_key(next(iter(tables.values())))} {about(result)}",
        x=0.01,
        ha="left",
        fontsize=SMALL + 1,
        color=INK,
    )
    return page


def _title(who: str, name: str) -> str:
    return f"{who}{lower(_words(name)) if who else _words(name)}"


def _key(table: pd.DataFrame) -> str:
    """Say what line and bands are."""
    middle = "median" if _middle(table) == "q50" else "mean"
    widths = [f"{float(high[1:]) - float(low[1:]):g} %" for low, high in _bands(table)]
    return f"Line: {middle}; bands hold {' and '.join(widths)} of paths."


def economy(result: "Result", *, figure: Figure | SubFigure | None = None) -> Figure | SubFigure:
    """Draw AI revenue against AI capex by month, and capex over GDP below.

    Parameters
    ----------
    result
        Of a run with quantiles that recorded `market.ai_revenue`, `market.ai_capex` and `market.capex_gdp`.
    figure
        An empty figure to draw on; by default a new one.

    Returns
    -------
    figure
        With two axes.

    Raises
    ------
    ArgumentError
        One of them was not recorded.
    """
    revenue, capex, share = (_series(result, name, None) for name in ECONOMY)
    page = sheet((9.0, 7.0)) if figure is None else figure
    upper, lower = (blank(page.add_subplot(2, 1, place)) for place in (1, 2))
    largest = np.concatenate([each[_bands(each)[0][1]].to_numpy() for each in (revenue, capex)])
    measure = measure_of("USD/month", largest)
    labels = []
    for table, colour, words in ((revenue, BLUE, "AI revenue"), (capex, VERMILLION, "AI capex")):
        _bands_on(upper, table, colour, measure)
        middle = table[_middle(table)].to_numpy() / measure.size
        labels.append(
            Label(float(middle[-1]), f"{words} {measure.text(table[_middle(table)].iloc[-1])}", colour)
        )
    upper.set_ylim(bottom=0)
    measured(upper, "y", measure, "A month")
    by_date(upper)
    upper.set_xlabel("")
    at_the_end(upper, labels)
    part = _fan(lower, share, "market.capex_gdp", VERMILLION, labelled=True)
    lower.set_ylim(bottom=0)
    by_date(lower)
    when = month_name(revenue["date"].iloc[-1])
    first, last = ((revenue[_middle(revenue)] / capex[_middle(capex)]).iloc[place] for place in (0, -1))
    finish(
        upper,
        "What AI earns against what is built for it",
        f"{_key(revenue)} {about(result)}",
        f"Median AI revenue over median AI capex goes from {first:.2f} to {last:.2f} by {when}.",
    )
    title = "Capex of all companies over GDP"
    finish(lower, title, "Yearly capex over the trend of GDP", _alt(title, share, part))
    return page


def _series(result: "Result", name: str, of: str | None) -> pd.DataFrame:
    """Give the table of one entity with quantiles, or say how to get one."""
    kind = name.partition(".")[0]
    if name in variables() and f"{name.replace('.', '_')}_mean" not in result.dataset:
        raise ArgumentError(f"{name} was not recorded; run with record=[{name!r}, ...] to draw this.")
    if of is None and kind != "market" and name in variables():
        raise ArgumentError(f"{name} is of a {kind}; say of which, such as {_first(result, kind)!r}.")
    table = result.series(name, **({} if of is None else {kind: of}))
    if not _bands(table):
        raise ArgumentError("the run has no quantiles; run with quantiles=(0.05, 0.25, 0.5, 0.75, 0.95).")
    return table


def _first(result: "Result", kind: str) -> str:
    return str(result.dataset[kind].to_numpy()[0])


def _who(result: "Result", name: str, of: str) -> str:
    return name_of(result, of) if name.startswith("company.") else of


def _words(name: str) -> str:
    """Say what a variable is; a number of the user's own is called as the user calls it."""
    row = variables().get(name)
    return name.partition(".")[2].replace("_", " ") if row is None else row.meaning.partition(".")[0]


def _levels(table: pd.DataFrame) -> list[str]:
    """Give the columns of quantiles, rising."""
    found = [str(name) for name in table.columns if str(name)[0] == "q" and str(name)[1:2].isdigit()]
    return sorted(found, key=lambda name: float(name[1:]))


def _bands(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Pair the columns of quantiles, the widest band first."""
    levels = _levels(table)
    return [(levels[place], levels[-1 - place]) for place in range(len(levels) // 2)]


def _middle(table: pd.DataFrame) -> str:
    """Give the column of the line: the median, or the mean where there is none."""
    return "q50" if "q50" in table else "mean"


def _bands_on(ax: Axes, table: pd.DataFrame, colour: str, measure: Measure) -> None:
    at = days(table["date"])
    for shade, (low, high) in zip(SHADES, _bands(table), strict=False):
        edges = [table[each].to_numpy() / measure.size for each in (low, high)]
        words = f"{low} to {high}"
        ax.fill_between(at, edges[0], edges[1], color=colour, alpha=shade, linewidth=0, label=words)
    ax.plot(
        at, table[_middle(table)].to_numpy() / measure.size, color=colour, linewidth=2, label=_middle(table)
    )
    ax.set_xlim(at[0], max(at[-1], at[0] + 1))


def _fan(  # noqa: PLR0913 - what differs between the pictures
    ax: Axes,
    table: pd.DataFrame,
    name: str,
    colour: str,
    *,
    labelled: bool,
    more: Floats | None = None,
) -> Measure:
    """Draw bands and the line in the middle, with words at their ends."""
    row = variables().get(name)
    values = table[_levels(table)].to_numpy()
    unit = "1" if row is None else row.unit
    measure = measure_of(unit, values if more is None else np.concatenate([values.ravel(), more]))
    _bands_on(ax, table, colour, measure)
    low, high = values.min(), values.max()
    if low >= 0 and low < 0.5 * high:
        ax.set_ylim(bottom=0)
    measured(ax, "y", measure, "")
    if not labelled:
        return measure
    last = table.iloc[-1]
    ends = (*_bands(table)[0], _middle(table))
    labels = [
        Label(float(last[each]) / measure.size, _end(each, measure.text(float(last[each]))), colour)
        for each in ends
    ]
    at_the_end(ax, labels)
    return measure


def _end(column: str, value: str) -> str:
    """Say at the end of a line what it is."""
    words = {"q50": "median", "mean": "mean"}.get(column)
    return f"{words} {value}" if words else f"{column[1:]} % of paths at most {value}"


def _alt(title: str, table: pd.DataFrame, measure: Measure) -> str:
    first, last = table.iloc[0], table.iloc[-1]
    middle, (low, high) = _middle(table), _bands(table)[0]
    word = "median" if middle == "q50" else "mean"
    values = [measure.text(float(each)) for each in (first[middle], last[middle], last[low], last[high])]
    return (
        f"{title}: the {word} goes from {values[0]} in {month_name(first['date'])} to {values[1]} in "
        f"{month_name(last['date'])}; then {low[1:]} % of paths are at most at {values[2]} and "
        f"{100 - float(high[1:]):g} % above {values[3]}."
    )
