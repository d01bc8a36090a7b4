"""Rules of the compiled loop equal those of the oracle, path by path."""

import numpy as np
import pytest
from cashcade import _core

from tests.golden.pinned import economy
from tests.oracle import simulate
from tests.oracle.compare import differences
from tests.oracle.compiled import run
from tests.oracle.rule_book import Book

SEED = 20250822
PATHS = 40
PLACES = (0, 17, 39)
MONTHS = 24
CASH = ("company.cash", 0)


def assert_equal(inputs, book, *, months=MONTHS, seed=SEED, first_path=0, places=PLACES):
    """Every variable, and what the rules did."""
    rules = book.arrays()
    compiled = run(inputs, months=months, seed=seed, first_path=first_path, paths=PATHS, rules=rules)
    assert compiled.imbalance <= 1e-9
    for place in places:
        outcome = simulate(inputs, months=months, seed=seed, path=first_path + place, rules=rules)
        found = differences(compiled, place, outcome)
        assert not found, f"path {first_path + place}:\n" + "\n".join(found)
        assert compiled.rule_first[place].tolist() == outcome.fired.first
        assert compiled.rule_months[place].tolist() == outcome.fired.months
        np.testing.assert_allclose(compiled.action_first[place], outcome.fired.amount, rtol=1e-9, atol=1e-3)
    return compiled


def falling():
    """The pinned economy, in which cash falls and regimes change."""
    return economy()


OPERATIONS = {
    "add": ("gt", ("add", CASH, ("company.cash", 1)), 9e7),
    "sub": ("gt", ("sub", ("segment.trend", 0), ("segment.trend", 1)), 0.1),
    "mul": ("gt", ("mul", ("company.price", 0), ("segment.trend", 0)), 1.05),
    "div": ("lt", ("div", CASH, ("company.burn", 0)), 30.0),
    "neg": ("lt", ("neg", ("market.gpu_log", 0)), 0.0),
    "abs": ("gt", ("abs", ("market.gpu_log", 0)), 0.1),
    "min": ("lt", ("min", ("company.runway", 0), ("company.runway", 1)), 60.0),
    "max": ("lt", ("max", ("company.runway", 0), ("company.runway", 1)), 60.0),
    "exp": ("gt", ("exp", ("market.gpu_log", 0)), 1.05),
    "log": ("lt", ("log", ("segment.trend", 0)), 0.05),
    "pow": ("gt", ("pow", ("segment.trend", 0), -0.7), 0.97),
    "le": ("le", ("segment.trend", 0), 1.0),
    "ge": ("ge", "month", 7),
    "eq": ("eq", ("market.regime", 0), 2.0),
    "ne": ("ne", ("market.regime", 0), 1.0),
    "and": ("and", ("lt", "month", 9), ("gt", ("segment.trend", 0), 1.0)),
    "or": ("or", ("lt", "month", 4), ("gt", ("segment.trend", 0), 1.02)),
    "not": ("not", ("market.listing", 0)),
    "choose": ("gt", ("choose", ("market.listing", 0), ("segment.trend", 0), 0.9), 1.0),
    "parameter": ("lt", CASH, ("parameter", "company.cash", 0)),
    "lag": ("lt", CASH, ("lag", CASH, 3)),
    "chance": ("chance", 77, ("choose", ("gt", "month", 12), 0.6, 0.2)),
}


def test_every_operation_is_tried():
    assert set(OPERATIONS) | {"constant", "variable", "month", "lt", "gt"} == {
        name for name, _pops in _core.operations()
    }


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations(name):
    book = Book().rule(OPERATIONS[name], ("scale", "company.fixed_cost", 0, 1.3))
    compiled = assert_equal(falling(), book)
    share = compiled.rule_months.mean() / MONTHS
    assert 0.02 < share < 0.98, share
