"""Options that commands which run a world have in common, and what Ctrl-C costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from cyclopts import Parameter

from cashcade.commands.app import separated
from cashcade.errors import WorldError
from cashcade.load import load_world
from cashcade.plugins.offers import parse_use
from cashcade.rules import Use
from cashcade.world import World
from cashcade.world.settings import settings_of

NO_RESULT = "before there was a result"
"""What Ctrl-C cost while a world was read, compiled or run."""

Names = list[str] | None
"""An option that may be repeated."""

Settings = Annotated[Names, Parameter(name="--set")]
"""An option that says what a world says otherwise."""


def world_of(name: str, settings: Names, block: Names, *, strict: bool = False) -> World | str:
    """Give the world that a command is about.

    Parameters
    ----------
    name
        As it is called.
    settings
        What it says otherwise.
    block
        Distributions whose plugins are not to be loaded.
    strict
        Whether plausibility notes are errors.
    """
    values = settings_of(settings or [])
    if not values and not strict:
        return name
    world = load_world(name, block=separated(block or [])).with_(values)
    notes = world.notes() if strict else []
    if notes:
        raise WorldError([note.problem(name) for note in notes], name)
    return world


def scenarios_of(scenario: Names, shock: Names) -> list[str | Use]:
    """Give what else happens: names, and shocks with arguments."""
    return [*separated(scenario or []), *map(parse_use, shock or [])]


@contextmanager
def telling(lost: str) -> Iterator[None]:
    """Let Ctrl-C say what is lost, unless it says so already."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt(*(error.args or (lost,))) from None
