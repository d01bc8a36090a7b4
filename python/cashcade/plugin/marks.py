"""Marks of a plugin: its hooks and what it says of itself, checked before anything is asked."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType

from cashcade import hookspecs
from cashcade.hookspecs import API, API_ATTRIBUTE, DEPRECATED, FACTORY, OVERRIDES, PROJECT, RECORDS, RENAMED
from cashcade.plugin.blame import Plugin, blame, place_of
from cashcade.words.names import texts

MARK = f"{PROJECT}_impl"
"""Attribute of functions that are marked as hooks."""

HOOKS = tuple(name for name in vars(hookspecs) if name.startswith(f"{PROJECT}_"))
"""Names of the hooks."""

SAYINGS = (API_ATTRIBUTE, FACTORY, RENAMED, DEPRECATED, OVERRIDES)
"""Names of what a plugin may say of itself."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The words of a plugin about itself.

    Parameters
    ----------
    renamed
        Present names of its records by former ones.
    deprecated
        What to use instead, by the names of records that will go.
    overrides
        Names of records of others that its own replace.
    """

    renamed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    deprecated: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    overrides: tuple[str, ...] = ()

    @property
    def names(self) -> set[str]:
        """Names of records of the plugin that these marks speak of."""
        return {*self.renamed.values(), *self.deprecated, *self.overrides}


def marks_of(plugin: Plugin, item: object, where: str = "") -> Marks:
    """Check what a plugin is and says, and return what it says of itself.

    Parameters
    ----------
    plugin
        Who it is.
    item
        The module or object.
    where
        File and line that name it, where any do.

    Raises
    ------
    PluginError
        It is no module or object with hooks, a hook is not marked, marked for another project, misspelt or
        takes arguments, or what it says of itself is of another kind.
    """
    if inspect.isclass(item) and not _stands_alone(item):
        raise blame(plugin, f"it is a class, wanted an object of it: {item.__name__}()", place_of(item))
    _check_api(plugin, getattr(item, API_ATTRIBUTE, 1))
    functions = () if inspect.isroutine(item) else _functions(item)
    hooks = [name for name, function in functions if _is_hook(plugin, name, function)]
    if not hooks and not getattr(item, RECORDS, ()):
        what = f"{_kind(item)} brings nothing, wanted a module or an object with hooks"
        raise blame(plugin, f"{what}: functions such as {HOOKS[0]} under @hookimpl", where or place_of(item))
    return Marks(
        _words(plugin, item, RENAMED, '{"old-name": "new-name"}'),
        _words(plugin, item, DEPRECATED, '{"name": "use another-name"}'),
        _names(plugin, item, OVERRIDES),
    )


def _stands_alone(item: type) -> bool:
    """Whether the hooks of a class need no object of it."""
    found = [inspect.getattr_static(item, name) for name in HOOKS if hasattr(item, name)]
    return bool(found) and all(isinstance(each, staticmethod | classmethod) for each in found)


def _kind(item: object) -> str:
    if item is None or isinstance(item, str | int | float):
        return repr(item)
    if inspect.isroutine(item):
        return f"the function {item.__name__}"
    return f"the module {item.__name__}" if inspect.ismodule(item) else f"the {type(item).__name__}"


def _functions(item: object) -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield the functions of a module or object by name, without asking properties."""
    for name in dir(item):
        found = inspect.getattr_static(item, name, None)
        function = getattr(found, "__func__", found)
        if inspect.isroutine(function):
            yield name, function
        elif name.startswith(f"{PROJECT}_") and not inspect.ismodule(function):
            yield name, _no_function


def _no_function() -> None:
    """Stand for an attribute that is no function."""


def _is_hook(plugin: Plugin, name: str, function: Callable[..., object]) -> bool:
    """Whether a function is a hook; one that would silently be none is an error."""
    marked: Mapping[str, object] | None = getattr(function, MARK, None)
    where = "" if function is _no_function else place_of(function)
    if marked is None:
        _check_unmarked(plugin, name, function, where)
        return False
    if name not in HOOKS:
        if marked.get("optionalhook"):
            return False
        raise blame(plugin, f"unknown hook '{name}'. {_near(name, HOOKS)}", where)
    if marked.get("hookwrapper") or marked.get("wrapper"):
        raise blame(
            plugin, f"{name} is marked as a wrapper, wanted @hookimpl alone: hooks bring records", where
        )
    wanted = [each for each in inspect.signature(function).parameters if each not in {"self", "cls"}]
    if wanted:
        raise blame(plugin, f"{name} takes {', '.join(wanted)}, and hooks take no argument", where)
    return True


def _check_unmarked(plugin: Plugin, name: str, function: Callable[..., object], where: str) -> None:
    near = get_close_matches(name, (*HOOKS, *SAYINGS), n=1, cutoff=0.8)
    if not near or not name.startswith(f"{PROJECT}_") or name in SAYINGS:
        return
    if near[0] in SAYINGS:
        raise blame(plugin, f"{name} means nothing. {_near(name, SAYINGS)}", where)
    way_out = "write @hookimpl above it (from cashcade.hookspecs import hookimpl)"
    if function is _no_function:
        raise blame(plugin, f"{name} is no function, wanted one that gives records; {way_out}")
    others = [each for each in getattr(function, "__dict__", ()) if each.endswith("_impl")]
    if others:
        project = others[0].removesuffix("_impl")
        what = f'{name} is marked for the project "{project}", so that it is never called'
        raise blame(plugin, f"{what}; {way_out}", where)
    raise blame(plugin, f"{name} is not marked, so that it is never called; {way_out}", where)


def _near(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}"


def _words(plugin: Plugin, item: object, name: str, example: str) -> Mapping[str, str]:
    given = getattr(item, name, {})
    if not isinstance(given, Mapping) or not all(
        isinstance(each, str) for pair in given.items() for each in pair
    ):
        raise blame(plugin, f"{name} is {given!r}, wanted names and words such as {example}")
    return MappingProxyType(dict(given))


def _names(plugin: Plugin, item: object, name: str) -> tuple[str, ...]:
    try:
        return texts(name, getattr(item, name, ()), '["gpu-slump"]')
    except ValueError as error:
        raise blame(plugin, str(error)) from error


def _check_api(plugin: Plugin, version: object) -> None:
    if version == API:
        return
    what = f"it was written for version {version!r} of the hooks ({API_ATTRIBUTE}), and this is version {API}"
    newer = isinstance(version, int) and version > API
    raise blame(plugin, f"{what}; {'cashcade is too old for it' if newer else 'it is too old'}")
