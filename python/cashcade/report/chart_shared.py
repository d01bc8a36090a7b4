"""Parts that pictures of a report have in common: choices, labels, and which months a table shows."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from cashcade.report.chart import Choice, View, safe
from cashcade.report.side import Side
from cashcade.results.outcomes import FAILED_DEBT, SYSTEMIC

COMPANIES = 14
"""Companies, holders or pairs in a picture of bars."""

CHOSEN = 26
"""Companies to choose from."""

WIDE = 1.96
"""Standard errors on either side of a mean in an interval of 95 %."""

BILLION = 1e9

WORDS = {SYSTEMIC: "a systemic cascade", FAILED_DEBT: "debt that fails, of all debt"}
"""Outcomes that are no company's failure."""


def first_view(views: Mapping[str, View]) -> View:
    """Give the view that is shown at first."""
    return next(iter(views.values()))


def side_choice(sides: Sequence[Side]) -> Choice:
    """Give the selector of a side."""
    return Choice("side", "Scenario", {side.name: side.name for side in sides})


def company_choice(sides: Sequence[Side]) -> Choice:
    """Give the selector of a company."""
    options = {name: side.names[name] for side in sides for name in _chosen(side)}
    return Choice("company", "Company", options)


def _chosen(side: Side) -> list[str]:
    """Give the companies to choose from: those that fail, then the others, as far as there is room."""
    return [str(name) for name in side.summary.index[:CHOSEN]]


def outcome_name(side: Side, outcome: str) -> str:
    """Say what an outcome is."""
    return WORDS.get(outcome, f"{side.names.get(outcome, outcome)} fails")


def labels(texts: Sequence[str]) -> list[str]:
    """Give labels for an axis, each of them once: what is alike is numbered."""
    seen: dict[str, int] = {}
    found = []
    for text in map(safe, texts):
        seen[text] = seen.get(text, 0) + 1
        found.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return found


def marks(side: Side) -> list[int]:
    """Give the places of months that a table shows: quarters, or at most two dozen, and the last."""
    step = 3 * math.ceil(side.months / 72)
    return sorted({*range(step - 1, side.months, step), side.months - 1})


def rounded(values: "pd.Series[float]") -> list[float]:
    """Give numbers to six digits, which is more than a picture shows."""
    return [float(f"{value:.6g}") for value in values]
