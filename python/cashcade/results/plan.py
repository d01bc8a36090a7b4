"""The plan of a run: its checked arguments."""

from dataclasses import dataclass, replace
from typing import Self

from cashcade.words.rows import Row


@dataclass(frozen=True)
class Plan:
    """Checked arguments of a run.

    Attributes
    ----------
    months, paths, first_path, seed, replicates
        As in `cashcade.run`.
    record
        Variables whose series are recorded.
    quantiles
        Levels, rising.
    sample
        Paths from `first_path` on from which quantiles are computed.
    keep
        Paths from `first_path` on whose series stay in the result.
    """

    months: int
    paths: int
    first_path: int
    seed: int
    replicates: int
    record: tuple[Row, ...]
    quantiles: tuple[float, ...]
    sample: int
    keep: int

    @property
    def kept(self) -> int:
        """Paths whose series the core writes out."""
        return max(self.sample, self.keep)

    @property
    def first_draw(self) -> int:
        """Draw of the first path."""
        return self.first_path // self.replicates

    @property
    def draws(self) -> int:
        """Draws that the paths touch."""
        return (self.first_path + self.paths - 1) // self.replicates - self.first_draw + 1

    def part(self, start: int, stop: int) -> Self:
        """Give the plan of the paths from number `start` up to, not including, `stop`."""

        def share(count: int) -> int:
            return min(max(self.first_path + count - start, 0), stop - start)

        return replace(
            self, first_path=start, paths=stop - start, sample=share(self.sample), keep=share(self.keep)
        )
