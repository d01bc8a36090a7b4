"""Runway by the month in which money stops: known in closed form, and what stops and what does not."""

import json

import cashcade as cc
import numpy as np
import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError
from cashcade.world import World

BURNS = """
[world]
name = "burns"
date = 2025-08-31

[[company]]
id = "lab"
cash = 1.2e7
fixed_cost = 1e6

[[company]]
id = "rich"
cash = 1e9
"""

RAISES = BURNS.replace("fixed_cost = 1e6", "fixed_cost = 1e6\nvariable_cost = 1.0\nround_runway = 6") + (
    """
[market]
odds_open = 20.0
odds_normal = 20.0
odds_shut = 20.0
dry_powder = 1e12

[[segment]]
seller = "lab"
revenue = 1e6
"""
)

DRAWS = (
    BURNS
    + """
[[loan]]
borrower = "lab"
lender = "rich"
balance = 0.0
undrawn = 1e9
rate = 0.0
maturity = 1200
draw_runway = 3
"""
)

SUDDEN = BURNS.replace("fixed_cost = 1e6", "fixed_cost = 1e6\nsudden_failure = 12.0")


def asked(text, **given):
    return cc.runway(World.from_text(text), paths=4, **given).table


def test_cash_over_burn():
    """12 m of cash at 1 m a month last 12 months; after k months, 12 - k are left."""
    table = asked(BURNS, month=(1, 5), months=40)
    for stops, lasts in ((1, 12.0), (5, 8.0)):
        for rounds in ("none", "distress"):
            row = table.loc["lab", stops, rounds]
            assert row[["alive", "low", "median", "high", "runs_out", "se"]].to_list() == [
                1.0,
                *[lasts] * 3,
                1.0,
                0.0,
            ]
    assert table.loc["rich", "median"].tolist() == [np.inf] * 4
    assert not table.loc["rich", "runs_out"].any()


def test_a_month_after_the_end_is_that_of_nobody():
    """Who has failed before money stops has no runway then."""
    row = asked(BURNS, month=20, months=30).loc["lab", 20, "none"]
    assert row["alive"] == 0
    assert row[["median", "runs_out"]].isna().all()


def test_rounds_in_need_go_on_or_not():
    table = asked(RAISES, month=1, months=40)
    assert table.loc["lab", 1, "none"]["median"] == 12
    assert table.loc["lab", 1, "distress"]["median"] > 20


def test_draws_stop():
    table = asked(DRAWS, month=(1, 15), months=30)
    assert table.loc["lab", 1, "none"]["median"] == 12
    later = table.loc["lab", 15, "none"]
    assert later["alive"] == 1, "it draws what it needs up to month 15"
    assert 0 < later["median"] <= 4, "it keeps three months of burn"


def test_sudden_failures_are_no_matter_of_cash():
    assert asked(SUDDEN, month=1, months=30).loc["lab", 1, "none"]["median"] == 12


def test_a_world_with_loans_and_scenarios():
    found = cc.runway("ai-2025-08", 3, paths=16, months=12, scenarios=["funding-shut"])
    assert found.table.index.unique("company").size == 26
    assert "from 3, in need" in str(found)
    assert repr(found) == "<Runway of 26 companies over 12 months>"


@pytest.mark.parametrize(
    ("given", "said"), [({"month": 0}, "month is 0"), ({"month": 9, "months": 3}, "months is 3")]
)
def test_months_that_cannot_be(given, said):
    with pytest.raises(ArgumentError, match=said):
        asked(BURNS, **given)


def test_the_command(tmp_path, capsys):
    file = tmp_path / "burns.toml"
    file.write_text(BURNS)
    given = ["runway", str(file), "--month", "1", "--month", "5", "--months", "40", "--paths", "4"]
    assert execute(given) == 0
    said = capsys.readouterr().out
    assert "12 (12 to 12)" in said
    assert "8 (8 to 8)" in said
    assert "On no path do these run out: rich." in said
    assert execute([*given, "--json", "--set", "company.lab.cash=6e6"]) == 0
    printed = json.loads(capsys.readouterr().out)
    first, *_, last = printed["runway"]
    assert (first["company"], first["stops"], first["rounds"], first["median"]) == ("lab", 1, "none", 6.0)
    assert last["median"] is None
    assert printed["set"] == ["company.lab.cash=6e6"]
