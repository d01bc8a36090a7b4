"""Scores are right on forecasts of known quality, cases know nothing too early, the page is that of a run."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import cashcade
import numpy as np
import pandas as pd
import pytest

from cashcade_ai.backtest import cases, engine, page, score, table
from cashcade_ai.backtest.cases import Case
from cashcade_ai.backtest.process import forecasts
from cashcade_ai.backtest.scores import jackknife
from cashcade_ai.estimates.series import month_of


def crps_by_pairs(samples: np.ndarray, came: float) -> float:
    """Mean distance to the outcome less half that of two different samples."""
    count = len(samples)
    apart = np.abs(samples[:, None] - samples[None, :]).sum() / (count * (count - 1))
    return float(np.abs(samples - came).mean() - 0.5 * apart)


def test_crps_is_that_of_its_definition() -> None:
    random = np.random.default_rng(1)
    samples, came = random.standard_normal((5, 40)), random.standard_normal(5)
    found = score(samples, came, np.zeros(5), np.ones(5))
    assert found.crps == pytest.approx(
        np.mean([crps_by_pairs(*each) for each in zip(samples, came, strict=True)])
    )
    assert found.no_change == pytest.approx(np.abs(came).mean())
    assert found.last_growth == pytest.approx(np.abs(came - 1).mean())


def test_crps_of_a_normal_is_the_closed_form() -> None:
    samples = np.random.default_rng(2).standard_normal((1, 200_000))
    assert score(samples, [0.0], [0.0], [0.0]).crps == pytest.approx((2**0.5 - 1) / np.pi**0.5, abs=2e-3)


def test_calibrated_forecasts_hold_what_they_promise() -> None:
    random = np.random.default_rng(3)
    centre = random.standard_normal(4000)
    samples = centre[:, None] + random.standard_normal((4000, 400))
    found = score(samples, centre + random.standard_normal(4000), centre * 0, centre * 0)
    assert found.coverage_50 == pytest.approx(0.5, abs=4 * found.error_50)
    assert found.coverage_90 == pytest.approx(0.9, abs=4 * found.error_90)
    assert found.error_90 == pytest.approx((0.9 * 0.1 / 4000) ** 0.5, rel=0.1)
    assert found.pit.sum() == 4000
    assert (np.abs(found.pit - 400) < 100).all()
    assert found.crps < found.better_naive


def test_narrow_and_biased_forecasts_are_seen() -> None:
    random = np.random.default_rng(4)
    came = random.standard_normal(2000)
    narrow = score(0.2 * random.standard_normal((2000, 300)), came, came * 0, came * 0)
    assert narrow.coverage_90 < 0.4
    assert narrow.pit[0] + narrow.pit[-1] > 1000
    low = score(random.standard_normal((2000, 300)) - 3, came, came * 0, came * 0)
    assert low.pit[-1] > 1500


def test_errors_by_group_are_larger_where_luck_is_shared() -> None:
    groups = np.repeat(np.arange(10), 20)
    same = (groups % 2).astype(float)
    assert jackknife(same, groups) == pytest.approx(0.5 / 9**0.5)
    assert jackknife(same, np.arange(200)) == pytest.approx(0.5 / 199**0.5)
    assert np.isnan(jackknife(same, np.zeros(200)))


@pytest.mark.parametrize(
    ("samples", "outcomes", "told"),
    [
        ([[1.0, 2.0]], [1.0, 2.0], "give samples of cases by samples"),
        ([1.0, 2.0], [1.0, 2.0], "give samples of cases by samples"),
        ([[1.0, np.nan]], [1.0], "leave the case out"),
    ],
)
def test_what_does_not_fit_is_refused(samples: object, outcomes: list[float], told: str) -> None:
    still = np.zeros(len(outcomes))
    with pytest.raises(ValueError, match=told):
        score(samples, outcomes, still, still)


def test_cases_know_nothing_of_the_year_to_come() -> None:
    found = cases()
    assert len(found) == 57
    for case in found:
        known = int(case.known.months[-1])
        assert known <= month_of(case.origin)
        if case.metric != "arr":
            assert known + 2 <= month_of(case.origin)  # the middle of a quarter that ended a month ago
            assert case.months == 12


def test_table_of_cases_is_that_of_the_filings() -> None:
    found = table().set_index(["origin", "entity", "metric"])
    openai = found.loc[(pd.Timestamp("2024-08-31"), "OpenAI", "arr")]
    assert (openai["known"], openai["outcome"]) == pytest.approx((3.6e9, 13e9))
    assert (openai["known_month"], openai["outcome_month"]) == ("2024-08", "2025-08")
    nvidia = found.loc[(pd.Timestamp("2024-08-31"), "Nvidia", "revenue")]
    assert nvidia["outcome"] / nvidia["known"] == pytest.approx(46.743 / 30.04)
    assert set(found["part"]) == {"capex", "clouds", "chips", "neoclouds", "labs and apps"}


def test_forecasts_are_the_same_for_the_same_seed_and_start_from_what_was_known() -> None:
    some = [case for case in cases() if case.entity == "Nvidia" and case.origin.year == 2023]
    first, again, other = (forecasts(some, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.shape == (1, 4000)
    assert np.median(first) == pytest.approx(np.median(other), abs=0.05)


ORIGIN = pd.Timestamp("2024-08-31")


@pytest.fixture(scope="module")
def latest() -> list[Case]:
    return [case for case in cases() if case.origin == ORIGIN]


def test_the_world_of_an_origin_is_what_was_known(latest: list[Case]) -> None:
    """A draw of all ranges of a part is one row of what the estimates leave open, at the state of the day."""
    built = engine.world(ORIGIN, latest, np.random.default_rng(1))
    assert (built.name, str(built.date)) == ("known-2024-08", "2024-08-31")
    assert {fleet.id for fleet in built.fleets} == {
        f"{giant}-capex" for giant in ("alphabet", "amazon", "meta", "microsoft")
    }
    assert len(built.segments) == len(latest) - 4
    labs = {segment.id: segment for segment in built.segments if segment.id.endswith("-arr")}
    assert len(labs) == 9
    run = cashcade.run(
        built, months=1, paths=400, seed=1, replicates=1, record=["segment.growth"], keep_paths=True
    )
    growth = run.dataset["segment_growth"].isel(month=0)
    rows = []
    for name, segment in labs.items():
        assert segment.growth.shared == segment.growth_half_life.shared == "labs-and-apps"
        choices = np.array(segment.growth.choices)
        assert len(np.unique(choices)) == engine.CHOICES
        values = growth.sel(segment=name).to_numpy()
        rows.append(np.abs(values[:, None] - choices[None, :]).argmin(axis=1))
        assert values == pytest.approx(choices[rows[-1]])
    assert (np.array(rows) == rows[0]).all(), "all take the same row"
    assert len(set(rows[0].tolist())) > 200
    known = next(case for case in latest if case.entity == "OpenAI")
    told = np.median(labs["openai-arr"].revenue.choices)
    assert np.log(12 * told) == pytest.approx(known.no_change(), abs=0.05), "it is of that very month"


def test_the_engine_forecasts_as_the_process_does(latest: list[Case]) -> None:
    """The same parameters, state and months: medians and intervals are those of the formulas alone."""
    inside, outside = engine.forecasts(latest, paths=2_000), forecasts(latest)
    assert inside.shape == (len(latest), 2_000)
    assert np.isfinite(inside).all()
    for case, own, other in zip(latest, inside, outside, strict=True):
        low, middle, high = np.quantile(other, [0.05, 0.5, 0.95])
        found = np.quantile(own, [0.05, 0.5, 0.95])
        assert found == pytest.approx([low, middle, high], abs=0.12 * (high - low)), case.entity


def test_the_engine_knows_nothing_of_what_came(latest: list[Case]) -> None:
    other = [replace(case, outcome=case.outcome + 1) for case in latest]
    assert np.array_equal(engine.forecasts(latest, paths=64), engine.forecasts(other, paths=64))


PAGE = Path(__file__).parents[3] / "docs" / "backtest.md"


@pytest.mark.skipif(not PAGE.exists(), reason="the docs are not part of an installed plugin")
def test_the_page_is_that_of_a_run() -> None:
    """Scores of fewer paths are near those of the page; an estimate or a case that changed needs a run."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if line.startswith("| ") and " ±" in line]
    told = {row[0].removeprefix("| "): (int(row[1]), float(row[4])) for row in reversed(rows)}
    wanted = cases()
    found = dict(page._scores(wanted, engine.forecasts(wanted, paths=1_000)))  # noqa: SLF001 - its numbers
    assert {"capex", "clouds", "chips", "labs and apps", "all"} == set(told)
    for part, (count, crps) in told.items():
        assert count == found[part].cases, "run: make backtest"
        assert crps == pytest.approx(found[part].crps, rel=0.1, abs=0.006), "run: make backtest"


def test_the_command_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose numbers are the same each time, as the test above says: it is made once."""
    target, once = tmp_path / "page.md", cache(page.page)
    monkeypatch.setattr(page, "page", once)
    page.main([str(target)])
    assert target.read_text(encoding="utf-8") == once()
    assert once.cache_info().misses == 1
