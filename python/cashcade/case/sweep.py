"""A sweep: scenarios x tables of parameters x seeds as one job, which is kept as it goes on."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pandas as pd

from cashcade.case.arguments import Wanted
from cashcade.case.case import QUANTILES, Case, case_of
from cashcade.errors import ArgumentError
from cashcade.results.outcomes import outcomes
from cashcade.results.result import Result
from cashcade.results.storage import make_folder, write_bytes
from cashcade.rules import ExitScenario, Scenario, Shock, Use
from cashcade.runs.store import WAY_OUT
from cashcade.words.numerals import LARGEST_SEED, whole
from cashcade.words.places import check_folder
from cashcade.world import World

INDEX = "sweep.json"
"""What tells which run each store of a sweep is."""


class Run(NamedTuple):
    """A run of a sweep.

    Attributes
    ----------
    scenario
        Name of its scenarios.
    table
        Number of its table of parameters, from 0.
    seed
        Its seed.
    result
        What came out.
    """

    scenario: str
    table: int
    seed: int
    result: Result


@dataclass(frozen=True)
class Sweep:
    """The runs of a sweep, in the order of scenarios, then tables, then seeds.

    Attributes
    ----------
    runs
        All of them.
    """

    runs: tuple[Run, ...]

    def __iter__(self) -> Iterator[Run]:
        """Yield the runs."""
        return iter(self.runs)

    def __len__(self) -> int:
        """Count the runs."""
        return len(self.runs)

    def outcomes(self, of: str | Sequence[str]) -> pd.DataFrame:
        """Give how often outcomes happen, a row for each run.

        Parameters
        ----------
        of
            As in `Result.by_draw`.

        Returns
        -------
        outcomes
            Columns `scenario`, `table`, `seed`, `paths`, and of each outcome its mean over paths, called
            `outcome.coreweave`.
        """
        rows = []
        for run in self.runs:
            found = outcomes(run.result.dataset, of)
            means = {f"outcome.{name}": float(values.mean()) for name, values in found.items()}
            rows.append({**_keys(run), "paths": run.result.dataset.sizes["path"], **means})
        return pd.DataFrame(rows)

    def by_draw(self, of: str | Sequence[str]) -> pd.DataFrame:
        """Give parameters and outcomes beside each other, a row for each draw of each run.

        Parameters
        ----------
        of
            As in `Result.by_draw`.

        Returns
        -------
        by_draw
            Columns `scenario`, `table`, `seed` and `draw`, then those of `Result.by_draw`.
        """
        frames = [run.result.by_draw(of).reset_index().assign(**_keys(run)) for run in self.runs]
        whole = pd.concat(frames, ignore_index=True)
        first = ["scenario", "table", "seed", "draw"]
        return whole[[*first, *(name for name in whole.columns if name not in first)]]


def _keys(run: Run) -> dict[str, Any]:
    return {"scenario": run.scenario, "table": run.table, "seed": run.seed}


def sweep(  # noqa: PLR0913 - all but the world are keywords with defaults
    world: World | str | Path | Case,
    *,
    scenarios: Mapping[str, Sequence[str | Scenario | Shock | Use | ExitScenario]] | None = None,
    parameters: Sequence[object] = (None,),
    seeds: Iterable[int] = (0,),
    months: int = 36,
    paths: int | None = None,
    replicates: int | None = None,
    record: Sequence[Wanted] | None = None,
    quantiles: Sequence[float] = QUANTILES,
    keep_paths: bool | int = False,
    max_memory: float = 4e9,
    threads: int | None = None,
    executor: Executor | Literal["processes"] | None = None,
    chunk: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    out: str | Path | None = None,
    resume: bool = False,
) -> Sweep:
    """Run a world for each of some scenarios, tables of parameters and seeds.

    Parameters
    ----------
    world
        As in `cashcade.run`.
    scenarios
        Lists of scenarios by a name for each, `{"as it is": [], "shut": ["funding-shut"]}`; by default those
        of the world or case, called "world".
    parameters
        Tables of parameters, as `cashcade.run` takes one each; None among them for the ranges of the world.
    seeds
        Seeds.
    months, paths, replicates, record, quantiles, keep_paths, max_memory, threads, executor, chunk
        As in `cashcade.run`, for each run.
    progress
        Called with the runs done and the runs wanted, after each.
    out
        A folder, which is made: `sweep.json` says what is in it, and each run is a `.zarr`, kept as it goes
        on, as with `out` of `cashcade.run`. By default results stay in memory.
    resume
        Go on with what is in the folder: finished runs are read, and one that was under way goes on. Further
        scenarios, tables or seeds may be added at the end of each. Without, runs that are there are replaced.

    Returns
    -------
    sweep
        All runs. Ctrl-C ends the sweep by a KeyboardInterrupt; finished chunks are in the folder.

    Raises
    ------
    ArgumentError
        An argument cannot be used, or what is to be resumed is damaged or of another sweep.
    WriteError
        The disk is full, say; what is finished stays.
    WorldError, RuleError, PluginError, MemoryLimitError
        As in `cashcade.run`.

    Examples
    --------
    ::

        found = cc.sweep(
            "ai-2025-08",
            scenarios={"as it is": [], "shut": ["funding-shut"]},
            seeds=range(5),
            paths=1_000,
            out="sweep",
            resume=True,
        )
        print(found.outcomes(["systemic", "openai"]))
    """
    case = case_of(world)
    cases = {"world": case} if scenarios is None else _cases(case, scenarios)
    tables, numbers = _listed("parameters", parameters), _listed("seeds", seeds)
    numbers = [whole("seeds", seed, 0, LARGEST_SEED) for seed in numbers]
    wanted = list(product(enumerate(cases), range(len(tables)), numbers))
    names = {(name, table, seed): f"{place}-{table}-{seed}.zarr" for (place, name), table, seed in wanted}
    if len(names) < len(wanted):
        raise ArgumentError(f"seeds holds {numbers!r}, wanted each once.")
    folder = None if out is None else _opened(Path(out), names, resume=resume)
    runs: list[Run] = []
    for (scenario, table, seed), name in names.items():
        result = cases[scenario].run(
            months=months,
            paths=paths,
            seed=seed,
            replicates=replicates,
            parameters=tables[table],
            record=record,
            quantiles=quantiles,
            keep_paths=keep_paths,
            max_memory=max_memory,
            threads=threads,
            executor=executor,
            chunk=chunk,
            out=None if folder is None else folder / name,
            resume=resume and folder is not None,
        )
        if result.interrupted:
            raise KeyboardInterrupt(f"after {len(runs)} of {len(names)} runs")
        runs.append(Run(scenario, table, seed, result))
        if progress is not None:
            progress(len(runs), len(names))
    return Sweep(tuple(runs))


def _cases(
    case: Case, scenarios: Mapping[str, Sequence[str | Scenario | Shock | Use | ExitScenario]]
) -> dict[str, Case]:
    """Give the case of each list of scenarios."""
    if not isinstance(scenarios, Mapping) or not scenarios:
        raise ArgumentError(
            f'scenarios is {scenarios!r}, wanted lists by name, such as {{"shut": ["funding-shut"]}}.'
        )
    return {str(name): case.with_scenarios(chosen) for name, chosen in scenarios.items()}


def _listed(argument: str, given: Any) -> list[Any]:  # noqa: ANN401 - anything may be given
    """Give what is given as a list, at least one of it."""
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable) or hasattr(given, "columns"):
        raise ArgumentError(f"{argument} is a {type(given).__name__}, wanted a list.")
    found = list(given)
    if not found:
        raise ArgumentError(f"{argument} is empty, wanted at least one.")
    return found


def _opened(folder: Path, names: Mapping[tuple[str, int, int], str], *, resume: bool) -> Path:
    """Make the folder of a sweep, and write what is in it.

    Raises
    ------
    ArgumentError
        There is something else, or it is to go on, and holds the runs of another sweep.
    WriteError
        The system refuses.
    """
    check_folder(folder)
    index = folder / INDEX
    if folder.exists() and not index.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ArgumentError(
            f"Cannot write {str(folder)!r}: what stands there is no sweep. Choose another name."
        )
    said = [
        {"file": name, "scenario": scenario, "table": table, "seed": seed}
        for (scenario, table, seed), name in names.items()
    ]
    if resume and index.exists():
        _check(index, said)
    make_folder(folder)
    write_bytes(index, json.dumps(said, indent=2).encode())
    return folder


def _check(index: Path, said: Sequence[Mapping[str, object]]) -> None:
    """Refuse to go on with a sweep in which a store is of another scenario."""
    try:
        before = {row["file"]: row["scenario"] for row in json.loads(index.read_text(encoding="utf-8"))}
    except (OSError, ValueError, KeyError, TypeError):
        raise ArgumentError(f"Cannot resume: {str(index)!r} is damaged. {WAY_OUT}") from None
    for row in said:
        found = before.get(row["file"], row["scenario"])
        if found != row["scenario"]:
            raise ArgumentError(
                f"Cannot resume: {str(index)!r} is of another sweep: {row['file']} is scenario {found!r} "
                f"(wanted {row['scenario']!r}). {WAY_OUT}"
            )
