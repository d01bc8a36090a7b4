"""The hooks of cashcade: what a plugin may add.

A plugin is a module or object that a distribution names under the entry-point group `cashcade`; its functions
are marked with `hookimpl`. A hook takes no argument and yields frozen records. A plugin may say for which
version of the hooks it was written, `cashcade_api = 1`; one that does not was written for version 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

import pluggy

from cashcade.archetype import Archetype

if TYPE_CHECKING:
    from cashcade.rules import ExitScenario, PricingShock, Scenario, Shock

PROJECT = "cashcade"
"""Name of the pluggy project and of the entry-point group."""

API = 1
"""Version of the hooks and their records; it rises when a plugin must change to go on working."""

API_ATTRIBUTE = "cashcade_api"
"""Attribute of a plugin that holds the version for which it was written."""

FACTORY = "cashcade_plugin"
"""Function of a module that makes the plugin of what the user configured, one keyword for each option."""

RENAMED = "cashcade_renamed"
"""Attribute with the present names of records by former ones."""

DEPRECATED = "cashcade_deprecated"
"""Attribute with what to use instead, by the names of records that will go."""

OVERRIDES = "cashcade_overrides"
"""Attribute with the names of records of other plugins that those of this plugin replace."""

RECORDS = "__cashcade_records__"
"""Attribute with the records that decorators made in a module, with the hook of each."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as one that implements the hook of its name."""


@dataclass(frozen=True, slots=True)
class WorldFile:
    """A world that a plugin brings.

    Parameters
    ----------
    name
        What users call it, such as "ai-2025-08"; the same as in its `[world]`.
    title
        One line for lists.
    source
        The TOML file, a path or a resource of a package (`importlib.resources.files`), or the text itself.
    frozen
        The hash of the world when it was last frozen (`cashcade.load.worlds()` has the present one); empty
        for a world that still changes.
    swap
        Two scenarios of the plugin that stand furthest apart, as bust and boom: a report of the world as it
        is tells which assumptions turn one into the other. None where there are none.
    """

    name: str
    title: str
    source: Path | Traversable | str
    frozen: str = ""
    swap: tuple[str, str] | None = None


@hookspec
def cashcade_archetypes() -> Iterable[Archetype]:
    """Yield the sorts of companies that the plugin brings.

    Returns
    -------
    iterable of Archetype
        Names must differ from those of all other plugins.
    """
    raise NotImplementedError


@hookspec
def cashcade_worlds() -> Iterable[WorldFile]:
    """Yield the worlds that the plugin brings.

    Returns
    -------
    iterable of WorldFile
        Names must differ from those of all other plugins.
    """
    raise NotImplementedError


@hookspec
def cashcade_pricing_shocks() -> "Iterable[PricingShock]":
    """Yield the shocks of the plugin that move prices only.

    Returns
    -------
    iterable of PricingShock
        Names must differ from those of all other shocks and scenarios. Each is built once with its defaults,
        to see that it can be.
    """
    raise NotImplementedError


@hookspec
def cashcade_shocks() -> "Iterable[Shock]":
    """Yield the other shocks of the plugin: to demand, funding, capex, credit, anything.

    Returns
    -------
    iterable of Shock
        As `cashcade_pricing_shocks`.
    """
    raise NotImplementedError


@hookspec
def cashcade_exit_scenarios() -> "Iterable[ExitScenario]":
    """Yield the exit scenarios of the plugin.

    Returns
    -------
    iterable of ExitScenario
        Names must differ from those of all other shocks and scenarios.
    """
    raise NotImplementedError


@hookspec
def cashcade_scenarios() -> "Iterable[Scenario]":
    """Yield the scenarios of the plugin: bundles of shocks, exits, rules and changes of the world.

    Returns
    -------
    iterable of Scenario
        Names must differ from those of all other shocks and scenarios.
    """
    raise NotImplementedError
