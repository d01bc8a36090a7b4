"""A world at its start as notes see it: sums of a month by company, at the likeliest value of each range."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast

from cashcade.world.company import Company
from cashcade.world.contract import Contract
from cashcade.world.fleet import Fleet
from cashcade.world.loan import Loan
from cashcade.world.market import Market
from cashcade.world.problems import Problem
from cashcade.world.quantity import likeliest
from cashcade.world.record import Named
from cashcade.world.segment import Segment
from cashcade.world.stake import Pledge, Stake

R = TypeVar("R", bound=Named)

LEAST_RATE = 1e-9
"""Monthly rate up to which an annuity is repaid in equal parts: spec/debt.py."""

LARGEST_POWER = 700.0
"""Logarithm near the largest number there is; an instalment beyond it is none."""


@dataclass(frozen=True, slots=True)
class Note:
    """List what is implausible about a world.

    Parameters
    ----------
    name
        Name of the note, as docs/worlds.md lists it.
    place
        Where it stands, as in a file.
    given
        The value, and what it is compared with.
    look
        What to look at.
    """

    name: str
    place: str
    given: str
    look: str

    def __str__(self) -> str:
        """Return the note in one line."""
        return f"{self.place}: {self.given}. {self.look}"

    def problem(self, file: str | None) -> Problem:
        """Return the note as a problem of a file, for who wants no world with notes."""
        return Problem(file, None, self.place, self.given, "a plausible figure", self.look)


def number(quantity: object) -> float:
    """Return the likeliest value of a number."""
    return float(cast("float", likeliest(quantity)))


def usd(amount: float) -> str:
    """Write an amount, short."""
    return f"{amount:.4g} USD"


def place(section: str, entry: Named, field: str) -> str:
    """Return where a field of an entry stands, as messages write it."""
    return f'{section} "{entry.id}".{field}'


@dataclass(frozen=True)
class Start:
    """The sections of a world and the market, with sums of the month of the start.

    Parameters
    ----------
    sections
        Entries by section.
    market
        The market.
    certain
        Sections that have no ranges, as far as that is known.
    """

    sections: Mapping[str, Sequence[Named]]
    market: Market
    certain: Collection[str] = ()

    def all(self, section: str, kind: type[R]) -> Iterator[R]:
        """Yield the entries of a section."""
        for entry in self.sections.get(section, ()):
            if isinstance(entry, kind):
                yield entry

    @property
    def companies(self) -> Iterator[Company]:
        """All companies."""
        return self.all("company", Company)

    @cached_property
    def revenue(self) -> Mapping[str, float]:
        """Revenue of a month by company, from segments and contracts."""
        found: defaultdict[str, float] = defaultdict(float)
        for segment in self.all("segment", Segment):
            found[segment.seller] += number(segment.revenue)
        for contract in self.all("contract", Contract):
            found[contract.supplier] += number(contract.usage)
        return found

    @cached_property
    def committed(self) -> Mapping[str, float]:
        """Take-or-pay owed in month 1, by customer."""
        found: defaultdict[str, float] = defaultdict(float)
        for contract in self.all("contract", Contract):
            found[contract.customer] += first_month(contract)
        return found

    @cached_property
    def bills(self) -> Mapping[str, float]:
        """The payment of a company to its suppliers in month 1: use, or commitments where they are more."""
        found: defaultdict[str, float] = defaultdict(float)
        sold: defaultdict[str, float] = defaultdict(float)
        for segment in self.all("segment", Segment):
            sold[segment.seller] += number(segment.revenue)
        for contract in self.all("contract", Contract):
            share = number(contract.revenue_share) * sold[contract.customer]
            found[contract.customer] += max(number(contract.usage), first_month(contract)) + share
        return found

    @cached_property
    def equipment(self) -> Mapping[str, float]:
        """Sales of equipment in a month, by vendor."""
        found: defaultdict[str, float] = defaultdict(float)
        for fleet in self.all("fleet", Fleet):
            for order in fleet.orders:
                found[order.vendor] += number(order.share) * self.capex_of(fleet)
        return found

    @cached_property
    def capex(self) -> Mapping[str, float]:
        """Capital expenditure of a month, by owner."""
        found: defaultdict[str, float] = defaultdict(float)
        for fleet in self.all("fleet", Fleet):
            found[fleet.owner] += self.capex_of(fleet)
        return found

    def capex_of(self, fleet: Fleet) -> float:
        """Return the capex of a fleet in a month, as far as it does not follow a backlog."""
        return number(fleet.capex) + number(fleet.capex_of_revenue) * self.revenue[fleet.owner]

    @cached_property
    def fleet_value(self) -> Mapping[str, float]:
        """Value of the fleets at the start, by owner."""
        found: defaultdict[str, float] = defaultdict(float)
        for fleet in self.all("fleet", Fleet):
            found[fleet.owner] += number(fleet.cost) * _worn(fleet)
        return found

    @cached_property
    def loans(self) -> Mapping[str, Sequence[Loan]]:
        """Loans by borrower."""
        found: defaultdict[str, list[Loan]] = defaultdict(list)
        for loan in self.all("loan", Loan):
            found[loan.borrower].append(loan)
        return found

    @cached_property
    def service(self) -> Mapping[str, float]:
        """Interest and scheduled repayments of month 1, by borrower."""
        found: defaultdict[str, float] = defaultdict(float)
        for borrower, loans in self.loans.items():
            found[borrower] = sum(self.interest(loan) + repaid(loan) for loan in loans)
        return found

    def interest(self, loan: Loan) -> float:
        """Return the interest of a month on the balance of the start."""
        regime = str(likeliest(self.market.regime))
        base = number(self.market.base_rate) + number(getattr(self.market, f"spread_{regime}"))
        rate = number(loan.rate) + (base if likeliest(loan.floating) else 0.0)
        return number(loan.balance) * rate / 12

    def operating(self, company: Company) -> float:
        """Return what a company earns in month 1 before debt service, capex and spending that it can cut."""
        revenue = self.revenue[company.id]
        costs = number(company.fixed_cost) + number(company.variable_cost) * (
            revenue + self.equipment[company.id]
        )
        return revenue + self.equipment[company.id] - costs - self.bills[company.id]

    @cached_property
    def receivable(self) -> Mapping[str, float]:
        """Debt service of month 1 that companies receive, by lender."""
        found: defaultdict[str, float] = defaultdict(float)
        for loan in self.all("loan", Loan):
            found[loan.lender] += self.interest(loan) + repaid(loan)
        return found

    @cached_property
    def pledged(self) -> Mapping[str, float]:
        """Tranches of pledges due in month 1, by company that receives them."""
        found: defaultdict[str, float] = defaultdict(float)
        for pledge in self.all("pledge", Pledge):
            if number(pledge.first_month) <= 1:
                found[pledge.company] += number(pledge.amount) / number(pledge.months)
        return found

    @cached_property
    def issuers(self) -> frozenset[str]:
        """Companies of which somebody owns a stake."""
        return frozenset(stake.issuer for stake in self.all("stake", Stake))

    @cached_property
    def invested(self) -> frozenset[str]:
        """Companies that somebody promised cash."""
        return frozenset(pledge.company for pledge in self.all("pledge", Pledge))


def first_month(contract: Contract) -> float:
    """Return the take-or-pay of a contract that is owed in month 1."""
    return sum(number(each.amount) for each in contract.commitments if number(each.first_month) <= 1)


def repaid(loan: Loan) -> float:
    """Return the principal that falls due in month 1 by schedule."""
    balance, months = number(loan.balance), number(loan.maturity)
    if months <= 1:
        return balance
    if number(loan.interest_only) >= 1:
        return 0.0
    match likeliest(loan.amortisation):
        case "linear" | "contract":
            return balance / months
        case "annuity":
            return _first_instalment(balance, number(loan.rate) / 12, months)
        case "schedule":
            return sum(number(each.amount) for each in loan.repayments if number(each.month) <= 1)
    return 0.0


def _first_instalment(balance: float, rate: float, months: float) -> float:
    """Return the principal in the first instalment of an annuity; at next to no rate parts are equal."""
    if rate <= LEAST_RATE:
        return balance / months
    return balance * rate / math.expm1(min(months * math.log1p(rate), LARGEST_POWER))


def _worn(fleet: Fleet) -> float:
    """Return the value of a fleet at the start as a share of its cost: spec/start.py and spec/fleet.py."""
    life = round(number(fleet.economic_life))
    span = max(1, min(round(number(fleet.age_span)), life - 1))
    return sum(max(0.0, 1 - age / life) for age in range(1, span + 1)) / span
