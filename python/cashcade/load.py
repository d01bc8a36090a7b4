"""Worlds by name: those of installed plugins, and files."""

import datetime as dt
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from cashcade.blame import Plugin
from cashcade.errors import PluginError, WorldError
from cashcade.hookspecs import WorldFile
from cashcade.plugins import find_plugins
from cashcade.world.problems import Problem, did_you_mean
from cashcade.world.world import World


@dataclass(frozen=True, slots=True)
class Offer:
    """A world that can be loaded by its name.

    Parameters
    ----------
    name, title
        What it is called.
    date
        Date of its figures.
    origin
        Name and version of the distribution that brings it.
    """

    name: str
    title: str
    date: dt.date
    origin: str


def worlds(*, plugins: Sequence[object] = (), block: Collection[str] = ()) -> list[Offer]:
    """Return the worlds that installed plugins bring, sorted by name.

    Parameters
    ----------
    plugins
        Further plugins: objects or modules with hooks.
    block
        Names of distributions not to load.

    Raises
    ------
    PluginError
        If a plugin cannot be loaded, two bring the same name, or a world is unsound.
    """
    found = find_plugins(extra=plugins, block=block).records("cashcade_worlds", WorldFile)
    return [
        Offer(file.name, file.title, _world_of(plugin, file).date, plugin.label) for plugin, file in found
    ]


def load_world(name: str | Path, *, plugins: Sequence[object] = (), block: Collection[str] = ()) -> World:
    """Return a world by the name that a plugin gives it, or from a file or folder.

    Parameters
    ----------
    name
        A name such as "ai-2025-08", or the path of a TOML file or of a folder of tables; text is a path if it
        ends in ".toml" or holds a slash.
    plugins
        Further plugins: objects or modules with hooks.
    block
        Names of distributions not to load.

    Raises
    ------
    WorldError
        If there is no such world, or with all problems of its file.
    PluginError
        If a plugin cannot be loaded, two bring the same name, or a world of a plugin is unsound.
    """
    path = Path(name)
    if isinstance(name, Path) or name.endswith(".toml") or "/" in name or os.sep in name:
        return World.from_tables(path) if path.is_dir() else World.from_toml(path)
    found = find_plugins(extra=plugins, block=block).records("cashcade_worlds", WorldFile)
    for plugin, file in found:
        if file.name == name:
            return _world_of(plugin, file)
    known = [file.name for _, file in found]
    hint = did_you_mean(name, known) or _known(known)
    wanted = "the name of a world of an installed plugin, or a path that ends in .toml"
    raise WorldError([Problem(None, None, "", f'unknown world "{name}"', wanted, hint)], "worlds")


def _known(names: list[str]) -> str:
    if not names:
        return "No plugin brings a world; install one, such as cashcade-ai."
    return "Known worlds: " + ", ".join(names) + "."


def _world_of(plugin: Plugin, file: WorldFile) -> World:
    try:
        if isinstance(file.source, Path):
            return World.from_toml(file.source)
        text = file.source if isinstance(file.source, str) else file.source.read_text(encoding="utf-8")
        return World.from_text(text, f"{file.name}.toml")
    except (WorldError, OSError) as error:
        raise PluginError(f'world "{file.name}" of plugin "{plugin.label}": {error}') from error
