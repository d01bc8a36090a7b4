"""When cash runs out: fixed burn, growing burn, and first passage of a random one."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.theory.statistics import assert_chance

MILLION = 1e6
PATHS = 200_000


@settings(max_examples=40, deadline=None, derandomize=True)
@given(burn=st.integers(1, 1000), months=st.integers(1, 23), rest=st.floats(0.01, 0.99))
def test_fixed_burn_fails_when_cash_over_burn_says(burn, months, rest):
    """Cash for `months` and a part of the next one: the end of that next month is the first below zero."""
    inputs = world(company=rows("cash fixed_cost", ((months + rest) * burn, float(burn))))
    found = run(inputs, months=24)
    assert found.failed_month[0, 0] == months + 1
    assert found.cause[0, 0] == "cash"
    np.testing.assert_allclose(
        found["company.runway"][0, :months, 0], months + rest - np.arange(1, months + 1)
    )


def test_deterministic_runway():
    """Reference case deterministic_runway: burn of 1m that grows by 5 % a month fails in month 10."""
    growth = 12.0 * math.log(1.05)
    inputs = world(company=rows("cash fixed_cost fixed_cost_growth", (12 * MILLION, MILLION / 1.05, growth)))
    found = run(inputs, months=12)
    wanted = [11e6, 9950000.0, 8847500.0, 7689875.0, 6474368.75, 5198087.1875]
    wanted += [3857991.546875, 2450891.12421875, 973435.68042968]
    np.testing.assert_allclose(found["company.cash"][0, :9, 0], wanted, rtol=1e-12)
    assert found.failed_month[0, 0] == 10


# Reference cases ruin_brownian_cash_*: the walk is looked at once a month, so it fails less often than
# Brownian motion (0.41847 and 0.28101). Composite Gauss-Legendre recursion, checked by two million
# simulated paths.
RUIN = [
    pytest.param(
        24.0, -0.5, 4.0, {3: 0.00059002, 6: 0.01861067, 12: 0.12746587, 24: 0.36727061}, 0.41847, id="burning"
    ),
    pytest.param(
        10.0, 0.5, 3.0, {3: 0.01544687, 6: 0.05797461, 12: 0.12482033, 36: 0.22207741}, 0.28101, id="earning"
    ),
]


@pytest.mark.parametrize(("cash", "drift", "sigma", "by_month", "watched_always"), RUIN)
def test_ruin_looked_at_once_a_month(cash, drift, sigma, by_month, watched_always):
    inputs = world(
        company=rows(
            "cash fixed_cost cost_volatility", (cash * MILLION, max(0.0, -drift) * MILLION, sigma * MILLION)
        ),
        segment=rows("seller revenue", (0, max(0.0, drift) * MILLION)),
    )
    last = max(by_month)
    found = run(inputs, months=last, paths=PATHS, seed=7, only=[], keep=0).failed_month[:, 0]
    for month, chance in by_month.items():
        assert_chance(int(((found > 0) & (found <= month)).sum()), PATHS, chance, f"ruin by month {month}")
    error = math.sqrt(watched_always * (1 - watched_always) / PATHS)
    assert abs((found > 0).mean() - watched_always) > 20 * error, (
        "the continuous formula is not the answer here"
    )


def test_failures_of_two_companies_are_independent():
    """Own cost shocks have nothing in common: the chance that both fail is the product."""
    inputs = world(company=rows("cash fixed_cost cost_volatility", (24e6, 0.5e6, 4e6), (10e6, 0.2e6, 3e6)))
    found = run(inputs, months=24, paths=PATHS, seed=3, only=[], keep=0).failed_month > 0
    first, second = found.mean(axis=0)
    assert_chance(int(found.all(axis=1).sum()), PATHS, first * second, "both fail")
