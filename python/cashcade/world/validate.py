"""Whether a file holds a world."""

from pathlib import Path

from cashcade.errors import WorldError
from cashcade.world.problems import Problem
from cashcade.world.world import World


def validate(path: str | Path, *, strict: bool = False) -> list[Problem]:
    """Return all problems of a world file or of a folder of tables; an empty list means that it can be run.

    Parameters
    ----------
    path
        A TOML file, or a folder with CSV or Parquet tables.
    strict
        Whether plausibility notes count as problems.
    """
    place = Path(path)
    try:
        world = World.from_tables(place) if place.is_dir() else World.from_toml(place)
    except WorldError as error:
        return list(error.problems)
    return [note.problem(str(path)) for note in world.notes()] if strict else []
