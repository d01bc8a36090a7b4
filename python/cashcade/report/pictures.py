"""The pictures of a report: what each shows of which side, in words, and as a table."""

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, cast

import numpy as np
import pandas as pd

from cashcade.report import drawing
from cashcade.report.chart import Chart, Choice, Key, View, safe
from cashcade.report.drivers import Driver, phrase
from cashcade.report.side import Side
from cashcade.report.side import row as row_of
from cashcade.results.figures import amount, chance, digits, money, percent
from cashcade.results.outcomes import SYSTEMIC
from cashcade.results.page import CASH
from cashcade.results.summary import horizons
from cashcade.results.text import STILL, TITLES
from cashcade.words.rows import variables

COMPANIES = 14
"""Companies, holders or pairs in a picture of bars."""

CHOSEN = 26
"""Companies to choose from."""

WIDE = 1.96
"""Standard errors on either side of a mean in an interval of 95 %."""

BILLION = 1e9

Views = dict[str, View]


def charts(sides: Sequence[Side]) -> list[Chart]:
    """Give the pictures for which the sides have what they need, in the order of the page."""
    makers = (_fails, _fates, _cash, _losses, _contagion, _gauges)
    found = [make(sides) for make in makers]
    return [chart for chart in found if chart is not None]


def tornado(sides: Sequence[Side]) -> Chart | None:
    """Show how outcomes differ between draws in which an assumption is low and high; None without draws."""
    views = {
        f"{side.name}|{outcome}": _swings(side, outcome, drivers)
        for side in sides
        for outcome, drivers in side.drivers.items()
        if drivers
    }
    if not views:
        return None
    outcomes = {
        outcome: outcome_name(side, outcome)
        for side in sides
        for outcome, some in side.drivers.items()
        if some
    }
    tips = [("", "@name"), ("where low", "@left{0.0} % (@least)"), ("where high", "@right{0.0} % (@most)")]
    return Chart(
        "tornado",
        "Which assumptions move the answer",
        "Each line is an assumption with a range: the chance over the fifth of draws in which it is "
        "lowest, and in "
        "which it is highest, all others as they fall.",
        drawing.pairs(_first(views), "% of paths", tips),
        views,
        (_side_choice(sides), Choice("outcome", "Outcome", outcomes)),
        (Key("dot", "assumption low"), Key("diamond", "assumption high")),
    )


def differences(sides: Sequence[Side], table: pd.DataFrame) -> Chart:
    """Show by how much the chance of each outcome differs from the first side, on the same luck."""
    base, others = sides[0], sides[1:]
    views = {
        side.name: _apart(
            base, side, table[table.index.get_level_values("side") == side.name].droplevel("side")
        )
        for side in others
    }
    tips = [
        ("", "@name"),
        ("difference", "@value{+0.0} points"),
        ("95 % interval", "@low{+0.0} to @high{+0.0}"),
    ]
    return Chart(
        "differences",
        f"What differs from {base.name}",
        "Difference of the chance to fail by the end, in percentage points, path by path on the same luck; "
        "the whisker is the 95 % interval of that difference.",
        drawing.bars(_first(views), "percentage points", tips),
        views,
        (Choice("side", "Scenario", {side.name: side.name for side in others}),),
    )


def _whether(side: Side, outcome: str) -> str:
    return "a systemic cascade" if outcome == SYSTEMIC else f"whether {outcome_name(side, outcome)}"


def outcome_name(side: Side, outcome: str) -> str:
    """Say what an outcome is."""
    return "a systemic cascade" if outcome == SYSTEMIC else f"{side.names.get(outcome, outcome)} fails"


def _first(views: Mapping[str, View]) -> View:
    return next(iter(views.values()))


def _side_choice(sides: Sequence[Side]) -> Choice:
    return Choice("side", "Scenario", {side.name: side.name for side in sides})


def _labels(texts: Sequence[str]) -> list[str]:
    """Give labels for an axis, each of them once: what is alike is numbered."""
    seen: dict[str, int] = {}
    found = []
    for text in map(safe, texts):
        seen[text] = seen.get(text, 0) + 1
        found.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return found


def _fails(sides: Sequence[Side]) -> Chart | None:
    views = {side.name: _failing(side) for side in sides if side.failing}
    if not views:
        return None
    tips = [
        ("", "@full"),
        ("fails by the end", "@value{0.0} % (95 % interval @low{0.0} to @high{0.0})"),
        ("half of them by", "@median"),
        ("main cause", "@cause"),
    ]
    return Chart(
        "fails",
        "Who fails",
        f"Chance of each company to fail by {sides[0].end}; the whisker is its 95 % interval.",
        drawing.bars(_first(views), "% of paths", tips),
        views,
        (_side_choice(sides),),
    )


def _failing(side: Side) -> View:
    table = side.summary.loc[side.failing]
    top = table.head(COMPANIES)
    label = _labels([side.label(str(name)) for name in top.index])
    value, error = 100 * top["chance"], 100 * WIDE * top["se"].fillna(0.0)
    columns: dict[str, list[Any]] = {
        "name": label,
        "full": [side.names[str(name)] for name in top.index],
        "value": value.tolist(),
        "low": (value - error).clip(lower=0).tolist(),
        "high": (value + error).clip(upper=100).tolist(),
        "median": [side.date(month) for month in top["median_month"]],
        "cause": top["main_cause"].tolist(),
    }
    leader = side.names[side.failing[0]]
    alt = (
        f"{leader} fails most often, on {side.chance(side.failing[0])} % of paths; "
        f"{int((table['chance'] >= 0.1).sum())} of {len(side.summary)} companies fail on a tenth of paths "
        "or more, "
        f"{len(side.summary) - len(table)} on none."
    )
    marks = [f"failed_{month}" for month in horizons(side.months)]
    header = ["Company", *(f"by month {mark.removeprefix('failed_')}, %" for mark in marks)]
    rows = [
        [
            side.names[str(name)],
            *(chance(row[mark], row[f"{mark}_se"], side.draws) for mark in marks),
            side.date(row["median_month"]),
            str(row["main_cause"]),
            percent(side.shares[str(name)]),
        ]
        for name in table.index
        for row in [row_of(table, name)]
    ]
    return View(columns, alt, [*header, "half of them by", "main cause", "due to parameters"], rows, label)


def _chosen(side: Side) -> list[str]:
    """Give the companies to choose from: those that fail, then the others, as far as there is room."""
    return [str(name) for name in side.summary.index[:CHOSEN]]


def _company_choice(sides: Sequence[Side]) -> Choice:
    options = {name: side.names[name] for side in sides for name in _chosen(side)}
    return Choice("company", "Company", options)


def _fates(sides: Sequence[Side]) -> Chart | None:
    choice = _company_choice(sides)
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
        drawing.areas(_first(views), "% of paths", tips),
        views,
        (_side_choice(sides), choice),
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
    rows = [[when[at], digits(fell[at]), digits(gone[at])] for at in _marks(side)]
    return View(columns, alt, ["Month", "failed, %", "left otherwise, %"], rows)


def _by(month: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Whether something happened by each month, `[months, paths]`."""
    return np.asarray((month[None, :] > 0) & (month[None, :] <= months[:, None]))


def _marks(side: Side) -> list[int]:
    """Give the places of months that a table shows: quarters, or at most two dozen, and the last."""
    step = 3 * math.ceil(side.months / 72)
    return sorted({*range(step - 1, side.months, step), side.months - 1})


def _cash(sides: Sequence[Side]) -> Chart | None:
    with_cash = [side for side in sides if CASH in side.series]
    if not with_cash:
        return None
    choice = _company_choice(with_cash)
    views = {
        f"{side.name}|{name}": _fan(
            side,
            side.result.series(CASH, company=name),
            f"Cash of {side.names[name]}",
            BILLION,
            lambda value: f"{money(value)} USD",
        )
        for side in with_cash
        for name in choice.options
        if name in side.names
    }
    return Chart(
        "cash",
        "Cash of a company",
        "Over all paths, month by month, also those on which it has failed, with what it has left there (0).",
        drawing.bands(_first(views), "bn USD", _fan_tips(_first(views), "0.00"), "0.[00]"),
        views,
        (_side_choice(with_cash), choice),
        _fan_legend(_first(views)),
    )


def _fan_tips(view: View, form: str) -> list[tuple[str, str]]:
    known = [(text, column) for column, text in FAN.items() if column in view.columns]
    return [("", "@when"), *((text, f"@{column}{{{form}}}") for text, column in known)]


def _fan_legend(view: View) -> list[Key]:
    bands = [Key("wide", "90 % of paths"), Key("narrow", "half of them"), Key("line", "median")]
    return [*(bands if "q5" in view.columns else []), Key("dashes", "mean")]


FAN = {"mean": "mean", "q5": "5 % of paths below", "q50": "median", "q95": "5 % of paths above"}
"""Columns of a series that are shown, and what they are called."""

QUANTILES = ("q5", "q25", "q50", "q75", "q95")
"""Columns of a series from which its bands are drawn."""


def _fan(side: Side, table: pd.DataFrame, what: str, size: float, write: Callable[[float], str]) -> View:
    """Show a series with its bands, where there are all quantiles for them."""
    drawn = ["mean", *QUANTILES] if set(QUANTILES) <= set(table) else ["mean"]
    when = side.when
    columns = {name: _rounded(table[name] / size) for name in drawn}
    first, last = table.iloc[0], table.iloc[-1]
    range_ = (
        f"; 90 % of paths end between {write(last['q5'])} and {write(last['q95'])}" if "q5" in drawn else ""
    )
    alt = f"{what} goes from {write(first['mean'])} to {write(last['mean'])} on average{range_}."
    shown = [name for name in FAN if name in drawn]
    rows = [[when[at], *(write(table[name].iloc[at]) for name in shown)] for at in _marks(side)]
    return View(
        {"date": side.dates, "when": when, **columns}, alt, ["Month", *(FAN[name] for name in shown)], rows
    )


def _rounded(values: "pd.Series[float]") -> list[float]:
    """Give numbers to six digits, which is more than a picture shows."""
    return [float(f"{value:.6g}") for value in values]


def _losses(sides: Sequence[Side]) -> Chart | None:
    views = {side.name: _losing(side) for side in sides if (side.losses["total"] > 0).any()}
    if not views:
        return None
    tips = [
        ("", "@full"),
        ("expected", "@value{0.00} bn USD"),
        ("a path in 20 loses over", "@rare{0.00} bn USD"),
        ("lent and invested", "@exposure"),
    ]
    return Chart(
        "losses",
        "Who loses",
        "Losses on loans, stakes and unpaid bills by the end of the run, not discounted; claims of "
        "companies that "
        "fail themselves go to capital.",
        drawing.marked(_first(views), "bn USD", tips),
        views,
        (_side_choice(sides),),
        (Key("bar", "expected"), Key("diamond", "one path in 20 loses more")),
    )


def _losing(side: Side) -> View:
    table = side.losses[side.losses["total"] > 0]
    top = table.head(COMPANIES)
    label = _labels([side.label(str(name)) for name in top.index])
    columns: dict[str, list[Any]] = {
        "name": label,
        "full": [side.names[str(name)] for name in top.index],
        "value": _rounded(top["total"] / BILLION),
        "rare": _rounded(top["total_95"] / BILLION),
        "exposure": [f"{money(each)} USD" for each in top["exposure"]],
    }
    first = table.iloc[0]
    known = math.isfinite(first["total_95"])
    rare = f", more than {money(first['total_95'])} USD on one path in 20" if known else ""
    alt = (
        f"{side.names[str(table.index[0])]} loses most: {money(first['total'])} USD on average{rare}. "
        f"All together lose {money(table['total'].sum())} USD on "
        "average."
    )
    rows = [
        [
            side.names[str(name)],
            money(row["exposure"]) if row["exposure"] else "\u2013",
            amount(row["total"], row["total_se"]),
            money(row["credit"]),
            money(row["equity"]),
            money(row["total_95"]),
        ]
        for name, row in table.iterrows()
    ]
    header = [
        "Lender or holder",
        "lent and invested",
        "expected loss",
        "of it loans",
        "of it stakes",
        "path in 20 over",
    ]
    return View(columns, alt, header, rows, label)


def _contagion(sides: Sequence[Side]) -> Chart | None:
    views = {side.name: _falling(side) for side in sides if len(followers(side))}
    if not views:
        return None
    tips = [
        ("", "@name"),
        ("after it", "@right{0.0} %"),
        ("usually", "@left{0.0} %"),
        ("paths on which the first fails", "@times"),
        ("set off by it", "@triggered"),
    ]
    return Chart(
        "contagion",
        "Who falls after whom",
        "Chance of the second to fail within three months after the first, and its chance in the same "
        "months whatever "
        "becomes of the first. What is above usual may have a cause that both share.",
        drawing.pairs(_first(views), "% of paths", tips),
        views,
        (_side_choice(sides),),
        (Key("dot", "usually"), Key("diamond", "after the first fails")),
    )


def followers(side: Side) -> pd.DataFrame:
    """Give pairs in which the second is likelier than usual to follow: set off, or surely; with `lift`."""
    table = side.contagion
    lift = table["conditional"] - table["unconditional"]
    stands = ((table["triggered"] > 0) & (lift > 0)) | (lift > 3 * table["conditional_se"])
    found = table.assign(lift=lift)[stands & (table["times"] >= 20)]
    return found.sort_values(["triggered", "lift"], ascending=False, kind="stable")


def pair_of(key: Hashable) -> tuple[str, str]:
    """Give the companies of a pair, as the index of a table has it."""
    first, then = cast("tuple[str, str]", key)
    return first, then


def _falling(side: Side) -> View:
    table = followers(side)
    top = table.head(COMPANIES)
    pairs = [f"{side.label(first)} → {side.label(then)}" for first, then in map(pair_of, top.index)]
    label = _labels(pairs)
    columns: dict[str, list[Any]] = {
        "name": label,
        "left": (100 * top["unconditional"]).tolist(),
        "right": (100 * top["conditional"]).tolist(),
        "times": top["times"].tolist(),
        "triggered": top["triggered"].tolist(),
    }
    first, then = pair_of(table.index[0])
    row = row_of(table, (first, then))
    alt = (
        f"After {side.names[first]} fails, {side.names[then]} fails within three months on "
        f"{digits(100 * row['conditional'], 2)} % of those paths, usually on "
        f"{digits(100 * row['unconditional'], 2)} %; "
        f"it is set off by that on {row['triggered']:,.0f} of {row['times']:,.0f}."
    )
    header = ["Fails first", "on paths", "then", "set off on", "follows, %", "usually, %"]
    rows = [
        [
            side.names[first],
            f"{row['times']:,.0f}",
            side.names[then],
            f"{row['triggered']:,.0f}",
            chance(row["conditional"], row["conditional_se"], 1),
            digits(100 * row["unconditional"], 2),
        ]
        for first, then in map(pair_of, top.index)
        for row in [row_of(top, (first, then))]
    ]
    return View(columns, alt, header, rows, label)


def _gauges(sides: Sequence[Side]) -> Chart | None:
    views: Views = {}
    names = {}
    for side in sides:
        for name, table in _moving(side):
            unit = variables()[name].unit
            size = {"USD": BILLION, "USD/month": BILLION, "fraction": 0.01}.get(unit, 1.0)
            names[name] = f"{TITLES[name]}{_unit(unit)}"
            views[f"{side.name}|{name}"] = _fan(side, table, TITLES[name], size, _writer(unit))
    if not views:
        return None
    return Chart(
        "gauges",
        "The system month by month",
        "Gauges of the whole market over all paths.",
        drawing.bands(_first(views), "", _fan_tips(_first(views), "0.00"), "0.[00]"),
        views,
        (_side_choice(sides), Choice("gauge", "Gauge", names)),
        _fan_legend(_first(views)),
    )


def _unit(unit: str) -> str:
    """Say in what a gauge is drawn."""
    return {"USD": ", bn USD", "USD/month": ", bn USD", "fraction": ", %"}.get(unit, "")


def _writer(unit: str) -> Callable[[float], str]:
    """Give what writes a number of a gauge."""
    if unit in {"USD", "USD/month"}:
        return lambda value: f"{money(value)} USD"
    return percent if unit == "fraction" else digits


def _moving(side: Side) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the gauges that are recorded and have something to measure."""
    for name in TITLES:
        if name in side.series:
            table = side.result.series(name)
            still = STILL.get(name)
            if still is None or bool((table["mean"] != still).any() or table["std"].any()):
                yield name, table


def _swings(side: Side, outcome: str, drivers: Sequence[Driver]) -> View:
    label = _labels([_cut(phrase(driver.name)) for driver in drivers])
    columns: dict[str, list[Any]] = {
        "name": label,
        "left": [100 * driver.low for driver in drivers],
        "right": [100 * driver.high for driver in drivers],
        "least": [f"up to {_short(driver.least)}" for driver in drivers],
        "most": [f"from {_short(driver.most)} on" for driver in drivers],
    }
    first = drivers[0]
    sure = sum(driver.sure for driver in drivers)
    beyond = f"{sure} of the {len(drivers)} shown are" if sure else "None of those shown is"
    alt = (
        f"{phrase(first.name)[:1].upper()}{phrase(first.name)[1:]} goes most with {_whether(side, outcome)}: "
        f"{digits(100 * first.low)} % where it is low, {digits(100 * first.high)} % where it is high. "
        f"{beyond} beyond what luck alone would give."
    )
    header = ["Assumption", "rank correlation", "beyond luck", "where low, %", "where high, %"]
    rows = [
        [
            phrase(driver.name),
            f"{driver.rank:+.2f}",
            "yes" if driver.sure else "no",
            f"{chance(driver.low, driver.low_se, 1)} (up to {_short(driver.least)})",
            f"{chance(driver.high, driver.high_se, 1)} (from {_short(driver.most)} on)",
        ]
        for driver in drivers
    ]
    return View(columns, alt, header, rows, label)


def _cut(text: str) -> str:
    """Cut a phrase to what a small screen has room for beside a picture."""
    return text if len(text) <= 34 else f"{text[:33]}…"


def _short(value: float) -> str:
    return money(value) if abs(value) >= 1e5 else digits(value)


def _apart(base: Side, side: Side, table: pd.DataFrame) -> View:
    """Show the outcomes that differ on some path, those that differ most first."""
    some = table[(table["only_base"] > 0) | (table["only_side"] > 0)].drop(
        index="failed-debt", errors="ignore"
    )
    order = some["difference"].abs().sort_values(ascending=False, kind="stable").index
    some = some.loc[order]
    top = some.head(COMPANIES)
    called = {
        str(name): "Systemic cascade" if name == SYSTEMIC else side.names[str(name)] for name in some.index
    }
    label = _labels([called[str(name)] if name == SYSTEMIC else side.label(str(name)) for name in top.index])
    value, error = 100 * top["difference"], 100 * WIDE * top["se"].fillna(0.0)
    columns: dict[str, list[Any]] = {
        "name": label,
        "value": value.tolist(),
        "low": (value - error).tolist(),
        "high": (value + error).tolist(),
    }
    alt = f"No path differs between {base.name} and {side.name}."
    if len(some):
        row = some.iloc[0]
        alt = (
            f"{called[str(some.index[0])]} differs most: {digits(100 * row['base'])} % of paths under "
            f"{base.name}, "
            f"{digits(100 * row['mean'])} % under {side.name}. {len(table) - len(some)} outcomes differ "
            "on no path."
        )
    header = [
        "Outcome",
        f"{base.name}, %",
        f"{side.name}, %",
        "difference, points",
        "only there, %",
        "only here, %",
    ]
    rows = [
        [
            called[str(name)],
            digits(100 * row["base"]),
            digits(100 * row["mean"]),
            f"{100 * row['difference']:+.1f} ±{100 * row['se']:.1f}",
            digits(100 * row["only_base"]),
            digits(100 * row["only_side"]),
        ]
        for name, row in some.iterrows()
    ]
    return View(columns, alt, header, rows, label)
