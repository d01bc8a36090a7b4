"""The provenance that a result records."""

import hashlib
from collections.abc import Sequence

from cashcade import _core
from cashcade.plugins import find_plugins
from cashcade.world import World
from cashcade.world.memo import once


def provenance(world: World, plugins: Sequence[str] | None = None) -> dict[str, str]:
    """Give name, date and hash of the world, and the versions of cashcade and of its plugins.

    Parameters
    ----------
    world
        The world.
    plugins
        Name and version of each plugin; by default of those that are installed and not blocked.
    """
    return {
        "title": world.title,
        "world": world.name,
        "world_date": world.date.isoformat(),
        "world_hash": world_hash(world),
        "cashcade": _core.__version__,
        "plugins": ", ".join(_plugins() if plugins is None else plugins),
    }


@once
def world_hash(world: World) -> str:
    """Give the first 16 hexadecimal digits of the SHA-256 of the world as JSON: equal for equal worlds."""
    return hashlib.sha256(world.model_dump_json().encode()).hexdigest()[:16]


def _plugins() -> tuple[str, ...]:
    """Name and version of each plugin that is installed and not blocked."""
    return tuple(sorted({plugin.label for plugin in find_plugins().loaded.values()}))
