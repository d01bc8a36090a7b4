"""Workouts, guarantees and the public backstop by hand, and without them."""

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.theory.test_funding import off

STILL = {"normal_to_open": 0.0, "normal_to_shut": 0.0}
BORROWER, LENDER, OTHER = range(3)


def wall(market: dict, **loan: float) -> dict[str, np.ndarray]:
    """A borrower with 10m and a fleet of 20m faces 30m in month 2; one bank lent it all of that."""
    terms = {
        "borrower": BORROWER,
        "lender": LENDER,
        "balance": 30e6,
        "maturity": 2.0,
        "refinance_chance": 0.0,
    }
    return world(
        company=rows("cash", (10e6,), (100e6,), (50e6,)),
        fleet=rows("owner cost age_span economic_life book_life", (BORROWER, 20e6, 2.0, 100.0, 100.0)),
        loan=[terms | loan],
        market=[STILL | market],
    )


def test_a_workout_extends_the_loan_at_its_cost():
    """A fifth is written down, the rest is due twelve months later; 14 % of cash and fleet are gone."""
    terms = {"workout_normal": 1.0, "workout_haircut": 0.2, "workout_months": 12.0, "workout_cost": 0.14}
    inputs = wall(terms)
    found = run(inputs, months=3)
    assert found.failed_month[0, BORROWER] == 0
    np.testing.assert_allclose(found["loan.balance"][0, :, 0], [30e6, 24e6, 24e6], rtol=1e-12)
    np.testing.assert_array_equal(found["loan.maturity"][0, :, 0], [2, 14, 14])
    assert found["company.losses"][0, 1, LENDER] == pytest.approx(6e6)
    cost = 0.14 * (10e6 + found["company.fleet_value"][0, 1, BORROWER])
    np.testing.assert_allclose(found["company.cash"][0, :, BORROWER], [10e6, 10e6 - cost, 10e6 - cost])
    np.testing.assert_allclose(found["company.cash"][0, :, LENDER], 100e6)
    without = run(off(inputs, "workouts"), months=3)
    assert without.failed_month[0, BORROWER] == 2
    assert without.cause[0, BORROWER] == "maturity"


def test_lenders_agree_by_regime():
    inputs = wall({"workout_normal": 0.3, "workout_shut": 0.9})
    failed = run(inputs, months=2, paths=4000).failed_month[:, BORROWER] > 0
    assert failed.mean() == pytest.approx(0.7, abs=5 * np.sqrt(0.21 / 4000))


def test_no_workout_for_staff_and_trade():
    """What it cannot pay is not the balance alone."""
    inputs = wall({"workout_normal": 1.0})
    inputs["company.fixed_cost"][0, BORROWER] = 6e6
    assert run(inputs, months=2).failed_month[0, BORROWER] == 2


def test_a_loss_in_a_workout_may_be_too_much_for_the_lender():
    inputs = wall({"workout_normal": 1.0, "workout_haircut": 0.2})
    inputs["company.loss_capacity"][0, LENDER] = 5e6
    found = run(inputs, months=2)
    np.testing.assert_array_equal(found.failed_month[0], [0, 2, 0])
    assert (found.cause[0, LENDER], found.trigger[0, LENDER]) == ("losses", BORROWER)


@pytest.mark.parametrize("guarantor", [OTHER, -1])
def test_a_guarantor_pays_its_share_of_the_loss(guarantor: int):
    """Half of what the bank lost, once."""
    inputs = wall({}, guarantor=guarantor, guaranteed=0.5)
    plain = run(off(inputs, "backstop"), months=3)
    loss = plain["company.losses"][0, 1, LENDER]
    assert loss > 1e6
    found = run(inputs, months=3)
    np.testing.assert_allclose(found["company.losses"][0, 1:, LENDER], loss / 2, rtol=1e-12)
    paid = found["company.cash"][0, 1:, LENDER] - plain["company.cash"][0, 1:, LENDER]
    np.testing.assert_allclose(paid, loss / 2, rtol=1e-12)
    if guarantor == OTHER:
        np.testing.assert_allclose(found["company.cash"][0, 1:, OTHER], 50e6 - loss / 2, rtol=1e-12)
        np.testing.assert_allclose(found["company.losses"][0, 1:, OTHER], loss / 2, rtol=1e-12)
    assert found.imbalance <= 1e-12


def test_a_guarantor_pays_as_far_as_its_cash_goes():
    inputs = wall({}, guarantor=OTHER, guaranteed=1.0)
    inputs["company.cash"][0, OTHER] = 1e6
    found = run(inputs, months=2)
    assert found["company.cash"][0, 1, OTHER] == pytest.approx(0.0, abs=1e-6)
    plain = run(off(inputs, "backstop"), months=2)
    assert plain["company.losses"][0, 1, LENDER] - found["company.losses"][0, 1, LENDER] == pytest.approx(1e6)


def test_the_public_pays_for_the_large():
    """20m are missing in month 2; households pay them, and burn does not see it."""
    inputs = wall({"backstop": 1.0, "backstop_size": 30e6})
    found = run(inputs, months=3)
    assert (found.failed_month == 0).all()
    np.testing.assert_allclose(found["market.backstopped"][0, :, 0], [0.0, 20e6, 20e6])
    np.testing.assert_allclose(found["market.households"][0, :, 0], [0.0, -20e6, -20e6])
    np.testing.assert_allclose(found["company.net_cash_flow"][0, 1, BORROWER], -30e6, rtol=1e-12)
    assert run(off(inputs, "backstop"), months=3).failed_month[0, BORROWER] == 2
    inputs["market.backstop_size"][:] = 30.1e6
    assert run(inputs, months=3).failed_month[0, BORROWER] == 2


def test_a_chance_of_rescue():
    inputs = wall({"backstop": 0.25, "backstop_size": 0.0})
    saved = run(inputs, months=2, paths=4000).failed_month[:, BORROWER] == 0
    assert saved.mean() == pytest.approx(0.25, abs=5 * np.sqrt(0.1875 / 4000))
