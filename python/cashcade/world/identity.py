"""The hash of all that a world says, which tells worlds apart."""

import hashlib

from cashcade.world.memo import once
from cashcade.world.world import World


@once
def world_hash(world: World) -> str:
    """Give the first 16 hexadecimal digits of the SHA-256 of what a world says, as JSON.

    It is equal for equal worlds. What equals its default is left out, so that a parameter that is new in the
    model, and neutral, changes no hash.
    """
    return hashlib.sha256(world.model_dump_json(exclude_defaults=True).encode()).hexdigest()[:16]
