"""Commands that ask where something begins to happen along a lever."""

from collections.abc import Iterator
from importlib import import_module
from math import isnan
from typing import Annotated, Any

import pandas as pd
from cyclopts import Parameter
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from cashcade.commands.app import PerhapsWhole, Whole, app, console, print_json, separated, words
from cashcade.commands.given import (
    NO_RESULT,
    PICTURE,
    Names,
    Picture,
    Settings,
    scenarios_of,
    settings_in,
    telling,
    world_of,
)
from cashcade.questions.breakeven import BreakEven, breakeven
from cashcade.questions.frontier import frontier
from cashcade.questions.search import Crossing
from cashcade.questions.stress import SYSTEM, stress
from cashcade.results.text import NONE
from cashcade.words.names import one_line

Limits = tuple[float, float] | None
"""An option of two numbers."""


@app.command(name="breakeven")
def breakeven_command(  # noqa: PLR0913 - the options of the command
    world: str,
    lever: str,
    condition: str,
    /,
    *,
    limits: Limits = None,
    points: Whole = 11,
    tolerance: float = 1e-3,
    scenario: Names = None,
    shock: Names = None,
    set_: Settings = None,
    kill: Names = None,
    paths: Whole = 1_000,
    seed: Whole = 0,
    threads: PerhapsWhole = None,
    replicates: PerhapsWhole = None,
    without: Names = None,
    block: Names = None,
    plugin: Names = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
    picture: Picture = PICTURE,
) -> None:
    """Find the value of a lever at which an outcome crosses a threshold.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    lever
        What is moved: company.openai.cash (the value is put there), 'scale segment.*.revenue' (multiplied),
        'add loan.*.rate' (added), or gpu-slump:fall (an argument of a shock; others behind commas).
    condition
        OUTCOME@MONTH >= LEVEL, or <=, such as 'cursor@24 >= 0.5': the outcome is the id of a company (the
        chance that it fails), systemic, failed-debt or a variable such as market.gpu_index (its mean).
    limits
        First and last value, such as 1e8 2e9; by default the limits of a shock's argument, or 1 and 0 for
        scale.
    points
        Evenly spaced values that are tried first; the crossing is then found by bisection.
    tolerance
        Accuracy, as a fraction of the distance between the limits.
    scenario
        Scenario, shock or exit scenario (see `cashcade scenarios`); repeat it, or separate names by commas.
    shock
        Shock with arguments, such as api-price-rise:rise=0.5,months=12; repeat it for several.
    set_
        Change of a number of the world, such as company.openai.cash=1e10; repeat it for several.
    kill
        Company that is wound up in a month, such as openai@12; repeat it for several.
    paths
        Random paths at each value.
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
    json_
        Print one JSON document instead of a table.
    """
    settings = settings_in(set_, kill)
    about = {"world": world, "set": settings, "paths": paths, "seed": seed}
    picture.check()
    with telling(NO_RESULT):
        found = breakeven(
            world_of(world, settings, block, plugin),
            lever,
            condition,
            limits,
            points=points,
            tolerance=tolerance,
            scenarios=scenarios_of(scenario, shock),
            without=separated(without or []),
            paths=paths,
            seed=seed,
            threads=threads,
            replicates=replicates,
            block=separated(block or []),
            plugins=plugin or [],
        )
    _print(found, about, as_json=json_)
    picture.draw(found.plot, quiet=json_)


@app.command(name="stress")
def stress_command(  # noqa: PLR0913 - the options of the command
    world: str,
    lever: str,
    target: str = SYSTEM,
    /,
    *,
    limits: Limits = None,
    along: str | None = None,
    along_limits: Limits = None,
    steps: Whole = 5,
    level: float | None = None,
    months: Whole = 36,
    points: Whole = 11,
    tolerance: float = 1e-3,
    scenario: Names = None,
    shock: Names = None,
    set_: Settings = None,
    kill: Names = None,
    paths: Whole = 1_000,
    seed: Whole = 0,
    threads: PerhapsWhole = None,
    replicates: PerhapsWhole = None,
    without: Names = None,
    block: Names = None,
    plugin: Names = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
    picture: Picture = PICTURE,
) -> None:
    """Find the smallest change of a lever that breaks a company or the system.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    lever
        What is moved: 'scale segment.*.revenue' (a cut of sales), 'add loan.*.rate' (dearer money),
        company.openai.cash (the value is put there), or gpu-slump:fall (an argument of a shock).
    target
        Id of a company, or system.
    limits
        From the mildest value to the hardest, such as 1 0 for a cut, which is the default of scale, or 1 3
        for a rise; by default those of the argument of a shock.
    along
        Second lever: find the smallest change of the first at each value of this one.
    along_limits
        First and last value of the second lever.
    steps
        Number of values of the second lever.
    level
        Level that counts as broken: the company's chance of failure (default 0.5), or the mean share of all
        debt that fails (default 0.1).
    months
        Months to simulate; the target must break by the last.
    points
        Evenly spaced values that are tried first; the crossing is then found by bisection.
    tolerance
        Accuracy, as a fraction of the distance between the limits.
    scenario
        Scenario, shock or exit scenario (see `cashcade scenarios`); repeat it, or separate names by commas.
    shock
        Shock with arguments, such as api-price-rise:rise=0.5,months=12; repeat it for several.
    set_
        Change of a number of the world, such as company.openai.cash=1e10; repeat it for several.
    kill
        Company that is wound up in a month, such as openai@12; repeat it for several.
    paths
        Random paths at each value.
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
    json_
        Print one JSON document instead of a table.
    """
    settings = settings_in(set_, kill)
    about = {"world": world, "set": settings, "paths": paths, "seed": seed}
    picture.check()
    given: dict[str, Any] = {
        "level": level,
        "months": months,
        "points": points,
        "tolerance": tolerance,
        "scenarios": scenarios_of(scenario, shock),
        "without": separated(without or []),
        "paths": paths,
        "seed": seed,
        "threads": threads,
        "replicates": replicates,
        "block": separated(block or []),
        "plugins": plugin or [],
    }
    with telling(NO_RESULT):
        asked = world_of(world, settings, block, plugin)
        if along is None:
            broken = stress(asked, lever, target, limits, **given)
            _print(broken, about, as_json=json_)
            picture.draw(broken.plot, quiet=json_)
            return
        found = frontier(asked, (along, lever), target, (along_limits, limits), steps=steps, **given)
    _print_frontier(found, {**about, "along": along, "lever": lever, "target": target}, as_json=json_)
    picture.draw(lambda: import_module("cashcade.pictures").frontier(found), quiet=json_)


def _print_frontier(found: pd.DataFrame, about: dict[str, Any], *, as_json: bool) -> None:
    """Print a frontier, as a document or as a table."""
    rows = found.astype(object).where(found.notna(), None).rename_axis("at").reset_index().to_dict("records")
    if as_json:
        print_json({**about, "frontier": rows})
        return
    table = Table(about["along"], about["lever"], "95 %", box=None, pad_edge=False)
    for row in rows:
        low, high = (NONE if row[end] is None else f"{row[end]:.5g}" for end in ("low", "high"))
        none = "broken already" if row["holds_at_first"] else "never"
        value = none if row["value"] is None else f"{row['value']:.5g}"
        table.add_row(*words(f"{row['at']:.5g}", value, "" if row["value"] is None else f"{low} to {high}"))
    console().print(table)


def _print(found: BreakEven, about: dict[str, Any], *, as_json: bool) -> None:
    """Print an answer, as a document or as a sentence and a table."""
    if as_json:
        print_json({**about, **_document(found)})
        return
    screen = console()
    for section in _answer(found):
        screen.print(section)


def _document(found: BreakEven) -> dict[str, Any]:
    """Give an answer as values that JSON knows."""
    rows = found.curve.astype({"outcome": float, "se": float, "holds": object}).reset_index()
    return {
        "lever": found.lever,
        "condition": found.condition,
        "limits": list(found.limits),
        "value": found.value,
        "interval": list(found.interval),
        "holds_at_first": found.holds_at_first,
        "shape": found.shape,
        "crossings": [_crossing(each) for each in found.crossings],
        "curve": [row | {"se": None if isnan(row["se"]) else row["se"]} for row in rows.to_dict("records")],
    }


def _crossing(found: Crossing) -> dict[str, Any]:
    return {"value": found.value, "low": found.low, "high": found.high, "begins": found.begins}


def _answer(found: BreakEven) -> Iterator[RenderableType]:
    """Say the answer, and show the curve."""
    yield Text(one_line(str(found)))
    table = Table(found.lever, "Outcome", "Holds", box=None, pad_edge=False)
    for value, row in found.curve.iterrows():
        table.add_row(
            *words(f"{value:.5g}", f"{row['outcome']:.4g} ±{row['se']:.2g}", "yes" if row["holds"] else "no")
        )
    yield table
