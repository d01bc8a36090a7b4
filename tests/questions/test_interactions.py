"""Boxes of assumptions: an interaction that is known is found, luck makes none, and variances add up."""

import json
import sys

import cashcade as cc
import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError, MissingExtraError
from cashcade.world import World

TEXT = """
[world]
name = "both"
date = 2025-08-31

[[company]]
id = "lab"
cash = 15.0
fixed_cost = { low = 0.0, value = 0.5, high = 1.0 }
discretionary_cost = { low = 0.0, value = 0.5, high = 1.0 }
tax_rate = { low = 0.0, value = 0.5, high = 1.0 }
"""
"""Over twelve months it fails where both costs together are above 1.25: each alone never is enough."""

LUCKY = TEXT.replace("cash = 15.0", "cash = 1e3\nsudden_failure = 0.5")


@pytest.fixture(scope="module")
def found():
    return cc.interactions(World.from_text(TEXT), "lab", months=12, paths=4_000, seed=1)


def test_what_matters_only_together_is_found(found):
    best = found.table.iloc[0]
    assert "company.lab.fixed_cost >" in best["assumptions"]
    assert "company.lab.discretionary_cost >" in best["assumptions"]
    assert "tax_rate" not in " ".join(found.table["assumptions"])
    assert best["inside"] > 0.7
    assert best["part"] > 2 * best["holds"]
    assert found.table["holds"].sum() == pytest.approx(1)
    assert found.table["part"].sum() == pytest.approx(1)


def test_there_is_no_luck_in_it(found):
    row = found.variance.loc["lab"]
    assert (row["parameters"], row["luck"]) == (1.0, 0.0)
    assert row["boxes"] > 0.4


def test_luck_makes_no_boxes():
    """Failures by luck alone: what the boxes say of draws that did not make them is the mean, within its error."""
    found = cc.interactions(World.from_text(LUCKY), "lab", months=12, paths=4_000, seed=1)
    row = found.variance.loc["lab"]
    assert row["parameters"] < 3 * row["parameters_se"] + 1e-9
    assert row["boxes"] < 0.02
    assert ((found.table["inside"] - row["mean"]).abs() < 4 * found.table["se"]).all()


def test_a_result_is_taken():
    result = cc.run(World.from_text(TEXT), months=12, paths=1_000, seed=1, replicates=1)
    row = cc.interactions(result, "lab").variance.loc["lab"]
    assert row[["parameters", "luck"]].isna().all(), "with one path per draw nobody can tell"


@pytest.mark.parametrize(
    ("text", "given", "said"),
    [
        (TEXT, {"of": "lob"}, "Unknown outcome 'lob'"),
        (TEXT, {"of": "lab", "paths": 40}, "there are 10 draws, wanted at least 64"),
        (TEXT, {"of": "lab", "boxes": 1}, "boxes is 1"),
        (
            TEXT.replace("{ low = 0.0, value = 0.5, high = 1.0 }", "0.5"),
            {"of": "lab"},
            "nothing is uncertain",
        ),
    ],
)
def test_what_cannot_be_asked(text, given, said):
    with pytest.raises(ArgumentError, match=said):
        cc.interactions(World.from_text(text), **{"months": 3, "paths": 400, **given})


def test_the_library_is_named_where_it_lacks(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.tree", None)
    with pytest.raises(MissingExtraError, match=r"cashcade\[sensitivity\]"):
        cc.interactions(World.from_text(TEXT), "lab")


def test_the_command(tmp_path, capsys):
    file = tmp_path / "both.toml"
    file.write_text(TEXT)
    given = ["interactions", str(file), "lab", "--months", "12", "--paths", "2000"]
    assert execute(given) == 0
    assert "The boxes explain" in capsys.readouterr().out
    assert execute([*given, "--json", "--boxes", "2"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert len(printed["interactions"]) == 2
    assert printed["variance"][0]["outcome"] == "lab"
