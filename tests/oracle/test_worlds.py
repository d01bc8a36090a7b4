"""The hand-made worlds do what their names say, by the oracle alone."""

import pytest

from tests.oracle import simulate
from tests.oracle.worlds import CASES

SEED = 20250822


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_world_shows_its_part_of_the_month(case):
    outcome = simulate(case.inputs, months=case.months, seed=SEED, path=0)
    assert case.shows(outcome)
    assert outcome.imbalance < 1e-9
