"""Bills that are paid months later: what that lends, and what it costs when the customer or the supplier fails."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

USAGE, MONTHS, GROWTH, DEBT = 3e6, 24, 0.5, 2e6


def pair(months, *, customer=None, supplier=None, trend=0.0):
    """A customer and its supplier, who owes a lender, with a bill that grows."""
    return world(
        company=[{"cash": 1e9, **(customer or {})}, {"cash": 1e9, **(supplier or {})}],
        contract=rows(
            "customer supplier usage follows intensity_trend payment_months substitutable",
            (0, 1, USAGE, 2.0, trend, months, 1.0),
        ),
        loan=rows("borrower lender balance maturity rate", (1, -1, DEBT, 100.0, 0.0)),
    )


def bills(trend=GROWTH):
    """Bills of months 1 on."""
    return USAGE * np.exp(trend * np.arange(1, MONTHS + 1) / 12.0)


@pytest.mark.parametrize("months", [1.0, 2.0, 5.0])
def test_cash_moves_when_a_bill_is_due_and_revenue_in_its_month(months):
    late, at_once = (run(pair(each, trend=GROWTH), months=MONTHS) for each in (months, 0.0))
    for name in ("company.revenue", "company.bills", "company.profit"):
        np.testing.assert_allclose(late[name], at_once[name], rtol=1e-12)
    d = int(months)
    due = np.concatenate([np.full(d, USAGE), bills()])[:MONTHS]
    owed = np.cumsum(bills() - due) + d * USAGE
    for company, sign in ((0, 1.0), (1, -1.0)):
        apart = late["company.cash"][0, :, company] - at_once["company.cash"][0, :, company]
        np.testing.assert_allclose(apart, sign * (owed - d * USAGE), atol=1e-4)
    np.testing.assert_allclose(late["company.receivables"][0, :, 1], owed, rtol=1e-12)
    np.testing.assert_allclose(late["company.payables"][0, :, 0], owed, rtol=1e-12)
    assert late.imbalance < 1e-12


@pytest.mark.parametrize("months", [0.0, 3.0])
def test_a_customer_that_fails_costs_its_supplier_months_of_bills(months):
    """It pays the bill of its last month that is due, and has nothing left for those that are not."""
    end = 6
    inputs = pair(months, customer={"cash": end * USAGE, "wound_up": float(end)})
    found = run(inputs, months=MONTHS)
    assert found["company.losses"][0, -1, 1] == pytest.approx(months * USAGE)
    np.testing.assert_allclose(np.diff(found["company.cash"][0, end - 1 :, 1]), 0.0, atol=1e-6)
    assert found["company.receivables"][0, end - 1, 1] == 0.0
    half = run(
        pair(
            months,
            customer={
                "cash": end * USAGE + months * USAGE / 2.0,
                "wound_up": float(end),
                "default_cost": 0.0,
            },
        ),
        months=MONTHS,
    )
    assert half["company.losses"][0, -1, 1] == pytest.approx(months * USAGE / 2.0)
    gain = half["company.cash"][0, end - 1, 1] - found["company.cash"][0, end - 1, 1]
    assert gain == pytest.approx(months * USAGE / 2.0)


def test_what_customers_owe_is_in_the_estate_of_a_supplier_and_paid_when_due():
    """Two months of bills less the default cost pay its lender; its customer pays them later, and what replaces it at once."""
    end, months = 6, 2
    inputs = pair(
        float(months),
        supplier={"cash": 1.0, "fixed_cost": USAGE, "wound_up": float(end), "default_cost": 0.25},
    )
    inputs["market.substitution_premium"][:] = 1.0
    inputs["loan.balance"][:] = 2.0 * months * USAGE
    found = run(inputs, months=MONTHS)
    lost = found["loan.loss"][0, -1, 0]
    assert lost == pytest.approx(2.0 * months * USAGE - 0.75 * (months * USAGE + 1.0))
    paid = -np.diff(found["company.cash"][0, :, 0])
    np.testing.assert_allclose(paid[: end - 1], USAGE)
    np.testing.assert_allclose(paid[end - 1 : end - 1 + months], 2.0 * USAGE)
    np.testing.assert_allclose(paid[end - 1 + months :], USAGE)
    assert found["company.payables"][0, -1, 0] == 0.0
    assert found.imbalance < 1e-12


def test_a_customer_that_is_lent_to_lives_longer():
    """Use that doubles in a year, of who sells nothing: three months of credit that grows with its bills."""
    ends = []
    for months in (0.0, 3.0):
        inputs = pair(months, customer={"cash": 40e6}, trend=math.log(2.0))
        ends.append(int(run(inputs, months=MONTHS).failed_month[0, 0]))
    assert 0 < ends[0] < ends[1]
