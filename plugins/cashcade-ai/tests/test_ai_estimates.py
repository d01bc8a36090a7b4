"""Estimators find what made-up data were made with; the table of estimates is pinned by its page."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from cashcade_ai.estimates import capex, chains, markets, rounds
from cashcade_ai.estimates.growth import Belief, Process, fit, likelihood, states, stationary_spread
from cashcade_ai.estimates.page import main, page
from cashcade_ai.estimates.regress import least_squares, rate, ridge_logit
from cashcade_ai.estimates.series import Series, declines, month_of, panel, series
from cashcade_ai.estimates.table import estimates
from cashcade_ai.sourced import priors

TRUE = Process(half_life=9, volatility=0.5, noise=0.12, long_run=0.2)
WIDE = Belief(Process(18, 0.3, 0.2, 0.1), (1.5, 1.5, 1.5, 1.0), 0.3, 0.5, 0.01)


def made_up(process: Process, months: np.ndarray, random: np.random.Generator) -> Series:
    level, growth, logs = 0.0, 0.3 + 0.5 * random.standard_normal(), []
    keep = 2 ** (-1 / process.half_life)
    for month in range(int(months[-1]) + 1):
        if month in months:
            logs.append(level + WIDE.seen * random.standard_normal())
        level += growth / 12 + process.noise * random.standard_normal() / 12**0.5
        growth = process.long_run + keep * (growth - process.long_run)
        growth += process.volatility * random.standard_normal() / 12**0.5
    return Series("X", "chips", "revenue", months, np.array(logs), np.zeros(4))


def plain(logs: list[float], months: list[int] | None = None) -> Series:
    when = np.arange(len(logs)) if months is None else np.array(months)
    return Series("X", "chips", "revenue", when, np.array(logs, dtype=float), np.zeros(4))


def test_growth_process_is_found_again() -> None:
    random = np.random.default_rng(3)
    months = np.arange(0, 121, 3)
    found = fit([made_up(TRUE, months, random) for _ in range(25)], WIDE)
    away = np.abs(found.process.free() - TRUE.free()) / np.sqrt(np.diag(found.covariance))
    assert (found.series, found.observations) == (25, 25 * 41)
    assert (np.sqrt(np.diag(found.covariance)) < [0.35, 0.25, 0.2, 0.15]).all()
    assert (away < 3).all(), (found.process, away)


def test_one_observation_leaves_the_prior() -> None:
    found = fit([plain([0.0])], WIDE)
    assert found.series == 0
    assert found.process.free() == pytest.approx(WIDE.centre.free(), abs=1e-3)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(WIDE.spread, rel=1e-6)


def test_likelihood_is_that_of_the_joint_normal() -> None:
    logs, months = np.array([0.0, 0.1, 0.3]), np.array([0, 1, 3])
    keep, run = 2 ** (-1 / TRUE.half_life), TRUE.long_run
    start = Belief(TRUE, (1, 1, 1, 1), 0.4, 0.5, 0.02)
    # x(1) and x(3) are linear in the first error, growth at the start, three noises and two shocks of growth.
    q, s = TRUE.volatility / 12**0.5, TRUE.noise / 12**0.5
    one = np.array([start.seen, 0.5 / 12, s, 0, 0, 0, 0])
    three = np.array([start.seen, 0.5 * (1 + keep + keep**2) / 12, s, s, s, q * (1 + keep) / 12, q / 12])
    mean_one = 0.4 / 12
    mean_three = (0.4 + (run + keep * (0.4 - run)) + (run + keep**2 * (0.4 - run))) / 12
    covariance = np.array([[one @ one, one @ three], [one @ three, three @ three]]) + 0.02**2 * np.eye(2)
    away = logs[1:] - [mean_one, mean_three]
    want = -0.5 * (away @ np.linalg.solve(covariance, away) + np.log(np.linalg.det(2 * np.pi * covariance)))
    assert likelihood(Series("X", "chips", "y", months, logs, np.zeros(4)), TRUE, start) == pytest.approx(
        want
    )


def test_states_of_many_draws_are_those_of_each() -> None:
    random = np.random.default_rng(1)
    found = made_up(TRUE, np.arange(0, 40, 3), random)
    draws = np.array([[9, 0.5, 0.12, 0.2], [30, 0.2, 0.3, 0.0]])
    together = states(found, draws, WIDE)
    for place in range(2):
        alone = states(found, draws[place : place + 1], WIDE)
        assert [float(each[place]) for each in together] == pytest.approx([float(each[0]) for each in alone])


def test_spread_of_growth_when_settled() -> None:
    random = np.random.default_rng(5)
    keep, growth = 2 ** (-1 / TRUE.half_life), np.zeros(4000)
    for _ in range(200):
        growth = keep * growth + TRUE.volatility / 12**0.5 * random.standard_normal(4000)
    assert stationary_spread(TRUE) == pytest.approx(growth.std(), rel=0.05)


def test_logit_is_found_again_and_leans_to_its_prior() -> None:
    random = np.random.default_rng(7)
    design = np.column_stack([np.ones(20_000), random.standard_normal((20_000, 2))])
    true = np.array([-3.0, 0.8, -0.4])
    came = (random.random(20_000) < expit(design @ true)).astype(float)
    found = ridge_logit(design, came, np.zeros(3), np.full(3, 10.0))
    assert (np.abs(found.coefficients - true) < 3 * found.errors).all()
    assert (found.errors < 0.05).all()
    nothing = ridge_logit(design[:0], came[:0], true, np.array([0.5, 0.2, 0.1]))
    assert nothing.coefficients == pytest.approx(true)
    assert nothing.errors == pytest.approx([0.5, 0.2, 0.1])


def test_logit_of_one_rate_is_the_share_of_events() -> None:
    came = np.array([1.0] * 3 + [0.0] * 27)
    found = ridge_logit(np.ones((30, 1)), came, np.zeros(1), np.array([1e3]))
    assert expit(found.coefficients[0]) == pytest.approx(0.1, rel=1e-4)
    assert found.errors[0] == pytest.approx((30 * 0.1 * 0.9) ** -0.5, rel=1e-3)


def test_hazards_by_month_are_found_again_from_years() -> None:
    random = np.random.default_rng(8)
    years = np.repeat(np.arange(4000), 12)
    design = np.column_stack([np.ones(len(years)), random.standard_normal(len(years))])
    true = np.array([-4.0, 0.7])
    came = np.zeros(4000)
    np.maximum.at(came, years, (random.random(len(years)) < expit(design @ true)).astype(float))
    found = ridge_logit(design, came, np.zeros(2), np.full(2, 10.0), years)
    assert (np.abs(found.coefficients - true) < 3 * found.errors).all()
    assert (found.errors < 0.1).all()
    assert found.observations == 4000


def test_least_squares_and_errors_by_group() -> None:
    design = np.array([[1.0, 0], [1, 1], [1, 2], [1, 3]])
    found = least_squares(design, np.array([1.0, 3.0, 5.0, 7.0]))
    assert found.coefficients == pytest.approx([1, 2])
    assert found.residual == pytest.approx(0, abs=1e-12)
    random = np.random.default_rng(2)
    groups = np.repeat(np.arange(50), 8)
    shared = random.standard_normal(50)[groups]
    both = least_squares(np.ones((400, 1)), shared, groups)
    plain_errors = least_squares(np.ones((400, 1)), shared)
    assert both.errors[0] == pytest.approx(shared[::8].std() / 50**0.5, rel=0.02)
    assert both.errors[0] > 2 * plain_errors.errors[0]


def test_rate_of_jeffreys() -> None:
    assert rate(0, 50.0) == pytest.approx((0.01, 0.5**0.5 / 50))
    assert rate(4, 9.0) == pytest.approx((0.5, 4.5**0.5 / 9))


def test_common_share_is_found_again() -> None:
    random = np.random.default_rng(11)
    quarters = 4000
    common, own = 0.1 * random.standard_normal(quarters), 0.05 * random.standard_normal((4, quarters))
    found = [plain(list(np.cumsum(common + each)), list(range(0, 3 * quarters, 3))) for each in own]
    named = [
        Series(f"c{place}", "capex", "capex", each.months, each.logs, each.season)
        for place, each in enumerate(found)
    ]
    parts = capex.common(named)
    assert parts.share == pytest.approx(0.8, abs=3 * parts.share_error)
    assert parts.share_error < 0.02
    assert parts.factor == pytest.approx(0.2, rel=0.1)
    assert parts.own == pytest.approx(0.1, rel=0.1)


def test_season_is_taken_out() -> None:
    alphabet = series("Alphabet", "clouds", "revenue", unit="USD/quarter")
    assert alphabet.season.sum() == pytest.approx(0)
    assert alphabet.season[3] == alphabet.season.max() > 0.05  # the fourth quarter of the year
    assert np.abs(np.diff(alphabet.logs)).max() < 0.2


def test_months_are_calendar_months() -> None:
    assert month_of(pd.Timestamp("1995-01-31")) == 0
    assert month_of(pd.Timestamp("2025-09-01")) == 368


def test_last_growth_is_a_year() -> None:
    assert plain([0.0, 0.3], [0, 6]).last_growth() == pytest.approx(0.6)
    assert plain([0.0, 1.0, 1.2], [0, 12, 24]).last_growth() == pytest.approx(0.2)
    assert plain([0.0, 0.3], [0, 18]).last_growth() == pytest.approx(0.2)
    assert np.isnan(plain([0.0, 0.3], [0, 2]).last_growth())


def test_falls_are_counted() -> None:
    assert declines([plain([0.0, -0.2, 0.5], [0, 6, 12]), plain([0.0, -0.05], [0, 12])]) == (1, 2.0)


def test_a_series_ends_at_its_date() -> None:
    known = panel("labs", pd.Timestamp("2024-08-31"))
    assert max(int(each.months[-1]) for each in known) <= month_of(pd.Timestamp("2024-08-31"))
    assert {each.entity for each in known} == {"OpenAI", "Anthropic", "Cohere"}


def test_windows_switch_with_two_thresholds() -> None:
    spread = pd.Series([5.0, 7.6, 7.0, 6.6, 6.4, 7.4, 8.0])
    shut = chains.switched(spread >= 7.5, spread < 6.5)
    assert shut.tolist() == [False, True, True, True, False, False, True]


def test_windows_were_shut_when_everybody_says_so() -> None:
    assert chains.credit().spells() == [
        ("2000-10", 30),
        ("2008-02", 22),
        ("2011-09", 5),
        ("2016-01", 3),
        ("2020-03", 3),
    ]
    assert [start[:4] for start, _ in chains.venture().spells()] == ["2001", "2009", "2022"]
    assert [start[:4] for start, _ in chains.listings().spells()][:2] == ["2001", "2008"]


def test_states_by_month_are_known_the_month_before() -> None:
    states_of_credit = chains.credit().states
    fall = chains.by_month("nasdaq_composite_drawdown_24m_month_worst")
    funds = chains.by_month("fed_funds_month_average")
    row = states_of_credit.loc[pd.Timestamp("2008-10-31")]
    assert row["drawdown"] == pytest.approx(-10 * fall[pd.Timestamp("2008-09-30")])
    assert row["rates"] == pytest.approx(
        funds[pd.Timestamp("2008-09-30")] - funds[pd.Timestamp("2007-09-30")]
    )
    assert row["credit losses"] == pytest.approx(0.009 / 0.041 - 1)
    assert not states_of_credit.isna().any(axis=None)


@pytest.mark.parametrize("chain", chains.chains(), ids=lambda chain: chain.name)
def test_a_fall_shuts_and_blind_coefficients_agree_on_it(chain: chains.Chain) -> None:
    calm = chain.states[chain.states["drawdown"] < 0.5]
    for crisis, after in chains.FALLS.items():
        blind = chain.hazard("shuts", chains.CRISES[crisis]).coefficients
        usual = 1 - (1 - expit(calm.to_numpy(dtype=float) @ blind).mean()) ** 12
        assert chain.shuts_soon(after, blind) > 2 * usual
    assert chain.hazard("shuts").coefficients[1] > 0


def test_rounds_of_one_month_are_one() -> None:
    found = rounds.closings("funding_round")["Anthropic"]
    assert found[month_of(pd.Timestamp("2025-03-01"))] == 4_500_000_000  # 1.0 and 3.5 billion, two days apart


def test_months_at_risk_end_with_the_round() -> None:
    months = list(rounds.risk_months())
    raised = sum(came for _, came in months)
    closed = sum(len(each) - 1 for each in rounds.closings("funding_round").values())
    assert 0 < closed - raised <= 3  # intervals of over 36 months are given up
    assert max(since for since, _ in months) == rounds.GIVEN_UP


def test_betas_follow_the_index() -> None:
    giants, young = markets.shares("giants"), markets.shares("neoclouds")
    assert (giants.series, giants.returns) == (5, 90)
    assert young.beta > giants.beta > 1
    assert giants.own < giants.volatility


def test_every_estimate_has_its_span_and_method() -> None:
    table = estimates()
    assert len(table) > 90
    assert table[["method", "span"]].notna().all(axis=None)
    assert not table.duplicated(["mechanism", "parameter", "of"]).any()
    assert (table["error"].dropna() > 0).all()
    assert np.isfinite(table["estimate"]).all()


def test_priors_keep_to_the_estimates_they_name() -> None:
    found = estimates().set_index(["mechanism", "parameter", "of"])
    based = priors().query("basis == 'estimate'")
    assert len(based) > 60
    for row in based.to_dict("records"):
        estimate = found.loc[(row["mechanism"], row["parameter"], row["of"])]
        assert abs(row["value"] - estimate["estimate"]) <= 2 * estimate["error"], row
        assert row["low"] < row["high"]


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    main([str(target)])
    assert target.read_text(encoding="utf-8") == page()
