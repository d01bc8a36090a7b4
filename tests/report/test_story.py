"""Sentences of a report against results whose answer is known."""

import math

import cashcade as cc
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from cashcade.report.drivers import FEWEST, drivers_of, meaning, phrase
from cashcade.report.grounds import web
from cashcade.report.side import Side
from cashcade.report.story import answer
from cashcade.results.result import Result

from tests.report.conftest import TINY

DRAWS, EACH = 400, 2
COMPANIES = ["lab", "cloud"]


def made(failed, drawn=None, last=24):
    """A result of two companies without loans: in which month who fails on each path, 0 for never."""
    paths = DRAWS * EACH
    months = np.array(failed, dtype=np.uint16).reshape(paths, 2)
    draw = np.repeat(np.arange(DRAWS), EACH)
    dates = np.datetime64("2025-09", "M") + np.arange(last)
    dataset = xr.Dataset(
        {
            "failed_month": (("path", "company"), months),
            "cause": (("path", "company"), (months > 0).astype(np.uint8), {"flag_meanings": "none cash"}),
            "trigger": (("path", "company"), np.full((paths, 2), -1, dtype=np.int32)),
            "debt_at_failure": (("path", "company"), np.zeros((paths, 2))),
            "failed_share": ("path", np.zeros(paths)),
            "company_cash_start": ("company", np.array([5e9, 1e9])),
        },
        coords={
            "path": np.arange(paths),
            "path_draw": ("path", draw),
            "company": COMPANIES,
            "company_name": ("company", ["Lab Inc.", "Cloud"]),
            "draw": np.arange(DRAWS),
            "month": np.arange(1, last + 1),
            "date": ("month", dates.astype("datetime64[s]")),
        },
        attrs={"months": last, "draws": DRAWS, "replicates": EACH, "paths": paths, "interrupted": 0},
    )
    return Side("base", Result(lambda: dataset, None if drawn is None else lambda: drawn))


class Quiet(Side):
    """A side on which nobody lends to anybody, so that nobody loses and nobody follows."""

    losses = pd.DataFrame({"total": [], "total_95": []})
    contagion = pd.DataFrame(
        {"triggered": [], "conditional": [], "unconditional": [], "conditional_se": [], "times": []}
    )


def quiet(side):
    return Quiet(side.name, side.result)


def decided(luck=0):
    """Failures of the lab in month 10 exactly where what is drawn is below a half; of the cloud on an eighth."""
    value = (np.random.default_rng(7).permutation(DRAWS) + 0.5) / DRAWS
    noise = np.random.default_rng(1).uniform(0, 1, (DRAWS, 30))
    lab = np.repeat(np.where(value < 0.5, 10, 0), EACH)
    cloud = np.where(np.arange(DRAWS * EACH) % 8 == luck, 20, 0)
    drawn = {"company.lab.cash": value, **{f"shared.noise-{n}": noise[:, n] for n in range(30)}}
    return np.stack([lab, cloud], axis=1), drawn


def test_the_three_sentences_say_who_whom_and_what_decides():
    who, along, decides = answer(quiet(made(*decided())))
    assert who == (
        "Lab Inc. is likeliest to fail: on 50 ±3 % of 800 simulated futures by August 2027, on half of those by "
        "June 2026; next comes Cloud (12 ±2 %)."
    )
    assert along == (
        "Failures seldom set off others (< 1.2 % of all failures come so), a systemic cascade comes on < 0.8 % of "
        "paths, and no lender or holder loses anything."
    )
    assert decides == (
        "The assumption that moves the failure of Lab Inc. most is cash of company lab: it comes on 100 % of paths "
        "where it is low and on 0 % where it is high; and luck on the way is only 0 % of its variance."
    )


def test_where_nobody_fails_the_sentence_says_what_could_be_hidden():
    who, along, decides = answer(quiet(made(np.zeros((DRAWS * EACH, 2)))))
    assert who == (
        "In none of 800 simulated futures does a company fail by August 2027; a chance below 0.8 % could not be told "
        "from none."
    )
    assert along.startswith(
        "Nobody takes others along, a systemic cascade comes on < 0.8 % of paths, and no lender"
    )
    assert decides == "No assumption within its range changes that."


def test_luck_alone_is_called_luck():
    rng = np.random.default_rng(2)
    fell = np.where(rng.uniform(size=(DRAWS * EACH, 2)) < [0.5, 0.0], 10, 0)
    decides = answer(quiet(made(fell, decided()[1])))[2]
    assert decides.startswith(
        "No single assumption decides: over 400 draws none goes with the failure of Lab Inc. more than luck alone "
        "would let the strongest of so many, and "
    )
    assert decides.endswith(" of its variance is luck on the way, which no better figure would take away.")


def test_without_draws_it_says_what_is_needed():
    decides = answer(quiet(made(decided()[0])))[2]
    assert decides == (
        "Which assumption decides, this report cannot say: a result from a file does not hold its world; run it again."
    )


def test_it_says_which_reason_holds():
    """Of few draws, and of a world without ranges."""
    poor = cc.load_world(TINY).with_({"company.lab.fixed_cost": 3e9})
    few = answer(Side("few", cc.run(poor, months=12, paths=64, seed=3)))[2]
    assert few.endswith(f"that needs at least {FEWEST} draws of a world with ranges, and there are 16.")
    fixed = poor.with_({"company.lab.cash": 9e9, "segment.chat.growth": 0.5})
    none = answer(Side("none", cc.run(fixed, months=12, paths=64, seed=3)))[2]
    assert none.endswith("its world has no ranges.")


def test_those_as_likely_are_called_so():
    fell = np.stack([np.arange(DRAWS * EACH) % 10 < 5, np.arange(DRAWS * EACH) % 10 > 5], axis=1) * 10
    who = answer(quiet(made(fell)))[0]
    assert who.endswith("next comes Cloud (40 ±3 %).")
    rng = np.random.default_rng(3)
    who = answer(quiet(made((rng.uniform(size=(DRAWS * EACH, 2)) < 0.5) * 10)))[0]
    assert who.endswith("%), within the error as likely.")


def test_the_drivers_are_ranked_by_correlation_with_the_fifths_at_the_ends():
    side = made(*decided())
    first, *rest = drivers_of(
        side.result, {"lab": (side.dataset["failed_month"][:, 0] > 0).to_numpy() * 1.0}
    )["lab"]
    assert first.name == "company.lab.cash"
    assert first.rank == pytest.approx(-math.sqrt(0.75), abs=1e-4)  # of a step with its own ranks
    assert (first.low, first.high, first.low_se, first.high_se) == (1.0, 0.0, 0.0, 0.0)
    assert (first.least, first.most) == (0.19875, 0.80125)
    assert first.sure
    assert len(rest) == 7
    assert not any(each.sure for each in rest)
    assert [abs(each.rank) for each in rest] == sorted((abs(each.rank) for each in rest), reverse=True)


def test_pure_luck_passes_the_bound_on_no_more_than_one_run_in_twenty():
    rng = np.random.default_rng(11)
    hits = 0
    for _ in range(200):
        side = made(np.zeros((DRAWS * EACH, 2)), {f"shared.s{n}": rng.uniform(size=DRAWS) for n in range(40)})
        found = drivers_of(side.result, {"x": rng.uniform(size=DRAWS * EACH)})["x"]
        hits += found[0].sure
    assert hits <= 10


def test_too_few_draws_rank_nothing():
    side = made(*decided())
    few = Result(lambda: side.dataset.isel(path=slice(0, 98)), side.result._drawn and (lambda: decided()[1]))
    assert drivers_of(few, {"lab": np.arange(98.0)}) == {}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("shared.gpu-life", "gpu life (one assumption for several)"),
        ("market.odds_burn", "odds burn of the market"),
        ("segment.grok.growth", "growth of segment grok"),
        ("contract.a->b.usage", "usage of contract a->b"),
        ("number.haircut when losses are shown", "haircut when losses are shown"),
    ],
)
def test_assumptions_are_told_in_words(name, words):
    assert phrase(name) == words


def test_the_meaning_of_an_assumption_is_that_of_the_table():
    assert meaning("company.openai.cash") == meaning("company.x.cash")
    assert meaning("company.x.cash").endswith(".")
    assert meaning("number.haircut") == ""


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=1", "https://example.org/a?b=1"),
        ("http://example.org", "http://example.org"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://", ""),
        ("http://[", ""),
        (None, ""),
    ],
)
def test_only_addresses_of_the_web_become_links(url, kept):
    assert web(url) == kept
