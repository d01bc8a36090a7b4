"""What was at work on the way to a failure, with amounts to hold against what the company lacked."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from cashcade.results.chain import REFUSED, unpaid_to, written_off
from cashcade.results.retrace import DUE, TRADE, UNPAID, Retraced, input_bill, lost


class Cause(NamedTuple):
    """A cause; `dated` says whether it began with an event."""

    cause: str
    month: int
    amount: float
    dated: bool


def causes(known: Retraced, shortfall: float) -> pd.DataFrame:
    """List what was at work, what is dated first, by month."""
    found = sorted(_events_at_work(known), key=lambda each: each.month)
    found += [each for each in _all_along(known) if each.amount > 0]
    table = pd.DataFrame(found, columns=[*Cause._fields])
    table["covers"] = table["amount"] >= shortfall
    return table[["cause", "month", "amount", "covers", "dated"]]


def _events_at_work(known: Retraced) -> Iterator[Cause]:
    """Yield causes that began with an event."""
    until = known.month
    for month, name, monthly in lost(known, "payee"):
        yield Cause(f"customer lost: {name}", month, monthly * (until - month), dated=True)
    unpaid = [*unpaid_to(known)]
    if unpaid:
        yield Cause("unpaid bills", unpaid[0].month, sum(step.amount for step in unpaid), dated=True)
    losses = [*written_off(known)]
    if losses:
        yield Cause("losses", losses[0].month, sum(step.amount for step in losses), dated=True)
    own = known.since[known.since["payer"] == known.company]
    if (calls := own[own["why"].isin(["call", "cross default"])]).size:
        called = float(known.series["company.accelerated"][until - 1])
        yield Cause("loan called", int(calls["month"].iloc[0]), called, dated=True)
    if (balances := own[own["why"] == "matured"]).size:
        yield Cause(
            "not refinanced", int(balances["month"].iloc[0]), float(balances["value"].sum()), dated=True
        )
    for why, what in REFUSED.items():
        if (refused := own[own["why"] == why]).size:
            yield Cause(f"no {what}", int(refused["month"].iloc[0]), np.nan, dated=True)


def _all_along(known: Retraced) -> Iterator[Cause]:
    """Yield what went on since the peak, the month of the failure with what was due in it."""
    start = known.peak + 1
    out, into = _since_peak(known)
    excess = known.series["company.commitment_excess"][known.peak : known.month]
    yield Cause("commitments beyond use", start, float(excess.sum()), dated=False)
    yield Cause("dearer input", start, input_bill(known), dated=False)
    yield Cause("capex beyond loans", start, out.get("equipment", 0.0) - into.get("draw", 0.0), dated=False)
    yield Cause("debt service", start, out.get("debt service", 0.0), dated=False)
    running = ("cost", "contract bill", "discretionary")
    sales = sum(into.get(why, 0.0) for why in ("segment sale", *TRADE))
    spent = sum(out.get(why, 0.0) for why in running)
    yield Cause("cost beyond sales", start, spent - sales, dated=False)


def _since_peak(known: Retraced) -> tuple[dict[str, float], dict[str, float]]:
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
