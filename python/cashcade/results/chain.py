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

from cashcade.results.figures import money
from cashcade.results.retrace import (
    DUE,
    OWN_COST,
    RECENT,
    Event,
    Retraced,
    added,
    customers_lost,
    input_bill,
    suppliers_lost,
)

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
    yield Step(peak, "peak", company, "", float(known.cash[peak]), "highest cash")
    yield from (step for step in dated if step.month <= until)
    if until > peak:
        span = f"months {peak + 1} to {until}" if until > peak + 1 else f"month {until}"
        slide = [event for event in known.since if event.month <= until]
        yield from _flows(slide, company, until, ("gets", "pays"), span)
        yield Step(
            until, "cash", company, "", float(known.cash[until]), "left before the month of the failure"
        )
    yield from (step for step in dated if step.month > until)
    yield from _last(known)


def _flows(
    events: Sequence[Event], company: str, month: int, verbs: tuple[str, str], span: str
) -> Iterator[Step]:
    """Yield what a company gets and pays, by reason, the largest first."""
    into = added(((each.why, each.payer), each.amount) for each in events if each.payee == company)
    out = added(((each.why, each.payee), each.amount) for each in events if each.payer == company)
    for verb, sums in zip(verbs, (into, out), strict=True):
        largest = sorted(sums.items(), key=lambda item: -item[1])
        for why in dict.fromkeys(reason for (reason, _), amount in largest if amount):
            parts = [(name, amount) for (reason, name), amount in largest if reason == why]
            counterpart = parts[0][0] if len(parts) == 1 else "several"
            ends = (counterpart, company) if sums is into else (company, counterpart)
            total = sum(amount for _, amount in parts)
            yield Step(month, f"{verb}: {why}", *ends, amount=total, note=_parts(parts, span))


def _parts(parts: Sequence[tuple[str, float]], span: str) -> str:
    """Say of whom an amount is made up."""
    if len(parts) == 1:
        return span
    told = ", ".join(f"{name} {money(amount)}" for name, amount in parts[:RECENT])
    return f"{span}: {told}" + (f" and {len(parts) - RECENT} more" if len(parts) > RECENT else "")


def _dated(known: Retraced) -> Iterator[Step]:
    """Yield what is dated after the peak; who died is told from the start."""
    yield from _noted(known)
    yield from unpaid_to(known)
    yield from written_off(known)
    for month, name, monthly in customers_lost(known):
        yield Step(month, "customer fails", name, known.company, monthly, "paid a month before that")
    for month, name, monthly in suppliers_lost(known):
        yield Step(month, "supplier fails", name, known.company, monthly, "was paid a month before that")
    yield from _windows(known)
    yield from _inputs(known)


def _noted(known: Retraced) -> Iterator[Step]:
    """Yield refusals, maturities, covenants and calls; what is so month after month is one step."""
    runs: list[list[Event]] = []
    for event in (event for event in known.own if event.why in NOTED):
        goes_on = next((run for run in runs if _follows(event, run[-1])), None)
        if goes_on is None:
            runs.append([event])
        else:
            goes_on.append(event)
    for run in runs:
        amount = sum(event.value for event in run) if run[0].why == "matured" else np.nan
        yield Step(run[0].month, run[0].why, known.company, run[0].payee, amount, _held(run))


def _follows(event: Event, other: Event) -> bool:
    """Whether it is the same thing, in the same month or the next."""
    return (event.why, event.payee) == (other.why, other.payee) and event.month - other.month <= 1


def _held(run: Sequence[Event]) -> str:
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
    unpaid = [event for event in known.received if event.unpaid]
    due = added(((each.month, each.why, each.payer), each.threshold) for each in unpaid)
    for key, amount in added(((each.month, each.why, each.payer), each.value) for each in unpaid).items():
        yield Step(*key, known.company, amount, f"of {money(due[key])} due")


def written_off(known: Retraced) -> Iterator[Step]:
    """Yield what the company lost on others."""
    losses = [event for event in known.own if event.why == "write-off"]
    owed = added(((each.month, each.payee), each.threshold) for each in losses)
    for key, amount in added(((each.month, each.payee), each.value) for each in losses).items():
        month, other = key
        yield Step(month, "write-off", known.company, other, amount, f"of {money(owed[key])}")


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
    own = [event for event in known.own if event.month == known.month]
    into = [event for event in known.received if event.month == known.month]
    settled = [event for event in own if event.why in DUE]
    rest = [event for event in own if event.why not in (*DUE, *OWN_COST)]
    yield from _flows([*into, *rest], known.company, known.month, ("comes in", "goes out"), "in the month")
    paid = added(((each.settles, each.payee), each.amount) for each in settled)
    unpaid = added(((each.settles, each.payee), each.value) for each in own if each.unpaid)
    for kind, whom in sorted({**paid, **unpaid}):
        here, missing = paid.get((kind, whom), 0.0), unpaid.get((kind, whom), 0.0)
        note = f"paid {money(here)}, unpaid {money(missing)}" if missing else "paid"
        yield Step(known.month, f"is due: {kind}", known.company, whom, here + missing, note)
    for event in own:
        if event.why == "default cost":
            note = "lost by the default itself, so that more stays unpaid than the shortfall"
            yield Step(known.month, "default takes", known.company, event.payee, event.amount, note)
