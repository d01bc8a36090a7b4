"""Addresses of random numbers: 32-bit hashes of names, so that nobody's luck depends on who else is there."""

import hashlib
from collections.abc import Iterable


def addresses(names: Iterable[str]) -> dict[str, int]:
    """Return a distinct 32-bit address for each name.

    The address is the BLAKE2s digest of the name. Where two names share one, the later in alphabetical
    order takes the digest of itself and a count, so the order of the names does not matter.

    Parameters
    ----------
    names
        Names with their kind, such as "company:openai". A repeated name has one address.
    """
    result: dict[str, int] = {}
    taken: set[int] = set()
    for name in sorted(set(names)):
        address, count = _digest(name), 1
        while address in taken:
            count += 1
            address = _digest(f"{name}\0{count}")
        taken.add(address)
        result[name] = address
    return result


def _digest(name: str) -> int:
    return int.from_bytes(hashlib.blake2s(name.encode(), digest_size=4).digest(), "little")
