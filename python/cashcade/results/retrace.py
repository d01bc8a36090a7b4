"""A path on which a company failed, run again: its events and the variables that say what no event says."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

Floats = NDArray[np.float64]

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


class Again(NamedTuple):
    """A path of a run, run again.

    Attributes
    ----------
    events
        Gives its events, as `Result.events`.
    series
        Gives variables by name, `[months, entities]`.
    """

    events: Callable[[int], pd.DataFrame]
    series: Callable[[int, Sequence[str]], Mapping[str, Floats]]


class Retraced(NamedTuple):
    """What is known of the path on which a company fails.

    Attributes
    ----------
    company
        Its id.
    month
        Of the failure.
    place
        Of its failure among the events.
    events
        Of the path.
    cash
        `[months + 1]`: at the start and at the end of each month.
    series
        Of `DRIVERS`, `[months]`.
    """

    company: str
    month: int
    place: int
    events: pd.DataFrame
    cash: Floats
    series: Mapping[str, Floats]

    @property
    def peak(self) -> int:
        """Month at whose end cash was highest for the last time, 0 for the start."""
        before = self.cash[: self.month]
        return int(before.size - 1 - before[::-1].argmax())

    @property
    def slide(self) -> pd.DataFrame:
        """Events after the peak and before the month of the failure."""
        month = self.events["month"]
        return self.events[(month > self.peak) & (month < self.month)]

    @property
    def last(self) -> pd.DataFrame:
        """Events of the month of the failure before it, and the failure."""
        events = self.events.iloc[: self.place + 1]
        return events[events["month"] == self.month]

    @property
    def since(self) -> pd.DataFrame:
        """Events after the peak, up to the failure."""
        events = self.events.iloc[: self.place + 1]
        return events[events["month"] > self.peak]


def retrace(dataset: xr.Dataset, again: Again, company: str, path: int, month: int) -> Retraced:
    """Run the path again."""
    events = again.events(path)
    fails = (events["why"] == "failure") & (events["payer"] == company)
    wound_up = fails.to_numpy().nonzero()[0]
    # Who closes in order writes down no failure: all of its last month is before it.
    place = int(wound_up[0]) if wound_up.size else int((events["month"] <= month).sum()) - 1
    at = [str(name) for name in dataset["company"].to_numpy()].index(company)
    start = dataset["company_cash_start"].sel(company=company)
    if "draw" in start.dims:
        start = start.sel(draw=dataset["path_draw"].sel(path=path))
    months = int(dataset.attrs["months"])
    net = np.zeros(months)
    for end, sign in (("payee", 1.0), ("payer", -1.0)):
        of = events[events[end] == company]
        np.add.at(net, of["month"].to_numpy() - 1, sign * of["amount"].to_numpy())
    cash = float(start.item()) + np.concatenate([[0.0], np.cumsum(net)])
    series = {
        name: values[:, at if name.startswith("company.") else 0]
        for name, values in again.series(path, DRIVERS).items()
    }
    return Retraced(company, month, place, events, cash, series)


def shortfall_of(known: Retraced) -> float:
    """Give what was due and unpaid, less what the default itself took of what there was."""
    events = known.last
    own = events[events["payer"] == known.company]
    unpaid = own[own["why"].astype(str).str.startswith(UNPAID)]["value"].sum()
    lost = own[own["why"].isin(OWN_COST)]["amount"].sum()
    return float(unpaid - lost) if unpaid else 0.0


def lost(known: Retraced, own: str) -> Iterator[tuple[int, str, float]]:
    """Yield month and name of who failed and traded with the company, and what was paid a month before.

    Parameters
    ----------
    known
        The path.
    own
        The end of payments at which the company stands: "payee" for customers, "payer" for suppliers.
    """
    events = known.events.iloc[: known.place]
    other = "payer" if own == "payee" else "payee"
    trade = events[events["why"].isin(TRADE) & (events[own] == known.company)]
    for row in events[events["why"] == "failure"].itertuples():
        month, name = int(row.month), str(row.payer)
        some = trade[(trade[other] == name) & (trade["month"] < month) & (trade["month"] >= month - RECENT)]
        if len(some):
            yield month, name, float(some["amount"].sum()) / min(RECENT, month - 1)


def input_bill(known: Retraced) -> float:
    """Give what dearer inputs added to bills since the peak."""
    cost = known.series["company.input_cost"]
    events = known.since
    paid = events[(events["payer"] == known.company) & (events["why"] == "contract bill")]
    at = np.maximum(cost[paid["month"].to_numpy() - 1], cost[max(known.peak, 1) - 1])
    parts = 1.0 - cost[max(known.peak, 1) - 1] / np.where(at > 0, at, 1.0)
    return float((paid["amount"].to_numpy() * parts).sum())
