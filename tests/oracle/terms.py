"""Numbers that doors read off the state: for the oracle a function, for the compiled loop a program.

A term is a number, `("variable", "company.cash", 2)`, `("parameter", "company.minimum_cash", 2)`, `("month",)`, or an
operation with its terms, such as `("mul", 0.1, ("variable", "company.valuation", 0))`.
"""

from collections.abc import Callable

import numpy as np
from cashcade import _core

from tests.oracle.world import State, World

Term = float | tuple

CODES = {name: code for code, (name, _) in enumerate(_core.operations())}
PLACES = {
    "variable": {row.full_name: row.place for row in _core.table().variables},
    "parameter": {row.full_name: row.place for row in _core.table().parameters},
}
OPERATIONS: dict[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "gt": lambda a, b: float(a > b),
    "lt": lambda a, b: float(a < b),
    "and": lambda a, b: float(bool(a) and bool(b)),
    "max": max,
    "min": min,
}


def value(term: Term, world: World, state: State) -> float:
    """The number a term stands for, on one path."""
    if not isinstance(term, tuple):
        return float(term)
    head, *rest = term
    if head == "month":
        return float(state.month)
    if head in PLACES:
        entity, _, name = rest[0].partition(".")
        home = state if head == "variable" else world
        found = getattr(getattr(home, entity), name)
        return found if entity == "market" else found[rest[1]]
    return OPERATIONS[head](*(value(part, world, state) for part in rest))


class Programs:
    """Programs of terms, for the compiled loop."""

    def __init__(self) -> None:
        self.code: list[tuple[int, int, int]] = []
        self.constants: list[float] = []
        self.starts = [0]

    def add(self, term: Term) -> int:
        """Number of the program of a term."""
        self._write(term)
        self.starts.append(len(self.code))
        return len(self.starts) - 2

    def _write(self, term: Term) -> None:
        if not isinstance(term, tuple):
            self.code.append((CODES["constant"], len(self.constants), 0))
            self.constants.append(float(term))
            return
        head, *rest = term
        if head == "month":
            self.code.append((CODES["month"], 0, 0))
        elif head in PLACES:
            self.code.append((CODES[head], PLACES[head][rest[0]], rest[1]))
        else:
            for part in rest:
                self._write(part)
            self.code.append((CODES[head], 0, 0))

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of `_core.run`, without rules."""
        return {
            "code": table(self.code, 3),
            "constants": np.array([self.constants], dtype=np.float64),
            "program": np.array(self.starts, dtype=np.int32),
            "history": table([], 2),
            "address": np.zeros(0, dtype=np.uint32),
            "rule": table([], 5),
            "action": table([], 6),
        }


def table(rows: list[tuple[int, ...]], width: int) -> np.ndarray:
    """Rows of whole numbers."""
    return np.array(rows, dtype=np.int32).reshape(len(rows), width)
