"""The hash of all that a world says, which tells worlds apart."""

import hashlib
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic_core import to_json

from cashcade.world.block import Block
from cashcade.world.memo import once
from cashcade.world.world import World


@once
def world_hash(world: World) -> str:
    """Give the first 16 hexadecimal digits of the SHA-256 of what a world says, as JSON.

    It is equal for equal worlds. What equals its default is left out, so that a parameter that is new in the
    model, and neutral, changes no hash.
    """
    found = hashlib.sha256()
    for piece in _json(world):
        found.update(piece)
    return found.hexdigest()[:16]


def _json(world: World) -> Iterator[bytes]:
    """Yield the JSON of a world in pieces: of sections in columns without a record for each entry."""
    before = b"{"
    for name, field in World.model_fields.items():
        section = field.alias or name
        block = world.blocks().get(section)
        if block is not None:
            yield before + to_json(section) + b":["
            yield from _entries(block)
            yield b"]"
        elif said := BaseModel.model_dump_json(world, include={name}, exclude_defaults=True)[1:-1]:
            yield before + said.encode()  # not as a world writes itself, which makes records of all
        else:
            continue
        before = b","
    yield b"{}" if before == b"{" else b"}"


def _entries(block: Block) -> Iterator[bytes]:
    before = b""
    for entries in block.stated():
        yield before + to_json(entries)[1:-1]
        before = b","
