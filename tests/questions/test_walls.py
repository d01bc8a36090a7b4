"""Walls: they add up to the schedule, whether or not it is refinanced, and meet cash and collateral."""

import json

import cashcade as cc
import numpy as np
import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError
from cashcade.world import World

HEAD = """
[world]
name = "book"
date = 2025-08-31
[[company]]
id = "cloud"
archetype = "neocloud"
cash = 1000.0
[[company]]
id = "lab"
tags = ["lab", "private"]
cash = 50.0
[[company]]
id = "shop"
cash = 500.0
[[company]]
id = "saver"
cash = 7.0
"""
LOANS = """
[[loan]]
id = "bullet"
borrower = "cloud"
lender = "capital"
balance = 90.0
maturity = 5
refinance_chance = 0.0
collateral = 40.0
[[loan]]
id = "linear"
borrower = "cloud"
lender = "capital"
balance = 60.0
amortisation = "linear"
maturity = 6
collateral = 25.0
[[loan]]
id = "plan"
borrower = "lab"
lender = "saver"
balance = 40.0
amortisation = "schedule"
repayments = [{ month = 2, amount = 10.0 }, { month = 7, amount = 5.0 }]
maturity = 8
refinance_chance = 0.0
[[loan]]
id = "rolled"
borrower = "shop"
lender = "capital"
balance = 70.0
maturity = 3
refinance_chance = 1.0
refinance_months = 4
"""
TEXT = (HEAD + LOANS).replace('archetype = "neocloud"\n', 'tags = ["neocloud"]\n')
WORLD = World.from_text(TEXT)


def test_walls_are_the_schedule():
    """Nothing is random: instalments, balances at maturity, and what is rolled over falls due again."""
    table = cc.walls(WORLD, per="month", months=9, paths=2).table
    due = table["due"].unstack("borrower")
    assert due["neocloud"].to_numpy() == pytest.approx([10, 10, 10, 10, 100, 10, 0, 0, 0])
    assert due["lab"].tolist() == [0, 10, 0, 0, 0, 0, 5, 25, 0]
    assert due["other"].tolist() == [0, 0, 70, 0, 0, 0, 70, 0, 0]
    assert table["refinanced"].unstack("borrower")["other"].tolist() == [0, 0, 70, 0, 0, 0, 70, 0, 0]
    assert not table["refinanced"].unstack("borrower")[["neocloud", "lab"]].any(axis=None)
    assert (table["due_se"] == 0).all()
    assert (table["due"] == table["due_low"]).all()
    assert (table["due"] == table["due_high"]).all()
    assert due[["neocloud", "lab"]].to_numpy().sum() == pytest.approx(90 + 60 + 40)


def test_quarters_are_sums_of_months():
    month, quarter, year = (
        cc.walls(WORLD, per=per, months=8, paths=2).table for per in ("month", "quarter", "year")
    )
    summed = month["due"].unstack("borrower").groupby(lambda at: (at - 1) // 3).sum()
    assert quarter["due"].unstack("borrower").to_numpy() == pytest.approx(summed.to_numpy())
    assert quarter.loc["lab"].index.tolist() == [1, 4, 7]
    assert year["due"].tolist() == pytest.approx(summed.sum().reindex(["neocloud", "lab", "other"]).tolist())
    assert [f"{each:%Y-%m}" for each in quarter.loc["lab", "date"]] == ["2025-09", "2025-12", "2026-03"]


def test_cash_and_collateral():
    """Cash is that before the period, and collateral counts as long as something is owed on its loan."""
    found = cc.walls(WORLD, per="month", by="company", months=9, paths=2)
    cloud, lab = (found.table.loc[name] for name in ("cloud", "lab"))
    assert cloud["cash"].to_numpy() == pytest.approx([1000, 990, 980, 970, 960, 860, 850, 850, 850])
    assert cloud["collateral"].to_numpy() == pytest.approx([65, 65, 65, 65, 65, 25, 0, 0, 0])
    assert cloud["balance"].to_numpy() == pytest.approx([150, 140, 130, 120, 110, 10, 0, 0, 0])
    assert lab["cash"].tolist() == [50, 50, 40, 40, 40, 40, 40, 35, 10]
    assert "saver" not in found.table.index.get_level_values("borrower")


def test_the_gap_is_that_of_each_borrower():
    """The cash of one is of no use to another of its class."""
    poor = WORLD.with_({"company.lab.cash": 12.0})
    table = cc.walls(poor, per="quarter", months=9, paths=2).table
    assert table.loc["lab", "gap"].tolist() == [0, 0, 3]
    text = TEXT.replace('tags = ["lab", "private"]', 'tags = ["neocloud"]')
    table = cc.walls(World.from_text(text).with_({"company.lab.cash": 12.0}), months=9, paths=2).table
    assert table.loc["neocloud", "gap"].tolist() == [0, 0, 3]
    assert table.loc["neocloud", "cash"].iloc[2] > 100


def test_fleets_are_collateral():
    fleet = '[[fleet]]\nowner = "cloud"\ncost = 100.0\nage_span = 10\nbook_life = 20\neconomic_life = 20\n'
    text = TEXT.replace("collateral = 25.0", "fleet_collateral = 0.5") + fleet
    result = cc.run(World.from_text(text), months=4, paths=2, record=["company.fleet_value"])
    value = result.dataset["company_fleet_value_mean"].sel(company="cloud").to_numpy()
    table = cc.walls(World.from_text(text), per="month", months=4, paths=2).table
    assert table.loc["neocloud", "collateral"].to_numpy() == pytest.approx(40 + 0.5 * value)


def test_the_dead_owe_nothing():
    gone = cc.walls(WORLD.with_({"company.lab.wound_up": 4}), per="month", months=9, paths=2).table
    assert gone.loc["lab", "due"].tolist() == [0, 10, 0, 0, 0, 0, 0, 0, 0]
    assert gone.loc["lab", "balance"].tolist() == [40, 40, 30, 30, 0, 0, 0, 0, 0]


def test_classes_add_up_to_companies():
    by = {each: cc.walls("ai-2025-08", by=each, months=12, paths=32).table for each in ("class", "company")}
    for name in ("due", "refinanced", "worked_out", "cash", "collateral", "balance", "gap"):
        sums = [table[name].groupby("month").sum().to_numpy() for table in by.values()]
        assert sums[0] == pytest.approx(sums[1])
        assert sums[0].any() or name == "worked_out"
    table = by["company"]
    assert (table["due_low"] <= table["due_high"]).all()
    assert (table["refinanced"] <= table["due"] * (1 + 1e-12)).all()
    assert np.isfinite(table.drop(columns="date")).all(axis=None)


def test_a_workout_is_no_refinancing():
    """What falls due and is worked out is due once, and again at the new maturity."""
    text = TEXT.replace(
        '[[company]]\nid = "cloud"',
        '[market]\nworkout_normal = 1.0\nworkout_open = 1.0\nworkout_shut = 1.0\nworkout_months = 3\nworkout_haircut = 0.0\nworkout_cost = 0.0\n[[company]]\nid = "cloud"',
        1,
    )
    poor = World.from_text(text).with_({"company.shop.cash": 5.0, "loan.rolled.refinance_chance": 0.0})
    table = cc.walls(poor, per="month", months=7, paths=2).table
    assert table.loc["other", "due"].tolist() == [0, 0, 70, 0, 0, 70, 0]
    assert table.loc["other", "worked_out"].tolist() == [0, 0, 70, 0, 0, 70, 0]
    assert not table["refinanced"].any()


def test_it_is_told():
    told = str(cc.walls(WORLD, months=9, paths=2))
    assert told.startswith(
        "What falls due by quarter, 9 months, 2 paths\nMost falls due: neocloud from 2025-12 on, 120 due "
    )
    poor = str(cc.walls(WORLD.with_({"company.lab.cash": 12.0}), months=9, paths=2))
    assert "Widest gap: lab from 2026-03 on, 5.00 due against 2.00 of cash and 0 of collateral." in poor
    assert (
        str(cc.walls(WORLD, by="company", months=1, paths=2, per="month").table.index.names)
        == "['borrower', 'month']"
    )
    assert repr(cc.walls(WORLD, months=1, paths=2)) == "<Walls of 3 borrowers by quarter>"
    late = World.from_text(HEAD + LOANS[: LOANS.index("[[loan]]", 9)]).with_({"loan.bullet.maturity": 100})
    assert str(cc.walls(late, months=2, paths=2)) == "What falls due by quarter, 2 months, 2 paths: nothing."


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"per": "week"}, "Unknown period 'week'. Known: month, quarter, year"),
        ({"by": "tag"}, "Unknown way to put borrowers together 'tag'. Known: class, company"),
        ({"months": 0}, "months is 0"),
        (
            {"world": World.from_text(HEAD.replace('archetype = "neocloud"\n', ""))},
            "world book has no loans, so nothing falls due.",
        ),
    ],
)
def test_what_is_wrong_is_said(wrong, message):
    with pytest.raises(ArgumentError, match=message):
        cc.walls(**{"world": WORLD, "paths": 2, **wrong})


def test_the_command(tmp_path, capsys):
    file = tmp_path / "book.toml"
    file.write_text(TEXT, encoding="utf-8")
    words = ["walls", str(file), "--per", "year", "--by", "company", "--months", "9", "--paths", "1"]
    assert execute([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(row["borrower"], row["due"], row["date"]) for row in found["walls"]] == [
        ("cloud", pytest.approx(150.0), "2025-09-01"),
        ("lab", 40.0, "2025-09-01"),
        ("shop", 140.0, "2025-09-01"),
    ]
    assert execute(words) == 0
    assert "What falls due by year" in capsys.readouterr().out
