"""The chain of what led to a failure: dated steps, and money that adds up to what the company lacked.

From the month in which cash was highest for the last time (the peak) up to the month before the failure: what
came in and went out, by reason. In between, what is dated: refusals, balances that mature, broken covenants
and calls, failures of those who bought of the company or sold to it, bills that stayed unpaid, windows that
shut, dearer inputs. And the month of the failure: what came in, what was due to whom, what of it was paid.

    cash at the peak + got - paid = cash before the month of the failure
    that + what came in - what went out - what was due = - shortfall
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from cashcade.results.figures import money
from cashcade.results.retrace import DUE, OWN_COST, RECENT, UNPAID, Retraced, input_bill, lost

REFUSED = {"refused: round": "round", "refused: share issue": "share issue"}
"""Events of money that was asked for and refused."""

LIMITS = {
    "refused: round": " of runway, asks below",
    "refused: share issue": " of runway, asks below",
    "covenant: cash": ", wanted",
    "covenant: loan to value": ", wanted at most",
    "covenant: cover": ", wanted at least",
    "call": " broken, to be cured in",
}
"""What the threshold of an event is."""

NOTED = (*LIMITS, "matured", "cross default")
"""Events of a company that move no cash and are steps of the chain."""

WRITTEN: dict[str, Callable[[float], str]] = {
    **dict.fromkeys(REFUSED, "{:.1f} months".format),
    "covenant: cash": money,
    "call": "{:.0f} months".format,
}
"""How the value of an event and its threshold are written; else to two decimals."""

SHUT = 2.0
"""Code of the regime in which nobody gives money."""

MONEY = ("gets", "pays", "comes in", "goes out", "is due")
"""With what steps begin that add up."""


class Step(NamedTuple):
    """A row of the chain."""

    month: int
    event: str
    who: str
    whom: str
    amount: float
    note: str


def chain(known: Retraced) -> Iterator[Step]:
    """Yield the steps in order."""
    company, peak, until = known.company, known.peak, known.month - 1
    dated = sorted(_dated(known), key=lambda step: step.month)
    yield Step(peak, "peak", company, "", float(known.cash[peak]), "cash, highest for the last time")
    yield from (step for step in dated if step.month <= until)
    if until > peak:
        span = f"months {peak + 1} to {until}" if until > peak + 1 else f"month {until}"
        yield from _flows(known.slide, company, until, ("gets", "pays"), span)
        yield Step(
            until, "cash", company, "", float(known.cash[until]), "left before the month of the failure"
        )
    yield from (step for step in dated if step.month > until)
    yield from _last(known)


def _flows(
    events: pd.DataFrame, company: str, month: int, verbs: tuple[str, str], span: str
) -> Iterator[Step]:
    """Yield what a company gets and pays, by reason."""
    moved = events[events["amount"] != 0]
    for verb, own, other in ((verbs[0], "payee", "payer"), (verbs[1], "payer", "payee")):
        some = moved[moved[own] == company]
        sums = some.groupby(["why", other], observed=True)["amount"].sum().reset_index()
        ordered = sums.sort_values("amount", ascending=False, kind="stable")
        for why, part in ordered.groupby("why", observed=True):
            names, amounts = part[other].astype(str).to_list(), part["amount"].to_list()
            told = ", ".join(
                f"{name} {money(sum_)}" for name, sum_ in zip(names[:RECENT], amounts, strict=False)
            )
            rest = f" and {len(names) - RECENT} more" if len(names) > RECENT else ""
            counterpart = names[0] if len(names) == 1 else "several"
            ends = (counterpart, company) if own == "payee" else (company, counterpart)
            note = span if len(names) == 1 else f"{span}: {told}{rest}"
            yield Step(month, f"{verb}: {why}", *ends, float(sum(amounts)), note)


def _dated(known: Retraced) -> Iterator[Step]:
    """Yield what is dated after the peak; who died is told from the start."""
    yield from _noted(known)
    yield from unpaid_to(known)
    yield from written_off(known)
    for month, name, monthly in lost(known, "payee"):
        yield Step(month, "customer fails", name, known.company, monthly, "paid a month before that")
    for month, name, monthly in lost(known, "payer"):
        yield Step(month, "supplier fails", name, known.company, monthly, "was paid a month before that")
    yield from _windows(known)
    yield from _inputs(known)


def _noted(known: Retraced) -> Iterator[Step]:
    """Yield refusals, maturities, covenants and calls; what is so month after month is one step."""
    own = known.since[known.since["payer"] == known.company]
    runs: list[list[_Note]] = []
    for row in own[own["why"].isin(NOTED)].itertuples():
        note = _Note(int(row.month), str(row.why), str(row.payee), float(row.value), float(row.threshold))
        goes_on = next((run for run in runs if note.follows(run[-1])), None)
        if goes_on is None:
            runs.append([note])
        else:
            goes_on.append(note)
    for run in runs:
        amount = sum(note.value for note in run) if run[0].why == "matured" else np.nan
        yield Step(run[0].month, run[0].why, known.company, run[0].whom, amount, _held(run))


class _Note(NamedTuple):
    """An event that moves no cash."""

    month: int
    why: str
    whom: str
    value: float
    threshold: float

    def follows(self, other: "_Note") -> bool:
        """Whether it is the same thing, in the same month or the next."""
        return (self.why, self.whom) == (other.why, other.whom) and self.month - other.month <= 1


def _held(run: Sequence[_Note]) -> str:
    """Say what set an event off, at the first time and at the last."""
    first, last = run[0], run[-1]
    if first.why == "matured":
        return "not refinanced"
    if np.isnan(first.threshold):
        return ""
    write = WRITTEN.get(first.why, "{:.2f}".format)
    said = f"{write(first.value)}{LIMITS[first.why]} {write(first.threshold)}"
    if last.month == first.month:
        return said
    return f"{said}; {len(run)} times up to month {last.month}, then {write(last.value)}"


def unpaid_to(known: Retraced) -> Iterator[Step]:
    """Yield what others left unpaid of what they owed the company."""
    events = known.since
    others = events[(events["payee"] == known.company) & events["why"].astype(str).str.startswith(UNPAID)]
    sums = others.groupby(["month", "why", "payer"], observed=True)[["value", "threshold"]].sum()
    for (month, why, payer), row in sums.iterrows():
        note = f"of {money(row['threshold'])} due"
        yield Step(int(month), str(why), str(payer), known.company, float(row["value"]), note)


def written_off(known: Retraced) -> Iterator[Step]:
    """Yield what the company lost on others."""
    events = known.since
    own = events[(events["payer"] == known.company) & (events["why"] == "write-off")]
    sums = own.groupby(["month", "payee"], observed=True)[["value", "threshold"]].sum()
    for (month, on), row in sums.iterrows():
        note = f"of {money(row['threshold'])}"
        yield Step(int(month), "write-off", known.company, str(on), float(row["value"]), note)


def _windows(known: Retraced) -> Iterator[Step]:
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
                yield Step(month, "window shut", "capital", "", np.nan, title)


def _inputs(known: Retraced) -> Iterator[Step]:
    """Yield the dearer input, if it is."""
    cost = known.series["company.input_cost"]
    before, now = cost[max(known.peak, 1) - 1], cost[known.month - 1]
    if round(now, 2) > round(before, 2):
        note = f"{now:.2f} times that of the start, {before:.2f} at the peak"
        yield Step(known.month, "dearer input", known.company, "", input_bill(known), note)


def _last(known: Retraced) -> Iterator[Step]:
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
