"""A run with a function of Python in it, which is called each month with all paths."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cashcade.case import QUANTILES, Case
from cashcade.case.arguments import chosen_variables
from cashcade.case.case import PATHS, RECORD, keeping
from cashcade.errors import ArgumentError, FunctionError
from cashcade.host.origin import name_of, origin_of
from cashcade.host.simulation import Simulation
from cashcade.host.sums import Sums
from cashcade.host.turn import Turn
from cashcade.plugin.blame import place_in, place_of
from cashcade.results.layout import Source, build_dataset
from cashcade.results.plan import Plan
from cashcade.results.result import Result
from cashcade.rules import ExitScenario, Rule, Scenario, Shock, Use
from cashcade.runs.memory import bytes_per_kept_path
from cashcade.words.rows import Row
from cashcade.world import World

Monthly = Callable[[Turn], None]
"""A function that is called before each month: it reads what was, and moves what comes."""


def run_monthly(  # noqa: PLR0913 - all but world and function are keywords with defaults
    world: World | str | Path | Case,
    function: Monthly,
    *,
    levers: Sequence[str] = (),
    scenarios: Sequence[str | Scenario | Shock | Use | ExitScenario] = (),
    rules: Sequence[Rule] = (),
    months: int = 36,
    paths: int = PATHS,
    seed: int | None = 0,
    replicates: int | None = None,
    first_path: int = 0,
    record: Sequence[str] | None = None,
    without: Sequence[str] = (),
    feedbacks: Collection[str] | None = None,
    quantiles: Sequence[float] = QUANTILES,
    keep_paths: bool | int = False,
    max_memory: float = 4e9,
    threads: int | None = None,
    plugins: Sequence[object] = (),
    block: Collection[str] = (),
) -> Result:
    """Run a world with a function of Python that is called before each month, with all paths at once.

    For mechanisms that rules cannot say. A function that moves nothing changes no bit, and one that does what
    a rule does gives what the rule gives, to the bit. It costs more than a rule: docs/simulation.md has
    measured it.

    Parameters
    ----------
    world, scenarios, rules, months, paths, seed, replicates, first_path, without, feedbacks
        As in `cashcade.run`.
    function
        Called once before each month, in order, with a `Turn`: arrays `[path, entity]` of all paths are read
        with `get` and moved with `set`, `scale` and `add`. It returns nothing. What it remembers is its own.
    levers
        Parameters that it moves, such as `company.list_level`, as in `cashcade.Simulation`. Variables that
        can be set need no leave.
    record
        Names of variables whose series are recorded, by default those of `cashcade.run`.
    quantiles, keep_paths, threads, plugins, block
        As in `cashcade.run`.
    max_memory
        Bytes. All paths are held at once; a run that would need more is refused.

    Returns
    -------
    result
        As that of `cashcade.run`; its attribute `function` names the function, its module and its file with a
        hash. What runs paths again, such as `explain`, is not to be had.

    Raises
    ------
    FunctionError
        The function failed, or returned something; says where, before which month and on which paths.
    WorldError, ArgumentError, RuleError, PluginError, MemoryLimitError, ArithmeticError
        As in `cashcade.run`.
    KeyboardInterrupt
        Ctrl-C came: no path is finished before all are.
    """
    if not callable(function):
        raise ArgumentError(f"function is {function!r}, wanted one that takes a Turn, such as a def.")
    with _Recorded(
        world,
        scenarios=scenarios,
        rules=rules,
        levers=levers,
        paths=paths,
        seed=seed,
        months=months,
        replicates=replicates,
        first_path=first_path,
        without=without,
        feedbacks=feedbacks,
        threads=threads,
        max_memory=max_memory,
        plugins=plugins,
        block=block,
    ) as simulation:
        plan = simulation.recording(RECORD if record is None else record, quantiles, keep_paths, max_memory)
        source = simulation.moved_by(function, plan)
    return Result(partial(build_dataset, source))


class _Recorded(Simulation):
    """A simulation that records series, as a run does."""

    def recording(
        self, record: Sequence[str], quantiles: Sequence[float], keep_paths: bool | int, limit: float
    ) -> Plan:
        """Give the plan, with what is recorded; refuse one that would take more than `limit` bytes."""
        plan = replace(self._plan, record=chosen_variables(record))
        plan = keeping(self.case, plan, quantiles, keep_paths)
        self._check_memory(self._threads, limit, plan.kept * bytes_per_kept_path(plan, self.case.counts))
        return plan

    def moved_by(self, function: Monthly, plan: Plan) -> Source:
        """Step to the end, the function before each month, and give what came out."""
        sums = Sums(plan, self._values)
        turn = Turn(self._core, plan, self._names, self._levers)
        for _ in range(plan.months):
            _call(function, turn)
            self.step()
            sums.note()
        return replace(self._source(plan, sums.answer()), function=origin_of(function))

    def _values(self, row: Row) -> NDArray[np.float64]:
        return self._core.get(row.place, list(range(len(self._names[row.entity]))))


def _call(function: Monthly, turn: Turn) -> None:
    """Call the function.

    Raises
    ------
    FunctionError
        It failed, or returned something.
    KeyboardInterrupt
        The user wants no more.
    """
    try:
        given: object = function(turn)  # type: ignore[func-returns-value] # nobody holds it to its type
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        what = f"failed with {type(error).__name__}: {error}".rstrip(".: ")
        raise _blame(function, turn, what, place_in(error) or place_of(function)) from error
    if given is not None:
        what = f"returned {type(given).__name__}, wanted None: set(), scale() and add() move what comes"
        raise _blame(function, turn, what, place_of(function))


def _blame(function: Monthly, turn: Turn, what: str, where: str) -> FunctionError:
    last = turn.first_path + turn.paths - 1
    when = f"before month {turn.coming}, on paths {turn.first_path} to {last}"
    return FunctionError(f'function "{name_of(function)}" ({where}) {what} ({when}).')
