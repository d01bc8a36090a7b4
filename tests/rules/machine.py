"""A machine for programs, on one path and without a past: slow and plain."""

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


def value(
    arrays: Mapping[str, np.ndarray], program: int, read: Callable[[str, int, int], float], month: int = 1
) -> float:
    """Run a program; `read` gives the row of a source ("variable" or "parameter") for an entity."""
    names = [name for name, _ in _core.operations()]
    stack: list[float] = []
    begin, end = arrays["program"][program : program + 2]
    for operation, first, second in arrays["code"][begin:end].tolist():
        match names[operation]:
            case "constant":
                stack.append(float(arrays["constants"][0, first]))
            case "variable" | "parameter" as source:
                stack.append(read(source, first, second))
            case "month":
                stack.append(float(month))
            case "lag":
                stack.append(value(arrays, arrays["history"][first, 0], read, month))
            case "program":
                stack.append(value(arrays, first, read, month))
            case "choose":
                no, yes, test = stack.pop(), stack.pop(), stack.pop()
                stack.append(yes if test else no)
            case name if name in UNARY:
                stack.append(float(UNARY[name](stack.pop())))
            case name:
                right, left = stack.pop(), stack.pop()
                stack.append(min(max(float(BINARY[name](left, right)), -LARGEST), LARGEST))
    (result,) = stack
    return result
