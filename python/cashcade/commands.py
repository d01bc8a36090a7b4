"""What the command `cashcade` can do."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console
from rich.table import Table

from cashcade import _core
from cashcade.archetype import page
from cashcade.errors import CashcadeError, MissingExtraError
from cashcade.load import archetypes, load_world, worlds
from cashcade.loops import loops
from cashcade.names import choose
from cashcade.offers import Catalogue, inventory, parse_use
from cashcade.plugins import find_plugins
from cashcade.questions import sensitivity
from cashcade.results.document import document
from cashcade.results.result import Result
from cashcade.results.save import check_target
from cashcade.results.text import report
from cashcade.results.variables import variables
from cashcade.rules import Shock
from cashcade.runs import run
from cashcade.scaffold import new_plugin
from cashcade.world import schema

BROKEN_LAW = 1
"""Exit code of a check that found a broken law."""

USER_ERROR = 2
"""Exit code for what the user can put right."""

INTERRUPTED = 130
"""Exit code after Ctrl-C."""

PIPE_WIDTH = 120
"""Columns of tables that go to a file or another program."""

app = App(
    name="cashcade",
    help="Cash flows and default cascades: who runs out of cash, when, and whom they take along.",
    version=_core.__version__,
    default_parameter=Parameter(negative=()),
    suppress_keyboard_interrupt=False,  # `main` says what was lost
)


def execute(words: Sequence[str]) -> int:
    """Carry a command out.

    Parameters
    ----------
    words
        What stands after `cashcade`.

    Returns
    -------
    code
        The exit code; what the user can put right is one message on standard error and code 2.
    """
    try:
        code = app(words, exit_on_error=False, print_error=False, result_action="return_value")
    except BrokenPipeError:
        raise
    except (CashcadeError, CycloptsError, OSError) as error:
        print(f"cashcade: {error}", file=sys.stderr)  # noqa: T201 - the command line talks
        return USER_ERROR
    return code if isinstance(code, int) else 0


@app.command(name="run")
def run_command(  # noqa: PLR0913 - the options of the command
    world: str,
    /,
    *,
    scenario: list[str] | None = None,
    shock: list[str] | None = None,
    months: int = 36,
    paths: int = 10_000,
    seed: int = 0,
    threads: int | None = None,
    replicates: int | None = None,
    first_path: int = 0,
    record: list[str] | None = None,
    without: list[str] | None = None,
    block: list[str] | None = None,
    keep_paths: int = 0,
    max_memory: float = 4.0,
    out: Path | None = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
    quiet: bool = False,
) -> int:
    """Run a world on many random paths and tell who runs out of cash, when, and whom they take along.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), or a .toml file.
    scenario
        Scenario, shock or exit scenario (see `cashcade scenarios`); repeat it, or separate names by commas.
    shock
        Shock with arguments, such as api-price-rise:rise=0.5,months=12; repeat it for several.
    months
        Months to simulate.
    paths
        Random paths.
    seed
        Seed of the random numbers; the same seed gives the same numbers on every machine.
    threads
        Threads; all cores by default.
    replicates
        Paths per draw of the parameters; 4 by default where the world has ranges.
    first_path
        Number of the first path, to continue another run.
    record
        Variable whose series is recorded, such as company.cash; repeat it, or separate names by commas.
    without
        Loop to leave out, such as vendor-finance (see `cashcade loops`); repeat it, or separate by commas.
    block
        Distribution whose plugins are not to be loaded; repeat it, or separate names by commas.
    keep_paths
        Keep the series of the first so many paths in full (see --out).
    max_memory
        GB that the run may take; one that would take more is refused before it begins.
    out
        Write everything to a file: .nc, .zarr or .parquet.
    json_
        Print one JSON document instead of tables.
    quiet
        Show no progress bar.
    """
    if out is not None:
        check_target(out)
    result = run(
        world,
        scenarios=[*_separated(scenario or []), *map(parse_use, shock or [])],
        block=_separated(block or []),
        months=months,
        paths=paths,
        seed=seed,
        threads=threads,
        replicates=replicates,
        first_path=first_path,
        record=None if record is None else _separated(record),
        without=_separated(without or []),
        keep_paths=keep_paths,
        max_memory=1e9 * max_memory,
        progress="bar" if sys.stderr.isatty() and not quiet else None,
    )
    written = () if out is None else result.save(out)
    if json_:
        _print_json({**document(result), "written": [str(path) for path in written]})
    else:
        _print_report(result, written)
    return INTERRUPTED if result.interrupted else 0


def _separated(given: Sequence[str]) -> list[str]:
    """Give the names in options that hold one or several, separated by commas."""
    return [name for option in given for name in option.split(",")]


def _print_report(result: Result, written: Sequence[Path]) -> None:
    console = _console()
    for section in report(result, console.width):
        console.print(section)
    for path in written:
        console.print(f"Written: {path}", soft_wrap=True, markup=False, highlight=False)


def _print_json(content: object) -> None:
    print(json.dumps(content, indent=2, allow_nan=False))  # noqa: T201 - the command line talks


class _Output(Console):
    """A console that leaves a broken pipe to `main`."""

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError


def _console() -> Console:
    """Give a console as wide as the terminal, or wide enough for the tables where there is none."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPE_WIDTH
    return _Output(width=width, highlight=False)


@app.command(name="sensitivity")
def sensitivity_command(  # noqa: PLR0913 - the options of the command
    world: str,
    /,
    *,
    of: list[str] | None = None,
    top: int = 3,
    scenario: list[str] | None = None,
    shock: list[str] | None = None,
    months: int = 60,
    paths: int = 10_000,
    seed: int = 0,
    threads: int | None = None,
    without: list[str] | None = None,
    block: list[str] | None = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Tell which assumptions of a world move each outcome most.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), or a .toml file.
    of
        Outcome: systemic, failed-debt or the id of a company; repeat it, or separate by commas.
    top
        Assumptions for each outcome.
    scenario
        Scenario, shock or exit scenario (see `cashcade scenarios`); repeat it, or separate names by commas.
    shock
        Shock with arguments, such as api-price-rise:rise=0.5,months=12; repeat it for several.
    months
        Months to simulate.
    paths
        Random paths, each with a draw of its own.
    seed
        Seed of the random numbers.
    threads
        Threads; all cores by default.
    without
        Loop to leave out (see `cashcade loops`); repeat it, or separate by commas.
    block
        Distribution whose plugins are not to be loaded; repeat it, or separate names by commas.
    json_
        Print one JSON document instead of a table.
    """
    found = sensitivity(
        world,
        of=None if of is None else _separated(of),
        top=top,
        scenarios=[*_separated(scenario or []), *map(parse_use, shock or [])],
        months=months,
        paths=paths,
        seed=seed,
        threads=threads,
        without=_separated(without or []),
        block=_separated(block or []),
    )
    rows = found.reset_index().to_dict("records")
    if json_:
        _print_json({"world": world, "months": months, "paths": paths, "seed": seed, "sensitivity": rows})
        return
    table = Table(
        "Outcome", "Assumption", "Explains, %", "Outcome where low", "where high", box=None, pad_edge=False
    )
    for row in rows:
        table.add_row(
            row["outcome"] if row["rank"] == 1 else "",
            row["assumption"],
            f"{100 * row['share']:.1f} ±{100 * row['share_ci']:.1f}",
            f"{row['at_low']:.3f} ±{row['at_low_se']:.3f}",
            f"{row['at_high']:.3f} ±{row['at_high_se']:.3f}",
        )
    _console().print(table)


@app.command(name="worlds")
def worlds_command() -> None:
    """List the worlds that plugins offer."""
    table = Table("World", "Date", "Title", "From", box=None, pad_edge=False)
    for offer in worlds():
        table.add_row(offer.name, str(offer.date), offer.title, offer.origin)
    _console().print(table)


@app.command(name="scenarios")
def scenarios_command(*, block: list[str] | None = None) -> None:
    """List the scenarios, shocks and exit scenarios that plugins offer, with the parameters of shocks.

    Parameters
    ----------
    block
        Distribution whose plugins are not to be loaded; repeat it, or separate names by commas.
    """
    table = Table("Name", "Kind", "Title", "Parameters", "From", box=None, pad_edge=False)
    for name, offer in sorted(Catalogue(find_plugins(block=_separated(block or []))).offers.items()):
        parameters = offer.record.parameters if isinstance(offer.record, Shock) else ()
        said = ", ".join(parameter.said for parameter in parameters)
        table.add_row(name, offer.kind, offer.record.title, said, offer.plugin.label if offer.plugin else "")
    _console().print(table)


@app.command(name="plugins")
def plugins_command(*, block: list[str] | None = None) -> None:
    """List the plugins that are installed, and what they bring.

    Parameters
    ----------
    block
        Distribution whose plugins are not to be loaded; repeat it, or separate names by commas.
    """
    table = Table("Plugin", "Version", "Brings", box=None, pad_edge=False)
    for plugin, brought in inventory(find_plugins(block=_separated(block or []))):
        table.add_row(plugin.name, plugin.version, ", ".join(brought) or "nothing")
    _console().print(table)


@app.command(name="archetypes")
def archetypes_command(name: str | None = None, /) -> None:
    """List the archetypes that plugins offer, or show the page of one.

    Parameters
    ----------
    name
        Name of an archetype: print its inputs, what is derived from them, and sources, as Markdown.
    """
    found = archetypes()
    if name is not None:
        choose(name, found, "archetype")
        print(page(found[name]), end="")  # noqa: T201 - the command line talks
        return
    table = Table("Archetype", "Title", "Inputs needed", box=None, pad_edge=False)
    for archetype in found.values():
        needed = ", ".join(one.name for one in archetype.inputs if one.default is None)
        table.add_row(archetype.name, archetype.title, needed)
    _console().print(table)


@app.command(name="loops")
def loops_command() -> None:
    """List the loops of the model that can be left out (see `cashcade run --without`)."""
    table = Table("Loop", "Kind", "What happens", box=None, pad_edge=False)
    for loop in loops():
        table.add_row(loop.name, loop.kind, loop.meaning)
    _console().print(table)


@app.command(name="variables")
def variables_command() -> None:
    """List the variables that can be recorded."""
    table = Table("Variable", "Unit", "Meaning", box=None, pad_edge=False)
    for name, row in variables().items():
        table.add_row(name, row.unit, row.meaning)
    _console().print(table)


@app.command(name="schema")
def schema_command() -> None:
    """Print the JSON schema of world files, for editors."""
    _print_json(schema())


@app.command(name="validate")
def validate_command(file: Path, /) -> None:
    """Check a world file and tell everything that is wrong with it.

    Parameters
    ----------
    file
        A .toml file.
    """
    world = load_world(file)
    counts = ", ".join(f"{kind}: {len(entries)}" for kind, entries in world.sections().items() if entries)
    _console().print(f"{file} is fine ({counts}).", soft_wrap=True, markup=False)


@app.command(name="check")
def check_command(name: str, /, *, examples: int = 10, block: list[str] | None = None) -> int:
    """Throw generated worlds at an installed plugin and tell which laws it breaks; then the exit code is 1.

    Parameters
    ----------
    name
        Name of the distribution (see `cashcade plugins`).
    examples
        Worlds that each record is applied to.
    block
        Distribution whose plugins are not to be loaded; repeat it, or separate names by commas.
    """
    try:
        from cashcade.testing import check_plugin  # noqa: PLC0415 - it needs hypothesis
    except ImportError as error:
        raise MissingExtraError("checks need hypothesis: pip install 'cashcade[testing]'") from error
    report = check_plugin(name, examples=examples, block=_separated(block or []))
    print(report)  # noqa: T201 - the command line talks
    return 0 if report.ok else BROKEN_LAW


@app.command(name="new-plugin")
def new_plugin_command(name: str, folder: Path = Path(), /) -> None:
    """Write a complete distribution: a pricing shock, an exit scenario, an archetype and their tests.

    Parameters
    ----------
    name
        Name of the distribution, such as cashcade-mine.
    folder
        Where its folder is made.
    """
    written = new_plugin(name, folder)
    _console().print(f"Written: {written}", soft_wrap=True, markup=False, highlight=False)
