"""Maturity walls: what falls due when, against what borrowers have in cash and what collateral is worth."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.case import Case
from cashcade.compile.arrays import Inputs
from cashcade.errors import ArgumentError
from cashcade.questions.sides import Ground, Named, common_luck
from cashcade.questions.told import dollars, grid, mean, records
from cashcade.results.figures import money
from cashcade.results.result import Result
from cashcade.rules import Rule
from cashcade.words.names import choose
from cashcade.world import World

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

PERIODS = {"month": 1, "quarter": 3, "year": 12}
"""Months of a period, by name."""

GROUPS = ("class", "company")
"""By what borrowers are put together."""

NO_CLASS = "other"
"""Class of a company without archetype and tags."""

RECORD = (
    *("loan.principal", "loan.balance", "loan.maturity", "loan.waiver"),
    *("company.cash", "company.fleet_value", "company.alive"),
)
"""Variables that walls are made of."""

LOW, HIGH = 0.05, 0.95
"""Levels of the band over paths."""

FOOT = """\
USD, means over paths; \u00b1 is one standard error. Cash is that of the borrowers before the period,
collateral all that is pledged for their loans. Gap: what each borrower owes beyond its own cash, added up."""
"""What the table means."""


@dataclass(frozen=True, eq=False, repr=False)
class Walls:
    """Maturity walls.

    Parameters
    ----------
    per
        "month", "quarter" or "year" of the run, from its first month on.
    by
        "class" or "company".
    months, paths
        Months and paths of the run.
    table
        Indexed by `borrower` (class, or company) and `month`, the first of the period; `date`, its first day.
        All else is USD, means over paths, `_low` and `_high` the 5 and 95 % of paths: `due`, principal that
        falls due in the period, by schedule, at maturity or called, whether or not it is refinanced, with its
        standard error `due_se`; `refinanced` and `worked_out`, what of it is; `cash` of the borrowers before
        the period; `collateral`, what is pledged for their loans at the end of the first month, and
        `balance`, what is owed on these before the period; `gap`, what borrowers owe beyond their cash, one
        by one, with `gap_se`.
    """

    per: str
    by: str
    months: int
    paths: int
    table: pd.DataFrame

    def __repr__(self) -> str:
        return f"<Walls of {self.table.index.get_level_values(0).nunique()} borrowers by {self.per}>"

    def plot(self, of: str | None = None, *, ax: "Axes | None" = None) -> "Axes":
        """Draw it, as `cashcade.pictures.walls`; needs the extra `plot`."""
        picture: Axes = import_module("cashcade.pictures").walls(self, of, ax=ax)
        return picture

    def __str__(self) -> str:
        """Give the highest wall in words, and the table."""
        some = self.table[self.table["due"] > 0]
        title = f"What falls due by {self.per}, {self.months} months, {self.paths:,} paths"
        if some.empty:
            return f"{title}: nothing."
        amounts = ("Due", "5 to 95 %", "Refinanced", "Worked out", "Cash", "Collateral", "Gap")
        head = (self.by.capitalize(), "From", *amounts)
        rows = [
            (
                str(borrower),
                f"{row['date']:%Y-%m}",
                dollars(row["due"], row["due_se"]),
                f"{money(row['due_low'])} to {money(row['due_high'])}",
                money(row["refinanced"]),
                money(row["worked_out"]),
                money(row["cash"]),
                money(row["collateral"]),
                dollars(row["gap"], row["gap_se"]),
            )
            for borrower, row in zip(some.index.get_level_values("borrower"), _rows(some), strict=True)
        ]
        return "\n".join(
            [
                title,
                self._highest(some),
                "",
                grid(head, rows),
                "",
                FOOT,
            ]
        )

    def _highest(self, some: pd.DataFrame) -> str:
        """Tell of the period and borrower with the widest gap, else of the most that falls due."""
        most = "gap" if some["gap"].max() > 0 else "due"
        row = _rows(some.reset_index())[int(some[most].to_numpy().argmax())]
        what = "Widest gap" if most == "gap" else "Most falls due"
        return (
            f"{what}: {row['borrower']} from {row['date']:%Y-%m} on, {money(row['due'])} due against "
            f"{money(row['cash'])} of cash and {money(row['collateral'])} of collateral."
        )

    def document(self) -> dict[str, Any]:
        """Give the answer as values that JSON knows."""
        about = {name: getattr(self, name) for name in ("per", "by", "months")}
        table = self.table.assign(date=[f"{each:%Y-%m-%d}" for each in self.table["date"]])
        return {**about, "walls": records(table)}


def walls(  # noqa: PLR0913 - all but the first are keywords with defaults
    world: World | str | Path | Case,
    *,
    per: str = "quarter",
    by: str = "class",
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
) -> Walls:
    """Sum the debt that falls due by period, against the borrowers' cash and collateral.

    Parameters
    ----------
    world
        As `cashcade.run` takes it, a `Case` too.
    per
        "month", "quarter" or "year".
    by
        "class": borrowers of one archetype together (else of one first tag); "company": each by itself.
    months, paths, seed, replicates, scenarios, rules, without, threads, plugins, block
        As in `cashcade.run`.

    Returns
    -------
    walls
        With a `table` by borrower and period.

    Raises
    ------
    ArgumentError
        Nobody owes anything, or an argument cannot be used.
    WorldError, RuleError, PluginError
        As `cashcade.run`.

    Examples
    --------
    ::

        print(cc.walls("ai-2025-08", paths=400))
    """
    choose(per, PERIODS, "period")
    choose(by, GROUPS, "way to put borrowers together")
    ground = Ground(world, scenarios, rules, without, plugins, block)
    if not ground.base.world.loans:
        raise ArgumentError(f"world {ground.base.world.name} has no loans, so nothing falls due.")
    luck = common_luck(
        [ground.base], months=months, paths=paths, seed=seed, replicates=replicates, threads=threads
    )
    book = Book(luck.finished(ground.base, RECORD), luck.drawn(ground.base))
    names = _names(ground.base.world, by)
    rows = [
        {"borrower": name, **row}
        for name in dict.fromkeys(names[place] for place in book.borrowers)
        for row in book.rows([place for place in book.borrowers if names[place] == name], PERIODS[per])
    ]
    return Walls(per, by, luck.months, luck.paths, pd.DataFrame(rows).set_index(["borrower", "month"]))


def _names(world: World, by: str) -> list[str]:
    """Give the class or the id of each company."""
    if by == "company":
        return [company.id for company in world.companies]
    return [company.archetype or next(iter(company.tags), NO_CLASS) for company in world.companies]


def _rows(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return table.to_dict("records")


class Book:
    """Loans of a run, month by month.

    Parameters
    ----------
    result
        Result of a run that recorded what walls need.
    inputs
        The world with its draws.
    """

    def __init__(self, result: Result, inputs: Inputs) -> None:
        kept = result.dataset
        self.draw = kept["path_draw"].to_numpy()
        self.dates = pd.DatetimeIndex(kept["date"].to_numpy())
        self.borrower = inputs.arrays["loan.borrower"]
        principal = kept["loan_principal"].to_numpy()
        self.balance = _before(kept["loan_balance"].to_numpy(), inputs.at("loan.balance", self.draw))
        maturity, waiver = (kept[f"loan_{name}"].to_numpy() for name in ("maturity", "waiver"))
        moved = maturity > _before(maturity, np.floor(inputs.at("loan.maturity", self.draw) + 0.5))
        waived = waiver > _before(waiver, np.zeros_like(waiver[:, 0]))
        alive = kept["company_alive"].to_numpy()
        lived = _before(alive, np.ones_like(alive[:, 0]))[:, :, self.borrower] > 0
        left = np.maximum(self.balance - principal, 0.0)
        self.refinanced = np.where(moved & ~waived & lived, left, 0.0)
        self.worked_out = np.where(waived & lived, left, 0.0)
        self.due = np.where(lived, principal, 0.0) + self.refinanced + self.worked_out
        self.balance = np.where(lived, self.balance, 0.0)
        self.cash = _before(kept["company_cash"].to_numpy(), inputs.at("company.cash", self.draw))
        pledged, outside = (
            inputs.at(f"loan.{name}", self.draw)[:, np.newaxis] for name in ("fleet_collateral", "collateral")
        )
        worth = outside + pledged * kept["company_fleet_value"].to_numpy()[:, :, self.borrower]
        self.collateral = np.where(self.balance > 0, worth, 0.0)

    @property
    def borrowers(self) -> list[int]:
        """Places of the companies that borrow, in the order of the world."""
        return [int(place) for place in np.unique(self.borrower)]

    def rows(self, companies: Sequence[int], length: int) -> Iterator[dict[str, Any]]:
        """Yield a row for each period of some borrowers."""
        loans = np.isin(self.borrower, companies)
        for start in range(0, self.dates.size, length):
            span = slice(start, start + length)
            due = {place: self._due(span, self.borrower == place) for place in companies}
            row: dict[str, Any] = {"month": start + 1, "date": self.dates[start]}
            row |= mean("due", sum(due.values(), np.zeros(self.draw.size)), self.draw)
            row |= _band("due", sum(due.values(), np.zeros(self.draw.size)))
            for name, part in (("refinanced", self.refinanced), ("worked_out", self.worked_out)):
                row[name] = float(part[:, span, loans].sum(axis=(1, 2)).mean())
            row |= _band("cash", self.cash[:, start, companies].sum(axis=1))
            row |= _band("collateral", self.collateral[:, start, loans].sum(axis=1))
            row["balance"] = float(self.balance[:, start, loans].sum(axis=1).mean())
            missing = [np.maximum(each - self.cash[:, start, place], 0.0) for place, each in due.items()]
            row |= mean("gap", sum(missing, np.zeros(self.draw.size)), self.draw)
            yield row

    def _due(self, span: slice, loans: NDArray[np.bool_]) -> Floats:
        """Give what falls due in a period, `[paths]`."""
        due: Floats = self.due[:, span, loans].sum(axis=(1, 2))
        return due


def _before(values: Floats, start: Floats) -> Floats:
    """Give the state before each month, `[paths, months, entities]`."""
    return np.concatenate([start[:, np.newaxis], values[:, :-1]], axis=1)


def _band(name: str, values: Floats) -> dict[str, float]:
    low, high = np.quantile(values, [LOW, HIGH])
    return {name: float(values.mean()), f"{name}_low": float(low), f"{name}_high": float(high)}
