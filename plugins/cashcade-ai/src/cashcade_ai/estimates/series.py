"""Series of one company as logarithms by month, without the season of the year."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from cashcade_ai.sourced import LAST_DAY, history

KINDS: dict[str, tuple[str, ...]] = {
    "labs": ("OpenAI", "Anthropic", "xAI", "Mistral", "Cohere"),
    "apps": (
        "Anysphere (Cursor)",
        "Perplexity",
        "Cognition",
        "Replit",
        "Lovable",
        "Harvey",
        "Glean",
        "ElevenLabs",
        "Bolt (StackBlitz)",
        "Runway",
        "Windsurf",
        "Midjourney",
    ),
    "clouds": ("Alphabet", "Amazon", "Meta", "Microsoft", "Oracle"),
    "chips": ("Nvidia", "AMD"),
    "neoclouds": ("CoreWeave",),
}
"""Who is what. Databricks sells software for data and is left out; products of one company are too."""

GIANTS = ("Alphabet", "Amazon", "Meta", "Microsoft")

METRICS: dict[str, str] = {"labs": "arr", "apps": "arr", "clouds": "revenue", "neoclouds": "revenue"}

CHIP_METRICS = {"Nvidia": "revenue", "AMD": "data_center_revenue"}
"""Nvidia's total is filed for all years, its data-centre share is from memory before 2023."""

HALF_QUARTER = pd.Timedelta(days=45)

SEASONS = 4

SEASONAL_LENGTH = 13
"""Quarters that a series needs before its season is taken out."""


@dataclass(frozen=True)
class Series:
    """Logarithms of one quantity of one company.

    Parameters
    ----------
    entity, kind, metric
        Whose, of what kind of company, and of what.
    months
        Whole months since January 1995, increasing.
    logs
        Logarithms, without the season.
    season
        What was taken out, by place of the observation modulo 4; zeros where nothing was.
    """

    entity: str
    kind: str
    metric: str
    months: np.ndarray
    logs: np.ndarray
    season: np.ndarray

    def __len__(self) -> int:
        return len(self.months)

    def last_growth(self, least: int = 3, span: int = 12) -> float:
        """Return the growth of the last `span` months or a little less, a year, as a logarithm.

        Parameters
        ----------
        least
            Months that must lie between the two observations.
        span
            Months that may at most lie between them, if one does; else the next earlier observation serves.
        """
        gaps = self.months[-1] - self.months[:-1]
        fit = np.flatnonzero((gaps >= least) & (gaps <= span))
        early = np.flatnonzero(gaps >= least)
        if not len(early):
            return float("nan")
        start = int(fit[0]) if len(fit) else int(early[-1])
        return float(12 * (self.logs[-1] - self.logs[start]) / gaps[start])


def month_of(date: pd.Timestamp) -> int:
    """Return whole months from January 1995 to the month of a date."""
    return (date.year - 1995) * 12 + date.month - 1


def series(
    entity: str, kind: str, metric: str, until: pd.Timestamp = LAST_DAY, unit: str | None = None
) -> Series:
    """Return a series up to a date, one observation a month: the last one.

    A flow of a quarter stands in the middle of it.
    """
    table = history()
    rows = table[(table["entity"] == entity) & (table["metric"] == metric) & (table["as_of"] <= until)]
    if unit is not None:
        rows = rows[rows["unit"] == unit]
    rows = rows.sort_values("as_of")
    shift = HALF_QUARTER if unit == "USD/quarter" else pd.Timedelta(0)
    months = np.array([month_of(date - shift) for date in rows["as_of"]], dtype=int)
    logs = np.log(rows["value"].to_numpy(dtype=float))
    last = np.append(np.diff(months) > 0, True)[: len(months)]
    season = _season(logs[last]) if unit == "USD/quarter" else np.zeros(SEASONS)
    taken = logs[last] - season[np.arange(last.sum()) % SEASONS]
    return Series(entity, kind, metric, months[last], taken, season)


def panel(kind: str, until: pd.Timestamp = LAST_DAY) -> list[Series]:
    """Return the series of revenue of all companies of a kind that have at least one observation."""
    found = []
    for entity in KINDS[kind]:
        metric = CHIP_METRICS[entity] if kind == "chips" else METRICS[kind]
        unit = "USD/year" if metric == "arr" else "USD/quarter"
        found.append(series(entity, kind, metric, until, unit))
    return [each for each in found if len(each)]


def capex_panel(until: pd.Timestamp = LAST_DAY) -> list[Series]:
    """Return the quarterly capex of the four giants."""
    return [series(entity, "capex", "capex", until, "USD/quarter") for entity in GIANTS]


def declines(found: list[Series]) -> tuple[int, float]:
    """Count falls from one observation to the next of over 10 per cent, and the years that were watched."""
    falls = sum(int((np.diff(each.logs) < np.log(0.9)).sum()) for each in found)
    years = sum(
        (late - early) / 12 for each in found for early, late in pairwise(each.months) if len(each) > 1
    )
    return falls, float(years)


def _season(logs: np.ndarray) -> np.ndarray:
    """Return the mean deviation from a centred mean of four quarters, by place modulo 4, summing to 0."""
    if len(logs) < SEASONAL_LENGTH:
        return np.zeros(SEASONS)
    weights = np.array([0.5, 1, 1, 1, 0.5]) / 4
    middle = np.convolve(logs, weights, mode="valid")
    away = logs[2:-2] - middle
    places = np.arange(2, len(logs) - 2) % SEASONS
    means = np.array([away[places == place].mean() for place in range(SEASONS)])
    return np.asarray(means - means.mean())
