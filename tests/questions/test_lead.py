"""Gauges before failures: one that is the failure itself, one that knows nothing, and standard errors that hold."""

import json

import cashcade as cc
import numpy as np
import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError
from cashcade.questions.lead import _error, _pairs
from cashcade.world import World

TEXT = """
[world]
name = "clock"
date = 2025-08-31

[market]
gpu_volatility = 0.5

[[company]]
id = "lab"
cash = { low = 5.0, value = 10.0, high = 15.0 }
fixed_cost = 1.0
"""
OPTIONS = {"paths": 600, "months": 16, "seed": 2}


@pytest.fixture(scope="module")
def found():
    world = World.from_text(TEXT)
    gauges = ["company.alive", "company.cash", "market.gpu_index"]
    return cc.lead(world, gauges, ahead=(0, 1, 4), **OPTIONS)


def test_the_failure_itself_is_certain(found):
    row = found.table.loc["company.alive", 0]
    assert (row["auc"], row["se"], row["sign"], row["skill"]) == (0.0, 0.0, "low", 1.0)
    failed = cc.run(World.from_text(TEXT), quantiles=(), **OPTIONS).dataset["failed_month"].to_numpy()
    assert (failed > 0).all()
    assert row["failures"] == (failed < failed.max()).sum(), (
        "in the last month nobody lives to be held against"
    )


def test_cash_at_an_even_burn_is_certain_at_any_lead(found):
    for ahead in (0, 1, 4):
        assert found.table.loc[("company.cash", ahead), "auc"] == 0.0
    assert found.leads.loc["company.cash"].to_list() == [4, 1.0, 0.0, "low"]
    assert found.leads.index[0] in {"company.cash", "company.alive"}


def test_alive_tells_nothing_beforehand(found):
    """Of those that live, all live: ties count half."""
    row = found.table.loc["company.alive", 1]
    assert (row["auc"], row["se"]) == (0.5, 0.0)


def test_chance_is_a_half_within_its_error(found):
    for ahead in (0, 1, 4):
        row = found.table.loc["market.gpu_index", ahead]
        assert 0 < row["se"] < 0.04
        assert abs(row["auc"] - 0.5) < 3 * row["se"]


def test_the_error_is_that_of_repetitions():
    """Of a gauge that knows nothing, over 300 runs of 200 paths in draws of 4 with a value in common."""
    random = np.random.default_rng(1)
    draw = np.repeat(np.arange(50), 4)
    found = []
    for _ in range(300):
        common = random.normal(size=50)[draw]
        gauge = common + random.normal(size=200)
        failed = np.where(random.normal(size=50)[draw] + random.normal(size=200) > 1.0, 3, 0)
        pairs = _pairs(gauge, failed, 3)
        auc = pairs.total / pairs.among
        found.append((auc, _error(pairs.higher - auc * pairs.pairs, pairs.among, draw)))
    aucs, errors = np.array(found).T
    assert aucs.mean() == pytest.approx(0.5, abs=0.015)
    assert errors.mean() == pytest.approx(aucs.std(), rel=0.15)


def test_pairs_by_hand():
    """Failing: 1 and 4; living: 2, 2 and 4. Above: 0 and 2.5 of three each."""
    pairs = _pairs(np.array([1.0, 4.0, 2.0, 2.0, 4.0, 9.0]), np.array([5, 5, 0, 7, 6, 2]), 5)
    assert (pairs.total, pairs.among, pairs.failures) == (2.5, 6.0, 2)
    assert pairs.higher.tolist() == [0.0, 2.5, 1.0, 1.0, 0.5, 0.0]
    assert pairs.pairs.tolist() == [3.0, 3.0, 2.0, 2.0, 2.0, 0.0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"gauges": ["loan.balance"]}, "wanted a variable of companies or of the market"),
        ({"company": "lob"}, "Unknown company 'lob'"),
        ({"ahead": (40,)}, "ahead is 40"),
        ({"months": 3, "ahead": (1,)}, "no company fails on any path"),
    ],
)
def test_what_cannot_be_asked(given, said):
    with pytest.raises(ArgumentError, match=said):
        cc.lead(World.from_text(TEXT), **{"paths": 16, "months": 16, "ahead": (1,), **given})


def test_the_command(tmp_path, capsys):
    file = tmp_path / "clock.toml"
    file.write_text(TEXT)
    given = [
        "lead",
        str(file),
        "company.cash",
        "--ahead",
        "1",
        "--ahead",
        "2",
        "--months",
        "16",
        "--paths",
        "64",
    ]
    assert execute(given) == 0
    said = capsys.readouterr().out
    assert "Gauges before failures of all companies" in said
    assert "AUC 2 ahead" in said
    assert execute([*given, "--json", "--company", "lab"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["company"] == "lab"
    assert [row["auc"] for row in printed["lead"]] == [0.0, 0.0]
    assert printed["leads"][0]["months"] == 2
