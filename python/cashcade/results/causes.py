"""Causes at work on the way to a failure, with amounts to hold against what the company lacked."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from cashcade.results.chain import REFUSED, unpaid_to, written_off
from cashcade.results.retrace import TRADE, Event, Retraced, added, customers_lost, input_bill, suppliers_lost

MEANINGS = {
    "contagion": "it could have paid if its debtors had paid in the month",
    "covenant": "a lender called a loan",
    "maturity": "a balance fell due and was not refinanced",
    "commitment": "it could have paid but for commitments beyond its use",
    "losses": "it wrote off more than it can bear",
    "sudden": "an end without warning, at a yearly rate that the world states",
    "wound_up": "an order that was given to the run",
    "wind_down": "it closed in order, and creditors lost",
    "cash": "for no other reason: its cash, and all the money it found, did not cover what was due",
}
"""Causes of failures in the model, in words; of those that hold the first is the cause."""

FIRST = {
    "contagion": "unpaid bills",
    "covenant": "loan called",
    "maturity": "not refinanced",
    "commitment": "commitments beyond use",
}
"""First causes that the model knows, by the cause of the failure."""


AFTER_OTHERS = ("customer lost", "unpaid bills", "losses", "failures of others")
"""Causes that are failures of others; the last is all of them together."""


class Removal(NamedTuple):
    """A cause to be left out.

    Attributes
    ----------
    kind
        The cause without the names of companies.
    others
        Companies that are kept alive, where it is that others failed.
    """

    kind: str
    others: tuple[str, ...] = ()


class Cause(NamedTuple):
    """Something at work.

    Attributes
    ----------
    cause
        Name of the cause.
    month
        In which it began.
    amount
        Up to the failure, USD; NaN where nobody knows.
    covers
        Whether the amount is at least the shortfall.
    dated
        Whether it began with an event; else it went on since the peak.
    """

    cause: str
    month: int
    amount: float
    covers: bool
    dated: bool

    @property
    def counts(self) -> bool:
        """Whether it is large enough to matter, as far as anybody knows."""
        return self.covers or bool(np.isnan(self.amount))


def causes(known: Retraced, shortfall: float) -> tuple[Cause, ...]:
    """List what was at work, what is dated first, by month."""
    dated = sorted(_dated(known), key=lambda each: each[1])
    running = [each for each in _all_along(known) if each[1] > 0]
    return (
        *(Cause(cause, month, amount, amount >= shortfall, dated=True) for cause, month, amount in dated),
        *(
            Cause(cause, known.peak + 1, amount, amount >= shortfall, dated=False)
            for cause, amount in running
        ),
    )


def kind_of(cause: str) -> str:
    """Give a cause without the name of a company."""
    return cause.split(":", maxsplit=1)[0]


def removal_of(cause: str, known: Retraced) -> Removal:
    """Give what leaves a cause out."""
    kind = kind_of(cause)
    if kind not in AFTER_OTHERS:
        return Removal(kind)
    named = (cause.split(": ", maxsplit=1)[1],) if ": " in cause else others_of(known, kind)
    return Removal(kind, named)


def others_of(known: Retraced, kind: str = AFTER_OTHERS[-1]) -> tuple[str, ...]:
    """Name the companies whose failures are links of the chain, at any lag, or those behind one cause."""
    found = {
        "customer lost": [name for _, name, _ in customers_lost(known)],
        "unpaid bills": [step.who for step in unpaid_to(known)],
        "losses": [step.whom for step in written_off(known)],
    }
    if kind in found:
        return tuple(sorted({*found[kind]} - {known.company}))
    suppliers = [name for _, name, _ in suppliers_lost(known)]
    return tuple(sorted({*suppliers, *(name for some in found.values() for name in some)} - {known.company}))


def first_cause(cause: str, found: tuple[Cause, ...]) -> str:
    """Give the first cause of a failure: see `Explanation.first`."""
    if cause != "cash":
        return FIRST.get(cause, cause)
    if dated := [each for each in found if each.dated and each.counts]:
        return dated[0].cause
    known = [each for each in found if not np.isnan(each.amount)]
    return max(known, key=lambda each: each.amount).cause if known else cause


def _dated(known: Retraced) -> Iterator[tuple[str, int, float]]:
    """Yield what began with an event: the month of the first, and an amount."""
    for month, name, monthly in customers_lost(known):
        yield f"customer lost: {name}", month, monthly * (known.month - month)
    for cause, steps in (("unpaid bills", [*unpaid_to(known)]), ("losses", [*written_off(known)])):
        if steps:
            yield cause, steps[0].month, sum(step.amount for step in steps)
    noted = {why: [event for event in known.own if event.why == why] for why in (*REFUSED, "matured")}
    if calls := [event for event in known.own if event.why in {"call", "cross default"}]:
        yield "loan called", calls[0].month, float(known.series["company.accelerated"][known.month - 1])
    if balances := noted["matured"]:
        yield "not refinanced", balances[0].month, sum(event.value for event in balances)
    for why, what in REFUSED.items():
        if noted[why]:
            yield f"no {what}", noted[why][0].month, np.nan


def _all_along(known: Retraced) -> Iterator[tuple[str, float]]:
    """Yield what went on since the peak, the month of the failure with what was due in it."""
    out = added((each.settles, _due(each)) for each in known.own)
    into = added((each.why, each.amount) for each in known.received)
    excess = known.series["company.commitment_excess"][known.peak : known.month]
    sales = sum(into.get(why, 0.0) for why in ("segment sale", *TRADE))
    spent = sum(out.get(why, 0.0) for why in ("cost", "contract bill", "discretionary"))
    yield "commitments beyond use", float(excess.sum())
    yield "dearer input", input_bill(known)
    yield "capex beyond loans", out.get("equipment", 0.0) - into.get("draw", 0.0)
    yield "debt service", out.get("debt service", 0.0)
    yield "cost beyond sales", spent - sales


def _due(event: Event) -> float:
    """Give what an event pays, or leaves unpaid."""
    return event.value if event.unpaid else event.amount
