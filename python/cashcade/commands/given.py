"""Options that commands which run a world have in common, and what Ctrl-C costs."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.text import Text

from cashcade.commands.app import PerhapsWhole, Whole, console, separated
from cashcade.errors import ArgumentError, WorldError
from cashcade.load import load_world
from cashcade.plugin.offers import parse_use
from cashcade.rules import Use
from cashcade.words.names import one_line
from cashcade.world import World
from cashcade.world.settings import settings_of

NO_RESULT = "before there was a result"
"""What Ctrl-C cost while a world was read, compiled or run."""

Names = list[str] | None
"""An option that may be repeated."""

Settings = Annotated[Names, Parameter(name="--set")]
"""An option that says what a world says otherwise."""


_ORDER = re.compile(r"\s*(?P<company>\S.*?)\s*@\s*(?P<month>[^@\s]+)\s*")
"""A company and the month from which on it is wound up."""


def is_order(text: str) -> bool:
    """Whether a text is meant as an order: a company and a month."""
    return "@" in text


def settings_in(settings: Names, kill: Sequence[str] | None = None) -> list[str]:
    """Give all that a world says otherwise: what is set, and companies that are wound up.

    Parameters
    ----------
    settings
        `PATH=VALUE` each.
    kill
        `COMPANY@MONTH` each; the company may be a pattern, the month a date.

    Raises
    ------
    ArgumentError
        An order is not written so.
    """
    return [*(settings or []), *map(_order, kill or [])]


def _order(text: str) -> str:
    match = _ORDER.fullmatch(text)
    if match is None or _is_before_the_run(match["month"]):
        wanted = "COMPANY@MONTH such as openai@12, from month 1 on"
        raise ArgumentError(f"the order is {text!r}, wanted {wanted}.")
    return f"company.{match['company']}.wound_up={match['month']}"


def _is_before_the_run(month: str) -> bool:
    """Whether a month is a number below 1: month 0 would stand for never."""
    try:
        return float(month) < 1
    except ValueError:
        return False


def world_of(
    name: str, settings: Sequence[str], block: Names, plugin: Names, *, strict: bool = False
) -> World | str:
    """Give the world that a command is about.

    Parameters
    ----------
    name
        As it is called.
    settings
        What it says otherwise.
    block
        Distributions whose plugins are not to be loaded.
    plugin
        Further plugins.
    strict
        Whether plausibility notes are errors.
    """
    values = settings_of(settings)
    if not values and not strict:
        return name
    world = load_world(name, block=separated(block or []), plugins=plugin or []).with_(values)
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


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Luck:
    """Options of a command that asks on the same luck, but for scenarios.

    Parameters
    ----------
    set_
        Change of a number of the world, such as company.openai.cash=1e10; repeat it for several.
    kill
        Company that is wound up in a month, such as openai@12; repeat it for several.
    paths
        Random paths of each run.
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
        Print one JSON document instead of text.
    """

    set_: Settings = None
    kill: Names = None
    paths: Whole = 1_000
    seed: Whole = 0
    threads: PerhapsWhole = None
    replicates: PerhapsWhole = None
    without: Names = None
    block: Names = None
    plugin: Names = None
    json_: Annotated[bool, Parameter(name="--json")] = False

    def world(self, name: str) -> World | str:
        """Give the world that a command is about."""
        return world_of(name, settings_in(self.set_, self.kill), self.block, self.plugin)

    @property
    def arguments(self) -> dict[str, Any]:
        """The options as a question takes them."""
        return {
            "paths": self.paths,
            "seed": self.seed,
            "threads": self.threads,
            "replicates": self.replicates,
            "without": separated(self.without or []),
            "block": separated(self.block or []),
            "plugins": self.plugin or [],
        }

    def about(self, name: str) -> dict[str, Any]:
        """Tell what was asked, for the JSON document."""
        settings = settings_in(self.set_, self.kill)
        return {"world": name, "set": settings, "paths": self.paths, "seed": self.seed}


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Events:
    """Options of a command that say what else happens.

    Parameters
    ----------
    scenario
        Scenario, shock or exit scenario (see `cashcade scenarios`); repeat it, or separate names by commas.
    shock
        Shock with arguments, such as api-price-rise:rise=0.5,months=12; repeat it for several.
    """

    scenario: Names = None
    shock: Names = None

    @property
    def arguments(self) -> dict[str, Any]:
        """The options as a question takes them."""
        return {"scenarios": scenarios_of(self.scenario, self.shock)}


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Picture:
    """Option of a command whose answer has a picture.

    Parameters
    ----------
    plot
        Draw the answer to a file, .svg or .png; needs the extra plot.
    """

    plot: Path | None = None

    def check(self) -> None:
        """Check, before the answer is worked out, that it can be drawn.

        Raises
        ------
        ArgumentError, MissingExtraError
            It cannot.
        """
        if self.plot is not None:
            import_module("cashcade.pictures.canvas").check_target(self.plot)

    def draw(self, make: Callable[[], Any], *, quiet: bool) -> None:
        """Draw the answer, if it is asked for, and say so unless a document was printed.

        Raises
        ------
        WriteError
            The system refuses.
        """
        if self.plot is not None:
            draw(make(), self.plot, quiet=quiet)


def draw(picture: Any, target: Path, *, quiet: bool = False) -> None:  # noqa: ANN401 - of a library that may be missing
    """Write a picture, and tell where it is and what it shows.

    Raises
    ------
    WriteError
        The system refuses.
    """
    canvas = import_module("cashcade.pictures.canvas")
    canvas.save(picture, target)
    if not quiet:
        console().print(Text(one_line(f"Written: {target}. {canvas.alt_text(picture)}")), soft_wrap=True)


LUCK, EVENTS, PICTURE = Luck(), Events(), Picture()
"""Options where none is given."""
