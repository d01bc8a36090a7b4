"""Commands that ask how long cash lasts, what tells failures beforehand, and who gets what at an exit."""

from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter

from cashcade import questions
from cashcade.commands.app import PerhapsWhole, Whole, app, print_answer, separated
from cashcade.commands.given import (
    EVENTS,
    LUCK,
    NO_RESULT,
    Events,
    Luck,
    Names,
    Settings,
    settings_in,
    telling,
    world_of,
)
from cashcade.questions.lead import GAUGES
from cashcade.questions.runway import STOPS


@app.command(name="runway")
def runway_command(
    world: str,
    /,
    *,
    month: Sequence[Whole] = STOPS,
    months: PerhapsWhole = None,
    events: Events = EVENTS,
    luck: Luck = LUCK,
) -> None:
    """Count the months of cash of each company if funding stops in a given month.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    month
        Month from which on there are no rounds, no share issues and no draws; repeat it for several.
    months
        Months to simulate; by default 60 after the last month in which money stops.
    """
    with telling(NO_RESULT):
        found = questions.runway(
            luck.world(world), list(month), months=months, **events.arguments, **luck.arguments
        )
    print_answer(found, luck.about(world), as_json=luck.json_)


@app.command(name="lead")
def lead_command(  # noqa: PLR0913 - the options of the command
    world: str,
    /,
    *gauges: str,
    company: str | None = None,
    ahead: Sequence[Whole] = (),
    months: Whole = 36,
    events: Events = EVENTS,
    luck: Luck = LUCK,
) -> None:
    """Find the indicators that lead failures, by how many months, and how reliably.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    gauges
        Variables of companies or of the market (see `cashcade variables`); a useful score by default.
    company
        Company whose failures count; all by default.
    ahead
        Months from the gauge to the failure; repeat it for several. By default 1, 3, 6 and 12.
    months
        Months to simulate.
    """
    with telling(NO_RESULT):
        found = questions.lead(
            luck.world(world),
            separated(gauges) or GAUGES,
            company=company,
            ahead=list(ahead) or None,
            months=months,
            **events.arguments,
            **luck.arguments,
        )
    print_answer(found, luck.about(world), as_json=luck.json_)


@app.command(name="interactions")
def interactions_command(
    world: str,
    /,
    *of: str,
    boxes: Whole = 4,
    months: Whole = 36,
    events: Events = EVENTS,
    luck: Luck = LUCK,
) -> None:
    """Find combinations of assumptions that drive an outcome, and the share due to chance.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    of
        Outcomes: systemic, failed-debt or ids of companies; systemic by default.
    boxes
        Largest number of boxes.
    months
        Months to simulate.
    """
    with telling(NO_RESULT):
        found = questions.interactions(
            luck.world(world),
            separated(of) or "systemic",
            boxes=boxes,
            months=months,
            **events.arguments,
            **luck.arguments,
        )
    print_answer(found, luck.about(world), as_json=luck.json_)


@app.command(name="payoff")
def payoff_command(  # noqa: PLR0913 - the options of the command
    world: str,
    company: str,
    /,
    *,
    value: Sequence[float] = (),
    staff: float = 0.0,
    events: Events = EVENTS,
    set_: Settings = None,
    kill: Names = None,
    block: Names = None,
    plugin: Names = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
) -> None:
    """Split an exit price among lenders and holders: sale, licence deal and winding-up.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, a folder of tables, or a workbook (.xlsx).
    company
        Its id.
    value
        Price, USD; repeat it for several. By default a quarter, a half, one and two times the fair value.
    staff
        Share of a licence price that goes to staff who leave with the deal, 0 to 1.
    set_
        Change of a number of the world, such as company.openai.cash=1e10; repeat it for several.
    kill
        Company that is wound up in a month, such as openai@12; repeat it for several.
    block
        Distribution whose plugins are left out; repeat it, or separate names by commas.
    plugin
        Python file with more plugins, or options of a plugin, such as mine.py:size=3; repeat it for several.
    json_
        Print one JSON document instead of text.
    """
    settings = settings_in(set_, kill)
    with telling(NO_RESULT):
        found = questions.payoff(
            world_of(world, settings, block, plugin),
            company,
            list(value) or None,
            staff=staff,
            block=separated(block or []),
            plugins=plugin or [],
            **events.arguments,
        )
    print_answer(found, {"world": world, "set": settings}, as_json=json_)
