"""Commands for who writes worlds and plugins."""

import sys
from pathlib import Path

from cashcade.commands.app import BROKEN_LAW, Whole, app, console, print_json, separated
from cashcade.commands.scaffold import new_plugin
from cashcade.errors import MissingExtraError, WorldError
from cashcade.load import load_world
from cashcade.plugins import find_plugins
from cashcade.plugins.offers import catalogue_of
from cashcade.words.names import lines, one_line
from cashcade.world import schema


@app.command(name="schema")
def schema_command() -> None:
    """Print the JSON schema of world files, for editors."""
    print_json(schema())


@app.command(name="validate")
def validate_command(file: Path, /, *, strict: bool = False, block: list[str] | None = None) -> None:
    """Check a world file and tell everything that is wrong with it.

    Parameters
    ----------
    file
        A .toml file, a folder of tables, or a workbook (.xlsx).
    strict
        Whether plausibility notes are errors.
    block
        Distribution whose plugins are not to be loaded; repeat it, or separate names by commas.
    """
    blocked = separated(block or [])
    world = load_world(file, block=blocked)
    if world.about.exits:
        catalogue_of(find_plugins(block=blocked)).exits_of(world)
    notes = world.notes()
    if strict and notes:
        raise WorldError([note.problem(str(file)) for note in notes], str(file))
    for note in notes:
        print(one_line(f"cashcade: {file}: {note}"), file=sys.stderr)  # noqa: T201 - the command line talks
    counts = ", ".join(f"{kind}: {len(entries)}" for kind, entries in world.sections().items() if entries)
    console().print(one_line(f"{file} is fine ({counts})."), soft_wrap=True, markup=False)


@app.command(name="check")
def check_command(name: str, /, *, examples: Whole = 10, block: list[str] | None = None) -> int:
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
    report = check_plugin(name, examples=examples, block=separated(block or []))
    print(lines(str(report)))  # noqa: T201 - the command line talks
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
    console().print(one_line(f"Written: {written}"), soft_wrap=True, markup=False, highlight=False)
