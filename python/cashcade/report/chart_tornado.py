"""The picture of which assumptions move the answer."""

from collections.abc import Sequence
from typing import Any

from cashcade.report import drawing
from cashcade.report.chart import Chart, Choice, Key, View
from cashcade.report.chart_shared import first_view, labels, outcome_name, side_choice
from cashcade.report.drivers import Driver, phrase
from cashcade.report.side import Side, capital
from cashcade.results.figures import chance, digits, money
from cashcade.results.outcomes import SYSTEMIC


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
        "lowest, and in which it is highest, all others as they fall.",
        drawing.pairs(first_view(views), "% of paths", tips),
        views,
        (side_choice(sides), Choice("outcome", "Outcome", outcomes)),
        (Key("dot", "assumption low"), Key("diamond", "assumption high")),
    )


def _swings(side: Side, outcome: str, drivers: Sequence[Driver]) -> View:
    label = labels([_cut(phrase(driver.name)) for driver in drivers])
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
        f"{capital(phrase(first.name))} goes most with {_whether(side, outcome)}: "
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


def _whether(side: Side, outcome: str) -> str:
    name = outcome_name(side, outcome)
    return name if outcome == SYSTEMIC else f"whether {name}"


def _cut(text: str) -> str:
    """Cut a phrase to what a small screen has room for beside a picture."""
    return text if len(text) <= 34 else f"{text[:33]}…"


def _short(value: float) -> str:
    return money(value) if abs(value) >= 1e5 else digits(value)
