"""Places where something is to be written."""

from pathlib import Path

from cashcade.errors import ArgumentError


def check_folder(target: Path) -> None:
    """Check that the folder is there in which something is to be written.

    Raises
    ------
    ArgumentError
        It is not.
    """
    if not target.parent.is_dir():
        raise ArgumentError(f"Cannot write {str(target)!r}: there is no folder {str(target.parent)!r}.")
