"""Commands that follow the money of a world, payment by payment."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Annotated, Any

import pandas as pd
from cyclopts import Parameter
from rich.table import Table
from rich.text import Text

from cashcade.case import Case
from cashcade.commands.app import PerhapsWhole, Whole, app, console, print_json, separated, words
from cashcade.commands.given import NO_RESULT, Names, Settings, scenarios_of, settings_in, telling, world_of
from cashcade.questions import circular
from cashcade.results.figures import money
from cashcade.words.names import one_line

MEANINGS = {
    "direct": "paid by companies into which it put the money itself",
    "indirect": "after further hops",
    "total": "both together",
    "null": "had the same totals been spread by size",
    "excess": "total less that",
}
"""What the shares of circular money are, by kind."""


@app.command(name="circular")
def circular_command(  # noqa: PLR0913 - the options of the command
    world: str,
    company: str,
    /,
    *,
    affiliate: list[str] | None = None,
    first: Whole = 1,
    last: PerhapsWhole = None,
    scenario: list[str] | None = None,
    shock: list[str] | None = None,
    set_: Settings = None,
    kill: Names = None,
    months: Whole = 36,
    paths: Whole = 200,
    seed: Whole = 0,
    threads: PerhapsWhole = None,
    replicates: PerhapsWhole = None,
    without: list[str] | None = None,
    block: list[str] | None = None,
    plugin: list[str] | None = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Measure the share of a vendor's revenue that the vendor financed itself.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    company
        Id of the vendor.
    affiliate
        Company whose money counts as the vendor's; repeat it, or separate by commas.
    first
        First month of the window.
    last
        Last month of the window; by default the last of the run.
    scenario
        Scenario, shock or exit scenario (see `cashcade scenarios`); repeat it, or separate names by commas.
    shock
        Shock with arguments, such as api-price-rise:rise=0.5,months=12; repeat it for several.
    set_
        Change of a number of the world, such as company.openai.cash=1e10; repeat it for several.
    kill
        Company that is wound up in a month, such as openai@12; repeat it for several.
    months
        Months to simulate.
    paths
        Random paths, each run once more with all its payments.
    seed
        Seed of the random numbers.
    threads
        Threads; all cores by default.
    replicates
        Paths for each draw of uncertain numbers; 4 by default where the world has ranges.
    without
        Feedback to leave out (see `cashcade feedbacks`); repeat it, or separate by commas.
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    json_
        Print one JSON document instead of tables.
    """
    with telling(NO_RESULT):
        found = circular(
            world_of(world, settings_in(set_, kill), block, plugin),
            company,
            affiliates=separated(affiliate or []),
            scenarios=scenarios_of(scenario, shock),
            months=months,
            paths=paths,
            seed=seed,
            threads=threads,
            replicates=replicates,
            without=separated(without or []),
            block=separated(block or []),
            plugins=plugin or [],
        )
    shares, customers = (_rows(table(first, last)) for table in (found.shares, found.by_customer))
    if json_:
        about = {"world": world, "company": company, "affiliates": [*found.affiliates]}
        size = {"months": months, "paths": paths, "seed": seed}
        window = {"first": first, "last": months if last is None else last}
        print_json({**about, **size, **window, "shares": shares, "customers": customers})
        return
    screen = console()
    screen.print(Text(one_line(f"Of the revenue of {company}, what it financed itself")))
    screen.print()
    screen.print(_share_table(shares))
    screen.print()
    screen.print(_customer_table(customers))


def _rows(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Give the rows of a table as JSON knows them: what is not known is None."""
    named = table if table.index.name is None else table.reset_index()
    return named.astype(object).where(named.notna(), None).to_dict("records")


def _share_table(rows: Sequence[Mapping[Hashable, Any]]) -> Table:
    """Show each kind of share with its error."""
    table = Table("Kind", "Share, %", "Is", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*words(row["kind"], _share(row["share"], row["se"]), MEANINGS[row["kind"]]))
    return table


def _customer_table(rows: Sequence[Mapping[Hashable, Any]]) -> Table:
    """Show through whom the money comes back."""
    table = Table("Customer", "Revenue, m USD", "Direct, %", "Total, %", box=None, pad_edge=False)
    for row in rows:
        shares = (_share(row[kind], row[f"{kind}_se"]) for kind in ("direct", "total"))
        table.add_row(*words(row["customer"], f"{row['revenue'] / 1e6:,.1f}", *shares))
    return table


def _share(share: float | None, error: float | None) -> str:
    """Write a share in per cent with its error, where they are known."""
    if share is None:
        return "no revenue"
    return f"{100 * share:.2f}" + ("" if error is None else f" ±{100 * error:.2f}")


@app.command(name="explain")
def explain_command(  # noqa: PLR0913 - the options of the command
    world: str,
    company: str,
    /,
    *,
    path: PerhapsWhole = None,
    why: bool = False,
    scenario: list[str] | None = None,
    shock: list[str] | None = None,
    set_: Settings = None,
    kill: Names = None,
    months: Whole = 36,
    paths: Whole = 1_000,
    seed: Whole = 0,
    threads: PerhapsWhole = None,
    replicates: PerhapsWhole = None,
    without: list[str] | None = None,
    block: list[str] | None = None,
    plugin: list[str] | None = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Explain a failure on one path step by step, or count first causes over many paths.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    company
        Its id.
    path
        Number of a path on which it fails; by default the one with the median month of failure.
    why
        Count first causes over up to 200 failing paths, instead of explaining one.
    scenario
        Scenario, shock or exit scenario (see `cashcade scenarios`); repeat it, or separate names by commas.
    shock
        Shock with arguments, such as api-price-rise:rise=0.5,months=12; repeat it for several.
    set_
        Change of a number of the world, such as company.openai.cash=1e10; repeat it for several.
    kill
        Company that is wound up in a month, such as openai@12; repeat it for several.
    months
        Months to simulate.
    paths
        Random paths to look for a failing one; with --path only that path is run.
    seed
        Seed of the random numbers.
    threads
        Threads; all cores by default.
    replicates
        Paths for each draw of uncertain numbers; 4 by default where the world has ranges.
    without
        Feedback to leave out (see `cashcade feedbacks`); repeat it, or separate by commas.
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    json_
        Print one JSON document instead of text.
    """
    with telling(NO_RESULT):
        case = Case(
            world_of(world, settings_in(set_, kill), block, plugin),
            scenarios=scenarios_of(scenario, shock),
            without=separated(without or []),
            block=separated(block or []),
            plugins=plugin or [],
        )
        plan = case.plan(months=months, paths=paths, seed=seed, replicates=replicates, first_path=0)
        result = case.run(
            months=months,
            paths=paths if path is None else 1,
            seed=seed,
            first_path=0 if path is None else path,
            replicates=plan.replicates,
            threads=threads,
            quantiles=(),
            record=("company.cash",),
        )
        if why:
            _print_causes(result.why(company), as_json=json_)
            return
        found = result.explain(company, path)
    if json_:
        about = {name: getattr(found, name) for name in ("company", "path", "month", "cause", "behind")}
        amounts = {"debt": found.debt, "shortfall": found.shortfall, "first": found.first}
        print_json({**about, **amounts, "steps": _rows(found.steps), "causes": _rows(found.causes)})
        return
    console().print(Text(str(found)), soft_wrap=True)


def _print_causes(table: pd.DataFrame, *, as_json: bool) -> None:
    """Print the first causes over paths."""
    rows = _rows(table)
    if as_json:
        print_json(rows)
        return
    columns = (
        *("Cause", "First cause, %", "At work, %", "Amount, USD", "Lives without it, %", "... if first, %"),
        *("... and all named, %", "Others failed before, %", "Lives if these live, %"),
    )
    shown = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        amount = "not known" if row["amount"] is None else money(row["amount"])
        first = f"{100 * row['first']:.1f} ±{100 * row['se']:.1f}"
        told = (_percent(row[name]) for name in LIVES)
        shown.add_row(*words(row["cause"], first, f"{100 * row['present']:.1f}", amount, *told))
    screen = console()
    screen.print(shown)
    after = sum(row["first"] * (row["after_other"] or 0.0) for row in rows)
    screen.print(
        Text(
            f"The failure of another company, however long before, is in {100 * after:.0f} % of the chains.\n"
            "First cause: of the failing paths, those on which it came first. At work: first, or as large as "
            "the shortfall. Lives: of these paths, run again with the same random numbers, those on which it "
            "then lives to the end; without this cause, the same where it came first, and without "
            "all causes that have to go; last, if the companies that failed before had lived."
        )
    )


LIVES = ("saved", "first_saved", "together", "after_other", "other_saved")
"""Columns of shares of paths, most of which say how often the company lives."""


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f}"
