"""A result as tables for people."""

import calendar
import math
from collections.abc import Callable, Iterator
from io import StringIO
from shutil import get_terminal_size
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console, RenderableType
from rich.text import Text

from cashcade.results.causes import MEANINGS
from cashcade.results.columns import Column, shortened, table
from cashcade.results.contagion import set_off
from cashcade.results.document import draws_shares, full_names, gauge, gauges, system
from cashcade.results.exits import leavers
from cashcade.results.figures import amount, chance, digits, money, percent, runway
from cashcade.results.gauges import TITLES, moves
from cashcade.results.result import Result
from cashcade.results.summary import horizons
from cashcade.words.names import one_line
from cashcade.words.rows import variables

WIDTH = 120
"""Characters of a line where there is no terminal."""

LENDERS = 8
"""Lenders and holders shown."""

PAIRS = 8
"""Pairs of contagion shown."""

LEAVING = {
    "acquire": "is sold",
    "licence": "licenses,\nfounders go",
    "list": "lists",
    "self_sustain": "pays its\nown way",
    "wind_down": "winds up",
}
"""What a company does that leaves, by the effect of its door."""

NONE = "\u2013"
"""Cell for what is not defined."""

ERRORS = (
    "Amounts in USD. ± is one standard error; < and > are bounds with 95 % confidence, where none, hardly "
    "any or all"
)
FAILS = (
    "Fails: cannot pay what is due with all the money it finds, cannot repay a loan that is called, loses "
    "more than it can bear, or meets a sudden end."
)
RUNWAY = (
    "Runway: months until cash is used up (median) if every month were as month 1 and nothing were raised, "
    "drawn or refinanced. Companies do all three, so a short runway is not yet a failure."
)
"""What the words of the tables mean."""

Rows = list[dict[str, Any]]


def printed(result: Result) -> str:
    """Return the report as text, as wide as the terminal."""
    width = get_terminal_size((WIDTH, 24)).columns
    found = StringIO()
    Console(file=found, width=width, color_system=None).print(*report(result, width), sep="\n")
    return found.getvalue()


def report(result: Result, width: int) -> Iterator[RenderableType]:
    """Yield the sections of the report, top to bottom, for a terminal of so many characters."""
    yield _heading(result)
    yield _companies(result, width)
    yield from _contagion(result, width)
    yield from _lenders(result, width)
    yield from _system(result, width)
    yield from _firings(result, width)
    yield from _exits(result, width)
    yield _footer(result)


def _heading(result: Result) -> RenderableType:
    attributes = result.dataset.attrs
    last = result.dataset["date"].to_numpy()[-1]
    sampling = f"{attributes['paths']:,} paths"
    if attributes["replicates"] > 1:
        most = "" if attributes["paths"] % attributes["replicates"] == 0 else "up to "
        sampling += f" ({attributes['draws']:,} draws of the parameters x {most}{attributes['replicates']})"
    rest = f"\n{attributes['months']} months to {long_month(last)}, {sampling}, seed {attributes['seed']}\n"
    if attributes.get("changed"):
        rest += f"Set: {one_line(attributes['changed'])}\n"
    if attributes.get("parameters"):
        rest += f"By draw: {one_line(attributes['parameters'])}\n"
    if attributes.get("function"):
        rest += f"Moved each month by: {one_line(attributes['function'])}\n"
    if attributes.get("without"):
        rest += f"Without: {one_line(attributes['without'])}\n"
    if attributes.get("scenarios"):
        rest += f"With: {one_line(attributes['scenarios'])}\n"
    if attributes.get("exit_scenarios"):
        rest += f"Exits: {one_line(attributes['exit_scenarios'])}\n"
    return Text.assemble((one_line(attributes["title"]), "bold"), rest)


def _companies(result: Result, width: int) -> RenderableType:
    """Tell who runs out of cash, when and why; who is most likely to comes first."""
    names, shares = full_names(result), draws_shares(result)
    months = horizons(result.dataset.attrs["months"])
    rows = _rows(result.summary().sort_values(f"failed_{months[-1]}", ascending=False, kind="stable"))
    columns = [
        Column("Company", [names[row["company"]] for row in rows], 9, words=True),
        Column("Cash", [money(row["cash"]) for row in rows], 6),
        Column("Runway", [runway(row["runway"]) for row in rows], 5),
        *(_failed_by(result, rows, month) for month in months),
        Column("Main cause", [_cause(row) for row in rows], 4, words=True),
        Column("Half of\nthem by", [_date(result, row["median_month"]) for row in rows], 3),
        Column("Due to\nparameters", [percent(shares[row["company"]], "") for row in rows], 1),
    ]
    return table(columns, width)


def _failed_by(result: Result, rows: Rows, month: int) -> Column:
    """Give the chances of failure by a month; that of the last matters most."""
    attributes = result.dataset.attrs
    cells = [chance(row[f"failed_{month}"], row[f"failed_{month}_se"], attributes["draws"]) for row in rows]
    return Column(f"Fails in\n{month} m, %", cells, 8 if month == attributes["months"] else 7)


def _cause(row: dict[str, Any]) -> str:
    return "" if math.isnan(row["median_month"]) else str(row["main_cause"])


def _date(result: Result, month: float) -> str:
    """Write the date of a month, or nothing for none."""
    if math.isnan(month):
        return ""
    name, year = long_month(result.dataset["date"].sel(month=int(month)).to_numpy()).split()
    return f"{name[:3]} {year}"


def long_month(date: np.ndarray | np.datetime64) -> str:
    """Write month and year, as `August 2025`."""
    year, month = str(np.asarray(date).astype("datetime64[M]")).rsplit("-", 1)
    return f"{calendar.month_name[int(month)]} {int(year)}"


def _contagion(result: Result, width: int) -> Iterator[RenderableType]:
    """Tell whose failure sets off whose, the most frequent first, and how many failures that makes."""
    found = set_off(result.dataset)
    if not found.failures:
        return
    pairs = result.contagion()
    rows, names = _rows(pairs[pairs["triggered"] > 0].head(PAIRS)), full_names(result)
    yield _title("Whose failure sets off whose")
    if rows:
        columns = [
            Column("Failure of", [names[row["first"]] for row in rows], 9, words=True),
            Column("sets off that of", [shortened(names[row["then"]]) for row in rows], 8, words=True),
            Column("on\npaths", [f"{row['triggered']:,}" for row in rows], 7),
            Column("of those on which\nthe other still lives", [f"{row['times']:,}" for row in rows], 5),
        ]
        yield table(columns, width)
    share = chance(found.share, found.se, found.draws)
    yield Text(
        f"{share} % of {found.failures:,} failures are set off by another in the same month; the rest come "
        "of prices, demand and money that all share, of failures in earlier months (cashcade rank counts "
        "them), or of their own luck."
    )


def _lenders(result: Result, width: int) -> Iterator[RenderableType]:
    """Tell who loses most by the end of the run."""
    rows = _rows(result.losses().head(LENDERS))
    if not rows:
        return
    names = full_names(result)
    columns = [
        Column("Lender or holder", [names[row["holder"]] for row in rows], 9, words=True),
        Column(
            "Lent and\ninvested", [money(row["exposure"]) if row["exposure"] else NONE for row in rows], 4
        ),
        Column("Expected loss", [amount(row["total"], row["total_se"]) for row in rows], 8),
        *(
            [Column("of it\nloans", [money(row["credit"]) for row in rows], 3)]
            if _has(result, "loan")
            else []
        ),
        *(
            [Column("of it\nstakes", [money(row["equity"]) for row in rows], 2)]
            if _has(result, "stake")
            else []
        ),
        Column("A path in 20\nloses over", [money(row["total_95"]) for row in rows], 6),
    ]
    yield _title("Most exposed lenders and holders (losses include unpaid bills)")
    yield table(columns, width)


def _system(result: Result, width: int) -> Iterator[RenderableType]:
    """Show the gauges of the market, and how often a cascade is systemic."""
    known = [name for name in TITLES if name in gauges(result) and moves(result, name)]
    yield _title("The system")
    if known:
        values = {name: gauge(result, name) for name in known}
        write = {name: _writer(name) for name in known}
        months = result.dataset.attrs["months"]
        columns = [
            Column("Mean over paths", [TITLES[name] for name in known], 9, words=True),
            Column("Month 1", [write[name](values[name]["first"]["mean"]) for name in known], 7),
            Column(f"Month {months}", [write[name](values[name]["last"]["mean"]) for name in known], 8),
            Column("5 % of paths\nbelow", [_quantile(write[name], values[name], "q5") for name in known], 6),
            Column("above", [_quantile(write[name], values[name], "q95") for name in known], 6),
        ]
        yield table(columns, width)
    yield from _cascade(result)


def _firings(result: Result, width: int) -> Iterator[RenderableType]:
    """Tell when rules were active, and with what amounts."""
    rows = _rows(result.firings())
    if not rows:
        return
    draws = result.dataset.attrs["draws"]
    columns = [
        Column("Rule", [row["rule"] for row in rows], 9, words=True),
        Column("Moves", [f"{row['lever']} of {row['entity']}" for row in rows], 7, words=True),
        Column("Active on\n% of paths", [chance(row["fired"], row["fired_se"], draws) for row in rows], 8),
        Column("First\nmonth", [_number(row["first_month"]) for row in rows], 5),
        Column("Months", [_number(row["months"]) for row in rows], 4),
        Column("Amount", [_number(row["amount"]) for row in rows], 6),
    ]
    yield _title("Rules")
    yield table(columns, width)


def _exits(result: Result, width: int) -> Iterator[RenderableType]:
    """Tell how companies leave otherwise than by failure; who does most often comes first."""
    left = leavers(result.dataset)
    effects = [name for name in LEAVING if name in left]
    rows = _rows(left.loc[left[effects].sum(axis=1).sort_values(ascending=False, kind="stable").index])
    if not rows:
        return
    draws, last, names = result.dataset.attrs["draws"], result.dataset.attrs["months"], full_names(result)
    failed = result.summary().loc[[row["company"] for row in rows]]
    fails = zip(failed[f"failed_{last}"], failed[f"failed_{last}_se"], strict=True)
    columns = [
        Column("Company", [names[row["company"]] for row in rows], 9, words=True),
        *(
            Column(LEAVING[name], [chance(row[name], row[f"{name}_se"], draws) for row in rows], 8 - place)
            for place, name in enumerate(effects)
        ),
        Column("fails", [chance(*each, draws) for each in fails], 8),
    ]
    yield _title(f"Who leaves by month {last}, and how (% of paths; on the others it lives on, undecided)")
    yield table(columns, width)


def _number(value: float) -> str:
    return "" if math.isnan(value) else money(value) if abs(value) >= 1e6 else digits(value)


def _writer(name: str) -> Callable[[float], str]:
    """Give what writes a number in the unit of a variable."""
    writers: dict[str, Callable[[float], str]] = {"USD": money, "USD/month": money, "fraction": percent}
    return writers.get(variables()[name].unit, digits)


def _quantile(write: Callable[[float], str], values: dict[str, dict[str, float]], level: str) -> str:
    return write(values["last"][level]) if level in values["last"] else ""


def _has(result: Result, kind: str) -> bool:
    """Return whether the world has loans or stakes."""
    return {"loan": "loan_borrower", "stake": "stake_holder"}[kind] in result.dataset


def _cascade(result: Result) -> Iterator[RenderableType]:
    """Tell how often a cascade is systemic: by the debt that fails, and along links, where there are such."""
    state, draws = system(result), result.dataset.attrs["draws"]
    on = {kind: chance(row["chance"], row["se"], draws) for kind, row in state["cascade"].items()}
    kinds, tail = [], ""
    if _has(result, "loan"):
        share = state["failed_debt_share"]
        kinds.append(f"a tenth of all debt fails on {on['debt']} %")
        failed = chance(share["expected"], share["se"], draws)
        tail = f" Debt that fails: {failed} % of all, on average."
    if "linked" in result.dataset:
        kinds.append(f"three linked companies fail within three months on {on['links']} %")
    if kinds:
        yield Text(f"\nSystemic cascade on {on['systemic']} % of paths: {', '.join(kinds)}.{tail}")


def _footer(result: Result) -> RenderableType:
    attributes = result.dataset.attrs
    draws = f"{attributes['draws']:,} draws"
    speed = f"{attributes['paths']:,} paths{_pace(attributes)}."
    lines = (
        "",
        f"{ERRORS} of {draws} are hit.",
        FAILS,
        *_causes(result),
        RUNWAY,
        f"Largest imbalance of the ledger beyond rounding: {_imbalance(attributes['imbalance'])}. {speed}",
    )
    text = "\n".join(lines)
    if attributes["interrupted"]:
        text += f"\nInterrupted: these are the {attributes['paths']:,} paths that were finished."
    return Text(text, style="dim")


def _pace(attributes: dict[str, Any]) -> str:
    """Tell how long it took, where that is known."""
    if "seconds" not in attributes:
        return ""
    rate = attributes["paths"] / max(attributes["seconds"], 1e-9)
    return f" in {digits(attributes['seconds'])} s ({rate:,.0f} paths/s)"


def _causes(result: Result) -> Iterator[str]:
    """Say what the main causes mean that are shown, if there are any."""
    table = result.summary()
    shown = set(table.loc[table["median_month"].notna(), "main_cause"])
    told = [f"{name} ({meaning})" for name, meaning in MEANINGS.items() if name in shown]
    if told:
        yield f"Main cause: {', '.join(told)}."


def _imbalance(share: float) -> str:
    return f"{share:.1e} of a month's flow" if share else "none"


def _title(words: str) -> RenderableType:
    return Text(f"\n{words}", style="bold")


def _rows(frame: pd.DataFrame) -> Rows:
    """Give a table row by row, index included."""
    return [{str(key): value for key, value in row.items()} for row in frame.reset_index().to_dict("records")]
