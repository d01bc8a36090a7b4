"""Laws that hold for every world, whatever it contains."""

import numpy as np
from cashcade import _core
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.oracle.generate import SCALE, hostile_worlds

MONTHS = 18
PATHS = 5
SECTORS = ("households", "suppliers", "capital")
FLOWS = [row.name for row in _core.table().variables if row.entity == "company" and row.unit == "USD/month"]
seeds = st.integers(0, 2**64 - 1)
LAW = settings(max_examples=tries(24), deadline=None, derandomize=True)


def money(found) -> np.ndarray:
    """All balances together, `[paths, months]`."""
    return found["company.cash"].sum(axis=2) + sum(found[f"market.{sector}"][:, :, 0] for sector in SECTORS)


@LAW
@given(inputs=hostile_worlds(), seed=seeds)
def test_cash_is_neither_created_nor_destroyed(inputs, seed):
    found = run(inputs, months=MONTHS, paths=PATHS, seed=seed)
    assert found.imbalance <= 1e-9
    turnover = (
        sum(np.abs(found[f"market.{sector}"]).max() for sector in SECTORS) + inputs["company.cash"].sum()
    )
    np.testing.assert_allclose(money(found), inputs["company.cash"].sum(), rtol=0, atol=1e-12 * turnover)


def test_tax_that_nobody_can_pay_leaves_the_ledger_exact():
    """Tax on sales of 3e14 that were never paid for is taken back; the rest of the month moves a thousand dollars."""
    inputs = world(
        company=rows("cash tax_rate", (1234.567, 0.2), (17.77, 0.0)),
        segment=rows("seller revenue", (0, 1000.1)),
        contract=rows("customer supplier usage", (1, 0, 3.3)),
        commitment=rows("contract amount last_month", (0, 3e14, 1200.0)),
    )
    found = run(inputs, months=4)
    assert found["company.tax"][0, 1, 0] > 1e13
    assert found.failed_month[0].tolist() == [2, 1]
    assert found.imbalance <= 1e-12


@LAW
@given(inputs=hostile_worlds(), seed=seeds)
def test_no_company_ever_ends_a_month_below_zero(inputs, seed):
    found = run(inputs, months=MONTHS, paths=PATHS, seed=seed, only=["company.cash"])
    assert found["company.cash"].min() >= -1e-9 * SCALE


@LAW
@given(inputs=hostile_worlds(), seed=seeds)
def test_failure_is_for_ever_and_moves_no_cash(inputs, seed):
    found = run(inputs, months=MONTHS, paths=PATHS, seed=seed)
    failed = found.failed_month[:, None, :].astype(int)
    month = np.arange(1, MONTHS + 1)[None, :, None]
    gone, after = (failed > 0) & (month >= failed), (failed > 0) & (month > failed)
    np.testing.assert_array_equal(found["company.alive"], ~gone)
    assert (found["company.cash"][gone] == 0).all()
    for name in FLOWS:
        assert (found[f"company.{name}"][after] == 0).all(), name
    np.testing.assert_array_equal(found.cause == "none", found.failed_month == 0)
    np.testing.assert_array_equal(found["market.companies_alive"][:, :, 0], (~gone).sum(axis=2))


@LAW
@given(inputs=hostile_worlds(), seed=seeds)
def test_a_trigger_has_failed_no_later_than_its_victim(inputs, seed):
    """Where no lender writes anything down for a borrower who goes on."""
    workouts = ("market.workout_open", "market.workout_normal", "market.workout_shut")
    inputs = inputs | {name: np.zeros_like(inputs[name]) for name in workouts}
    found = run(inputs, months=MONTHS, paths=PATHS, seed=seed, only=[])
    for path, victim in np.argwhere(found.trigger >= 0):
        culprit = found.trigger[path, victim]
        assert culprit != victim
        assert found.cause[path, victim] in {"contagion", "losses"}
        assert found.failed_month[path, culprit] > 0 or found.cause[path, victim] == "contagion"
        assert found.failed_month[path, culprit] <= found.failed_month[path, victim]


@LAW
@given(inputs=hostile_worlds(), seed=seeds)
def test_balances_of_loans_only_move_by_draws_and_repayments(inputs, seed):
    found = run(inputs, months=MONTHS, paths=PATHS, seed=seed)
    balance, undrawn = found["loan.balance"], found["loan.undrawn"]
    limit = inputs["loan.balance"][0] + inputs["loan.undrawn"][0]
    assert (balance >= -1e-9 * limit).all()
    assert (balance + undrawn <= limit * (1.0 + 1e-12)).all()
    assert (found["loan.principal"] <= limit * (1.0 + 1e-12)).all()
    assert (np.diff(undrawn, axis=1) <= 0).all()


@LAW
@given(inputs=hostile_worlds(), seed=seeds)
def test_soft_spending_stays_within_its_plan(inputs, seed):
    found = run(inputs, months=MONTHS, paths=PATHS, seed=seed)
    wanted = found["fleet.wanted"]
    assert (found["fleet.capex"] <= wanted * (1.0 + 1e-12)).all()
    research = inputs["company.discretionary_cost"] * found["company.research"]
    assert (found["company.discretionary"] <= research * (1.0 + 1e-12)).all()
    assert (found["company.payout"] >= 0).all()
