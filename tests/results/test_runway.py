"""Runway at the start, by hand: the flow of month 1 without draws and before principal, and what falls due."""

import numpy as np
import pytest
from cashcade.results.runway import Flows, runway_at_start

BULLET, LINEAR, ANNUITY, SCHEDULE = range(4)
INF = np.inf


def arrays(cash, *loans, repayments=()):
    """One company; each loan is balance, amortisation, maturity and months without repayment."""
    balance, kind, maturity, free = (np.array([list(each)], dtype=float) for each in zip(*loans, strict=True))
    loan, month, amount = (
        np.array(each) for each in (zip(*repayments, strict=True) if repayments else [[]] * 3)
    )
    return {
        "company.cash": np.array([[float(cash)]]),
        "loan.borrower": np.zeros(len(loans), dtype=np.int32),
        "loan.balance": balance,
        "loan.amortisation": kind,
        "loan.maturity": maturity,
        "loan.interest_only": free,
        "repayment.loan": loan.astype(np.int32),
        "repayment.month": month[np.newaxis].astype(float),
        "repayment.amount": amount[np.newaxis].astype(float),
    }


def months(world, net, drawn=0.0, service=0.0, interest=0.0):
    flows = Flows(*(np.array([[each]]) for each in (net, drawn, service, interest)))
    return runway_at_start(world, flows, np.zeros(1, dtype=np.int64))[0, 0]


NO_LOAN = (0.0, BULLET, 1, 0)


@pytest.mark.parametrize(
    ("cash", "flow", "wanted"),
    [(100, -10, 10), (100, -40, 2.5), (100, -0.5, 200), (100, 0, INF), (100, 5, INF), (0, -1, 0)],
)
def test_without_debt_it_is_cash_over_burn(cash, flow, wanted):
    assert months(arrays(cash, NO_LOAN), flow) == wanted


@pytest.mark.parametrize(
    ("loan", "wanted"),
    [
        ((60, BULLET, 5, 0), 5),  # 100 - 50 - 60 < 0 at the end of month 5
        ((50, BULLET, 5, 0), 5),  # nothing is left from the end of month 5
        ((20, BULLET, 5, 0), 8),  # 80 last 8 months
        ((60, LINEAR, 6, 0), 5),  # 20 a month
        ((60, ANNUITY, 6, 0), 5),
        ((60, LINEAR, 8, 2), 6),  # 10 a month, 20 from month 3: 100 - 20 - 4 * 20
        ((60, BULLET, 500, 0), 10),
    ],
)
def test_principal_falls_due_as_the_loan_says(loan, wanted):
    assert months(arrays(100, loan), -10.0) == pytest.approx(wanted, abs=1e-9)


def test_scheduled_loans_repay_by_their_schedule_and_the_rest_at_maturity():
    loan = (70, SCHEDULE, 7, 0)
    assert months(arrays(100, loan, repayments=[(0, 2, 30.0)]), 0.0) == INF
    assert months(arrays(60, loan, repayments=[(0, 2, 30.0)]), 0.0) == 7
    assert months(arrays(20, loan, repayments=[(0, 2, 30.0)]), 0.0) == 2
    assert months(arrays(75, loan, repayments=[(0, 2, 90.0)]), 0.0) == INF, "no more than is owed"


def test_draws_are_no_income_and_principal_of_month_one_counts_once():
    """It drew 30, paid 6 of interest and 10 of principal: 20 less than before all that."""
    world = arrays(100, (10, BULLET, 1, 0))
    assert months(world, net=0.0, drawn=30.0, service=16.0, interest=6.0) == pytest.approx(90 / 20)


def test_what_comes_in_pays_what_falls_due():
    assert months(arrays(10, (40, BULLET, 6, 0)), 5.0) == INF
    assert months(arrays(10, (41, BULLET, 6, 0)), 5.0) == 6


def test_draws_of_the_parameters_have_their_own():
    world = arrays(100, NO_LOAN) | {"company.cash": np.array([[100.0], [50.0]])}
    flows = Flows(np.full((3, 1), -10.0), *np.zeros((3, 3, 1)))
    assert runway_at_start(world, flows, np.array([0, 0, 1]))[:, 0].tolist() == [10, 10, 5]
