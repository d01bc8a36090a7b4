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
    "variable": {f"{row[0]}.{row[1]}": place for place, row in enumerate(_core.variables())},
    "parameter": {f"{row[0]}.{row[1]}": place for place, row in enumerate(_core.parameters())},
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
    """Nodes of terms, for the compiled loop."""

    def __init__(self) -> None:
        self.nodes: list[tuple[int, int, int, int]] = []
        self.constants: list[float] = []

    def add(self, term: Term) -> int:
        """Number of the node of a term."""
        if not isinstance(term, tuple):
            self.constants.append(float(term))
            return self._node("constant", len(self.constants) - 1)
        head, *rest = term
        if head == "month":
            return self._node("month")
        if head in PLACES:
            return self._node(head, PLACES[head][rest[0]], rest[1])
        return self._node(head, *[self.add(part) for part in rest])

    def _node(self, name: str, *operands: int) -> int:
        first, second, third, *_ = (*operands, 0, 0, 0)
        self.nodes.append((CODES[name], first, second, third))
        return len(self.nodes) - 1

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of `_core.run`, without rules."""
        return {
            "node": table(self.nodes, 4),
            "constants": np.array([self.constants], dtype=np.float64),
            "group": np.zeros(1, dtype=np.int32),
            "member": np.zeros(0, dtype=np.int32),
            "address": np.zeros(0, dtype=np.uint32),
            "rule": table([], 5),
            "action": table([], 6),
        }


def table(rows: list[tuple[int, ...]], width: int) -> np.ndarray:
    """Rows of whole numbers."""
    return np.array(rows, dtype=np.int32).reshape(len(rows), width)
