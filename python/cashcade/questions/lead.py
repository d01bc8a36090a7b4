"""Lead: which gauge tells failures beforehand, by how many months, and how surely."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.case import Case, case_of
from cashcade.errors import ArgumentError
from cashcade.questions.sides import Named
from cashcade.questions.told import NONE, grid, records, with_error
from cashcade.results.result import Result
from cashcade.results.statistics import clusters
from cashcade.words.names import choose, texts
from cashcade.words.numerals import whole
from cashcade.world import World

Floats = NDArray[np.float64]

GAUGES = (
    *("company.runway", "company.cash", "company.net_cash_flow", "company.leverage", "company.growth"),
    *("company.valuation", "company.expected_margin", "company.utilisation", "company.input_cost"),
    *("market.gpu_index", "market.regime", "market.spread", "market.credit_window", "market.index"),
    *("market.ai_revenue_capex", "market.capex_gdp", "market.funding_quality", "market.vendor_financed"),
    *("market.gdp_gap", "market.failed_share"),
)
"""Gauges that are looked at where nothing else is said."""

AHEAD = (1, 3, 6, 12)
"""Months between the gauge and the failure."""

NULL = 0.5
"""What a gauge that knows nothing has."""

SURE = 1.96
"""Standard errors by which a gauge has to differ from that."""


@dataclass(frozen=True, eq=False, repr=False)
class Lead:
    """How well gauges tell failures beforehand.

    Parameters
    ----------
    table
        Indexed by `gauge` and `ahead` (months from the gauge to the failure): `auc`, the chance that of two
        paths the one on which a company fails so many months later shows the higher value, and its
        standard error `se` (draws are the unit of sampling); `sign`, "high" or "low": which values go before
        failures; `skill`, the larger of the AUC and one less it; and `failures`, how many of them there
        are.
    company
        Whose failures; empty for those of all.
    """

    table: pd.DataFrame
    company: str

    @property
    def leads(self) -> pd.DataFrame:
        """The gauges, the best first: `months` by which each leads, and there its `skill`, `se`, `sign`.

        The longest of the leads that were looked at up to which it tells failures from no failures by more
        than 1.96 standard errors; 0 where it does not even the shortest, of which then skill is told.
        """
        rows = {str(gauge): _led(some.droplevel("gauge")) for gauge, some in self._by_gauge()}
        columns = ["months", "skill", "se", "sign"]
        found = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("gauge")
        return found.sort_values(["months", "skill"], ascending=False, kind="stable")

    def _by_gauge(self) -> Iterator[tuple[object, pd.DataFrame]]:
        yield from self.table.groupby(level="gauge", sort=False)

    def _auc(self, gauge: str, ahead: int) -> tuple[float, float]:
        found = self.table.loc[[(gauge, ahead)]]
        return float(found["auc"].iloc[0]), float(found["se"].iloc[0])

    def __repr__(self) -> str:
        whose = self.company or "all companies"
        return f"<Lead of {self.table.index.unique('gauge').size} gauges over failures of {whose}>"

    def document(self) -> dict[str, Any]:
        """Give the answer as values that JSON knows."""
        return {"company": self.company or None, "lead": records(self.table), "leads": records(self.leads)}

    def __str__(self) -> str:
        """Tell the gauges, the best first."""
        whose = f"of {self.company}" if self.company else "of all companies"
        lags = [int(each) for each in self.table.index.unique("ahead")]
        heads = ["Gauge", "Leads by, months", "Values before", *(f"AUC {lag} ahead" for lag in lags)]
        rows = [
            [
                str(gauge),
                str(row["months"]) if row["months"] else NONE,
                str(row["sign"]),
                *(with_error(*self._auc(str(gauge), lag)) for lag in lags),
            ]
            for gauge, row in self.leads.iterrows()
        ]
        return "\n".join(
            [
                f"Gauges before failures {whose}; {NULL} is what a gauge has that knows nothing.",
                "",
                grid(heads, rows),
                "",
                "AUC: chance that of two paths in the same month, the one on which the company fails so many",
                "months later shows the higher value; below 0.5 low values go before failures.",
            ]
        )


def _led(some: pd.DataFrame) -> tuple[int, float, float, str]:
    """Give the longest lead up to which a gauge is better than nothing, and its skill there."""
    ahead, last = 0, some.iloc[0]
    for months, row in some.iterrows():
        if not row["skill"] - NULL > SURE * row["se"] or row["sign"] != some["sign"].iloc[0]:
            break
        ahead, last = int(str(months)), row
    return ahead, float(last["skill"]), float(last["se"]), str(last["sign"])


def lead(  # noqa: PLR0913 - all but the world are keywords with defaults
    world: World | str | Path | Case,
    gauges: Sequence[str] = GAUGES,
    *,
    company: str | None = None,
    ahead: Sequence[int] | None = None,
    scenarios: Sequence[Named] = (),
    months: int = 36,
    paths: int = 500,
    seed: int = 0,
    replicates: int | None = None,
    without: Sequence[str] = (),
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> Lead:
    """Find the indicators that lead failures, by how many months, with their AUC.

    A company in a month is compared with itself in the same month on other paths: of those on which it fails
    so many months later, and those on which it lives then, how often the gauge is higher on the first (ties
    count half). So no size of a company and no trend of the world makes a gauge look good; 0.5 is what one
    has that knows nothing.

    Parameters
    ----------
    world
        As `cashcade.run` takes it.
    gauges
        Variables of companies or of the market (`cashcade variables` lists them); one of a company is held
        against its own failure.
    company
        Whose failures; by default those of all.
    ahead
        Months from the gauge to the failure; 0 is the same month. By default 1, 3, 6 and 12, within the run.
    scenarios, months, paths, seed, replicates, without, threads, plugins, block
        As in `cashcade.run`.

    Returns
    -------
    lead
        With a `table`, and `leads`, the best gauge first.

    Raises
    ------
    ArgumentError
        There is no such gauge or company, or nobody fails.

    Examples
    --------
    ::

        print(cc.lead("ai-2025-08", ["company.runway", "market.gpu_index"], paths=200))
    """
    case = case_of(world, scenarios=scenarios, without=without, plugins=plugins, block=block)
    names = texts("gauges", gauges, '["company.runway", "market.gpu_index"]')
    for name in names:
        if name.split(".", maxsplit=1)[0] not in {"company", "market"}:
            raise ArgumentError(f"the gauge is {name!r}, wanted a variable of companies or of the market.")
    wanted = [each for each in AHEAD if each < months] if ahead is None else ahead
    lags = sorted({whole("ahead", each, 0, months - 1) for each in wanted})
    result = case.run(
        months=months,
        paths=paths,
        seed=seed,
        replicates=replicates,
        threads=threads,
        quantiles=(),
        record=names,
        keep_paths=True,
    )
    places = _places(result, company)
    rows = [
        {"gauge": name, "ahead": lag, **_told(result, name, lag, places)} for name in names for lag in lags
    ]
    table = pd.DataFrame(rows).set_index(["gauge", "ahead"])
    return Lead(table, company or "")


def _places(result: Result, company: str | None) -> list[int]:
    """Give the companies whose failures are looked at, those that fail on some path and not on all."""
    names = [str(name) for name in result.dataset["company"].to_numpy()]
    if company is not None:
        choose(company, names, "company")
    fell = {*np.nonzero(result.dataset["failed_month"].to_numpy())[1].tolist()}
    places = [place for place, name in enumerate(names) if place in fell and company in {None, name}]
    if not places:
        raise ArgumentError(f"{company or 'no company'} fails on {'no' if company else 'any'} path.")
    return places


class _Pairs(NamedTuple):
    """Pairs of a path with a failure and one without.

    Attributes
    ----------
    higher, pairs
        `[paths]`: of the pairs that a path is part of, on how many the failing one is higher, and how many
        there are.
    total, among
        The same of all pairs, each once.
    failures
        Paths with a failure.
    """

    higher: Floats
    pairs: Floats
    total: float
    among: float
    failures: int


def _told(result: Result, name: str, lag: int, places: Sequence[int]) -> dict[str, object]:
    """Give a row of the table."""
    values = result.dataset[name.replace(".", "_")].to_numpy()
    failed = result.dataset["failed_month"].to_numpy()
    draw = result.dataset["path_draw"].to_numpy()
    higher, pairs = np.zeros(draw.size), np.zeros(draw.size)
    total = count = 0.0
    failures = 0
    for place in places:
        gauge = values[:, :, place] if values.ndim == 3 else values
        for month in range(1, values.shape[1] + 1 - lag):
            found = _pairs(gauge[:, month - 1], failed[:, place], month + lag)
            if found is not None:
                higher += found.higher
                pairs += found.pairs
                total, count = total + found.total, count + found.among
                failures += found.failures
    auc = total / count if count else np.nan
    sign = "low" if auc < NULL else "high"
    error = _error(higher - auc * pairs, count, draw) if count else np.nan
    return {"auc": auc, "se": error, "sign": sign, "skill": max(auc, 1.0 - auc), "failures": failures}


def _pairs(gauge: Floats, failed: NDArray[np.int64], month: int) -> _Pairs | None:
    """Compare the paths on which a company fails in a month with those on which it then lives."""
    fell = np.flatnonzero(failed == month)
    lives = np.flatnonzero((failed == 0) | (failed > month))
    if not fell.size or not lives.size:
        return None
    higher, pairs = np.zeros(gauge.size), np.zeros(gauge.size)
    higher[fell] = _above(gauge[fell], gauge[lives])
    higher[lives] = fell.size - _above(gauge[lives], gauge[fell])
    pairs[fell], pairs[lives] = lives.size, fell.size
    return _Pairs(higher, pairs, float(higher[fell].sum()), float(fell.size * lives.size), fell.size)


def _above(some: Floats, others: Floats) -> Floats:
    """Count, for each of some, the others that it is above; ties count half."""
    ordered = np.sort(others)
    return (np.searchsorted(ordered, some, "left") + np.searchsorted(ordered, some, "right")) / 2.0


def _error(apart: Floats, count: float, draw: NDArray[np.int64]) -> float:
    """Give the standard error of an AUC by its linear part, with the draw as the unit of sampling.

    Each pair is part of two paths; what a path adds to the AUC is the sum over its pairs of what they are
    above the mean (Hoeffding; DeLong, DeLong and Clarke-Pearson 1988, in clusters as Obuchowski 1997).
    """
    sums = clusters(apart, draw).sums
    if sums.size == 1:
        sums = apart
    many = sums.size
    return float(np.sqrt(many / (many - 1) * np.square(sums).sum()) / count) if many > 1 else float("nan")
