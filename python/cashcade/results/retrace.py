"""A path on which a company failed, run again: its events and the variables that say what no event says."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Key = TypeVar("Key")

DRIVERS = (
    *("company.input_cost", "company.commitment_excess", "company.accelerated"),
    *("market.regime", "market.credit_window", "market.shares_window"),
)
"""Variables of the path that say what no event says."""

DUE = {
    "cost": "cost",
    "tax": "cost",
    "interest": "debt service",
    "principal": "debt service",
    "contract bill": "contract bill",
    "equipment": "equipment",
    "group": "other",
    "set": "other",
    "payment": "other",
}
"""What a payment settles, by its reason, as events of what is unpaid call it."""

UNPAID = "unpaid: "
"""With what the reasons of events of unpaid claims begin."""

OWN_COST = ("default cost", "rounding")
"""What the default itself takes, which is not due before it."""

TRADE = ("contract bill", "equipment")
"""Payments of a customer to its supplier."""

RECENT = 3
"""Months over which the bills of somebody who failed are averaged."""


class Fate(NamedTuple):
    """The fate of a company on a path: month of failure (0: none), cause, and the company behind it."""

    month: int
    cause: str
    behind: str


class Again(NamedTuple):
    """A run, run again.

    Attributes
    ----------
    events
        Gives the events of a path, as `Result.events`.
    series
        Gives variables of a path by name, `[months, entities]`.
    fate
        Tells what becomes of a company on a path.
    without
        Leaves causes (`causes.Removal`) of the failure of a company out, on the same luck; None where one
        cannot be left out.
    """

    events: Callable[[int], pd.DataFrame]
    series: Callable[[int, Sequence[str]], Mapping[str, Floats]]
    fate: Callable[[str, int], Fate]
    without: Callable[[Iterable[Any], str], "Again | None"]


class Event(NamedTuple):
    """A row of `Result.events`."""

    month: int
    payer: str
    payee: str
    amount: float
    why: str
    value: float
    threshold: float

    @property
    def unpaid(self) -> bool:
        """Whether it tells of a claim that is not paid in full."""
        return self.why.startswith(UNPAID)

    @property
    def settles(self) -> str:
        """Kind of claim that it pays or leaves unpaid, by the names of unpaid claims; else its reason."""
        return DUE.get(self.why, self.why.removeprefix(UNPAID))


@dataclass(frozen=True, eq=False)
class Retraced:
    """The path on which a company fails, as far as its failure is concerned.

    Attributes
    ----------
    company
        Its id.
    month
        Month of the failure.
    events
        Of the path up to its failure: what it pays and gets, what is noted of it, and failures of others.
    cash
        `[months + 1]`: at the start and at the end of each month.
    series
        Series of `DRIVERS`, `[months]`.
    """

    company: str
    month: int
    events: tuple[Event, ...]
    cash: Floats
    series: Mapping[str, Floats]

    @cached_property
    def peak(self) -> int:
        """Month at whose end cash was highest for the last time, 0 for the start."""
        before = self.cash[: self.month]
        return int(before.size - 1 - before[::-1].argmax())

    @cached_property
    def since(self) -> tuple[Event, ...]:
        """Events after the peak, up to the failure."""
        return tuple(event for event in self.events if event.month > self.peak)

    @cached_property
    def own(self) -> tuple[Event, ...]:
        """Those of them that the company pays, or that are noted of it."""
        return tuple(event for event in self.since if event.payer == self.company)

    @cached_property
    def received(self) -> tuple[Event, ...]:
        """Those of them that the company is paid, or that are noted of others to its harm."""
        return tuple(event for event in self.since if event.payee == self.company)


def retrace(dataset: xr.Dataset, again: Again, company: str, path: int, month: int) -> Retraced:
    """Run the path again."""
    events = again.events(path)
    at = [str(name) for name in dataset["company"].to_numpy()].index(company)
    start = dataset["company_cash_start"].sel(company=company)
    if "draw" in start.dims:
        start = start.sel(draw=dataset["path_draw"].sel(path=path))
    net = np.zeros(int(dataset.attrs["months"]))
    for end, sign in (("payee", 1.0), ("payer", -1.0)):
        of = events[events[end] == company]
        np.add.at(net, of["month"].to_numpy() - 1, sign * of["amount"].to_numpy())
    cash = float(start.item()) + np.concatenate([[0.0], np.cumsum(net)])
    series = {
        name: values[:, at if name.startswith("company.") else 0]
        for name, values in again.series(path, DRIVERS).items()
    }
    return Retraced(company, month, _before(events, company, month), cash, series)


def _before(events: pd.DataFrame, company: str, month: int) -> tuple[Event, ...]:
    """Give the events that concern a company up to its failure, and failures of others."""
    own, other = events["payer"] == company, events["payee"] == company
    fails = events["why"] == "failure"
    # Who closes in order writes down no failure: all of its last month is before it.
    last = np.flatnonzero(fails & own)
    end = int(last[0]) + 1 if last.size else int((events["month"] <= month).sum())
    concerned = events.iloc[:end][(own | other | fails).iloc[:end]]
    columns = (concerned[name].tolist() for name in Event._fields)
    return tuple(Event(*row) for row in zip(*columns, strict=True))


def shortfall_of(known: Retraced) -> float:
    """Give what was due and unpaid, less what the default itself took of what there was."""
    last = [event for event in known.own if event.month == known.month]
    unpaid = sum(event.value for event in last if event.unpaid)
    return unpaid - sum(event.amount for event in last if event.why in OWN_COST) if unpaid else 0.0


def added(amounts: Iterable[tuple[Key, float]]) -> dict[Key, float]:
    """Add amounts up by key, in the order in which the keys come."""
    sums: dict[Key, float] = {}
    for key, amount in amounts:
        sums[key] = sums.get(key, 0.0) + amount
    return sums


def customers_lost(known: Retraced) -> Iterator[tuple[int, str, float]]:
    """Yield month and name of customers that failed, and what they paid a month before that."""
    trade = [(each.payer, each) for each in known.events if each.payee == known.company and each.why in TRADE]
    return _lost(known, trade)


def suppliers_lost(known: Retraced) -> Iterator[tuple[int, str, float]]:
    """Yield month and name of suppliers that failed, and what they were paid a month before that."""
    trade = [(each.payee, each) for each in known.events if each.payer == known.company and each.why in TRADE]
    return _lost(known, trade)


def _lost(known: Retraced, trade: Sequence[tuple[str, Event]]) -> Iterator[tuple[int, str, float]]:
    """Yield who failed of those with whom there was trade lately."""
    for event in known.events:
        if event.why != "failure" or event.payer == known.company:
            continue
        months = range(event.month - RECENT, event.month)
        some = [each.amount for name, each in trade if name == event.payer and each.month in months]
        if some:
            yield event.month, event.payer, sum(some) / min(RECENT, event.month - 1)


def input_bill(known: Retraced) -> float:
    """Give what dearer inputs added to bills since the peak, paid or not."""
    cost = known.series["company.input_cost"]
    before = float(cost[max(known.peak, 1) - 1])
    bills = added(
        (each.month, each.value if each.unpaid else each.amount)
        for each in known.own
        if each.settles == "contract bill"
    )
    dearer = {month: float(cost[month - 1]) for month in bills if cost[month - 1] > before}
    return sum(bills[month] * (1.0 - before / now) for month, now in dearer.items())
