"""The stepping interface: all paths advance a month at a time, and a host reads and sets what it likes."""

import hashlib
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from cashcade import _core
from cashcade.case import MOST_MONTHS, Case, Compiled, case_of
from cashcade.case.arguments import cores
from cashcade.compile import Programs, compile_programs, conflict
from cashcade.errors import ArgumentError
from cashcade.host.access import Access
from cashcade.host.levers import chosen_levers, lever_rows
from cashcade.host.snapshot import Snapshot
from cashcade.results.exits import exits
from cashcade.results.firings import firings, triggers
from cashcade.results.layout import Source, build_dataset
from cashcade.results.outcome import Outcome
from cashcade.results.plan import Plan
from cashcade.rules import ExitScenario, Rule, Scenario, Shock, Use
from cashcade.runs.executors import Tables, available_cores, bytes_of, footprint
from cashcade.runs.memory import check_held
from cashcade.words.numerals import above_zero, whole
from cashcade.world import World

Floats = NDArray[np.float64]


class Simulation(Access):
    """All paths of a world between two months.

    A path takes the same turns as in `cashcade.run`, bit for bit, as long as nothing is set: the same world,
    scenarios, rules, seed, paths and replicates are the same numbers, on any number of threads.

    Parameters
    ----------
    world, scenarios, rules, without, feedbacks, loops, plugins, block
        As in `cashcade.run`.
    levers
        Parameters that are moved from outside, such as `company.list_level`: those that rules may move
        (docs/rules.md lists them).
    paths, seed, replicates, first_path, threads
        As in `cashcade.run`.
    months
        The last month; None for 1200.
    max_memory
        Bytes. A simulation holds every path at once; one that would need more is refused before it begins.

    Raises
    ------
    WorldError, ArgumentError, RuleError, PluginError
        As in `cashcade.run`.
    MemoryLimitError
        The simulation would need more than `max_memory`.

    Examples
    --------
    ::

        with cc.Simulation("ai-2025-08", paths=1_000, seed=1) as simulation:
            while simulation.month < 36:
                simulation.step()
                short = simulation.get("company.runway") < 3  # [path, company]
                simulation.set("company.cash", simulation.get("company.cash") + 1e9, where=short)
    """

    def __init__(  # noqa: PLR0913 - all but the world are keywords with defaults
        self,
        world: World | str | Path | Case,
        *,
        scenarios: Sequence[str | Scenario | Shock | Use | ExitScenario] = (),
        rules: Sequence[Rule] = (),
        levers: Sequence[str] = (),
        paths: int = 10_000,
        seed: int | None = 0,
        months: int | None = None,
        replicates: int | None = None,
        first_path: int = 0,
        without: Sequence[str] = (),
        feedbacks: Collection[str] | None = None,
        loops: Collection[str] | None = None,
        threads: int | None = None,
        max_memory: float = 4e9,
        plugins: Sequence[object] = (),
        block: Collection[str] = (),
    ) -> None:
        self._begin = time.perf_counter()
        max_memory = above_zero("max_memory", max_memory, "bytes")
        self.case = case_of(
            world,
            scenarios=scenarios,
            rules=rules,
            without=without,
            feedbacks=feedbacks,
            loops=loops,
            plugins=plugins,
            block=block,
        )
        self._levers = chosen_levers(levers)
        self._plan = self.case.plan(
            months=MOST_MONTHS if months is None else months,
            paths=paths,
            seed=seed,
            replicates=replicates,
            first_path=first_path,
        )
        self._threads = cores(threads, available_cores())
        self._check_memory(self._threads, max_memory)
        self._compiled = self.case.compiled(self._plan)
        self._names = self._compiled.inputs.names
        self._core = self._begun(self._threads)

    def _check_memory(self, threads: int, limit: float, series: int = 0) -> None:
        """Refuse a simulation that would take more memory than there may be, before any draw is made."""
        plan, tables = self._plan, self._tables(self.case.sketched())
        taken = footprint(tables, plan, threads, held=True)
        check_held(plan.paths, taken, bytes_of(tables, plan.draws), limit, series)

    def _begun(self, threads: int) -> _core.Paths:
        """Give all paths at month 0."""
        plan, tables = self._plan, self._tables(self._compiled)
        return _core.Paths(
            tables.world,
            rules=tables.rules,
            months=plan.months,
            paths=plan.paths,
            first_path=plan.first_path,
            seed=plan.seed,
            replicates=plan.replicates,
            first_draw=plan.first_draw,
            threads=threads,
        )

    def _tables(self, compiled: Compiled) -> Tables:
        """Give the world, and rules, doors and levers as the core takes them."""
        inputs, programs = compiled
        if not programs and not self._levers:
            return Tables(inputs.arrays)
        programs = programs or compile_programs((), self.world, inputs)
        return Tables(inputs.arrays, {**programs.arrays, "lever": lever_rows(self._levers, inputs.counts)})

    @property
    def world(self) -> World:
        """The world, as it is simulated."""
        return self.case.world

    @property
    def _programs(self) -> Programs | None:
        return self._compiled.programs

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __getstate__(self) -> dict[str, object]:
        """Give what is pickled and copied: the months so far as a snapshot."""
        return {**self.__dict__, "_core": self.save()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Go on from where it was pickled, on as many threads."""
        snapshot = state.pop("_core")
        self.__dict__.update(state)
        self._core = self._begun(self._threads)
        self.restore(snapshot)

    def __repr__(self) -> str:
        return f"<Simulation of {self.world.name}: {self.paths} paths, seed {self.seed}>"

    @property
    def months(self) -> int:
        """The last month."""
        return self._plan.months

    @property
    def seed(self) -> int:
        """Seed of all random numbers."""
        return self._plan.seed

    @property
    def replicates(self) -> int:
        """Consecutive paths that share a draw of the ranges."""
        return self._plan.replicates

    def step(self, n: int = 1) -> int:
        """Move all paths by `n` months; gives the month reached.

        Ctrl-C ends it at once. The month it came in is finished when the simulation is next asked for
        something, so that all paths are always at the end of the same month.

        Raises
        ------
        ArgumentError
            `n` is not a whole number, or there are not so many months left; then nothing moves.
        RuleError
            Two active rules set one lever to different values. Nothing that comes after means anything;
            `restore` goes back.
        """
        left = self.months - self.month
        if not left:
            raise ArgumentError(f"The simulation ends with month {self.months}; restore() goes back.")
        month = self._core.step(whole("n", n, 0, left))
        found = self._core.conflict() if self._programs else None
        if self._programs and found:
            path, at, *actions = found
            raise conflict(self._programs, path, at, actions)
        return month

    @property
    def failed_month(self) -> NDArray[np.uint16]:
        """`[path, company]`: month of failure, 0 if none so far."""
        return self._core.outcomes()["failed_month"]

    @property
    def cause(self) -> NDArray[np.str_]:
        """`[path, company]`: why it failed, "none" if it has not; causes as in the tables of a result."""
        return np.asarray(_core.causes())[self._core.outcomes()["cause"]]

    @property
    def trigger(self) -> NDArray[np.int32]:
        """`[path, company]`: place in `names("company")` of the company that caused it, -1 if none."""
        return self._core.outcomes()["trigger"]

    @property
    def debt_at_failure(self) -> Floats:
        """`[path, company]`: debt when it failed, USD."""
        return self._core.outcomes()["debt_at_failure"]

    @property
    def imbalance(self) -> float:
        """Largest deviation of the ledger in any month so far, relative to the gross flow of its month."""
        return self._core.imbalance()

    def dataset(self) -> xr.Dataset:
        """Give what happened so far, by the names of `Result.dataset`.

        It holds failures, exits, what rules did, and in its attributes where it comes from: world, scenarios,
        rules, plugins with their versions, seed. Series are for `get`.
        """
        nothing: dict[str, Any] = dict.fromkeys(("sum", "square", "last_sum", "kept"), ())
        return build_dataset(self._source(self._plan, nothing))

    def _source(self, plan: Plan, series: Mapping[str, Any]) -> Source:
        """Give all that a dataset of what happened so far is made of.

        Parameters
        ----------
        plan
            What was recorded.
        series
            Sums and series of that, as the core gives those of a run.
        """
        answer = {**series, **self._core.outcomes(), "imbalance": self.imbalance}
        answer |= {"finished": np.ones(self.paths, dtype=np.bool_), "interrupted": False, "conflict": None}
        outcome = Outcome.of(answer, self.first_path)
        seconds = time.perf_counter() - self._begin
        return self.case.source(self._compiled, replace(plan, months=self.month), outcome, seconds)

    def firings(self) -> pd.DataFrame:
        """Return what rules did so far, as `Result.firings`."""
        return firings(self.dataset())

    def triggers(self) -> pd.DataFrame:
        """Return what set off rules so far, as `Result.triggers`."""
        return triggers(self.dataset())

    def exits(self) -> pd.DataFrame:
        """Return exits so far, as `Result.exits`."""
        return exits(self.dataset())

    def save(self) -> Snapshot:
        """Keep everything that later months depend on; the snapshot can be pickled."""
        month, numbers = self._core.save()
        return Snapshot(month, self._signature(), numbers)

    def restore(self, snapshot: Snapshot) -> None:
        """Return to the state of a snapshot.

        Raises
        ------
        ArgumentError
            It is of other companies, rules, levers, paths or seed, or of a month beyond the last; then
            nothing changed.
        """
        if not isinstance(snapshot, Snapshot):
            raise ArgumentError(f"snapshot is {type(snapshot).__name__}, wanted what save() gave.")
        snapshot.check(self._signature())
        if snapshot.month > self.months:
            raise ArgumentError(
                f"The snapshot is of month {snapshot.month}; this simulation ends with month {self.months}."
            )
        self._core.restore(snapshot.month, snapshot.numbers)

    def close(self) -> None:
        """Free the memory; the simulation cannot be used any more."""
        self._core.close()

    def _signature(self) -> dict[str, object]:
        """Give what a snapshot must have in common with the simulation that it is restored in."""
        plan = self._plan
        chosen = {key: getattr(plan, key) for key in ("paths", "first_path", "seed", "replicates")}
        return {
            "cashcade": _core.__version__,
            **chosen,
            **{f"each {kind}": ids for kind, ids in self._names.items()},
            **dict(self._moving()),
        }

    def _moving(self) -> Iterator[tuple[str, object]]:
        """Yield what moves levers."""
        programs = self._programs
        yield "each rule", programs.rules if programs else ()
        yield "each door", programs.doors if programs else ()
        yield "each lever", (*self._levers,)
        arrays = programs.arrays.values() if programs else ()
        yield "rules", hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()[:16]
