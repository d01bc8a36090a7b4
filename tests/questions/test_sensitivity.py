"""Sensitivity: what is known in closed form is found, and what cannot be asked is refused."""

import json
import sys

import cashcade as cc
import numpy as np
import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError, MissingExtraError
from cashcade.questions import sensitivity
from cashcade.world import World

TEXT = """
[world]
name = "two-needed"
date = 2025-08-31

[[company]]
id = "burner"
cash = { choices = [10.0, 100.0] }
fixed_cost = { choices = [1.0, 2.0] }

[[company]]
id = "bystander"
cash = { value = 2.0, low = 1.0, high = 3.0 }

[[company]]
id = "lender"
cash = { value = 2.0, low = 1.0, high = 3.0 }

[[loan]]
borrower = "burner"
lender = "lender"
balance = 1.0
rate = 0.0
maturity = 100
"""
MONTHS = 8
"""The burner fails by then if its cash is 10 and its cost 2: a quarter of the draws."""

OPTIONS = {"months": MONTHS, "paths": 4096, "seed": 3}


@pytest.fixture(scope="module")
def world():
    return World.from_text(TEXT)


def test_two_that_are_needed_together_explain_a_third_each(world):
    """Variance 3/16 of a chance of 1/4; given one of the two the chance is 0 or 1/2: variance 1/16, a third."""
    found = sensitivity(world, of="burner", **OPTIONS).loc["burner"]
    assert set(found["assumption"][:2]) == {"company.burner.cash", "company.burner.fixed_cost"}
    steps = 8 / np.pi**2 * (1 + 1 / 9)  # share of a step in its first four harmonics
    assert np.allclose(found["share"][:2], steps / 3, atol=0.03)
    assert (found["share_ci"][:2] < 0.06).all()
    assert abs(found["share"][3]) < 0.02, "the rest is nothing"


def test_it_tells_the_outcome_at_both_ends(world):
    found = sensitivity(world, of="burner", **OPTIONS).loc["burner"].set_index("assumption")
    cash, cost = found.loc["company.burner.cash"], found.loc["company.burner.fixed_cost"]
    assert cash["at_high"] == 0
    assert cost["at_low"] == 0
    assert abs(cash["at_low"] - 0.5) < 5 * cash["at_low_se"]
    assert abs(cost["at_high"] - 0.5) < 5 * cost["at_high_se"]
    assert (cash["low"], cash["high"]) == (10, 100)


def test_all_outcomes_by_default_and_only_those_that_vary(world):
    """The only debt fails with the burner, so that is a systemic cascade; the others never fail."""
    found = sensitivity(world, **OPTIONS)
    assert list(found.index.get_level_values("outcome").unique()) == ["systemic", "burner"]
    shares = [found.loc[name, "share"].to_numpy() for name in ("systemic", "burner")]
    assert np.array_equal(*shares)


def test_a_result_gives_the_same(world):
    result = cc.run(world, replicates=1, **OPTIONS)
    assert sensitivity(result, of="burner", seed=3).equals(sensitivity(world, of="burner", **OPTIONS))


def test_paths_of_a_draw_are_averaged(world):
    result = cc.run(world, replicates=4, months=MONTHS, paths=4096, seed=3)
    found = sensitivity(result, of="failed-debt").loc["failed-debt"]
    assert set(found["assumption"][:2]) == {"company.burner.cash", "company.burner.fixed_cost"}


def test_shared_ranges_are_one_assumption():
    text = TEXT.replace("high = 3.0 }", 'high = 3.0, shared = "wealth" }')
    result = cc.run(World.from_text(text), months=1, paths=64, seed=3)
    names = list(result.parameters().columns)
    assert sorted(names) == ["company.burner.cash", "company.burner.fixed_cost", "shared.wealth"]


def test_what_cannot_be_asked(world, tmp_path):
    with pytest.raises(ArgumentError, match="Did you mean"):
        sensitivity(world, of="burnr", **OPTIONS)
    with pytest.raises(ArgumentError, match="of is empty"):
        sensitivity(world, of=[], **OPTIONS)
    with pytest.raises(ArgumentError, match="at least 256"):
        sensitivity(world, months=2, paths=100)
    certain = World.from_text('[world]\nname="one"\ndate=2025-08-31\n[[company]]\nid="a"\ncash=1.0')
    with pytest.raises(ArgumentError, match="nothing is uncertain"):
        sensitivity(certain, months=2, paths=512)
    cc.run(world, **OPTIONS).save(tmp_path / "saved.nc")
    with pytest.raises(ArgumentError, match="from a file"):
        sensitivity(cc.Result.load(tmp_path / "saved.nc"))


def test_without_salib(world, monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.analyze.rbd_fast", None)
    with pytest.raises(MissingExtraError, match=r"cashcade\[sensitivity\]"):
        sensitivity(world, **OPTIONS)


def test_command(tmp_path, capsys):
    (tmp_path / "two.toml").write_text(TEXT, encoding="utf-8")
    words = [
        "sensitivity",
        str(tmp_path / "two.toml"),
        "--months",
        "8",
        "--paths",
        "1024",
        "--of",
        "systemic",
    ]
    assert execute(words) == 0
    assert "company.burner.cash" in capsys.readouterr().out
    assert execute([*words, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["sensitivity"]
    assert [row["rank"] for row in rows] == [1, 2, 3]
    assert {row["outcome"] for row in rows} == {"systemic"}
