"""Capex plans alone: their process, the pull of demand, and the confidence of investors; what gives way first."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

CAPEX, COST = 4e6, 120e6
VOLATILITY, NOISE, HALF_LIFE = 0.3, 0.25, 9.0


def owners(count=1, company=None, market=None, **fleet):
    """Rich companies that own a fleet each, and sell for 5 million a month."""
    return world(
        company=[{"cash": 1e13} | (company or {}) for _ in range(count)],
        segment=[{"seller": i, "revenue": 5e6} for i in range(count)],
        fleet=[{"owner": i, "capex": CAPEX, "economic_life": 600.0, **fleet} for i in range(count)],
        market=[market or {}],
    )


def shocked(count=1, share=0.0, **fleet):
    values = {"capex_volatility": VOLATILITY, "capex_noise": NOISE, "capex_growth_half_life": HALF_LIFE}
    return owners(count, capex_common=share, **(values | fleet))


def moments(t):
    """Variance of the log of a plan after t months, in closed form."""
    r, step = 2.0 ** (-1.0 / HALF_LIFE), VOLATILITY * math.sqrt(1.0 / 12.0) / 12.0
    weights = [(1.0 - r**k) / (1.0 - r) for k in range(1, t + 1)]
    return step**2 * sum(w**2 for w in weights) + NOISE**2 * t / 12.0


def test_the_mean_of_a_plan_is_what_growth_says_and_its_log_has_the_variance_of_the_process():
    paths, months = 40_000, 36
    inputs = shocked(capex_growth=0.4, capex_growth_long=0.1)
    plan = run(inputs, months=months, paths=paths, only=["fleet.plan"])["fleet.plan"][:, :, 0]
    for t in (1, 12, 36):
        growth = sum(0.1 + 0.3 * 2.0 ** (-(k - 1) / HALF_LIFE) for k in range(1, t + 1)) / 12.0
        logs, variance = np.log(plan[:, t - 1]), moments(t)
        assert logs.mean() == pytest.approx(growth - 0.5 * variance, abs=4.0 * math.sqrt(variance / paths))
        assert logs.var() == pytest.approx(variance, rel=4.0 * math.sqrt(2.0 / paths))
        spread = math.sqrt(math.expm1(variance) / paths)
        assert plan[:, t - 1].mean() == pytest.approx(math.exp(growth), rel=4.0 * spread)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_plans_of_two_owners_move_together_by_the_share_in_common(share):
    found = run(shocked(2, share), months=24, paths=20_000, only=["fleet.plan"])["fleet.plan"]
    steps = np.log(found[:, -1])
    assert np.corrcoef(steps.T)[0, 1] == pytest.approx(share, abs=0.03)


def test_pressure_pulls_capex_with_its_lag():
    """Demand grows by 30 % a year on machines that stay: the log of the plan runs after elasticity times log pressure."""
    inputs = owners(capex_pressure=0.6, capex_lag=4.0, capacity_revenue=1.0, cost=COST, lag=120.0)
    inputs["fleet.capex"][:] = CAPEX
    inputs["segment.growth"][:] = inputs["segment.growth_long"][:] = 0.3
    found, pull = run(inputs, months=24), 0.0
    for t in range(1, 25):
        pull += (0.6 * 0.3 * t / 12.0 - pull) / 4.0
        assert found["fleet.pull"][0, t - 1, 0] == pytest.approx(pull, abs=1e-12)
        assert found["fleet.capex"][0, t - 1, 0] == pytest.approx(CAPEX * math.exp(pull))


def test_plans_catch_up_with_demand_for_as_long_as_there_is_a_gap():
    """Demand that falls by 30 % a year on machines that stay: the gap adds up month by month, and stays when growth does."""
    inputs = owners(
        capex_pressure=0.6, capex_catch_up=0.5, capex_lag=1.0, capacity_revenue=1.0, cost=COST, lag=120.0
    )
    inputs["segment.growth"][:] = inputs["segment.growth_long"][:] = -0.3
    pull = run(inputs, months=24)["fleet.pull"][0, :, 0]
    gap = -0.3 * np.arange(1, 25) / 12.0
    np.testing.assert_allclose(pull, 0.6 * gap + 0.5 * np.cumsum(gap) / 12.0, rtol=1e-12)


def test_an_empty_cloud_builds_less():
    inputs = owners(capex_pressure=1.0, capex_lag=1.0, capacity_revenue=1.0, cost=COST, lag=120.0)
    inputs["segment.growth"][:] = inputs["segment.growth_long"][:] = -0.5
    capex = run(inputs, months=12)["fleet.capex"][0, :, 0]
    np.testing.assert_allclose(capex, CAPEX * np.exp(-0.5 * np.arange(1, 13) / 12.0))


def test_orders_pull_capex():
    """A tenant signs for more from month 7 on: twelve months of it are in the backlog a year before they are all due."""
    inputs = world(
        company=rows("cash", (1e13,), (1e13,)),
        contract=rows("customer supplier usage follows", (1, 0, 3e6, 2.0)),
        commitment=rows("contract amount first_month", (0, 3e6, 1.0), (0, 6e6, 7.0)),
        fleet=rows("owner capex capex_orders capex_lag", (0, CAPEX, 0.5, 1.0)),
    )
    found = run(inputs, months=12)
    backlog = 3e6 * 12 + 6e6 * np.clip(np.arange(6, 18), 0, 12)
    np.testing.assert_allclose(found["company.backlog"][0, :, 0], backlog)
    np.testing.assert_allclose(found["fleet.capex"][0, :, 0], CAPEX * np.sqrt(backlog / backlog[0]))


def trusted(growth=(-0.4, 0.1), lease=0.0, cut_first=0.0, **company):
    """Two giants and a landlord: the first falls behind the market."""
    inputs = owners(3, company={"growth_premium": 0.0, "public": 1.0} | company)
    inputs["segment.growth"][0] = inputs["segment.growth_long"][0] = [*growth, 0.0]
    more = world(
        company=rows("cash", *[(1.0,)] * 3),
        contract=rows("customer supplier usage follows cut_first", (0, 2, lease, 2.0, cut_first)),
    )
    return inputs | {name: values for name, values in more.items() if name.startswith("contract.")}


def test_who_falls_behind_the_market_loses_confidence_and_who_is_ahead_does_not():
    found = run(trusted(confidence_value=1.5, confidence_lag=3.0), months=24)
    value, confidence = found["company.valuation"][0], 1.0
    first = np.array([5e6, 5e6, 5e6]) * 120.0
    index = np.concatenate([[1.0], value.sum(axis=1) / first.sum()])
    own = np.concatenate([[1.0], value[:, 0] / first[0]])
    for t in range(24):
        confidence += (min(1.0, own[t] / index[t]) ** 1.5 - confidence) / 3.0
        assert found["company.confidence"][0, t, 0] == pytest.approx(confidence)
        assert found["fleet.capex"][0, t, 0] == pytest.approx(CAPEX * confidence)
    assert (found["company.confidence"][0, :, 1] == 1.0).all()
    assert confidence < 0.5


def test_a_fall_of_all_is_no_reason_to_trust_one_of_them_less():
    inputs = trusted(growth=(-0.4, -0.4), confidence_value=1.5)
    inputs["segment.growth"][:] = inputs["segment.growth_long"][:] = -0.4
    np.testing.assert_allclose(run(inputs, months=12)["company.confidence"], 1.0)


@pytest.mark.parametrize("life", [36.0, 72.0])
def test_short_lives_eat_earnings_and_confidence(life):
    """Depreciation of 4 or 2 million a month on machines of 144 million, against 5 million before it."""
    inputs = owners(
        company={"confidence_burden": 2.0, "confidence_lag": 1.0, "burden_tolerance": 0.5},
        cost=144e6,
        age_span=1.0,
        book_life=life,
    )
    inputs["fleet.capex"][:] = 1.0
    found = run(inputs, months=6)["company.confidence"][0, :, 0]
    burden = 144e6 / life / 5e6
    np.testing.assert_allclose(found, [1.0] + [math.exp(-2.0 * max(0.0, burden - 0.5))] * 5, rtol=1e-6)


def test_leases_of_others_go_before_own_capex_and_come_back():
    """A lease of which 3 million may go bears the first 3 million of what is to be saved."""
    inputs = trusted(lease=6e6, cut_first=0.5, confidence_value=1.5, confidence_lag=1.0)
    found = run(inputs, months=24)
    confidence = found["company.confidence"][0, :, 0]
    wish = (1.0 - confidence) * CAPEX
    np.testing.assert_allclose(found["company.bills"][0, :, 0], 6e6 - np.minimum(wish, 3e6))
    np.testing.assert_allclose(found["fleet.capex"][0, :, 0], CAPEX - np.maximum(0.0, wish - 3e6))
    assert wish.max() < 3e6 or (found["fleet.capex"][0, :, 0] < CAPEX).any()
    back = trusted(growth=(-0.6, 0.0), lease=6e6, cut_first=0.5, confidence_value=1.5, confidence_lag=1.0)
    back["segment.growth_half_life"][:] = 3.0
    back["segment.growth_long"][0, 0] = 1.0
    bills = run(back, months=48)["company.bills"][0, :, 0]
    assert bills.min() < 6e6
    assert bills[-1] == pytest.approx(6e6)


def test_a_giant_that_builds_more_cuts_buybacks_first_then_borrows_up_to_its_target():
    """Capex grows by half a year: buybacks fall to nothing, then bonds come, then capex gives way to what is left."""
    inputs = owners(
        company={"cash": 60e6, "payout": 0.8, "minimum_cash": 10e6},
        capex_growth=0.5,
        capex_growth_long=0.5,
    )
    bonds = world(
        company=rows("cash", (1.0,)),
        loan=rows(
            "borrower lender balance undrawn maturity draw_runway max_leverage",
            (0, -1, 0.0, 1e12, 600.0, 24.0, 0.2),
        ),
    )
    inputs |= {name: values for name, values in bonds.items() if name.startswith("loan.")}
    inputs["fleet.capex"][:] = 3e6
    found = run(inputs, months=60)
    payout, debt = found["company.payout"][0, :, 0], found["company.debt"][0, :, 0]
    borrows = int(np.flatnonzero(debt > 0)[0])
    assert (np.diff(payout[payout > 0]) < 0).all()
    assert (payout[borrows:] == 0.0).all()
    assert 0.2 < found["company.leverage"][0, -1, 0] < 0.35
    gives_way = found["fleet.capex"][0, :, 0] < found["fleet.wanted"][0, :, 0] - 1.0
    assert np.flatnonzero(gives_way)[0] > borrows
    assert found.failed_month[0, 0] == 0


def test_off_means_absent_to_the_bit():
    """What has no volatility has no share in common, and what has no elasticity no lag and no tolerance."""
    plain = owners(2, capex_growth=0.3, capacity_revenue=1.0, cost=COST)
    said = owners(
        2,
        company={"burden_tolerance": 0.1, "confidence_lag": 9.0},
        capex_growth=0.3,
        capacity_revenue=1.0,
        cost=COST,
        capex_common=0.7,
        capex_lag=2.0,
    )
    one, other = run(plain, months=24, paths=16), run(said, months=24, paths=16)
    for key, series in one.series.items():
        np.testing.assert_array_equal(other.series[key], series, err_msg=".".join(key))
