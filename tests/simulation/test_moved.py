"""Stepping with rules, doors and levers of a host: the bits of a run with the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.oracle.compiled import EXITS, run
from tests.oracle.generate import MOST, arrays, hostile_worlds, possible
from tests.oracle.programs import door_arrays
from tests.oracle.rule_book import LEVERS, PARAMETERS, WRITABLE, Book, amount, count, random_book
from tests.oracle.test_exits import doors_of
from tests.oracle.test_rules import two_owners
from tests.simulation.made import PLACE, assert_same_month, assert_same_state, state, stepper

PATHS = 37
FIRED = ("rule_first", "rule_months", "action_first")
HOW = {"scale": 0, "add": 1, "set": 2}


def assert_same(inputs, rules, *, months, seed, threads=2):
    """Each month of each path has every bit of the run, and so has what rules and doors did."""
    whole = run(inputs, months=months, paths=PATHS, seed=seed, rules=rules)
    stepped = stepper(inputs, paths=PATHS, seed=seed, threads=threads, rules=rules)
    for month in range(1, months + 1):
        stepped.step(1)
        assert_same_month(stepped, inputs, whole, month)
    assert_same_record(stepped, whole)
    return whole


def assert_same_record(stepped, whole):
    found = stepped.outcomes()
    for name in ("failed_month", "trigger", "debt_at_failure", *FIRED, *EXITS):
        np.testing.assert_array_equal(found[name], getattr(whole, name), err_msg=name)
    assert stepped.imbalance() == whole.imbalance


def moving_of(kind, inputs, numbers):
    """Arrays of rules or of doors."""
    rng = np.random.default_rng(numbers)
    if kind == "doors":
        return door_arrays(doors_of(rng, inputs))
    return random_book(rng, inputs, 5).arrays()


@pytest.mark.parametrize("kind", ["rules", "doors"])
@settings(max_examples=tries(12), deadline=None, derandomize=True)
@given(
    inputs=hostile_worlds(),
    numbers=st.integers(0, 2**32 - 1),
    seed=st.integers(0, 2**64 - 1),
    threads=st.integers(1, 4),
)
def test_stepping_is_running(kind, inputs, numbers, seed, threads):
    assert_same(inputs, moving_of(kind, inputs, numbers), months=12, seed=seed, threads=threads)


HOLDS = {
    "while": {},
    "later": {"delay": 5},
    "for three months, later, again": {"months": 3, "delay": 2, "again": True},
    "once": {"months": 1},
}


def remembering(hold):
    """A rule whose condition looks back, and which moves parameters and variables."""
    cash = ("company.cash", 0)
    when = ("lt", cash, ("lag", cash, 3))
    moves = (("scale", "company.price_lag", 0, 3.0), ("add", "market.common_persistence", 0, 0.2))
    return Book().rule(when, *moves, ("scale", "company.fixed_cost", 0, 1.3), **hold)


@pytest.mark.parametrize("hold", HOLDS)
@pytest.mark.parametrize("when", [0, 1, 4, 9])
def test_a_snapshot_carries_what_rules_remember(hold, when):
    inputs = arrays(np.random.default_rng(3), possible(MOST | {"market": 1}))
    rules = remembering(HOLDS[hold]).arrays()
    assert_goes_on(inputs, rules, when=when, other=7, seed=5)
    whole = run(inputs, months=14, paths=PATHS, seed=5, rules=rules)
    assert 0 < whole.rule_months.mean() < 14


@pytest.mark.parametrize("when", [1, 4, 9])
def test_a_snapshot_carries_the_ages_of_fleets_that_change_hands(when):
    inputs = two_owners()
    rules = Book().rule(("gt", "month", 1), ("transfer", 0, (0, 1), 0.1)).arrays()
    assert_goes_on(inputs, rules, when=when, other=7, seed=5)


@pytest.mark.parametrize("kind", ["rules", "doors"])
@settings(max_examples=tries(10), deadline=None, derandomize=True)
@given(
    inputs=hostile_worlds(),
    numbers=st.integers(0, 2**32 - 1),
    seed=st.integers(0, 2**64 - 1),
    when=st.integers(0, 9),
    other=st.integers(0, 20),
)
def test_a_snapshot_goes_on_with_the_same_bits(kind, inputs, numbers, *, seed, when, other):
    assert_goes_on(inputs, moving_of(kind, inputs, numbers), when=when, other=other, seed=seed)


def assert_goes_on(inputs, rules, *, when, other, seed):
    """A snapshot of month `when`, restored elsewhere in month `other`, ends where the original does."""
    first = stepper(inputs, paths=PATHS, seed=seed, rules=rules)
    first.step(when)
    month, numbers = first.save()
    first.step(14 - when)
    second = stepper(inputs, paths=PATHS, seed=seed, threads=3, rules=rules)
    second.step(other)
    second.restore(month, numbers)
    second.step(14 - when)
    assert_same_state(state(first, inputs), state(second, inputs))
    for name, values in first.outcomes().items():
        np.testing.assert_array_equal(values, second.outcomes()[name], err_msg=name)
    assert_same_record(second, run(inputs, months=14, paths=PATHS, seed=seed, rules=rules))


def levers(inputs, *targets):
    """Arrays without rules, in which a host has levers."""
    pairs = [(PARAMETERS[target], place) for target in targets for place in range(count(inputs, target))]
    return {**Book().arrays(), "constants": np.zeros((1, 0)), "lever": np.array(pairs, dtype=np.int32)}


def move(stepped, inputs, how, target, amounts):
    """Move all entities of a parameter on all paths."""
    values = np.broadcast_to(amounts, (PATHS, count(inputs, target))).copy()
    stepped.set(PARAMETERS[target], list(range(values.shape[1])), values, None, HOW[how], True)


def crowded(seed):
    """A world with as many entities of each kind as there may be."""
    return arrays(np.random.default_rng(seed), possible(MOST | {"market": 1}))


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("target", LEVERS)
def test_a_lever_of_a_host_is_a_rule(target, how):
    """From month 4 to 7, as a rule would: the same bits, whatever the lever."""
    inputs, rng = crowded(17), np.random.default_rng(4)
    amounts = [amount(rng, how, target) for _ in range(count(inputs, target))]
    assert amounts
    moves = [(how, target, place, each) for place, each in enumerate(amounts)]
    rules = Book().rule(("and", ("gt", "month", 3), ("lt", "month", 8)), *moves).arrays()
    whole = run(inputs, months=10, paths=PATHS, seed=3, rules=rules)
    stepped = stepper(inputs, paths=PATHS, seed=3, rules=levers(inputs, target))
    everyone = list(range(len(amounts)))
    before = stepped.get(PARAMETERS[target], everyone, True)
    for month in range(1, 11):
        if month == 4:
            move(stepped, inputs, how, target, amounts)
            number, numbers = stepped.save()
            stepped.step(3)
            stepped.restore(number, numbers)
        if month == 8:
            stepped.set(PARAMETERS[target], everyone, before, None, HOW["set"], True)
        stepped.step(1)
        assert_same_month(stepped, inputs, whole, month)


OF_PHASE_2 = [name for name in WRITABLE if not name.startswith("market.")]
"""Variables that phase 1 of a month does not read: there a host, who comes before it, is where a rule is."""


@pytest.mark.parametrize("how", ["scale", "add"])
@pytest.mark.parametrize("target", OF_PHASE_2)
def test_a_variable_that_a_host_moves_is_a_rule(target, how):
    inputs, rng = crowded(17), np.random.default_rng(4)
    amounts = [amount(rng, how, target) for _ in range(count(inputs, target))]
    moves = [(how, target, place, each) for place, each in enumerate(amounts)]
    whole = run(inputs, months=6, paths=PATHS, seed=3, rules=Book().rule(("eq", "month", 4), *moves).arrays())
    stepped = stepper(inputs, paths=PATHS, seed=3)
    stepped.step(3)
    values = np.broadcast_to(amounts, (PATHS, len(amounts))).copy()
    stepped.set(PLACE[target], list(range(len(amounts))), values, None, HOW[how])
    for month in range(4, 7):
        stepped.step(1)
        assert_same_month(stepped, inputs, whole, month)


def raised_and_doubled(inputs, target, raised, doubled):
    """All of a lever raised by 30 % after one month and doubled after another: a run with rules for both, rules for a host."""
    everyone = range(count(inputs, target))
    more = [("scale", target, place, 1.3) for place in everyone]
    twice = [("scale", target, place, 2.0) for place in everyone]
    both = Book().rule(("gt", "month", doubled), *twice).rule(("gt", "month", raised), *more)
    alone = {
        **Book().rule(("gt", "month", raised), *more).arrays(),
        "lever": np.array([(PARAMETERS[target], place) for place in everyone], dtype=np.int32),
    }
    return run(inputs, months=8, paths=PATHS, seed=3, rules=both.arrays()), alone


def test_a_host_moves_a_lever_on_which_a_rule_holds_all_along():
    inputs = crowded(17)
    target = "company.fixed_cost"
    whole, alone = raised_and_doubled(inputs, target, raised=2, doubled=5)
    stepped = stepper(inputs, paths=PATHS, seed=3, rules=alone)
    stepped.step(5)
    move(stepped, inputs, "scale", target, 2.0)
    state = stepped.save()
    stepped.step(3)
    assert_same_month(stepped, inputs, whole, 8)
    other = stepper(inputs, paths=PATHS, seed=3, rules=alone)
    other.step(7)
    other.restore(*state)
    other.step(3)
    assert_same_month(other, inputs, whole, 8)


def test_rules_move_a_lever_from_where_a_host_has_put_it():
    inputs = crowded(17)
    target = "company.fixed_cost"
    whole, alone = raised_and_doubled(inputs, target, raised=5, doubled=3)
    stepped = stepper(inputs, paths=PATHS, seed=3, rules=alone)
    stepped.step(3)
    move(stepped, inputs, "scale", target, 2.0)
    stepped.step(5)
    assert_same_month(stepped, inputs, whole, 8)
    everyone = list(range(count(inputs, target)))
    found = stepped.get(PARAMETERS[target], everyone, True)
    np.testing.assert_array_equal(found, np.broadcast_to(2.0 * inputs[target], found.shape))


def test_a_lever_that_nobody_moves_changes_nothing():
    inputs = crowded(17)
    whole = run(inputs, months=8, paths=PATHS, seed=3)
    stepped = stepper(inputs, paths=PATHS, seed=3, rules=levers(inputs, *LEVERS))
    stepped.step(8)
    assert_same_month(stepped, inputs, whole, 8)


@pytest.mark.parametrize(
    ("how", "value", "said"),
    [
        ("set", -1.0, r"company.fixed_cost\[0, 0\] is -1; it must be from 0 to"),
        ("scale", np.nan, "is NaN; it must be finite"),
        ("add", np.inf, "is inf; it must be finite"),
    ],
)
def test_a_wrong_value_moves_nothing(how, value, said):
    inputs = crowded(17)
    stepped = stepper(inputs, paths=PATHS, rules=levers(inputs, "company.fixed_cost"))
    with pytest.raises(ValueError, match=said):
        move(stepped, inputs, how, "company.fixed_cost", value)
    with pytest.raises(ValueError, match=r"company\.tax_rate cannot be set"):
        move(stepped, inputs, "scale", "company.tax_rate", 2.0)
    with pytest.raises(ValueError, match=r"company\.pass_through cannot be set"):
        stepper(inputs, paths=PATHS).set(
            PARAMETERS["company.pass_through"], [0], np.ones((PATHS, 1)), None, 2, True
        )
    plain = run(inputs, months=2, paths=PATHS)
    stepped.step(2)
    assert_same_month(stepped, inputs, plain, 2)


def test_a_lever_that_is_none_is_refused():
    inputs = crowded(17)
    wrong = {
        **levers(inputs, "company.fixed_cost"),
        "lever": np.array([[PARAMETERS["company.cash"], 0]], dtype=np.int32),
    }
    with pytest.raises(ValueError, match=r'"lever"\[0\] moves company.cash, which is no lever'):
        stepper(inputs, paths=1, rules=wrong)
