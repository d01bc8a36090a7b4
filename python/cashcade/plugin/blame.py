"""Blame: plugins by distribution and version, and where in their files something went wrong."""

import inspect
import os
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pluggy

from cashcade import errors
from cashcade.errors import PluginError

BLOCK_VARIABLE = "CASHCADE_BLOCK_PLUGINS"
"""Environment variable with names of distributions, or of their records, not to load, divided by commas."""

NOT_OF_PLUGINS = (
    str(Path(errors.__file__).parent) + os.sep,
    str(Path(pluggy.__file__).parent) + os.sep,
    str(Path(os.__file__).parent / "importlib") + os.sep,
    "<frozen ",
)
"""How the names of files begin that are no plugin's."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin that is loaded.

    Parameters
    ----------
    name
        Name of the distribution, of the file, or of the object given by the caller.
    version
        Version of the distribution, empty for files and objects.
    entry_point
        Name of the entry point, empty for files and objects.
    options
        What the user configured, as text; empty without.
    """

    name: str
    version: str = ""
    entry_point: str = ""
    options: str = ""

    @property
    def label(self) -> str:
        """Name, options and version, for messages."""
        options = f"({self.options})" if self.options else ""
        return f"{self.name}{options} {self.version}".strip()


def blame(plugin: Plugin, what: str, where: str = "") -> PluginError:
    """Return an error that names the plugin at fault, what happened and where, and how to go on without it.

    Parameters
    ----------
    plugin
        The plugin.
    what
        The fault, as a clause.
    where
        File and line; empty where there is none.
    """
    told = f"{what.rstrip('.')} ({where})" if where else what.rstrip(".")
    end = "" if told.endswith("?") else "."
    return PluginError(f'plugin "{plugin.label}": {told}{end} {way_out(plugin)}')


def way_out(plugin: Plugin) -> str:
    """Say how to go on without a plugin."""
    if plugin.version:
        return f'Update it, or block it: block=["{plugin.name}"] or {BLOCK_VARIABLE}={plugin.name}.'
    return "Mend it, or leave it out of plugins."


def place_of(thing: object) -> str:
    """Give file and line of a function or a class; empty where nobody wrote them down."""
    function = inspect.unwrap(getattr(thing, "__func__", thing)) if callable(thing) else thing
    code = getattr(function, "__code__", None)
    if code is not None:
        return f"{shown(code.co_filename)}:{code.co_firstlineno}"
    if not inspect.isclass(function):
        return ""
    try:
        return f"{shown(inspect.getfile(function))}:{inspect.getsourcelines(function)[1]}"
    except (OSError, TypeError):
        return ""


def place_in(error: BaseException) -> str:
    """Give the last line of a plugin's own files that an error passed; empty where it passed none.

    A plugin's own files are those beside the one in which its code was entered.
    """
    if isinstance(error, SyntaxError) and error.filename and not error.filename.startswith("<"):
        return f"{shown(error.filename)}:{error.lineno}"
    passed = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if is_of_plugins(frame.f_code.co_filename)
    ]
    if not passed:
        return ""
    home = os.path.dirname(passed[0][0])  # noqa: PTH120 - of a name that need be no path
    file, line = [one for one in passed if one[0].startswith(home)][-1]
    return f"{shown(file)}:{line}"


def is_of_plugins(file: str) -> bool:
    """Whether a file of code may be a plugin's."""
    return not file.startswith(NOT_OF_PLUGINS)


def shown(file: str) -> str:
    """Give a file as it is called from here."""
    here = os.getcwd() + os.sep  # noqa: PTH109 - of a name that need be no path
    return file.removeprefix(here)


def pairs_of(text: str, where: str, wanted: str) -> Mapping[str, str]:
    """Read KEY=VALUE,KEY=VALUE.

    Raises
    ------
    ArgumentError
        It is not written so, or a key is given twice.
    """
    found: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        key, sign, value = (each.strip() for each in part.partition("="))
        if not (key and sign and value):
            raise errors.ArgumentError(f"{where}, wanted {wanted}.")
        if key in found:
            raise errors.ArgumentError(f"{where}: {key} is given twice, wanted each key once.")
        found[key] = value
    return found
