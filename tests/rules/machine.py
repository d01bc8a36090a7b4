"""A machine for nodes, on one path and without a past: slow and plain."""

import functools
import math
from collections.abc import Callable, Mapping

import numpy as np
from cashcade import _core

LARGEST = 1e300

BINARY: Mapping[str, Callable[[float, float], float]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y if y else 0.0,
    "mod": lambda x, y: x % y if y else 0.0,
    "min": min,
    "max": max,
    "pow": lambda x, y: max(x, 0.0) ** y,
    "lt": lambda x, y: x < y,
    "le": lambda x, y: x <= y,
    "gt": lambda x, y: x > y,
    "ge": lambda x, y: x >= y,
    "eq": lambda x, y: x == y,
    "ne": lambda x, y: x != y,
    "and": lambda x, y: x != 0 and y != 0,
    "or": lambda x, y: x != 0 or y != 0,
}
UNARY: Mapping[str, Callable[[float], float]] = {
    "neg": lambda x: -x,
    "abs": abs,
    "exp": lambda x: math.exp(min(x, 690.0)),
    "log": lambda x: math.log(max(x, 1e-300)),
    "not": lambda x: x == 0,
}


FOLDED = {"total": "add", "least": "min", "greatest": "max", "any": "or", "all": "and"}


def value(
    arrays: Mapping[str, np.ndarray], node: int, read: Callable[[str, int, int], float], month: int = 1
) -> float:
    """Value of a node that has one; `read` gives the row of a source ("variable" or "parameter") for an entity."""
    found: list[list[float]] = []
    for row in arrays["node"][: node + 1].tolist():
        found.append(values(arrays, row, found, read, month))
    (result,) = found[node]
    return result


def values(arrays, row, found, read, month) -> list[float]:
    """Values of a node: one, or one for each member of a group."""
    name, takes = _core.operations()[row[0]]
    first, second, _ = row[1:]
    taken = [found[of] for of in row[1 : takes + 1]]
    match name:
        case "constant":
            return [float(arrays["constants"][0, first])]
        case "variable" | "parameter":
            return [read(name, first, second)]
        case "variables" | "parameters":
            begin, end = arrays["group"][second : second + 2]
            return [read(name[:-1], first, entity) for entity in arrays["member"][begin:end].tolist()]
        case "month" | "lag" | "summed" | "lowest" | "highest":
            return taken[0] if taken else [float(month)]
        case _ if name in FOLDED:
            return [functools.reduce(lambda a, b: applied(FOLDED[name], a, b), taken[0])]
    width = max(len(each) for each in taken)
    return [applied(name, *of) for of in zip(*(each * (width // len(each)) for each in taken), strict=True)]


def applied(name: str, *of: float) -> float:
    """One operation."""
    if name == "choose":
        return of[1] if of[0] else of[2]
    if name in UNARY:
        return float(UNARY[name](of[0]))
    return min(max(float(BINARY[name](*of)), -LARGEST), LARGEST)
