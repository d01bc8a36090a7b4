"""Laws of a single door, tried on a world and the same luck."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from cashcade.compile import compile_world
from cashcade.compile.members import Members
from cashcade.rules.entities import Entities
from cashcade.rules.exits import SALES, Buyer, Door
from cashcade.rules.functions import number
from cashcade.rules.selection import quoted
from cashcade.testing.laws import ASKED, BETWEEN, BUYERS, CERTAIN, CLOSED, DEAR, difference
from cashcade.testing.report import Breach, Report
from cashcade.testing.trials import ran
from cashcade.world import World
from cashcade.world.record import CAPITAL

OUTSIDE = -2
"""Place of a buyer outside the network in the record of exits."""

PRICE = 1e3
"""A fixed price that every buyer who wants to buy at all pays, USD."""

NEVER = 10_000
"""A month beyond all."""


def door_laws(door: Door, world: World) -> Report:
    """Try a door on a world: closed, dear, certain, at a fixed price, and as it is; on the same luck.

    Parameters
    ----------
    door
        The door.
    world
        A world that has what the door names.

    Returns
    -------
    report
        With each law that is broken; a door that nobody took as it is, nor with certainty, is listed as idle.

    Raises
    ------
    RuleError
        The world lacks what the door names.
    """
    trial = _Trial(door, world)
    record = f"door {quoted(door.name)}"
    report = Report(record)
    for law, look in trial.laws().items():
        what = look()
        report.checked.append(f'law "{law}"')
        report.broken += [Breach(law, record, what, world.to_toml())] if what else []
    if not trial.taken(trial.certain).any():
        report.idle.append(f"{record} was never taken")
    return report


class _Trial:
    """A door in a world."""

    def __init__(self, door: Door, world: World) -> None:
        self.door, self.world = door, world
        self.plain = ran(world, (), (), threads=1)
        self.given, self.certain = self._with(door), self._with(replace(door, hazard=1.0))

    def laws(self) -> dict[str, Callable[[], str]]:
        """Give each law with what tries it: those of sales for sales."""
        every = {CLOSED: self.closed, CERTAIN: self.no_later}
        paid = {ASKED: self.asked} if self.door.bargain is None else {BETWEEN: self.between}
        sales = {DEAR: self.dear, BUYERS: self.buyers, **paid}
        return every | (sales if self.door.effect in SALES else {})

    def _with(self, door: Door) -> xr.Dataset:
        return ran(self.world, (), (door,), threads=1)

    def closed(self) -> str:
        """Tell what moves though the door is shut, or has no hazard."""
        return difference(self.plain, self._with(replace(self.door, opens=False))) or difference(
            self.plain, self._with(replace(self.door, hazard=0.0))
        )

    def dear(self) -> str:
        """Tell who is bought though all would pay half of what is asked."""
        buyers = [Buyer(buyer.who, number(PRICE / 2, "USD")) for buyer in self.door.buyers]
        found = self._with(replace(self.door, price=number(PRICE, "USD"), buyers=tuple(buyers)))
        return self._first(found, self.taken(found), "is bought by one who would pay half")

    def no_later(self) -> str:
        """Tell on which path the first exit comes later though it is more certain."""
        given, certain = (_first_month(self.taken(each)) for each in (self.given, self.certain))
        late = certain > given
        path = int(np.argmax(late))
        return f"first in month {certain[path]} of path {path}, and not {given[path]}" if late.any() else ""

    def buyers(self) -> str:
        """Tell of a buyer that has failed before, is the company itself, or is not named."""
        found = self.certain
        buyer, month = found["exit_buyer"].to_numpy(), self.taken(found)
        failed = found["failed_month"].to_numpy()
        path, _ = np.indices(buyer.shape)
        gone = np.where(buyer >= 0, failed[path, np.maximum(buyer, 0)], 0)
        wrong = ~np.isin(buyer, self._named())
        wrong |= buyer == np.arange(buyer.shape[1])
        wrong |= (gone > 0) & (gone < month)
        return self._first(found, np.where(wrong, month, 0), "has such a buyer")

    def asked(self) -> str:
        """Tell of a deal at another price than a fixed one that is asked."""
        found = self._with(replace(self.door, price=number(PRICE, "USD"), hazard=1.0))
        other = found["exit_price"].to_numpy() != PRICE
        return self._first(found, np.where(other, self.taken(found), 0), "is sold at another price")

    def between(self) -> str:
        """Tell of a deal below a fixed price that is asked, or above twice that, which all bid at most."""
        buyers = [Buyer(buyer.who, number(2 * PRICE, "USD")) for buyer in self.door.buyers]
        fixed = replace(self.door, price=number(PRICE, "USD"), hazard=1.0, buyers=tuple(buyers))
        found = self._with(fixed)
        price = found["exit_price"].to_numpy()
        outside = (price < PRICE) | (price > 2 * PRICE)
        return self._first(found, np.where(outside, self.taken(found), 0), "is sold at no such price")

    @staticmethod
    def taken(dataset: xr.Dataset) -> NDArray[np.int64]:
        """Give the month in which each company left, `[path, company]`; 0 for none."""
        months: NDArray[np.int64] = dataset["exit_month"].to_numpy().astype(np.int64)
        return months

    def _named(self) -> list[int]:
        """Give the places of all buyers that the door names."""
        members = Members(self.world, compile_world(self.world))
        places = [] if all(buyer.who != CAPITAL for buyer in self.door.buyers) else [OUTSIDE]
        for buyer in self.door.buyers:
            if isinstance(buyer.who, Entities):
                places += members.of(buyer.who.selection, f"door {quoted(self.door.name)}")
        return places

    def _first(self, dataset: xr.Dataset, months: NDArray[np.int64], what: str) -> str:
        """Tell the first company and path of those with a month."""
        if not months.any():
            return ""
        path, company = (int(place) for place in np.argwhere(months)[0])
        return (
            f"{dataset['company'].to_numpy()[company]} {what} in month {months[path, company]} of path {path}"
        )


def _first_month(months: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the month of the first exit on each path; one that never comes where there is none."""
    least: NDArray[np.int64] = np.where(months > 0, months, NEVER).min(axis=1, initial=NEVER)
    return least
