"""Every lever, moved in every way on a world in which it matters, does what it does in the oracle."""

import numpy as np
import pytest

from spec import simulate
from tests.oracle.compare import differences
from tests.oracle.compiled import Paths, run
from tests.oracle.generate import MOST, arrays, beside, possible
from tests.oracle.rule_book import LEVERS, WRITABLE, Book, amount, count

MONTHS = 18
FOLLOWED = 6
"""Months for which a path is compared after the first in which something moved."""

PATHS = 16
WORLDS = 800
SIZES = MOST | {"market": 1}
# What they steer comes of exits, and there are no doors here: test_exits.py draws them.
OF_EXITS = {"market.dry_powder_refill", "market.dry_powder_lag", "stake.fraction"}
ACTIVE = ("and", ("gt", "month", 2), ("chance", 5, 0.7))


def book_of(rng: np.random.Generator, how: str, target: str, inputs: dict[str, np.ndarray]) -> Book:
    """One rule that moves a lever of every entity, in some months of some paths."""
    return Book().rule(
        ACTIVE, *((how, target, place, amount(rng, how, target)) for place in range(count(inputs, target)))
    )


def first_difference(one: Paths, other: Paths) -> tuple[int, int] | None:
    """The first path on which anything but a rounding differs, and the first month in which it does."""
    moved = np.zeros((PATHS, MONTHS), dtype=bool)
    for key, series in one.series.items():
        if not np.array_equal(series, other.series[key]):
            moved |= ~np.isclose(series, other.series[key], rtol=1e-6, atol=1e-6).all(axis=2)
    for path in np.flatnonzero(moved.any(axis=1)):
        return int(path), int(moved[path].argmax()) + 1
    return None


def worlds(target: str):
    """Worlds in which the mechanism of the lever may be at work."""
    on = beside(target)
    for number in range(WORLDS):
        yield number, arrays(np.random.default_rng(number), possible(SIZES), on)


@pytest.mark.parametrize("target", [lever for lever in (*LEVERS, *WRITABLE) if lever not in OF_EXITS])
def test_each_lever(target):
    """In the first world in which it matters, way by way."""
    left = ["add", "scale", "set"]
    for number, inputs in worlds(target):
        usual = run(inputs, months=MONTHS, paths=PATHS, seed=number)
        left = [how for how in left if not moves_as_in_the_oracle(number, inputs, usual, how, target)]
        if not left:
            return
    pytest.fail(f"it never matters: {', '.join(left)}")


def moves_as_in_the_oracle(
    number: int, inputs: dict[str, np.ndarray], usual: Paths, how: str, target: str
) -> bool:
    """Whether a rule on the lever moves anything in a world; then it is compared on the first path that it moves."""
    rules = book_of(np.random.default_rng(number), how, target, inputs).arrays()
    with_rules = run(inputs, months=MONTHS, paths=PATHS, seed=number, rules=rules)
    moved = first_difference(with_rules, usual)
    if moved:
        assert with_rules.imbalance <= 1e-9
        path, months = moved[0], min(MONTHS, moved[1] + FOLLOWED)
        compared = run(inputs, months=months, paths=PATHS, seed=number, rules=rules)
        found = differences(
            compared, path, simulate(inputs, months=months, seed=number, path=path, rules=rules)
        )
        assert not found, f"world {number}, path {path}:\n" + "\n".join(found)
    return bool(moved)
