"""The model behind the page: from a setting to numbers, a cascade and the command; no widgets."""

import shlex
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pandas as pd
import xarray as xr

from cashcade.case import Case
from cashcade.explore.knobs import Knob, knobs_of, settings
from cashcade.load import load_world
from cashcade.plugin import find_plugins
from cashcade.plugin.offers import catalogue_of
from cashcade.questions.compare import Comparison
from cashcade.results.document import full_names
from cashcade.results.exits import leavers
from cashcade.results.gauges import TITLES, drawn
from cashcade.results.page import NEEDED
from cashcade.results.result import Result
from cashcade.rules import Scenario, Shock
from cashcade.words.names import choose
from cashcade.world import World
from cashcade.world.settings import joined

COARSE, FINE = 200, 1_000
"""Paths that are shown at once, and those that follow."""

KEPT = 8
"""Results and cases that are kept."""

Key = TypeVar("Key")
Value = TypeVar("Value")

BASELINE = ""
"""The scenario in which nothing else happens."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the page.

    Parameters
    ----------
    scenario
        By name; empty for none.
    moved
        Paths of knobs that do not stand at their start, with their values, by path.
    seed
        Seed of the random numbers.
    """

    scenario: str = BASELINE
    moved: tuple[tuple[str, float], ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of a setting.

    Parameters
    ----------
    paths
        How many paths it is from.
    failing
        Chance of failure by the end of the run and its standard error, by company.
    leaving
        Chance to have left through a door by then, by company; of companies with doors.
    systemic
        Chance of a systemic cascade and its standard error.
    gauges
        Means by month, by name, as they are drawn.
    ties
        Pairs of companies that a contract, loan, stake, pledge or order ties.
    """

    paths: int
    failing: dict[str, tuple[float, float]]
    leaving: dict[str, float]
    systemic: tuple[float, float]
    gauges: dict[str, list[float]]
    ties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Hop:
    """A failure of a cascade.

    Parameters
    ----------
    month, company, cause, debt
        As in `Result.failures`.
    behind
        The company whose failure caused it; empty if none.
    unpaid, lost
        What it left unpaid and what was written off on it in that month, by who bears it, USD.
    """

    month: int
    company: str
    cause: str
    behind: str
    debt: float
    unpaid: dict[str, float] = field(default_factory=dict)
    lost: dict[str, float] = field(default_factory=dict)


class Model:
    """A world to play with.

    Parameters
    ----------
    world
        As `cashcade.run` takes it.
    months
        Months of each run.

    Attributes
    ----------
    names
        What people call the companies of all results so far, by id, and all outside.
    """

    def __init__(self, world: str, months: int = 36) -> None:
        self.given = world
        self.months = months
        self.world: World = load_world(world)
        self.knobs: tuple[Knob, ...] = knobs_of(self.world)
        self.names: dict[str, str] = {}
        self._bases: dict[str, Case] = {}
        self._moved: dict[Setting, Case] = {}
        self._results: dict[tuple[Setting, int], Result] = {}

    @cached_property
    def scenarios(self) -> tuple[str, ...]:
        """Names of scenarios and shocks that this world can take, without arguments; the empty one first."""
        offers = catalogue_of(find_plugins()).offers.values()
        return (BASELINE, *(each.record.name for each in offers if isinstance(each.record, Scenario | Shock)))

    def setting(self, values: Mapping[str, float], scenario: str = BASELINE, seed: int = 0) -> Setting:
        """Give the setting at which knobs stand; by path, those that are not named stand at their start.

        Raises
        ------
        ArgumentError
            There is no such knob.
        """
        for path in values:
            choose(path, [knob.path for knob in self.knobs], "lever")
        moved = {knob.path: float(values.get(knob.path, knob.start)) for knob in self.knobs}
        kept = [(knob.path, moved[knob.path]) for knob in self.knobs if moved[knob.path] != knob.start]
        return Setting(scenario, tuple(kept), seed)

    def _settings(self, setting: Setting) -> dict[str, object]:
        knobs = {knob.path: knob for knob in self.knobs}
        return settings(self.world, {knobs[path]: value for path, value in setting.moved})

    def _case(self, setting: Setting) -> Case:
        """Give the case of a setting; the last few are kept, as coarse and fine numbers share it."""
        setting = replace(setting, seed=0)
        if setting not in self._moved:
            base = self._bases.get(setting.scenario)
            if base is None:
                chosen = [setting.scenario] if setting.scenario else []
                base = self._bases[setting.scenario] = Case(self.world, scenarios=chosen)
            said = self._settings(setting)
            _keep(self._moved, setting, base.with_(said) if said else base)
        return self._moved[setting]

    def result(self, setting: Setting, paths: int = FINE) -> Result:
        """Give the result of a setting; the last few are kept.

        Raises
        ------
        CashcadeError
            The world cannot be moved so, or the scenario does not fit it.
        """
        key = (setting, paths)
        if key not in self._results:
            found = self._case(setting).run(
                months=self.months, paths=paths, seed=setting.seed, record=[*TITLES], quantiles=()
            )
            self.names |= full_names(found)
            _keep(self._results, key, found)
        return self._results[key]

    def numbers(self, setting: Setting, paths: int = FINE) -> Numbers:
        """Give the numbers of a setting; errors as of `result`."""
        result = self.result(setting, paths)
        summary, cascade = result.summary(), result.cascade().to_dict("index")["systemic"]
        last = f"failed_{self.months}"
        dataset = result.dataset
        return Numbers(
            paths,
            {str(name): (float(row[last]), float(row[f"{last}_se"])) for name, row in summary.iterrows()},
            _leaving(dataset),
            (float(cascade["chance"]), float(cascade["se"])),
            {name: _means(dataset, name) for name in TITLES},
            _ties(dataset),
        )

    def compared(self, first: Setting, second: Setting, paths: int = FINE) -> pd.DataFrame:
        """Give how much more often companies fail at the second setting, on the same luck.

        Returns
        -------
        outcomes
            As `Comparison.outcomes` gives it, by outcome.
        """
        found = Comparison({"A": self.result(first, paths), "B": self.result(second, paths)})
        return found.outcomes().reset_index("side", drop=True)

    def worst_path(self, setting: Setting, paths: int = FINE) -> int | None:
        """Give the path on which most fail because of others, then most at all; None without failures."""
        fell = self.result(setting, paths).failures()
        if fell.empty:
            return None
        counts = fell.assign(pulled=fell["trigger"].notna()).groupby("path")["pulled"].agg(["sum", "size"])
        return int(counts.sort_values(["sum", "size"], ascending=False, kind="stable").index[0])

    def cascade(self, setting: Setting, path: int, paths: int = FINE) -> tuple[Hop, ...]:
        """Give the failures of a path in order, each with what it cost whom.

        Raises
        ------
        ArgumentError
            There is no such path.
        """
        result = self.result(setting, paths)
        log, fell = result.events(path), result.failures()
        order = log.loc[log["why"] == "failure", "payer"].astype(str).tolist()
        rows = {str(row["company"]): row for row in fell[fell["path"] == path].to_dict("records")}
        return tuple(self._hop(log, name, rows[name]) for name in order if name in rows)

    def _hop(self, log: pd.DataFrame, company: str, row: Mapping[Hashable, Any]) -> Hop:
        now = log[log["month"] == row["month"]]
        why = now["why"].astype(str)
        unpaid = now[(now["payer"] == company) & why.str.startswith("unpaid")]
        lost = now[(now["payee"] == company) & (why == "write-off")]
        behind = row["trigger"]
        return Hop(
            int(row["month"]),
            company,
            str(row["cause"]),
            "" if pd.isna(behind) else str(behind),
            float(row["debt"]),
            _sums(unpaid, "payee"),
            _sums(lost, "payer"),
        )

    def report(self, setting: Setting, pinned: Setting | None = None) -> bytes:
        """Give the report of a setting, or of two on the same luck: a page that needs no network.

        Raises
        ------
        CashcadeError
            As of `result`.
        MissingExtraError
            What reports need is not installed.
        """
        sides = {"A": pinned, "B": setting} if pinned else {"": setting}
        found = {
            name: self._case(each).run(months=self.months, paths=FINE, seed=setting.seed, record=NEEDED)
            for name, each in sides.items()
        }
        with TemporaryDirectory() as folder:
            target = Path(folder) / "report.html"
            command = self.command(setting, FINE)
            if pinned:
                Comparison(found).report(target, command=command)
            else:
                found[""].report(target, command=command)
            return target.read_bytes()

    def command(self, setting: Setting, paths: int = FINE) -> str:
        """Give the command whose numbers are those of a setting."""
        changed = self._case(setting).changed
        scenario = f"--scenario {shlex.quote(setting.scenario)} " if setting.scenario else ""
        said = "".join(f"--set {joined([each])} " for each in changed)
        size = f"--months {self.months} --paths {paths} --seed {setting.seed}"
        return f"cashcade run {shlex.quote(self.given)} {scenario}{said}{size}"


def _keep(known: dict[Key, Value], key: Key, value: Value) -> None:
    """Keep something, and forget the oldest of more than a few."""
    for old in [*known][: 1 - KEPT]:
        del known[old]
    known[key] = value


def _leaving(dataset: xr.Dataset) -> dict[str, float]:
    """Give the chance to have left through a door, of companies that have one."""
    table = leavers(dataset)
    effects = [name for name in table.columns if not str(name).endswith("_se")]
    return {str(name): float(share) for name, share in table[effects].sum(axis=1).items()}


def _ties(dataset: xr.Dataset) -> tuple[tuple[str, str], ...]:
    """Give the pairs of companies that are tied."""
    ids = [str(name) for name in dataset["company"].to_numpy()]
    pairs = dataset["linked"].to_numpy().tolist() if "linked" in dataset else []
    return tuple((ids[one], ids[other]) for one, other in pairs)


def _means(dataset: xr.Dataset, name: str) -> list[float]:
    values = dataset[f"{name.replace('.', '_')}_mean"].to_numpy() / drawn(name).size
    return [float(each) for each in values]


def _sums(rows: pd.DataFrame, by: str) -> dict[str, float]:
    """Add up the amounts of rows, the largest first."""
    sums = rows.groupby(rows[by].astype(str))["value"].sum().sort_values(ascending=False)
    return {str(name): float(amount) for name, amount in sums.items() if amount > 0}
