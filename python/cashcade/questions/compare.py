"""Cases compared on the same luck: what differs, and how sure that is.

Random numbers have addresses, so path k of two cases has the same luck: the difference on a path is due to
what differs between the cases, and its error is that of the differences, not of two means.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.case import Case
from cashcade.errors import ArgumentError
from cashcade.questions.happened import NEEDED, firsts
from cashcade.questions.sheets import TABLES, sheets_of
from cashcade.questions.sides import BASELINE, Ground, Side, common_luck, name_of
from cashcade.results.outcomes import outcomes
from cashcade.results.page import check_page, write_report
from cashcade.results.result import Result
from cashcade.results.save import save_sheets
from cashcade.results.statistics import standard_error
from cashcade.words.names import choose
from cashcade.words.notebook import Bar, shown
from cashcade.words.numerals import whole
from cashcade.words.rows import Row
from cashcade.world import World

if TYPE_CHECKING:
    from cashcade.pictures.reach import ComparisonPictures

Floats = NDArray[np.float64]

Key = TypeVar("Key", str, int)


def compare(  # noqa: PLR0913 - all but the first two are keywords with defaults
    world: World | str | Path | Case,
    sides: Sequence[Side] | Mapping[str, Side],
    *,
    months: int = 36,
    paths: int = 2_000,
    seed: int = 0,
    replicates: int | None = None,
    record: Sequence[str] = (),
    events: bool = False,
    quantiles: Sequence[float] = (),
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> "Comparison":
    """Compare several cases with the same random numbers, path by path.

    Parameters
    ----------
    world
        As `cashcade.run` takes it; scenarios of the sides are added to it. A case has its own: beside it
        no side is a scenario.
    sides
        What is compared with the first of them, by name or in order: "baseline" (the world as it is), a
        scenario or shock, what the world says otherwise (`{"company.openai.cash": 1e10}`), several of these
        together, another world (a `World` or a `Path`), or a `Case`.
    months, paths, seed, threads, plugins, block
        As in `cashcade.run`.
    replicates
        Paths per draw, the same on all sides; by default the most that a side would have by itself.
    record
        Variables to compare month by month; they are kept path by path.
    events
        Whether what `Comparison.events` needs is kept, too.
    quantiles
        As in `cashcade.run`, of the result of each side; by default none.

    Returns
    -------
    comparison
        With the `Result` of each side, and tables of the differences.

    Raises
    ------
    ArgumentError
        There are fewer than two sides, two have one name, or an argument cannot be used.

    Examples
    --------
    ::

        found = cc.compare("ai-2025-08", ["baseline", "funding-shut"], paths=1_000)
        found.outcomes()
    """
    ground = Ground(world, plugins=plugins, block=block)
    cases = {name: ground.case(side) for name, side in _named(sides).items()}
    luck = common_luck(
        cases.values(), months=months, paths=paths, seed=seed, replicates=replicates, threads=threads
    )
    kept = (*record, *(name for name in NEEDED if name not in record)) if events else tuple(record)
    return Comparison({name: luck.run(case, kept, quantiles) for name, case in cases.items()})


def _named(sides: Sequence[Side] | Mapping[str, Side]) -> dict[str, Side]:
    """Give each side a name, and refuse too few of them or two of one name."""
    if isinstance(sides, str):
        raise ArgumentError(f"sides is {sides!r}, wanted at least two: [{BASELINE!r}, {sides!r}].")
    found = dict(sides) if isinstance(sides, Mapping) else {}
    if not isinstance(sides, Mapping):
        for side in sides:
            name = name_of(side)
            if name in found:
                raise ArgumentError(
                    f"two sides are called {name!r}; give them names: {{{name!r}: ..., ...}}."
                )
            found[name] = side
    if len(found) < 2:
        raise ArgumentError(
            f"there are {len(found)} sides, wanted at least two; the first may be {BASELINE!r}."
        )
    return found


class Comparison:
    """Results of several cases with the same random numbers; all differences are from the first.

    Parameters
    ----------
    results
        By name of the side, the first is what the others are compared with; of runs of the same seed, months,
        first path and replicates.

    Raises
    ------
    ArgumentError
        The runs do not have the same luck.
    """

    def __init__(self, results: Mapping[str, Result]) -> None:
        self.results = dict(results)
        self.base = next(iter(self.results))
        wanted = _luck(self.results[self.base])
        for name, result in self.results.items():
            if _luck(result) != wanted:
                raise ArgumentError(
                    f"{name!r} has (seed, first path, replicates, months) {_luck(result)} and {self.base!r} "
                    f"has {wanted}; only runs with the same luck can be compared path by path."
                )

    def __repr__(self) -> str:
        others = ", ".join(self.sides)
        return f"<Comparison of {others} with {self.base} on {self._paths.size} paths>"

    def __str__(self) -> str:
        """Give `outcomes` with all its columns."""
        return f"{self!r}\n{self.outcomes().to_string(float_format='{:.4g}'.format)}"

    def _repr_html_(self) -> str:
        """Show it in a notebook: by how much more often what happens, side by side."""
        parts = []
        for side in self.sides:
            table = self.outcomes().xs(side, level="side")
            table = table.reindex(table["difference"].abs().sort_values(ascending=False, kind="stable").index)
            bars = [
                Bar(
                    str(name),
                    row["difference"],
                    row["se"],
                    f"{100 * row['difference']:+.1f} ±{100 * row['se']:.1f}",
                )
                for name, row in table[table["only_base"] + table["only_side"] > 0].iterrows()
            ]
            said = [] if bars else ["No path differs."]
            caption = "Difference in the chance of each outcome, percentage points"
            parts.append(shown(f"{side} against {self.base}", said, caption, bars))
        luck = f"<div><small>{self._paths.size:,} paths of the same luck</small></div>"
        return f"<div>{''.join(parts)}{luck}</div>"

    @property
    def plot(self) -> "ComparisonPictures":
        """Pictures of the comparison, one method each; needs the extra `plot` (docs/pictures.md).

        Raises
        ------
        MissingExtraError
            matplotlib is not installed.
        """
        pictures: ComparisonPictures = import_module("cashcade.pictures.reach").ComparisonPictures(self)
        return pictures

    @property
    def sides(self) -> tuple[str, ...]:
        """Names of the sides that are compared with the first."""
        return tuple(self.results)[1:]

    @cached_property
    def _paths(self) -> NDArray[np.int64]:
        """Paths that were finished on all sides."""
        each = [result.dataset["path"].to_numpy() for result in self.results.values()]
        common = each[0]
        for other in each[1:]:
            common = np.intersect1d(common, other)
        return common

    def outcomes(self, of: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return the difference of the chance of each outcome.

        Parameters
        ----------
        of
            "systemic", "failed-debt", and ids of companies (whether it fails); one or several. By default the
            first two and all companies of all sides.

        Returns
        -------
        outcomes
            Indexed by `outcome` and `side`: `base` and `mean`, the means over paths on the first side and
            on this one; `difference` with its paired standard error `se`; `only_base` and `only_side`, the
            shares of paths on which it happens (or is more) on one of them only.

        Raises
        ------
        ArgumentError
            There is no such outcome on all sides.
        """
        names = self._outcomes() if of is None else of

        def values(result: Result) -> dict[str, Floats]:
            chosen = result.dataset.sel(path=self._paths)
            return outcomes(chosen, names)

        return self._table("outcome", values)

    def _outcomes(self) -> list[str]:
        companies = [
            [str(name) for name in result.dataset["company"].to_numpy()] for result in self.results.values()
        ]
        shared = set(companies[0]).intersection(*companies[1:])
        return ["systemic", "failed-debt", *(name for name in companies[0] if name in shared)]

    def failed_by(self, month: int) -> pd.DataFrame:
        """Return the difference of the chance of failure by a month, for each company.

        Parameters
        ----------
        month
            A month of the run.

        Returns
        -------
        failed_by
            As `outcomes` gives it, indexed by `company` and `side`.

        Raises
        ------
        ArgumentError
            The month lies outside the run.
        """
        last = whole("month", month, 1, self.results[self.base].dataset.attrs["months"])
        companies = self._outcomes()[2:]

        def values(result: Result) -> dict[str, Floats]:
            failed = result.dataset["failed_month"].sel(path=self._paths, company=companies).to_numpy()
            hit = ((failed > 0) & (failed <= last)).astype(np.float64)
            return dict(zip(companies, hit.T, strict=True))

        return self._table("company", values)

    def events(self) -> pd.DataFrame:
        """Return the events that differ: failures, rounds, extended loans, broken covenants on one side only.

        Returns
        -------
        events
            A row for each kind of event of a company or loan that is not the same on all paths, indexed by
            `event`, `of` and `side`, those that differ on most paths first. Counts of paths: `base` and
            `here`, on which it happens on the first side and on this one; `only_base` and `only_side`;
            `moved`, on which it happens on both, for the first time in another month; and
            `later`, by how many months the median of these.

        Raises
        ------
        ArgumentError
            The runs did not keep what it needs.
        """
        rows = [
            {"event": kind, "of": name, "side": side, **_differing(month, there[kind, name])}
            for side in self.sides
            for there in [self._firsts(self.results[side])]
            for (kind, name), month in self._firsts(self.results[self.base]).items()
            if (kind, name) in there
        ]
        columns = ["event", "of", "side", "base", "here", "only_base", "only_side", "moved", "later"]
        table = pd.DataFrame(rows, columns=columns)
        most = table[["only_base", "only_side", "moved"]].sum(axis=1)
        order = most[most > 0].sort_values(ascending=False, kind="stable").index
        return table.loc[order].set_index(["event", "of", "side"])

    @property
    def has_events(self) -> bool:
        """Whether the runs kept what `events` needs."""
        return not any(map(_missing, self.results.values()))

    def entities(self, row: Row) -> list[str]:
        """Return the entities that all sides have; for the market one without a name."""
        if row.entity == "market":
            return [""]
        ids = [[str(name) for name in each.dataset[row.entity].to_numpy()] for each in self.results.values()]
        return [name for name in ids[0] if all(name in others for others in ids[1:])]

    def _firsts(self, result: Result) -> dict[tuple[str, str], NDArray[np.int64]]:
        """Give the month in which each event first happens on each path, `[paths]`; 0: never."""
        missing = _missing(result)
        if missing:
            raise ArgumentError(f"{missing[0]} was not kept; compare with events=True.")
        return firsts(result.dataset, self._paths)

    def series(self, name: str, of: str | None = None) -> pd.DataFrame:
        """Return the difference of a recorded variable, month by month.

        Parameters
        ----------
        name
            Of those in `record`, such as `company.revenue` or `market.gpu_index`.
        of
            Whose; not for variables of the market.

        Returns
        -------
        series
            Indexed by `month` and `side`: `base` and `mean` over paths, `difference` and its paired
            standard error `se`, in the unit of the variable; what fails stays as it stands (cash 0).

        Raises
        ------
        ArgumentError
            It was not recorded, or there is no such entity.
        """
        base = self.values(self.base, name, of)
        months = pd.RangeIndex(1, base.shape[1] + 1, name="month")
        parts = {side: self._by_month(base, self.values(side, name, of), months) for side in self.sides}
        return pd.concat(parts, names=["side"]).swaplevel()

    def _by_month(self, base: Floats, side: Floats, months: pd.Index) -> pd.DataFrame:
        """Compare `[paths, months]`."""
        rows = [self._row(one, other) for one, other in zip(base.T, side.T, strict=True)]
        return pd.DataFrame(rows, index=months).drop(columns=["only_base", "only_side"])

    def values(self, side: str | Result, name: str, of: str | None = None) -> Floats:
        """Return a recorded variable on each path of a side, `[paths, months]`.

        Parameters
        ----------
        side
            Its name, or its result.
        name, of
            As in `series`.

        Raises
        ------
        ArgumentError
            It was not recorded, or there is no such side or entity.
        """
        result = side if isinstance(side, Result) else self._of(side)
        column = name.replace(".", "_")
        kept = result.dataset
        if column not in kept:
            raise ArgumentError(f"{name} was not kept; compare with record=[{name!r}].")
        chosen = kept[column].sel(kept_path=self._paths)
        entity = name.split(".", maxsplit=1)[0]
        if entity == "market":
            return np.asarray(chosen.to_numpy(), dtype=np.float64)
        if of is None:
            raise ArgumentError(
                f"{name} is of a {entity}; say of which: of={str(kept[entity].to_numpy()[0])!r}."
            )
        choose(of, [str(each) for each in kept[entity].to_numpy()], entity)
        return np.asarray(chosen.sel({entity: of}).to_numpy(), dtype=np.float64)

    def save(self, path: str | Path) -> tuple[Path, ...]:
        """Write the comparison as spreadsheets; an old file is replaced in one step or not at all.

        Parameters
        ----------
        path
            `.xlsx` is a workbook, `.csv` a folder: a sheet or file for `outcomes`, for `failed_by` by months
            12, 24, 36 and the last, for `series` of all that was kept, for `events` where they were kept, and
            one that says of each side what was run. Each side by itself is written by `Result.save`.

        Returns
        -------
        paths
            What was written.

        Raises
        ------
        ArgumentError, MissingExtraError, WriteError
            As `Result.save`.
        """
        return save_sheets(sheets_of(self), path, TABLES)

    def report(self, path: str | Path, *, command: str = "") -> Path:
        """Write the report of the comparison: one file that needs no network (docs/report.md).

        Parameters
        ----------
        path, command
            As in `Result.report`.

        Returns
        -------
        path
            What was written.

        Raises
        ------
        ArgumentError, MissingExtraError, WriteError
            As `Result.report`.
        """
        return write_report(check_page(path), self.results, self.outcomes(), command)

    def _of(self, side: str) -> Result:
        choose(side, self.results, "side")
        return self.results[side]

    def difference(self, side: str, values: Callable[[Result], Floats]) -> tuple[float, float]:
        """Return the mean difference of any number of a path, with its paired standard error.

        Parameters
        ----------
        side
            Which is compared with the first.
        values
            Values of a result, `[paths]`, in the order of its paths.

        Returns
        -------
        difference, error
            In the unit of the values.
        """
        apart = values(self._of(side)) - values(self.results[self.base])
        return float(apart.mean()), float(standard_error(apart, self._draw))

    @cached_property
    def _draw(self) -> NDArray[np.int64]:
        draw: NDArray[np.int64] = (
            self.results[self.base].dataset["path_draw"].sel(path=self._paths).to_numpy()
        )
        return draw

    def _table(self, index: str, values: Callable[[Result], Mapping[Key, Floats]]) -> pd.DataFrame:
        """Compare numbers of paths, by key and side."""
        base = values(self.results[self.base])
        rows = [
            {index: key, "side": side, **self._row(base[key], other[key])}
            for side in self.sides
            for other in [values(self.results[side])]
            for key in base
        ]
        return pd.DataFrame(rows).set_index([index, "side"])

    def _row(self, base: Floats, side: Floats) -> dict[str, float]:
        apart = side - base
        return {
            "base": float(base.mean()),
            "mean": float(side.mean()),
            "difference": float(apart.mean()),
            "se": float(standard_error(apart, self._draw)),
            "only_base": float((apart < 0).mean()),
            "only_side": float((apart > 0).mean()),
        }


def _differing(base: NDArray[np.int64], side: NDArray[np.int64]) -> dict[str, float]:
    """Count the paths on which an event happens on one side only, or in another month."""
    both = (base > 0) & (side > 0)
    moved = both & (base != side)
    return {
        "base": int((base > 0).sum()),
        "here": int((side > 0).sum()),
        "only_base": int(((base > 0) & (side == 0)).sum()),
        "only_side": int(((side > 0) & (base == 0)).sum()),
        "moved": int(moved.sum()),
        "later": float(np.median((side - base)[moved])) if moved.any() else np.nan,
    }


def _missing(result: Result) -> list[str]:
    """Name what `Comparison.events` needs and a result did not keep."""
    return [name for name in NEEDED if name.replace(".", "_") not in result.dataset]


def _luck(result: Result) -> tuple[int, int, int, int]:
    """Give what the luck of a run depends on, and its length."""
    attributes = result.dataset.attrs
    return tuple(int(attributes[name]) for name in ("seed", "first_path", "replicates", "months"))  # type: ignore[return-value] # four names
