"""Forecasts through the engine: a small world of what was known at each origin, run with the core.

Capex of a giant is a fleet with its plan, revenue a segment. Parameters and the state on the day are drawn
together, as the estimates have them: draw k of all ranges of a part is one row of its posterior (`choices`
that share an assumption). Cash is ample, so that nobody fails: what is asked is whether the processes, as the
engine runs them, hold what came.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cashcade
import numpy as np
import pandas as pd
import xarray as xr
from cashcade.world import World
from cashcade.world.origin import Origin

from cashcade_ai.backtest.cases import Case
from cashcade_ai.backtest.process import BREAKS, belief, drawn, known
from cashcade_ai.estimates.capex import common
from cashcade_ai.estimates.growth import fit, states, step
from cashcade_ai.estimates.series import month_of

CHOICES = 500
"""Rows of the posterior of a part."""

PATHS = 4_000
"""Paths of each world."""

QUARTER = (-1, 0, 1)
"""Months of a quarter about its middle, where its observation stands."""

YEAR = 12
"""Months of which a run-rate is the revenue."""

AMPLE = 1e14
"""USD: cash that no company uses up."""


@dataclass(frozen=True)
class Part:
    """The cases of one part at one origin, and what they have in common.

    Parameters
    ----------
    name
        Name of the part.
    cases
        The companies that the part holds.
    process
        Rows of half-life, volatility, noise and long run.
    common_share
        Of the variance of shocks to growth, which all share; 0 where it is not estimated.
    """

    name: str
    cases: Sequence[Case]
    process: np.ndarray
    common_share: float

    def choices(self, values: np.ndarray) -> dict[str, Any]:
        """Return a range that takes row k of all where each draw takes one."""
        return {"choices": values.tolist(), "shared": self.name.replace(" ", "-")}


def forecasts(wanted: Sequence[Case], seed: int = 1, paths: int = PATHS) -> np.ndarray:
    """Return samples of the logs of outcomes, a row a case; parameters are fitted by part and origin."""
    random = np.random.default_rng(seed)
    rows: dict[int, np.ndarray] = {}
    for origin in dict.fromkeys(case.origin for case in wanted):
        mine = [case for case in wanted if case.origin == origin]
        built = world(origin, mine, random)
        months = max(_month(case) for case in mine) + max(QUARTER)
        result = cashcade.run(
            built,
            months=months,
            paths=paths,
            seed=seed,
            replicates=1,
            record=["segment.revenue", "fleet.capex"],
            keep_paths=True,
            quantiles=(),
        )
        for case in mine:
            seen = belief(case.part).seen * random.standard_normal(paths)
            rows[id(case)] = _samples(case, result.dataset) + seen
    return np.array([rows[id(case)] for case in wanted])


def world(origin: pd.Timestamp, wanted: Sequence[Case], random: np.random.Generator) -> World:
    """Return the world of an origin: a company for each entity, a segment or fleet for each case."""
    parts = [_part(name, origin, wanted, random) for name in dict.fromkeys(case.part for case in wanted)]
    entries = [entry for part in parts for case in part.cases for entry in _entries(part, case, random)]
    owners = dict.fromkeys(case.entity for case in wanted)
    raw: dict[str, Any] = {
        "world": {"name": f"known-{origin:%Y-%m}", "date": origin.date()},
        "company": [{"id": _slug(entity), "name": entity, "cash": AMPLE} for entity in owners],
    }
    for kind, entry in entries:
        raw.setdefault(kind, []).append(entry)
    return World.from_raw(raw, Origin(f"what was known on {origin:%Y-%m-%d}"))


def _part(name: str, origin: pd.Timestamp, wanted: Sequence[Case], random: np.random.Generator) -> Part:
    series = known(name, origin)
    share = common(series).share if name == "capex" else 0.0
    process = fit(series, belief(name)).draws(CHOICES, random)
    return Part(name, [case for case in wanted if case.part == name], process, share)


def _entries(part: Part, case: Case, random: np.random.Generator) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the segment or the fleet of a case, at the level and growth of the day of the forecast."""
    half_life, volatility, noise, run = part.process.T
    moments = states(case.known, part.process, belief(case.part))
    gone = month_of(case.origin) - int(case.known.months[-1])
    shocks = (noise**2 / 12, volatility**2 / 12)
    level, growth = drawn(step(moments, gone, half_life, shocks, run), CHOICES, random)
    amount = part.choices(np.exp(level) / (YEAR if case.metric == "arr" else len(QUARTER)))
    if case.part == "capex":
        # Growth of a plan is that of its mean over paths; what is fitted is that of its median.
        mean = noise**2 / 2
        yield (
            "fleet",
            {
                "id": _slug(case.entity, case.metric),
                "owner": _slug(case.entity),
                "capex": amount,
                "capex_growth": part.choices(growth + mean),
                "capex_growth_long": part.choices(run + mean),
                "capex_growth_half_life": part.choices(half_life),
                "capex_volatility": part.choices(volatility),
                "capex_noise": part.choices(noise),
                "capex_common": part.common_share,
            },
        )
        return
    breaks = BREAKS[case.part]
    yield (
        "segment",
        {
            "id": _slug(case.entity, case.metric),
            "seller": _slug(case.entity),
            "revenue": amount,
            "growth": part.choices(growth),
            "growth_long": part.choices(run),
            "growth_half_life": part.choices(half_life),
            "growth_volatility": part.choices(volatility),
            "volatility": part.choices(noise),
            "growth_path": "median",
            "break_hazard": breaks.hazard,
            "break_size": (breaks.least + breaks.most) / 2,
            "break_spread": (breaks.most - breaks.least) / (breaks.most + breaks.least),
        },
    )


def _samples(case: Case, dataset: xr.Dataset) -> np.ndarray:
    """Return the log of what the engine gives for the outcome, without the season."""
    kind, variable = ("fleet", "fleet_capex") if case.part == "capex" else ("segment", "segment_revenue")
    series = dataset[variable].sel({kind: _slug(case.entity, case.metric)})
    if case.metric == "arr":
        return np.asarray(np.log(YEAR * series.sel(month=_month(case)).to_numpy()))
    months = [_month(case) + apart for apart in QUARTER]
    return np.asarray(np.log(series.sel(month=months).sum("month").to_numpy()))


def _month(case: Case) -> int:
    """Return the month of the run in which the outcome lies, or the middle of its quarter."""
    return int(case.known.months[-1]) + case.months - month_of(case.origin)


def _slug(*words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")
