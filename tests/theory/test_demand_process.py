"""Growth that wanders and demand that breaks: moments in closed form, and the path that growth is the rate of."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

MONTHS = 36
PATHS = 40_000
GROWTH, LONG, HALF_LIFE = 1.2, 0.35, 18.0
WANDER, NOISE, COMMON = 0.6, 0.3, 0.05
LOGS = ["segment.trend", "segment.growth"]


def segment(**said):
    given = {
        "seller": 0,
        "revenue": 1e6,
        "growth": GROWTH,
        "growth_long": LONG,
        "growth_half_life": HALF_LIFE,
    }
    return given | said


def demand(*segments, paths=PATHS, months=MONTHS, market=None):
    inputs = world(company=rows("cash", (1e15,)), segment=list(segments), market=[market or {}])
    return run(inputs, months=months, paths=paths, only=[*LOGS, "segment.breaks"])


def decayed(months=MONTHS):
    """Sum of growth/12 without shocks."""
    keep = 2.0 ** (-np.arange(months) / HALF_LIFE)
    return float((LONG + (GROWTH - LONG) * keep).sum() / 12.0)


def spread(volatility=WANDER, months=MONTHS):
    """Variance of what shocks to growth do to the log of demand: those of months 2 .. t, each by all it still moves."""
    keep = 2.0 ** (-1.0 / HALF_LIFE)
    weights = [(1.0 - keep**left) / (1.0 - keep) / 12.0 for left in range(1, months)]
    return volatility**2 / 12.0 * float(np.square(weights).sum())


def test_on_the_median_path_growth_is_the_expected_log_growth():
    """As in the back-test: logs are normal about the sum of decayed growth, with the variance of both kinds of shocks."""
    found = demand(segment(growth_path=1.0, growth_volatility=WANDER, volatility=NOISE))
    logs = np.log(found["segment.trend"][:, -1, 0])
    deviation = math.sqrt(spread() + NOISE**2 * MONTHS / 12.0)
    assert logs.mean() == pytest.approx(decayed(), abs=4.0 * deviation / math.sqrt(PATHS))
    assert np.median(logs) == pytest.approx(decayed(), abs=6.0 * deviation / math.sqrt(PATHS))
    assert logs.std() == pytest.approx(deviation, rel=0.015)


def test_on_the_mean_path_no_noise_is_more_demand():
    """Shocks to growth, the noise, common demand and breaks all have their compensator."""
    noisy = {"growth_volatility": WANDER, "volatility": NOISE, "common_loading": 1.0}
    broken = {"break_hazard": 0.5, "break_size": 0.5, "break_spread": 0.4}
    market = {"common_volatility": COMMON / 3, "common_persistence": 0.8}
    trend = demand(segment(**noisy, **broken), market=market)["segment.trend"][:, -1, 0]
    error = trend.std() / math.sqrt(PATHS)
    assert error < 0.02 * trend.mean()
    assert trend.mean() == pytest.approx(math.exp(decayed()), abs=4.0 * error)


def test_growth_itself_reverts_to_the_long_run_about_its_decay():
    growth = demand(segment(growth_volatility=WANDER))["segment.growth"][:, :, 0]
    keep = 2.0 ** (-1.0 / HALF_LIFE)
    assert (growth[:, 0] == GROWTH).all(), "the growth of the start is known"
    variance = WANDER**2 / 12.0 * (1.0 - keep ** (2 * (MONTHS - 1))) / (1.0 - keep**2)
    expected = LONG + (GROWTH - LONG) * keep ** (MONTHS - 1)
    assert growth[:, -1].mean() == pytest.approx(expected, abs=4.0 * math.sqrt(variance / PATHS))
    assert growth[:, -1].var() == pytest.approx(variance, rel=0.03)


@pytest.mark.parametrize(("one", "other"), [(0.0, 0.5), (0.36, 0.25), (1.0, 1.0)])
def test_the_common_part_of_shocks_correlates_segments(one, other):
    shared = [segment(growth_volatility=WANDER, growth_common=share) for share in (one, other)]
    growth = demand(*shared, months=2)["segment.growth"][:, 1, :]
    found = float(np.corrcoef(growth.T)[0, 1])
    assert found == pytest.approx(math.sqrt(one * other), abs=4.0 / math.sqrt(PATHS) + 1e-12)


def test_breaks_come_at_their_hazard_and_take_their_size():
    """Log demand falls by size (1 +- spread), evenly, and for good; without compensator on the median path."""
    found = demand(segment(growth_path=1.0, break_hazard=0.6, break_size=0.5, break_spread=0.4))
    breaks, logs = found["segment.breaks"][:, -1, 0], np.log(found["segment.trend"][:, -1, 0])
    count = MONTHS * 0.05
    assert breaks.mean() == pytest.approx(count, abs=4.0 * math.sqrt(count / PATHS))
    assert breaks.var() == pytest.approx(MONTHS * 0.05 * 0.95, rel=0.03)
    falls = decayed() - logs
    np.testing.assert_allclose(falls[breaks == 0], 0.0, atol=1e-12)
    once = falls[breaks == 1]
    assert 0.3 <= once.min() < 0.31
    assert 0.69 < once.max() <= 0.7
    assert once.mean() == pytest.approx(0.5, abs=4.0 * 0.4 * 0.5 / math.sqrt(3 * len(once)))


def test_without_shocks_the_mean_path_is_the_median_path_to_the_bit():
    mean, median = (demand(segment(growth_path=path), paths=4) for path in (0.0, 1.0))
    np.testing.assert_array_equal(mean["segment.trend"], median["segment.trend"])
    assert mean["segment.trend"][0, -1, 0] == pytest.approx(math.exp(decayed()), rel=1e-12)
