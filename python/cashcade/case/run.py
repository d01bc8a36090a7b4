"""The run: a world, many futures, one result."""

from collections.abc import Collection, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Literal

from cashcade.case import QUANTILES, Case, case_of
from cashcade.case.arguments import Wanted
from cashcade.results.result import Result
from cashcade.rules import ExitScenario, Rule, Scenario, Shock, Use
from cashcade.runs.executors import Progress
from cashcade.world import World


def run(  # noqa: PLR0913 - all but the world are keywords with defaults
    world: World | str | Path | Case,
    *,
    scenarios: Sequence[str | Scenario | Shock | Use | ExitScenario] = (),
    rules: Sequence[Rule] = (),
    months: int = 36,
    paths: int | None = None,
    seed: int | None = 0,
    replicates: int | None = None,
    first_path: int = 0,
    parameters: object = None,
    record: Sequence[Wanted] | None = None,
    without: Sequence[str] = (),
    feedbacks: Collection[str] | None = None,
    loops: Collection[str] | None = None,
    quantiles: Sequence[float] = QUANTILES,
    keep_paths: bool | int = False,
    max_memory: float = 4e9,
    threads: int | None = None,
    executor: Executor | Literal["processes"] | None = None,
    chunk: int | None = None,
    progress: Progress | Literal["bar"] | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    plugins: Sequence[object] = (),
    block: Collection[str] = (),
) -> Result:
    """Run a world on many random paths.

    Path `k` is the same whatever else is computed: any subset of the paths, any number of threads, any
    executor and any chunks give the same bits. So do means and other statistics, because sums over paths are
    exact.

    Parameters
    ----------
    world
        A world, the name of one that a plugin offers, the path of a `.toml` file, or a `Case`, which has its
        scenarios, rules, feedbacks and plugins already.
    scenarios
        What else happens: scenarios, shocks and exit scenarios, by the names that plugins give them
        (`cashcade scenarios` lists them) or as records; a shock with arguments is `shock(rise=0.3)` or
        `Use("api-price-rise", {"rise": 0.3})`. Their order does not matter. An exit scenario, given alone or
        within a scenario, replaces those that the world names.
    rules
        Further rules; docs/rules.md says what they may say.
    months
        Months to simulate, 1 to 1200.
    paths
        Paths to simulate, up to 2^24; 10,000 by default. They are the replicates of `paths / replicates`
        draws of the parameters; the last draw may have fewer.
    seed
        0 to 2^63 - 1; the result records it. None draws one.
    replicates
        Paths per draw. By default 4 where the world has ranges and there are 16 paths or more, else 1; 1 with
        a table of `parameters`.
    first_path
        Number of the first path, to continue another run: paths 0 to 9999 and 10 000 to 19 999 are 20 000
        independent ones.
    parameters
        Parameters by draw, in place of what ranges would give: a frame of pandas, polars or Arrow, or arrays
        by name. A column is called as `World.with_` calls a field (`company.openai.cash`,
        `fleet.*.economic_life`) or as `Result.parameters` calls an assumption; a row is a draw, which
        `replicates` paths share, so that there are rows x `replicates` paths. Values are those of the world
        as it is run: scenarios do not change them. Ranges that no column names are drawn as ever.
    record
        Variables whose series are recorded, such as `company.cash`; `cashcade variables` lists them. By
        default a useful dozen. A dictionary among them names expressions, such as
        `{"ai_gap": market.ai_capex - market.ai_revenue}`: they are worked out at the end of each month and
        recorded as `market.ai_gap`. With quantiles, the few that tables of the result are made of come on
        top.
    without
        Feedbacks to leave out, such as `vendor-finance`, besides those that the world leaves out;
        `cashcade feedbacks` lists them.
    feedbacks
        The only feedbacks to leave in, whatever the world leaves out; by default all.
    loops
        The former name of `feedbacks`.
    quantiles
        Levels, each from 0 to 1; none switches them off. They are computed from the first paths: at most
        2000, and no more than 256 MB hold. The result says how many (`quantile_paths`).
    keep_paths
        Keep the series of all paths (True) or the first so many.
    max_memory
        Bytes. A run that would need more is refused before it begins.
    threads
        Threads to use; by default all cores, or one per chunk with an executor.
    executor
        Spread the paths over its workers; `"processes"` makes one process per core.
    chunk
        Paths per chunk with an executor or `out`, rounded up to a multiple of 16; by default a 32nd of the
        paths.
    progress
        Called with the paths done and the paths wanted, some five times a second; `"bar"` draws a bar on
        standard error.
    out
        A `.zarr` or `.nc` to which the result is written. Until it is, finished chunks stand in a folder
        beside it, `run.zarr.chunks`. The result tells no seconds, so that the same run is the same file.
    resume
        Go on with what is at `out`, after the process was killed, say: chunks that are there are not run
        again, and a finished result is read. Without, what is there is replaced.
    plugins that are not packaged: objects or modules with hooks, and paths of Python files, which
        may be followed by options, "mine.py:size=3"; so may the name of an installed plugin.
    block
        Names of distributions whose plugins are not to be loaded, or of single records of them, such as
        "cashcade-ai:gpu-slump". The attribute `plugins` of the result says what was left out.

    Returns
    -------
    result
        Ctrl-C ends the run early: the result then holds the paths that were finished, and says so
        (`interrupted`).

    Raises
    ------
    WorldError
        The world cannot be used.
    ArgumentError
        Another argument cannot be used, or what is to be resumed is damaged or another run.
    WriteError
        The disk is full, say; chunks that are finished stay, and so does what stood at `out`.
    RuleError
        A rule does not fit the world, or two active rules set one lever to different values.
    PluginError
        A plugin is broken.
    MemoryLimitError
        The run would need more than `max_memory`.
    WorkerError
        A worker died, mostly for want of memory.
    ArithmeticError
        A number is not finite, which no world should bring about.
    KeyboardInterrupt
        Ctrl-C came before any path was finished.
    """
    case = case_of(
        world,
        scenarios=scenarios,
        rules=rules,
        without=without,
        feedbacks=feedbacks,
        loops=loops,
        plugins=plugins,
        block=block,
    )
    return case.run(
        months=months,
        paths=paths,
        seed=seed,
        replicates=replicates,
        first_path=first_path,
        parameters=parameters,
        record=record,
        quantiles=quantiles,
        keep_paths=keep_paths,
        max_memory=max_memory,
        threads=threads,
        executor=executor,
        chunk=chunk,
        progress=progress,
        out=out,
        resume=resume,
    )
