"""Snapshots of a simulation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cashcade.errors import ArgumentError

MOVING = ("rule", "door", "lever")
"""Kinds of records that move a world on its way."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All paths of a simulation at the end of a month, to go back to, or on from in another process.

    It holds numbers only, in an order that belongs to one version of cashcade.

    Attributes
    ----------
    month
        When it was taken.
    signature
        What a simulation must have in common with the one it was taken from.
    numbers
        Everything that later months depend on.
    """

    month: int
    signature: Mapping[str, object] = field(repr=False)
    numbers: NDArray[np.float64] = field(repr=False)

    def check(self, signature: Mapping[str, object]) -> None:
        """Compare with the simulation that it is to be restored in.

        Raises
        ------
        ArgumentError
            They differ; says in what.
        """
        for key, wanted in signature.items():
            given = self.signature.get(key)
            if given == wanted:
                continue
            if key.startswith("each "):
                kind = key.removeprefix("each ")
                other = "of other rules" if kind in MOVING else "of another world"
                raise ArgumentError(f"The snapshot is {other}: {_difference(kind, given, wanted)}.")
            raise ArgumentError(f"The snapshot is of {key} {given}, this simulation of {wanted}.")


def _difference(kind: str, given: object, wanted: object) -> str:
    """Say which entities of a kind are in one of two worlds only."""
    ours, theirs = (list(ids) if isinstance(ids, tuple) else [] for ids in (wanted, given))
    only = [one for one in ours if one not in theirs] + [one for one in theirs if one not in ours]
    return f"{kind} {only[0]!r} is in one of them only" if only else f"the order of each {kind} differs"
