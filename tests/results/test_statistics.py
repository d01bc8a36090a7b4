"""Standard errors and variance splits against brute force and simulation."""

import numpy as np
import pytest
from cashcade.errors import ArgumentError
from cashcade.results.statistics import split_variance, standard_error


def clustered(rng, draws, replicates, spread):
    """Chance by draw from a beta with variance `spread`; `[paths]` of failures and their draw."""
    concentration = 0.3 * 0.7 / spread - 1.0
    chance = rng.beta(0.3 * concentration, 0.7 * concentration, draws)
    failed = rng.random((draws, replicates)) < chance[:, np.newaxis]
    return failed.ravel(), np.repeat(np.arange(draws), replicates)


def test_one_path_per_draw_gives_the_usual_error():
    values = np.random.default_rng(0).normal(size=(50, 3))
    usual = values.std(axis=0, ddof=1) / np.sqrt(50)
    np.testing.assert_allclose(standard_error(values, np.arange(50)), usual, rtol=1e-12)


def test_equal_draws_give_the_error_of_their_means():
    values, draw = np.random.default_rng(1).normal(size=(40, 2)), np.repeat(np.arange(10), 4)
    means = values.reshape(10, 4, 2).mean(axis=1)
    np.testing.assert_allclose(
        standard_error(values, draw), means.std(axis=0, ddof=1) / np.sqrt(10), rtol=1e-12
    )


def test_error_is_the_spread_of_repeated_runs():
    rng = np.random.default_rng(2)
    runs = [clustered(rng, 60, 4, 0.05) for _ in range(4000)]
    spread = np.std([failed.mean() for failed, _ in runs])
    stated = np.sqrt(np.mean([standard_error(failed, draw) ** 2 for failed, draw in runs]))
    naive = np.sqrt(0.3 * 0.7 / 240)
    assert stated == pytest.approx(spread, rel=0.04), (
        "five standard errors of a standard deviation over 4000 runs are 0.056"
    )
    assert naive < 0.8 * spread, "this test can tell a clustered error from one that ignores draws"


def test_uneven_last_draw():
    values = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
    draw = np.array([7, 7, 8, 8, 9])
    residuals = np.array([1.0 - 2 * 0.6, 2.0 - 2 * 0.6, 0.0 - 0.6])
    expected = np.sqrt(3 / 2 * np.square(residuals).sum()) / 5
    assert standard_error(values, draw) == pytest.approx(expected, rel=1e-12)


def test_single_draw_falls_back_to_luck_and_single_path_knows_nothing():
    assert standard_error(np.array([1.0, 0.0, 1.0]), np.zeros(3, int)) == pytest.approx(
        np.std([1, 0, 1], ddof=1) / 3**0.5
    )
    assert np.isnan(standard_error(np.array([1.0]), np.zeros(1, int)))


def test_split_matches_the_textbook_anova():
    rng = np.random.default_rng(3)
    values, draw = rng.normal(size=(30, 5)) + rng.normal(size=(30, 1)), np.repeat(np.arange(30), 5)
    within = values.var(axis=1, ddof=1).mean()
    between = 5 * values.mean(axis=1).var(ddof=1)
    split = split_variance(values.ravel(), draw)
    assert split.luck == pytest.approx(within, rel=1e-12)
    assert split.draws == pytest.approx((between - within) / 5, rel=1e-12)
    assert split.share == pytest.approx(split.draws / (split.draws + split.luck), rel=1e-12)


def test_split_error_is_that_of_leaving_out_each_draw():
    rng = np.random.default_rng(4)
    values, draw = clustered(rng, 25, 3, 0.08)
    shares = [split_variance(values[draw != out], draw[draw != out]).share for out in range(25)]
    expected = np.sqrt(24 / 25 * np.square(shares - np.mean(shares)).sum())
    assert split_variance(values, draw).share_error == pytest.approx(expected, rel=1e-9)


def test_split_finds_the_true_shares():
    values, draw = clustered(np.random.default_rng(5), 20_000, 4, 0.05)
    split = split_variance(values, draw)
    assert abs(split.share - 0.05 / 0.21) < 5 * split.share_error, (
        f"share {split.share}, error {split.share_error}"
    )
    assert split.share_error < 0.01


def test_split_without_difference_between_draws_is_luck():
    values, draw = np.random.default_rng(6).random(4000) < 0.3, np.repeat(np.arange(1000), 4)
    split = split_variance(values, draw)
    assert split.share < 5 * split.share_error + 0.02


def test_split_of_what_never_varies_is_undefined():
    split = split_variance(np.zeros(12), np.repeat(np.arange(4), 3))
    assert np.isnan(split.share)
    assert split.luck == 0.0


@pytest.mark.parametrize(
    "draw", [np.arange(10), np.repeat([0, 1], 5)], ids=["one path per draw", "two draws"]
)
def test_split_needs_replicates_and_draws(draw):
    with pytest.raises(ArgumentError, match="replicates=4"):
        split_variance(np.ones(10), draw)
