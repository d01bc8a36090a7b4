"""Gauges of the whole: each in a world where it can be said by hand."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

MONTHS = 12


@pytest.mark.parametrize("growth", [0.2, 0.6, 2.0])
def test_ai_revenue_at_a_steady_rate_doubles_in_ln_2_over_it(growth):
    """The other segment is no AI, and does not count."""
    inputs = world(
        company=rows("cash", (1e12,)),
        segment=rows(
            "seller revenue growth growth_long ai_share",
            (0, 1e6, growth, growth, 1.0),
            (0, 9e6, -1.0, -1.0, 0.0),
        ),
    )
    found = run(inputs, months=MONTHS)["market.ai_doubling"][0, :, 0]
    np.testing.assert_allclose(found, 12.0 * math.log(2.0) / growth, rtol=1e-10)


@pytest.mark.parametrize("growth", [-1.0, 0.0, 0.001])
def test_what_does_not_grow_never_doubles(growth):
    inputs = world(
        company=rows("cash", (1e12,)),
        segment=rows("seller revenue growth growth_long", (0, 1e6, growth, growth)),
    )
    assert (run(inputs, months=MONTHS)["market.ai_doubling"] == 1200.0).all()


def test_when_growth_stops_the_doubling_time_rises():
    inputs = world(
        company=rows("cash", (1e12,)),
        segment=rows("seller revenue growth growth_long growth_half_life", (0, 1e6, 2.0, 0.0, 6.0)),
    )
    assert (np.diff(run(inputs, months=MONTHS)["market.ai_doubling"][0, :, 0]) > 0.0).all()


def test_funding_quality_is_the_share_of_who_earns():
    """Three of four dollars of pledges go to a company that earns, one to a company that does not."""
    inputs = world(
        company=rows("cash fixed_cost", (1e9, 1e6), (1e9, 3e6)),
        segment=rows("seller revenue", (0, 2e6), (1, 2e6)),
        pledge=rows("investor company amount months", (-1, 0, 3e6, 3.0), (-1, 1, 1e6, 3.0)),
    )
    found = run(inputs, months=4)
    np.testing.assert_allclose(found["market.new_money"][0, :, 0], [4e6 / 3.0] * 3 + [0.0])
    np.testing.assert_allclose(found["market.funding_quality"][0, :, 0], [0.75] * 3 + [0.0])


def test_vendor_money_is_what_sellers_pay_their_own_customers():
    """A chip maker pledges to a lab that orders from it, a cloud lends to a tenant; both also pay a stranger."""
    chips, cloud, lab, tenant, stranger = range(5)
    inputs = world(
        company=rows("cash", *[(1e12,)] * 5),
        contract=rows("customer supplier usage follows", (tenant, cloud, 6e6, 2.0)),
        fleet=rows("owner capex committed", (lab, 4e6, 1.0), (tenant, 1e6, 1.0)),
        order=rows("fleet vendor share", (0, chips, 0.5)),
        pledge=rows(
            "investor company amount months", (chips, lab, 12e6, 12.0), (chips, stranger, 24e6, 12.0)
        ),
        loan=rows(
            "borrower lender balance undrawn draw_share maturity",
            (tenant, cloud, 0.0, 1e9, 0.5, 120.0),
            (tenant, stranger, 0.0, 1e9, 0.25, 120.0),
        ),
    )
    found = run(inputs, months=3)
    np.testing.assert_allclose(found["market.vendor_money"], 1e6 + 0.5 * 1e6)
    np.testing.assert_allclose(found["market.vendor_revenue"], 0.5 * 4e6 + 6e6)
    np.testing.assert_allclose(found["market.vendor_financed"], 1.5 / 8.0)
    np.testing.assert_allclose(found["market.new_money"], 3e6 + 0.75 * 1e6)


def test_without_vendors_that_pay_there_is_none():
    inputs = world(
        company=rows("cash", (1e12,), (1e12,)),
        contract=rows("customer supplier usage", (0, 1, 1e6)),
        pledge=rows("investor company amount", (0, 1, 1e6)),
    )
    found = run(inputs, months=2)
    for name in ("vendor_money", "vendor_revenue", "vendor_financed"):
        assert (found[f"market.{name}"] == 0.0).all(), name


def test_money_that_restores_runway_is_new_money():
    """Burn of 1e6 from 6.5e6: half a million restores six months in month 2."""
    inputs = world(
        company=rows("cash fixed_cost", (6.5e6, 1e6)),
        loan=rows(
            "borrower lender balance undrawn draw_runway rate maturity draw_share",
            (0, -1, 0.0, 1e9, 6.0, 0.0, 99.0, 0.0),
        ),
    )
    found = run(inputs, months=2)
    np.testing.assert_allclose(found["market.new_money"][0, :, 0], [0.0, 5e5])


def test_a_vendor_paid_by_capex_that_follows_sales_or_backlog_is_worth_something_from_the_start():
    """Capex of 1e6 + a tenth of sales of 5e6 + a tenth of a backlog of 12e6 a year (1e5 a month), 80 % of it ordered."""
    owner, vendor, customer = range(3)
    inputs = world(
        company=rows("cash valuation_multiple growth_premium", *[(1e12, 5.0, 0.0)] * 3),
        segment=rows("seller revenue", (owner, 4e6)),
        contract=rows("customer supplier usage follows", (customer, owner, 1e6, 2.0)),
        commitment=rows("contract amount first_month last_month", (0, 1e6, 1.0, 99.0)),
        fleet=rows("owner capex capex_of_revenue capex_of_backlog", (owner, 1e6, 0.1, 0.1)),
        order=rows("fleet vendor share", (0, vendor, 0.8)),
        market=[dict.fromkeys(("normal_to_open", "normal_to_shut"), 0.0)],
    )
    found = run(inputs, months=1)
    sold = 0.8 * (1e6 + 0.1 * 5e6 + 0.1 * 12e6 / 12.0)
    np.testing.assert_allclose(found["company.equipment_revenue"][0, 0, vendor], sold)
    np.testing.assert_allclose(found["company.last_valuation"][0, 0, vendor], 12.0 * 5.0 * sold)


def test_standby_loans_are_new_money():
    """It burns a million a month with five in hand, and borrows up to a runway of a year."""
    inputs = world(
        company=rows("cash fixed_cost", (5e6, 1e6)),
        loan=rows(
            "borrower lender balance rate undrawn draw_runway maturity", (0, -1, 0.0, 0.0, 30e6, 12.0, 99.0)
        ),
    )
    found = run(inputs, months=MONTHS)
    borrowed = found["company.borrowed"][0, :, 0]
    assert borrowed.sum() > 5e6
    np.testing.assert_allclose(found["market.new_money"][0, :, 0], borrowed)
