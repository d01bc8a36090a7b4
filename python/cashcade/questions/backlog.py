"""Backlog: what customers are committed to pay, what of it is firm, and what they will live to pay."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.case import Case
from cashcade.compile.arrays import Inputs
from cashcade.errors import ArgumentError
from cashcade.questions.sides import Ground, Named, common_luck
from cashcade.questions.told import NONE, dollars, grid, mean, records
from cashcade.results.figures import digits, money
from cashcade.results.result import Result
from cashcade.rules import Rule
from cashcade.words.names import choose
from cashcade.world import World

Floats = NDArray[np.float64]

ALL = "all"
"""The row of all customers together."""

KINDS = ("gross", "firm", "money_good")
"""Columns of amounts."""

FOR_EVER = 1200
"""Last month of a commitment without end."""

LONGEST, USUAL = 120, 60
"""Months to which the run goes at most where commitments end, and where none does."""

RECORD = ("company.alive", "company.revenue")
"""Variables that it is made of."""

FOOT = """\
USD at prices of the start. Firm: less what is waived when the customer is short of cash. Money-good: what
of that falls due while the customer lives; \u00b1 is one standard error. Months: of the supplier's revenue of
month 1."""
"""What the table means."""


@dataclass(frozen=True, eq=False, repr=False)
class Backlog:
    """Commitments of customers, and what they are worth.

    Parameters
    ----------
    months, paths
        Months and paths of the run; instalments of later months are not counted.
    table
        Indexed by `supplier` and `customer`, the largest first; the last row of a supplier, `all`, is the
        sum. USD at prices of the start, means over paths: `gross`, all instalments of the months; `firm`,
        less the part that is waived when the customer is short (`contract.renegotiable`); `money_good`, what
        of that falls due in months at whose end the customer lives, with its standard error `money_good_se`.
        `gross_months`, `firm_months` and `money_good_months`: the same in months of the supplier's `revenue`
        of month 1 (USD a month; NaN without any). `last_month`: the last in which an instalment is due.
    """

    months: int
    paths: int
    table: pd.DataFrame

    def __repr__(self) -> str:
        return f"<Backlog of {len(self.suppliers)} suppliers>"

    @property
    def suppliers(self) -> pd.DataFrame:
        """The sums, one row for each supplier."""
        return self.table[self.table.index.get_level_values("customer") == ALL].droplevel("customer")

    def __str__(self) -> str:
        """Give the table, and what makes it up."""
        rows = [
            (
                str(supplier) if customer == ALL else f"  {customer}",
                money(row["gross"]),
                money(row["firm"]),
                dollars(row["money_good"], row["money_good_se"]),
                f"{100 * row['money_good'] / row['gross']:.0f} %" if row["gross"] else NONE,
                digits(row["gross_months"]) if np.isfinite(row["gross_months"]) else NONE,
                digits(row["money_good_months"]) if np.isfinite(row["money_good_months"]) else NONE,
                str(int(row["last_month"])),
            )
            for (supplier, customer), row in self._ordered()
        ]
        head = (
            "Supplier",
            "Gross",
            "Firm",
            "Money-good",
            "of gross",
            "Gross, months",
            "Good, months",
            "Until month",
        )
        return "\n".join(
            [
                f"Contracted backlog, instalments of {self.months} months ({self.paths:,} paths)",
                "",
                grid(head, rows),
                "",
                FOOT,
            ]
        )

    def _ordered(self) -> list[tuple[tuple[str, str], dict[Hashable, Any]]]:
        """Give the sum of each supplier before its customers."""
        keys = [(str(supplier), str(customer)) for supplier, customer in self.table.index.to_list()]
        order = list(self.suppliers.index)
        rows = sorted(
            zip(keys, self.table.to_dict("records"), strict=True),
            key=lambda row: (order.index(row[0][0]), row[0][1] != ALL),
        )
        return list(rows)

    def document(self) -> dict[str, Any]:
        """Give the answer as values that JSON knows."""
        return {"months": self.months, "backlog": records(self.table)}


def backlog(  # noqa: PLR0913 - all but the first two are keywords with defaults
    world: World | str | Path | Case,
    supplier: str | None = None,
    *,
    months: int | None = None,
    paths: int = 1_000,
    seed: int = 0,
    replicates: int | None = None,
    scenarios: Sequence[Named] = (),
    rules: Sequence[Rule] = (),
    without: Sequence[str] = (),
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> Backlog:
    """Value what customers have committed to pay: gross, firm, and money-good.

    Parameters
    ----------
    world
        As `cashcade.run` takes it, a `Case` too.
    supplier
        Whose backlog; of all by default.
    months
        Months to simulate, whose instalments count; by default until the last commitment that ends has ended,
        at most 120, or 60 where none ends.
    paths, seed, replicates, scenarios, rules, without, threads, plugins, block
        As in `cashcade.run`.

    Returns
    -------
    backlog
        With a `table` by supplier and customer, and the sums in `suppliers`.

    Raises
    ------
    ArgumentError
        Nobody is committed to anything, there is no such supplier, or an argument cannot be used.
    WorldError, RuleError, PluginError
        As `cashcade.run`.

    Examples
    --------
    ::

        print(cc.backlog("ai-2025-08", "coreweave", paths=400))
    """
    ground = Ground(world, scenarios, rules, without, plugins, block)
    ids = [each.id for each in ground.base.world.companies]
    if supplier is not None:
        choose(supplier, ids, "company")
    luck = common_luck(
        [ground.base],
        months=_horizon(ground.base) if months is None else months,
        paths=paths,
        seed=seed,
        replicates=replicates,
        threads=threads,
    )
    dues = Dues(luck.drawn(ground.base), luck.months)
    wanted = _suppliers(dues, ids, supplier, ground.base.world.name)
    result = luck.finished(ground.base, RECORD)
    rows = [row for place in wanted for row in _of_supplier(dues, result, ids, place)]
    table = pd.DataFrame(rows).set_index(["supplier", "customer"])
    return Backlog(luck.months, luck.paths, table)


def _horizon(case: Case) -> int:
    """Give the month in which the last commitment that ends has ended."""
    ends = np.floor(case.sketched().inputs.arrays["commitment.last_month"] + 0.5)
    ends = ends[ends < FOR_EVER]
    return int(min(ends.max(), LONGEST)) if ends.size else USUAL


def _suppliers(dues: "Dues", ids: Sequence[str], supplier: str | None, world: str) -> list[int]:
    """Give the places of the suppliers that are asked for."""
    found = [int(place) for place in np.unique(dues.supplier[dues.contract])]
    names = [ids[place] for place in found]
    if not found:
        raise ArgumentError(f"nobody in world {world} is committed to anything, so there is no backlog.")
    if supplier is None:
        return found
    if supplier not in names:
        raise ArgumentError(
            f"nobody is committed to {supplier}; those with a backlog are {', '.join(names)}."
        )
    return [ids.index(supplier)]


class Dues:
    """Instalments of commitments by draw and month.

    Parameters
    ----------
    inputs
        The world with its draws.
    months
        Months of the run.
    """

    def __init__(self, inputs: Inputs, months: int) -> None:
        self.inputs, self.months = inputs, months
        self.contract = inputs.arrays["commitment.contract"]
        self.customer, self.supplier = (inputs.arrays[f"contract.{end}"] for end in ("customer", "supplier"))

    def gross(self, contract: int, draw: NDArray[np.int64]) -> Floats:
        """Give what is due under a contract, `[draws asked for, months]`."""
        months = np.arange(1, self.months + 1)
        due = np.zeros((draw.size, self.months))
        for place in np.flatnonzero(self.contract == contract):
            amount, first, last = (
                self.inputs.at(f"commitment.{name}", draw)[:, [place]]
                for name in ("amount", "first_month", "last_month")
            )
            due += amount * ((np.floor(first + 0.5) <= months) & (months <= np.floor(last + 0.5)))
        return due

    def firm(self, contract: int, draw: NDArray[np.int64]) -> Floats:
        """Give the part of a contract's instalments that is never waived, `[draws asked for, 1]`."""
        return 1.0 - self.inputs.at("contract.renegotiable", draw)[:, [contract]]

    def of(self, supplier: int, customer: int) -> list[int]:
        """Give the contracts with commitments between two companies."""
        both = (self.supplier == supplier) & (self.customer == customer)
        return [place for place in np.unique(self.contract).tolist() if both[place]]


def _of_supplier(dues: Dues, result: Result, ids: Sequence[str], supplier: int) -> list[dict[str, Any]]:
    """Give the rows of a supplier: its customers, and their sum."""
    draw = result.dataset["path_draw"].to_numpy()
    alive = result.dataset["company_alive"].to_numpy()
    revenue = float(result.dataset["company_revenue_mean"].isel(month=0, company=supplier))
    contracts = np.unique(dues.contract).tolist()
    customers = dict.fromkeys(
        int(dues.customer[each]) for each in contracts if dues.supplier[each] == supplier
    )
    found = {
        ids[place]: _amounts(dues, dues.of(supplier, place), draw, alive[:, :, place]) for place in customers
    }
    rows = [_row(ids[supplier], name, each, draw, revenue) for name, each in found.items()]
    rows.sort(key=lambda row: -row["gross"])
    return [
        *rows,
        _row(ids[supplier], ALL, sum(found.values(), np.zeros((3, *alive.shape[:2]))), draw, revenue),
    ]


def _amounts(dues: Dues, contracts: Sequence[int], draw: NDArray[np.int64], alive: Floats) -> Floats:
    """Give gross, firm and money-good instalments, `[3, paths, months]`."""
    found = np.zeros((3, *alive.shape))
    for contract in contracts:
        gross = dues.gross(contract, draw)
        firm = gross * dues.firm(contract, draw)
        found += np.stack([gross, firm, firm * alive])
    return found


def _row(
    supplier: str, customer: str, amounts: Floats, draw: NDArray[np.int64], revenue: float
) -> dict[str, Any]:
    sums = dict(zip(KINDS, amounts.sum(axis=2), strict=True))
    due = np.flatnonzero(amounts[0].any(axis=0))
    row: dict[str, Any] = {"supplier": supplier, "customer": customer}
    row |= {name: float(sums[name].mean()) for name in KINDS[:2]}
    row |= mean(KINDS[2], sums[KINDS[2]], draw)
    row |= {f"{name}_months": row[name] / revenue if revenue > 0 else np.nan for name in KINDS}
    return row | {"revenue": revenue, "last_month": int(due[-1]) + 1 if due.size else 0}
