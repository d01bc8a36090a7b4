"""The command that lists feedbacks, and measures what they do in a world."""

from typing import Annotated, Any

from cyclopts import Parameter
from rich.table import Table

from cashcade.commands.app import PerhapsWhole, Whole, app, console, print_json, separated, words
from cashcade.commands.given import NO_RESULT, Names, Settings, scenarios_of, settings_in, telling, world_of
from cashcade.errors import ArgumentError
from cashcade.questions.feedbacks import measure_feedbacks
from cashcade.world.feedbacks import FEEDBACKS
from cashcade.world.switches import feedbacks


@app.command(name=["feedbacks", "loops"])
def loops_command(  # noqa: PLR0913 - the options of the command
    world: str | None = None,
    /,
    *,
    measure: bool = False,
    feedback: list[str] | None = None,
    scenario: list[str] | None = None,
    shock: list[str] | None = None,
    set_: Settings = None,
    kill: Names = None,
    months: Whole = 36,
    paths: Whole = 400,
    seed: Whole = 0,
    threads: PerhapsWhole = None,
    block: list[str] | None = None,
    plugin: list[str] | None = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """List the feedbacks of the model, or measure what each does in a world.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables or a workbook; with
        --measure.
    measure
        Leave each out on the same random numbers: does it reinforce or balance, and by how much?
    feedback
        Feedback to measure; repeat it, or separate by commas; all by default.
    scenario
        Disturbance: scenario, shock or exit scenario; by default a fifth of all demand is gone from month 7.
    shock
        Shock with arguments, such as api-price-rise:rise=0.5,months=12; repeat it for several.
    set_
        Change of a number of the world, such as company.openai.cash=1e10; repeat it for several.
    kill
        Company that is wound up in a month, such as openai@12 or openai@2026-08; repeat it for several.
    months
        Months to simulate.
    paths
        Random paths of each run, each with a draw of its own.
    seed
        Seed of the random numbers.
    threads
        Threads; all cores by default.
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    json_
        Print one JSON document instead of a table.
    """
    if measure != (world is not None):
        wanted = "both a world and --measure, such as: cashcade feedbacks ai-2025-08 --measure"
        raise ArgumentError(f"{'--measure' if measure else repr(world)} is given alone; give {wanted}.")
    if world is None:
        _list(json_=json_)
        return
    settings = settings_in(set_, kill)
    with telling(NO_RESULT):
        found = measure_feedbacks(
            world_of(world, settings, block, plugin),
            names=None if feedback is None else separated(feedback),
            scenarios=scenarios_of(scenario, shock),
            months=months,
            paths=paths,
            seed=seed,
            threads=threads,
            block=separated(block or []),
            plugins=plugin or [],
        )
    rows = found.reset_index().to_dict("records")
    if json_:
        about = {"world": world, "set": settings, "months": months, "paths": paths, "seed": seed}
        print_json({**about, "feedbacks": [_finite(row) for row in rows]})
        return
    table = Table(
        *("Feedback", "Expected", "Measured", "Of", "Response", "Its part", "Moves", "Errors"),
        box=None,
        pad_edge=False,
    )
    for row in rows:
        table.add_row(*words(*_cells(row)))
    console().print(table)


def _list(*, json_: bool) -> None:
    """Show the feedbacks there are."""
    if json_:
        print_json(
            [{"name": each.name, "expected": each.kind, "meaning": each.meaning} for each in feedbacks()]
        )
        return
    table = Table("Feedback", "Expected", "What happens", box=None, pad_edge=False)
    for each in feedbacks():
        table.add_row(*words(each.name, each.kind, each.meaning))
    console().print(table)


def _cells(row: dict[Any, Any]) -> list[str]:
    """Give the cells of a feedback; what nothing was measured of is empty."""
    name, kind = row["feedback"], row["kind"]
    expected = FEEDBACKS[name].kind
    if not row["moved"] and not row["part"]:
        return [name, expected, kind, "", "", "", "", ""]
    part = f"{row['part']:+.2g} ±{row['se']:.1g}"
    moved = [row["moves"], f"{row['moved']:+.1f}"]
    return [name, expected, kind, row["outcome"], f"{row['response']:+.2g}", part, *moved]


def _finite(row: dict[Any, Any]) -> dict[str, Any]:
    """Give a row as JSON can hold it: what is sure without any error has none."""
    return {
        str(key): None if isinstance(value, float) and abs(value) == float("inf") else value
        for key, value in row.items()
    }
