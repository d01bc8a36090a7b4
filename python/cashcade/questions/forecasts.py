"""The register of dated forecasts of a world: questions with a date, each with a probability or quantiles.

What a listed company reports and what a private one lets be known differ, and so do the questions: revenue of
a quarter of the calendar, or twelve times the revenue of its last month.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade.case import Case
from cashcade.errors import ArgumentError
from cashcade.questions.sides import Ground, Named
from cashcade.results.statistics import standard_error
from cashcade.results.storage import write_bytes
from cashcade.words.numerals import whole
from cashcade.words.places import check_folder
from cashcade.world import World
from cashcade.world.dates import first_day

Floats = NDArray[np.float64]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Levels of the quantiles."""

COLUMNS = (
    *("question", "measure", "entity", "date", "unit", "probability", "se", "q5", "q25", "q50", "q75", "q95"),
    *("world", "hash", "version", "seed", "paths"),
)
"""Columns of the register."""

DIGITS = 4
"""Significant digits of what is forecast."""

QUARTER, HALF = 3, 6
"""Months between dates."""

RECORD = (
    *("company.revenue", "company.capex", "company.debt", "company.raised", "company.exit"),
    *("market.capex", "market.ai_revenue", "market.gpu_index"),
    *("market.regime", "market.credit_window", "market.shares_window", "market.listing"),
)
"""What the answers are made of."""

SHUT = 2
"""Code of the funding regime in which the venture window is shut."""

WAYS_OUT = {1: "bought", 2: "licensed", 3: "listed"}
"""Ways out that become known, by their code."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """One question with what each path answers: true or false, or a number in `unit`."""

    question: str
    measure: str
    entity: str
    month: int
    paths: Floats
    unit: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether every path gives 0: nothing of the sort is in the world, or can happen."""
        return not self.paths.any()


def forecasts(  # noqa: PLR0913 - all but the first are keywords with defaults
    world: World | str | Path | Case,
    *,
    scenarios: Sequence[Named] = (),
    months: int = 24,
    paths: int = 2_000,
    seed: int = 0,
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> pd.DataFrame:
    """List dated forecasts of a world, so that they can be scored later.

    Parameters
    ----------
    world, scenarios, seed, threads, plugins, block
        As in `cashcade.run`.
    months
        Months to simulate; dates are ends of quarters of the calendar that lie wholly within.
    paths
        Random paths, each with a draw of its own.

    Returns
    -------
    register
        A row for each question, sorted by `measure`, `entity` and `date` (the last day of a month). It has a
        `probability` with its standard error `se`, or the quantiles `q5`, `q25`, `q50`, `q75`, `q95` in
        `unit`; beside it `world`, its `hash`, the `version` of cashcade, `seed` and `paths`. By quarter:
        revenue of public companies, run-rates of others (twelve times the revenue of the month), capex, the
        GPU rental index, whether each window for money is shut. By half-year: debt, money raised, and
        whether a company raised any, failed, was bought or licensed, or listed. What is 0 on every path at
        every date is left out, save failures.

    Raises
    ------
    ArgumentError
        No quarter of the calendar lies within the months, or an argument cannot be used.

    Examples
    --------
    ::

        register = cc.forecasts("ai-2025-08", paths=10_000, seed=1)
        register.loc[register["measure"] == "failed"]
    """
    months = whole("months", months, 1, 1200)
    case = Ground(world, scenarios, plugins=plugins, block=block).base
    ends = _quarter_ends(case.world, months)
    if not ends:
        raise ArgumentError(
            f"months is {months}, and no quarter of the calendar that begins after {case.world.date} ends "
            "within; run six months or more."
        )
    result = case.run(
        months=months,
        paths=paths,
        seed=seed,
        replicates=1,
        record=RECORD,
        keep_paths=True,
        quantiles=(),
        threads=threads,
    )
    found = list(_Answers(case.world, result.dataset, ends).all())
    kept = {(each.measure, each.entity) for each in found if not each.says_nothing}
    kept |= {("failed", company.id) for company in case.world.companies}
    rows = [_row(each, result.dataset, case.world) for each in found if (each.measure, each.entity) in kept]
    register = pd.DataFrame(rows, columns=COLUMNS)
    return register.sort_values(["measure", "entity", "date"], ignore_index=True)


def write_forecasts(register: pd.DataFrame, target: str | Path) -> Path:
    """Write a register to a file: CSV, or JSON with a record for each question.

    Raises
    ------
    ArgumentError
        The name ends in neither `.csv` nor `.json`, or there is no such folder.
    WriteError
        The system refuses.
    """
    place = check_register(target)
    text = (
        register.to_csv(index=False, lineterminator="\n", float_format=f"%.{DIGITS}g")
        if place.suffix == ".csv"
        else register.to_json(orient="records", indent=1, double_precision=15) + "\n"
    )
    write_bytes(place, text.encode())
    return place


def check_register(target: str | Path) -> Path:
    """Check, before any work is done, that a register can be written to a file.

    Raises
    ------
    ArgumentError
        As `write_forecasts`.
    """
    place = Path(target)
    if place.suffix not in {".csv", ".json"}:
        raise ArgumentError(f"Cannot tell the format of {str(target)!r}: end it in .csv or .json.")
    check_folder(place)
    return place


def _quarter_ends(world: World, months: int) -> list[int]:
    """Give the months that end a quarter of the calendar which lies wholly within the run."""
    first = QUARTER - (world.date.month - 1) % QUARTER - 1
    return [month for month in range(first or QUARTER, months + 1, QUARTER) if month >= QUARTER]


class _Answers:
    """The answers of the paths of a run to dated questions."""

    def __init__(self, world: World, dataset: xr.Dataset, quarters: Sequence[int]) -> None:
        self.world, self.dataset, self.quarters = world, dataset, quarters
        self.halves = [month for month in quarters if (world.date.month + month) % HALF == 0] or [
            quarters[-1]
        ]

    def all(self) -> Iterator[_Answer]:
        """Yield all questions with their answers."""
        for place, company in enumerate(self.world.companies):
            name = company.name or company.id
            yield from self._flows(place, company.id, name, public=bool(_plain(company.public)))
            yield from self._stocks(place, company.id, name)
            yield from self._fates(place, company.id, name)
        yield from self._market()

    def date(self, month: int) -> str:
        """Give the last day of a month of the run."""
        return _last_day(self.world, month)

    def _series(self, name: str, place: int | None = None) -> Floats:
        """Give a recorded variable, `[paths, months]`."""
        values = self.dataset[name.replace(".", "_")]
        values = values.transpose("kept_path", "month", ...)
        found = values.to_numpy() if place is None else values.to_numpy()[:, :, place]
        return np.asarray(found, dtype=np.float64)

    def _numbers(  # noqa: PLR0913, PLR0917 - what a question is made of
        self,
        said: str,
        measure: str,
        entity: str,
        dates: Sequence[int],
        at: Callable[[int], Floats],
        unit: str = "USD",
    ) -> Iterator[_Answer]:
        for month in dates:
            question = f"{said} {self.date(month)}"
            yield _Answer(question, measure, entity, month, at(month), unit)

    def _flows(self, place: int, entity: str, name: str, *, public: bool) -> Iterator[_Answer]:
        revenue, capex = (self._series(f"company.{each}", place) for each in ("revenue", "capex"))
        if public:
            said = f"Revenue of {name} in the quarter to"
            yield from self._numbers(said, "revenue", entity, self.quarters, _quarterly(revenue))
        else:
            said = f"Twelve times the revenue of {name} in the month to"
            yield from self._numbers(
                said, "run_rate", entity, self.quarters, lambda month: 12.0 * revenue[:, month - 1]
            )
        said = f"Capex of {name} in the quarter to"
        yield from self._numbers(said, "capex", entity, self.quarters, _quarterly(capex))

    def _stocks(self, place: int, entity: str, name: str) -> Iterator[_Answer]:
        debt, raised = (self._series(f"company.{each}", place) for each in ("debt", "raised"))
        yield from self._numbers(
            f"Debt of {name} on", "debt", entity, self.halves, lambda month: debt[:, month - 1]
        )
        said = f"Raised by {name} in rounds and new shares from {self.world.date} to"
        yield from self._numbers(
            said, "raised", entity, self.halves, lambda month: raised[:, :month].sum(axis=1)
        )
        yield from self._chances(
            f"{name} raises a round or sells new shares",
            "raises",
            entity,
            self.halves,
            lambda month: np.asarray((raised[:, :month] > 0).any(axis=1)),
        )

    def _fates(self, place: int, entity: str, name: str) -> Iterator[_Answer]:
        failed = self.dataset["failed_month"].to_numpy()[:, place]
        left = self._series("company.exit", place)
        yield from self._chances(
            f"{name} fails", "failed", entity, self.halves, lambda month: (failed > 0) & (failed <= month)
        )
        for code, way in WAYS_OUT.items():
            yield from self._chances(
                f"{name} {'lists' if way == 'listed' else f'is {way}'}",
                way,
                entity,
                self.halves,
                partial(_is, left, code),
            )

    def _chances(  # noqa: PLR0913, PLR0917 - what a question is made of
        self,
        said: str,
        measure: str,
        entity: str,
        dates: Sequence[int],
        at: Callable[[int], NDArray[np.bool_]],
        when: str = "by",
    ) -> Iterator[_Answer]:
        for month in dates:
            yield _Answer(
                f"{said} {when} {self.date(month)}", measure, entity, month, at(month).astype(np.float64)
            )

    def _market(self) -> Iterator[_Answer]:
        for measure, said in (("capex", "Capex of all companies"), ("ai_revenue", "AI revenue")):
            series = self._series(f"market.{measure}")
            asked = f"{said} in the quarter to"
            yield from self._numbers(asked, measure, "market", self.quarters, _quarterly(series))
        rent = self._series("market.gpu_index")
        if np.ptp(rent) > 0:
            said = f"GPU rental index (1 on {self.world.date}) in the month to"
            yield from self._numbers(
                said, "rent", "market", self.quarters, lambda month: rent[:, month - 1], "1"
            )
        for window, shut in self._windows().items():
            said = f"The {window} window is shut"
            yield from self._chances(
                said,
                f"{window}_shut",
                "market",
                self.quarters,
                partial(_is, shut, 1),
                "on",
            )

    def _windows(self) -> dict[str, NDArray[np.bool_]]:
        """Give by window whether it is shut, `[paths, months]`."""
        flags = {"listing": "listing", "credit": "credit_window", "shares": "shares_window"}
        found = {name: self._series(f"market.{variable}") == 0 for name, variable in flags.items()}
        return {"venture": self._series("market.regime") == SHUT, **found}


def _quarterly(series: Floats) -> Callable[[int], Floats]:
    """Give the sums of three months by the month that ends them."""
    return lambda month: np.asarray(series[:, month - QUARTER : month].sum(axis=1))


def _is(series: NDArray[Any], code: int, month: int) -> NDArray[np.bool_]:
    """Say on which paths a series has a code at the end of a month."""
    return np.asarray(series[:, month - 1] == code)


def _plain(flag: object) -> object:
    """Give a flag that may carry its source."""
    return getattr(flag, "value", flag)


def _last_day(world: World, month: int) -> str:
    first = first_day(month, world.date)
    return str(first.replace(day=monthrange(first.year, first.month)[1]))


def _row(answer: _Answer, dataset: xr.Dataset, world: World) -> dict[str, object]:
    """Give the row of a question."""
    attributes = dataset.attrs
    row: dict[str, object] = {
        "question": answer.question,
        "measure": answer.measure,
        "entity": answer.entity,
        "date": _last_day(world, answer.month),
        "unit": answer.unit,
        "world": attributes["world"],
        "hash": attributes["world_hash"],
        "version": attributes["cashcade"],
        "seed": int(attributes["seed"]),
        "paths": int(attributes["paths"]),
    }
    if answer.unit:
        quantiles = np.quantile(answer.paths, LEVELS)
        names = [f"q{round(100 * level)}" for level in LEVELS]
        return row | {name: _rounded(value) for name, value in zip(names, quantiles, strict=True)}
    error = standard_error(answer.paths, dataset["path_draw"].to_numpy())
    return row | {"probability": _rounded(answer.paths.mean()), "se": _rounded(error)}


def _rounded(value: object) -> float:
    return float(f"{float(value):.{DIGITS}g}")  # type: ignore[arg-type] # a number of NumPy
