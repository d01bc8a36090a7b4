"""The command that draws pictures of a run."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cashcade.case.case import RECORD
from cashcade.case.run import run
from cashcade.commands.app import PerhapsWhole, Whole, app, separated
from cashcade.commands.given import (
    EVENTS,
    NO_RESULT,
    Events,
    Names,
    Picture,
    Settings,
    draw,
    settings_in,
    telling,
    world_of,
)
from cashcade.errors import ArgumentError
from cashcade.words.names import choose

if TYPE_CHECKING:
    from cashcade.results.result import Result

ALL = "all"
"""The name of all pictures for which nothing need be chosen."""

NEEDS = {"economy": ("market.ai_capex",)}
"""Variables that a picture needs beyond those which a run records."""

Draw = Callable[["Result", str | None, int | None], Any]

PICTURES: dict[str, Draw] = {
    "exits": lambda result, of, _: result.plot.exits(of),
    "survival": lambda result, of, _: result.plot.survival(of),
    "cash": lambda result, of, _: result.plot.cash(_given(of)),
    "gauges": lambda result, of, _: result.plot.gauges(None if of is None else separated([of])),
    "economy": lambda result, _, __: result.plot.economy(),
    "cascade": lambda result, _, path: result.plot.cascade(path),
    "network": lambda result, _, __: result.plot.network(),
    "damage": lambda result, _, __: result.plot.network("damage"),
    "losses": lambda result, _, __: result.plot.losses(),
}
"""Pictures by name; what is drawn of, and the path."""


def _given(of: str | None) -> str:
    if of is None:
        raise ArgumentError("the picture is of one company; say of which, such as --of openai.")
    return of


@app.command(name="plot")
def plot_command(  # noqa: PLR0913 - the options of the command
    name: str,
    world: str,
    /,
    *,
    out: Path,
    of: str | None = None,
    path: PerhapsWhole = None,
    events: Events = EVENTS,
    set_: Settings = None,
    kill: Names = None,
    months: Whole = 36,
    paths: Whole = 2_000,
    seed: Whole = 0,
    threads: PerhapsWhole = None,
    replicates: PerhapsWhole = None,
    without: list[str] | None = None,
    block: list[str] | None = None,
    plugin: list[str] | None = None,
) -> None:
    """Draw pictures of a run; needs the extra plot.

    Parameters
    ----------
    name
        exits, survival, cash, gauges, economy, cascade, network, damage, losses, or all.
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    out
        File to write, .svg or .png; of all pictures a folder, which is made.
    of
        Company that the picture is about (of exits, survival, cash), or variables of gauges, separated by
        commas.
    path
        Number of the path of a cascade; by default the one on which most failures are set off by another.
    set_
        Change of a number of the world, such as company.openai.cash=1e10; repeat it for several.
    kill
        Company that is wound up in a month, such as openai@12; repeat it for several.
    months
        Months to simulate.
    paths
        Random paths.
    seed
        Seed of the random numbers.
    threads
        Threads; all cores by default.
    replicates
        Paths for each draw of uncertain numbers; 4 by default where the world has ranges.
    without
        Feedback to leave out (see `cashcade feedbacks`); repeat it, or separate by commas.
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    """
    choose(name, [*PICTURES, ALL], "picture")
    chosen = [each for each in PICTURES if each != "cash"] if name == ALL else [name]
    targets = {each: out / f"{each}.svg" if name == ALL else out for each in chosen}
    if name == ALL:
        _check_all(out)
    else:
        Picture(out).check()
    more = [variable for each in chosen for variable in NEEDS.get(each, ())]
    more += separated([of]) if name == "gauges" and of is not None else []
    with telling(NO_RESULT):
        result = run(
            world_of(world, settings_in(set_, kill), block, plugin),
            **events.arguments,
            months=months,
            paths=paths,
            seed=seed,
            threads=threads,
            replicates=replicates,
            without=separated(without or []),
            block=separated(block or []),
            plugins=plugin or [],
            record=list(dict.fromkeys([*RECORD, *more])),
        )
    if name == ALL:
        out.mkdir(parents=True, exist_ok=True)
    for each, target in targets.items():
        draw(PICTURES[each](result, of if name != ALL else None, path), target)


def _check_all(out: Path) -> None:
    """Check that there can be a folder, and pictures.

    Raises
    ------
    ArgumentError, MissingExtraError
        There cannot.
    """
    import_module("cashcade.pictures.canvas")
    if out.exists() and not out.is_dir():
        raise ArgumentError(
            f"Cannot write {str(out)!r}: what stands there is no folder. Choose another name."
        )
