"""A world at its start as notes see it: sums of a month by company, at the likeliest value of each range.

All are arrays: of companies, loans, contracts or fleets, in their order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from cashcade.world.block import Floats
from cashcade.world.entries import Kinds
from cashcade.world.loan import Loan
from cashcade.world.market import Market
from cashcade.world.notes.noted import Noted, Words, at
from cashcade.world.parameter import parameters_of
from cashcade.world.quantity import likeliest

Places = NDArray[np.int32]
Flags = NDArray[np.bool_]

LEAST_RATE = 1e-9
"""Monthly rate up to which an annuity is repaid in equal parts: spec/debt.py."""

LARGEST_POWER = 700.0
"""Logarithm near the largest number there is; an instalment beyond it is none."""


def number(quantity: object) -> float:
    """Return the likeliest value of a number."""
    return float(cast("float", likeliest(quantity)))


def ratio(above: Floats, below: Floats) -> Floats:
    """Return the ratio of numbers, 0 where that below is 0."""
    return np.divide(above, below, out=np.zeros(len(above)), where=below != 0)


@dataclass(frozen=True)
class Start:
    """The entries of a world, with sums of the month of the start.

    Parameters
    ----------
    kinds
        Entries by kind.
    market
        The market.
    """

    kinds: Kinds
    market: Market

    def number(self, kind: str, name: str) -> Floats:
        """Return the likeliest value of a parameter of each entry of a kind, by its name in files."""
        return self.kinds[kind].number(name)

    def link(self, kind: str, name: str) -> Places:
        """Return the place of what each entry of a kind links to, -1 for outside, by its name in files."""
        return self.kinds.link(kind, name)

    def noted(
        self, kind: str, wrong: Mapping[str, Flags], said: Callable[[int, str], tuple[str, str]]
    ) -> Noted:
        """Return the entries of a kind of which fields are implausible.

        Parameters
        ----------
        kind
            Their kind.
        wrong
            Whether the field of an entry is, by its name in files.
        said
            Gives the value with what it is compared with, and what to look at, by the place of the entry and
            the name of the field.
        """
        fields, found = list(wrong), np.argwhere(np.column_stack(list(wrong.values())))

        def words(n: int) -> Words:
            place, field = found[n].tolist()
            name = fields[field]
            return Words(at(kind, self.kinds[kind].name(place), name), *said(place, name))

        return Noted(len(found), words)

    def by_company(self, places: Places, amounts: NDArray[np.generic]) -> Floats:
        """Return sums by company; `places` are those of the companies of the amounts, -1 for outside."""
        count = len(self.kinds["company"])
        return np.bincount(places + 1, amounts, minlength=count + 1)[1:].astype(np.float64, copy=False)

    @cached_property
    def demand(self) -> Floats:
        """Revenue of a month of each company from segments."""
        return self.by_company(self.link("segment", "seller"), self.number("segment", "revenue"))

    @cached_property
    def revenue(self) -> Floats:
        """Revenue of a month of each company, from segments and contracts."""
        return self.demand + self.by_company(
            self.link("contract", "supplier"), self.number("contract", "usage")
        )

    @cached_property
    def sales(self) -> Floats:
        """Revenue of a month of each company, with equipment."""
        return self.revenue + self.equipment

    @cached_property
    def commitment(self) -> Floats:
        """Take-or-pay of each contract that is owed in month 1."""
        return self._due("commitment", "contract", "first_month")

    def _due(self, kind: str, holder: str, month: str) -> Floats:
        """Return what the entries that stand within others say of month 1, added up by these."""
        amounts = np.where(self.number(kind, month) <= 1, self.number(kind, "amount"), 0.0)
        count = len(self.kinds[holder])
        return np.bincount(self.link(kind, holder), amounts, minlength=count).astype(np.float64, copy=False)

    @cached_property
    def committed(self) -> Floats:
        """Take-or-pay that each company owes in month 1."""
        return self.by_company(self.link("contract", "customer"), self.commitment)

    @cached_property
    def bills(self) -> Floats:
        """Payments of each company to suppliers in month 1: use, or commitments where they are more."""
        customer = self.link("contract", "customer")
        share = self.number("contract", "revenue_share") * self.demand[customer]
        used = np.maximum(self.number("contract", "usage"), self.commitment)
        return self.by_company(customer, used + share)

    @cached_property
    def plan(self) -> Floats:
        """Capex of each fleet in a month, as far as it does not follow a backlog."""
        followed = self.number("fleet", "capex_of_revenue") * self.revenue[self.link("fleet", "owner")]
        return self.number("fleet", "capex") + followed

    @cached_property
    def equipment(self) -> Floats:
        """Sales of equipment of each company in a month."""
        paid = self.number("order", "share") * self.plan[self.link("order", "fleet")]
        return self.by_company(self.link("order", "vendor"), paid)

    @cached_property
    def capex(self) -> Floats:
        """Capital expenditure of each company in a month."""
        return self.by_company(self.link("fleet", "owner"), self.plan)

    @cached_property
    def fleet_value(self) -> Floats:
        """Value of the fleets of each company at the start."""
        life = np.rint(self.number("fleet", "economic_life"))
        span = np.maximum(1, np.minimum(np.rint(self.number("fleet", "age_span")), life - 1))
        left = 1 - (span + 1) / 2 / life  # the mean over ages 1 to span: spec/start.py and spec/fleet.py
        return self.by_company(self.link("fleet", "owner"), self.number("fleet", "cost") * left)

    @cached_property
    def draws(self) -> Flags:
        """Whether each company has a credit line to draw on."""
        return self.by_company(self.link("loan", "borrower"), self.number("loan", "undrawn") > 0) > 0

    @cached_property
    def due(self) -> Floats:
        """Interest and scheduled repayment of each loan in month 1."""
        floating = self.number("loan", "floating") > 0
        rate = self.number("loan", "rate") + np.where(floating, self._base(), 0.0)
        return self.number("loan", "balance") * rate / 12 + self._repaid()

    def _base(self) -> float:
        """Return what floating rates stand on at the start."""
        regime = str(likeliest(self.market.regime))
        return number(self.market.base_rate) + number(getattr(self.market, f"spread_{regime}"))

    def _repaid(self) -> Floats:
        """Return the principal of each loan that falls due in month 1 by schedule."""
        balance, months = self.number("loan", "balance"), self.number("loan", "maturity")
        codes = parameters_of(Loan)["amortisation"].codes
        way = self.number("loan", "amortisation")
        even = balance / months
        cases: list[tuple[Flags, Floats]] = [
            (months <= 1, balance),
            (self.number("loan", "interest_only") >= 1, np.zeros(len(balance))),
            ((way == codes["linear"]) | (way == codes["contract"]), even),
            (way == codes["annuity"], _first_instalment(balance, self.number("loan", "rate") / 12, months)),
            (way == codes["schedule"], self._due("repayment", "loan", "month")),
        ]
        return np.select([case for case, _ in cases], [due for _, due in cases], default=0.0)

    @cached_property
    def service(self) -> Floats:
        """Interest and scheduled repayments of each company in month 1."""
        return self.by_company(self.link("loan", "borrower"), self.due)

    @cached_property
    def receivable(self) -> Floats:
        """Debt service of month 1 that each company receives."""
        return self.by_company(self.link("loan", "lender"), self.due)

    @cached_property
    def operating(self) -> Floats:
        """Earnings of each company in month 1 before debt service, capex and spending that it can cut."""
        variable = self.number("company", "variable_cost") * self.sales
        return self.sales - (self.number("company", "fixed_cost") + variable) - self.bills

    @cached_property
    def pledged(self) -> Floats:
        """Tranches of pledges that each company receives in month 1."""
        tranche = self.number("pledge", "amount") / self.number("pledge", "months")
        due = np.where(self.number("pledge", "first_month") <= 1, tranche, 0.0)
        return self.by_company(self.link("pledge", "company"), due)

    @cached_property
    def invested(self) -> Flags:
        """Whether somebody promised cash to each company."""
        places = self.link("pledge", "company")
        return self.by_company(places, np.ones(len(places))) > 0


def _first_instalment(balance: Floats, rate: Floats, months: Floats) -> Floats:
    """Return the principal in the first instalment of annuities; at next to no rate parts are equal."""
    growth = np.expm1(np.minimum(months * np.log1p(np.maximum(rate, LEAST_RATE)), LARGEST_POWER))
    return np.where(rate <= LEAST_RATE, balance / months, balance * rate / growth)
