"""The origin of a function: name, module, file, and a hash of the file, for the record of a run."""

import functools
import hashlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

DIGITS = 16
"""Digits of a hash, as of that of a world."""


def code_of(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - a function, a method, or a class
    """Give what was written down of a function: what it wraps, or the class of an object that is called."""
    function = inspect.unwrap(function)
    if isinstance(function, functools.partial):
        return code_of(function.func)
    return function if inspect.isroutine(function) else type(function)


def name_of(function: Callable[..., Any]) -> str:
    """Give the name of a function, or of the class of an object that is called."""
    return str(code_of(function).__qualname__)


def origin_of(function: Callable[..., Any]) -> str:
    """Give name, module and file of a function, with the hash of the file as it stands.

    What was typed into a notebook or a prompt has the hash of its own text; what has none says so.
    """
    code = code_of(function)
    return f"{code.__qualname__} of {code.__module__} ({_text_of(code)})"


def _text_of(code: Any) -> str:  # noqa: ANN401 - as above
    try:
        file = Path(inspect.getsourcefile(code) or "")
        text = file.read_bytes() if file.is_file() else inspect.getsource(code).encode()
    except (OSError, TypeError):
        return "without a file"
    name = file.name if file.is_file() else "no file"
    return f"{name}, sha256 {hashlib.sha256(text).hexdigest()[:DIGITS]}"
