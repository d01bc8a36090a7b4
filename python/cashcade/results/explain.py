"""Why a company failed on one path: the chain of what its events say, with amounts that add up.

The chain has three parts. From the month in which its cash was highest for the last time (the peak) up to the
month before the failure: what it got and paid, by reason. In between, what is dated: refusals, balances that
mature, broken covenants and calls, failures of those who bought of it or sold to it, bills that stayed unpaid,
windows that shut, dearer inputs. And the month of the failure: what there was, what came in, what was due to
whom, what of it was paid.

    cash at the peak + got - paid = cash before the month of the failure
    that + what came in - what was due = - shortfall
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade.errors import ArgumentError
from cashcade.results.figures import money
from cashcade.results.statistics import standard_error
from cashcade.results.summary import failures
from cashcade.words.names import choose, one_line

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

REFUSED = {"refused: round": "round", "refused: share issue": "share issue"}
"""Events of money that was asked for and refused."""

NOTED = (*REFUSED, "matured", "covenant: cash", "covenant: loan to value", "covenant: cover", "call", "cross default")
"""Events of a company that move no cash and are steps of the chain."""

TRADE = ("contract bill", "equipment")
"""Payments of a customer to its supplier."""

RECENT = 3
"""Months over which the bills of somebody who failed are averaged."""

SHUT = 2.0
"""Code of the regime in which nobody gives money."""

COLUMNS = ("month", "event", "who", "whom", "amount", "note")

MONEY = ("gets", "pays", "comes in", "goes out", "is due")
"""With what steps begin that add up."""


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


class Step(NamedTuple):
    """A row of the chain."""

    month: int
    event: str
    who: str
    whom: str
    amount: float
    note: str


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """Why a company failed on one path, as far as the log of the path says.

    Attributes
    ----------
    company, name
        Id, and what people call it.
    path, month
        Of the failure.
    cause
        As in `Result.failures`.
    behind
        The company whose failure caused it; empty if none.
    debt
        When it failed, USD.
    shortfall
        What it lacked in the month of the failure to pay all that was due, USD; 0 where it could pay and failed of
        losses, of a loan that was called at once, or in an orderly closure.
    steps
        The chain in order: `month`, `event`, `who`, `whom`, `amount` (USD; NaN where none is known) and `note`. Rows
        whose event begins with "gets", "pays", "comes in", "goes out" or "is due" are money from `who` to `whom`: the
        cash of the row "peak", plus what goes to the company, less what goes from it, is minus the shortfall.
    causes
        What was at work, the first first: `cause`, `month` in which it began, `amount` (USD up to the failure; NaN
        where nobody knows) and `covers`, whether that amount alone is at least the shortfall. Amounts overlap and
        are no counterfactuals: they say what is large enough to matter.
    """

    company: str
    name: str
    path: int
    month: int
    cause: str
    behind: str
    debt: float
    shortfall: float
    steps: pd.DataFrame
    causes: pd.DataFrame

    @property
    def first(self) -> str:
        """The first cause: of what is dated and covers the shortfall, or has no amount, the earliest.

        Where there is nothing of that kind, the largest of what went on all along.
        """
        dated = self.causes[self.causes["dated"]]
        enough = dated[dated["covers"] | dated["amount"].isna()]
        if len(enough):
            return str(enough["cause"].iloc[0])
        if self.causes.empty:
            return self.cause
        return str(self.causes.loc[self.causes["amount"].idxmax(), "cause"])

    def __repr__(self) -> str:
        """Give company, path and month."""
        return f"<Explanation of {self.company} on path {self.path}: fails in month {self.month}>"

    def __str__(self) -> str:
        """Give the chain as text."""
        return "\n".join(one_line(line) for line in _text(self))


class _Path(NamedTuple):
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


def explain(dataset: xr.Dataset, again: Again, company: str, path: int | None) -> Explanation:
    """See `Result.explain`."""
    choose(company, [str(name) for name in dataset["company"].to_numpy()], "company")
    fell = failures(dataset)
    fell = fell[fell["company"] == company]
    row = _chosen(dataset, fell, company, path)
    number = int(row["path"])
    known = _known(dataset, again, company, number, int(row["month"]))
    steps = pd.DataFrame([*_chain(known)], columns=[*COLUMNS])
    shortfall = _shortfall(known)
    steps.loc[len(steps)] = [
        *(known.month, "fails", company, "" if pd.isna(row["trigger"]) else row["trigger"]),
        *(shortfall, str(row["cause"])),
    ]
    return Explanation(
        company=company,
        name=str(dataset["company_name"].sel(company=company).item()),
        path=number,
        month=known.month,
        cause=str(row["cause"]),
        behind="" if pd.isna(row["trigger"]) else str(row["trigger"]),
        debt=float(row["debt"]),
        shortfall=shortfall,
        steps=steps,
        causes=_causes(known, shortfall),
    )


def why(dataset: xr.Dataset, again: Again, company: str, paths: int) -> pd.DataFrame:
    """See `Result.why`."""
    choose(company, [str(name) for name in dataset["company"].to_numpy()], "company")
    fell = failures(dataset)
    failing = fell[fell["company"] == company]["path"].head(paths).to_list()
    if not failing:
        explain(dataset, again, company, None)  # Says so.
    found = [explain(dataset, again, company, int(path)) for path in failing]
    kinds = [_kind(each.first) for each in found]
    present = [{_kind(cause) for cause in each.causes["cause"][each.causes["covers"]]} for each in found]
    draw = dataset["path_draw"].sel(path=failing).to_numpy()
    rows = {}
    for kind in sorted(set(kinds), key=kinds.count, reverse=True):
        hit = np.array([each == kind for each in kinds])
        some = [each for each, here in zip(found, hit, strict=True) if here]
        rows[kind] = {
            "paths": len(some),
            "share": float(hit.mean()),
            "se": float(standard_error(hit, draw)),
            "month": float(np.median([each.month for each in some])),
            "shortfall": float(np.median([each.shortfall for each in some])),
            "present": float(np.mean([kind in each for each in present])),
        }
    return pd.DataFrame(rows.values(), index=pd.Index([*rows], name="cause", dtype=object))


def _kind(cause: str) -> str:
    """Give a cause without the name of a company."""
    return cause.split(":", maxsplit=1)[0]


def _chosen(dataset: xr.Dataset, fell: pd.DataFrame, company: str, path: int | None) -> "pd.Series[object]":
    """Give the failure on a path, or the median one by month."""
    if fell.empty:
        count = dataset.sizes["path"]
        raise ArgumentError(f"{company} fails on none of the {count:,} paths; there is nothing to explain.")
    if path is None:
        ordered = fell.sort_values(["month", "path"], kind="stable")
        return ordered.iloc[(len(ordered) - 1) // 2]
    here = fell[fell["path"] == path]
    if here.empty:
        some = ", ".join(str(each) for each in fell["path"].head(3))
        raise ArgumentError(
            f"{company} does not fail on path {path}; it fails on {len(fell):,} of {dataset.sizes['path']:,} paths, "
            f"such as {some}."
        )
    return here.iloc[0]


def _known(dataset: xr.Dataset, again: Again, company: str, path: int, month: int) -> _Path:
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
    return _Path(company, month, place, events, cash, series)


def _shortfall(known: _Path) -> float:
    """Give what was due and unpaid, less what the default itself took of what there was."""
    events = known.last
    own = events[events["payer"] == known.company]
    unpaid = own[own["why"].astype(str).str.startswith(UNPAID)]["value"].sum()
    lost = own[own["why"].isin(OWN_COST)]["amount"].sum()
    return float(unpaid - lost) if unpaid else 0.0


def _chain(known: _Path) -> Iterator[Step]:
    """Yield the steps in order."""
    company, peak = known.company, known.peak
    yield Step(peak, "peak", company, "", float(known.cash[peak]), "cash, highest for the last time")
    until = known.month - 1
    if until > peak:
        span = f"months {peak + 1} to {until}" if until > peak + 1 else f"month {until}"
        yield from _flows(known.slide, company, until, ("gets", "pays"), span)
        yield Step(until, "cash", company, "", float(known.cash[until]), "left before the month of the failure")
    yield from sorted(_dated(known), key=lambda step: step.month)
    yield from _last(known)


def _flows(
    events: pd.DataFrame, company: str, month: int, verbs: tuple[str, str], span: str
) -> Iterator[Step]:
    """Yield what a company gets and pays, by reason."""
    moved = events[events["amount"] != 0]
    for verb, own, other in ((verbs[0], "payee", "payer"), (verbs[1], "payer", "payee")):
        some = moved[moved[own] == company]
        sums = some.groupby(["why", other], observed=True)["amount"].sum().reset_index()
        for why, part in sums.groupby("why", observed=True, sort=True):
            part = part.sort_values("amount", ascending=False, kind="stable")
            names, amounts = part[other].astype(str).to_list(), part["amount"].to_list()
            told = ", ".join(f"{name} {money(sum_)}" for name, sum_ in zip(names[:RECENT], amounts, strict=False))
            rest = f" and {len(names) - RECENT} more" if len(names) > RECENT else ""
            counterpart = names[0] if len(names) == 1 else "several"
            ends = (counterpart, company) if own == "payee" else (company, counterpart)
            note = span if len(names) == 1 else f"{span}: {told}{rest}"
            yield Step(month, f"{verb}: {why}", *ends, float(sum(amounts)), note)


def _dated(known: _Path) -> Iterator[Step]:
    """Yield what is dated after the peak; who died is told from the start."""
    yield from _noted(known)
    yield from _unpaid_to(known)
    yield from _written_off(known)
    for month, name, monthly in _lost(known, "payee"):
        yield Step(month, "customer fails", name, known.company, monthly, "paid a month before that")
    for month, name, monthly in _lost(known, "payer"):
        yield Step(month, "supplier fails", name, known.company, monthly, "was paid a month before that")
    yield from _windows(known)
    yield from _inputs(known)


def _noted(known: _Path) -> Iterator[Step]:
    """Yield refusals, maturities, covenants and calls; a covenant that stays broken is one step."""
    own = known.since[known.since["payer"] == known.company]
    told: dict[tuple[str, str], int] = {}
    for row in own[own["why"].isin(NOTED)].itertuples():
        why, whom, month = str(row.why), str(row.payee), int(row.month)
        goes_on = why.startswith("covenant") and told.get((why, whom)) in {month - 1, month}
        told[why, whom] = month
        if not goes_on:
            amount = float(row.value) if why == "matured" else np.nan
            yield Step(month, why, known.company, whom, amount, _held(why, float(row.value), float(row.threshold)))


def _held(why: str, value: float, threshold: float) -> str:
    """Say what set an event off."""
    if np.isnan(threshold):
        return "not refinanced" if why == "matured" else ""
    if why in REFUSED:
        return f"runway {value:.1f} months, asks below {threshold:.0f}"
    if why == "call":
        return f"broken for {value:.0f} months, {threshold:.0f} to cure it"
    if why == "covenant: cash":
        return f"{money(value)}, wanted {money(threshold)}"
    return f"{value:.2f}, wanted {'at most' if why == 'covenant: loan to value' else 'at least'} {threshold:.2f}"


def _unpaid_to(known: _Path) -> Iterator[Step]:
    """Yield what others left unpaid of what they owed the company."""
    events = known.since
    others = events[(events["payee"] == known.company) & events["why"].astype(str).str.startswith(UNPAID)]
    sums = others.groupby(["month", "why", "payer"], observed=True)[["value", "threshold"]].sum()
    for (month, why, payer), row in sums.iterrows():
        note = f"of {money(row['threshold'])} due"
        yield Step(int(month), str(why), str(payer), known.company, float(row["value"]), note)


def _written_off(known: _Path) -> Iterator[Step]:
    """Yield what the company lost on others."""
    events = known.since
    own = events[(events["payer"] == known.company) & (events["why"] == "write-off")]
    sums = own.groupby(["month", "payee"], observed=True)[["value", "threshold"]].sum()
    for (month, on), row in sums.iterrows():
        note = f"of {money(row['threshold'])}"
        yield Step(int(month), "write-off", known.company, str(on), float(row["value"]), note)


def _lost(known: _Path, own: str) -> Iterator[tuple[int, str, float]]:
    """Yield month and name of who failed and traded with the company, and what was paid a month before that."""
    events = known.events.iloc[: known.place]
    other = "payer" if own == "payee" else "payee"
    trade = events[events["why"].isin(TRADE) & (events[own] == known.company)]
    for row in events[events["why"] == "failure"].itertuples():
        month, name = int(row.month), str(row.payer)
        some = trade[(trade[other] == name) & (trade["month"] < month) & (trade["month"] >= month - RECENT)]
        if len(some):
            yield month, name, float(some["amount"].sum()) / min(RECENT, month - 1)


def _windows(known: _Path) -> Iterator[Step]:
    """Yield months in which a window for money shut, or was shut at the peak."""
    regime = known.series["market.regime"]
    shut = {"money for rounds": regime == SHUT}
    for name, title in (("credit", "credit"), ("shares", "new shares")):
        is_open = known.series[f"market.{name}_window"]
        if is_open.any():  # Else nothing tells it from the regime.
            shut[title] = is_open == 0
    for title, closed in shut.items():
        for month in range(max(known.peak, 1), known.month + 1):
            if closed[month - 1] and (month == max(known.peak, 1) or not closed[month - 2]):
                yield Step(month, "window shuts", "capital", "", np.nan, title)


def _inputs(known: _Path) -> Iterator[Step]:
    """Yield the dearer input, if it is."""
    cost = known.series["company.input_cost"]
    before, now = cost[max(known.peak, 1) - 1], cost[known.month - 1]
    if round(now, 2) > round(before, 2):
        note = f"{now:.2f} times that of the start, {before:.2f} at the peak"
        yield Step(known.month, "dearer input", known.company, "", _input_bill(known), note)


def _input_bill(known: _Path) -> float:
    """What dearer inputs added to bills since the peak."""
    cost = known.series["company.input_cost"]
    events = known.since
    paid = events[(events["payer"] == known.company) & (events["why"] == "contract bill")]
    at = np.maximum(cost[paid["month"].to_numpy() - 1], cost[max(known.peak, 1) - 1])
    parts = 1.0 - cost[max(known.peak, 1) - 1] / np.where(at > 0, at, 1.0)
    return float((paid["amount"].to_numpy() * parts).sum())


def _last(known: _Path) -> Iterator[Step]:
    """Yield the month of the failure: what came in, what was due to whom, what of it was paid."""
    events, company = known.last, known.company
    moved = events[(events["amount"] != 0) & ~events["why"].isin(OWN_COST)]
    settled = moved["why"].isin(DUE) & (moved["payer"] == company)
    unpaid = events[(events["payer"] == company) & events["why"].astype(str).str.startswith(UNPAID)]
    yield from _flows(moved[~settled], company, known.month, ("comes in", "goes out"), "in the month")
    paid = moved[settled].assign(kind=moved["why"][settled].astype(str).map(DUE))
    missing = unpaid.assign(kind=unpaid["why"].astype(str).str.removeprefix(UNPAID), amount=unpaid["value"])
    sums = {
        name: part.groupby(["kind", part["payee"].astype(str)], observed=True)["amount"].sum()
        for name, part in (("paid", paid), ("unpaid", missing))
    }
    due = pd.DataFrame(sums).fillna(0.0)
    for (kind, whom), row in due.iterrows():
        note = "paid" if row["unpaid"] == 0 else f"paid {money(row['paid'])}, unpaid {money(row['unpaid'])}"
        yield Step(known.month, f"is due: {kind}", company, whom, float(row["paid"] + row["unpaid"]), note)


class _Cause(NamedTuple):
    """A cause; `dated` says whether it began with an event."""

    cause: str
    month: int
    amount: float
    dated: bool


def _causes(known: _Path, shortfall: float) -> pd.DataFrame:
    """List what was at work, what is dated first, by month."""
    found = sorted(_events_at_work(known), key=lambda each: each.month)
    found += [each for each in _all_along(known) if each.amount > 0]
    table = pd.DataFrame(found, columns=[*_Cause._fields])
    table["covers"] = table["amount"] >= shortfall
    return table[["cause", "month", "amount", "covers", "dated"]]


def _events_at_work(known: _Path) -> Iterator[_Cause]:
    """Yield causes that began with an event."""
    until = known.month
    for end, cause in (("payee", "customer lost"),):
        for month, name, monthly in _lost(known, end):
            yield _Cause(f"{cause}: {name}", month, monthly * max(until - month, 0), dated=True)
    unpaid = [*_unpaid_to(known)]
    if unpaid:
        yield _Cause("unpaid bills", unpaid[0].month, sum(step.amount for step in unpaid), dated=True)
    lost = [*_written_off(known)]
    if lost:
        yield _Cause("losses", lost[0].month, sum(step.amount for step in lost), dated=True)
    own = known.since[known.since["payer"] == known.company]
    if (calls := own[own["why"].isin(["call", "cross default"])]).size:
        called = float(known.series["company.accelerated"][until - 1])
        yield _Cause("loan called", int(calls["month"].iloc[0]), called, dated=True)
    if (balances := own[own["why"] == "matured"]).size:
        yield _Cause("not refinanced", int(balances["month"].iloc[0]), float(balances["value"].sum()), dated=True)
    for why, what in REFUSED.items():
        if (refused := own[own["why"] == why]).size:
            yield _Cause(f"no {what}", int(refused["month"].iloc[0]), np.nan, dated=True)


def _all_along(known: _Path) -> Iterator[_Cause]:
    """Yield what went on since the peak, the month of the failure with what was due in it."""
    start = known.peak + 1
    out, into = _since_peak(known)
    excess = known.series["company.commitment_excess"][known.peak : known.month]
    yield _Cause("commitments beyond use", start, float(excess.sum()), dated=False)
    yield _Cause("dearer input", start, _input_bill(known), dated=False)
    yield _Cause("capex beyond loans", start, out.get("equipment", 0.0) - into.get("draw", 0.0), dated=False)
    yield _Cause("debt service", start, out.get("debt service", 0.0), dated=False)
    running = ("cost", "contract bill", "discretionary")
    sales = sum(into.get(why, 0.0) for why in ("segment sale", *TRADE))
    spent = sum(out.get(why, 0.0) for why in running)
    yield _Cause("cost beyond sales", start, spent - sales, dated=False)


def _since_peak(known: _Path) -> tuple[dict[str, float], dict[str, float]]:
    """Give what was due since the peak by what it settles, and what came in by reason."""
    events = known.since
    own = events[events["payer"] == known.company]
    reasons = own["why"].astype(str)
    unpaid = reasons.str.startswith(UNPAID)
    kinds = reasons.str.removeprefix(UNPAID).map(lambda why: DUE.get(why, why))
    out = own["amount"].where(~unpaid, own["value"]).groupby(kinds).sum()
    into = events[events["payee"] == known.company].groupby("why", observed=True)["amount"].sum()
    return (
        {str(why): float(amount) for why, amount in out.items()},
        {str(why): float(amount) for why, amount in into.items()},
    )


def _text(found: Explanation) -> Iterator[str]:
    """Yield the lines of an explanation."""
    behind = f", by the failure of {found.behind}" if found.behind else ""
    yield f"{found.name} fails in month {found.month} on path {found.path} ({found.cause}{behind})."
    yield f"It owes {money(found.debt)} USD, and is short of {found.shortfall:,.2f} USD." if found.shortfall else (
        f"It owes {money(found.debt)} USD, and could pay what was due in the month."
    )
    yield ""
    for step in found.steps.itertuples():
        ends = " -> ".join(end for end in (step.who, step.whom) if end)
        amount = "" if np.isnan(step.amount) else f"{money(step.amount)}"
        yield f"{step.month:>4}  {step.event:<24} {amount:>9}  {ends}{f' ({step.note})' if step.note else ''}".rstrip()
    yield ""
    yield "At work, by date, then what went on since the peak (amounts overlap; * covers the shortfall alone):"
    for cause in found.causes.itertuples():
        amount = "not known" if np.isnan(cause.amount) else money(cause.amount)
        yield f"{cause.month:>4}  {'*' if cause.covers else ' '} {cause.cause:<28} {amount:>9}"
    yield f"First cause: {found.first}."
