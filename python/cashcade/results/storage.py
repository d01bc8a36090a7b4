"""Files and folders written whole or not at all.

What is written stands beside its target under another name, is synced, and takes the place of the target in
one step. Whatever ends the writing (a full disk, Ctrl-C, a killed process), the target is the old or the new
one. A killed process leaves at most a `.<name>.<digits>.part`, which nothing reads and anybody may delete.
"""

import ctypes
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cashcade.errors import WriteError

AT_FDCWD, RENAME_EXCHANGE = -100, 2
"""Constants of Linux: paths are as they stand, and two of them change places."""


@contextmanager
def naming(target: Path) -> Iterator[None]:
    """Let Ctrl-C say what was written."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"while writing {target}") from None


def make_folder(folder: Path) -> None:
    """Make a folder, unless it is there.

    Raises
    ------
    WriteError
        The system refuses.
    """
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise WriteError(f"Cannot write {folder}: {error.strerror or error}.") from error


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a free place beside `target`; what is written there replaces it at the end.

    Parameters
    ----------
    target
        A file or a folder. An error or Ctrl-C before all is written leaves it as it was.

    Yields
    ------
    place
        Where to write: nothing is there yet.

    Raises
    ------
    WriteError
        The system refuses: the disk is full, or nothing may be written there.
    KeyboardInterrupt
        Ctrl-C; it says what was written.
    """
    # A link stays, and what it points to is replaced.
    real = target.resolve()
    place = real.with_name(f".{real.name}.{secrets.token_hex(8)}.part")
    with naming(target), ExitStack() as rubbish:
        rubbish.callback(_remove, place)
        try:
            yield place
            _match(place, real)
            _sync(place)
            _swap(place, real)
        except OSError as error:
            raise WriteError(
                f"Cannot write {target}: {error.strerror or error}. What was there before is as it was. "
                "Make room, or write somewhere else."
            ) from error


def write_bytes(target: Path, content: bytes | memoryview) -> None:
    """Write a file, whole or not at all.

    Raises
    ------
    WriteError
        The system refuses.
    """
    with replacing(target) as place:
        place.write_bytes(content)


def write_folder(target: Path, write: Callable[[Path], None]) -> None:
    """Write a folder, whole or not at all: `write` fills an empty one.

    Raises
    ------
    WriteError
        The system refuses.
    """
    with replacing(target) as place:
        place.mkdir()
        write(place)


def _match(place: Path, target: Path) -> None:
    """Let only a file replace a file, whose rights it takes, and only a folder a folder."""
    if not target.exists():
        return
    if place.is_dir() and not target.is_dir():
        raise NotADirectoryError("it is no folder")
    if place.is_file():
        if not target.is_file():
            raise IsADirectoryError("it is no file")
        place.chmod(target.stat().st_mode & 0o7777)


def _sync(place: Path) -> None:
    """Have the disk hold a file, or a folder with all that is in it."""
    inside = place.rglob("*") if place.is_dir() else ()
    for path in (*inside, place):
        _sync_one(path)


def _sync_one(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows syncs no folders.
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap(place: Path, target: Path) -> None:
    """Put what is at `place` at `target`, in one step where the system can; folders change places."""
    if not target.is_dir():
        place.replace(target)
    elif not _exchanged(place, target):
        aside = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
        target.rename(aside)
        try:
            place.rename(target)
        except BaseException:
            aside.rename(target)
            raise
        aside.rename(place)
    _sync_one(target.parent)


def _exchanged(place: Path, target: Path) -> bool:
    """Let two folders change places; says whether the system can."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    paths = os.fsencode(place), os.fsencode(target)
    return rename is not None and not rename(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)
