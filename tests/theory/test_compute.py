"""The market for compute alone: machines outlive their owners, tenants their landlords, and rents follow need over supply."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

LAB, FIRST, SECOND, CHIPS = range(4)
COST = 120e6
YEARLY = 1.0  # a fleet of 120 million serves 10 million a month
LIFE = 60.0
CLEARING, REVERSION = 0.7, 0.25


def market(rented=(7e6, 8e6), sold=(1e6, 0.0), fleet=None, contract=None, **values):
    """A lab that rents of two neoclouds, which own all the machines there are; a vendor makes them."""
    fleet = {"cost": COST, "capacity_revenue": YEARLY, "age_span": 1.0, "economic_life": LIFE} | (fleet or {})
    tenancy = {"customer": LAB, "follows": 2.0, "substitutable": 1.0} | (contract or {})
    spot = {"spot_market": 1.0, "gpu_clearing": CLEARING, "gpu_reversion": REVERSION}
    return world(
        company=rows("cash", *[(1e12,)] * 4),
        segment=rows("seller revenue", (FIRST, sold[0]), (SECOND, sold[1])),
        contract=[
            tenancy | {"supplier": i, "usage": u} for i, u in zip((FIRST, SECOND), rented, strict=True)
        ],
        fleet=[{"owner": owner, **fleet} for owner in (FIRST, SECOND)],
        order=rows("fleet vendor share", (0, CHIPS, 1.0), (1, CHIPS, 1.0)),
        market=[spot | values],
    )


def failing(i, **more):
    """The same, with a company whose costs eat its cash, so that it fails within a few months."""
    inputs = market(**more)
    inputs["company.cash"][0, i] = 50e6
    inputs["company.fixed_cost"][0, i] = 5e6 if i == LAB else 30e6
    return inputs


def path(inputs, months=24):
    found = run(inputs, months=months)
    return found, found.failed_month[0].astype(int)


def test_a_market_that_stands_still_has_the_rent_of_the_start():
    found, failed = path(market())
    assert not failed.any()
    assert (found["market.gpu_index"] == 1.0).all()
    np.testing.assert_allclose(found["market.need"][0, :, 0], 16e6)
    np.testing.assert_allclose(found["market.installed"][0, :, 0], 20e6)
    assert (found["market.footloose"] == 0.0).all()
    idle = found["fleet.book_value"][0] * (1.0 - found["company.utilisation"][0, :, FIRST : SECOND + 1])
    np.testing.assert_allclose(found["market.stranded"][0, :, 0], idle.sum(axis=1))


def test_when_the_lab_dies_need_falls_supply_stays_and_rents_fall_in_closed_form():
    found, failed = path(failing(LAB))
    month = failed[LAB]
    assert 2 <= month <= 4
    np.testing.assert_allclose(found["market.need"][0, month:, 0], 1e6)
    np.testing.assert_allclose(found["market.installed"][0, :, 0], 20e6)
    level, log, expected = CLEARING * math.log(1.0 / 16.0), 0.0, []
    for t in range(1, 25):
        log += REVERSION * ((level if t > month + 1 else 0.0) - log)
        expected.append(log)
    np.testing.assert_allclose(found["market.gpu_log"][0, :, 0], expected, atol=1e-12)
    stranded = found["market.stranded"][0, :, 0]
    assert stranded[month] > 3.0 * stranded[month - 2]


@pytest.mark.parametrize("salvage", [1.0, 0.6])
def test_what_is_installed_outlives_its_owner_and_its_tenants_stay_in_the_market(salvage):
    """The second neocloud dies: its 8 million of use go to spot, to machines of the dead and of the living alike."""
    found, failed = path(failing(SECOND, salvage=salvage))
    month = failed[SECOND]
    assert 2 <= month <= 4
    assert not failed[[LAB, FIRST]].any()
    np.testing.assert_allclose(found["market.installed"][0, month:, 0], 10e6 * (1.0 + salvage))
    np.testing.assert_allclose(found["fleet.capacity"][0, month:, 1], salvage * COST)
    np.testing.assert_allclose(found["market.need"][0, month:, 0], 16e6)
    np.testing.assert_allclose(found["market.footloose"][0, month:, 0], 8e6)
    # The first has 8 of 10 in use and 2 to let, the dead one all of what is left.
    share = min(1.0, 8.0 / (2.0 + 10.0 * salvage))
    np.testing.assert_allclose(found["market.occupancy"][0, month:, 0], share)
    let = share * 2e6 * found["market.gpu_index"][0, month + 1 :, 0]
    np.testing.assert_allclose(found["company.segment_revenue"][0, month + 1 :, FIRST], 1e6 + let)
    book = found["fleet.book_value"][0, month:]
    np.testing.assert_allclose(
        found["market.stranded"][0, month:, 0], (1.0 - share) * (0.2 * book[:, 0] + book[:, 1])
    )
    level, log = CLEARING * math.log(2.0 / (1.0 + salvage)), 0.0
    for value in found["market.gpu_log"][0, month:, 0]:
        log += REVERSION * (level - log)
        assert value == pytest.approx(log, abs=1e-12)


def test_machines_of_the_dead_retire_at_the_end_of_their_life():
    """Bought a month before the start, they live 9 months, of which the owner lives three or four."""
    found, failed = path(failing(SECOND, fleet={"economic_life": 9.0}))
    assert failed[SECOND] < 5
    np.testing.assert_allclose(found["fleet.capacity"][0, :, 1], [COST] * 7 + [0.0] * 17)


def test_without_a_spot_market_what_the_dead_leave_is_gone():
    found, failed = path(failing(SECOND, spot_market=0.0))
    month = failed[SECOND]
    assert (found["fleet.capacity"][0, month - 1 :, 1] == 0.0).all()
    assert (found["market.footloose"] == 0.0).all()
    assert (found["company.segment_revenue"][0, :, FIRST] == 1e6).all()
    other, _ = path(failing(SECOND, spot_market=0.0, salvage=0.3))
    for key, series in found.series.items():
        np.testing.assert_array_equal(other.series[key], series, err_msg=".".join(key))


def test_end_customers_of_a_dead_landlord_look_elsewhere_too():
    found, failed = path(failing(SECOND, rented=(7e6, 0.0), sold=(1e6, 5e6)))
    month = failed[SECOND]
    np.testing.assert_allclose(found["market.footloose"][0, month:, 0], 5e6)
    np.testing.assert_allclose(found["market.need"][0, :, 0], 13e6)


def test_tenants_come_back_to_the_rent_of_the_day():
    """Four months from the premium to the index, which has fallen by then."""
    contract = {"recontract_months": 4.0}
    inputs = failing(SECOND, contract=contract, gpu_drift=-1.2, substitution_premium=1.5)
    found, failed = path(inputs)
    month = failed[SECOND]
    index = found["market.gpu_index"][0, month:, 0]
    way = np.clip(np.arange(len(index)) / 4.0, 0.0, 1.0)
    np.testing.assert_allclose(
        found["company.bills"][0, month:, LAB], 7e6 + 8e6 * (1.5 + way * (index - 1.5))
    )


def test_what_a_giant_runs_for_itself_takes_room_and_follows_its_research():
    inputs = market()
    inputs["company.own_compute"][0, FIRST] = 1.5e6
    inputs["company.discretionary_growth"][0, FIRST] = 0.3
    found = run(inputs, months=8)
    own = 1.5e6 * np.exp(0.3 * np.arange(1, 9) / 12.0)
    np.testing.assert_allclose(found["company.demand"][0, :, FIRST], 8e6 + own)
    np.testing.assert_allclose(found["company.utilisation"][0, :, FIRST], np.minimum(1.0, (8e6 + own) / 10e6))


def test_who_sells_into_a_bust_sells_to_nobody():
    """The mark of a forced sale is that of the depth at the start over what cash and window leave of it."""

    def mark(**values):
        found, failed = path(failing(SECOND, **values))
        return found["market.fire_sale_gpu"][0, failed[SECOND] - 1, 0]

    plain = mark()
    assert mark(regime=2.0, depth_shut=0.25, shut_to_open=0.0, shut_to_normal=0.0) == pytest.approx(
        4.0 * plain
    )
    assert mark(regime=1.0, depth_shut=0.25, normal_to_shut=0.0, normal_to_open=0.0) == pytest.approx(plain)
    inputs = failing(SECOND, depth_cash=0.5)
    inputs["company.cash"][0, FIRST] = 100e6
    inputs["company.fixed_cost"][0, FIRST] = 8e6 + 15e6  # burns 15 million a month
    inputs["company.minimum_cash"][0, FIRST] = 20e6
    found, failed = path(inputs)
    month = failed[SECOND]
    left = found["company.cash"][0, month - 1, FIRST] - 20e6
    expected = plain / math.sqrt(left / (80e6 + 50e6))
    assert found["market.fire_sale_gpu"][0, month - 1, 0] == pytest.approx(expected)


def test_a_capex_cut_is_a_shortage_later_and_a_loss_to_the_vendor_at_once():
    """Need grows by a fifth a year and fleets with it; without new machines rents rise once there are too few."""

    def grown(capex):
        inputs = market(
            fleet={
                "capex": capex,
                "capex_growth": 0.2,
                "capex_growth_long": 0.2,
                "economic_life": 30.0,
                "age_span": 29.0,
            }
        )
        inputs["contract.intensity_trend"][:] = 0.2
        return run(inputs, months=36)

    built, cut = grown(COST / 29.0 * 1.3), grown(COST / 29.0 * 0.65)
    assert (cut["market.gpu_index"][0, -1, 0]) > 1.25 * built["market.gpu_index"][0, -1, 0]
    np.testing.assert_allclose(
        cut["company.equipment_revenue"][0, :, CHIPS], 0.5 * built["company.equipment_revenue"][0, :, CHIPS]
    )
    boom = grown(COST / 29.0 * 2.6)
    assert boom["market.gpu_index"][0, -1, 0] < 0.8 * built["market.gpu_index"][0, -1, 0]
    assert boom["market.stranded"][0, -1, 0] > built["market.stranded"][0, -1, 0]
