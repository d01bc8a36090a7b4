"""Plugins: found, blocked, loaded one by one, and blamed by distribution and version.

Order of discovery: distributions by name, their entry points by name, then what the caller gives.
Nothing depends on it but the order of messages and lists.
"""

import os
import re
import sys
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import Distribution, EntryPoint, distributions
from pathlib import Path
from typing import TypeVar

import pluggy

from cashcade import hookspecs
from cashcade.errors import ArgumentError, PluginWarning
from cashcade.hookspecs import DEPRECATED, OVERRIDES, PROJECT, RECORDS, RENAMED
from cashcade.plugin.blame import BLOCK_VARIABLE, Plugin, blame, place_of, shown
from cashcade.plugin.calls import called, records_of
from cashcade.plugin.marks import HOOKS, Marks, marks_of
from cashcade.plugin.sources import configured, module_at, options_in, split
from cashcade.words.names import texts
from cashcade.world.problems import did_you_mean

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
"""Names of records: they stand in commands, between colons and commas."""

ENTRIES = "entry_points.txt"
"""File of a distribution with its entry points."""

WANTED = "a module, an object with hooks, the path of a Python file, or an installed plugin with options"
"""What may be given as a plugin."""

R = TypeVar("R")


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Plugins:
    """The plugins of a run.

    Parameters
    ----------
    manager
        Has their hooks.
    loaded
        Who they are, in the order of discovery.
    marks
        What each says of itself, by the same names.
    blocked
        Names of records that are not loaded, by distribution.
    """

    manager: pluggy.PluginManager
    loaded: dict[str, Plugin]
    marks: dict[str, Marks]
    blocked: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def records(self, hook: str, kind: type[R]) -> list[tuple[Plugin, R]]:
        """Return the records of a hook, checked, sorted by name, each with the plugin that brings it.

        Those that are blocked, or that another plugin overrides, are left out.

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
        for plugin, where, record in self._given(hook):
            if not isinstance(record, kind):
                given = type(record).__name__
                raise blame(plugin, f"{hook} gave a {given}, wanted {kind.__name__} records", where)
            name = _checked_name(plugin, hook, record, where)
            if self._leaves_out(plugin, name):
                continue
            if name in found:
                other = _other(found[name][0], plugin)
                raise blame(plugin, f'{noun} "{name}" is brought by {other} too', where)
            found[name] = plugin, record
        return [found[name] for name in sorted(found)]

    def _given(self, hook: str) -> Iterator[tuple[Plugin, str, object]]:
        """Yield what plugins give by a hook, and by decorators, in the order of discovery, with where."""
        caller: pluggy.HookCaller = getattr(self.manager.hook, hook)
        functions: dict[str, Callable[[], object]] = {
            each.plugin_name: each.function for each in caller.get_hookimpls()
        }
        for key, plugin in self.loaded.items():
            given: list[object] = []
            if key in functions:
                given += records_of(plugin, hook, functions[key])
                yield from ((plugin, place_of(functions[key]), record) for record in given)
            for made_for, record, function in getattr(self.manager.get_plugin(key), RECORDS, ()):
                if made_for == hook and not any(record is each for each in given):
                    yield plugin, place_of(function), record

    def where(self, hook: str, plugin: Plugin, name: str) -> str:
        """Return file and line of what brings a record."""
        return next(
            (
                where
                for whose, where, record in self._given(hook)
                if whose == plugin and getattr(record, "name", None) == name
            ),
            "",
        )

    def _leaves_out(self, plugin: Plugin, name: str) -> bool:
        if name in self.blocked.get(canonical(plugin.name), ()):
            return True
        over = self._overriding(name)
        return over is not None and over != plugin

    def _overriding(self, name: str) -> Plugin | None:
        """Return the plugin whose record of a name replaces those of others."""
        return next((self.loaded[key] for key, marks in self.marks.items() if name in marks.overrides), None)

    @property
    def labels(self) -> tuple[str, ...]:
        """Name and version of each plugin, and which of its records were left out, for the record."""
        return tuple(sorted({self._label(plugin) for plugin in self.loaded.values()}))

    def _label(self, plugin: Plugin) -> str:
        if not self.blocked and not any(marks.overrides for marks in self.marks.values()):
            return plugin.label
        own = {
            str(getattr(record, "name", ""))
            for hook in HOOKS
            for whose, _, record in self._given(hook)
            if whose == plugin
        }
        gone = []
        for name in sorted(own):
            if self._leaves_out(plugin, name):
                over = self._overriding(name)
                gone.append(f"{name} (that of {over.label})" if over and over != plugin else name)
        return f"{plugin.label} without {' and '.join(gone)}" if gone else plugin.label

    def present(self, name: str, known: Collection[str]) -> str:
        """Return the present name of a record: that of a former name, where no record has that name.

        Parameters
        ----------
        name
            As the user gave it.
        known
            Present names.
        """
        if name in known:
            return name
        renamed = (marks.renamed.get(name) for marks in self.marks.values())
        return next((new for new in renamed if new is not None and new in known), name)

    def tell(self, name: str, known: Collection[str]) -> None:
        """Warn where a name that the user gave is a former one, or that of a record that will go."""
        present = self.present(name, known)
        if present != name:
            warnings.warn(f'"{name}" is now called "{present}"; use that name.', PluginWarning, stacklevel=2)
        for key, marks in self.marks.items():
            if present in marks.deprecated:
                what = f'"{present}" of plugin "{self.loaded[key].label}" is deprecated'
                warnings.warn(f"{what}: {marks.deprecated[present]}.", PluginWarning, stacklevel=2)

    def check_names(self) -> None:
        """Check that records are there which the user blocks, and of which plugins say something.

        Raises
        ------
        ArgumentError
            A record to be blocked is not there; with the nearest name.
        PluginError
            A plugin speaks of a record that it does not bring.
        """
        if not self.blocked and not any(marks.names for marks in self.marks.values()):
            return
        brought: dict[str, set[str]] = {canonical(plugin.name): set() for plugin in self.loaded.values()}
        for hook in HOOKS:
            for plugin, _, record in self._given(hook):
                brought[canonical(plugin.name)].add(str(getattr(record, "name", "")))
        for distribution, names in self.blocked.items():
            for name in names - brought[distribution]:
                what = f'block names "{distribution}:{name}", wanted the name of a record of that plugin'
                raise ArgumentError(f"{what}. {_hint(name, sorted(brought[distribution]))}")
        for key, marks in self.marks.items():
            _check_marks(self.loaded[key], marks, brought[canonical(self.loaded[key].name)])


def _check_marks(plugin: Plugin, marks: Marks, own: Collection[str]) -> None:
    """Check that a plugin brings the records that it speaks of."""
    said = {OVERRIDES: marks.overrides, RENAMED: marks.renamed.values(), DEPRECATED: marks.deprecated}
    for what, names in said.items():
        for name in names:
            if name not in own:
                fault = f'{what} names "{name}", which it does not bring'
                raise blame(plugin, f"{fault}. {_hint(name, sorted(own))}")


def _hint(name: str, known: Sequence[str]) -> str:
    return did_you_mean(name, known) or f"Known: {', '.join(known) or 'none'}."


def _checked_name(plugin: Plugin, hook: str, record: object, where: str) -> str:
    name = getattr(record, "name", None)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        wanted = "up to 60 letters, digits, hyphens, underscores and dots"
        raise blame(plugin, f"{hook} gave a record with the name {name!r}, wanted {wanted}", where)
    return name


def _other(first: Plugin, second: Plugin) -> str:
    return "itself" if first == second else f'plugin "{first.label}"'


def find_plugins(*, extra: Sequence[object] = (), block: Collection[str] = ()) -> Plugins:
    """Return the installed plugins, loaded and checked.

    Parameters
    ----------
    extra
        What is not packaged: objects or modules with hooks, and paths of Python files. A path may be followed
        by options, "mine.py:size=3"; so may the name of an installed plugin.
    block
        Names of distributions not to load, or of single records of them, "cashcade-ai:gpu-slump", besides
        those that the variable `CASHCADE_BLOCK_PLUGINS` names.

    Raises
    ------
    ArgumentError
        If a distribution is to be blocked that is not installed or brings no plugin, or an argument is no
        list.
    PluginError
        If a plugin cannot be loaded, has a hook that is misspelt, unmarked or takes arguments, or brings
        nothing. A run must not go on with a plugin silently missing; the message says how to block it.
    """
    if isinstance(extra, str | Path) or not isinstance(extra, Iterable):
        raise ArgumentError(f"plugins is {extra!r}, wanted a list of objects, modules or files with hooks.")
    names = texts("block", block, '["cashcade-ai"]', alone=True)
    if not extra:
        return _installed(names, _environment(), _path())
    loading = _Loading(names)
    own, options = [], {}
    for number, item in enumerate(extra, 1):
        configures = loading.option(item, number) if isinstance(item, str) else None
        if configures:
            options[configures[0]] = configures[1]
        else:
            own.append((number, item))
    loading.add_installed(options)
    for number, item in own:
        loading.add(item, number)
    return loading.done()


Searched = tuple[tuple[str, int], ...]
"""Folders in which distributions are looked for, and when each last changed."""


def _path() -> Searched:
    """Return where distributions are, so that one that comes or goes is seen."""
    return tuple((entry, _changed(entry or ".")) for entry in sys.path)


def _changed(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116 - a path is slower to make, and this is asked often
    except OSError:
        return 0


def _environment() -> str:
    """Return what the environment blocks.

    Raises
    ------
    ArgumentError
        A variable is misspelt: it would block nothing.
    """
    stem = BLOCK_VARIABLE.rpartition("_")[0]
    for name in os.environ:
        if name.startswith(stem) and name != BLOCK_VARIABLE:
            raise ArgumentError(f"the variable {name} means nothing. Did you mean {BLOCK_VARIABLE}?")
    return os.environ.get(BLOCK_VARIABLE, "")


@lru_cache(maxsize=8)
def _installed(block: tuple[str, ...], _environment: str, _path: Searched) -> Plugins:
    """Look once: to walk all distributions, and to ask all plugins, takes longer than a small run."""
    loading = _Loading(block)
    loading.add_installed({})
    return loading.done()


class _Loading:
    """Plugins under construction."""

    def __init__(self, block: Collection[str]) -> None:
        self.manager = pluggy.PluginManager(PROJECT)
        self.manager.add_hookspecs(hookspecs)
        self.loaded: dict[str, Plugin] = {}
        self.marks: dict[str, Marks] = {}
        self.found = _points()
        self.whole, self.single = _blocked(block, self.found)

    def done(self) -> Plugins:
        """Return them, checked."""
        plugins = Plugins(self.manager, self.loaded, self.marks, self.single)
        plugins.check_names()
        return plugins

    def option(self, text: str, number: int) -> tuple[str, str] | None:
        """Return name and options of an installed plugin that a text configures; None for a file."""
        name, options, file = split(text)
        if file:
            return None
        if options and canonical(name) in self.found:
            return canonical(name), options
        near = f" {_hint(canonical(name), list(self.found))}" if options else ""
        raise ArgumentError(f'plugins[{number}] is "{text}", wanted {WANTED}.{near}')

    def add_installed(self, options: Mapping[str, str]) -> None:
        """Add what is installed and not blocked, with options by distribution."""
        for name, (distribution, points) in self.found.items():
            if name not in self.whole:
                for point in sorted(points, key=lambda point: point.name):
                    self._add_installed(distribution, point, options.get(name, ""))

    def _add_installed(self, distribution: Distribution, point: EntryPoint, options: str) -> None:
        plugin = Plugin(distribution.name, distribution.version, point.name, options)
        where = _line_of(distribution, point.name)
        if EntryPoint.pattern.match(point.value) is None:
            what = f"its entry point {point.name} is {point.value!r}, wanted MODULE or MODULE:OBJECT"
            raise blame(plugin, what, where)
        item = called(plugin, f"loading {point.value}", point.load, where)
        self._register(configured(plugin, item, options_in(options, plugin.name)), plugin, where)

    def add(self, item: object, number: int) -> None:
        """Add what the caller gives."""
        if isinstance(item, str | Path):
            name, options, file = split(str(item))
            if not file:
                raise ArgumentError(f'plugins[{number}] is "{item}", wanted {WANTED}.')
            plugin = Plugin(name, options=options)
            module = module_at(Path(name), plugin)
            self._register(configured(plugin, module, options_in(options, plugin.name)), plugin, name)
            return
        name = getattr(item, "__name__", type(item).__name__)
        plugin = Plugin(f"{name} (plugins[{number}])")
        self._register(configured(plugin, item, {}), plugin, "")

    def _register(self, item: object, plugin: Plugin, where: str) -> None:
        """Register a plugin after checking its hooks, so that a wrong one is blamed."""
        marks = marks_of(plugin, item, where)
        for key, other in self.manager.list_name_plugin():
            if other is item:
                label = self.loaded[key].label
                raise blame(plugin, f'it is the same object as plugin "{label}", wanted each once', where)
        key = f"{plugin.name}:{plugin.entry_point}"
        if key in self.loaded:
            raise blame(plugin, "it is given twice, wanted each once", where)
        try:
            self.manager.register(item, name=key)
            self.manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            raise blame(plugin, str(error).splitlines()[-1].strip(), where) from error
        self.loaded[key], self.marks[key] = plugin, marks


def canonical(name: str) -> str:
    """Return the name of a distribution as all spellings of it have it."""
    return name.strip().lower().replace("_", "-").replace(".", "-")


def check_block(block: Collection[str]) -> None:
    """Check that what is to be blocked is there: a misspelt name would load what was not wanted.

    Raises
    ------
    ArgumentError
        If a distribution is not installed or brings no plugin; with the nearest name.
    """
    if block or _environment():
        _blocked(block, _points())


def _blocked(block: Collection[str], known: Collection[str]) -> tuple[set[str], dict[str, frozenset[str]]]:
    """Return the distributions to block, of those known, and the records to block by distribution."""
    given = {
        "block": texts("block", block, '["cashcade-ai"]', alone=True),
        BLOCK_VARIABLE: _environment().split(","),
    }
    whole: set[str] = set()
    single: dict[str, frozenset[str]] = {}
    for where, listed in given.items():
        for text in filter(str.strip, listed):
            name, of_one, record = text.partition(":")
            if canonical(name) not in known:
                hint = _hint(canonical(name), list(known)).replace("Known:", "Plugins:")
                what = f"{where} names {text!r}, wanted the distribution of an installed plugin"
                raise ArgumentError(f"{what}. {hint}")
            if of_one:
                single[canonical(name)] = single.get(canonical(name), frozenset()) | {record.strip()}
            else:
                whole.add(canonical(name))
    return whole, {name: records for name, records in single.items() if name not in whole}


def _name(distribution: Distribution) -> str | None:
    """Return the name of a distribution from the head of its metadata: to parse all of it takes long."""
    head = re.search(r"^Name:[ \t]*(\S+)[ \t]*$", distribution.read_text("METADATA") or "", re.MULTILINE)
    return head[1] if head else distribution.name


def _points() -> dict[str, tuple[Distribution, list[EntryPoint]]]:
    return _points_on(_path())


@lru_cache(maxsize=8)
def _points_on(_path: Searched) -> dict[str, tuple[Distribution, list[EntryPoint]]]:
    """Return distributions with their entry points, by name; of two with one name the first on the path."""
    found: dict[str, Distribution] = {}
    for distribution in distributions():
        if name := _name(distribution):
            found.setdefault(canonical(name), distribution)
    points = {name: (found[name], _points_of(found[name])) for name in sorted(found)}
    return {name: each for name, each in points.items() if each[1]}


def _points_of(distribution: Distribution) -> list[EntryPoint]:
    """Return the entry points of a distribution for cashcade.

    Raises
    ------
    PluginError
        Its file cannot be read, and it speaks of cashcade.
    """
    try:
        return [point for point in distribution.entry_points if point.group == PROJECT]
    except Exception as error:
        if f"[{PROJECT}]" not in (distribution.read_text(ENTRIES) or ""):
            return []
        plugin = Plugin(distribution.name, distribution.version)
        what = f"its entry points cannot be read ({type(error).__name__}: {error})"
        wanted = "wanted a line NAME = MODULE or NAME = MODULE:OBJECT for each"
        raise blame(plugin, f"{what}, {wanted}", _line_of(distribution, f"[{PROJECT}]")) from error


def _line_of(distribution: Distribution, start: str) -> str:
    """Return file and line in which a distribution names an entry point."""
    folder = getattr(distribution, "_path", None)
    lines = (distribution.read_text(ENTRIES) or "").splitlines()
    number = next((number for number, line in enumerate(lines, 1) if line.strip().startswith(start)), 0)
    return f"{shown(str(folder / ENTRIES))}:{number}" if folder is not None and number else ""
