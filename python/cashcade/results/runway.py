"""Runway at the start: how long cash lasts at the pace of month 1, with debt repaid as it falls due."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NEEDS = ("company.net_cash_flow", "company.drawn", "company.debt_service", "company.interest")
"""Variables of which month 1 is needed."""

DRAWN = frozenset(
    (
        *("company.cash", "loan.balance", "loan.amortisation", "loan.maturity", "loan.interest_only"),
        *("repayment.month", "repayment.amount"),
    )
)
"""Parameters that differ by draw, of which it is made."""

LONGEST = 120
"""Months up to which repayments are counted one by one."""

BULLET, SCHEDULE = 0, 3
"""Codes of amortisation."""


class Flows(NamedTuple):
    """Month 1 of the sampled paths, `[paths, companies]`, in the order of `NEEDS`."""

    net: Floats
    drawn: Floats
    service: Floats
    interest: Floats

    @property
    def before_principal(self) -> Floats:
        """Cash flow without new money, without draws of loans and before principal."""
        return self.net - self.drawn + self.service - self.interest


def runway_at_start(arrays: Mapping[str, NDArray[Any]], flows: Flows, draw: NDArray[np.int64]) -> Floats:
    """Give the months until cash is used up, `[paths, companies]`; infinite where it never is.

    `cash(t) = cash0 + flow * t - principal due by t`, `flow` that of month 1 before principal, without new
    money and draws. Principal falls due at the end of its month and is not refinanced: bullets at maturity;
    linear loans, annuities and those that a contract repays in equal parts from the end of `interest_only`
    to maturity; scheduled ones by their repayments, the rest at maturity. Beyond month 120 only the flow
    counts.

    Parameters
    ----------
    arrays
        A compiled world.
    flows
        Month 1 of each path.
    draw
        `[paths]`: place of the draw of each path.
    """
    arrays, draw = _only(arrays, draw)
    flow = flows.before_principal
    cash = np.array(np.broadcast_to(_of(arrays["company.cash"], draw), flow.shape))
    left = np.full(flow.shape, np.inf)
    for month, principal in enumerate(_principal(arrays)):
        _run_out(left, cash, flow, month, 1.0)
        cash += flow
        if principal.any():
            cash -= _of(_by_company(arrays, principal), draw)
            left[np.isinf(left) & (cash < 0)] = month + 1.0
    _run_out(left, cash, flow, LONGEST, np.inf)
    return left


def _only(
    arrays: Mapping[str, NDArray[Any]], draw: NDArray[np.int64]
) -> tuple[dict[str, NDArray[Any]], NDArray[np.int64]]:
    """Leave out all draws but those of the paths, and give their places among these."""
    some, places = np.unique(draw, return_inverse=True)
    kept = {
        name: values[some] if len(values) > 1 else values for name, values in arrays.items() if name in DRAWN
    }
    return {**arrays, **kept}, places


def _run_out(left: Floats, cash: Floats, flow: Floats, month: int, length: float) -> None:
    """Note whose cash falls below zero in the next months, so many of them."""
    lasts = np.divide(cash, -flow, out=np.full(flow.shape, np.inf), where=flow < 0)
    ends = np.isinf(left) & (lasts < length)
    left[ends] = month + lasts[ends]


def _principal(arrays: Mapping[str, NDArray[Any]]) -> Iterator[Floats]:
    """Yield what falls due of each loan in months 1 to 120, `[draws or 1, loans]`."""
    kind = arrays["loan.amortisation"]
    last, free = np.rint(arrays["loan.maturity"]), np.rint(arrays["loan.interest_only"])
    shape = np.broadcast_shapes(arrays["loan.balance"].shape, last.shape, free.shape)
    owed = np.array(np.broadcast_to(arrays["loan.balance"], shape))
    for month in range(1, LONGEST + 1):
        equal = np.where(month > free, owed / np.maximum(last - month + 1, 1), 0.0)
        planned = np.minimum(_repayments(arrays, month), owed)
        part = np.where(kind == BULLET, 0.0, np.where(kind == SCHEDULE, planned, equal))
        part = np.where(month >= last, owed, part)
        owed -= part
        yield part


def _repayments(arrays: Mapping[str, NDArray[Any]], month: int) -> Floats:
    """Scheduled repayments of each loan in a month, `[draws or 1, loans]`."""
    amount = np.where(np.rint(arrays["repayment.month"]) == month, arrays["repayment.amount"], 0.0)
    return _added(amount, arrays["repayment.loan"], arrays["loan.borrower"].size)


def _by_company(arrays: Mapping[str, NDArray[Any]], principal: Floats) -> Floats:
    """Add up what falls due of the loans of each company, `[draws or 1, companies]`."""
    return _added(principal, arrays["loan.borrower"], arrays["company.cash"].shape[1])


def _added(values: Floats, owner: NDArray[np.int32], count: int) -> Floats:
    """Add columns up by their owner, in their order, `[draws or 1, owners]`, the shorter side by side."""
    if len(values) < owner.size:
        return np.array([np.bincount(owner, row, count) for row in values])
    total = np.zeros((count, values.shape[0]))
    for place, column in zip(owner.tolist(), values.T, strict=True):
        if column.any():
            total[place] += column
    return total.T


def _of(values: Floats, draw: NDArray[np.int64]) -> Floats:
    """Give the values of each path from those of draws, or of one for all."""
    return values if values.shape[0] == 1 else values[draw]
