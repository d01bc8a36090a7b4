"""Plugins: found, blocked, loaded one by one, and blamed by distribution and version.

Order of discovery: distributions by name, their entry points by name, then the objects given by the caller.
Nothing depends on it but the order of messages and lists.
"""

import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.metadata import Distribution, EntryPoint, distributions
from typing import TypeVar

import pluggy

from cashcade import hookspecs
from cashcade.errors import ArgumentError
from cashcade.hookspecs import API, API_ATTRIBUTE, PROJECT
from cashcade.plugins.blame import BLOCK_VARIABLE, Plugin, blame, records_of
from cashcade.words.names import texts

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
"""Names of records: they stand in commands, between colons and commas."""

R = TypeVar("R")


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Plugins:
    """The plugins of a run: a manager with their hooks, and who they are, in the order of discovery."""

    manager: pluggy.PluginManager
    loaded: dict[str, Plugin]

    def records(self, hook: str, kind: type[R]) -> list[tuple[Plugin, R]]:
        """Return the records of a hook, checked, sorted by name, each with the plugin that brings it.

        Parameters
        ----------
        hook
            Such as "cashcade_worlds".
        kind
            What the hook must give; it has a `name`.

        Raises
        ------
        PluginError
            A hook fails, does not end, gives something else or a name that cannot be used, or two plugins
            bring the same name.
        """
        noun = hook.removeprefix(f"{PROJECT}_").removesuffix("s").replace("_", " ")
        found: dict[str, tuple[Plugin, R]] = {}
        for plugin, function in self._implementations(hook):
            for record in records_of(plugin, hook, function):
                if not isinstance(record, kind):
                    given = type(record).__name__
                    raise blame(plugin, f"{hook} gave a {given}, wanted {kind.__name__} records")
                name = _checked_name(plugin, hook, record)
                if name in found:
                    raise blame(plugin, f'{noun} "{name}" is brought by {_other(found[name][0], plugin)} too')
                found[name] = plugin, record
        return [found[name] for name in sorted(found)]

    def _implementations(self, hook: str) -> Iterator[tuple[Plugin, Callable[[], object]]]:
        """Yield the functions that implement a hook, in the order of discovery."""
        order = list(self.loaded)
        caller: pluggy.HookCaller = getattr(self.manager.hook, hook)
        found = sorted(caller.get_hookimpls(), key=lambda each: order.index(each.plugin_name))
        return ((self.loaded[each.plugin_name], each.function) for each in found)


def _checked_name(plugin: Plugin, hook: str, record: object) -> str:
    name = getattr(record, "name", None)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        wanted = "up to 60 letters, digits, hyphens, underscores and dots"
        raise blame(plugin, f"{hook} gave a record with the name {name!r}, wanted {wanted}")
    return name


def _other(first: Plugin, second: Plugin) -> str:
    return "itself" if first == second else f'plugin "{first.label}"'


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
    ArgumentError
        If a distribution is to be blocked that is not installed or brings no plugin, or an argument is no
        list.
    PluginError
        If a plugin cannot be loaded, or has a hook that is misspelt or takes the wrong arguments. A run must
        not go on with a plugin silently missing; the message says how to block it.
    """
    if isinstance(extra, str) or not isinstance(extra, Iterable):
        raise ArgumentError(f"plugins is {extra!r}, wanted a list of objects or modules with hooks.")
    if not extra:
        names = texts("block", block, '["cashcade-ai"]', alone=True)
        return _installed(names, os.environ.get(BLOCK_VARIABLE, ""), _path())
    manager, loaded = _managed(block)
    for number, item in enumerate(extra, 1):
        name = getattr(item, "__name__", type(item).__name__)
        _register(manager, item, Plugin(f"{name} (plugins[{number}])"), loaded)
    return Plugins(manager, loaded)


Path = tuple[tuple[str, int], ...]
"""Folders in which distributions are looked for, and when each last changed."""


def _path() -> Path:
    """Return where distributions are, so that one that comes or goes is seen."""
    return tuple((entry, _changed(entry or ".")) for entry in sys.path)


def _changed(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - a path is slower to make, and this is asked often
    except OSError:
        return 0


@lru_cache(maxsize=8)
def _installed(block: tuple[str, ...], _environment: str, _path: Path) -> Plugins:
    """Look once: to walk all distributions, and to ask all plugins, takes longer than a small run."""
    return Plugins(*_managed(block))


def _managed(block: Collection[str]) -> tuple[pluggy.PluginManager, dict[str, Plugin]]:
    """Return a manager with what is installed and not blocked."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    loaded: dict[str, Plugin] = {}
    for distribution, entry_point in _entry_points(block):
        plugin = Plugin(distribution.name, distribution.version, entry_point.name)
        _register(manager, _loaded(plugin, entry_point), plugin, loaded)
    return manager, loaded


def _canonical(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(".", "-")


def check_block(block: Collection[str]) -> None:
    """Check that what is to be blocked is there: a misspelt name would load what was not wanted.

    Raises
    ------
    ArgumentError
        If a distribution is not installed or brings no plugin; with the nearest name.
    """
    if block or os.environ.get(BLOCK_VARIABLE):
        _entry_points(block)


def _blocked(block: Collection[str], known: Collection[str]) -> set[str]:
    """Return the names to block, of those known, from the argument and from the environment."""
    given = {
        "block": texts("block", block, '["cashcade-ai"]', alone=True),
        BLOCK_VARIABLE: os.environ.get(BLOCK_VARIABLE, "").split(","),
    }
    names = [(where, name) for where, listed in given.items() for name in listed if name.strip()]
    for where, name in names:
        if _canonical(name) not in known:
            near = get_close_matches(_canonical(name), known, n=1)
            hint = f'Did you mean "{near[0]}"?' if near else f"Plugins: {', '.join(known) or 'none'}."
            what = f"{where} names {name!r}, wanted the distribution of an installed plugin"
            raise ArgumentError(f"{what}. {hint}")
    return {_canonical(name) for _, name in names}


def _name(distribution: Distribution) -> str | None:
    """Return the name of a distribution from the head of its metadata: to parse all of it takes long."""
    head = re.search(r"^Name:[ \t]*(\S+)[ \t]*$", distribution.read_text("METADATA") or "", re.MULTILINE)
    return head[1] if head else distribution.name


def _entry_points(block: Collection[str]) -> list[tuple[Distribution, EntryPoint]]:
    """Return entry points by the names of their distributions; of two with one name the first on the path."""
    found: dict[str, Distribution] = {}
    for distribution in distributions():
        if name := _name(distribution):
            found.setdefault(_canonical(name), distribution)
    points = {
        name: [point for point in found[name].entry_points if point.group == PROJECT]
        for name in sorted(found)
    }
    known = {name: listed for name, listed in points.items() if listed}
    blocked = _blocked(block, known)
    return [
        (found[name], entry_point)
        for name, listed in known.items()
        if name not in blocked
        for entry_point in sorted(listed, key=lambda point: point.name)
    ]


def _loaded(plugin: Plugin, entry_point: EntryPoint) -> object:
    try:
        return entry_point.load()
    except Exception as error:
        what = f"loading {entry_point.value} failed with {type(error).__name__}: {error}"
        raise blame(plugin, what) from error


def _register(manager: pluggy.PluginManager, item: object, plugin: Plugin, loaded: dict[str, Plugin]) -> None:
    """Register a plugin and check its hooks at once, so that a wrong one is blamed."""
    key = f"{plugin.name}:{plugin.entry_point}"
    _check_api(plugin, getattr(item, API_ATTRIBUTE, 1))
    try:
        manager.register(item, name=key)
        manager.check_pending()
    except (pluggy.PluginValidationError, ValueError) as error:
        reason = str(error).splitlines()[-1].strip()
        raise blame(plugin, reason) from error
    loaded[key] = plugin


def _check_api(plugin: Plugin, version: object) -> None:
    if version == API:
        return
    what = f"it was written for version {version!r} of the hooks ({API_ATTRIBUTE}), and this is version {API}"
    newer = isinstance(version, int) and version > API
    raise blame(plugin, f"{what}; {'cashcade is too old for it' if newer else 'it is too old'}")
