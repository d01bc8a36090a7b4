"""Runway: how many months of cash are left, by the month in which money stops."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.case import Case, case_of
from cashcade.questions.sides import Luck, Named, common_luck
from cashcade.questions.told import NONE, grid, records
from cashcade.results.statistics import standard_error
from cashcade.rules import Rule, companies, loans, month, scale
from cashcade.words.numerals import whole
from cashcade.world import World

AFTER = 60
"""Months that are looked at after the last month in which money stops."""

STOPS = (1, 13, 25)
"""Months in which money stops where nothing else is said."""

LEVELS = {"low": 0.05, "median": 0.5, "high": 0.95}
"""Quantiles over paths."""

ROUNDS = {"none": True, "distress": False}
"""Whether rounds in need are shut, too."""


@dataclass(frozen=True, eq=False, repr=False)
class Runway:
    """Months to cash-out, by company, month in which money stops, and whether rounds in need go on.

    Parameters
    ----------
    table
        Indexed by `company`, `stops` and `rounds` ("none", or "distress": those that are tried in need):
        `alive`, the share of paths on which the company lives when money stops; of these the `median`
        months that it goes on paying, with the quantiles of 5 and 95 % `low` and `high` (infinite: to the end
        of the run and beyond), and `runs_out`, the share that runs out by the end, with its standard error
        `se`.
    months
        Months that were simulated.
    """

    table: pd.DataFrame
    months: int

    def __repr__(self) -> str:
        return f"<Runway of {self.table.index.unique('company').size} companies over {self.months} months>"

    def document(self) -> dict[str, Any]:
        """Give the answer as values that JSON knows; an infinite number of months is None."""
        return {"months": self.months, "runway": records(self.table.replace(np.inf, np.nan))}

    def __str__(self) -> str:
        """Tell the median runway of each company, the shortest first."""
        stops = [int(each) for each in self.table.index.unique("stops")]
        wide = self.table.reset_index().pivot_table(
            index="company",
            columns=["stops", "rounds"],
            values=[*LEVELS, "runs_out"],
            sort=False,
            dropna=False,
        )
        keys = [(month, rounds) for month in stops for rounds in ROUNDS]
        order = wide["median"].sort_values(keys, kind="stable").index  # type: ignore[call-overload] # a frame
        rows = [
            [str(name), *(_cell(wide.loc[name], key) for key in keys)]
            for name in order
            if any(wide.loc[name, ("runs_out", *key)] > 0 for key in keys)
        ]
        heads = [f"from {month}{'' if ROUNDS[rounds] else ', in need'}" for month, rounds in keys]
        calm = [str(name) for name in order if not any(name == row[0] for row in rows)]
        return "\n".join(
            [
                "Months that cash lasts if money stops: no rounds, share issues or draws from a month on;",
                "in need: rounds that a company tries in need go on. Median (5 % to 95 % of paths).",
                "",
                grid(["Company", *heads], rows),
                "",
                f"{BEYOND}: beyond the run of {self.months} months.",
                *([f"On no path do these run out: {', '.join(calm)}."] if calm else []),
            ]
        )


BEYOND = "\u221e"
"""Cell for more months than were simulated."""


def _cell(row: "pd.Series[float]", key: tuple[int, str]) -> str:
    """Write a median with its quantiles."""
    low, median, high = (_months(row[(level, *key)]) for level in LEVELS)
    return f"{median} ({low} to {high})"


def _months(value: float) -> str:
    if np.isnan(value):
        return NONE
    return f"{value:.0f}" if np.isfinite(value) else BEYOND


def runway(  # noqa: PLR0913 - all but the world are keywords with defaults
    world: World | str | Path | Case,
    month: int | Sequence[int] = STOPS,
    *,
    scenarios: Sequence[Named] = (),
    months: int | None = None,
    paths: int = 500,
    seed: int = 0,
    replicates: int | None = None,
    without: Sequence[str] = (),
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> Runway:
    """Count the months of cash that each company has left if funding stops in a month.

    From that month on nobody is offered a round, sells shares or draws a loan; what was pledged is paid, and
    what matures is refinanced or not as always. Rounds that a company tries in need are shut, too ("none"),
    or go on as the market grants them ("distress"). Up to that month all is as ever, on the same luck. Sudden
    failures, which no cash prevents, are left out from then on; plans, cuts, customers and failures of others
    are in, so this is longer or shorter than cash over burn.

    Parameters
    ----------
    world
        As `cashcade.run` takes it.
    month
        Month in which money stops, or several.
    scenarios, seed, replicates, without, threads, plugins, block
        As in `cashcade.run`.
    months
        Months to simulate; by default 60 after the last month in which money stops.
    paths
        Random paths, the same for each month.

    Returns
    -------
    runway
        With a `table`; `str()` of it names those with the least.

    Raises
    ------
    ArgumentError, WorldError, RuleError, PluginError
        As `cashcade.run`; a month lies outside the run.

    Examples
    --------
    ::

        found = cc.runway("ai-2025-08", (1, 13), paths=200)
        found.table.loc["coreweave"]
    """
    wanted = list(month) if isinstance(month, Sequence) else [month]
    stops = [whole("month", each, 1, 1200 - 1) for each in wanted]
    last = whole("months", max(stops) + AFTER if months is None else months, max(stops), 1200)
    case = case_of(world, scenarios=scenarios, without=without, plugins=plugins, block=block)
    luck = common_luck([case], months=last, paths=paths, seed=seed, replicates=replicates, threads=threads)
    rows = [
        {"company": name, "stops": each, "rounds": rounds, **row}
        for each in stops
        for rounds, shut in ROUNDS.items()
        for name, row in _rows(case, luck, each, needed=shut)
    ]
    table = pd.DataFrame(rows).set_index(["company", "stops", "rounds"])
    order = [company.id for company in case.world.companies]
    return Runway(table.reindex(order, level="company"), last)


def stopped(first: int, *, needed: bool) -> Rule:
    """Give the rule by which money stops.

    Parameters
    ----------
    first
        From which month on.
    needed
        Whether rounds in need stop, too.
    """
    everybody, debt = companies(), loans(may_be_empty=True)
    levers = [everybody.round_offers, everybody.equity_runway, everybody.sudden_failure]
    levers += [debt.draw_share, debt.draw_runway, debt.draw_purchases]
    levers += [everybody.round_runway] if needed else []
    return Rule("money stops", month >= first, [scale(lever, 0.0) for lever in levers])


def _rows(case: Case, luck: Luck, first: int, *, needed: bool) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield what there is to say of each company."""
    found = luck.run(case.under([stopped(first, needed=needed)])).dataset
    failed = found["failed_month"].to_numpy()
    draw = found["path_draw"].to_numpy()
    for name, months in zip(found["company"].to_numpy(), failed.T, strict=True):
        lives = (months == 0) | (months >= first)
        yield str(name), {"alive": float(lives.mean()), **_of(months[lives], draw[lives], first)}


def _of(months: NDArray[np.int64], draw: NDArray[np.int64], first: int) -> dict[str, float]:
    """Tell how long cash lasts on the paths on which a company lives when money stops."""
    if not months.size:
        return dict.fromkeys((*LEVELS, "runs_out", "se"), np.nan)
    lasts = np.where(months > 0, months - first, np.inf)
    levels = np.quantile(lasts, [*LEVELS.values()], method="inverted_cdf")
    ends = np.isfinite(lasts)
    error = float(standard_error(ends, draw))
    return {**dict(zip(LEVELS, map(float, levels), strict=True)), "runs_out": float(ends.mean()), "se": error}
