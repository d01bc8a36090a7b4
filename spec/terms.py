"""Numbers that doors read off the state: what a program is for the compiled loop is a term here.

    term = number | ("variable", "company.cash", 2) | ("parameter", "company.minimum_cash", 2) | ("month",)
    term = (operation, term, ...), such as ("mul", 0.1, ("variable", "company.valuation", 0))

Tests: tests/oracle/test_exits.py
"""

from collections.abc import Callable

from cashcade import _core

from spec.world import State, World

Term = float | tuple
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
