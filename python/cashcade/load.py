"""Worlds by name, those of installed plugins and files; archetypes by name."""

import datetime as dt
import functools
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cashcade.archetype import Archetype, Given, Part
from cashcade.errors import ArgumentError, PluginError, WorldError
from cashcade.hookspecs import WorldFile
from cashcade.plugin import Plugins, check_block, find_plugins
from cashcade.plugin.blame import Plugin, blame, place_of, way_out
from cashcade.plugin.calls import called, nothing
from cashcade.world.company import Company
from cashcade.world.identity import world_hash
from cashcade.world.problems import Problem, did_you_mean
from cashcade.world.record import attributes_of
from cashcade.world.workbooks import OTHER_SPREADSHEETS, SUFFIX
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
    hash
        Of all that the world says, as results tell it (attribute `world_hash`).
    frozen
        The hash when the world was last frozen; empty for one that still changes.
    """

    name: str
    title: str
    date: dt.date
    origin: str
    hash: str
    frozen: str

    @property
    def state(self) -> str:
        """Whether the world is `frozen`, has `changed` since it was, or nothing of it."""
        if not self.frozen:
            return ""
        return "frozen" if self.hash == self.frozen else f"changed since {self.frozen}"


def worlds(*, plugins: Sequence[object] = (), block: Collection[str] = ()) -> list[Offer]:
    """Return the worlds of installed plugins, sorted by name.

    Parameters
    ----------
    plugins
        Further plugins: objects or modules with hooks, and paths of Python files.
    block
        Names of distributions, or of single records of them, not to load.

    Raises
    ------
    PluginError
        If a plugin cannot be loaded, two bring the same name, or a world is unsound.
    """
    found = find_plugins(extra=plugins, block=block).records("cashcade_worlds", WorldFile)
    known = Installed(plugins, block)
    return [_offer(plugin, file, known) for plugin, file in found]


def _offer(plugin: Plugin, file: WorldFile, known: Mapping[str, Archetype]) -> Offer:
    world = _world_of(plugin, file, known)
    return Offer(file.name, file.title, world.date, plugin.label, world_hash(world), file.frozen)


class Installed(Mapping[str, Archetype]):
    """The archetypes of plugins by name; the plugins are looked for when the first is asked for.

    Parameters
    ----------
    plugins
        Further plugins: objects or modules with hooks, and paths of Python files.
    block
        Names of distributions, or of single records of them, not to load.
    """

    def __init__(self, plugins: Sequence[object] = (), block: Collection[str] = ()) -> None:
        self._plugins, self._block = plugins, block

    @functools.cached_property
    def _plugins_of(self) -> Plugins:
        return find_plugins(extra=self._plugins, block=self._block)

    @functools.cached_property
    def _found(self) -> dict[str, Archetype]:
        return _archetypes(self._plugins_of)

    def __getitem__(self, name: str) -> Archetype:
        """Return an archetype, also by a former name of it."""
        self._plugins_of.tell(name, self._found)
        return self._found[self._plugins_of.present(name, self._found)]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._found)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._found)


def archetypes(*, plugins: Sequence[object] = (), block: Collection[str] = ()) -> dict[str, Archetype]:
    """Return the archetypes of installed plugins by name, sorted.

    Parameters
    ----------
    plugins
        Further plugins: objects or modules with hooks, and paths of Python files.
    block
        Names of distributions, or of single records of them, not to load.

    Raises
    ------
    PluginError
        If a plugin cannot be loaded, or two bring the same name.
    """
    return _archetypes(find_plugins(extra=plugins, block=block))


def _archetypes(plugins: Plugins) -> dict[str, Archetype]:
    found = plugins.records("cashcade_archetypes", Archetype)
    for plugin, archetype in found:
        _check_inputs(plugin, archetype)
    return {archetype.name: _guarded(plugin, archetype) for plugin, archetype in found}


def _check_inputs(plugin: Plugin, archetype: Archetype) -> None:
    """Check that what a file says of a company is either a field or an input."""
    known = attributes_of(Company)
    names = [one.name for one in archetype.inputs] + [party.name for party in archetype.parties]
    for name in names:
        if name in known:
            what = f'archetype "{archetype.name}" calls an input "{name}", which is a field of a company'
            raise blame(
                plugin, f"{what}: choose another name, and derive the field", place_of(archetype.derive)
            )


def _guarded(plugin: Plugin, archetype: Archetype) -> Archetype:
    """Return the archetype with a derivation that always ends and whose failures name the plugin."""

    def derive(given: Given) -> list[Part]:
        what, where = f'archetype "{archetype.name}" of company "{given.id}"', place_of(archetype.derive)

        def listed() -> list[Part] | None:
            parts: Iterable[Part] | None = archetype.derive(given)
            return None if parts is None else list(parts)

        parts = called(plugin, what, listed, where)
        if parts is None:
            raise nothing(plugin, what, "parts", where)
        return parts

    return replace(archetype, derive=derive)


def load_world(name: str | Path, *, plugins: Sequence[object] = (), block: Collection[str] = ()) -> World:
    """Return a world by the name that a plugin gives it, or from a file or folder.

    Parameters
    ----------
    name
        A name such as "ai-2025-08", or the path of a TOML file, of a folder of tables or of a workbook
        (`.xlsx`); text is a path if it ends in ".toml" or ".xlsx" or holds a slash, or if no plugin brings a
        world of that name and it is there.
    plugins
        Further plugins: objects or modules with hooks, and paths of Python files.
    block
        Names of distributions, or of single records of them, not to load.

    Raises
    ------
    WorldError
        If there is no such world, or with all problems of its file.
    ArgumentError
        If the name is no text and no path, or `block` names no installed plugin.
    PluginError
        If a plugin cannot be loaded, two bring the same name, or a world of a plugin is unsound.
    """
    given: object = name
    if not isinstance(given, str | Path):
        wanted = "the name of a world, a path, or a World"
        raise ArgumentError(f"the world is a {type(given).__name__}, wanted {wanted}.")
    path = Path(name)
    check_block(block)
    known_archetypes = Installed(plugins, block)
    if isinstance(name, Path) or name.lower().endswith((".toml", SUFFIX)) or "/" in name or os.sep in name:
        return _world_at(path, known_archetypes)
    loaded = find_plugins(extra=plugins, block=block)
    found = loaded.records("cashcade_worlds", WorldFile)
    known = [file.name for _, file in found]
    for plugin, file in found:
        if file.name == loaded.present(name, known):
            loaded.tell(name, known)
            return _world_of(plugin, file, known_archetypes)
    if path.exists():
        return _world_at(path, known_archetypes)
    hint = did_you_mean(name, known) or _known(known)
    wanted = "the name of a world of an installed plugin, a .toml file, a folder of tables, or a workbook"
    raise WorldError([Problem(None, None, "", f'unknown world "{name}"', wanted, hint)], "worlds")


def _world_at(path: Path, known: Mapping[str, Archetype]) -> World:
    if path.suffix.lower() in OTHER_SPREADSHEETS:
        given = f'a spreadsheet "{path.suffix}"'
        raise WorldError(
            [Problem(str(path), None, "", given, f"a workbook {SUFFIX}", "Save it so.")], str(path)
        )
    if path.is_dir() or path.suffix.lower() == SUFFIX:
        return World.from_tables(path, archetypes=known)
    return World.from_toml(path, archetypes=known)


def _known(names: list[str]) -> str:
    if not names:
        return "No plugin brings a world; install one, such as cashcade-ai."
    return "Known worlds: " + ", ".join(names) + "."


def _world_of(plugin: Plugin, file: WorldFile, known: Mapping[str, Archetype]) -> World:
    try:
        if isinstance(file.source, Path):
            return World.from_toml(file.source, archetypes=known)
        text = file.source if isinstance(file.source, str) else file.source.read_text(encoding="utf-8")
        return World.from_text(text, f"{file.name}.toml", archetypes=known)
    except (WorldError, OSError) as error:
        way = way_out(plugin)
        raise PluginError(f'world "{file.name}" of plugin "{plugin.label}": {error}\n{way}') from error
