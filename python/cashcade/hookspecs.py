"""The hooks of cashcade: what a plugin may add.

A plugin is a module or object that a distribution names under the entry-point group `cashcade`; its functions
are marked with `hookimpl`. A hook takes no argument and yields frozen records. A plugin may say for which
version of the hooks it was written, `cashcade_api = 1`; one that does not was written for version 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

import pluggy

from cashcade.archetype import Archetype

PROJECT = "cashcade"
"""Name of the pluggy project and of the entry-point group."""

API = 1
"""Version of the hooks and their records; it rises when a plugin must change to go on working."""

API_ATTRIBUTE = "cashcade_api"
"""Where a plugin says for which version it was written."""

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
    """

    name: str
    title: str
    source: Path | Traversable | str


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
