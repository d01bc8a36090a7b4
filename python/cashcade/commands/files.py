"""Commands for who writes worlds and plugins."""

import sys
from pathlib import Path

from cashcade.commands.app import BROKEN_LAW, Whole, app, console, print_json, separated
from cashcade.commands.given import Names
from cashcade.commands.scaffold import new_plugin
from cashcade.commands.written import print_written
from cashcade.errors import ArgumentError, MissingExtraError, WorldError
from cashcade.load import load_world
from cashcade.plugin import find_plugins
from cashcade.plugin.offers import catalogue_of
from cashcade.words.names import lines, one_line
from cashcade.world import schema


@app.command(name="schema")
def schema_command() -> None:
    """Print the JSON schema of world files, for editors."""
    print_json(schema())


@app.command(name="validate")
def validate_command(
    file: Path, /, *, strict: bool = False, block: list[str] | None = None, plugin: Names = None
) -> None:
    """Check a world and list everything that is wrong with it.

    Parameters
    ----------
    file
        A .toml file, a folder of tables, or a workbook (.xlsx).
    strict
        Treat plausibility notes as errors.
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    """
    blocked, further = separated(block or []), plugin or []
    world = load_world(file, block=blocked, plugins=further)
    if world.about.exits:
        catalogue_of(find_plugins(extra=further, block=blocked)).exits_of(world)
    notes = world.notes()
    if strict and notes:
        raise WorldError([note.problem(str(file)) for note in notes], str(file))
    for note in notes:
        print(one_line(f"cashcade: {file}: {note}"), file=sys.stderr)  # noqa: T201 - the command line talks
    counts = ", ".join(f"{kind}: {count}" for kind, count in world.counts().items() if count)
    console().print(one_line(f"{file} is fine ({counts})."), soft_wrap=True, markup=False)


@app.command(name="check")
def check_command(  # noqa: PLR0913 - the options of the command
    name: str | None = None,
    /,
    *,
    examples: Whole = 10,
    world: Names = None,
    block: list[str] | None = None,
    plugin: Names = None,
    to: Path = Path("cashcade-check"),
) -> int:
    """Test a plugin against the laws of the model on generated worlds; exit code 1 if one breaks.

    Parameters
    ----------
    name
        Name of the distribution (see `cashcade plugins`), or a Python file; by default the last --plugin.
    examples
        Generated worlds for each record, besides one that has everything.
    world
        World to try each record on as well, if it has what the record names; repeat it for several.
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    to
        Folder for a world that shows each broken law; created only if one breaks.
    """
    try:
        from cashcade.testing import check_plugin  # noqa: PLC0415 - it needs hypothesis
    except ImportError as error:
        raise MissingExtraError("checks need hypothesis: pip install 'cashcade[testing]'") from error
    further = list(plugin or [])
    if name is None and not further:
        raise ArgumentError("check wants the name of a plugin, or --plugin FILE.")
    report = check_plugin(
        further.pop() if name is None else name,
        examples=examples,
        block=separated(block or []),
        plugins=further,
        worlds=world or [],
        progress=_told if sys.stderr.isatty() else None,
    )
    print(lines(str(report)))  # noqa: T201 - the command line talks
    for path in report.save(to) if report.broken else ():
        print_written(path)
    return 0 if report.ok else BROKEN_LAW


def _told(record: str, done: int, every: int) -> None:
    """Tell what is checked next, on one line."""
    print(f"\r\x1b[K{done + 1} of {every}: {one_line(record)}", end="", file=sys.stderr, flush=True)  # noqa: T201 - as above
    if done + 1 == every:
        print(file=sys.stderr)  # noqa: T201 - as above


@app.command(name="new-plugin")
def new_plugin_command(name: str, folder: Path = Path(), /) -> None:
    """Create a complete plugin: a shock, an exit scenario, an archetype, a world, and tests.

    Parameters
    ----------
    name
        Name of the distribution, such as cashcade-mine.
    folder
        Folder to create it in.
    """
    written = new_plugin(name, folder)
    console().print(one_line(f"Written: {written}"), soft_wrap=True, markup=False, highlight=False)
