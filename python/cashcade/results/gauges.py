"""Gauges of the market that people are shown: titles, in what they are drawn, and when they say nothing."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cashcade.words.rows import variables

if TYPE_CHECKING:
    from cashcade.results.result import Result

TITLES = {
    "market.capex_gdp": "Capex over GDP",
    "market.ai_revenue": "AI revenue, a month",
    "market.ai_revenue_capex": "AI revenue over AI capex",
    "market.gpu_index": "GPU rental index, start 1",
    "market.companies_alive": "Companies alive",
    "market.failed_debt": "Debt of the failed",
}
"""Gauges that are shown, in this order, and what they are called."""

STILL = {
    "market.capex_gdp": 0.0,
    "market.ai_revenue": 0.0,
    "market.ai_revenue_capex": 0.0,
    "market.gpu_index": 1.0,
}
"""Values of gauges in a world that has nothing to move them: then they are not shown."""

_DRAWN = {"USD": ("bn USD", 1e9), "USD/month": ("bn USD", 1e9), "fraction": ("%", 0.01)}
"""In what a number is drawn, by its unit, and how much of it that is."""


class Gauge(NamedTuple):
    """How a gauge is drawn: its label with what it is drawn in, and how much of its unit that is."""

    label: str
    size: float


def drawn(name: str) -> Gauge:
    """Tell how one of `TITLES` is drawn."""
    word, size = _DRAWN.get(variables()[name].unit, ("", 1.0))
    return Gauge(f"{TITLES[name]}, {word}" if word else TITLES[name], size)


def moves(result: "Result", name: str) -> bool:
    """Tell whether the world of a result has what a recorded gauge measures."""
    if name == "market.failed_debt":
        return "loan_borrower" in result.dataset
    stem = name.replace(".", "_")
    if name not in STILL:
        return True
    mean, spread = (result.dataset[f"{stem}_{part}"].to_numpy() for part in ("mean", "std"))
    return bool((mean != STILL[name]).any() or (np.nan_to_num(spread) != 0).any())
