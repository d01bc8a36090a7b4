"""Every lever, moved in every way on a world in which it matters, does what it does in the oracle."""

import numpy as np
import pytest

from spec import simulate
from tests.oracle.compare import differences
from tests.oracle.compiled import Paths, run
from tests.oracle.generate import MOST, arrays, beside, possible
from tests.oracle.rule_book import LEVERS, WRITABLE, Book, amount, count

MONTHS = 18
PATHS = 40
WORLDS = 800
SIZES = MOST | {"market": 1}
# What they steer comes of exits, and there are no doors here: test_exits.py draws them.
OF_EXITS = {"market.dry_powder_refill", "market.dry_powder_lag"}
ACTIVE = ("and", ("gt", "month", 2), ("chance", 5, 0.7))


def book_of(rng: np.random.Generator, how: str, target: str, inputs: dict[str, np.ndarray]) -> Book:
    """One rule that moves a lever of every entity, in some months of some paths."""
    return Book().rule(
        ACTIVE, *((how, target, place, amount(rng, how, target)) for place in range(count(inputs, target)))
    )


def differing(one: Paths, other: Paths) -> list[int]:
    """Paths on which anything but a rounding differs."""
    moved = np.zeros(PATHS, dtype=bool)
    for key, series in one.series.items():
        moved |= ~np.isclose(series, other.series[key], rtol=1e-6, atol=1e-6).all(axis=(1, 2))
    return np.flatnonzero(moved).tolist()


def worlds(target: str, how: str):
    """Worlds in which the mechanism of the lever may be at work, and rules on the lever."""
    on = beside(target)
    for number in range(WORLDS):
        rng = np.random.default_rng(number)
        inputs = arrays(rng, possible(SIZES), on)
        yield number, inputs, book_of(rng, how, target, inputs)


@pytest.mark.parametrize("how", ["scale", "add", "set"])
@pytest.mark.parametrize("target", [lever for lever in (*LEVERS, *WRITABLE) if lever not in OF_EXITS])
def test_each_lever(target, how):
    for number, inputs, book in worlds(target, how):
        rules = book.arrays()
        with_rules = run(inputs, months=MONTHS, paths=PATHS, seed=number, rules=rules)
        moved = differing(with_rules, run(inputs, months=MONTHS, paths=PATHS, seed=number))
        if not moved:
            continue
        assert with_rules.imbalance <= 1e-9
        for path in {moved[0], moved[-1]}:
            outcome = simulate(inputs, months=MONTHS, seed=number, path=path, rules=rules)
            found = differences(with_rules, path, outcome)
            assert not found, f"world {number}, path {path}:\n" + "\n".join(found)
        return
    pytest.fail("it never matters")
