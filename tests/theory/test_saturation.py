"""Markets that fill up: logistic growth in closed form, alone and with rivals, and what noise does to its mean."""

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import Paths, run

MONTHS = 60
GROWTH, START, FULL = 1.2, 1e6, 20e6
YEARS = np.arange(1, MONTHS + 1) / 12.0


def sold(*segments: dict, paths: int = 1, months: int = MONTHS) -> Paths:
    given = {"seller": 0, "revenue": START, "growth": GROWTH, "growth_long": GROWTH}
    inputs = world(company=rows("cash", (1e15,)), segment=[given | segment for segment in segments])
    return run(inputs, months=months, paths=paths, only=["segment.trend", "segment.growth", "segment.filled"])


def logistic(start: float, full: float, growth: float = GROWTH) -> np.ndarray:
    """The solution of `dN/dt = growth * N * (1 - N/full)`."""
    return full / (1.0 + (full / start - 1.0) * np.exp(-growth * YEARS))


@pytest.mark.parametrize("full", [START / 2, START, 3 * START, FULL, 1e12])
def test_demand_follows_the_logistic_path(full):
    """From below and, where growth is above 0, from beyond the potential."""
    found = sold({"potential": full})
    np.testing.assert_allclose(START * found["segment.trend"][0, :, 0], logistic(START, full), rtol=1e-11)
    filled = np.append(START, logistic(START, full)[:-1]) / full
    np.testing.assert_allclose(found["segment.filled"][0, :, 0], filled, rtol=1e-11)
    assert (found["segment.growth"] == GROWTH).all(), "growth is that before the brake"


def test_rivals_fill_one_market_together_and_keep_their_shares():
    """Their sum is logistic; alone each would have found the whole market for itself."""
    starts = (1e6, 2e6, 5e6)
    labs = [{"revenue": start, "potential": FULL, "market_number": 7.0} for start in starts]
    trend = sold(*labs)["segment.trend"][0]
    np.testing.assert_allclose(trend @ starts, logistic(sum(starts), FULL), rtol=1e-11)
    np.testing.assert_allclose(trend, trend[:, :1] * np.ones(3), rtol=1e-11)


def test_a_faster_rival_takes_the_room_of_a_slower_one():
    slow, fast = (
        {"potential": FULL, "market_number": 1.0, "growth": g, "growth_long": g} for g in (0.4, 2.0)
    )
    alone, both = sold(slow)["segment.trend"][0, :, 0], sold(slow, fast)["segment.trend"][0]
    assert (both[1:, 0] < alone[1:]).all()
    assert both[-1, 1] > 5.0 * both[-1, 0]
    # In a step no more is added than growth at the start of the month would add.
    assert both[-1].sum() * START == pytest.approx(FULL, rel=0.01)


def test_who_holds_no_potential_fills_the_market_of_others():
    """The first grows without limit; the second finds the market full, and shrinks."""
    free, bound = {"market_number": 2.0}, {"market_number": 2.0, "potential": 10e6}
    trend = sold(free, bound)["segment.trend"][0]
    np.testing.assert_allclose(trend[:, 0], np.exp(GROWTH * YEARS), rtol=1e-11)
    assert trend[-1, 1] < trend[:, 1].max() < 10.0


def test_a_market_that_shrinks_is_not_braked():
    for falls in ({"growth": -0.5, "growth_long": -0.5}, {"growth": 0.0, "growth_long": 0.0}):
        np.testing.assert_array_equal(
            sold(falls | {"potential": START})["segment.trend"], sold(falls)["segment.trend"]
        )


def test_the_mean_is_exact_for_a_month_and_below_the_logistic_path_later():
    paths = 40_000
    trend = sold({"potential": FULL, "volatility": 0.8}, paths=paths)["segment.trend"][:, :, 0]
    errors = trend.std(axis=0) / np.sqrt(paths)
    expected = logistic(START, FULL) / START
    assert trend[:, 0].mean() == pytest.approx(expected[0], abs=4.0 * errors[0])
    assert (trend[:, 24:].mean(axis=0) < expected[24:] - 6.0 * errors[24:]).all()


def test_a_full_market_cuts_the_upper_tail_and_leaves_the_lower_one():
    """Uncertain growth of labs: without a potential the 95 % quantile runs away."""
    wide = {"growth_path": 1.0, "growth_volatility": 1.2, "volatility": 0.3, "growth_half_life": 24.0}
    free, bound = (
        sold(wide | limit, paths=4000, months=36)["segment.trend"][:, -1, 0]
        for limit in ({}, {"potential": 30 * START})
    )
    assert np.quantile(free, 0.95) > 3.0 * np.quantile(bound, 0.95)
    assert np.quantile(bound, 0.95) < 36.0
    assert np.quantile(bound, 0.05) == pytest.approx(np.quantile(free, 0.05), rel=0.2)


def test_without_a_potential_nothing_is_filled_to_the_bit():
    noise = {"volatility": 0.3, "growth_volatility": 0.5}
    alone, numbered = (sold(noise | more, paths=8)["segment.trend"] for more in ({}, {"market_number": 3.0}))
    np.testing.assert_array_equal(alone, numbered)
