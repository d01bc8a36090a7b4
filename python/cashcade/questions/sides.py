"""Sides of a question: a world as it is, and what may be otherwise."""

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeAlias

from cashcade.case import Case, case_of
from cashcade.compile.arrays import Inputs
from cashcade.errors import PlausibilityWarning
from cashcade.load import load_world
from cashcade.results.result import Result
from cashcade.rules import Change, ExitScenario, Rule, Scenario, Shock, Use
from cashcade.world import World
from cashcade.world.settings import setting_text

BASELINE = "baseline"
"""Name of the side on which nothing is changed."""

Named: TypeAlias = str | Scenario | Shock | Use | ExitScenario
"""A scenario, shock or way out, as `cashcade.run` takes it."""

Set: TypeAlias = Mapping[str, object] | Change
"""What a world says otherwise, as `Case.with_` takes it."""

Side: TypeAlias = World | Path | Case | Named | Set | Sequence[Named | Set]
"""A case, another world, or what is added to the world that is asked about."""


def name_of(side: Side) -> str:
    """Call a side by what it is made of."""
    match side:
        case str():
            return side
        case Case():
            return ", ".join([side.world.name, *side.scenarios, *side.changed])
        case Path():
            return side.stem
        case Use():
            return side.label or (side.shock if isinstance(side.shock, str) else side.shock.name)
        case World() | Scenario() | Shock() | ExitScenario():
            return side.name
        case Change():
            parts = [repr(side)]
        case Mapping():
            parts = [setting_text(path, value) for path, value in side.items()]
        case _:
            parts = list(map(name_of, side))
    return ", ".join(parts) or BASELINE


@dataclass(frozen=True)
class Ground:
    """The ground of a question: what is asked about, on which sides are made.

    Parameters
    ----------
    world, scenarios, rules, without, plugins, block
        As `cashcade.run` takes them.
    """

    world: World | str | Path | Case
    scenarios: Sequence[Named] = ()
    rules: Sequence[Rule] = ()
    without: Sequence[str] = ()
    plugins: Sequence[object] = ()
    block: Sequence[str] = ()

    @cached_property
    def _loaded(self) -> World | Case:
        given = self.world
        return (
            given
            if isinstance(given, World | Case)
            else load_world(given, plugins=self.plugins, block=self.block)
        )

    @cached_property
    def base(self) -> Case:
        """The case on which nothing is otherwise.

        Raises
        ------
        ArgumentError, PluginError, RuleError, WorldError
            As `Case`.
        """
        return self._with(())

    def _with(self, more: Sequence[Named]) -> Case:
        return case_of(
            self._loaded,
            scenarios=(*self.scenarios, *more),
            rules=self.rules,
            without=self.without,
            plugins=self.plugins,
            block=self.block,
        )

    def case(self, side: Side) -> Case:
        """Make a case of a side.

        Raises
        ------
        ArgumentError, PluginError, RuleError, WorldError
            As `Case` and `Case.with_`.
        """
        if isinstance(side, Case):
            return side
        if isinstance(side, World | Path):
            return Case(side, plugins=self.plugins, block=self.block)
        several = list(side) if isinstance(side, Sequence) and not isinstance(side, str) else [side]
        named = [each for each in several if not isinstance(each, Mapping | Change) and each != BASELINE]
        case = self._with(named) if named else self.base
        for each in several:
            if isinstance(each, Mapping) and each:
                case = case.with_(each)
        changes = [each for each in several if isinstance(each, Change)]
        return case.with_(changes) if changes else case

    def quiet(self, side: Side) -> Case:
        """Make a case of a side; plausibility is told of the world as it is only.

        Raises
        ------
        ArgumentError, PluginError, RuleError, WorldError
            As `case`.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PlausibilityWarning)
            return self.case(side)


class Luck(NamedTuple):
    """The luck on which all sides of a question are run, and how.

    Attributes
    ----------
    months, paths, seed, replicates, threads
        As in `cashcade.run`.
    """

    months: int
    paths: int
    seed: int
    replicates: int
    threads: int | None

    def run(self, case: Case, record: Sequence[str] = (), quantiles: Sequence[float] = ()) -> Result:
        """Run a side; what is recorded is kept path by path."""
        return case.run(
            months=self.months,
            paths=self.paths,
            seed=self.seed,
            replicates=self.replicates,
            record=("company.cash", *record),
            keep_paths=bool(record),
            quantiles=quantiles,
            threads=self.threads,
        )

    def finished(self, case: Case, record: Sequence[str] = ()) -> Result:
        """Run a side to the end.

        Raises
        ------
        KeyboardInterrupt
            Ctrl-C came.
        """
        result = self.run(case, record)
        if result.interrupted:
            raise KeyboardInterrupt
        return result

    def drawn(self, case: Case) -> Inputs:
        """Give a side as it is compiled, with the draws of its runs."""
        plan = case.plan(
            months=self.months, paths=self.paths, seed=self.seed, replicates=self.replicates, first_path=0
        )
        return case.compiled(plan).inputs


def common_luck(  # noqa: PLR0913 - all but the cases are keywords
    cases: Iterable[Case],
    *,
    months: int,
    paths: int,
    seed: int,
    replicates: int | None,
    threads: int | None,
) -> Luck:
    """Give luck that cases have in common: with the most paths per draw that one would have by itself.

    Raises
    ------
    ArgumentError
        An argument cannot be used.
    """
    plans = [
        case.plan(months=months, paths=paths, seed=seed, replicates=replicates, first_path=0)
        for case in cases
    ]
    plan = plans[0]
    return Luck(plan.months, plan.paths, plan.seed, max(each.replicates for each in plans), threads)
