"""The command that writes the register of dated forecasts."""

from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from cyclopts import Parameter
from rich.table import Table

from cashcade.commands.app import PerhapsWhole, Whole, app, console, print_json, separated, words
from cashcade.commands.given import EVENTS, NO_RESULT, Events, Names, Settings, settings_in, telling, world_of
from cashcade.questions.forecasts import check_register, forecasts, write_forecasts
from cashcade.results.figures import chance, money
from cashcade.words.names import one_line


@app.command(name="forecasts")
def forecasts_command(  # noqa: PLR0913 - the options of the command
    world: str,
    /,
    *,
    events: Events = EVENTS,
    set_: Settings = None,
    kill: Names = None,
    months: Whole = 24,
    paths: Whole = 2_000,
    seed: Whole = 0,
    threads: PerhapsWhole = None,
    block: list[str] | None = None,
    plugin: list[str] | None = None,
    out: Path | None = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Write dated forecasts: questions, each with a probability or quantiles.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    set_
        Change of a number of the world, such as company.openai.cash=1e10; repeat it for several.
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
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    out
        Write the register to a .csv or .json file.
    json_
        Print a record for each question instead of a table.
    """
    if out is not None:
        check_register(out)
    with telling(NO_RESULT):
        found = forecasts(
            world_of(world, settings_in(set_, kill), block, plugin),
            **events.arguments,
            months=months,
            paths=paths,
            seed=seed,
            threads=threads,
            block=separated(block or []),
            plugins=plugin or [],
        )
    if out is not None:
        written = write_forecasts(found, out)
        said = one_line(f"Written: {written} ({len(found):,} forecasts)")
        console().print(said, soft_wrap=True, markup=False, highlight=False)
    elif json_:
        print_json(found.astype(object).where(found.notna(), None).to_dict("records"))
    else:
        console().print(_shown(found))


def _shown(register: pd.DataFrame) -> Table:
    """Show each question with its probability, or with median and the interval of 90 %."""
    table = Table("Question", "%", "Median", "5 %", "95 %", box=None, pad_edge=False)
    for row in register.to_dict("records"):
        table.add_row(*words(str(row["question"]), *_cells(row)))
    return table


def _cells(row: dict[Any, Any]) -> list[str]:
    if not row["unit"]:
        return [chance(row["probability"], row["se"], row["paths"]), "", "", ""]
    write = money if row["unit"] == "USD" else lambda value: f"{value:.2f}"
    return ["", *(write(row[name]) for name in ("q50", "q5", "q95"))]
