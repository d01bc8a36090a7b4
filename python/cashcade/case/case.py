"""A case: a world with its scenarios, rules and feedbacks, compiled once and run as often as you like."""

import copy
import secrets
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade import _core
from cashcade.case.arguments import (
    Wanted,
    chosen_variables,
    cores,
    kept_paths,
    levels,
    measured,
    parted,
)
from cashcade.case.setting import Setting, set_up
from cashcade.case.tabled import Tabled, tabled
from cashcade.case.undone import WOUND_DOWN, can_be_undone, undone
from cashcade.compile import Gauge, Programs, compile_programs, compile_world, conflict
from cashcade.compile.arrays import Inputs
from cashcade.errors import ArgumentError
from cashcade.results.causes import Removal
from cashcade.results.events import events
from cashcade.results.layout import SAMPLED, Source, build_dataset, told
from cashcade.results.outcome import Outcome
from cashcade.results.plan import Plan
from cashcade.results.result import Result
from cashcade.results.retrace import Again, Fate
from cashcade.results.runway import NEEDS
from cashcade.rules import Change, Door, ExitScenario, Rule, Scenario, Shock, Use
from cashcade.runs.executors import (
    LANES,
    UNFINISHED,
    Progress,
    Tables,
    Work,
    available_cores,
    bytes_per_draw,
    compute,
    compute_in_chunks,
    compute_in_processes,
    compute_in_turn,
    count_chunks,
    draws_of,
    footprint,
    trace,
)
from cashcade.runs.memory import Footprint, bytes_per_kept_path, check_memory, estimated, sample_size
from cashcade.runs.progress import shown
from cashcade.runs.store import Store, check_store, job_of
from cashcade.words.numerals import LARGEST_SEED, above_zero, whole
from cashcade.words.rows import variables
from cashcade.world import World
from cashcade.world.dates import check_calendar
from cashcade.world.feedbacks import switched_off
from cashcade.world.switches import left_out

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Levels of the quantiles that a run gives."""

PATHS = 10_000
"""Paths of a run where nothing else is said."""

REPLICATES = 4
"""Paths per draw in a world with ranges: enough to tell luck from ignorance, few enough to see many draws."""

RECORD = (
    *("company.cash", "company.runway", "company.net_cash_flow", "company.revenue", "company.debt"),
    *("company.raised", "company.losses", "loan.loss", "market.capex_gdp", "market.ai_revenue"),
    *("market.ai_revenue_capex", "market.gpu_index", "market.companies_alive", "market.failed_debt"),
)
"""Variables recorded where nothing else is said."""

MOST_PATHS = 2**24
"""Paths whose sums are exact."""

MOST_MONTHS = 1200
"""Months beyond which nothing is simulated."""


SMALL = 2**26
"""Bytes below which a run that the system granted once is granted again."""


class Compiled(NamedTuple):
    """A case with all draws of a plan.

    Attributes
    ----------
    inputs
        The world.
    programs
        Its rules and doors; None without any.
    """

    inputs: Inputs
    programs: Programs | None

    @property
    def tables(self) -> Tables:
        """The same as the core takes it."""
        return Tables(self.inputs.arrays, self.programs.arrays if self.programs else None)


class _Sketch(NamedTuple):
    """A case with two draws, and what runs of it take of memory: by shape, beside the bytes of a draw."""

    compiled: Compiled
    taken: dict[tuple[object, ...], tuple[Footprint, int]]


class Case:
    """A world with its scenarios, rules and feedbacks, compiled once.

    To make a case reads the world, asks the plugins and checks everything; to run it again, with another
    seed, other paths or other months, does none of that. A case never changes, and can be pickled.

    Parameters
    ----------
    world
        As in `cashcade.run`, but for a case.
    scenarios, rules, without, feedbacks, loops, plugins, block
        As in `cashcade.run`.

    Attributes
    ----------
    world
        The world as it is run: with the changes of the scenarios, and without what is left out.
    without
        Feedbacks that are off.

    Raises
    ------
    WorldError, ArgumentError, RuleError, PluginError
        As in `cashcade.run`.

    Examples
    --------
    ::

        case = cc.Case("ai-2025-08", scenarios=["funding-shut"])
        for seed in range(10):
            print(case.run(paths=1_000, seed=seed).summary())
    """

    def __init__(  # noqa: PLR0913 - all but the world are keywords with defaults
        self,
        world: World | str | Path,
        *,
        scenarios: Sequence[str | Scenario | Shock | Use | ExitScenario] = (),
        rules: Sequence[Rule] = (),
        without: Sequence[str] = (),
        feedbacks: Collection[str] | None = None,
        loops: Collection[str] | None = None,
        plugins: Sequence[object] = (),
        block: Collection[str] = (),
    ) -> None:
        self._table: Tabled | None = None
        self._setting = set_up(world, scenarios=scenarios, rules=rules, plugins=plugins, block=block)
        stated = self._setting.world()
        self.without = left_out(stated, without=without, feedbacks=feedbacks, loops=loops)
        self._take(stated)

    def _take(self, stated: World) -> None:
        self.world = switched_off(stated, self.without)
        self._compile(())

    def _compile(self, gauges: Sequence[Gauge]) -> None:
        inputs = compile_world(self.world)
        self._sketch: _Sketch | None = None
        given = self._setting.given
        some = given or gauges
        self._programs = compile_programs(given, self.world, inputs, gauges) if some else None
        self._has_ranges = inputs.has_ranges or bool(self._programs and self._programs.has_ranges)

    def _measuring(self, gauges: Sequence[Gauge]) -> "Case":
        """Give the same case, measured more."""
        if not gauges:
            return self
        case = copy.copy(self)
        case._compile(gauges)  # noqa: SLF001 - a copy that nobody else has
        return case

    def _given(self, parameters: object) -> "Case":
        """Give the same case with parameters from a table."""
        case = copy.copy(self)
        rules = self._programs.assumptions if self._programs else ()
        case._table = tabled(self.world, rules, parameters)  # noqa: SLF001 - a copy that nobody else has
        case._sketch = None  # noqa: SLF001 - idem
        return case

    def __repr__(self) -> str:
        """Give world and scenarios."""
        chosen = f" with {', '.join(self.scenarios)}" if self.scenarios else ""
        return f"<Case of {self.world.name}{chosen}>"

    def __getstate__(self) -> dict[str, object]:
        """Give what is pickled: plugins that are objects stay behind."""
        return {**self.__dict__, "_setting": self._setting.pickled(), "_sketch": None}

    def __deepcopy__(self, _memo: object) -> "Case":
        """Give itself: a case never changes."""
        return self

    @property
    def setting(self) -> Setting:
        """The setting that it was made of, for those who take it apart."""
        return self._setting

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Scenarios that were asked for, with the arguments of shocks."""
        return self._setting.scenarios

    @property
    def exits(self) -> tuple[str, ...]:
        """Exit scenarios in use: those asked for, otherwise those that the world names."""
        return self._setting.exits

    @property
    def plugins(self) -> tuple[str, ...] | None:
        """Name and version of each plugin; None for those installed."""
        return self._setting.plugins

    @property
    def changed(self) -> tuple[str, ...]:
        """Settings made in the world, as `World.changed` tells them, and changes beside the scenarios."""
        return self._setting.changed

    def with_(self, values: Mapping[str, object] | Iterable[Change]) -> "Case":
        """Return the same case for a world with changed numbers.

        Parameters
        ----------
        values
            Values by path, as in `World.with_`, on which scenarios come on top:
            `case.with_({"company.openai.cash": 1e10})`. Or changes, which join those of the scenarios:
            `case.with_([Change("segment.*.revenue", scale=0.8)])`.

        Raises
        ------
        ArgumentError, WorldError, RuleError
            As `World.with_`, or a scenario or rule does not fit the changed world.
        """
        case = copy.copy(self)
        case._setting = self._setting.with_(values)  # noqa: SLF001 - a copy that nobody else has
        case._take(case._setting.world())  # noqa: SLF001 - idem
        return case

    def with_scenarios(self, scenarios: Sequence[str | Scenario | Shock | Use | ExitScenario]) -> "Case":
        """Return the same case with other scenarios.

        Parameters
        ----------
        scenarios
            As in `cashcade.run`; none for the world as it is. What was set or changed beside them stays.

        Raises
        ------
        ArgumentError, WorldError, RuleError, PluginError
            As `cashcade.run`; something was set in an entry that only the former scenarios bring; the case
            has parameters from a table; or it was pickled, and has plugins that are objects.
        """
        if self._table is not None:
            raise ArgumentError(
                "the case has parameters from a table, which is of its scenarios; make another Case."
            )
        case = copy.copy(self)
        case._setting = self._setting.anew(scenarios)  # noqa: SLF001 - a copy that nobody else has
        case._take(case._setting.world())  # noqa: SLF001 - idem
        return case

    def under(self, rules: Sequence[Rule]) -> "Case":
        """Return the same case with more rules.

        Parameters
        ----------
        rules
            As in `cashcade.run`; beside those that the case has.

        Raises
        ------
        RuleError
            One does not fit the world, or has the name of another.
        """
        case = copy.copy(self)
        case._setting = self._setting.under(rules)  # noqa: SLF001 - a copy that nobody else has
        case._compile(())  # noqa: SLF001 - idem
        return case

    @property
    def counts(self) -> dict[str, int]:
        """Number of entities of each kind, of compiled rules, of their actions and of comparisons."""
        counts = self.world.counts() | {"market": 1}
        if self._programs is None:
            return counts
        sizes = {"rule": self._programs.rules, "action": self._programs.action_rows}
        return (
            counts
            | {name: len(each) for name, each in sizes.items()}
            | {"trigger": len(self._programs.triggers)}
        )

    def compiled(self, plan: Plan) -> Compiled:
        """Give the case with all draws of a plan."""
        return self._at(plan.draws, plan.seed, plan.first_draw)

    def sketched(self) -> Compiled:
        """Give the case with two draws, from which the memory of any number of them is known."""
        return self._sketched().compiled

    def _sketched(self) -> _Sketch:
        if self._sketch is None:
            self._sketch = _Sketch(self._at(2, 0, 0), {})
        return self._sketch

    def _at(self, draws: int, seed: int, first_draw: int) -> Compiled:
        inputs = compile_world(self.world, draws=draws, seed=seed, first_draw=first_draw)
        programs = self._programs
        if self._table is None:
            return Compiled(inputs, programs.at(inputs) if programs else None)
        inputs = self._table.put(inputs)
        return Compiled(inputs, self._table.put_in_rules(programs, inputs) if programs else None)

    def plan(
        self, *, months: int, paths: int, seed: int | None, replicates: int | None, first_path: int
    ) -> Plan:
        """Give the checked arguments of a run of which nothing is recorded.

        Parameters
        ----------
        months, paths, seed, replicates, first_path
            As in `cashcade.run`.

        Raises
        ------
        ArgumentError
            One cannot be used.
        """
        plan = Plan(
            months=whole("months", months, 1, MOST_MONTHS),
            paths=whole("paths", paths, 1, MOST_PATHS),
            first_path=whole("first_path", first_path, 0, 2**62),
            seed=secrets.randbits(62) if seed is None else whole("seed", seed, 0, LARGEST_SEED),
            replicates=1 if replicates is None else whole("replicates", replicates, 1, 2**31),
            record=(),
            quantiles=(),
            sample=0,
            keep=0,
        )
        many = replicates is None and self._has_ranges and plan.paths >= LANES
        return replace(plan, replicates=REPLICATES) if many else plan

    def run(  # noqa: PLR0913 - all are keywords with defaults
        self,
        *,
        months: int = 36,
        paths: int | None = None,
        seed: int | None = 0,
        replicates: int | None = None,
        first_path: int = 0,
        parameters: object = None,
        record: Sequence[Wanted] | None = None,
        quantiles: Sequence[float] = QUANTILES,
        keep_paths: bool | int = False,
        max_memory: float = 4e9,
        threads: int | None = None,
        executor: Executor | Literal["processes"] | None = None,
        chunk: int | None = None,
        progress: Progress | Literal["bar"] | None = None,
        out: str | Path | None = None,
        resume: bool = False,
    ) -> Result:
        """Run the case on many random paths.

        Parameters
        ----------
        months, paths, seed, replicates, first_path, parameters, record, quantiles, keep_paths, max_memory
            As in `cashcade.run`.
        threads, executor, chunk, progress, out, resume
            As in `cashcade.run`.

        Returns
        -------
        result
            That of `cashcade.run` with the same arguments, to the bit.

        Raises
        ------
        ArgumentError, RuleError, WorldError, MemoryLimitError, ArithmeticError, KeyboardInterrupt
            As in `cashcade.run`.
        """
        begin = time.perf_counter()
        max_memory = above_zero("max_memory", max_memory, "bytes")
        names, gauges = parted(RECORD if record is None else record)
        case = self._measuring(gauges)
        if parameters is not None:
            case = case._given(parameters)  # noqa: SLF001 - another case
        if case._table is not None:  # noqa: SLF001 - another case
            paths, replicates = case._table.paths(paths, replicates, first_path)  # noqa: SLF001 - idem
        plan = case.plan(
            months=months,
            paths=PATHS if paths is None else paths,
            seed=seed,
            replicates=replicates,
            first_path=first_path,
        )
        plan = replace(plan, record=(*chosen_variables(names), *measured(gauges)))
        plan = keeping(case, plan, quantiles, keep_paths)
        means = _Means(threads, executor, chunk, progress)
        target = _target(out, seed, resume=resume)
        case._check_memory(plan, means, max_memory, kept=target is not None)  # noqa: SLF001 - another case
        found = case.compiled(plan)
        drawn, again = partial(_drawn, found), case._again(found, plan)  # noqa: SLF001 - idem
        if target is not None:
            dataset = case._stored(found, plan, means, target, resume=resume)  # noqa: SLF001 - idem
            return Result(lambda: dataset, drawn, again, case)
        outcome = _computed(found, plan, means, None)
        source = case.source(found, plan, outcome, time.perf_counter() - begin)
        return Result(partial(build_dataset, source), drawn, again, case)

    def _stored(self, found: Compiled, plan: Plan, means: "_Means", out: Path, *, resume: bool) -> xr.Dataset:
        """Give the dataset of a run that is kept as it goes on: run, or read if it is finished."""
        world, rules = found.tables
        arrays = world | {f"rules.{name}": array for name, array in (rules or {}).items()}
        store = Store(out, *job_of(arrays, plan, told(self.world, found.programs, **self._about)))
        known = store.open(resume=resume)
        if known is not None:
            return known
        outcome = _computed(found, plan, means, store)
        dataset = build_dataset(self.source(found, plan, outcome, None))
        return dataset if outcome.interrupted else store.close(dataset)

    def _again(self, found: Compiled, plan: Plan) -> Again:
        """Give what runs a run, or a path of it, again."""
        return Again(
            partial(_traced, found, plan),
            partial(_series, found, plan),
            partial(_fate, found, plan),
            partial(self._without, found, plan),
        )

    def _without(
        self, found: Compiled, plan: Plan, removals: Iterable[Removal], company: str
    ) -> Again | None:
        """Leave causes of the failure of a company out, on the same luck; None if one cannot be."""
        removals = tuple(removals)
        if not all(can_be_undone(each.kind) for each in removals):
            return None
        inputs, programs = found
        arrays = undone(inputs.arrays, inputs.names["company"], removals, company)
        inputs = replace(inputs, arrays=dict(arrays))
        if programs and any(each.kind == WOUND_DOWN for each in removals):
            given = [each for each in self._setting.given if not _winds_down(each.record)]
            programs = compile_programs(given, self.world, inputs).at(inputs) if given else None
        return self._again(Compiled(inputs, programs), plan)

    def _check_memory(self, plan: Plan, means: "_Means", limit: float, *, kept: bool) -> None:
        """Refuse a run that would take more memory than there may be, before any draw is made."""
        taken, per_draw = self._taken(plan, means.cores)
        chunks = count_chunks(plan, means.size) if kept or means.executor else None
        counts = self.counts
        estimate = estimated(plan, counts, taken, per_draw + taken["draw"], chunks)
        per_path = bytes_per_kept_path(plan, counts)
        check_memory(estimate, plan, limit, per_path, granted=bool(taken["granted"]))

    def _taken(self, plan: Plan, cores: int) -> tuple[Footprint, int]:
        """Give what the core takes, and the bytes of a draw; what is small is asked once for all like it.

        To ask takes a tenth of a call of one path. Where much is taken, the system may have less to give than
        it had the last time.
        """
        compiled, known = self._sketched()
        tables = compiled.tables
        shape = (plan.months, plan.paths, plan.kept, cores, tuple(each.place for each in plan.record))
        if shape in known:
            return known[shape]
        found = footprint(tables, plan, cores), bytes_per_draw(tables)
        if found[0]["granted"] and sum(found[0].values()) < SMALL:
            known[shape] = found
        return found

    @property
    def _about(self) -> dict[str, Any]:
        """Words of a dataset on the case, besides world and rules."""
        return {
            "without": self.without,
            "chosen": self.scenarios,
            "exits": self.exits,
            "plugins": self.plugins,
            "changed": self.changed,
            "parameters": "" if self._table is None else str(self._table),
        }

    def source(self, found: Compiled, plan: Plan, outcome: Outcome, seconds: float | None) -> Source:
        """Give all that a dataset is made of: what was compiled, planned, and computed in so many seconds."""
        inputs, programs = found
        given = self._setting.source
        return Source(
            self.world, inputs, plan, outcome, seconds, programs=programs, given=given, **self._about
        )


def case_of(  # noqa: PLR0913 - all but the world are keywords
    world: World | str | Path | Case,
    *,
    scenarios: Sequence[str | Scenario | Shock | Use | ExitScenario] = (),
    rules: Sequence[Rule] = (),
    without: Sequence[str] = (),
    feedbacks: Collection[str] | None = None,
    loops: Collection[str] | None = None,
    plugins: Sequence[object] = (),
    block: Collection[str] = (),
) -> Case:
    """Give the case of the arguments, or the case that is given in place of a world.

    Raises
    ------
    ArgumentError
        There are arguments besides a case, which has its own; else as `Case`.
    """
    given = {"scenarios": scenarios, "rules": rules, "without": without, "plugins": plugins, "block": block}
    stay = {"feedbacks": feedbacks, "loops": loops}
    if not isinstance(world, Case):
        return Case(world, **given, **stay)  # type: ignore[arg-type] # by name
    more = [name for name, value in given.items() if value not in ((), [])]
    more += [name for name, names in stay.items() if names is not None]
    if more:
        raise ArgumentError(f"{more[0]} is given besides {world!r}, which has its own; make another Case.")
    return world


def keeping(case: Case, plan: Plan, quantiles: Sequence[float], keep_paths: bool | int) -> Plan:
    """Give a plan with the paths whose series it keeps.

    Parameters
    ----------
    case
        What is run.
    plan
        With what it records.
    quantiles, keep_paths
        As in `cashcade.run`.

    Raises
    ------
    ArgumentError
        One cannot be used, or the months lead beyond the calendar.
    """
    check_calendar(plan.months, case.world.date)
    plan = replace(plan, quantiles=levels(quantiles), keep=kept_paths(keep_paths, plan.paths))
    return _with_sample(plan, case.counts)


class _Means(NamedTuple):
    """With what a run is computed: arguments as they were given."""

    threads: int | None
    executor: Executor | Literal["processes"] | None
    chunk: int | None
    progress: Progress | Literal["bar"] | None

    @property
    def cores(self) -> int:
        """Threads of each call of the core: by default all cores, or one with an executor."""
        return cores(self.threads, available_cores() if self.executor is None else 1)

    @property
    def size(self) -> int | None:
        """Paths of a chunk."""
        return None if self.chunk is None else whole("chunk", self.chunk, 1, MOST_PATHS)


def _target(out: str | Path | None, seed: int | None, *, resume: bool) -> Path | None:
    """Check where a run is to be kept; gives None where it is not."""
    if out is None:
        if resume:
            raise ArgumentError(
                'resume is True, and out is not given; wanted where the run is, out="run.zarr".'
            )
        return None
    if resume and seed is None:
        raise ArgumentError(
            "seed is None, which draws another one each time; give the seed of the run to resume."
        )
    return check_store(out)


def _computed(found: Compiled, plan: Plan, means: _Means, store: Store | None) -> Outcome:
    """Run on the core directly, or spread over an executor; refuse what means nothing."""
    with shown(means.progress, plan.paths) as report:
        outcome = _spread(Work(found.tables, plan, means.cores, report, means.size, store), means.executor)
    if found.programs and outcome.conflict:
        path, month, *actions = outcome.conflict
        raise conflict(found.programs, path, month, actions)
    if not outcome.paths.size:
        raise KeyboardInterrupt(UNFINISHED)
    return outcome


def _spread(work: Work, executor: Executor | Literal["processes"] | None) -> Outcome:
    if executor is None:
        if work.store is not None:
            return compute_in_turn(work)
        return compute(work.tables, work.plan, work.threads, work.progress)
    if executor == "processes":
        return compute_in_processes(work)
    if isinstance(executor, str):
        raise ArgumentError(
            f'executor is {executor!r}, wanted "processes" or an executor of concurrent.futures.'
        )
    return compute_in_chunks(work, executor)


def _drawn(found: Compiled) -> dict[str, NDArray[np.float64]]:
    return found.inputs.drawn() | (found.programs.drawn() if found.programs else {})


def _traced(found: Compiled, plan: Plan, path: int) -> pd.DataFrame:
    """Give the events of one path of a run."""
    return events(trace(found.tables, plan, path), found.inputs.names["company"])


def _series(found: Compiled, plan: Plan, path: int, names: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Give variables of one path of a run, `[months, entities]` each."""
    part = replace(plan.part(path, path + 1), record=chosen_variables(names), sample=0, keep=1)
    outcome = compute(draws_of(found.tables, plan, part), part, 1, None)
    return {name: values[0] for name, values in zip(names, outcome.kept, strict=True)}


def _fate(found: Compiled, plan: Plan, company: str, path: int) -> Fate:
    """Tell whether, when and why a company fails on one path of a run."""
    part = replace(plan.part(path, path + 1), record=(), quantiles=(), sample=0, keep=0)
    outcome = compute(draws_of(found.tables, plan, part), part, 1, None)
    names = found.inputs.names["company"]
    place = names.index(company)
    trigger = int(outcome.trigger[0, place])
    cause = _core.causes()[int(outcome.cause[0, place])]
    return Fate(int(outcome.failed_month[0, place]), cause, names[trigger] if trigger >= 0 else "")


def _winds_down(record: Rule | Door) -> bool:
    """Whether it is a door to orderly closure."""
    return isinstance(record, Door) and record.effect == WOUND_DOWN


def _with_sample(plan: Plan, counts: Mapping[str, int]) -> Plan:
    """Decide from how many paths quantiles, and what tables need of single paths, are computed."""
    if not plan.quantiles:
        return plan
    needed = (variables()[name] for name in (*SAMPLED, *NEEDS))
    plan = replace(plan, record=tuple(dict.fromkeys((*plan.record, *needed))))
    return replace(plan, sample=sample_size(plan.paths, bytes_per_kept_path(plan, counts)))
