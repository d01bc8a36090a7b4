"""No NaN and no infinity from any input within the table's bounds, however absurd."""

import numpy as np
import pytest
from cashcade import _core
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.oracle.build import FIRST_ADDRESS, rows, world
from tests.oracle.compare import UNITS
from tests.oracle.compiled import Paths, run
from tests.oracle.generate import (
    SHARED,
    add_links,
    arrays,
    hostile_worlds,
    possible,
    share_out,
    sizes,
    sizes_of,
)

AMOUNT = 1e13
SECTORS = ("households", "suppliers", "capital")


def extreme(rng: np.random.Generator, row: _core.Parameter) -> float:
    """A bound of the table, its default, nothing, or something between."""
    low, high = row.low, row.high
    if row.words:
        return float(rng.choice([code for _, code in row.words]))
    if row.unit == "flag":
        return float(rng.integers(2))
    if row.unit.startswith("USD"):
        high = max(low, AMOUNT)
    choices = [low, high, min(high, max(low, 0.0)), rng.uniform(low, high)]
    return float(rng.choice(choices if row.default is None else [*choices, row.default]))


def extreme_arrays(rng: np.random.Generator, counts: dict[str, int]) -> dict[str, np.ndarray]:
    """Input arrays with every parameter at an extreme."""
    inputs = {}
    for row in _core.table().parameters:
        inputs[row.full_name] = np.array([[extreme(rng, row) for _ in range(counts[row.entity])]])
    add_links(rng, inputs, counts)
    for entity, first in FIRST_ADDRESS.items():
        inputs[f"{entity}.address"] = np.arange(first, first + counts[entity], dtype=np.uint32)
    for entity, name, by in SHARED:
        share_out(inputs, entity, name, by)
    return inputs


@settings(max_examples=tries(50), deadline=None, derandomize=True)
@given(counts=sizes(), numbers=st.integers(0, 2**32 - 1), seed=st.integers(0, 2**64 - 1))
def test_every_number_is_finite(counts, numbers, seed):
    inputs = extreme_arrays(np.random.default_rng(numbers), counts)
    found = run(inputs, months=60, paths=4, seed=seed)
    for key, series in found.series.items():
        assert np.isfinite(series).all(), ".".join(key)
    assert np.isfinite(found.debt_at_failure).all()
    assert_conserved(found, inputs)


TINY = (5e-324, 1e-310, 1e-300, 1e-200, 1e-100, 1e-30, 1e-13, 1e-12, 1e-11, 1e-6, 1.0, 1e6, 1e15)


@settings(max_examples=tries(50), deadline=None, derandomize=True)
@given(inputs=hostile_worlds(), number=st.integers(0, 2**32 - 1), seed=st.integers(0, 2**64 - 1))
def test_amounts_of_any_size_leave_every_number_finite(inputs, number, seed):
    """From the least number there is to 1e15 USD, side by side; the ledger balances and the sums say what the paths say."""
    rng = np.random.default_rng(number)
    for row in _core.table().parameters:
        if row.unit.startswith("USD"):
            key = row.full_name
            tiny = np.maximum(row.low, rng.choice(TINY, inputs[key].shape))
            inputs[key] = np.where(rng.random(inputs[key].shape) < 0.5, tiny, inputs[key])
    found = run(inputs, months=36, paths=4, seed=seed)
    for key, series in found.series.items():
        assert np.isfinite(series).all(), ".".join(key)
    assert found.imbalance <= 1e-9


@pytest.mark.parametrize("revenue", [5e-324, 1e-310, 1e-300])
def test_a_revenue_of_nearly_nothing_is_none(revenue):
    """Nothing is recaptured where there is nothing to grow from, and all else stays as with a revenue of 0."""
    inputs = world(
        company=rows("cash fixed_cost", (0.0, 1e6), (1e9, 1e3)),
        segment=rows("seller revenue", (0, 1e6), (1, revenue)),
        recapture=rows("from to share", (0, 1, 1.0)),
        contract=rows("customer supplier usage", (1, 0, 1e3)),
    )
    nothing = inputs | {"segment.revenue": np.array([[1e6, 0.0]])}
    found, wanted = run(inputs, months=6), run(nothing, months=6)
    for key, series in found.series.items():
        np.testing.assert_allclose(series, wanted.series[key], atol=1e-290, err_msg=".".join(key))


def assert_conserved(found: Paths, inputs: dict[str, np.ndarray]) -> None:
    """Cash is conserved to the rounding of the largest amount on the way."""
    money = found["company.cash"].sum(axis=2) + sum(found[f"market.{name}"][:, :, 0] for name in SECTORS)
    largest = max(
        np.abs(found.series[key]).max(initial=0.0) for key in found.series if UNITS[key].startswith("USD")
    )
    np.testing.assert_allclose(money, inputs["company.cash"].sum(), rtol=0, atol=1e-12 * largest)


@pytest.mark.parametrize("months", [1, 600])
def test_long_and_short_runs_are_finite(months):
    rng = np.random.default_rng(1)
    inputs = extreme_arrays(rng, possible(sizes_of(rng) | {"company": 6, "segment": 6}))
    found = run(inputs, months=months, paths=2)
    assert all(np.isfinite(series).all() for series in found.series.values())


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_no_array_accepts_what_is_not_a_number(wrong):
    rng = np.random.default_rng(0)
    inputs = arrays(rng, {row.entity: 2 for row in _core.table().parameters} | {"market": 1})
    for row in _core.table().parameters:
        key = row.full_name
        spoiled = inputs[key].copy()
        spoiled[0, -1] = wrong
        with pytest.raises(ValueError, match=key):
            run(inputs | {key: spoiled}, months=1)
