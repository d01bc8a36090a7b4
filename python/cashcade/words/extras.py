"""Extras: libraries that only some need, and what to do where one is missing."""

import importlib.util

from cashcade.errors import MissingExtraError


def need(module: str, what: str, extra: str, library: str | None = None) -> None:
    """Check that a library is there, without loading it.

    Parameters
    ----------
    module
        As it is imported.
    what
        Subject and verb of the message: "The format .xlsx needs".
    extra
        Extra of cashcade that brings it.
    library
        As people call it; by default as it is imported.

    Raises
    ------
    MissingExtraError
        It is not; says how to install it.
    """
    if importlib.util.find_spec(module) is None:
        raise MissingExtraError(
            f'{what} {library or module}, which is not installed: pip install "cashcade[{extra}]".'
        )
