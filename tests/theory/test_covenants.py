"""Covenants alone: when a loan is called, and that it is not where they are off."""

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run


def fleet_loan(**terms: float) -> dict[str, np.ndarray]:
    """A rich owner of a fleet that loses a hundredth of its cost a month, with a loan of nine tenths of the cost."""
    return world(
        company=rows("cash", (1e12,)),
        fleet=rows("owner cost age_span economic_life indexed", (0, 1e9, 1.0, 100.0, 0.0)),
        loan=[
            {"borrower": 0, "lender": -1, "balance": 9e8, "maturity": 99.0, "fleet_collateral": 1.0} | terms
        ],
    )


@pytest.mark.parametrize("cure", [0, 2, 5])
def test_a_loan_is_called_when_its_collateral_has_been_worth_too_little_for_too_long(cure):
    """Worth 1 - (1 + t)/100 of its cost in month t: below nine tenths from month 10 on, and called `cure` months later."""
    found = run(fleet_loan(max_ltv=1.0, cure_months=float(cure)), months=24)
    called = np.zeros(24)
    called[9 + cure] = 9e8
    np.testing.assert_allclose(found["company.accelerated"][0, :, 0], called)
    np.testing.assert_allclose(found["loan.balance"][0, :, 0], np.where(np.arange(24) < 9 + cure, 9e8, 0.0))
    np.testing.assert_allclose(found["loan.breach"][0, : 10 + cure, 0], [0] * 9 + list(range(1, cure + 2)))


@pytest.mark.parametrize("off", [{"max_ltv": 0.0}, {"max_ltv": 2.0}, {"max_ltv": 1.0, "collateral": 1e9}])
def test_without_a_covenant_or_with_collateral_enough_it_is_not(off):
    assert (run(fleet_loan(**off), months=24)["company.accelerated"] == 0).all()


def test_least_cash():
    """10 million less one a month: below 7.5 at the end of month 3, so that the loan is called in month 4."""
    inputs = world(
        company=rows("cash fixed_cost", (10e6, 1e6)),
        loan=rows("borrower lender balance maturity min_cash cure_months", (0, -1, 1e6, 99.0, 7.5e6, 0.0)),
    )
    found = run(inputs, months=6)
    np.testing.assert_allclose(found["company.accelerated"][0, :, 0], [0, 0, 0, 1e6, 0, 0])
    np.testing.assert_allclose(found["company.cash"][0, :, 0], [9e6, 8e6, 7e6, 5e6, 4e6, 3e6])
    inputs["loan.min_cash"][:] = 0.0
    assert (run(inputs, months=6)["company.accelerated"] == 0).all()


@pytest.mark.parametrize(("cover", "month"), [(1.2, 3), (0.9, 0)])
def test_least_cover_of_debt_service(cover, month):
    """Half a million a month is earned and owed: cover of 1, looked at a month later, a month to cure."""
    names = "borrower lender balance rate maturity min_dscr cure_months"
    inputs = world(
        company=rows("cash fixed_cost", (1e9, 5e5)),
        segment=rows("seller revenue", (0, 1e6)),
        loan=rows(names, (0, -1, 1.2e8, 0.05, 99.0, cover, 1.0)),
    )
    called = np.flatnonzero(run(inputs, months=12)["company.accelerated"][0, :, 0]) + 1
    assert called.tolist() == [month] * (month > 0)


@pytest.mark.parametrize("cross", [0.0, 1.0])
def test_what_is_called_calls_what_says_so(cross):
    inputs = world(
        company=rows("cash fixed_cost", (10e6, 1e6)),
        loan=rows(
            "borrower lender balance maturity min_cash cure_months cross_default",
            *((0, -1, 1e6, 99.0, 7.5e6, 0.0, 0.0), (0, -1, 2e6, 99.0, 0.0, 0.0, cross)),
        ),
    )
    found = run(inputs, months=6)["company.accelerated"][0, :, 0]
    np.testing.assert_allclose(found, [0, 0, 0, 1e6 + 2e6 * cross, 0, 0])


def test_who_cannot_pay_what_is_called_fails():
    """7 million are called in month 4, when 6 are left; nobody would have asked for them before month 99."""
    inputs = world(
        company=rows("cash fixed_cost", (10e6, 1e6)),
        loan=rows("borrower lender balance maturity min_cash cure_months", (0, -1, 7e6, 99.0, 7.5e6, 0.0)),
    )
    assert run(inputs, months=24).failed_month[0, 0] == 4
    inputs["loan.min_cash"][:] = 0.0
    assert run(inputs, months=9).failed_month[0, 0] == 0


def test_cover_with_nothing_due_is_passed():
    """Burn of 1e6 from 5e7, a bullet without interest: the covenant has nothing to cover, and cash ends in month 51."""
    names = "borrower lender balance rate maturity min_dscr cure_months"
    inputs = world(
        company=rows("cash fixed_cost", (5e7, 1e6)),
        loan=rows(names, (0, -1, 1e8, 0.0, 60.0, 1.2, 2.0)),
    )
    found = run(inputs, months=60)
    assert found.failed_month[0].tolist() == [51]
    assert found.cause[0].tolist() == ["cash"]
    assert (found["loan.breach"] == 0.0).all()
