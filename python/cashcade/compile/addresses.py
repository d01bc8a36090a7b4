"""Addresses of random numbers: 32-bit hashes of names, so that nobody's luck depends on who else is there."""

import hashlib
from collections.abc import Iterable


def addresses(names: Iterable[str]) -> dict[str, int]:
    """Return the 32-bit address of each name: its BLAKE2s digest, whatever the other names are.

    Two names share an address, and so their luck, with a chance of one in 2^32: one pair among 93,000 names,
    on average. Any way to tell such two apart would change the luck of one when the other is added.

    Parameters
    ----------
    names
        Names with their kind, such as "company:openai".
    """
    return {name: _digest(name) for name in names}


def _digest(name: str) -> int:
    return int.from_bytes(hashlib.blake2s(name.encode(), digest_size=4).digest(), "little")
