"""Commands that ask the same world again and again, on the same luck."""

from typing import Any, Protocol

from rich.text import Text

from cashcade.commands.app import Whole, app, console, print_json, separated
from cashcade.commands.given import NO_RESULT, Events, Luck, telling
from cashcade.questions import rank
from cashcade.words.names import lines

LUCK, EVENTS = Luck(), Events()
"""Options where none is given."""


class _Answer(Protocol):
    """An answer that can be told and written down."""

    def document(self) -> dict[str, Any]:
        """Give it as values that JSON knows."""
        ...


def _tell(found: _Answer, world: str, luck: Luck) -> None:
    """Print an answer, as a document or in words."""
    if luck.json_:
        print_json({**luck.about(world), **found.document()})
        return
    console().print(Text(lines(str(found))), soft_wrap=True)


@app.command(name="rank")
def rank_command(  # noqa: PLR0913 - the options of the command
    world: str,
    /,
    *companies: str,
    month: Whole = 1,
    by: str = "debt",
    months: Whole = 36,
    events: Events = EVENTS,
    luck: Luck = LUCK,
) -> None:
    """Tell whose removal takes down most of the others: debt, AI revenue, capex over GDP, companies.

    Parameters
    ----------
    world
        Name of a world (see `cashcade worlds`), a .toml file, or a folder of tables.
    companies
        Ids of those that are removed, one after another; all by default.
    month
        In which each is wound up.
    by
        Measure by which they are ranked: debt, revenue, gdp or failures.
    months
        Months to simulate.
    """
    with telling(NO_RESULT):
        found = rank(
            luck.world(world),
            separated(companies) or None,
            month=month,
            by=by,
            months=months,
            **events.arguments,
            **luck.arguments,
        )
    _tell(found, world, luck)
