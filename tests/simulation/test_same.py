"""Stepping gives the bits of a run, whatever is read, saved or set back on the way."""

import numpy as np
import pytest
from cashcade import load_world
from cashcade.compile import compile_world
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.golden.pinned import economy
from tests.oracle import worlds, worlds_of_credit
from tests.oracle.compiled import run
from tests.oracle.generate import hostile_worlds
from tests.simulation.made import (
    FAILURES,
    RANGES,
    assert_same_month,
    assert_same_state,
    get,
    put,
    state,
    stepper,
)

PATHS = 37
CASES = worlds.CASES + worlds_of_credit.CASES


def leave_alone(_stepped):
    """Touches nothing."""


def assert_same(inputs, *, months, paths=PATHS, touch=leave_alone, **chosen):
    """Each month of each path has every bit of the run; `touch` is called between months."""
    whole = run(inputs, months=months, paths=paths, **chosen)
    stepped = stepper(inputs, paths=paths, **chosen)
    for month in range(1, months + 1):
        assert stepped.step(1) == month
        assert_same_month(stepped, inputs, whole, month)
        touch(stepped)
    failures = stepped.outcomes()
    np.testing.assert_array_equal(failures["failed_month"], whole.failed_month)
    np.testing.assert_array_equal(failures["trigger"], whole.trigger)
    np.testing.assert_array_equal(failures["debt_at_failure"], whole.debt_at_failure)
    assert stepped.imbalance() == whole.imbalance


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hand_made_worlds(case):
    assert_same(case.inputs, months=case.months, seed=5)


def test_the_pinned_economy():
    assert_same(economy(), months=36, seed=3, first_path=2**33)


@settings(max_examples=tries(10), deadline=None, derandomize=True)
@given(inputs=hostile_worlds(), seed=st.integers(0, 2**64 - 1), threads=st.integers(1, 4))
def test_generated_worlds(inputs, seed, threads):
    assert_same(inputs, months=12, seed=seed, threads=threads)


@pytest.mark.parametrize("dispatch", [True, False])
def test_the_ai_world(dispatch):
    inputs = compile_world(load_world("ai-2025-08"), draws=10, seed=2).arrays
    whole = run(inputs, months=24, paths=40, seed=2, replicates=4)
    stepped = stepper(inputs, paths=40, seed=2, replicates=4, dispatch=dispatch)
    stepped.step(24)
    assert_same_month(stepped, inputs, whole, 24)


@settings(max_examples=tries(6), deadline=None, derandomize=True)
@given(inputs=hostile_worlds(), seed=st.integers(0, 2**64 - 1))
def test_setting_what_is_there_already_changes_nothing(inputs, seed):
    def touch(stepped):
        for name in RANGES:
            put(stepped, inputs, name, get(stepped, inputs, name))

    assert_same(inputs, months=9, seed=seed, touch=touch)


@settings(max_examples=tries(6), deadline=None, derandomize=True)
@given(
    inputs=hostile_worlds(), seed=st.integers(0, 2**64 - 1), when=st.integers(0, 9), other=st.integers(0, 30)
)
def test_a_snapshot_goes_on_with_the_same_bits(inputs, seed, when, other):
    months = 14
    first = stepper(inputs, paths=PATHS, seed=seed)
    first.step(when)
    month, numbers = first.save()
    assert month == when
    first.step(months - when)
    second = stepper(inputs, paths=PATHS, seed=seed, threads=3)
    second.step(other)
    second.restore(month, numbers)
    assert second.month() == when
    second.step(months - when)
    assert_same_state(state(first, inputs), state(second, inputs))
    for name in FAILURES:
        np.testing.assert_array_equal(first.outcomes()[name], second.outcomes()[name], err_msg=name)
    assert first.imbalance() == second.imbalance()


def test_steps_of_several_months_are_steps():
    inputs = economy()
    one, many = (stepper(inputs, paths=20) for _ in range(2))
    one.step(9)
    for _ in range(9):
        many.step(1)
    assert_same_state(state(one, inputs), state(many, inputs))


def test_the_last_month_is_the_last():
    paths = stepper(economy(), paths=3, months=5)
    assert paths.step(9) == 5
