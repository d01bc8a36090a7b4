"""Moments of what is drawn: the GPU index, common demand, demand, regimes, refinancing, rounds."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.oracle.rule_book import Book
from tests.theory.statistics import assert_chance, assert_close, assert_mean, assert_variance

PATHS = 40_000
MONTHS = 24
QUIET = rows("cash", (1e9,))


def test_gpu_index_reverts_to_its_trend_with_jumps():
    """y' = (1-k) y + k d t/12 + s sqrt(1/12) xi + J: mean by recursion, variance of an AR(1)."""
    k, drift, sigma, chance, size, up = 0.15, -0.4, 0.5, 0.2, 0.3, 0.25
    market = {"gpu_reversion": k, "gpu_drift": drift, "gpu_volatility": sigma}
    jumps = {"gpu_jump_chance": chance, "gpu_jump_size": size, "gpu_jump_up": up}
    found = run(
        world(company=QUIET, market=[market | jumps]), months=MONTHS, paths=PATHS, only=["market.gpu_log"]
    )
    jump_mean = chance * size * (2.0 * up - 1.0)
    jump_variance = chance * size**2 - jump_mean**2
    mean = 0.0
    for t in range(1, MONTHS + 1):
        mean = (1.0 - k) * mean + k * drift * t / 12.0 + jump_mean
    memory = (1.0 - k) ** 2
    variance = (sigma**2 / 12.0 + jump_variance) * (1.0 - memory**MONTHS) / (1.0 - memory)
    last = found["market.gpu_log"][:, -1, 0]
    assert_mean(last, mean, "log of the GPU index")
    assert_variance(last, variance, "log of the GPU index")


def test_common_demand_is_an_autoregression():
    rho, sigma, gap = 0.8, 0.05, 3
    market = {"common_persistence": rho, "common_volatility": sigma}
    found = run(world(company=QUIET, market=[market]), months=MONTHS, paths=PATHS, only=["market.common"])
    common = found["market.common"][:, :, 0]
    variances = [sigma**2 * (1.0 - rho ** (2 * t)) / (1.0 - rho**2) for t in (MONTHS - gap, MONTHS)]
    assert_mean(common[:, -1], 0.0, "common demand")
    assert_variance(common[:, -1], variances[1], "common demand")
    assert_mean(common[:, -1] * common[:, -1 - gap], rho**gap * variances[0], "covariance over three months")


def test_demand_grows_as_the_decaying_rate_says():
    """Without noise: log trend = T g_long/12 + (g - g_long)/12 * (1 - q^T)/(1 - q), q = 2^(-1/half-life)."""
    growth, long, half_life = 1.2, 0.3, 7.0
    segment = rows("seller revenue growth growth_long growth_half_life", (0, 5e6, growth, long, half_life))
    found = run(world(company=QUIET, segment=segment), months=MONTHS)
    t, q = np.arange(1, MONTHS + 1), 2.0 ** (-1.0 / half_life)
    log_trend = t * long / 12.0 + (growth - long) / 12.0 * (1.0 - q**t) / (1.0 - q)
    np.testing.assert_allclose(found["segment.trend"][0, :, 0], np.exp(log_trend), rtol=1e-12)
    np.testing.assert_allclose(found["segment.revenue"][0, :, 0], 5e6 * np.exp(log_trend), rtol=1e-12)


def test_noise_of_demand_does_not_change_its_mean():
    """The trend is a martingale around its growth; its log has variance sigma^2 T/12."""
    sigma, growth = 0.6, 0.5
    segment = rows("seller revenue growth growth_long volatility", (0, 5e6, growth, growth, sigma))
    found = run(world(company=QUIET, segment=segment), months=12, paths=PATHS, only=["segment.trend"])
    trend = found["segment.trend"][:, -1, 0]
    assert_mean(trend, math.exp(growth), "trend after a year")
    assert_variance(np.log(trend), sigma**2, "log of the trend after a year")


def variance_of_sum(months: int, persistence: float, volatility: float) -> float:
    """Variance of the sum of an autoregression that starts at 0: every shock counts with its geometric sum."""
    weights = (1.0 - persistence ** np.arange(1, months + 1)) / (1.0 - persistence)
    return float(volatility**2 * (weights**2).sum())


@pytest.mark.parametrize(
    ("loading", "persistence", "volatility"),
    [(1.0, 0.0, 0.1), (1.0, 0.9, 0.02), (-2.0, 0.5, 0.03), (1.5, -0.4, 0.1)],
)
def test_common_demand_does_not_change_the_mean_of_demand(loading, persistence, volatility):
    """Growth 0: the mean trend is 1; its log has mean - b^2 V/2 and variance b^2 V, V of the sum of common demand."""
    segment = rows("seller revenue common_loading", (0, 5e6, loading))
    market = {"common_persistence": persistence, "common_volatility": volatility}
    inputs = world(company=QUIET, segment=segment, market=[market])
    only = ["segment.trend", "market.common"]
    found = run(inputs, months=12, paths=PATHS, only=only)
    trend, common = found["segment.trend"][:, :, 0], found["market.common"][:, :, 0]
    variances = np.array([variance_of_sum(t, persistence, volatility) for t in range(1, 13)])
    closed = np.exp(loading * common.cumsum(axis=1) - loading**2 * variances / 2.0)
    np.testing.assert_allclose(trend, closed, rtol=1e-12)
    assert_mean(trend[:, -1], 1.0, "trend after a year")
    assert_variance(np.log(trend[:, -1]), loading**2 * variances[-1], "log of the trend after a year")


def test_the_mean_stays_where_parameters_are_moved_by_the_calendar():
    """From month 5 on shocks are thrice as large and last less: weights of each shock in the sum, one by one."""
    inputs = world(
        company=QUIET,
        segment=rows("seller revenue common_loading", (0, 5e6, 1.5)),
        market=[{"common_persistence": 0.8, "common_volatility": 0.02}],
    )
    moves = (("set", "market.common_volatility", 0, 0.06), ("set", "market.common_persistence", 0, 0.5))
    book = Book().rule(("ge", "month", 5), *moves)
    only = ["segment.trend", "market.common"]
    found = run(inputs, months=12, paths=PATHS, only=only, rules=book.arrays())
    weights, sums = np.zeros(12), np.zeros(12)
    for t in range(1, 13):
        # Phase 1 draws common demand with the parameters that phase 2 of the month before left.
        persistence, volatility = (0.5, 0.06) if t > 5 else (0.8, 0.02)
        weights *= persistence
        weights[t - 1] = volatility
        sums += weights
    trend = found["segment.trend"][:, -1, 0]
    closed = np.exp(1.5 * found["market.common"][:, :, 0].sum(axis=1) - 1.5**2 * (sums**2).sum() / 2.0)
    np.testing.assert_allclose(trend, closed, rtol=1e-12)
    assert_mean(trend, 1.0, "trend after a year")


def test_segments_share_the_common_factor_only():
    """Correlation of logs = b1 b2 v / sqrt((b1^2 v + s1^2/12)(b2^2 v + s2^2/12)), v of common demand."""
    b, s, v = (1.0, 2.0), (0.3, 0.5), 0.08**2
    segment = rows("seller revenue common_loading volatility", (0, 1e6, b[0], s[0]), (0, 1e6, b[1], s[1]))
    inputs = world(company=QUIET, segment=segment, market=[{"common_volatility": 0.08}])
    logs = np.log(run(inputs, months=1, paths=PATHS, only=["segment.trend"])["segment.trend"][:, 0, :])
    spread = [math.sqrt(b[i] ** 2 * v + s[i] ** 2 / 12.0) for i in range(2)]
    wanted = b[0] * b[1] * v / (spread[0] * spread[1])
    error = (1.0 - wanted**2) / math.sqrt(PATHS)
    assert_close(np.corrcoef(logs.T)[0, 1], wanted, error, "correlation of two segments")


CHAIN = {
    "open_to_normal": 0.12,
    "open_to_shut": 0.05,
    "normal_to_open": 0.07,
    "normal_to_shut": 0.09,
    "shut_to_open": 0.03,
    "shut_to_normal": 0.2,
}
WINDOW = {
    "window_opens_open": 0.3,
    "window_opens_normal": 0.1,
    "window_opens_shut": 0.02,
    "window_closes_open": 0.05,
    "window_closes_normal": 0.15,
    "window_closes_shut": 0.6,
}
REGIMES = ("open", "normal", "shut")


def chain_of_regimes() -> np.ndarray:
    """Monthly transition matrix of the funding regime."""
    matrix = np.array([[CHAIN.get(f"{a}_to_{b}", 0.0) for b in REGIMES] for a in REGIMES])
    return matrix + np.diag(1.0 - matrix.sum(axis=1))


@pytest.mark.parametrize("start", range(3), ids=REGIMES)
def test_regimes_are_the_markov_chain(start):
    inputs = world(company=QUIET, market=[CHAIN | {"regime": float(start)}])
    found = run(inputs, months=MONTHS, paths=PATHS, only=["market.regime"])["market.regime"][:, :, 0]
    for month in (1, 6, MONTHS):
        chances = np.linalg.matrix_power(chain_of_regimes(), month)[start]
        for regime, chance in enumerate(chances):
            hits = int((found[:, month - 1] == regime).sum())
            assert_chance(hits, PATHS, chance, f"{REGIMES[regime]} in month {month}")


def test_the_listing_window_leans_on_the_regime():
    """Joint chain of regime and window: the window moves by the chances of the regime of its month."""
    inputs = world(company=QUIET, market=[CHAIN | WINDOW | {"regime": 1.0, "listing": 1.0}])
    found = run(inputs, months=MONTHS, paths=PATHS, only=["market.regime", "market.listing"])
    state = np.zeros((3, 2))
    state[1, 1] = 1.0
    opens, closes = (
        np.array([WINDOW[f"window_{way}_{name}"] for name in REGIMES]) for way in ("opens", "closes")
    )
    for _ in range(MONTHS):
        moved = chain_of_regimes().T @ state
        is_open = moved[:, 1] * (1.0 - closes) + moved[:, 0] * opens
        state = np.stack([moved.sum(axis=1) - is_open, is_open], axis=1)
    last = 2 * found["market.regime"][:, -1, 0] + found["market.listing"][:, -1, 0]
    for code, chance in enumerate(state.ravel()):
        assert_chance(int((last == code).sum()), PATHS, chance, f"regime and window {divmod(code, 2)}")


@pytest.mark.parametrize(("regime", "factor"), [(0, 1.2), (1, 1.0), (2, 0.4)], ids=REGIMES)
def test_refinancing_succeeds_with_its_chance(regime, factor):
    frozen = dict.fromkeys(CHAIN, 0.0) | {
        "regime": float(regime),
        "refinance_open": 1.2,
        "refinance_shut": 0.4,
    }
    loan = rows("borrower lender balance maturity refinance_chance", (0, -1, 1e6, 3.0, 0.7))
    found = run(
        world(company=QUIET, loan=loan, market=[frozen]), months=3, paths=PATHS, only=["loan.balance"]
    )
    hits = int((found["loan.balance"][:, -1, 0] > 0).sum())
    assert_chance(hits, PATHS, 0.7 * factor, "refinanced")


def test_rounds_succeed_with_the_logistic_chance():
    """Month 2 of a company that burns: burn multiple at its cap, no growth, fair value as before."""
    frozen = dict.fromkeys(CHAIN, 0.0) | {"odds_normal": 1.1, "odds_burn": 0.15}
    company = rows("cash fixed_cost round_runway", (30e6, 6e6, 12.0))
    segment = rows("seller revenue", (0, 2e6))
    found = run(
        world(company=company, segment=segment, market=[frozen]),
        months=2,
        paths=PATHS,
        only=["company.raised"],
    )
    chance = 1.0 / (1.0 + math.exp(-(1.1 - 0.15 * 10.0)))
    assert_chance(int((found["company.raised"][:, 1, 0] > 0).sum()), PATHS, chance, "round raised")


def test_common_luck_makes_rounds_move_together():
    """With all luck common, two equal companies raise in the same paths; with none, independently."""
    for share, together in ((1.0, 1.0), (0.0, None)):
        frozen = dict.fromkeys(CHAIN, 0.0) | {"odds_normal": 1.5, "luck_normal": share}
        company = rows("cash fixed_cost round_runway", (30e6, 6e6, 12.0), (30e6, 6e6, 12.0))
        segment = rows("seller revenue", (0, 2e6), (1, 2e6))
        inputs = world(company=company, segment=segment, market=[frozen])
        raised = run(inputs, months=2, paths=PATHS, only=["company.raised"])["company.raised"][:, 1, :] > 0
        same = raised[:, 0] == raised[:, 1]
        chance = 1.0 / (1.0 + math.exp(-(1.5 - 0.2 * 10.0)))
        if together is None:
            assert_chance(int(same.sum()), PATHS, chance**2 + (1.0 - chance) ** 2, "both or none")
        else:
            assert same.all()
