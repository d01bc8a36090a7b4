"""Rank: whose removal takes down most of the others, by counterfactual on the same luck."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.case import Case
from cashcade.contagion import debtrank
from cashcade.questions.sides import Ground, Luck, Named, common_luck
from cashcade.questions.told import grid, mean, records, with_error
from cashcade.results.result import Result
from cashcade.rules import Rule
from cashcade.words.names import choose, texts
from cashcade.words.numerals import whole
from cashcade.world import World

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

MEASURES = {
    "debt": "debt of others that fails",
    "revenue": "AI revenue of others that is lost",
    "gdp": "capex of others that is lost, over GDP",
    "failures": "failures of others",
}
"""What a removal takes down, by column."""

RECORD = ("segment.revenue", "company.capex", "fleet.book_value", "market.gdp_trend")
"""Variables that the measures need."""

TRIED = 60
"""Failing paths on which failures after others are tried anew."""

THINNEST = 0.01
"""Least equity of a balance sheet, as part of its assets."""

FOOT = """\
What the others lose, without the company's own; below zero they gain. \u00b1 is one paired standard error.
DebtRank: part of all equity that the others lose by its default, on the balance sheet of the start."""
"""What the table means."""


@dataclass(frozen=True, eq=False, repr=False)
class Rank:
    """Companies by what their removal takes down.

    Parameters
    ----------
    by
        The measure by which they are ranked.
    month
        In which each is wound up.
    months, paths
        Months and paths of the runs.
    table
        Indexed by `company`, the one that takes down most first. What the others lose when it is wound up, on
        the same luck, each with its paired standard error `_se`: `debt` (USD that fails by the last month),
        `revenue` (AI revenue, USD, all months added up), `gdp` (capex over GDP, fraction, mean over months),
        `failures` (number of companies). `debtrank`: part of the equity of all that the others lose by its
        default on the balance sheet of the start (linear DebtRank).
    knock_on
        Without a removal: what `Result.knock_on` tells of the first failing paths.
    """

    by: str
    month: int
    months: int
    paths: int
    table: pd.DataFrame
    knock_on: pd.Series

    def __repr__(self) -> str:
        return f"<Rank of {len(self.table)} companies by {self.by}>"

    def plot(self, by: str | None = None, *, ax: "Axes | None" = None) -> "Axes":
        """Draw it, as `cashcade.pictures.rank`; needs the extra `plot`."""
        picture: Axes = import_module("cashcade.pictures").rank(self, by, ax=ax)
        return picture

    def __str__(self) -> str:
        """Give the answer in words, and the table."""
        firsts = [f"{MEASURES[name]}: {self._first(name)}" for name in MEASURES]
        rows = [
            (
                str(company),
                with_error(row["debt"], row["debt_se"], 1e-9),
                with_error(row["revenue"], row["revenue_se"], 1e-9),
                with_error(row["gdp"], row["gdp_se"], 100),
                with_error(row["failures"], row["failures_se"]),
                f"{row['debtrank']:.3f}",
            )
            for company, row in self.table.iterrows()
        ]
        luck = f"{self.paths:,} paths, same luck"
        head = ("Company", "Debt, bn USD", "AI revenue, bn USD", "Capex/GDP, %", "Failures", "DebtRank")
        return "\n".join(
            [
                f"Whose removal in month {self.month} takes down most by month {self.months}, {luck}:",
                *(f"- {each}" for each in firsts),
                "",
                grid(head, rows),
                "",
                FOOT,
                self._knock_on(),
            ]
        )

    def _knock_on(self) -> str:
        """Tell how many failures hang on those before them."""
        found = self.knock_on
        if not found["failures"]:
            return "Without a removal nobody fails."
        share, error = 100 * found["share"], 100 * found["se"]
        told = f"{share:.1f} \u00b1{error:.1f}" if error > 0 else f"{share:.1f}"
        return (
            f"Without a removal, {told} % of {found['failures']:.0f} failures on {found['paths']:.0f} paths "
            "would not happen if those who failed before had lived."
        )

    def _first(self, measure: str) -> str:
        """Tell who comes first by a measure, if anybody does beyond luck."""
        best = str(self.table[measure].idxmax())
        found, error = (float(self.table[name][best]) for name in (measure, f"{measure}_se"))
        if found <= 0:
            return "nobody"
        return best if found > 2 * error else f"{best}, within luck"

    def document(self) -> dict[str, Any]:
        """Give the answer as values that JSON knows."""
        about = {name: getattr(self, name) for name in ("by", "month", "months", "paths")}
        return {**about, "rank": records(self.table), "knock_on": records(self.knock_on.to_frame().T)[0]}


def rank(  # noqa: PLR0913 - all but the first are keywords with defaults
    world: World | str | Path | Case,
    companies: Sequence[str] | None = None,
    *,
    month: int = 1,
    by: str = "debt",
    months: int = 36,
    paths: int = 1_000,
    seed: int = 0,
    replicates: int | None = None,
    scenarios: Sequence[Named] = (),
    rules: Sequence[Rule] = (),
    without: Sequence[str] = (),
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> Rank:
    """Rank companies by what the others lose when one is removed.

    The world is run as it is, and once for each company with that company wound up in a month, all on the
    same luck. What differs for the others is what the company takes down; its own debt, sales and capex
    count on neither side.

    Parameters
    ----------
    world
        As `cashcade.run` takes it, a `Case` too.
    companies
        Ids of those that are removed, one after another; all by default.
    month
        In which each is wound up.
    by
        The measure by which they are ranked: "debt", "revenue", "gdp" or "failures".
    months, paths, seed, replicates, scenarios, rules, without, threads, plugins, block
        As in `cashcade.run`, of each run.

    Returns
    -------
    rank
        With a `table` of all measures and their paired standard errors, DebtRank beside them.

    Raises
    ------
    ArgumentError
        There is no such company or measure, or an argument cannot be used.
    WorldError, RuleError, PluginError
        As `cashcade.run`.

    Examples
    --------
    ::

        print(cc.rank("ai-2025-08", paths=400))
    """
    choose(by, MEASURES, "measure")
    ground = Ground(world, scenarios, rules, without, plugins, block)
    ids = [each.id for each in ground.base.world.companies]
    wanted = ids if companies is None else texts("companies", companies, '["openai"]', alone=True)
    for name in wanted:
        choose(name, ids, "company")
    luck = common_luck(
        [ground.base], months=months, paths=paths, seed=seed, replicates=replicates, threads=threads
    )
    month = whole("month", month, 1, luck.months)
    sectors = Sectors(ground.base, luck)
    base = luck.finished(ground.base, RECORD)
    rows = []
    for name in wanted:
        gone = luck.finished(ground.quiet({f"company.{name}.wound_up": month}), RECORD)
        rows.append(sectors.lost(base, gone, ids.index(name)))
    table = pd.DataFrame(rows, index=pd.Index(list(wanted), name="company", dtype=object))
    table["debtrank"] = sectors.debtrank(base)[[ids.index(name) for name in wanted]]
    table = table.sort_values(by, ascending=False, kind="stable")
    return Rank(by, month, luck.months, luck.paths, table, base.knock_on(TRIED))


class Sectors:
    """The system, without what is one company's own.

    Parameters
    ----------
    case
        As it is.
    luck
        Luck of the runs.
    """

    def __init__(self, case: Case, luck: Luck) -> None:
        self.inputs = luck.drawn(case)
        self.months = luck.months

    def lost(self, base: Result, gone: Result, company: int) -> dict[str, float]:
        """Tell what the others lose, with paired errors, when a company is gone."""
        draw = base.dataset["path_draw"].to_numpy()
        with_it, without_it = (self._others(result, company) for result in (base, gone))
        signs = {"debt": -1.0, "revenue": 1.0, "gdp": 1.0, "failures": -1.0}
        found: dict[str, float] = {}
        for name, sign in signs.items():
            found |= mean(name, sign * (with_it[name] - without_it[name]), draw)
        return found

    def _others(self, result: Result, company: int) -> dict[str, Floats]:
        """Give each measure on each path, `[paths]`, without what is the company's own."""
        kept = result.dataset
        sellers = self.inputs.arrays["segment.seller"]
        ai_share = self.inputs.at("segment.ai_share", kept["path_draw"].to_numpy())
        sold = kept["segment_revenue"].to_numpy().sum(axis=1) * ai_share if sellers.size else ai_share
        capex = np.delete(kept["company_capex"].to_numpy(), company, axis=2).sum(axis=2)
        return {
            "debt": np.delete(kept["debt_at_failure"].to_numpy(), company, axis=1).sum(axis=1),
            "revenue": sold[:, sellers != company].sum(axis=1),
            "gdp": (12.0 * capex / kept["market_gdp_trend"].to_numpy()).mean(axis=1),
            "failures": np.delete(kept["failed_month"].to_numpy() > 0, company, axis=1).sum(axis=1) * 1.0,
        }

    def debtrank(self, base: Result) -> Floats:
        """Give the part of the equity of all that the others lose by the default of each, `[companies]`.

        The balance sheet is that of the start, its ranges at their means: cash, fleets at their book value of
        month 1, loans and stakes held, less debt. Equity is at least a hundredth of the assets.
        """
        count = len(self.inputs.names["company"])
        claims = np.zeros((count, count))
        for kind, holder, debtor, amount in (
            ("loan", "lender", "borrower", "balance"),
            ("stake", "holder", "issuer", "carrying_value"),
        ):
            holders, debtors = (self._places(f"{kind}.{end}") for end in (holder, debtor))
            held = self._mean(f"{kind}.{amount}")
            inside = holders >= 0
            np.add.at(claims, (holders[inside], debtors[inside]), held[inside])
        owed, owned = np.zeros(count), self._mean("company.cash") + claims.sum(axis=1)
        np.add.at(owed, self._places("loan.borrower"), self._mean("loan.balance"))
        if self.inputs.names["fleet"]:
            fleets = base.dataset["fleet_book_value_mean"].isel(month=0).to_numpy()
            np.add.at(owned, self._places("fleet.owner"), fleets)
        equity = np.maximum(np.maximum(owned - owed, THINNEST * owned), 1.0)
        np.fill_diagonal(claims, 0.0)
        return np.asarray(debtrank(claims, equity, weights=equity).impact)

    def _places(self, name: str) -> NDArray[np.int64]:
        """Give a link of each entity: places of companies, -1 for outside."""
        return self.inputs.arrays[name].astype(np.int64)

    def _mean(self, name: str) -> Floats:
        """Give a parameter of each entity, its range at the mean over draws."""
        return np.asarray(self.inputs.arrays[name].mean(axis=0), dtype=np.float64)
