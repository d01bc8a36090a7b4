"""Sudden ends, by luck and by order: whom they hit and when, what is left, and whom they take along."""

import math

import cashcade as cc
import numpy as np
import pytest
from cashcade.rules import Rule, company, month, number, set_to
from cashcade.world import World

from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.oracle.generate import arrays, sizes_of

HAZARD = 0.4


def alone(**company):
    """A rich company that nothing else can end."""
    return world(
        company=[{"cash": 1e9, "default_cost": 0.25} | company], segment=rows("seller revenue", (0, 1e6))
    )


def test_the_chance_to_live_falls_by_the_hazard():
    paths = 40_000
    found = run(alone(sudden_failure=HAZARD), months=24, paths=paths, only=["company.alive"])
    alive = found["company.alive"][:, :, 0].mean(axis=0)
    wanted = np.exp(-HAZARD * np.arange(1, 25) / 12.0)
    assert (np.abs(alive - wanted) < 4.0 * np.sqrt(wanted * (1.0 - wanted) / paths)).all()
    assert set(found.cause[:, 0]) == {"none", "sudden"}
    assert (found.trigger == -1).all()


def test_more_hazard_ends_no_path_later():
    months = []
    for hazard in (0.1, 0.4, 1.0):
        failed = run(alone(sudden_failure=hazard), months=36, paths=4000, only=["company.cash"]).failed_month[
            :, 0
        ]
        months.append(np.where(failed == 0, 99, failed))
    assert (months[0] >= months[1]).all()
    assert (months[1] >= months[2]).all()
    assert months[0].mean() > months[1].mean() > months[2].mean()


def test_hazards_of_two_companies_are_independent_and_keep_their_luck():
    two = world(
        company=[{"cash": 1e9, "sudden_failure": HAZARD} for _ in range(2)],
        segment=rows("seller revenue", (0, 1e6), (1, 1e6)),
    )
    both = run(two, months=12, paths=20_000, only=["company.cash"]).failed_month > 0
    assert np.corrcoef(both.T)[0, 1] == pytest.approx(0.0, abs=0.03)
    one = run(alone(sudden_failure=HAZARD), months=12, paths=20_000, only=["company.cash"]).failed_month
    np.testing.assert_array_equal(one[:, 0] > 0, both[:, 0])


@pytest.mark.parametrize("order", [1.0, 12.0, 11.6])
def test_who_is_wound_up_ends_in_that_month_and_pays_the_month_first(order):
    """A lender gets back what the estate holds: cash of 12 million after default cost, of the 20 that are owed."""
    inputs = world(
        company=rows("cash wound_up default_cost", (16e6, order, 0.25), (0.0, None, None)),
        loan=rows("borrower lender balance maturity", (0, 1, 20e6, 99.0)),
    )
    found, end = run(inputs, months=18), math.floor(order + 0.5)
    assert found.failed_month.tolist() == [[end, 0]]
    assert found.cause.tolist() == [["wound_up", "none"]]
    assert found.debt_at_failure[0, 0] == pytest.approx(20e6)
    ended = np.arange(1, 19) >= end
    np.testing.assert_allclose(found["company.cash"][0, :, 0], np.where(ended, 0.0, 16e6))
    np.testing.assert_allclose(found["company.cash"][0, :, 1], np.where(ended, 12e6, 0.0))
    np.testing.assert_allclose(found["company.losses"][0, :, 1], np.where(ended, 8e6, 0.0))
    assert found.imbalance < 1e-12


def test_the_end_of_a_large_company_is_a_large_failure():
    inputs = world(
        company=rows("cash wound_up", (1e9, 6.0)),
        loan=rows("borrower lender balance maturity", (0, -1, 2e10, 99.0)),
    )
    large = run(inputs, months=8)["market.large_failure"][0, :, 0]
    np.testing.assert_array_equal(large, np.arange(1, 9) == 6)


def test_it_takes_a_lender_along_that_cannot_bear_the_loss():
    inputs = world(
        company=rows("cash wound_up loss_capacity", (1e6, 6.0, None), (1e9, None, 5e6)),
        loan=rows("borrower lender balance maturity", (0, 1, 20e6, 99.0)),
    )
    found = run(inputs, months=12)
    assert found.failed_month.tolist() == [[6, 6]]
    assert found.cause.tolist() == [["wound_up", "losses"]]
    assert found.trigger.tolist() == [[-1, 0]]


def test_who_cannot_pay_has_the_cause_of_that():
    found = run(alone(cash=0.0, fixed_cost=2e6, wound_up=1.0), months=2)
    assert found.cause.tolist() == [["cash"]]


def test_an_order_is_a_lever_of_rules():
    """A rule that sets it winds up in the month in which it does; another company lives."""
    builder = World.builder("two", "2025-08-31")
    builder.company(id="lab", cash=1e9)
    builder.company(id="app", cash=1e9)
    rule = Rule("end", month == 12, set_to(company("lab").wound_up, number(1, "month")))
    result = cc.run(builder.build(), rules=[rule], months=24, paths=16)
    failures = result.failures()
    assert set(failures["company"]) == {"lab"}
    assert set(failures["month"]) == {12}
    assert set(failures["cause"]) == {"wound_up"}
    assert len(failures) == 16


@pytest.mark.parametrize("number", range(8))
def test_an_order_after_the_end_and_no_hazard_are_absent_to_the_bit(number):
    rng = np.random.default_rng(number)
    inputs = arrays(rng, sizes_of(rng))
    inputs["company.sudden_failure"] *= 0.0
    inputs["company.wound_up"] *= 0.0
    late = inputs | {"company.wound_up": np.full_like(inputs["company.wound_up"], 19.0)}
    one, other = run(inputs, months=18, paths=8), run(late, months=18, paths=8)
    np.testing.assert_array_equal(one.failed_month, other.failed_month)
    for key, series in one.series.items():
        np.testing.assert_array_equal(other.series[key], series, err_msg=".".join(key))
