"""The page on calibration: its examples run, and what it says of posteriors holds where they are known."""

import re
from pathlib import Path

import cashcade as cc
import numpy as np
import pytest
from scipy.stats import chisquare

PAGE = (Path(__file__).parents[2] / "docs" / "calibration.md").read_text(encoding="utf-8")
CODE = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)

MEAN, SD, NOISE, MONTHS, CASH = 1e7, 2e6, 5e6, 4, 1e9
"""Prior of the cost of a month, scatter of a month, and what is observed: cash after so many months."""

TOY = f"""
[world]
name = "toy"
date = 2025-08-31
[[company]]
id = "lab"
cash = {CASH}
fixed_cost = {{ low = 1e6, value = {MEAN}, high = 1e8 }}
cost_volatility = {NOISE}
"""


@pytest.fixture(scope="module")
def names():
    """What the examples left."""
    found: dict[str, object] = {}
    for code in CODE:
        exec(code.replace("month=12", "month=6").replace("months=12", "months=6"), found)  # noqa: S102 - our own page
    return found


def test_the_examples_run(names):
    prior, kept, growth = names["prior"], names["kept"], names["growth"]
    assert 0 < len(kept) < len(prior)
    assert names["second"][growth].between(kept[growth].min(), kept[growth].max()).all()
    assert abs(np.median(names["posterior"]) - names["nearest"][growth].median()) < 0.3
    assert names["counts"].sum() == 48
    first, second = names["indices"]["ST"]
    assert first > second, "revenue is about growth"
    assert names["chance"].size == 16 * 4
    assert np.isfinite(names["model"]({"growth": 0.9})["revenue"])
    series = names["black_it"]([0.9], 5, 1)
    assert series.shape == (5, 1)
    assert (series > 0).all()
    assert not names["frozen"].figures()["low"].notna().any(), "no range is left"


def simulated(truths, seed):
    """Cash at the end, one path for each cost."""
    case = cc.Case(cc.World.from_text(TOY))
    how = {"record": ["company.cash"], "keep_paths": True, "quantiles": (), "seed": seed}
    found = case.run(months=MONTHS, parameters={"company.lab.fixed_cost": truths}, **how)
    return found.dataset["company_cash"].to_numpy()[:, -1, 0]


def test_the_posterior_of_a_line_is_the_known_one_and_its_ranks_are_uniform(names):
    """Cash is CASH - MONTHS * cost + NOISE * sqrt(MONTHS) * Z: prior and data are normal, and so is the posterior."""
    random = np.random.default_rng(3)
    truths = random.normal(MEAN, SD, 4000)
    data = simulated(truths, seed=5)
    noise = NOISE * np.sqrt(MONTHS)
    gain = MONTHS * SD**2 / (MONTHS**2 * SD**2 + noise**2)
    width = np.sqrt(SD**2 - gain * MONTHS * SD**2)
    centre, scatter = names["fitted"](truths, data)
    seen = np.array([CASH - MONTHS * 8e6, CASH - MONTHS * 13e6])
    known = MEAN + gain * (CASH - MONTHS * MEAN - seen)
    np.testing.assert_allclose(centre(seen), known, atol=4 * width / np.sqrt(4000) * 2)
    assert scatter == pytest.approx(width, rel=4 / np.sqrt(2 * 4000))

    fresh = random.normal(MEAN, SD, 2000)
    again = simulated(fresh, seed=6)
    right = np.bincount(names["ranks"](fresh, again, centre, scatter), minlength=20)
    narrow = np.bincount(names["ranks"](fresh, again, centre, scatter / 2), minlength=20)
    assert chisquare(right).pvalue > 1e-3
    assert chisquare(narrow).pvalue < 1e-9
    assert narrow[[0, -1]].sum() > 2 * right[[0, -1]].sum(), "heaped at both ends"


def test_a_frozen_draw_is_that_draw():
    """The paths of a draw are those of the world that is frozen at it, to the bit."""
    case = cc.Case("ai-2025-08")
    how = {"months": 9, "seed": 3, "first_path": 20, "paths": 4, "replicates": 4}
    drawn = case.run(**how)
    frozen = cc.Case(case.world.at(5, seed=3)).run(**how)
    assert drawn.dataset["draw"].to_numpy().tolist() == [5]
    for name in ("failed_month", "company_cash_mean", "market_ai_revenue_mean"):
        np.testing.assert_array_equal(frozen.dataset[name], drawn.dataset[name])
    assert case.world.at(5, seed=3) != case.world.at(6, seed=3)


def test_a_world_without_ranges_is_the_same_in_every_draw():
    world = cc.World.from_text('[world]\nname = "w"\ndate = 2025-08-31\n[[company]]\nid = "a"\ncash = 1.0\n')
    assert world.at(7) == world
    with pytest.raises(cc.ArgumentError, match="draw is -1, wanted a whole number"):
        world.at(-1)
    with pytest.raises(cc.ArgumentError, match=r"seed is 1\.5, wanted a whole number"):
        world.at(1, seed=1.5)
