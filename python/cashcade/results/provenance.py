"""The provenance that a result records."""

from collections.abc import Sequence

from cashcade import _core
from cashcade.plugin import find_plugins
from cashcade.world import World
from cashcade.world.identity import world_hash


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
        "plugins": ", ".join(find_plugins().labels if plugins is None else plugins),
    }
