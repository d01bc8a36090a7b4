"""Programs and doors as the compiled loop reads them, from the terms of the specification."""

from collections.abc import Sequence

import numpy as np
from cashcade import _core

from spec.doors import EFFECTS, Door
from spec.terms import PLACES, Term

CODES = {name: code for code, (name, _) in enumerate(_core.operations())}


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


def door_arrays(doors: Sequence[Door]) -> dict[str, np.ndarray]:
    """The same doors for the compiled loop."""
    programs, rows, buyers = Programs(), [], []
    for k, door in enumerate(doors):
        maybe = [-1 if term is None else programs.add(term) for term in (door.price, door.share)]
        row = (door.company, EFFECTS.index(door.effect), programs.add(door.opens), programs.add(door.hazard))
        rows.append((*row, *maybe))
        buyers += [(k, who, programs.add(term)) for who, term in door.buyers]
    return programs.arrays() | {"door": table(rows, 6), "buyer": table(buyers, 3)}
