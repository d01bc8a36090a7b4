"""Worlds by name: those of installed plugins, and files."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from cashcade.errors import PluginError, WorldError
from cashcade.hookspecs import WorldFile
from cashcade.plugins import Plugin, find_plugins
from cashcade.world.problems import Problem, did_you_mean
from cashcade.world.world import World


@dataclass(frozen=True, slots=True)
class AvailableWorld:
    """A world that can be loaded by its name, with the distribution that brings it."""

    name: str
    title: str
    distribution: str
    version: str


def available_worlds(*, plugins: Sequence[object] = (), block: Collection[str] = ()) -> list[AvailableWorld]:
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
        If a plugin cannot be loaded or two bring the same name.
    """
    found = find_plugins(extra=plugins, block=block).worlds()
    return [AvailableWorld(file.name, file.title, plugin.name, plugin.version) for plugin, file in found]


def load_world(name: str | Path, *, plugins: Sequence[object] = (), block: Collection[str] = ()) -> World:
    """Return a world by the name that a plugin gives it, or from a file or folder.

    Parameters
    ----------
    name
        A name such as "ai-2025-08", the path of a TOML file (it ends in ".toml" or holds a slash), or a folder of
        tables.
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
    if isinstance(name, Path) or path.suffix or len(path.parts) > 1:
        return World.from_tables(path) if path.is_dir() else World.from_toml(path)
    found = find_plugins(extra=plugins, block=block).worlds()
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
