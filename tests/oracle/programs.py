"""Programs and doors as the compiled loop reads them, from the terms of the specification."""

from collections.abc import Sequence

import numpy as np
from cashcade import _core

from spec.doors import EFFECTS, Door
from spec.terms import PLACES, Term

CODES = {name: code for code, (name, _) in enumerate(_core.operations())}


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


def door_arrays(doors: Sequence[Door]) -> dict[str, np.ndarray]:
    """The same doors for the compiled loop."""
    programs, rows, buyers = Programs(), [], []
    for k, door in enumerate(doors):
        maybe = [-1 if term is None else programs.add(term) for term in (door.price, door.share)]
        row = (door.company, EFFECTS.index(door.effect), programs.add(door.opens), programs.add(door.hazard))
        rows.append((*row, *maybe))
        buyers += [(k, who, programs.add(term)) for who, term in door.buyers]
    return programs.arrays() | {"door": table(rows, 6), "buyer": table(buyers, 3)}
