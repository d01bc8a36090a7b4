"""The hand-made worlds do what their names say, by the oracle alone."""

import pytest

from spec import simulate
from tests.oracle import worlds, worlds_of_credit

SEED = 20250822
CASES = worlds.CASES + worlds_of_credit.CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_world_shows_its_part_of_the_month(case):
    outcome = simulate(case.inputs, months=case.months, seed=SEED, path=0)
    assert case.shows(outcome)
    assert outcome.imbalance < 1e-9
