"""Addresses of random numbers: 32-bit hashes of names, so that nobody's luck depends on who else is there."""

from collections.abc import Iterable
from hashlib import blake2s

import numpy as np
from numpy.typing import NDArray


def addresses(names: Iterable[str]) -> dict[str, int]:
    """Return the 32-bit address of each name: its BLAKE2s digest, whatever the other names are.

    Two names share an address, and so their luck, with a chance of one in 2^32: one pair among 93,000 names,
    on average. Any way to tell such two apart would change the luck of one when the other is added.

    Parameters
    ----------
    names
        Names with their kind, such as "company:openai".
    """
    known = list(names)
    return dict(zip(known, digests(known).tolist(), strict=True))


def digests(names: Iterable[str]) -> NDArray[np.uint32]:
    """Return the addresses of names in their order."""
    each = (blake2s(name.encode(), digest_size=4).digest() for name in names)
    return np.frombuffer(b"".join(each), dtype="<u4").astype(np.uint32)
