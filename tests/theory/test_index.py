"""What listed companies are worth together: new money is no gain, payouts no loss, and more volatility is not more value."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

STILL = {f"normal_to_{other}": 0.0 for other in ("open", "shut")}
MOVING = STILL | {"index_volatility": 0.3, "index_drift": 0.06}


def pair(market=STILL, **company):
    """Two listed companies, one thrice the other; the larger grows to double in the first month."""
    names = "cash public price_step price_step_month growth_premium fixed_cost"
    return world(
        company=rows(
            names,
            (1e9, 1.0, 1.0, 2.0, 0.0, 0.0),
            (1e9, 1.0, None, None, 0.0, company.get("fixed_cost", 0.0)),
            (1e9, 0.0, 4.0, 2.0, 0.0, 0.0),
        ),
        segment=rows("seller revenue", (0, 3e6), (1, 1e6), (2, 9e6)),
        market=[market],
    )


def test_it_weighs_listed_companies_by_their_value():
    """The larger doubles, the smaller stays, the private one does not count: (2 * 3 + 1) / 4."""
    found = run(pair(), months=3)["market.index"][0, :, 0]
    np.testing.assert_allclose(found, [1.0, 1.75, 1.75], rtol=1e-12)


def test_a_failure_counts_as_a_loss_of_all_of_it():
    found = run(pair(fixed_cost=4e8), months=4)
    assert found.failed_month[0].tolist() == [0, 3, 0]
    np.testing.assert_allclose(found["market.index"][0, :, 0], [1.0, 1.75, 1.5, 1.5], rtol=1e-12)


def test_new_shares_are_no_gain_of_those_who_held_some():
    """It sells shares of a tenth of its value each month: at the same value of all shares, each is worth a tenth less."""
    inputs = world(
        company=rows(
            "cash public equity_runway fixed_cost growth_premium round_months",
            (5e6, 1.0, 120.0, 2e6, 0.0, 1e2),
        ),
        segment=rows("seller revenue", (0, 1e6)),
        market=[STILL | {"equity_normal": 1.0, "equity_discount_normal": 0.0, "equity_share": 0.1}],
    )
    found = run(inputs, months=4)
    np.testing.assert_allclose(found["company.raised"][0, :, 0], [0.0, 12e6, 12e6, 12e6], rtol=1e-12)
    np.testing.assert_allclose(found["market.index"][0, :, 0], [1.0, 0.9, 0.81, 0.729], rtol=1e-12)


def test_payouts_are_a_gain_of_who_gets_them():
    inputs = world(
        company=rows("cash public payout growth_premium", (1e9, 1.0, 1.0, 0.0)),
        segment=rows("seller revenue", (0, 1e6)),
        market=[STILL],
    )
    found = run(inputs, months=3)
    paid = found["company.payout"][0, :, 0]
    assert (paid[1:] > 0).all()
    expected = np.cumprod(1.0 + paid / 120e6)
    np.testing.assert_allclose(found["market.index"][0, :, 0], expected, rtol=1e-12)


def test_where_nobody_is_listed_it_is_the_market_factor():
    """Its log is normal with mean `(drift - volatility^2 / 2) t` and variance `volatility^2 t`, in years."""
    inputs = world(company=rows("cash", (1e9,)), market=[MOVING])
    logs = np.log(run(inputs, months=24, paths=20_000)["market.index"][:, 23, 0])
    mean, deviation = (0.06 - 0.3**2 / 2) * 2, 0.3 * math.sqrt(2)
    assert logs.mean() == pytest.approx(mean, abs=4 * deviation / math.sqrt(20_000))
    assert logs.std() == pytest.approx(deviation, rel=0.02)
    assert np.exp(logs).mean() == pytest.approx(math.exp(0.12), rel=0.015)


def test_a_still_market_moves_nothing_and_what_it_shows_moves_nobody():
    """The factor alone moves no value by the multiple of revenue, no cash, no failure."""
    still, moving = (run(pair(market, fixed_cost=4e8), months=12, paths=64) for market in (STILL, MOVING))
    for key, series in still.series.items():
        if key != ("market", "index_log"):
            np.testing.assert_array_equal(moving.series[key], series, err_msg=str(key))
    assert (still["market.index_log"] == 0.0).all()
