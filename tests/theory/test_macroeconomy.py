"""GDP and wealth alone: what capex adds to GDP, what both do to demand, with which lag, and nothing where they are off."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

GDP, REVENUE, CAPEX, MONTHS = 1e9, 5e6, 4e6, 36
MULTIPLIER, DOMESTIC = 1.5, 0.4


def economy(loading=0.0, lag=1.0, capex_growth=0.3, gdp_growth=0.04, **market):
    """A spender whose capex outgrows GDP, and a shop whose demand may follow GDP."""
    values = {
        "gdp_multiplier": MULTIPLIER,
        "domestic_share": DOMESTIC,
        "gdp_growth": gdp_growth,
        "gdp_lag": lag,
    }
    return world(
        company=rows("cash", (1e12,), (1e12,)),
        segment=rows("seller revenue gdp_loading", (1, REVENUE, loading)),
        fleet=rows(
            "owner capex capex_growth capex_growth_long committed",
            (0, CAPEX, capex_growth, capex_growth, 1.0),
        ),
        market=[{"gdp_start": GDP, **values, **market}],
    )


def relative(capex_growth=0.3, gdp_growth=0.04):
    """GDP over its trend at the end of months 1 to MONTHS."""
    years = np.arange(1, MONTHS + 1) / 12.0
    usual = CAPEX * np.exp(gdp_growth * years)
    extra = MULTIPLIER * DOMESTIC * 12.0 * (CAPEX * np.exp(capex_growth * years) - usual)
    return 1.0 + extra / (GDP * np.exp(gdp_growth * years))


@pytest.mark.parametrize("growth", [-0.5, 0.3])
def test_capex_that_outgrows_gdp_raises_it_by_its_domestic_part_multiplied(growth):
    found = run(economy(capex_growth=growth), months=MONTHS)
    trend = GDP * np.exp(0.04 * np.arange(1, MONTHS + 1) / 12.0)
    np.testing.assert_allclose(found["market.gdp_trend"][0, :, 0], trend, rtol=1e-13)
    np.testing.assert_allclose(found["market.gdp"][0, :, 0], trend * relative(growth), rtol=1e-13)
    assert (found["market.gdp"][0, -1, 0] > trend[-1]) == (growth > 0.04)


@pytest.mark.parametrize("off", [{"gdp_multiplier": 0.0}, {"domestic_share": 0.0}, {"capex_growth": 0.04}])
def test_what_is_imported_or_grows_with_gdp_adds_nothing(off):
    found = run(economy(loading=2.0, **off), months=MONTHS)
    np.testing.assert_allclose(found["market.gdp"], found["market.gdp_trend"], rtol=1e-13)
    np.testing.assert_allclose(found["market.gdp_gap"], 0.0, atol=1e-12)
    np.testing.assert_allclose(found["segment.revenue"], REVENUE, rtol=1e-12)


@pytest.mark.parametrize("loading", [-1.0, 0.8, 2.0])
def test_demand_follows_gdp_a_month_late_with_its_elasticity(loading):
    found = run(economy(loading), months=MONTHS)["segment.revenue"][0, :, 0]
    before = np.concatenate([[1.0], relative()[:-1]])
    np.testing.assert_allclose(found, REVENUE * before**loading, rtol=1e-12)


@pytest.mark.parametrize("lag", [3.0, 12.0])
def test_the_lag_is_a_partial_adjustment(lag):
    gap, expected = 0.0, []
    for ratio in relative():
        expected.append(REVENUE * math.exp(1.5 * gap))
        gap += (math.log(ratio) - gap) / lag
    found = run(economy(1.5, lag), months=MONTHS)["segment.revenue"][0, :, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_without_loading_demand_is_deaf():
    assert (run(economy(0.0), months=MONTHS)["segment.revenue"] == REVENUE).all()


def test_the_loop_closes_through_capex_of_revenue():
    """Who earns more spends more: capex, GDP and demand by hand, month by month."""
    of_revenue, loading = 0.5, 1.2
    inputs = world(
        company=rows("cash", (1e12,)),
        segment=rows("seller revenue growth growth_long gdp_loading", (0, REVENUE, 0.2, 0.2, loading)),
        fleet=rows("owner capex_of_revenue committed", (0, of_revenue, 1.0)),
        market=[
            {
                "gdp_start": GDP,
                "gdp_growth": 0.0,
                "gdp_multiplier": MULTIPLIER,
                "domestic_share": DOMESTIC,
                "gdp_lag": 1.0,
            }
        ],
    )
    gap, expected = 0.0, []
    for t in range(1, MONTHS + 1):
        revenue = REVENUE * math.exp(0.2 * t / 12.0 + loading * gap)
        expected.append(revenue)
        gap = math.log(1.0 + MULTIPLIER * DOMESTIC * 12.0 * of_revenue * (revenue - REVENUE) / GDP)
    found = run(inputs, months=MONTHS)["segment.revenue"][0, :, 0]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    alone = REVENUE * math.exp(0.2 * MONTHS / 12.0)
    assert found[-1] > 1.01 * alone


def rich(loading=0.0, lag=1.0, growth=0.4):
    """A company whose value grows, and a shop that those sell to who own it."""
    return world(
        company=rows("cash growth_premium valuation_multiple", (1e12, 0.0, 10.0), (1e12, 0.0, 0.0)),
        segment=rows(
            "seller revenue growth growth_long wealth_loading",
            (0, REVENUE, growth, growth, None),
            (1, REVENUE, 0.0, 0.0, loading),
        ),
        market=[{"wealth_lag": lag, "value_open": 1.0, "value_shut": 1.0}],
    )


@pytest.mark.parametrize(("loading", "lag"), [(0.05, 1.0), (0.05, 12.0), (-0.3, 4.0)])
def test_demand_follows_the_smoothed_value_of_companies(loading, lag):
    gain, expected = 0.0, []
    for t in range(1, MONTHS + 1):
        expected.append(REVENUE * math.exp(loading * gain))
        gain += (0.4 * t / 12.0 - gain) / lag
    found = run(rich(loading, lag), months=MONTHS, only=["segment.revenue"])["segment.revenue"]
    np.testing.assert_allclose(found[0, :, 1], expected, rtol=1e-12)


def test_a_crash_makes_people_poorer():
    """Funding shuts, values halve, and demand falls by half to the elasticity."""
    inputs = rich(0.1, growth=0.0)
    inputs["market.regime"][:], inputs["market.value_shut"][:] = 1.0, 0.5
    inputs["market.normal_to_shut"][:], inputs["market.normal_to_open"][:] = 1.0, 0.0
    inputs["market.shut_to_open"][:], inputs["market.shut_to_normal"][:] = 0.0, 0.0
    found = run(inputs, months=6, only=["segment.revenue"])["segment.revenue"][0, :, 1]
    np.testing.assert_allclose(found, REVENUE * np.array([1.0, *[0.5**0.1] * 5]), rtol=1e-12)


def test_without_wealth_effect_demand_is_deaf():
    assert (run(rich(), months=MONTHS)["segment.revenue"][0, :, 1] == REVENUE).all()


def test_index_concentration_and_top_share():
    """Values as 5 : 3 : 2, and of the largest alone once the others are dead."""
    inputs = world(
        company=rows("cash fixed_cost", (1e12, 0.0), (35e6, 15e6), (25e6, 12e6)),
        segment=rows("seller revenue", (0, 5e6), (1, 3e6), (2, 2e6)),
    )
    found = run(inputs, months=4, only=["market.index_concentration", "market.top_share", "company.alive"])
    np.testing.assert_allclose(found["market.index_concentration"][0, :, 0], [0.38, 0.38, 1.0, 1.0])
    np.testing.assert_allclose(found["market.top_share"][0, :, 0], [0.5, 0.5, 1.0, 1.0])
