"""Circular money: of a vendor's revenue, the part that it financed itself, over any number of hops.

On each path of a sample all payments are written down (`Result.events`). In a month a company has what it had
before and what it is paid; of these A dollars, some x came from the vendor and its affiliates. Money mixes:
each dollar that the company pays, and each that it keeps, is financed to the part x / A. So

    x = kept + put in + W' x        W_ij = what i pays j / A_i
    x = (I - W')^-1 (kept + put in)

where `kept` is the financed part of what the company had before. The vendor and its affiliates pass nothing
on: what comes back to them is theirs, until they put it in anew. The direct share follows only what they put
into a company itself, so x counts no payments of others.

The null model spreads the same totals by size: what is put in by what companies spend, payments among
companies by what each pays and what each receives (`S_ij = out_i in_j / sum of in`, the network of most
entropy).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.case import Case, case_of
from cashcade.results.result import Result
from cashcade.results.statistics import standard_error
from cashcade.rules import ExitScenario, Scenario, Shock, Use
from cashcade.words.names import choose, texts
from cashcade.words.numerals import whole
from cashcade.world import World

Floats = NDArray[np.float64]

SALES = ("segment sale", "contract bill", "equipment")
"""Payments that are revenue of the payee."""

FINANCE = ("round", "share issue", "pledge", "draw", "group")
"""Payments by which a company gets equity, or a loan."""

KINDS = ("direct", "indirect", "total", "null", "excess")
"""Shares of revenue: `indirect` is `total` less `direct`, `excess` is `total` less `null`."""


def circular(  # noqa: PLR0913 - all but the first two are keywords with defaults
    world: World | str | Path | Case,
    company: str,
    *,
    affiliates: Sequence[str] = (),
    scenarios: Sequence[str | Scenario | Shock | Use | ExitScenario] = (),
    months: int = 36,
    paths: int = 200,
    seed: int = 0,
    replicates: int | None = None,
    without: Sequence[str] = (),
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> "Circular":
    """Measure the share of a vendor's revenue that it financed itself, directly and through others.

    Money that the vendor puts into a company (rounds, pledges, loans) leaves that company in proportion to
    what it pays to whom, and that of the next company likewise; what of it comes back as a purchase is
    circular. The financed part of cash that is kept is paid out later. Sales to affiliates are no revenue
    here.

    Parameters
    ----------
    world
        As `cashcade.run` takes it, a `Case` too.
    company
        The vendor.
    affiliates
        Companies whose money counts as the vendor's.
    scenarios, months, seed, replicates, without, threads, plugins, block
        As in `cashcade.run`.
    paths
        Paths of the sample; each is run once more with all its payments written down.

    Returns
    -------
    circular
        Shares of revenue over a window or month by month, and by customer, with standard errors over paths.

    Raises
    ------
    ArgumentError
        There is no such company, or an argument cannot be used.

    Examples
    --------
    ::

        found = cc.circular("ai-2025-08", "nvidia", paths=100)
        found.shares()
    """
    case = case_of(world, scenarios=scenarios, without=without, plugins=plugins, block=block)
    ids = [each.id for each in case.world.companies]
    group = (company, *texts("affiliates", affiliates, '["coreweave"]'))
    for name in group:
        choose(name, ids, "company")
    result = case.run(
        months=months,
        paths=paths,
        seed=seed,
        replicates=replicates,
        threads=threads,
        quantiles=(),
        record=("company.cash",),
    )
    places = tuple(ids.index(name) for name in dict.fromkeys(group))
    found = [_of_path(result, path, places) for path in result.dataset["path"].to_numpy().tolist()]
    stacked = {name: np.stack([getattr(each, name) for each in found]) for name in Financed._fields}
    return Circular(
        company, group[1:], (*ids, "outside"), result.dataset["path_draw"].to_numpy(), Financed(**stacked)
    )


class Flows(NamedTuple):
    """Payments of one path, by month; the last place of payers and payees is everybody outside.

    Attributes
    ----------
    paid
        `[months, n + 1, n + 1]`: what each pays each.
    sold
        `[months, n + 1]`: what each pays the vendor for what it sells.
    put
        `[months, n]`: what the vendor and its affiliates put into each company.
    had
        `[months + 1, n]`: cash before the first month and at the end of each.
    """

    paid: Floats
    sold: Floats
    put: Floats
    had: Floats


class Financed(NamedTuple):
    """Revenue of the vendor, and what of it is financed by the vendor and its affiliates.

    Attributes
    ----------
    revenue, direct, total
        `[..., months, n + 1]`, by customer.
    null
        `[..., months]`: financed revenue in the null model.
    """

    revenue: Floats
    direct: Floats
    total: Floats
    null: Floats


def _of_path(result: Result, path: int, group: Sequence[int]) -> Financed:
    """Follow the money of one path of a run."""
    dataset = result.dataset
    cash = dataset["company_cash_start"]
    start = cash.sel(draw=dataset["path_draw"].sel(path=path)) if "draw" in cash.dims else cash
    months = int(dataset.attrs["months"])
    return follow(flows(result.events(path), start.to_numpy(), months, group), group)


def flows(events: pd.DataFrame, start: Floats, months: int, group: Sequence[int]) -> Flows:
    """Add up the payments of a path.

    Parameters
    ----------
    events
        As `Result.events` gives them.
    start
        `[n]`: cash before the first month.
    months
        Months of the path.
    group
        Places of the vendor and its affiliates, the vendor first.
    """
    count = start.size
    amount, when = events["amount"].to_numpy(), events["month"].to_numpy() - 1
    ends = [
        np.minimum(events[end].cat.codes.to_numpy().astype(np.int64), count) for end in ("payer", "payee")
    ]
    backwards = amount < 0
    payer, payee = np.where(backwards, ends[::-1], ends)
    amount = np.abs(amount)
    paid = _added((months, count + 1, count + 1), (when, payer, payee), amount)
    sales = events["why"].isin(SALES).to_numpy() & (payee == group[0]) & ~np.isin(payer, group)
    sold = _added((months, count + 1), (when[sales], payer[sales]), amount[sales])
    finance = (
        events["why"].isin(FINANCE).to_numpy() & np.isin(payer, group) & ~np.isin(payee, [*group, count])
    )
    put = _added((months, count), (when[finance], payee[finance]), amount[finance])
    net = paid.sum(axis=1) - paid.sum(axis=2)
    had = start + np.vstack([np.zeros(count), np.cumsum(net[:, :count], axis=0)])
    return Flows(paid, sold, put, had)


def _added(shape: tuple[int, ...], places: tuple[NDArray[np.int64], ...], amounts: Floats) -> Floats:
    """Add amounts up at their places."""
    sums = np.zeros(shape)
    np.add.at(sums, places, amounts)
    return sums


def follow(money: Flows, group: Sequence[int]) -> Financed:
    """Follow what the vendor and its affiliates put in, month by month.

    Parameters
    ----------
    money
        Payments of a path.
    group
        Places of the vendor and its affiliates.
    """
    months, count = money.put.shape
    own = np.isin(np.arange(count), group)
    direct, total, null = np.zeros((months, count)), np.zeros((months, count)), np.zeros(months)
    kept = {kind: np.zeros(count) for kind in ("direct", "total", "null")}
    for month in range(months):
        paid, put = money.paid[month], money.put[month]
        before, after = np.maximum(money.had[month], 0.0), np.maximum(money.had[month + 1], 0.0)
        among = np.where(own[:, np.newaxis], 0.0, paid[:count, :count])
        received, spent = paid[:, :count].sum(axis=0), paid[:count].sum(axis=1)
        has, bought = np.maximum(before + received, spent), among.sum(axis=1)
        spread = _by_size(put.sum(), np.where(own, 0.0, spent))
        parts = {
            "direct": _part(kept["direct"] + put, has),
            "total": _mixed(kept["total"] + put, among, has, own),
            "null": _mixed(
                kept["null"] + spread,
                np.outer(bought, _by_size(1.0, among.sum(axis=0))),
                np.maximum(before + received - put + spread, bought),
                own,
            ),
        }
        kept = {kind: part * after for kind, part in parts.items()}
        sold = money.sold[month, :count]
        direct[month], total[month] = parts["direct"] * sold, parts["total"] * sold
        null[month] = parts["null"] @ _by_size(sold.sum(), bought)
    outside = np.zeros((months, 1))
    return Financed(money.sold, np.hstack([direct, outside]), np.hstack([total, outside]), null)


def _mixed(put: Floats, paid: Floats, has: Floats, own: NDArray[np.bool_]) -> Floats:
    """Give the financed part of the money of each company, over any number of hops.

    Only companies that the money reaches are solved for: a circle of bills that it does not reach may have no
    money of its own, and any part would do.

    Parameters
    ----------
    put
        `[n]`: financed money that comes from outside the circle.
    paid
        `[n, n]`: what each pays each; nothing where the vendor and its affiliates pay.
    has
        `[n]`: what each has, at least what it pays.
    own
        `[n]`: the vendor and its affiliates, which pass nothing on.
    """
    reached = put > 0
    while (wider := (reached | (reached @ (paid > 0))) & ~own).sum() > (reached & ~own).sum():
        reached = wider
    at = np.flatnonzero(reached & ~own)
    part = np.zeros(put.size)
    if at.size:
        weights = paid[np.ix_(at, at)] / has[at, np.newaxis]
        money = np.linalg.solve(np.eye(at.size) - weights.T, put[at])
        part[at] = _part(np.asarray(money, dtype=np.float64), has[at])
    return part


def _part(money: Floats, has: Floats) -> Floats:
    """Give the financed part of what companies have: 0 without any, at most 1 whatever the rounding."""
    part: Floats = np.divide(money, has, out=np.zeros(money.size), where=has > 0)
    return np.clip(part, 0.0, 1.0)


def _by_size(amount: float, size: Floats) -> Floats:
    """Spread an amount in proportion to sizes; nothing where there are none."""
    whole_size = float(size.sum())
    return amount * (size / whole_size) if whole_size > 0 else np.zeros(size.size)


@dataclass(frozen=True, eq=False, repr=False)
class Circular:
    """The part of a vendor's revenue that it financed itself.

    A share is money over money, each added up over paths and months: a ratio of means, with its standard
    error over paths (Taylor's linearisation, the draw as the unit of sampling). Differences of shares are
    paired.

    Attributes
    ----------
    company
        The vendor.
    affiliates
        Companies whose money counts as its own.
    customers
        Ids of the companies, and `outside` for everybody else.
    draw
        `[paths]`: draw of each path.
    financed
        Revenue and its financed parts by path, month and customer, USD.
    """

    company: str
    affiliates: tuple[str, ...]
    customers: tuple[str, ...]
    draw: NDArray[np.int64]
    financed: Financed

    def __repr__(self) -> str:
        """Give the vendor and the size of the sample."""
        paths, months = self.financed.null.shape
        return f"<Circular money of {self.company} on {paths} paths of {months} months>"

    def shares(self, first: int = 1, last: int | None = None) -> pd.DataFrame:
        """Give the shares of revenue over some months.

        Parameters
        ----------
        first, last
            Months of the window, both included; by default all.

        Returns
        -------
        shares
            Indexed by `kind`: `direct` (paid by a company into which the vendor put the money itself),
            `indirect` (after further hops), `total`, `null` (the same totals, spread by size) and `excess`
            (`total` less `null`). `share` of the revenue and its standard error `se`, `amount` (USD a path,
            in the whole window). All NaN but the amount where there is no revenue.

        Raises
        ------
        ArgumentError
            The months are none of the run.
        """
        window = self._window(first, last)
        revenue = self._revenue(window)
        rows = {kind: self._share(money, revenue) for kind, money in self._kinds(window).items()}
        return _table(rows, "kind")

    def difference(
        self, kind: str, other: str, first: int = 1, last: int | None = None
    ) -> tuple[float, float]:
        """Give the difference of two shares, and its standard error, path by path.

        Parameters
        ----------
        kind, other
            Kinds of `shares`.
        first, last
            Months of the window, both included; by default all.

        Raises
        ------
        ArgumentError
            There is no such kind, or the months are none of the run.
        """
        window = self._window(first, last)
        money = self._kinds(window)
        for name in (kind, other):
            choose(name, money, "kind")
        row = self._share(money[kind] - money[other], self._revenue(window))
        return row["share"], row["se"]

    def months(self) -> pd.DataFrame:
        """Give the shares of revenue month by month.

        Returns
        -------
        months
            Indexed by `month` and `kind`, with the columns of `shares`.
        """
        each = {month: self.shares(month, month) for month in range(1, self._last + 1)}
        return pd.concat(each, names=["month"])

    def by_customer(self, first: int = 1, last: int | None = None) -> pd.DataFrame:
        """Tell through whom the money comes back.

        Parameters
        ----------
        first, last
            Months of the window, both included; by default all.

        Returns
        -------
        by_customer
            Indexed by `customer`, those who bring back most first: `revenue` from it, USD a path; `direct`
            and `total`, parts of that revenue, each with its standard error `_se`; `weight`, its part in all
            revenue that the vendor financed (NaN where that is none).

        Raises
        ------
        ArgumentError
            The months are none of the run.
        """
        window = self._window(first, last)
        sums = [each[:, window].sum(axis=1) for each in self.financed[:3]]
        whole_total = float(sums[2].sum())
        rows = {}
        for place, name in enumerate(self.customers):
            revenue, direct, total = (each[:, place] for each in sums)
            if not revenue.any():
                continue
            one, all_hops = self._share(direct, revenue), self._share(total, revenue)
            rows[name] = {
                "revenue": float(revenue.mean()),
                "direct": one["share"],
                "direct_se": one["se"],
                "total": all_hops["share"],
                "total_se": all_hops["se"],
                "weight": float(total.sum()) / whole_total if whole_total else np.nan,
            }
        columns = ["revenue", "direct", "direct_se", "total", "total_se", "weight"]
        table = _table(rows, "customer", columns)
        order = (table["total"] * table["revenue"]).sort_values(ascending=False, kind="stable").index
        return table.loc[order]

    @property
    def _last(self) -> int:
        return int(self.financed.null.shape[1])

    def _window(self, first: int, last: int | None) -> slice:
        start = whole("first", first, 1, self._last)
        return slice(start - 1, self._last if last is None else whole("last", last, start, self._last))

    def _revenue(self, window: slice) -> Floats:
        """Give the revenue of each path."""
        revenue: Floats = self.financed.revenue[:, window].sum(axis=(1, 2))
        return revenue

    def _kinds(self, window: slice) -> dict[str, Floats]:
        """Give the financed revenue of each path by kind."""
        direct, total = (
            each[:, window].sum(axis=(1, 2)) for each in (self.financed.direct, self.financed.total)
        )
        null = self.financed.null[:, window].sum(axis=1)
        return dict(zip(KINDS, (direct, total - direct, total, null, total - null), strict=True))

    def _share(self, money: Floats, revenue: Floats) -> dict[str, float]:
        """Give the ratio of means, and its error."""
        base = float(revenue.mean())
        if base == 0:
            return {"share": np.nan, "se": np.nan, "amount": float(money.mean())}
        share = float(money.mean()) / base
        error = float(standard_error(money - share * revenue, self.draw)) / base
        return {"share": share, "se": error, "amount": float(money.mean())}


def _table(
    rows: Mapping[str, Mapping[str, float]], index: str, columns: Sequence[str] = ("share", "se", "amount")
) -> pd.DataFrame:
    return pd.DataFrame(
        [*rows.values()], index=pd.Index([*rows], name=index, dtype=object), columns=[*columns]
    )
