"""Every lever, moved in every way on a world in which it matters, does what it does in the oracle."""

import numpy as np
import pytest
from cashcade import _core

from tests.oracle import simulate
from tests.oracle.compare import differences
from tests.oracle.compiled import Paths, run
from tests.oracle.generate import MOST, SCALE, arrays, possible
from tests.oracle.rule_book import LEVERS, WRITABLE, Book

MONTHS = 18
PATHS = 5
WORLDS = 150
SIZES = MOST | {"market": 1}
ACTIVE = ("and", ("gt", "month", 2), ("chance", 5, 0.7))
# Widths of what is drawn where the bounds are wide.
WIDTHS = {"USD": 4 * SCALE, "USD/month": 2 * SCALE, "months": 12.0, "1/year": 0.3}
LIMITS = dict(
    zip((f"{entity}.{name}" for entity, name, *_ in _core.variables()), _core.settable(), strict=True)
)
UNITS = {f"{entity}.{name}": unit for entity, name, unit, *_ in (*_core.parameters(), *_core.variables())}


def amount(rng: np.random.Generator, how: str, target: str) -> float:
    """A number that moves a lever, near where worlds have it."""
    if how == "scale":
        return rng.uniform(0.2, 1.8)
    low, high = LEVERS[target][1:3] if target in LEVERS else LIMITS[target]
    width = min(high - low, WIDTHS.get(UNITS[target], 2.0))
    if how == "add":
        return rng.choice([-1.0, 1.0]) * rng.uniform(0.2, 0.8) * width
    return max(low, -width) + rng.uniform(0.05, 0.95) * width


def book_of(rng: np.random.Generator, how: str, target: str, inputs: dict[str, np.ndarray]) -> Book:
    """One rule that moves a lever of every entity, in some months of some paths."""
    entity = target.partition(".")[0]
    count = {"market": 1}.get(entity) or inputs[f"{entity}.{FIRST[entity]}"].shape[-1]
    return Book().rule(ACTIVE, *((how, target, place, amount(rng, how, target)) for place in range(count)))


FIRST = {entity: name for entity, name, *_ in reversed(_core.parameters())}


def differs(one: Paths, other: Paths) -> bool:
    """Whether anything but a rounding differs."""
    return any(
        not np.allclose(series, other.series[key], rtol=1e-6, atol=1e-6) for key, series in one.series.items()
    )


def worlds(target: str, how: str):
    """Worlds, and rules on the lever."""
    for number in range(WORLDS):
        rng = np.random.default_rng(number)
        inputs = arrays(rng, possible(SIZES))
        yield number, inputs, book_of(rng, how, target, inputs)


@pytest.mark.parametrize("how", ["scale", "add", "set"])
@pytest.mark.parametrize("target", [*LEVERS, *WRITABLE])
def test_each_lever(target, how):
    for number, inputs, book in worlds(target, how):
        rules = book.arrays()
        with_rules = run(inputs, months=MONTHS, paths=PATHS, seed=number, rules=rules)
        if not differs(with_rules, run(inputs, months=MONTHS, paths=PATHS, seed=number)):
            continue
        assert with_rules.imbalance <= 1e-9
        for path in (0, PATHS - 1):
            outcome = simulate(inputs, months=MONTHS, seed=number, path=path, rules=rules)
            found = differences(with_rules, path, outcome)
            assert not found, f"world {number}, path {path}:\n" + "\n".join(found)
        return
    pytest.fail("it never matters")
