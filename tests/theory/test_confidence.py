"""Patience, backlog and valuation alone: sign, size and lag of what they do to capex, and nothing where they are off."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

CAPEX, REVENUE, HAZARD, TOLERANCE, CUT = 8e6, 1e6, 0.2, 4.0, 0.25


def giant(hazard=HAZARD, cut_first=0.0, lease=0.0, **fleet):
    """A company that spends 8 dollars of AI capex per dollar of AI revenue, and leases from another."""
    values = {"patience_hazard": hazard, "tolerance": TOLERANCE, "patience_cut": CUT} | fleet
    return world(
        company=rows("cash", (1e12,), (1e12,)),
        segment=rows("seller revenue", (0, REVENUE)),
        fleet=[{"owner": 0, "capex": CAPEX, **values}],
        contract=rows("customer supplier usage cut_first follows", (0, 1, lease, cut_first, 2.0)),
        commitment=rows("contract amount", (0, lease / 2)),
    )


def test_patience_runs_out_with_the_hazard_of_the_log_excess():
    """In month 1 all paths have the same strain, so that the strikes are binomial."""
    paths = 20_000
    found = run(giant(), months=1, paths=paths, only=["fleet.strikes"])["fleet.strikes"][:, 0, 0]
    chance = 1.0 - math.exp(-HAZARD * math.log(CAPEX / REVENUE / TOLERANCE))
    assert abs(found.mean() - chance) < 4.0 * math.sqrt(chance * (1.0 - chance) / paths)


def test_each_strike_cuts_the_plan_until_revenue_carries_it():
    found = run(giant(), months=60, paths=200, only=["fleet.strikes", "fleet.plan", "fleet.capex"])
    strikes, plan = found["fleet.strikes"][:, :, 0], found["fleet.plan"][:, :, 0]
    np.testing.assert_allclose(plan, (1.0 - CUT) ** strikes, rtol=1e-12)
    np.testing.assert_allclose(found["fleet.capex"][:, :, 0], CAPEX * plan, rtol=1e-12)
    # 8, 6, 4.5 and 3.375 dollars per dollar of revenue: below the tolerance nobody loses patience any more
    assert strikes.max() == 3
    assert strikes[:, -1].mean() > 2.5


def test_leases_of_others_go_first():
    """A lease worth more than what is to be saved bears all of it, from the month of the strike on."""
    lease = 10e6
    found = run(
        giant(hazard=100.0, cut_first=0.5, lease=lease), months=3, only=["fleet.plan", "company.bills"]
    )
    kept = 1.0 - CUT * CAPEX / lease
    assert found["fleet.plan"][0, 0, 0] == 1.0
    assert found["company.bills"][0, 0, 0] == pytest.approx(kept * lease)
    dear = run(giant(hazard=100.0, cut_first=1.0, lease=1e6), months=1, only=["fleet.plan", "company.bills"])
    assert dear["company.bills"][0, 0, 0] == pytest.approx(0.0)
    assert dear["fleet.plan"][0, 0, 0] == pytest.approx(1.0 - CUT * (1.0 - 1e6 / (CUT * CAPEX)))


@pytest.mark.parametrize("off", [{"hazard": 0.0}, {"tolerance": 8.0 + 1e-9}])
def test_without_hazard_or_within_the_tolerance_nothing_is_cut(off):
    found = run(
        giant(cut_first=0.5, lease=1e7, **off), months=24, paths=50, only=["fleet.strikes", "company.bills"]
    )
    assert (found["fleet.strikes"] == 0.0).all()
    assert (found["company.bills"][:, :, 0] == 1e7).all()


def landlord(of_backlog=0.5, burn=0.0, cash=1e9, last=18.0):
    """A landlord of whom a tenant has rented for 18 months."""
    return world(
        company=rows("cash fixed_cost", (1e12, 0.0), (cash, burn)),
        contract=rows("customer supplier usage follows", (1, 0, 3e6, 2.0)),
        commitment=rows("contract amount last_month", (0, 3e6, last)),
        fleet=rows("owner capex_of_backlog", (0, of_backlog)),
    )


def test_capex_follows_the_backlog_down_to_its_end():
    found = run(landlord(), months=24, only=["company.backlog", "fleet.wanted"])
    left = np.clip(18 - np.arange(24), 0, 12)
    np.testing.assert_allclose(found["company.backlog"][0, :, 0], 3e6 * left)
    np.testing.assert_allclose(found["fleet.wanted"][0, :, 0], 0.5 * 3e6 * left / 12.0)


def test_the_backlog_is_worth_what_the_customer_can_pay():
    """A tenant with cash for ten months at the end of month 1: the backlog of month 2 counts ten twelfths."""
    found = run(
        landlord(burn=7e6, cash=110e6, last=1200.0), months=14, only=["company.backlog", "company.runway"]
    )
    runway, backlog = found["company.runway"][0, :, 1], found["company.backlog"][0, :, 0]
    assert runway[0] == pytest.approx(10.0)
    assert backlog[0] == 36e6
    np.testing.assert_allclose(backlog[1:], 36e6 * np.minimum(1.0, runway[:-1] / 12.0))
    assert backlog[-1] == 0.0


def test_without_a_share_of_the_backlog_there_is_no_capex():
    assert (run(landlord(of_backlog=0.0), months=6, only=["fleet.wanted"])["fleet.wanted"] == 0.0).all()


@pytest.mark.parametrize("elasticity", [0.0, 0.5, 2.0])
def test_the_plan_follows_the_valuation_a_month_late(elasticity):
    growth = 0.6
    inputs = world(
        company=rows("cash growth_premium", (1e12, 0.0)),
        segment=rows("seller revenue growth growth_long", (0, 5e6, growth, growth)),
        fleet=rows("owner capex capex_valuation", (0, 1e6, elasticity)),
        market=[{"value_open": 1.0, "value_shut": 1.0}],
    )
    found = run(inputs, months=24, only=["fleet.wanted"])["fleet.wanted"][0, :, 0]
    np.testing.assert_allclose(found, 1e6 * np.exp(elasticity * growth * np.arange(24) / 12.0), rtol=1e-9)
