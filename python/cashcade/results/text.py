"""A result as tables for people."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cashcade.results.document import gauge, gauges, system
from cashcade.results.figures import chance, digits, money, percent, runway
from cashcade.results.result import Result
from cashcade.results.summary import horizons
from cashcade.results.variables import variables

LENDERS = 8
"""Lenders and holders shown."""

PAIRS = 6
"""Pairs of contagion shown."""

TITLES = {
    "market.capex_gdp": "Capex over GDP",
    "market.ai_revenue": "AI revenue, per month",
    "market.ai_revenue_capex": "AI revenue over AI capex",
    "market.gpu_index": "GPU rental index (start: 1)",
    "market.companies_alive": "Companies alive",
    "market.failed_debt": "Debt of companies that failed",
}
"""Gauges of the market that are shown, in this order, and what they are called."""

LEFT = ("Main cause", "falls within 3 months")
"""Columns of words, aligned to the left."""


def report(result: Result) -> Iterator[RenderableType]:
    """Yield the sections of the report, top to bottom."""
    attributes = result.dataset.attrs
    yield _heading(result, attributes)
    yield _companies(result)
    yield from _lenders(result)
    yield from _contagion(result)
    yield _system(result)
    yield _footer(attributes)


def _heading(result: Result, attributes: dict[str, Any]) -> RenderableType:
    last = pd.Timestamp(result.dataset["date"].to_numpy()[-1])
    sampling = f"{attributes['paths']:,} paths"
    if attributes["replicates"] > 1:
        sampling += f" ({attributes['draws']:,} draws of the parameters x {attributes['replicates']})"
    title = Text(attributes["title"], style="bold")
    return Text.assemble(
        title, f"\n{attributes['months']} months to {last:%B %Y}, {sampling}, seed {attributes['seed']}\n"
    )


def _companies(result: Result) -> RenderableType:
    attributes = result.dataset.attrs
    months = horizons(attributes["months"])
    table = _table("Company", "Cash", "Runway", *(f"Fails in {month} m" for month in months), "Main cause", "When")
    summary = result.summary().sort_values(f"failed_{months[-1]}", ascending=False, kind="stable")
    for name, row in summary.iterrows():
        chances = [chance(row[f"failed_{month}"], row[f"failed_{month}_se"], attributes["draws"]) for month in months]
        cause, when = "", ""
        if row["main_cause"] is not None and pd.notna(row["main_cause"]):
            cause = f"{row['main_cause']} ({percent(row['main_cause_share'])})"
            when = f"month {row['median_month']:.0f}"
        table.add_row(str(name), money(row["cash"]), runway(row["runway"]), *chances, Text(cause), when)
    return table


def _lenders(result: Result) -> Iterator[RenderableType]:
    losses = result.losses().head(LENDERS)
    if losses.empty:
        return
    table = _table("Lender or holder", "Exposure", "Expected loss", "of it credit", "equity", "95 % of paths lose less than")
    for name, row in losses.iterrows():
        expected = f"{money(row['total'])} ± {money(row['total_se'])}"
        table.add_row(
            str(name), money(row["exposure"]), expected, money(row["credit"]), money(row["equity"]), money(row["total_95"])
        )
    yield Text("\nMost exposed lenders and holders", style="bold")
    yield table


def _contagion(result: Result) -> Iterator[RenderableType]:
    pairs = result.contagion()
    pairs = pairs[pairs["triggered"] > 0].head(PAIRS)
    if pairs.empty:
        return
    table = _table("After", "falls within 3 months", "Chance", "Usual chance", "Paths where it was the trigger")
    for (first, then), row in pairs.iterrows():  # type: ignore[misc]
        share = f"{percent(row['conditional'])} ± {percent(row['conditional_se'])}"
        table.add_row(str(first), Text(str(then)), share, percent(row["unconditional"]), f"{row['triggered']:,}")
    yield Text("\nWhom they take along", style="bold")
    yield table


def _system(result: Result) -> RenderableType:
    table = _table("System", "Month 1", "Last month", "5 % to 95 % of paths")
    known = gauges(result)
    for name, title in TITLES.items():
        if name in known:
            table.add_row(title, *_gauge(name, gauge(result, name)))
    state, draws = system(result), result.dataset.attrs["draws"]
    share = state["failed_debt_share"]
    table.add_row("  as a share of all debt of the start", "", f"{percent(share['expected'])} ± {percent(share['se'])}", "")
    words = {
        "systemic": "Chance of a systemic cascade, %",
        "debt": "  a tenth of all debt fails, %",
        "links": "  three linked companies in three months, %",
    }
    for kind, title in words.items():
        cascade = state["cascade"][kind]
        table.add_row(title, "", chance(cascade["chance"], cascade["se"], draws), "")
    return Group(Text(""), table)


def _gauge(name: str, values: dict[str, dict[str, float]]) -> tuple[str, str, str]:
    """First, last, and spread of the last, in the unit of the variable."""
    write = {"USD": money, "USD/month": money, "fraction": percent}.get(variables()[name].unit, digits)
    last = values["last"]
    spread = f"{write(last['q5'])} to {write(last['q95'])}" if {"q5", "q95"} <= last.keys() else ""
    return write(values["first"]["mean"]), write(last["mean"]), spread


def _footer(attributes: dict[str, Any]) -> RenderableType:
    rate = attributes["paths"] / max(attributes["seconds"], 1e-9)
    lines = [
        "Amounts in USD; runway in months (cash over burn at the end of month 1, median); chances in per cent ± one standard error.",
        f"Largest imbalance of the ledger {attributes['imbalance']:.1e} of a month's flow. "
        f"{attributes['paths']:,} paths in {digits(attributes['seconds'])} s ({rate:,.0f} paths/s).",
    ]
    if attributes["interrupted"]:
        lines.insert(0, f"Interrupted: these are the {attributes['paths']:,} paths that were finished.")
    return Text("\n" + "\n".join(lines), style="dim")


def _table(first: str, *columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True)
    for column in columns:
        table.add_column(column, justify="left" if column in LEFT else "right")
    return table
