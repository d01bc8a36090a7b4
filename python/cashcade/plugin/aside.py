"""Output of the code of a plugin, kept off standard output, also where it does not print by Python."""

import contextlib
import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile

FLUSH: Callable[[None], int] = getattr(ctypes.pythonapi, "fflush", lambda _all: 0)
"""Empties the buffers of C libraries into their descriptors, where it can be reached (not on Windows)."""


@contextlib.contextmanager
def set_aside() -> Iterator[list[str]]:
    """Keep what is written to the descriptor of standard output meanwhile: by C code, or by another program.

    Yields
    ------
    said
        In the end what was written, if anything. Nothing is caught where Python has no standard output.
    """
    said: list[str] = []
    stream = sys.__stdout__
    if stream is None or stream.closed:
        yield said
        return
    stream.flush()
    FLUSH(None)
    output = stream.fileno()
    with TemporaryFile() as file, os.fdopen(os.dup(output), "wb") as before:
        os.dup2(file.fileno(), output)
        try:
            yield said
        finally:
            with contextlib.suppress(OSError, ValueError):  # the plugin closed it
                stream.flush()
            FLUSH(None)
            os.dup2(before.fileno(), output)
            file.seek(0)
            text = file.read().decode(errors="replace")
            said += [text] if text else []
