"""Sources of plugins: Python files, and what the user configured."""

import importlib.util
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from types import ModuleType

from cashcade.errors import ArgumentError
from cashcade.hookspecs import FACTORY
from cashcade.plugin.blame import Plugin, pairs_of, place_of
from cashcade.plugin.calls import called, nothing
from cashcade.words.names import choose

FILE = re.compile(r"(?P<name>(?:(?!:\w+=).)*?\.py)(?::(?P<options>.*))?", re.DOTALL | re.IGNORECASE)
"""The path of a file, before any option, and options."""

TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
"""How options that are true or false are written."""


def split(text: str) -> tuple[str, str, bool]:
    """Give name and options of a plugin as the user wrote it, and whether it is a file."""
    match = FILE.fullmatch(text)
    if match:
        return match["name"], match["options"] or "", True
    name, _, options = text.partition(":")
    return name.strip(), options, False


def options_in(text: str, name: str) -> Mapping[str, str]:
    """Give the options in a text such as "size=3,who=lab".

    Raises
    ------
    ArgumentError
        It is not written so.
    """
    return pairs_of(text, f'the options of plugin "{name}" are {text!r}', "KEY=VALUE,KEY=VALUE")


def module_at(path: Path, plugin: Plugin) -> ModuleType:
    """Return the module in a file, loaded anew where the file has changed.

    Raises
    ------
    ArgumentError
        There is no such file.
    PluginError
        It cannot be loaded.
    """
    if not path.is_file():
        raise ArgumentError(f'plugins names "{path}", wanted a Python file: no such file.')
    changed = path.stat().st_mtime_ns
    return called(plugin, f"loading {path.name}", lambda: _module(path.resolve(), changed))


@lru_cache(maxsize=32)
def _module(path: Path, changed: int) -> ModuleType:
    """Load a file once as it is, so that its records are the same ones whenever they are asked for."""
    known = blake2b(f"{path} {changed}".encode(), digest_size=6).hexdigest()
    name = f"{path.stem}_{known}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no file of Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def configured(plugin: Plugin, item: object, options: Mapping[str, str]) -> object:
    """Return what the factory of a plugin makes of options; the plugin itself where it has none.

    Raises
    ------
    ArgumentError
        There is no such option, one is missing, or a value is of another kind.
    PluginError
        The factory fails, or gives nothing.
    """
    factory: Callable[..., object] | None = getattr(item, FACTORY, None)
    if not inspect.isroutine(factory):
        if options:
            what = f'plugin "{plugin.name}" takes no options, given {", ".join(options)}'
            raise ArgumentError(f"{what}; one that does has a function {FACTORY} with a keyword for each.")
        return item
    known = inspect.signature(factory).parameters
    for name in options:
        choose(name, known, f'option of plugin "{plugin.name}"')
    for name, parameter in known.items():
        if parameter.default is parameter.empty and name not in options:
            raise ArgumentError(f'plugin "{plugin.name}" needs the option {name}: write {name}=VALUE.')
    values = {name: _value(plugin, known[name], text) for name, text in options.items()}
    made = called(plugin, FACTORY, lambda: factory(**values), place_of(factory))
    if made is None:
        raise nothing(plugin, FACTORY, "a module or an object with hooks", place_of(factory))
    return made


def _value(plugin: Plugin, parameter: inspect.Parameter, text: str) -> object:
    """Read an option as what its default is, or else its annotation says."""
    default, annotation = parameter.default, parameter.annotation
    kinds: dict[object, type] = {each: each for each in (bool, int, float, str)}
    kinds |= {each.__name__: each for each in (bool, int, float, str)}
    kind = kinds.get(annotation, str) if default is parameter.empty else type(default)
    try:
        return TRUTHS[text.lower()] if kind is bool else kind(text)
    except (KeyError, TypeError, ValueError):
        wanted = {bool: "true or false", int: "a whole number", float: "a number"}.get(kind, kind.__name__)
        what = f'option {parameter.name} of plugin "{plugin.name}"'
        raise ArgumentError(f"{what} is {text!r}, wanted {wanted}.") from None
