"""Swap: which group of assumptions turns one scenario into another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cashcade.case import MOST_MONTHS, Case
from cashcade.errors import ArgumentError
from cashcade.plugin import find_plugins
from cashcade.plugin.offers import catalogue_of
from cashcade.questions.conditions import Outcome, outcome_of
from cashcade.questions.groups import Piece, grouped, pieces, scenarios_of
from cashcade.questions.sides import Ground, Luck, Named, common_luck, name_of
from cashcade.questions.told import LARGE, NONE, grid, mean, records, with_error
from cashcade.results.figures import money
from cashcade.results.outcomes import FAILED_DEBT, SYSTEMIC
from cashcade.results.result import Result
from cashcade.rules import Rule, Scenario
from cashcade.words.names import texts
from cashcade.words.numerals import whole
from cashcade.world import World

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

OF = (SYSTEMIC, FAILED_DEBT)
"""Outcomes where none is named."""

MOST_LISTED = 5
"""What is listed of a group."""

ALL = "all"
"""The row of all groups together."""

Scenarios = Named | Sequence[Named]
"""A scenario, or several together."""


@dataclass(frozen=True, eq=False, repr=False)
class Swap:
    """The effect of each group of assumptions between two scenarios.

    Parameters
    ----------
    a, b
        Names of the scenarios.
    months, paths
        Months and paths of the runs.
    groups
        What each group holds, by name: paths of changes and names of shocks.
    units
        Units of each outcome; chances and shares are fractions.
    table
        Indexed by `outcome` and `group`; the last row of an outcome, `all`, is the whole scenario. `a` and
        `b`: the outcome under each. `alone`: under `a` with this group alone taken from `b`; what that
        changes, `alone_difference` to `a`, with its paired standard error `alone_se`. `kept`: under `b` with
        this group kept as in `a`; `kept_difference` to `b`, with `kept_se`. `way`: `alone_difference` as part
        of the whole way from `a` to `b` (NaN where there is none). In the unit of the outcome.
    """

    a: str
    b: str
    months: int
    paths: int
    groups: dict[str, tuple[str, ...]]
    units: dict[str, str]
    table: pd.DataFrame

    def __repr__(self) -> str:
        return f"<Swap of {len(self.groups)} groups between {self.a} and {self.b}>"

    def plot(self, outcome: str | None = None, *, ax: "Axes | None" = None) -> "Axes":
        """Draw it, as `cashcade.pictures.swap`; needs the extra `plot`."""
        picture: Axes = import_module("cashcade.pictures").swap(self, outcome, ax=ax)
        return picture

    def __str__(self) -> str:
        """Give the answer in words, and the table."""
        names = list(dict.fromkeys(self.table.index.get_level_values("outcome")))
        held = [f"{name}: {listed(each)}" for name, each in self.groups.items()]
        return "\n\n".join(
            [
                f"What turns {self.a} into {self.b}: {self.months} months, {self.paths:,} paths, same luck",
                *(self._told(name) for name in names),
                "\u00b1 is one paired standard error. What the groups hold:",
                "\n".join(f"- {each}" for each in held),
            ]
        )

    def _told(self, outcome: str) -> str:
        """Tell of one outcome."""
        table = self.table.loc[outcome]
        unit = self.units[outcome]
        factor, unit = (100.0, "%") if unit == "fraction" else (1.0, unit)
        rows = [
            (
                str(name),
                _written(factor * row["alone"]),
                with_error(row["alone_difference"], row["alone_se"], factor),
                NONE if np.isnan(row["way"]) else f"{100 * row['way']:z.0f}",
                _written(factor * row["kept"]),
                with_error(row["kept_difference"], row["kept_se"], factor),
            )
            for name, row in table.iterrows()
        ]
        head = ("Group", f"{self.a} with it", "change", "way, %", f"{self.b} without", "change")
        ends = " and ".join(
            f"{_written(factor * table[end].iloc[0])} under {name}"
            for end, name in (("a", self.a), ("b", self.b))
        )
        return f"{outcome}, {unit}: {ends}. {self._answer(outcome)}\n{grid(head, rows)}"

    def _answer(self, outcome: str) -> str:
        """Say which group goes furthest by itself."""
        table = self.table.loc[outcome]
        single = table.drop(index=ALL)
        if table["way"].isna().all() or single.empty:
            return "There is no way between them."
        best = single["way"].idxmax()
        return f"Furthest alone: {best}, {100 * single['way'].max():.0f} % of the way."

    def document(self) -> dict[str, Any]:
        """Give the answer as values that JSON knows."""
        about = {name: getattr(self, name) for name in ("a", "b", "months", "paths")}
        groups = {name: list(each) for name, each in self.groups.items()}
        return {**about, "groups": groups, "swap": records(self.table)}


def listed(names: Sequence[str]) -> str:
    """List what a group holds, as far as a line goes: each change by what it moves."""
    each = list(dict.fromkeys(map(_brief, names)))
    more = f" and {len(each) - MOST_LISTED} more" if len(each) > MOST_LISTED else ""
    return ", ".join(each[:MOST_LISTED]) + more


def _brief(name: str) -> str:
    """Name a change by what it moves, whosoever it is."""
    kind, _, rest = name.partition(".")
    return f"{kind}.*.{rest.rpartition('.')[2]}" if "." in rest else name


def _written(number: float) -> str:
    return money(number) if abs(number) >= LARGE else f"{number:.4g}"


def swap(  # noqa: PLR0913 - all but the first three are keywords with defaults
    world: World | str | Path | Case,
    a: Scenarios,
    b: Scenarios,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    of: str | Sequence[str] = OF,
    months: int = 60,
    paths: int = 1_000,
    seed: int = 0,
    replicates: int | None = None,
    scenarios: Sequence[Named] = (),
    rules: Sequence[Rule] = (),
    without: Sequence[str] = (),
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Sequence[str] = (),
) -> Swap:
    """Find the group of assumptions that turns one scenario into another.

    The scenarios are taken apart into changes, shocks, rules, exits and entries that join the world, and
    these are put into groups by what they move. Then each group alone is taken from `b` into `a`, and each
    alone is kept from `a` in `b`; all runs have the same luck.

    Parameters
    ----------
    world
        As `cashcade.run` takes it; no case.
    a, b
        Scenarios, by name or record, or several together; "baseline" for none.
    groups
        By name, patterns of what belongs to it: paths of changes as `segment.*.growth`, levers as
        `segment.growth`, or names of shocks. The first that fits counts, what is in none is "the rest". By
        default what each moves says its group (`cashcade.questions.groups.KINDS`); what moves one lever, in
        either scenario, is swapped together.
    of
        Outcomes: "systemic", "failed-debt", a company (whether it fails) or a variable such as
        `market.ai_revenue` (its mean at the end of the last month); one or several.
    scenarios
        What else happens, under both.
    months, paths, seed, replicates, rules, without, threads, plugins, block
        As in `cashcade.run`, of each run.

    Returns
    -------
    swap
        With a `table` by outcome and group.

    Raises
    ------
    ArgumentError
        There is no such scenario or outcome, groups tear apart what moves one lever, or an argument cannot be
        used.
    WorldError, RuleError, PluginError
        As `cashcade.run`.

    Examples
    --------
    ::

        print(cc.swap("ai-2025-08", "money-trap", "boom", paths=400))
    """
    if isinstance(world, Case):
        raise ArgumentError(f"world is {world!r}, wanted a world: scenarios are added to it.")
    catalogue = catalogue_of(find_plugins(extra=plugins, block=block))
    ground = Ground(world, scenarios, rules, without, plugins, block)
    stated = ground.base.world
    sides = pieces(a, catalogue, stated), pieces(b, catalogue, stated)
    months = whole("months", months, 1, MOST_MONTHS)
    asked = [outcome_of(each, stated, months) for each in texts("of", of, '["systemic"]', alone=True)]
    for each in asked:
        if each.month != months:
            raise ArgumentError(f"{each.text}: all outcomes are those of month {months}; give months=.")
    mixture = Mixture(ground.quiet, name_of(a), name_of(b), *sides, *grouped(sides, stated, groups))
    luck = common_luck(
        [ground.base, *mixture.ends],
        months=months,
        paths=paths,
        seed=seed,
        replicates=replicates,
        threads=threads,
    )
    return swapped(mixture, luck, asked)


def swapped(mixture: "Mixture", luck: Luck, asked: Sequence[Outcome], *, kept: bool = True) -> Swap:
    """Run the mixtures of two scenarios.

    Parameters
    ----------
    mixture
        The scenarios, in groups.
    luck
        On which they are run.
    asked
        Outcomes, at the end of the last month.
    kept
        Whether each group is also kept alone in the second scenario, which takes as many runs again; else
        these columns are NaN but for the whole scenario.
    """
    names, runs = mixture.groups, Runs(luck, asked)
    first, other = (runs.values(case) for case in mixture.ends)
    rows = [
        row
        for name in names
        for row in runs.rows(
            name,
            first,
            other,
            runs.values(mixture.case({name})),
            runs.values(mixture.case({*names} - {name})) if kept else None,
        )
    ]
    rows += runs.rows(ALL, first, other, other, first)
    table = pd.DataFrame(rows).set_index(["outcome", "group"])
    order = [(each.text, name) for each in asked for name in (*names, ALL)]
    units = {each.text: each.unit for each in asked}
    return Swap(mixture.a, mixture.b, luck.months, luck.paths, mixture.held, units, table.loc[order])


@dataclass(frozen=True, eq=False)
class Mixture:
    """Two scenarios, from which groups are taken.

    Parameters
    ----------
    make
        Gives the case of scenarios.
    a, b
        Their names.
    of_a, of_b
        Their pieces.
    groups_a, groups_b
        The group of each piece.
    """

    make: Callable[[Sequence[Scenario]], Case]
    a: str
    b: str
    of_a: Sequence[Piece]
    of_b: Sequence[Piece]
    groups_a: Sequence[str]
    groups_b: Sequence[str]

    @property
    def groups(self) -> list[str]:
        """Names of the groups, in the order in which the scenarios come to them."""
        return list(dict.fromkeys([*self.groups_a, *self.groups_b]))

    @property
    def held(self) -> dict[str, tuple[str, ...]]:
        """Names of what each group holds, of either scenario."""
        both = [*zip(self.of_a, self.groups_a, strict=True), *zip(self.of_b, self.groups_b, strict=True)]
        return {
            name: tuple(dict.fromkeys(piece.names[-1] for piece, group in both if group == name))
            for name in self.groups
        }

    @cached_property
    def ends(self) -> tuple[Case, Case]:
        """The cases of the first scenario and of the second."""
        return self.case(set()), self.case({*self.groups})

    def case(self, taken: set[str]) -> Case:
        """Give the case of the first scenario with some groups of the second."""
        mine = [piece for piece, group in zip(self.of_a, self.groups_a, strict=True) if group not in taken]
        theirs = [piece for piece, group in zip(self.of_b, self.groups_b, strict=True) if group in taken]
        return self.make([*scenarios_of(mine), *scenarios_of(theirs)])


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of mixtures, on the same luck.

    Parameters
    ----------
    luck
        The luck.
    asked
        What is asked of them.
    """

    luck: Luck
    asked: Sequence[Outcome]

    def values(self, case: Case) -> "Values":
        """Give each outcome on each path, and the draws."""
        record = tuple(dict.fromkeys(name for each in self.asked for name in each.record))
        result = self.luck.finished(case, record)
        return Values({each.text: each.values(result) for each in self.asked}, _draw(result))

    def rows(
        self, group: str, a: "Values", b: "Values", alone: "Values", kept: "Values | None"
    ) -> list[dict[str, Any]]:
        """Give the rows of a group, one for each outcome."""
        return [{"outcome": name, "group": group, **_row(a, b, alone, kept, name)} for name in a.each]


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Outcomes of a run: by name on each path, and the draw of each path."""

    each: dict[str, Floats]
    draw: NDArray[np.int64]


def _draw(result: Result) -> NDArray[np.int64]:
    draw: NDArray[np.int64] = result.dataset["path_draw"].to_numpy()
    return draw


def _row(a: Values, b: Values, alone: Values, kept: Values | None, name: str) -> dict[str, float]:
    one, other, with_it = (values.each[name] for values in (a, b, alone))
    without_it = np.full_like(one, np.nan) if kept is None else kept.each[name]
    changed = mean("alone", with_it - one, a.draw)
    missed = mean("kept", without_it - other, a.draw)
    whole_way = float((other - one).mean())
    return {
        "a": float(one.mean()),
        "b": float(other.mean()),
        "alone": float(with_it.mean()),
        "alone_difference": changed["alone"],
        "alone_se": changed["alone_se"],
        "kept": float(without_it.mean()),
        "kept_difference": missed["kept"],
        "kept_se": missed["kept_se"],
        "way": changed["alone"] / whole_way if whole_way else np.nan,
    }
