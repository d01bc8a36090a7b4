"""Prices, pass-through and volumes against closed forms."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run


def lab_and_app(
    rise: float, *, pass_through: float, elasticity: float, share: float = 1.0, **contract
) -> dict:
    """An app that sells for 10m a month and pays `share` of it to a lab, whose price rises in month 1."""
    return world(
        company=rows("cash pass_through price_step", (1e9, pass_through, None), (1e9, None, rise)),
        segment=rows("seller revenue elasticity adjust_months", (0, 10e6, elasticity, 1.0)),
        contract=[{"customer": 0, "supplier": 1, "usage": share * 10e6, **contract}],
    )


def test_price_rise_of_a_lab():
    """Reference case API_price_rise_revenue_of_lab: +20 %, share 0.6, half passed on, elasticity 2."""
    found = run(lab_and_app(0.2, pass_through=0.5, elasticity=2.0, share=0.6), months=3)
    assert found["company.price"][0, 0, 0] == pytest.approx(1.06, rel=1e-14)
    assert found["segment.volume"][0, 0, 0] == pytest.approx(0.8899964400142398, rel=1e-13)
    assert found["company.trade_revenue"][0, 0, 1] / 6e6 == pytest.approx(1.0679957280170878, rel=1e-13)


def test_the_lab_gains_nothing_at_the_break_even_elasticity():
    """Same case: its revenue is unchanged where elasticity = ln(1 + rise) / ln(1 + passed share of it)."""
    elasticity = math.log(1.2) / math.log(1.06)
    assert elasticity == pytest.approx(3.128968135219527, rel=1e-12)
    found = run(lab_and_app(0.2, pass_through=0.5, elasticity=elasticity, share=0.6), months=3)
    np.testing.assert_allclose(found["company.trade_revenue"][0, :, 1], 6e6, rtol=1e-12)


@pytest.mark.parametrize("lag", [1.0, 3.0, 7.5])
def test_a_price_approaches_its_target_geometrically(lag):
    """1 - (1 - 1/lag)^t of the way after t months."""
    inputs = lab_and_app(0.5, pass_through=0.8, elasticity=0.0)
    inputs["company.price_lag"][:] = lag
    found = run(inputs, months=12)["company.price"][0, :, 0]
    way = 1.0 - (1.0 - 1.0 / lag) ** np.arange(1, 13)
    np.testing.assert_allclose(found, 1.0 + 0.8 * 0.5 * way, rtol=1e-12)


@pytest.mark.parametrize("months", [1.0, 3.0, 8.0])
def test_volume_approaches_its_target_geometrically(months):
    inputs = lab_and_app(0.5, pass_through=1.0, elasticity=1.3)
    inputs["segment.adjust_months"][:] = months
    found = run(inputs, months=12)["segment.volume"][0, :, 0]
    way = 1.0 - (1.0 - 1.0 / months) ** np.arange(1, 13)
    np.testing.assert_allclose(found, 1.0 + (1.5**-1.3 - 1.0) * way, rtol=1e-12)


def test_what_is_not_passed_on_is_felt_as_worse_service():
    inputs = lab_and_app(0.5, pass_through=0.4, elasticity=1.0, share=0.8)
    inputs["company.service_cut"][:] = 0.5
    found = run(inputs, months=2)
    wanted = (1.0 + 0.4 * 0.8 * 0.5) * (1.0 + 0.5 * 0.6 * 0.8 * 0.5)
    np.testing.assert_allclose(found["company.effective_price"][0, :, 0], wanted, rtol=1e-13)
    np.testing.assert_allclose(found["segment.response"][0, :, 0], 1.0 / wanted, rtol=1e-13)


def test_a_rise_goes_down_a_chain_one_link_a_month():
    """Full pass-through, share 1: each company posts the rise one month after its supplier."""
    count = 5
    company = rows("cash price_step", (1e9, 0.3), *[(1e9, None)] * (count - 1))
    contract = rows("customer supplier usage", *[(k + 1, k, 1e6) for k in range(count - 1)])
    segment = rows("seller revenue", (count - 1, 1e6))
    found = run(world(company=company, contract=contract, segment=segment), months=count)["company.price"][0]
    wanted = np.where(np.arange(count)[None, :] <= np.arange(count)[:, None] + 1, 1.3, 1.0)
    np.testing.assert_allclose(found, wanted, rtol=1e-13)


def test_prices_of_a_network_settle_where_leontief_says():
    """p_i = 1 + theta_i s_i (c_i - 1) with usage-weighted prices c_i is a linear system."""
    usage = {(0, 1): 2e6, (1, 0): 1e6, (0, 2): 1e6, (1, 2): 3e6}
    theta, sold = (0.9, 0.6), (5e6, 4e6)
    inputs = world(
        company=rows(
            "cash pass_through price_step", (1e9, theta[0], None), (1e9, theta[1], None), (1e9, None, 0.5)
        ),
        segment=rows("seller revenue", (0, sold[0]), (1, sold[1])),
        contract=rows("customer supplier usage", *[(*pair, amount) for pair, amount in usage.items()]),
    )
    found = run(inputs, months=120)["company.price"][0, -1, :2]
    matrix, constant = np.eye(2), np.zeros(2)
    for i in range(2):
        revenue = sold[i] + sum(amount for (_, supplier), amount in usage.items() if supplier == i)
        constant[i] = theta[i] * 0.5 * usage[i, 2] / revenue
        matrix[i, 1 - i] -= theta[i] * usage[i, 1 - i] / revenue
    np.testing.assert_allclose(found, 1.0 + np.linalg.solve(matrix, constant), rtol=1e-9)


def test_routing_moves_use_by_its_elasticity():
    found = run(lab_and_app(0.5, pass_through=0.0, elasticity=0.0, routing=0.8), months=1)
    assert found["company.used"][0, 0, 1] == pytest.approx(10e6 * 1.5**-0.8, rel=1e-13)
    assert found["company.bills"][0, 0, 0] == pytest.approx(10e6 * 1.5**0.2, rel=1e-13)


def test_a_rival_gains_its_share_of_what_is_lost():
    """Both before and after the death of the dearer seller; the market goes on without it."""
    inputs = world(
        company=rows("cash fixed_cost price_step", (30e6, 9e6, 0.25), (1e9, None, None)),
        segment=rows("seller revenue elasticity adjust_months", (0, 8e6, 2.0, 1.0), (1, 4e6, None, None)),
        recapture=rows("from to share", (0, 1, 0.75)),
    )
    found = run(inputs, months=24)
    died = found.failed_month[0, 0]
    assert 2 < died < 24
    lost = 8e6 * (1.0 - 1.25**-2.0)
    np.testing.assert_allclose(found["segment.revenue"][0, :died, 1], 4e6 + 0.75 * lost, rtol=1e-13)
    np.testing.assert_allclose(found["segment.revenue"][0, died:, 1], 4e6 + 0.75 * 8e6, rtol=1e-13)


def test_a_cap_saves_cost_and_is_felt():
    """Nothing is passed on, three quarters of the extra cost is saved by using less, and half of that is felt as a price."""
    inputs = lab_and_app(0.5, pass_through=0.0, elasticity=1.0, share=0.8)
    inputs["company.use_cap"][:] = 0.75
    inputs["company.cap_felt"][:] = 0.5
    found = run(inputs, months=2)
    borne = 0.8 * 0.5
    felt = 1.0 + 0.5 * 0.75 * borne
    np.testing.assert_allclose(found["company.price"][0, :, 0], 1.0, rtol=1e-14)
    np.testing.assert_allclose(found["company.effective_price"][0, :, 0], felt, rtol=1e-13)
    np.testing.assert_allclose(found["segment.response"][0, :, 0], 1.0 / felt, rtol=1e-13)
    used = 8e6 * (1.0 - 0.75 * borne / (0.8 * 1.5))
    np.testing.assert_allclose(
        found["company.used"][0, 0, 1], used * found["company.activity"][0, 0, 0], rtol=1e-12
    )
    inputs["company.use_cap"][:] = 0.0
    found = run(inputs, months=2)
    np.testing.assert_allclose(found["company.used"][0, :, 1], 8e6, rtol=1e-14)
    np.testing.assert_allclose(found["company.effective_price"][0, :, 0], 1.0, rtol=1e-14)


@pytest.mark.parametrize("gap", [0.0, 1.0, 2.0])
def test_the_lab_pulls_users_away_faster_from_a_dearer_product(gap):
    """From month 3 on, at 0.6 a year times 1.25 to the power of the gap; the lab gains half of them."""
    inputs = world(
        company=rows("cash price_step", (1e12, 0.25), (1e12, None)),
        segment=rows("seller revenue", (0, 8e6), (1, 4e6)),
        recapture=rows("from to share pull pull_gap pull_month", (0, 1, 0.5, 0.6, gap, 3.0)),
    )
    found = run(inputs, months=12)["segment.volume"][0]
    stay = np.exp(-0.6 * 1.25**gap / 12.0 * np.maximum(0, np.arange(1, 13) - 2))
    np.testing.assert_allclose(found[:, 0], stay, rtol=1e-12)
    np.testing.assert_allclose(found[:, 1], 1.0 + 0.5 * 8e6 * (1.0 - stay) / 4e6, rtol=1e-12)
    inputs["recapture.pull"][:] = 0.0
    np.testing.assert_allclose(run(inputs, months=12)["segment.volume"][0], 1.0, rtol=1e-14)


def test_what_is_routed_to_own_models_costs_what_these_cost():
    """Use that moves away because of the price is served elsewhere, or by the app itself, for 40 cents a dollar."""
    inputs = lab_and_app(0.5, pass_through=0.0, elasticity=0.0, routing=0.8, routed_cost=0.4)
    found = run(inputs, months=1)
    stays = 10e6 * 1.5**-0.8
    assert found["company.bills"][0, 0, 0] == pytest.approx(1.5 * stays + 0.4 * (10e6 - stays), rel=1e-13)
    assert found["company.trade_revenue"][0, 0, 1] == pytest.approx(1.5 * stays, rel=1e-13)
    inputs["contract.routing"][:] = 0.0
    assert run(inputs, months=1)["company.bills"][0, 0, 0] == pytest.approx(15e6, rel=1e-13)
