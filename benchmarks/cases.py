"""Sizes of the benchmark, the flagship, and names of the competitors."""

from dataclasses import dataclass

OURS, ALONE = "cashcade", "cashcade, one thread"
NUMPY, PYTHON = "NumPy across paths", "plain Python"
NUMBA, EXPERT = "Numba, one path at a time", "Numba, 16 lanes, expert"


@dataclass(frozen=True)
class Case:
    """A size, and the paths of one timed run of each competitor (about a second each)."""

    companies: int
    contracts: int
    months: int
    paths: dict[str, int]

    def firm_months(self, name: str) -> int:
        """Give the firm-months of one timed run."""
        return self.companies * self.months * self.paths[name]


CASES = {
    "smoke": Case(12, 36, 12, {OURS: 512, NUMPY: 512, NUMBA: 512, EXPERT: 512, PYTHON: 2}),
    "small": Case(12, 36, 60, {OURS: 25_600, NUMPY: 10_000, NUMBA: 12_800, EXPERT: 25_600, PYTHON: 60}),
    "medium": Case(200, 2_000, 120, {OURS: 1_024, NUMPY: 500, NUMBA: 512, EXPERT: 1_024, PYTHON: 2}),
    "large": Case(10_000, 100_000, 60, {OURS: 64, NUMPY: 64, NUMBA: 64, EXPERT: 64}),
}


@dataclass(frozen=True)
class Flagship:
    """A world of the plugins, and the paths of two timed runs: what they take apart is only the months."""

    world: str
    months: int
    paths: tuple[int, int]


FLAGSHIP = Flagship("ai-2025-08", 36, (512, 2_560))
"""The world that people run: ranges, doors, and all mechanisms."""
