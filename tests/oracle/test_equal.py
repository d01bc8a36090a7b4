"""The compiled loop equals the oracle, path by path and variable by variable."""

from collections import Counter

import numpy as np
import pytest
from cashcade import _core
from hypothesis import given, settings
from hypothesis import strategies as st

from spec import simulate
from tests.effort import tries
from tests.golden.pinned import economy
from tests.oracle import worlds, worlds_of_credit
from tests.oracle.compare import differences
from tests.oracle.compiled import run
from tests.oracle.generate import arrays, hostile_worlds, sizes_of

CASES = worlds.CASES + worlds_of_credit.CASES
SEED = 20250822
PATHS = 40
PLACES = (0, 17, 39)  # paths compared: of several blocks of the compiled loop, and several places in a block
MONTHS = 24
VARIABLES = [row.full_name for row in _core.table().variables]


def assert_equal(inputs, *, months, seed, first_path=0):
    compiled = run(inputs, months=months, seed=seed, first_path=first_path, paths=PATHS)
    assert compiled.imbalance <= 1e-9
    for place in PLACES:
        outcome = simulate(inputs, months=months, seed=seed, path=first_path + place)
        found = differences(compiled, place, outcome)
        assert not found, f"path {first_path + place}:\n" + "\n".join(found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hand_made_worlds(case):
    assert_equal(case.inputs, months=case.months, seed=SEED)


def test_the_pinned_economy():
    assert_equal(economy(), months=36, seed=SEED)


@settings(max_examples=tries(40), deadline=None, derandomize=True)
@given(inputs=hostile_worlds(), seed=st.integers(0, 2**64 - 1), first_path=st.integers(0, 2**40))
def test_generated_worlds(inputs, seed, first_path):
    assert_equal(inputs, months=MONTHS, seed=seed, first_path=first_path)


@settings(max_examples=tries(20), deadline=None, derandomize=True)
@given(inputs=hostile_worlds(), variables=st.lists(st.sampled_from(VARIABLES), max_size=3, unique=True))
def test_what_is_recorded_changes_nothing(inputs, variables):
    """What nobody reads is not worked out; what is left is the same to the bit."""
    everything = run(inputs, months=MONTHS, paths=PATHS)
    some = run(inputs, months=MONTHS, paths=PATHS, only=variables)
    for name in variables:
        assert (some[name] == everything[name]).all(), name
    for name in ("failed_month", "cause", "trigger", "debt_at_failure"):
        assert (getattr(some, name) == getattr(everything, name)).all(), name


def test_each_variable_recorded_alone_is_the_same():
    """What is worked out for a variable does not depend on others that are recorded."""
    for number in range(4):
        rng = np.random.default_rng(number)
        inputs = arrays(rng, sizes_of(rng))
        everything = run(inputs, months=MONTHS, paths=PATHS)
        others = [
            name
            for name in VARIABLES
            if (run(inputs, months=MONTHS, paths=PATHS, only=[name])[name] != everything[name]).any()
        ]
        assert others == []


def test_every_path_has_the_parameters_of_its_draw():
    draws, replicates = 3, 2
    rng = np.random.default_rng(5)
    counts = sizes_of(rng)
    several = [arrays(np.random.default_rng(5), counts) for _ in range(draws)]
    inputs = dict(several[0])
    for name in ("company.fixed_cost", "segment.growth", "market.base_rate", "company.cash"):
        factors = rng.uniform(0.5, 1.5, (draws, 1))
        inputs[name] = several[0][name] * factors
    compiled = run(inputs, months=12, seed=9, paths=draws * replicates, replicates=replicates)
    for path in range(draws * replicates):
        outcome = simulate(inputs, months=12, seed=9, path=path, replicates=replicates)
        assert not differences(compiled, path, outcome)
    assert np.ptp(compiled["company.cash"][:, 0], axis=0).max() > 0


def test_the_generated_worlds_are_hostile():
    """What the comparison is worth: failures of every cause, many of them in cascades of several rounds."""
    causes, rounds = Counter(), Counter()
    for number in range(200):
        rng = np.random.default_rng(number)
        outcome = simulate(arrays(rng, sizes_of(rng)), months=MONTHS, seed=number, path=0)
        causes.update(outcome.cause.tolist())
        rounds.update(outcome.rounds)
    companies = causes.total()
    assert 0.1 * companies < causes["none"] < 0.6 * companies, causes
    assert min(causes[name] for name in ("contagion", "covenant", "commitment", "losses", "cash")) >= 4, (
        causes
    )
    assert causes["maturity"] >= 1, causes
    assert rounds[1] + rounds[2] >= 100, rounds
    assert rounds.total() - rounds[0] - rounds[1] >= 20, rounds
