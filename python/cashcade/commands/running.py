"""Commands that run a world."""

import sys
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from cashcade.case import QUANTILES
from cashcade.case.run import run
from cashcade.commands.app import (
    INTERRUPTED,
    PerhapsWhole,
    Whole,
    app,
    console,
    print_json,
    separated,
    words,
)
from cashcade.commands.given import (
    NO_RESULT,
    PICTURE,
    Names,
    Picture,
    Settings,
    is_order,
    scenarios_of,
    settings_in,
    telling,
    world_of,
)
from cashcade.commands.written import Files, print_written
from cashcade.plugin.offers import parse_use
from cashcade.questions import Comparison, compare, sensitivity
from cashcade.questions.sheets import TABLES
from cashcade.questions.sides import Side
from cashcade.questions.told import records
from cashcade.results.document import document
from cashcade.results.page import NEEDED
from cashcade.results.result import Result
from cashcade.results.text import report as report_
from cashcade.words.names import one_line
from cashcade.words.numerals import above_zero
from cashcade.world.settings import is_setting, settings_of


@app.command(name="run")
def run_command(  # noqa: PLR0913 - the options of the command
    world: str,
    /,
    *,
    scenario: list[str] | None = None,
    shock: list[str] | None = None,
    set_: Settings = None,
    kill: Names = None,
    months: Whole = 36,
    paths: Whole = 10_000,
    seed: Whole = 0,
    threads: PerhapsWhole = None,
    replicates: PerhapsWhole = None,
    first_path: Whole = 0,
    record: list[str] | None = None,
    without: list[str] | None = None,
    block: list[str] | None = None,
    plugin: list[str] | None = None,
    keep_paths: Whole = 0,
    max_memory: float = 4.0,
    strict: bool = False,
    out: Path | None = None,
    resume: bool = False,
    report: Path | None = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
    quiet: bool = False,
) -> int:
    """Run a world on many random paths: who runs out of cash, when, and whom they take along.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    scenario
        Scenario, shock or exit scenario (see `cashcade scenarios`); repeat it, or separate names by commas.
    shock
        Shock with arguments, such as api-price-rise:rise=0.5,months=12; repeat it for several.
    set_
        Change of a number of the world, such as company.openai.cash=1e10 or 'fleet.*.economic_life=36';
        repeat it for several.
    kill
        Company that is wound up in a month, such as openai@12 or openai@2026-08; repeat it for several.
    months
        Months to simulate.
    paths
        Random paths.
    seed
        Seed of the random numbers; the same seed gives the same numbers on every machine.
    threads
        Threads; all cores by default.
    replicates
        Paths for each draw of uncertain numbers; 4 by default where the world has ranges.
    first_path
        Number of the first path, to continue another run.
    record
        Variable whose series is recorded, such as company.cash; repeat it, or separate names by commas.
    without
        Feedback to leave out, such as vendor-finance (see `cashcade feedbacks`); repeat it, or separate by
        commas.
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    keep_paths
        Number of paths whose full series are kept (see --out).
    max_memory
        Memory limit in GB; a run that would need more is refused before it begins.
    strict
        Refuse a world with plausibility notes (see `cashcade validate`).
    out
        Write everything to .nc, .zarr, .parquet, .xlsx (a sheet for each table) or .csv (a folder).
    resume
        Keep finished paths beside --out (.zarr or .nc) while the run goes on, and go on with what is there.
    report
        Write a report to a file, .html: it opens in a browser and needs no network.
    json_
        Print one JSON document instead of tables.
    quiet
        Show no progress bar.
    """
    files = Files(out, report, resumed=resume)
    files.check()
    max_memory = above_zero("--max-memory", max_memory, "GB")
    settings = settings_in(set_, kill)
    with telling(NO_RESULT):
        result = run(
            world_of(world, settings, block, plugin, strict=strict),
            scenarios=scenarios_of(scenario, shock),
            block=separated(block or []),
            plugins=plugin or [],
            months=months,
            paths=paths,
            seed=seed,
            threads=threads,
            replicates=replicates,
            first_path=first_path,
            record=files.recorded(None if record is None else separated(record)),
            without=separated(without or []),
            keep_paths=keep_paths,
            max_memory=1e9 * max_memory,
            progress="bar" if sys.stderr.isatty() and not quiet else None,
            out=out if resume else None,
            resume=resume,
        )
    if resume and result.interrupted:
        files = replace(files, out=None)
    if json_:
        _print_document(result, files)
    else:
        _print_report(result, files)
    return INTERRUPTED if result.interrupted else 0


def _untold(files: Files) -> str:
    """Say what is lost of a result that is not printed in full."""
    return "before all results were printed; the rest is lost" + files.unwritten()


def _print_document(result: Result, files: Files) -> None:
    """Print what was computed and what was written, also where the writing fails."""
    with telling(_untold(files)):
        content = document(result)
    written: list[Path] = []
    try:
        for path in files.write(result):
            written.append(path)  # noqa: PERF402 - what is written before one fails is told
    finally:
        print_json({**content, "written": [str(path) for path in written]})


def _print_report(result: Result, files: Files) -> None:
    """Print what was computed, then write it, so that a failure to write costs no more than the file."""
    screen = console()
    with telling(_untold(files)):
        for section in report_(result, screen.width):
            screen.print(section)
        screen.file.flush()
    for path in files.write(result):
        print_written(path)


@app.command(name="sensitivity")
def sensitivity_command(  # noqa: PLR0913 - the options of the command
    world: str,
    /,
    *,
    of: list[str] | None = None,
    top: Whole = 3,
    scenario: list[str] | None = None,
    shock: list[str] | None = None,
    set_: Settings = None,
    kill: Names = None,
    months: Whole = 60,
    paths: Whole = 10_000,
    seed: Whole = 0,
    threads: PerhapsWhole = None,
    without: list[str] | None = None,
    block: list[str] | None = None,
    plugin: list[str] | None = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Rank the assumptions that move each outcome most.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    of
        Outcome: systemic, failed-debt or the id of a company; repeat it, or separate by commas.
    top
        Assumptions for each outcome.
    scenario
        Scenario, shock or exit scenario (see `cashcade scenarios`); repeat it, or separate names by commas.
    shock
        Shock with arguments, such as api-price-rise:rise=0.5,months=12; repeat it for several.
    set_
        Change of a number of the world, such as company.openai.cash=1e10 or 'fleet.*.economic_life=36';
        repeat it for several.
    kill
        Company that is wound up in a month, such as openai@12 or openai@2026-08; repeat it for several.
    months
        Months to simulate.
    paths
        Random paths, each with a draw of its own.
    seed
        Seed of the random numbers.
    threads
        Threads; all cores by default.
    without
        Feedback to leave out (see `cashcade feedbacks`); repeat it, or separate by commas.
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    json_
        Print one JSON document instead of a table.
    """
    settings = settings_in(set_, kill)
    with telling(NO_RESULT):
        found = sensitivity(
            world_of(world, settings, block, plugin),
            of=None if of is None else separated(of),
            top=top,
            scenarios=scenarios_of(scenario, shock),
            months=months,
            paths=paths,
            seed=seed,
            threads=threads,
            without=separated(without or []),
            block=separated(block or []),
            plugins=plugin or [],
        )
    rows = found.reset_index().to_dict("records")
    if json_:
        about = {"world": world, "set": settings, "months": months, "paths": paths, "seed": seed}
        print_json({**about, "sensitivity": rows})
        return
    console().print(_assumptions(rows))


def _assumptions(rows: Sequence[dict[Hashable, Any]]) -> Table:
    """Show an outcome with its assumptions, the one that moves it most first."""
    table = Table(
        "Outcome", "Assumption", "Explains, %", "Outcome where low", "where high", box=None, pad_edge=False
    )
    for row in rows:
        cells = words(
            row["outcome"] if row["rank"] == 1 else "",
            row["assumption"],
            f"{100 * row['share']:.1f} ±{100 * row['share_ci']:.1f}",
            f"{row['at_low']:.3f} ±{row['at_low_se']:.3f}",
            f"{row['at_high']:.3f} ±{row['at_high_se']:.3f}",
        )
        table.add_row(*cells)
    return table


@app.command(name="compare")
def compare_command(  # noqa: PLR0913 - the options of the command
    world: str,
    /,
    *sides: str,
    set_: Settings = None,
    kill: Names = None,
    of: list[str] | None = None,
    events: bool = False,
    months: Whole = 36,
    paths: Whole = 2_000,
    seed: Whole = 0,
    threads: PerhapsWhole = None,
    replicates: PerhapsWhole = None,
    block: list[str] | None = None,
    out: Path | None = None,
    plugin: list[str] | None = None,
    report: Path | None = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
    picture: Picture = PICTURE,
) -> None:
    """Compare scenarios path by path on the same random numbers: what changes, with errors.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    sides
        Two or more; all are compared with the first. A side is baseline (the world as it is); a scenario or
        shock, several together separated by commas; a shock with arguments, such as
        api-price-rise:rise=0.5,months=12; a change of a number, such as company.openai.cash=1e10; or a
        company that is wound up in a month, such as openai@12.
    set_
        Change of a number of the world on all sides, such as company.openai.cash=1e10; repeat it for
        several.
    kill
        Company that is wound up in a month on all sides, such as openai@12; repeat it for several.
    of
        Outcome: systemic, failed-debt or the id of a company; repeat it, or separate by commas; all by
        default.
    events
        Show which events differ: who fails, raises, extends a loan or breaks a covenant on one side only.
    months
        Months to simulate.
    paths
        Random paths of each side.
    seed
        Seed of the random numbers.
    threads
        Threads; all cores by default.
    replicates
        Paths for each draw of uncertain numbers; 4 by default where a side has ranges.
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    out
        Write all tables to .xlsx (a sheet for each) or .csv (a folder).
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    report
        Write a report to a file, .html: it opens in a browser and needs no network.
    json_
        Print one JSON document instead of a table.
    """
    settings = settings_in(set_, kill)
    files = Files(out, report, TABLES)
    files.check()
    picture.check()
    with telling(NO_RESULT):
        found = compare(
            world_of(world, settings, block, plugin),
            {name: _side(name) for name in sides} if len(set(sides)) == len(sides) else sides,
            events=events,
            months=months,
            paths=paths,
            seed=seed,
            threads=threads,
            replicates=replicates,
            block=separated(block or []),
            plugins=plugin or [],
            record=() if out is None and report is None else NEEDED,
            quantiles=() if report is None else QUANTILES,
        )
    rows = found.outcomes(None if of is None else separated(of)).reset_index().to_dict("records")
    if json_:
        about = {"world": world, "base": found.base, "months": months, "paths": paths, "seed": seed}
        told = {"events": records(found.events())} if events else {}
        print_json({**about, "set": settings, "comparison": rows, **told})
    else:
        _print_comparison(rows, found, events=events)
    for path in files.write(found):
        if not json_:
            print_written(path)
    picture.draw(lambda: found.plot.outcomes(), quiet=json_)  # noqa: PLW0108 - `plot` needs its extra


EVENTS = 40
"""Events that are shown, those that differ on most paths first."""


def _print_comparison(rows: list[dict[Hashable, Any]], found: Comparison, *, events: bool) -> None:
    screen = console()
    for section in _differences(rows, found.base):
        screen.print(section)
    if events:
        screen.print()
        screen.print(_events(records(found.events().head(EVENTS)), found.base))
    screen.file.flush()


def _events(rows: Sequence[dict[Hashable, Any]], base: str) -> Table:
    """Show on how many paths an event happens on one side only, or in another month."""
    columns = ("Event", "Of", "Side", f"Paths, {one_line(base)}", "Side", "Only there", "Only here", "Moved")
    table = Table(*columns, "By months", box=None, pad_edge=False)
    for row in rows:
        counts = (f"{row[name]:,.0f}" for name in ("base", "here", "only_base", "only_side", "moved"))
        later = "" if row["later"] is None else f"{row['later']:+.0f}"
        table.add_row(*words(str(row["event"]), str(row["of"]), str(row["side"]), *counts, later))
    return table


def _side(text: str) -> Side:
    """Read a side: names separated by commas, one shock with arguments, one setting, or one order."""
    if is_setting(text):
        return settings_of([text])
    if is_order(text):
        return settings_of(settings_in([], [text]))
    return parse_use(text) if ":" in text else separated([text])


def _differences(rows: Sequence[dict[Hashable, Any]], base: str) -> Iterator[RenderableType]:
    """Show how often outcomes happen on the first side, and how much more often on the others."""
    sides = dict.fromkeys(str(row["side"]) for row in rows)
    table = Table("Outcome", f"{one_line(base)}, %", *map(one_line, sides), box=None, pad_edge=False)
    outcomes: dict[str, list[dict[Hashable, Any]]] = {}
    for row in rows:
        outcomes.setdefault(str(row["outcome"]), []).append(row)
    apart = {
        name: max(abs(row["difference"]) for row in some)
        for name, some in outcomes.items()
        if any(row["only_base"] or row["only_side"] for row in some)
    }
    for name in sorted(apart, key=apart.__getitem__, reverse=True):
        some = outcomes[name]
        cells = [f"{100 * row['difference']:+.1f} ±{100 * row['se']:.1f}" for row in some]
        table.add_row(*words(name, f"{100 * some[0]['base']:.1f}", *cells))
    yield table
    if alike := [name for name in outcomes if name not in apart]:
        yield Text(one_line(f"No path differs: {', '.join(alike)}."))
