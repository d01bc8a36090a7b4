"""Loans behind contracts alone: what is drawn for which contract, what weak customers cost, and how a contract repays."""

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

COST = 120e6
YEARLY = 0.8  # capacity of 8 million a month
LAG = 4
BEGINS = 10
ORDERED = BEGINS - LAG  # the month in which all that lacks is ordered at once
LACKS = 4e6 * 12.0 / YEARLY
ADVANCE = 0.7
LANDLORD, TENANT, SECOND = 0, 1, 2


def project(*, loan=(), tenant=1e12, second=(), market=(), fleet=(), **commitment):
    """A landlord of 8 million a month with tenants for 6 million, of whom the first wants 4 million more from month 10 on."""
    terms = {"amount": 8e6, "first_month": BEGINS, "last_month": 39.0} | commitment
    values = {
        "cost": COST,
        "capacity_revenue": YEARLY,
        "age_span": 1.0,
        "economic_life": 600.0,
        "lag": LAG,
        "construction": 1.0,
    }
    owed = {
        "borrower": LANDLORD,
        "lender": -1,
        "balance": 0.0,
        "undrawn": 1e9,
        "draw_share": ADVANCE,
        "maturity": 39.0,
        "contract": 0,
        "refinance_chance": 0.0,
    }
    return world(
        company=rows("cash", (1e12,), (tenant,), (1e12,)),
        contract=rows(
            "customer supplier usage follows", (TENANT, LANDLORD, 4e6, 2.0), (SECOND, LANDLORD, 4e6, 2.0)
        ),
        commitment=[{"contract": 0, **terms}, *second],
        fleet=[{"owner": LANDLORD, **values, **dict(fleet)}],
        loan=[owed | dict(loan)],
        market=[dict(market)],
    )


def test_the_advance_rate_of_what_the_contract_needs_is_drawn_in_the_month_after_it_is_paid():
    found = run(project(), months=20)
    needs = np.zeros(20)
    needs[ORDERED] = LACKS
    np.testing.assert_allclose(found["fleet.capex"][0, ORDERED - 1, 0], LACKS)
    np.testing.assert_allclose(found["loan.project_capex"][0, :, 0], needs)
    np.testing.assert_allclose(found["company.drawn"][0, :, LANDLORD], ADVANCE * needs)
    assert found.imbalance < 1e-12


def test_a_contract_pays_for_its_part_of_what_is_built_and_no_more():
    """A second contract wants 12 million more from the same month on: three quarters of all that is ordered are for it."""
    more = {"contract": 1, "amount": 16e6, "first_month": BEGINS, "last_month": 39.0}
    found = run(project(second=[more]), months=12)
    np.testing.assert_allclose(found["fleet.capex"][0, ORDERED - 1, 0], 4 * LACKS)
    np.testing.assert_allclose(found["loan.project_capex"][0, ORDERED, 0], LACKS)


def test_what_is_built_for_nobody_is_not_paid_for():
    """Ten times as much is built on speculation: what the contract lacks is the most that counts."""
    found = run(project(fleet={"construction": 0.0, "capex": 10 * LACKS}), months=12)
    needs = found["loan.project_capex"][0, :, 0]
    np.testing.assert_allclose(needs[ORDERED - 1 : BEGINS - 1], LACKS)
    assert (needs[: ORDERED - 1] == 0.0).all()
    assert (needs[BEGINS - 1 :] == 0.0).all()


def test_no_more_is_drawn_than_was_committed():
    found = run(project(loan={"undrawn": 0.25 * LACKS}), months=12)
    np.testing.assert_allclose(found["loan.balance"][0, -1, 0], 0.25 * LACKS)


@pytest.mark.parametrize(
    "shut",
    [
        {
            "loan": {"draw_unless_shut": 1.0},
            "market": {"regime": 2.0, "shut_to_open": 0.0, "shut_to_normal": 0.0},
        },
        {"tenant": 4.5e6},
    ],
    ids=["the window is shut", "the customer has failed"],
)
def test_nothing_is_drawn_while(shut):
    found = run(project(**shut), months=20)
    assert (found["company.drawn"][0, :, LANDLORD] == 0.0).all()


def test_the_balance_is_repaid_as_the_contract_pays():
    """Commitments of 8 million for 10 months and 2 million for 20 more: a tenth of 80 in 120 million at first."""
    tail = {"contract": 0, "amount": 2e6, "first_month": 20.0, "last_month": 39.0}
    terms = {"amortisation": 4.0, "balance": 120e6, "undrawn": 0.0, "rate": 0.06}
    found = run(project(loan=terms, last_month=19.0, second=[tail]), months=39)
    expected = np.zeros(39)
    expected[9:19], expected[19:39] = 8e6, 2e6
    np.testing.assert_allclose(found["loan.principal"][0, :, 0], expected)
    np.testing.assert_allclose(found["loan.interest"][0, 19, 0], 40e6 * 0.06 / 12)
    assert found["loan.balance"][0, -1, 0] == 0.0


def test_what_comes_after_the_maturity_does_not_repay():
    """Ten months of the contract before the maturity repay a tenth each, though it goes on."""
    terms = {"amortisation": 4.0, "balance": 100e6, "undrawn": 0.0, "maturity": 19.0}
    found = run(project(loan=terms), months=20)
    np.testing.assert_allclose(found["loan.principal"][0, 9:19, 0], 10e6)
    assert (found["company.maturing"][0] == 0.0).all()


def test_draws_of_a_project_are_repaid_in_equal_parts_by_a_contract_that_pays_evenly():
    """Drawn in month 7, repaid from month 10 to 39: the whole way."""
    found = run(project(loan={"amortisation": 4.0}), months=39)
    np.testing.assert_allclose(found["loan.principal"][0, 9:, 0], ADVANCE * LACKS / 30)
    assert found["loan.balance"][0, -1, 0] == 0.0


def test_a_contract_without_commitments_to_come_repays_nothing_before_the_maturity():
    terms = {"amortisation": 4.0, "balance": 100e6, "undrawn": 0.0, "maturity": 12.0}
    found = run(project(loan=terms, first_month=1.0, last_month=6.0, amount=1e6), months=12)
    np.testing.assert_allclose(found["loan.principal"][0, :6, 0], 100e6 / 6)


def test_a_customer_with_half_a_year_of_runway_costs_half_the_spread():
    """Its cash goes by 4 million a month: 60 months at first, six of them at the end of month 54."""
    terms = {"floating": 1.0, "customer_spread": 0.06, "balance": 1e6, "undrawn": 0.0, "maturity": 100.0}
    found = run(project(loan=terms, tenant=240e6, amount=0.0), months=62)
    runway = found["company.runway"][0, :, TENANT]
    np.testing.assert_allclose(runway[53], 6.0)
    np.testing.assert_allclose(found["loan.margin"][0, 54, 0], 0.03)
    assert (found["loan.margin"][0, :48, 0] == 0.0).all()
    failed = int(found.failed_month[0, TENANT])
    assert failed > 0
    np.testing.assert_allclose(found["loan.margin"][0, failed:, 0], 0.06)


def test_a_loan_whose_contract_lacks_nothing_is_no_line_to_live_on():
    """What is not drawn counts in the month in which the contract lacks something, and in no other."""
    found = run(project(market={"sees_lines": 1.0}), months=12)
    lines = np.zeros(12)
    lines[ORDERED] = 1e9 - ADVANCE * LACKS
    lacked = found["loan.project_capex"][0, :, 0] > 0
    np.testing.assert_allclose(found["company.lines"][0, :, LANDLORD], np.where(lacked, lines, 0.0))


def test_behind_a_contract_of_somebody_else_nothing_is_drawn():
    inputs = project()
    inputs["loan.borrower"][0] = SECOND
    inputs["fleet.owner"][0] = SECOND
    found = run(inputs, months=12)
    assert (found["company.drawn"][0] == 0.0).all()


def test_off_leaves_every_bit():
    """Without a contract, a spread for its customer changes nothing; behind one, no spread is no margin."""
    plain = project(loan={"contract": -1, "floating": 1.0})
    priced = project(loan={"contract": -1, "floating": 1.0, "customer_spread": 0.1})
    one, other = run(plain, months=20), run(priced, months=20)
    for key, series in one.series.items():
        np.testing.assert_array_equal(series, other.series[key], err_msg=".".join(key))
