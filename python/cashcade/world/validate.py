"""Whether a file holds a world."""

from pathlib import Path

from cashcade.errors import WorldError
from cashcade.world.problems import Problem
from cashcade.world.world import World


def validate(path: str | Path) -> list[Problem]:
    """Return all problems of a world file or of a folder of tables; an empty list means that it can be run.

    Parameters
    ----------
    path
        A TOML file, or a folder with CSV or Parquet tables.
    """
    place = Path(path)
    try:
        if place.is_dir():
            World.from_tables(place)
        else:
            World.from_toml(place)
    except WorldError as error:
        return list(error.problems)
    return []
