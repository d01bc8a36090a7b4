"""Plugins: found, blocked, loaded one by one, and blamed by distribution and version.

Order of discovery: distributions by name, their entry points by name, then the objects given by the caller.
Nothing depends on it but the order of messages and lists.
"""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions
from typing import TypeVar

import pluggy

from cashcade import hookspecs
from cashcade.archetype import Archetype
from cashcade.errors import PluginError
from cashcade.hookspecs import PROJECT, WorldFile

R = TypeVar("R", bound=WorldFile | Archetype)

BLOCK_VARIABLE = "CASHCADE_BLOCK_PLUGINS"
"""Environment variable with the names of distributions not to load, divided by commas."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin that is loaded.

    Parameters
    ----------
    name
        Name of the distribution, or of the object given by the caller.
    version
        Version of the distribution, empty for objects.
    entry_point
        Name of the entry point, empty for objects.
    """

    name: str
    version: str = ""
    entry_point: str = ""

    @property
    def label(self) -> str:
        """Name and version, for messages."""
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Plugins:
    """The plugins of a run: a manager with their hooks, and who they are, in the order of discovery."""

    manager: pluggy.PluginManager
    loaded: dict[str, Plugin]

    def worlds(self) -> list[tuple[Plugin, WorldFile]]:
        """Return the worlds of all plugins, sorted by name.

        Raises
        ------
        PluginError
            If a hook fails, yields something else, or two plugins bring the same name.
        """
        return self._named("cashcade_worlds", WorldFile, "world")

    def archetypes(self) -> list[tuple[Plugin, Archetype]]:
        """Return the archetypes of all plugins, sorted by name.

        Raises
        ------
        PluginError
            If a hook fails, yields something else, or two plugins bring the same name.
        """
        return self._named("cashcade_archetypes", Archetype, "archetype")

    def _named(self, hook: str, kind: type[R], what: str) -> list[tuple[Plugin, R]]:
        """Return the records of a hook, sorted by name, each checked."""
        found: dict[str, tuple[Plugin, R]] = {}
        for plugin, record in self._records(hook):
            if not isinstance(record, kind):
                given = type(record).__name__
                raise _blame(plugin, f"{hook} gave a {given}, wanted {kind.__name__} records")
            if record.name in found:
                first = found[record.name][0].label
                raise _blame(plugin, f'{what} "{record.name}" is brought by plugin "{first}" too')
            found[record.name] = plugin, record
        return [found[name] for name in sorted(found)]

    def _records(self, hook: str) -> Iterator[tuple[Plugin, object]]:
        """Yield what the implementations of a hook yield, in the order of discovery."""
        order = list(self.loaded)
        caller: pluggy.HookCaller = getattr(self.manager.hook, hook)
        found = caller.get_hookimpls()
        for implementation in sorted(
            found, key=lambda implementation: order.index(implementation.plugin_name)
        ):
            plugin = self.loaded[implementation.plugin_name]
            yield from ((plugin, record) for record in _called(plugin, hook, implementation.function))


def _called(plugin: Plugin, hook: str, function: Callable[..., object]) -> list[object]:
    try:
        result = function()
        return list(result) if isinstance(result, Iterable) else [result]
    except Exception as error:
        raise _blame(plugin, f"{hook} failed with {type(error).__name__}: {error}") from error


def _blame(plugin: Plugin, what: str) -> PluginError:
    """Return an error that names the plugin at fault, what happened, and how to go on without it."""
    way_out = "Mend the object given as plugin."
    if plugin.version:
        way_out = f'Update it, or block it: block=["{plugin.name}"] or {BLOCK_VARIABLE}={plugin.name}.'
    return PluginError(f'plugin "{plugin.label}": {what}. {way_out}')


def find_plugins(*, extra: Sequence[object] = (), block: Collection[str] = ()) -> Plugins:
    """Return the installed plugins, loaded and checked.

    Parameters
    ----------
    extra
        Objects or modules with hooks that are not packaged.
    block
        Names of distributions not to load, besides those that the variable `CASHCADE_BLOCK_PLUGINS` names.

    Raises
    ------
    PluginError
        If a plugin cannot be loaded, or has a hook that is misspelt or takes the wrong arguments. A run must
        not go on with a plugin silently missing; the message says how to block it.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    loaded: dict[str, Plugin] = {}
    for distribution, entry_point in _entry_points(_blocked(block)):
        plugin = Plugin(distribution.name, distribution.version, entry_point.name)
        _register(manager, _loaded(plugin, entry_point), plugin, loaded)
    for number, item in enumerate(extra, 1):
        name = getattr(item, "__name__", type(item).__name__)
        _register(manager, item, Plugin(f"{name} (plugins[{number}])"), loaded)
    return Plugins(manager, loaded)


def _canonical(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(".", "-")


def _blocked(block: Collection[str]) -> set[str]:
    names = [block] if isinstance(block, str) else [*block]
    return {_canonical(name) for name in [*names, *os.environ.get(BLOCK_VARIABLE, "").split(",")]}


def _entry_points(blocked: set[str]) -> list[tuple[Distribution, EntryPoint]]:
    """Return entry points by the names of their distributions; of two with one name the first on the path."""
    found: dict[str, Distribution] = {}
    for distribution in distributions():
        if distribution.name and _canonical(distribution.name) not in blocked:
            found.setdefault(_canonical(distribution.name), distribution)
    return [
        (found[name], entry_point)
        for name in sorted(found)
        for entry_point in sorted(found[name].entry_points, key=lambda point: point.name)
        if entry_point.group == PROJECT
    ]


def _loaded(plugin: Plugin, entry_point: EntryPoint) -> object:
    try:
        return entry_point.load()
    except Exception as error:
        what = f"loading {entry_point.value} failed with {type(error).__name__}: {error}"
        raise _blame(plugin, what) from error


def _register(manager: pluggy.PluginManager, item: object, plugin: Plugin, loaded: dict[str, Plugin]) -> None:
    """Register a plugin and check its hooks at once, so that a wrong one is blamed."""
    key = f"{plugin.name}:{plugin.entry_point}"
    try:
        manager.register(item, name=key)
        manager.check_pending()
    except (pluggy.PluginValidationError, ValueError) as error:
        reason = str(error).splitlines()[-1].strip()
        raise _blame(plugin, reason) from error
    loaded[key] = plugin
