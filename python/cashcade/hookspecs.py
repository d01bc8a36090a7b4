"""The hooks of cashcade: what a plugin may add.

A plugin is a module or object that a distribution names under the entry-point group `cashcade`; its functions
are marked with `hookimpl`. A hook takes no argument and yields frozen records.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

import pluggy

from cashcade.archetype import Archetype

PROJECT = "cashcade"
"""Name of the pluggy project and of the entry-point group."""

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
    """Yield the archetypes that the plugin brings.

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
