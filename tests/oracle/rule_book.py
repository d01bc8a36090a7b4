"""Arrays of rules from nested tuples, as a compiler of rules would write them.

An expression is a number, `("company.cash", 0)` for a variable, `("parameter", "company.payout", 0)`, `"month"`,
`("lag", expression, months)`, `("chance", address, expression)`, or `(operation, *expressions)`.
"""

import numpy as np
from cashcade import _core

CODES = {name: code for code, (name, _pops) in enumerate(_core.operations())}
VARIABLES = {f"{entity}.{name}": place for place, (entity, name, *_) in enumerate(_core.variables())}
PARAMETERS = {f"{entity}.{name}": place for place, (entity, name, *_) in enumerate(_core.parameters())}
HOW = {"scale": 0, "add": 1, "set": 2}


class Book:
    """Rules to be, one by one."""

    def __init__(self) -> None:
        self.constants: list[float] = []
        self.programs: list[list[tuple[int, int, int]]] = []
        self.history: list[tuple[int, int]] = []
        self.addresses: list[int] = []
        self.rules: list[tuple[int, ...]] = []
        self.actions: list[tuple[int, ...]] = []

    def rule(self, when, *actions, months=0, delay=0, again=False) -> "Book":
        """Add a rule: `months` 0 holds while `when` does; actions are (how, "entity.name", entity, amount)."""
        hold = int(months > 0)
        self.rules.append((self.program(when), hold, max(1, months), delay, int(again)))
        for how, target, entity, amount in actions:
            kind, place = (0, PARAMETERS[target]) if target in LEVERS else (1, VARIABLES[target])
            rule = len(self.rules) - 1
            self.actions.append((rule, HOW[how], kind, place, entity, self.program(amount)))
        return self

    def program(self, expression) -> int:
        """Number of the program of an expression."""
        code: list[tuple[int, int, int]] = []
        self.write(expression, code)
        self.programs.append(code)
        return len(self.programs) - 1

    def write(self, expression, code: list[tuple[int, int, int]]) -> None:
        """Append an expression in reverse Polish notation."""
        match expression:
            case int() | float():
                self.constants.append(float(expression))
                code.append((CODES["constant"], len(self.constants) - 1, 0))
            case "month":
                code.append((CODES["month"], 0, 0))
            case ("lag", of, months):
                self.history.append((self.program(of), months))
                code.append((CODES["lag"], len(self.history) - 1, 0))
            case ("chance", address, of):
                self.write(of, code)
                self.addresses.append(address)
                code.append((CODES["chance"], len(self.addresses) - 1, 0))
            case ("parameter", name, entity):
                code.append((CODES["parameter"], PARAMETERS[name], entity))
            case (name, entity) if name in VARIABLES:
                code.append((CODES["variable"], VARIABLES[name], entity))
            case (operation, *operands):
                for operand in operands:
                    self.write(operand, code)
                code.append((CODES[operation], 0, 0))

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays."""
        ends = np.cumsum([0, *(len(code) for code in self.programs)])
        return {
            "code": table([row for code in self.programs for row in code], 3),
            "constants": np.array([self.constants]),
            "program": ends.astype(np.int32),
            "history": table(self.history, 2),
            "address": np.array(self.addresses, dtype=np.uint32),
            "rule": table(self.rules, 5),
            "action": table(self.actions, 6),
        }


LEVERS = {f"{entity}.{name}": row for entity, name, *row in _core.parameters() if row[4]}
WRITABLE = [f"{entity}.{name}" for entity, name, _unit, writable, *_ in _core.variables() if writable]


def table(rows: list[tuple[int, ...]], width: int) -> np.ndarray:
    """Rows of whole numbers."""
    return np.array(rows, dtype=np.int32).reshape(len(rows), width)
