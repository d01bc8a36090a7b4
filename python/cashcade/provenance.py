"""What a result records about where it came from."""

import hashlib
from functools import cache
from importlib.metadata import entry_points

from cashcade import _core
from cashcade.world import World


def provenance(world: World) -> dict[str, str]:
    """Give name, date and hash of the world, and the versions of cashcade and of its plugins."""
    return {
        "title": world.title,
        "world": world.name,
        "world_date": world.date.isoformat(),
        "world_hash": world_hash(world),
        "cashcade": _core.__version__,
        "plugins": ", ".join(_plugins()),
    }


def world_hash(world: World) -> str:
    """Give the first 16 hexadecimal digits of the SHA-256 of the world as JSON: equal for equal worlds."""
    return hashlib.sha256(world.model_dump_json().encode()).hexdigest()[:16]


@cache
def _plugins() -> tuple[str, ...]:
    """Name and version of each distribution that offers a plugin."""
    found = {point.dist for point in entry_points(group="cashcade") if point.dist is not None}
    return tuple(sorted(f"{each.name} {each.version}" for each in found))
