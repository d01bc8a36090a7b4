"""Payoff: what each class of holder gets at an exit, by price and by door."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.case import Case, case_of
from cashcade.errors import ArgumentError
from cashcade.questions.sides import Named
from cashcade.questions.told import NONE, grid, records
from cashcade.results.figures import money
from cashcade.words.names import choose
from cashcade.world import World
from cashcade.world.quantity import likeliest

Floats = NDArray[np.float64]

DOORS = {
    "sale": "the company is bought with its debt, and its holders get the price",
    "licence": "holders get the price of the licence, and lenders what the shell leaves",
    "winding-up": "the price is what all that it owns brings, paid out by rank",
}
"""Ways out, and who is paid in each."""

RANKS = ("secured", "unsecured", "subordinated")
"""Ranks of loans, in the order in which an estate pays them."""

COMMON = "common"
"""Holders of what no stake of the world says: founders, staff with shares, other investors."""

STAFF = "staff"
"""What a licence deal pays to those who leave with it, before all holders."""


KINDS = (*RANKS, "preferred", COMMON, STAFF)
"""Kinds of holders, in the order in which they are told."""


class Holder(NamedTuple):
    """A class of holders.

    Attributes
    ----------
    kind
        "secured", "unsecured", "subordinated", "preferred", "common" or "staff".
    name
        Id of the loan or stake, else the kind.
    claim
        What it is owed, or its preference, USD.
    fraction
        Fraction of the shares.
    """

    kind: str
    name: str
    claim: float
    fraction: float


@dataclass(frozen=True, eq=False, repr=False)
class Payoff:
    """The amounts that each class of holder gets at an exit.

    Parameters
    ----------
    company
        Its id.
    table
        A row for each `price` (USD), `door` and holder: its `kind`, `holder` (id of the loan or stake),
        `claim` (what it is owed, or its preference, USD), `fraction` of the shares, what it `gets` (USD), and
        `part`, of the claim of a lender, else of all that holders get.
    """

    company: str
    table: pd.DataFrame

    @property
    def by_kind(self) -> pd.DataFrame:
        """Amounts for each kind of holder, USD: a row for each price and door, a column for each kind."""
        wide = self.table.pivot_table(
            index=["price", "door"], columns="kind", values="gets", aggfunc="sum", sort=False
        )
        return wide.rename_axis(columns=None)

    def __repr__(self) -> str:
        return f"<Payoff of {self.company} at {self.table['price'].nunique()} prices>"

    def document(self) -> dict[str, Any]:
        """Give the answer as values that JSON knows."""
        return {"company": self.company, "payoff": records(self.table)}

    def __str__(self) -> str:
        """Tell what each kind of holder gets, by price and door."""
        wide = self.by_kind
        kinds = [kind for kind in KINDS if kind in wide.columns]
        rows = [
            [f"{money(price)} ({door})", *(_cell(row.get(kind, np.nan)) for kind in kinds)]
            for price, door, row in (
                (float(key[0]), str(key[1]), row)
                for key, row in zip(wide.index.to_list(), wide.to_dict("records"), strict=True)
            )
        ]
        return "\n".join(
            [
                f"What holders of {self.company} get at an exit, USD, as the world stands at its start:",
                "",
                grid(["Price (exit)", *map(str.capitalize, kinds)], rows),
                "",
                *(f"{door}: {said}." for door, said in DOORS.items()),
            ]
        )


def _cell(gets: float) -> str:
    return NONE if np.isnan(gets) else money(gets)


def payoff(  # noqa: PLR0913 - all but the first two are keywords with defaults
    world: World | str | Path | Case,
    company: str,
    value: float | Sequence[float] | None = None,
    *,
    staff: float = 0.0,
    scenarios: Sequence[Named] = (),
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> Payoff:
    """Split an exit price among lenders and holders: sale, licence deal and winding-up.

    As the world stands at its start, at the likeliest value of each range, by the waterfall of the model:
    1x non-participating preferred, of which each class takes the larger of its preference and its part of
    what those that convert and common shares divide; preferences beyond the price are paid pro rata. In a
    sale the buyer takes over the company with its debt, so lenders keep all they are owed. In a licence
    deal the price goes to holders; lenders keep their claims on a shell that has its cash and what it owns,
    of which `default_cost` is lost. In a winding-up the price is what all it owns brings: loans first take
    what is pledged to them, then ranks are paid one after the other, and holders get what is left.

    Parameters
    ----------
    world
        As `cashcade.run` takes it.
    company
        Its id.
    value
        Price, USD, or several; by default a quarter, a half, one and two times the fair value of the start.
    staff
        Part of the price of a licence deal that is paid to those who leave with it, before all holders: no
        world says it.
    scenarios, plugins, block
        As in `cashcade.run`.

    Returns
    -------
    payoff
        With a `table`, and `by_kind`.

    Raises
    ------
    ArgumentError
        There is no such company, or a price or part cannot be used.

    Examples
    --------
    ::

        print(cc.payoff("ai-2025-08", "cursor", [1e9, 1e10], staff=0.3))
    """
    case = case_of(world, scenarios=scenarios, plugins=plugins, block=block)
    choose(company, [each.id for each in case.world.companies], "company")
    if isinstance(staff, bool) or not 0.0 <= staff <= 1.0:
        raise ArgumentError(f"staff is {staff!r}, wanted a part from 0 to 1.")
    start = _start(case, company)
    prices = _prices(start.fair, value)
    rows = [
        {"price": price, "door": door, **_row(holder, amount, price)}
        for price in prices
        for door in DOORS
        for holder, amount in _paid(start, door, price, staff)
    ]
    columns = ["price", "door", "kind", "holder", "claim", "fraction", "gets", "part"]
    return Payoff(company, pd.DataFrame(rows, columns=columns))


@dataclass(frozen=True, slots=True)
class _Start:
    """A company at the start.

    Parameters
    ----------
    lenders
        A class for each loan.
    pledged
        What each loan takes of an estate first: collateral outside the fleets, and a share of the fleets.
    owners
        A class for each stake, the last is `common`.
    fair
        Fair value, USD.
    cash, fleets, lost
        Cash and what its fleets cost, USD, and the part of assets that a failure costs.
    """

    lenders: tuple[Holder, ...]
    pledged: tuple[tuple[float, float], ...]
    owners: tuple[Holder, ...]
    fair: float
    cash: float
    fleets: float
    lost: float

    def estate(self, brings: float | None = None) -> tuple[float, Floats, float]:
        """Give what cash, collateral of each loan and fleets bring when it fails, USD.

        Parameters
        ----------
        brings
            What they bring together, in proportion; by default what they are worth less what a failure costs.
        """
        collateral = np.array([outside for outside, _ in self.pledged])
        total = self.cash + float(collateral.sum()) + self.fleets
        if brings is not None and not total:
            return brings, collateral, 0.0
        factor = 1.0 - self.lost if brings is None else brings / total
        return factor * self.cash, factor * collateral, factor * self.fleets


def _start(case: Case, company: str) -> _Start:
    """Read a company at the likeliest values, its value and fleets as the core has them after a month."""
    world = case.world
    own = next(each for each in world.companies if each.id == company)
    loans = [each for each in world.loans if each.borrower == company]
    stakes = [each for each in world.stakes if each.issuer == company]
    lenders = tuple(Holder(str(likeliest(each.rank)), each.id, _number(each.balance), 0.0) for each in loans)
    rest = max(0.0, 1.0 - sum(_number(each.fraction) for each in stakes))
    owners = (
        *(
            Holder(
                "preferred" if _number(each.preference) else COMMON,
                each.id,
                _number(each.preference),
                _number(each.fraction),
            )
            for each in stakes
        ),
        Holder(COMMON, COMMON, 0.0, rest),
    )
    names = ("company.valuation", "company.fleet_value")
    first = case.run(months=1, paths=256, seed=0, record=names, quantiles=(), threads=1).dataset
    fair, fleets = (
        float(first[f"{name.replace('.', '_')}_mean"].sel(company=company, month=1)) for name in names
    )
    pledged = tuple((_number(each.collateral), _number(each.fleet_collateral)) for each in loans)
    return _Start(lenders, pledged, owners, fair, _number(own.cash), fleets, _number(own.default_cost))


def _number(quantity: object) -> float:
    value = likeliest(quantity)
    return float(value) if isinstance(value, int | float) else 0.0


def _prices(fair: float, value: float | Sequence[float] | None) -> list[float]:
    if value is None:
        return [part * fair for part in (0.25, 0.5, 1.0, 2.0)]
    wanted = list(value) if isinstance(value, Sequence | np.ndarray) else [value]
    for each in wanted:
        if isinstance(each, bool | str) or not 0.0 <= each < np.inf:
            raise ArgumentError(f"value is {each!r}, wanted a price in USD, 0 or more.")
    return [float(each) for each in wanted]


def _paid(start: _Start, door: str, price: float, staff: float) -> Iterator[tuple[Holder, float]]:
    """Yield what each class gets."""
    if door == "sale":
        yield from ((lender, lender.claim) for lender in start.lenders)
        yield from _held(start.owners, price)
        return
    cash, collateral, fleets = start.estate(None if door == "licence" else price)
    lenders = _lenders(start, cash, collateral, fleets)
    yield from zip(start.lenders, lenders, strict=True)
    left = max(0.0, cash + float(collateral.sum()) + fleets - float(lenders.sum()))
    if door == "licence":
        yield Holder(STAFF, STAFF, 0.0, 0.0), staff * price
        left += (1.0 - staff) * price
    yield from _held(start.owners, left)


def _held(owners: Sequence[Holder], proceeds: float) -> Iterator[tuple[Holder, float]]:
    yield from zip(owners, waterfall(proceeds, [(each.claim, each.fraction) for each in owners]), strict=True)


def _lenders(start: _Start, cash: float, collateral: Floats, fleets: float) -> Floats:
    """Pay each loan out of what is pledged to it, then ranks out of the rest, the last behind the others."""
    owed = np.array([each.claim for each in start.lenders])
    shares = np.array([share for _, share in start.pledged])
    first: Floats = np.minimum(owed, collateral)
    wanted = np.minimum(owed - first, shares * fleets)
    if wanted.sum() > fleets:
        wanted *= fleets / wanted.sum()
    first += wanted
    free = cash + float(collateral.sum()) + fleets - float(first.sum())
    for behind in (False, True):
        ranked = np.array([(each.kind == RANKS[-1]) is behind for each in start.lenders], bool)
        rest = np.where(ranked, owed - first, 0.0)
        if rest.sum() > 0:
            paid = rest * min(1.0, free / float(rest.sum()))
            first += paid
            free -= float(paid.sum())
    return first


def waterfall(proceeds: float, classes: Sequence[tuple[float, float]]) -> list[float]:
    """Divide proceeds among classes of shares, 1x non-participating.

    Each class takes its preference, or converts and shares what the preferences of the others leave; it does
    what gives it more. Preferences beyond the proceeds are paid pro rata.

    Parameters
    ----------
    proceeds
        USD.
    classes
        Preference (USD) and fraction of the shares of each; without a preference a class is common.
    """
    preferences = sum(claim for claim, _ in classes)
    if proceeds <= preferences and preferences > 0:
        return [proceeds * claim / preferences for claim, _ in classes]
    # Who asks least for a share converts first: at a price a share it gives up at most that much.
    order = sorted(
        range(len(classes)), key=lambda k: classes[k][0] / classes[k][1] if classes[k][1] else np.inf
    )
    kept, shares, converts = preferences, 0.0, set[int]()
    for k in order:
        claim, fraction = classes[k]
        if not fraction or fraction * (proceeds - kept + claim) / (shares + fraction) < claim:
            break
        kept, shares = kept - claim, shares + fraction
        converts.add(k)
    each = (proceeds - kept) / shares if shares else 0.0
    return [fraction * each if k in converts else claim for k, (claim, fraction) in enumerate(classes)]


def _row(holder: Holder, gets: float, price: float) -> Mapping[str, object]:
    """Give a row of the table."""
    lent = holder.kind in RANKS
    of = holder.claim if lent else price
    return {
        "kind": holder.kind,
        "holder": holder.name,
        "claim": holder.claim,
        "fraction": holder.fraction,
        "gets": gets,
        "part": gets / of if of > 0 else np.nan,
    }
