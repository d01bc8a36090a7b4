"""The arrays that the core takes, with the names that results give back."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cashcade.words.brief import Brief

Array = NDArray[np.float64] | NDArray[np.int32] | NDArray[np.uint32]


@dataclass(frozen=True, slots=True, repr=False)
class Inputs(Brief):
    """A compiled world.

    Parameters
    ----------
    arrays
        By "entity.field", C-contiguous and read-only: parameters as float64 `[1, entities]`, or
        `[draws, entities]` where an entity of the kind has a range there; links as int32 `[entities]`, -1 for
        outside; "company.address", "segment.address", "loan.address" and "pledge.address" as uint32
        `[entities]`.
    names
        Ids of the entities of each kind, in the order of the arrays.
    draws
        Number of draws of the ranges.
    first_draw
        Index of the first draw: row k of the arrays is draw `first_draw + k` of the seed.
    seed
        Seed of the draws.
    assumptions
        Where the values of each range are, by name: array, and place of its entity. Of the ranges that share
        a name the first.
    """

    arrays: dict[str, Array]
    names: dict[str, Sequence[str]]
    draws: int
    first_draw: int
    seed: int
    assumptions: dict[str, tuple[str, int]]

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for array in self.arrays.values():
            array.setflags(write=False)

    @property
    def has_ranges(self) -> bool:
        """Whether any field of the world is a range, so that draws differ."""
        return bool(self.assumptions)

    def drawn(self) -> dict[str, NDArray[np.float64]]:
        """Give the values of each assumption, `[draws]`."""
        return {
            name: self.arrays[array].astype(np.float64, copy=False)[:, place]
            for name, (array, place) in self.assumptions.items()
        }

    def at(self, name: str, draw: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give a parameter of each entity at draws by their numbers, `[draws asked for, entities]`."""
        array = self.arrays[name].astype(np.float64, copy=False)
        return array[draw - self.first_draw] if array.shape[0] > 1 else np.repeat(array, draw.size, axis=0)

    @property
    def counts(self) -> dict[str, int]:
        """Number of entities of each kind."""
        return {kind: len(names) for kind, names in self.names.items()}
