"""Capacity alone: what cannot be served, what stands idle and is let again, and what both do to the GPU index."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

COST = 120e6
YEARLY = 0.8  # capacity of 8 million a month


def cloud(sold=5e6, used=6e6, commitment=0.0, market=None, hosted=1.0, **fleet):
    """A cloud with customers of its own and a tenant, which want more than its fleet can serve."""
    values = {
        "cost": COST,
        "capacity_revenue": YEARLY,
        "age_span": 1.0,
        "economic_life": 600.0,
        "limits": 1.0,
    }
    return world(
        company=rows("cash", (1e12,), (1e12,)),
        segment=rows("seller revenue hosted", (0, sold, hosted)),
        contract=rows("customer supplier usage follows", (1, 0, used, 2.0)),
        commitment=rows("contract amount", (0, commitment)),
        fleet=[{"owner": 0, **values, **fleet}],
        market=[{"substitution_premium": 1.25, **(market or {})}],
    )


def test_scarcity_is_shared_and_the_rest_is_bought_elsewhere():
    found = run(cloud(), months=4)
    served = 8e6 / 11e6
    np.testing.assert_allclose(found["company.segment_revenue"][0, :, 0], 5e6 * served)
    np.testing.assert_allclose(found["company.used"][0, :, 0], 6e6 * served)
    np.testing.assert_allclose(found["company.trade_revenue"][0, :, 0], 6e6 * served)
    np.testing.assert_allclose(found["company.bills"][0, :, 1], 6e6 * (served + 1.25 * (1.0 - served)))
    np.testing.assert_allclose(found["company.demand"][0, :, 0], 11e6)
    assert (found["company.utilisation"][0, :, 0] == 1.0).all()


def test_what_needs_no_fleet_is_neither_demand_nor_rationed():
    """A shop with a cloud: a fifth of its sales needs the machines, which tenants want 6 and it 1 of 8 million."""
    found = run(cloud(hosted=0.2), months=4)
    np.testing.assert_allclose(found["company.demand"][0, :, 0], 7e6)
    np.testing.assert_allclose(found["company.segment_revenue"][0, :, 0], 5e6)
    short = run(cloud(hosted=0.2, cost=COST / 2.0), months=4)
    served = 4e6 / 7e6
    np.testing.assert_allclose(short["company.demand"][0, :, 0], 7e6)
    np.testing.assert_allclose(short["company.segment_revenue"][0, :, 0], 4e6 + 1e6 * served)
    np.testing.assert_allclose(short["company.used"][0, :, 0], 6e6 * served)


def test_commitments_are_owed_whatever_is_served():
    found = run(cloud(commitment=6e6), months=2)
    np.testing.assert_allclose(found["company.trade_revenue"][0, :, 0], 6e6)


@pytest.mark.parametrize("commitment", [6e6, 12e6])
def test_what_cannot_be_delivered_is_not_owed_where_the_market_says_so(commitment):
    """Of 8 million 5/11 go to segments that want 5, what is left to the tenant, however much it has promised."""
    found = run(cloud(commitment=commitment, market={"pay_on_delivery": 1.0}), months=4)
    np.testing.assert_allclose(found["company.trade_revenue"][0, :, 0], 6e6 * 8.0 / 11.0)
    within = run(cloud(commitment=7e6, used=1e6, sold=1e6, market={"pay_on_delivery": 1.0}), months=4)
    np.testing.assert_allclose(within["company.trade_revenue"][0, :, 0], 7e6)


def test_customers_that_want_more_than_before_get_no_more_than_is_left():
    """Use that grows by half a year: what segments leave over is the limit, to the cent."""
    inputs = cloud(sold=3e6, used=3e6)
    inputs["contract.intensity_trend"][:] = 0.5
    found = run(inputs, months=36)
    total = found["company.segment_revenue"][0, :, 0] + found["company.used"][0, :, 0]
    wanted = 3e6 + 3e6 * np.exp(0.5 * np.arange(1, 37) / 12.0)
    assert (total <= 8e6 * (1.0 + 1e-12)).all()
    np.testing.assert_allclose(total, np.minimum(8e6, wanted), rtol=0.02)
    np.testing.assert_allclose(found["company.demand"][0, :, 0], wanted)


@pytest.mark.parametrize("off", [{"limits": 0.0}, {"capacity_revenue": 0.0}, {"cost": 200e6}])
def test_without_limits_or_with_capacity_enough_all_is_served(off):
    found = run(cloud(**off), months=4)
    np.testing.assert_allclose(found["company.bills"][0, :, 1], 6e6)
    np.testing.assert_allclose(found["company.segment_revenue"][0, :, 0], 5e6)


def test_idle_capacity_is_let_again_a_month_late_at_the_index():
    """Capacity of 8 million a month, 3 wanted: a fifth of the other 5 is let at a rent that falls."""
    drift = {"gpu_drift": -0.6, "gpu_reversion": 1.0}
    found = run(cloud(sold=2e6, used=1e6, relet=0.2, market=drift), months=12)
    index = np.exp(-0.6 * np.arange(1, 13) / 12.0)
    np.testing.assert_allclose(found["company.segment_revenue"][0, :, 0], 2e6 + 0.2 * 5e6 * index)
    np.testing.assert_allclose(found["company.utilisation"][0, :, 0], 3.0 / 8.0)
    idle = run(cloud(sold=2e6, used=1e6, market=drift), months=12)["company.segment_revenue"][0, :, 0]
    assert (idle == 2e6).all()


def test_stranded_capacity_is_idle_book_value():
    """Half idle, bought a month before the start, written off over six months, the first of them that in which it came: three, two, ... sixths of it."""
    found = run(cloud(sold=4e6, used=0.0, book_life=6.0), months=7)
    left = np.array([3, 2, 1, 0, 0, 0, 0]) / 6.0
    np.testing.assert_allclose(found["fleet.book_value"][0, :, 0], COST * left, atol=1e-6)
    np.testing.assert_allclose(found["market.stranded"][0, :, 0], 0.5 * COST * left, atol=1e-6)


@pytest.mark.parametrize("growth", [-0.5, 0.0, 0.4])
def test_rents_rise_in_scarcity_and_fall_in_a_glut(growth):
    """Demand moves, supply does not: the index follows with its reversion, a month late."""
    clearing, reversion, months = 0.7, 0.25, 24
    inputs = cloud(limits=0.0, used=0.0, market={"gpu_clearing": clearing, "gpu_reversion": reversion})
    inputs["segment.growth"][:] = inputs["segment.growth_long"][:] = growth
    log, expected = 0.0, []
    for t in range(months):
        log += reversion * (clearing * growth * t / 12.0 - log)
        expected.append(log)
    found = run(inputs, months=months)["market.gpu_log"][0, :, 0]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_new_supply_lowers_rents():
    """Capex that doubles the fleet when it is built: the level falls by the elasticity times ln 2."""
    inputs = cloud(
        limits=0.0, used=0.0, capex=COST, lag=3.0, market={"gpu_clearing": 0.5, "gpu_reversion": 1.0}
    )
    log = run(inputs, months=8)["market.gpu_log"][0, :, 0]
    assert (log[:4] == 0.0).all()
    np.testing.assert_allclose(log[4:], [-0.5 * math.log(n) for n in range(2, 6)], rtol=1e-12)


def test_without_clearing_the_index_is_deaf():
    inputs = cloud(limits=0.0, used=0.0)
    inputs["segment.growth"][:] = 2.0
    assert (run(inputs, months=12)["market.gpu_log"] == 0.0).all()


def test_what_is_reserved_does_not_stand_idle():
    """4 of 8 million are committed for three months, of which 1 is used: with 2 of own sales, 2 and then 5 are idle."""
    inputs = cloud(sold=2e6, used=1e6, commitment=4e6, relet=0.2)
    inputs["commitment.last_month"][:] = 3.0
    found = run(inputs, months=6)
    idle = np.array([2e6] * 3 + [5e6] * 3)
    np.testing.assert_allclose(found["company.demand"][0, :, 0], 8e6 - idle)
    np.testing.assert_allclose(found["company.utilisation"][0, :, 0], 1.0 - idle / 8e6)
    let = found["company.segment_revenue"][0, :, 0] - 2e6
    np.testing.assert_allclose(let, 0.2 * np.concatenate([idle[:1], idle[:-1]]))


def test_who_waives_a_commitment_lets_the_capacity_again():
    """The tenant's runway is short from month 2 on: half of what it reserved is free again in the month after."""
    inputs = cloud(sold=2e6, used=0.0, commitment=4e6, relet=1.0, market={"renegotiation_runway": 12.0})
    inputs["contract.renegotiable"][:] = 0.5
    inputs["company.cash"][0, 1] = 40e6
    found = run(inputs, months=4)
    np.testing.assert_allclose(found["company.demand"][0, :, 0], [6e6, 4e6, 4e6, 4e6])
    np.testing.assert_allclose(found["company.segment_revenue"][0, :, 0], [4e6, 4e6, 6e6, 6e6])


def test_what_is_reserved_takes_idle_capacity_from_the_market_and_no_more():
    """4 of 8 million are wanted; 6 more are reserved from month 3 on, of which 4 are there: rents rise by the elasticity times ln 2."""
    market = {"gpu_clearing": 0.5, "gpu_reversion": 1.0}
    inputs = cloud(sold=4e6, used=0.0, commitment=6e6, limits=0.0, market=market)
    inputs["commitment.first_month"][:] = 3.0
    log = run(inputs, months=5)["market.gpu_log"][0, :, 0]
    np.testing.assert_allclose(log, [0.0, 0.0, 0.0, 0.5 * math.log(2.0), 0.5 * math.log(2.0)], atol=1e-12)


def test_fleets_that_are_not_for_rent_have_no_part_in_rents():
    """A second fleet, whose capacity earns nothing by itself, grows: the index stands as the first one does."""
    inputs = cloud(limits=0.0, market={"gpu_clearing": 0.5, "gpu_reversion": 1.0})
    own = world(
        company=rows("cash", (1e12,)),
        fleet=rows("owner cost capex capacity_revenue", (0, COST, COST, 0.0), (0, COST, 0.0, YEARLY)),
        segment=rows("seller revenue", (0, 5e6)),
        market=[{"gpu_clearing": 0.5, "gpu_reversion": 1.0}],
    )
    own["fleet.age_span"][:], own["fleet.economic_life"][:], own["fleet.lag"][:] = 1.0, 600.0, 1.0
    assert (run(inputs, months=6)["market.gpu_log"] == 0.0).all()
    assert (run(own, months=6)["market.gpu_log"] == 0.0).all()
    own["fleet.capacity_revenue"][:] = YEARLY
    assert (run(own, months=6)["market.gpu_log"][0, 2:, 0] < 0.0).all()
