"""Commands that follow the money of a world, payment by payment."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Annotated, Any

import numpy as np
import pandas as pd
from cyclopts import Parameter
from rich.table import Table
from rich.text import Text

from cashcade.commands.app import PerhapsWhole, Whole, app, console, print_json, separated, words
from cashcade.commands.running import NO_RESULT, telling
from cashcade.plugins.offers import parse_use
from cashcade.questions import circular
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
    months: Whole = 36,
    paths: Whole = 200,
    seed: Whole = 0,
    threads: PerhapsWhole = None,
    replicates: PerhapsWhole = None,
    without: list[str] | None = None,
    block: list[str] | None = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Tell what part of a vendor's revenue it financed itself, over any number of hops.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, or a folder of tables.
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
    months
        Months to simulate.
    paths
        Random paths, each run once more with all its payments.
    seed
        Seed of the random numbers.
    threads
        Threads; all cores by default.
    replicates
        Paths per draw of the parameters; 4 by default where the world has ranges.
    without
        Feedback to leave out (see `cashcade feedbacks`); repeat it, or separate by commas.
    block
        Distribution whose plugins are not to be loaded; repeat it, or separate names by commas.
    json_
        Print one JSON document instead of tables.
    """
    with telling(NO_RESULT):
        found = circular(
            world,
            company,
            affiliates=separated(affiliate or []),
            scenarios=[*separated(scenario or []), *map(parse_use, shock or [])],
            months=months,
            paths=paths,
            seed=seed,
            threads=threads,
            replicates=replicates,
            without=separated(without or []),
            block=separated(block or []),
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
    return table.reset_index().astype(object).replace({np.nan: None}).to_dict("records")


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
