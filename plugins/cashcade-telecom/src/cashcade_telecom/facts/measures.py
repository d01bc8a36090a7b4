"""What a run says of each fact: a number per path."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import xarray as xr
from cashcade.results.recoveries import Claims, claims
from cashcade.world import World
from cashcade.world.quantity import likeliest
from numpy.typing import NDArray

from cashcade_telecom.facts.observed import HIGH_YIELD, OTHER_DEFAULTS

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

UNNAMED = "carrier-"
"""How ids of carriers begin that stand for those that did not file."""

BUST_ENDS = 2003
"""Last calendar year that counts as the bust."""


@dataclass(frozen=True)
class Run:
    """A run of which all paths were kept.

    Parameters
    ----------
    world
        The world, for tags.
    dataset
        Its result, with series of revenue and debt of companies, and of balances, lines and losses of loans.
    """

    world: World
    dataset: xr.Dataset

    def companies(self, tag: str) -> Places:
        """Places of the companies with a tag."""
        found = [place for place, one in enumerate(self.world.companies) if tag in one.tags]
        return np.array(found, dtype=np.int64)

    @cached_property
    def failed(self) -> NDArray[np.int64]:
        """Month of failure, 0 if none, `[paths, companies]`."""
        return self.dataset["failed_month"].to_numpy().astype(np.int64)

    @cached_property
    def years(self) -> NDArray[np.int64]:
        """Calendar year of each month of the run."""
        return np.asarray(self.dataset["date"].dt.year.to_numpy(), dtype=np.int64)

    @cached_property
    def claims(self) -> Claims:
        """What was owed and lost on loans of companies that failed, `[paths, loans]`."""
        return claims(self.dataset)

    @cached_property
    def lines(self) -> Floats:
        """What could be drawn of each loan at the start, USD; no line of these worlds is a range."""
        return np.array([likeliest(loan.undrawn) for loan in self.world.loans])

    def month_of(self, year: int) -> int:
        """Last month of a calendar year, or of the run."""
        return int(np.flatnonzero(self.years <= year)[-1]) + 1

    def series(self, name: str) -> Floats:
        """Series of a variable, `[paths, months, entities]`."""
        return self.dataset[name].to_numpy().astype(np.float64)

    def loans(self, *, of: str, lender: str | None = None) -> Places:
        """Places of loans to companies with one tag by companies with another, or by capital."""
        owes = np.isin(self.dataset["loan_borrower"].to_numpy(), self.companies(of))
        lends = self.dataset["loan_lender"].to_numpy()
        return np.flatnonzero(
            owes & (lends < 0 if lender is None else np.isin(lends, self.companies(lender)))
        )


def revenue_change(run: Run, company: str = "lucent") -> Floats:
    """Change of revenue from the first month to the mean of the third year, as a share."""
    place = [one.id for one in run.world.companies].index(company)
    revenue = run.series("company_revenue")[:, :, place]
    return np.asarray(revenue[:, 24:36].mean(axis=1) / revenue[:, 0] - 1, dtype=np.float64)


def vendor_loans_lost(run: Run) -> Floats:
    """Written off by the end of the bust over all that vendors had lent until then, as a share."""
    places, last = run.loans(of="carrier", lender="vendor"), run.month_of(BUST_ENDS)
    undrawn = run.series("loan_undrawn")[:, :, places]
    start = np.broadcast_to(run.lines[places], (undrawn.shape[0], places.size))
    before = np.concatenate([start[:, np.newaxis], undrawn], axis=1)[:, : last + 1]
    month = run.failed[:, run.dataset["loan_borrower"].to_numpy()[places]]
    lives = (month[:, np.newaxis] == 0) | (np.arange(1, last + 1)[:, np.newaxis] < month[:, np.newaxis])
    drawn = ((before[:, :-1] - before[:, 1:]) * lives).sum(axis=(1, 2))
    lent = _start(run, "loan_balance_start", places, drawn.size).sum(axis=1) + drawn
    lost = run.series("loan_loss")[:, last - 1, places].sum(axis=1)
    return np.asarray(lost / lent, dtype=np.float64)


def _fails(run: Run, places: Places) -> NDArray[np.bool_]:
    """Whether companies fail by the end of the bust, `[paths, companies]`."""
    month = run.failed[:, places]
    return np.asarray((month > 0) & (month <= run.month_of(BUST_ENDS)))


def failed_carriers(run: Run) -> Floats:
    """Carriers that fail by the end of the bust."""
    return np.asarray(_fails(run, run.companies("carrier")).sum(axis=1).astype(np.float64), dtype=np.float64)


def survivors_that_fail(run: Run) -> Floats:
    """Share that fails by the end of the bust of the carriers that stand for those that did not."""
    places = [place for place, one in enumerate(run.world.companies) if one.id.startswith(UNNAMED)]
    return np.asarray(_fails(run, np.array(places, dtype=np.int64)).mean(axis=1), dtype=np.float64)


def _in_years(run: Run) -> tuple[list[int], Floats]:
    """Calendar years of the run, and carriers that fail in each, `[paths, years]`."""
    month = run.failed[:, run.companies("carrier")]
    years = np.unique(run.years).tolist()
    year = np.where(month > 0, run.years[np.maximum(month, 1) - 1], 0)
    return years, np.stack([(year == one).sum(axis=1) for one in years], axis=1).astype(np.float64)


def peak_year(run: Run) -> Floats:
    """Calendar year with most failures of carriers; the first of equals, NaN without failures."""
    years, count = _in_years(run)
    return np.where(count.sum(axis=1) > 0, np.array(years, dtype=np.float64)[count.argmax(axis=1)], np.nan)


def _full_years(run: Run) -> Iterator[tuple[int, int]]:
    """First and last month of each full calendar year of the bust."""
    for year in range(int(run.years[0]) + 1, BUST_ENDS + 1):
        yield run.month_of(year - 1) + 1, run.month_of(year)


def default_rate(run: Run) -> Floats:
    """Share of carriers' debt at the start of a calendar year whose debtors fail in it; the worst year."""
    carriers = run.companies("carrier")
    debt, month = run.series("company_debt")[:, :, carriers], run.failed[:, carriers]
    rates = []
    for first, last in _full_years(run):
        before = debt[:, first - 2]
        gone, whole = (before * ((month >= first) & (month <= last))).sum(axis=1), before.sum(axis=1)
        rates.append(np.divide(gone, whole, out=np.zeros_like(gone), where=whole > 0))
    return np.asarray(np.max(rates, axis=0), dtype=np.float64)


def market_default_rate(run: Run) -> Floats:
    """Bonds of carriers that fail in the worst calendar year, and what other industries defaulted on in 2002.

    Both over the high-yield bonds of 2002, as a share. Other industries are no part of the model: they are
    taken as observed, and so is the size of the market.
    """
    places = run.loans(of="carrier")
    month = run.failed[:, run.dataset["loan_borrower"].to_numpy()[places]]
    owed = run.claims.owed[:, places]
    worst = [(owed * ((month >= first) & (month <= last))).sum(axis=1) for first, last in _full_years(run)]
    return np.asarray((np.max(worst, axis=0) + OTHER_DEFAULTS) / HIGH_YIELD, dtype=np.float64)


def bond_recovery(run: Run) -> Floats:
    """Share of their balance that bonds of carriers fetch that fail by the end of the bust; NaN without."""
    places = run.loans(of="carrier")
    month = run.failed[:, run.dataset["loan_borrower"].to_numpy()[places]]
    counts = (month > 0) & (month <= run.month_of(BUST_ENDS))
    owed = (run.claims.owed[:, places] * counts).sum(axis=1)
    lost = (run.claims.lost[:, places] * counts).sum(axis=1)
    return np.asarray(
        1 - np.divide(lost, owed, out=np.full_like(lost, np.nan), where=owed > 0), dtype=np.float64
    )


class Lent(NamedTuple):
    """What a vendor has lent and promised, USD, `[paths]`.

    Attributes
    ----------
    drawn, promised
        At the start: lent, and lent or still to be drawn.
    drawn_after, promised_after
        Some months later. What a failed customer owed when it failed counts as lent, whatever comes back of
        it: vendors show it so until the case is closed. Its line is gone.
    """

    drawn: Floats
    promised: Floats
    drawn_after: Floats
    promised_after: Floats


def _lent(run: Run, months: int, vendor: str = "lucent") -> Lent:
    """Sum over the loans of a vendor."""
    lends = run.dataset["loan_lender"].to_numpy()
    places = np.flatnonzero(lends == [one.id for one in run.world.companies].index(vendor))
    drawn = _start(run, "loan_balance_start", places, run.dataset.sizes["path"]).sum(axis=1)
    month = run.failed[:, run.dataset["loan_borrower"].to_numpy()[places]]
    gone = (month > 0) & (month <= months)
    balance, undrawn = (run.series(name)[:, months - 1, places] for name in ("loan_balance", "loan_undrawn"))
    after = np.where(gone, run.claims.owed[:, places], balance).sum(axis=1)
    return Lent(drawn, drawn + run.lines[places].sum(), after, after + (undrawn * ~gone).sum(axis=1))


def drawn_change(run: Run) -> Floats:
    """Change over the first year of what customers of the lead vendor owe, failed or not, as a share."""
    lent = _lent(run, 12)
    return lent.drawn_after / lent.drawn - 1


def promised_change(run: Run) -> Floats:
    """Change over the first year of what the lead vendor has lent and promised in all, as a share."""
    lent = _lent(run, 12)
    return lent.promised_after / lent.promised - 1


def drawn_rises_while_promised_falls(run: Run) -> Floats:
    """Whether (1) both hold at the end of the first year, or not (0)."""
    return ((drawn_change(run) > 0) & (promised_change(run) < 0)).astype(np.float64)


def _closed(run: Run) -> NDArray[np.int64]:
    """Month in which a start-up failed or was wound up, 0 if neither, `[paths, companies]`."""
    closed = run.failed.copy()
    if "exit_month" not in run.dataset:
        return closed
    wound = run.dataset["door_effect"].to_numpy() == "wind_down"
    door = run.dataset["exit_door"].to_numpy()
    left = np.where((door >= 0) & wound[np.maximum(door, 0)], run.dataset["exit_month"].to_numpy(), 0)
    return np.where((left > 0) & (closed == 0), left, closed)


def survival(run: Run) -> Floats:
    """Share of the cohort that has neither failed nor been wound up after five years."""
    return np.asarray((_closed(run) == 0).mean(axis=1), dtype=np.float64)


def failure_rate(run: Run) -> Floats:
    """Failures and closures over the years that companies were there, a year."""
    closed, months = _closed(run), run.dataset.sizes["month"]
    lived = np.where(closed > 0, closed, months).sum(axis=1) / 12
    return np.asarray((closed > 0).sum(axis=1) / lived, dtype=np.float64)


def listing_rate(run: Run) -> Floats:
    """Give listings over the years that companies were there, a year."""
    if "exit_month" not in run.dataset:
        return np.zeros(run.dataset.sizes["path"])
    lists = run.dataset["door_effect"].to_numpy() == "list"
    door = run.dataset["exit_door"].to_numpy()
    listed = ((door >= 0) & lists[np.maximum(door, 0)]).sum(axis=1)
    closed, months = _closed(run), run.dataset.sizes["month"]
    return np.asarray(listed / (np.where(closed > 0, closed, months).sum(axis=1) / 12), dtype=np.float64)


def _start(run: Run, name: str, places: Places, paths: int) -> Floats:
    """Give a number of the start by path, `[paths, entities]`."""
    values = run.dataset[name]
    numbers = values.to_numpy().astype(np.float64)
    if "draw" in values.dims:
        numbers = numbers[run.dataset["path_draw"].to_numpy() - int(run.dataset["draw"][0])]
    return np.broadcast_to(numbers, (paths, numbers.shape[-1]))[:, places]


MEASURES: Mapping[str, Callable[[Run], Floats]] = {
    measure.__name__: measure
    for measure in (
        *(revenue_change, vendor_loans_lost, failed_carriers, survivors_that_fail, peak_year),
        *(market_default_rate, default_rate, bond_recovery),
        *(drawn_change, promised_change, drawn_rises_while_promised_falls),
        *(survival, failure_rate, listing_rate),
    )
}
"""By name of the fact."""
