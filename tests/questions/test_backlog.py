"""Backlog: a sure customer is all money-good, a dead one what was due before, and ranges are their means."""

import json

import cashcade as cc
import numpy as np
import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError
from cashcade.world import World

TEXT = """
[world]
name = "orders"
date = 2025-08-31
[[company]]
id = "cloud"
cash = 100.0
[[company]]
id = "sure"
cash = 1000.0
[[company]]
id = "poor"
cash = 1000.0
[[company]]
id = "nobody"
cash = 1.0
[[contract]]
customer = "sure"
supplier = "cloud"
usage = 4.0
commitments = [{ amount = 5.0, first_month = 2, last_month = 11 }, { amount = 2.0, last_month = 20 }]
[[contract]]
id = "second"
customer = "sure"
supplier = "cloud"
commitments = [{ amount = 1.0, first_month = 30, last_month = 30 }]
[[contract]]
customer = "poor"
supplier = "cloud"
usage = 1.0
renegotiable = 0.25
commitments = [{ amount = 10.0, last_month = 10 }]
[[contract]]
customer = "cloud"
supplier = "nobody"
usage = 1.0
commitments = 3.0
"""
WORLD = World.from_text(TEXT)
AMOUNTS = ["gross", "firm", "money_good"]


def test_a_sure_customer_is_all_money_good():
    found = cc.backlog(WORLD, "cloud", paths=4)
    assert found.months == 30
    assert found.table.loc[("cloud", "sure"), AMOUNTS].tolist() == [91.0, 91.0, 91.0]
    assert found.table.loc[("cloud", "poor"), AMOUNTS].tolist() == [100.0, 75.0, 75.0]
    assert found.suppliers.loc["cloud", AMOUNTS].tolist() == [191.0, 166.0, 166.0]
    assert found.table.index.tolist() == [("cloud", "poor"), ("cloud", "sure"), ("cloud", "all")]
    assert found.table["last_month"].tolist() == [10, 30, 30]
    assert (found.table["money_good_se"] == 0).all()


@pytest.mark.parametrize("month", [1, 2, 7, 10, 11])
def test_of_a_dead_customer_what_was_due_before(month):
    dead = cc.Case(WORLD).with_({"company.poor.wound_up": month})
    row = cc.backlog(dead, "cloud", paths=4).table.loc[("cloud", "poor")]
    assert row[AMOUNTS].tolist() == [100.0, 75.0, 7.5 * min(month - 1, 10)]


def test_months_of_revenue():
    """In month 1 the cloud sells 4 of use, and 10 committed."""
    row = cc.backlog(WORLD, "cloud", paths=4).suppliers.loc["cloud"]
    assert row["revenue"] == 14.0
    assert row["gross_months"] == 191 / 14
    assert row["money_good_months"] == 166 / 14


def test_without_end_is_counted_to_the_last_month():
    row = cc.backlog(WORLD, "nobody", paths=4).suppliers.loc["nobody"]
    assert row["gross"] == 3.0 * 30
    assert cc.backlog(WORLD, "nobody", months=7, paths=4).suppliers.loc["nobody", "gross"] == 21.0
    alone = World.from_text(TEXT[: TEXT.index("[[contract]]")] + TEXT[TEXT.rindex("[[contract]]") :])
    assert cc.backlog(alone, paths=2).months == 60


def test_chances_are_those_of_the_run():
    """Money-good is the firm part of each month, times the chance to live at its end."""
    risky = WORLD.with_(
        {
            "company.poor.sudden_failure": 1.0,
            "commitment.poor->cloud/1.amount": {"low": 6.0, "value": 10.0, "high": 14.0},
        }
    )
    found = cc.backlog(risky, "cloud", months=10, paths=400, seed=4).table.loc[("cloud", "poor")]
    result = cc.run(risky, months=10, paths=400, seed=4)
    failed = result.dataset["failed_month"].sel(company="poor").to_numpy()
    paid = np.where(failed > 0, failed - 1, 10)
    amount = result.parameters().to_numpy()[result.dataset["path_draw"].to_numpy(), 0]
    assert found["money_good"] == pytest.approx((0.75 * amount * paid).mean())
    assert found["gross"] == pytest.approx((10 * amount).mean())
    assert 0 < found["money_good_se"] < 0.1 * found["money_good"]


def test_the_world_of_ai():
    found = cc.backlog("ai-2025-08", paths=32, months=24)
    table = found.table
    assert (table["firm"] <= table["gross"] * (1 + 1e-12)).all()
    assert (table["money_good"] <= table["firm"] * (1 + 1e-12)).all()
    for name, row in found.suppliers.iterrows():
        rest = table.loc[name].drop(index="all")
        assert row[AMOUNTS].tolist() == pytest.approx(rest[AMOUNTS].sum().tolist())
    alone = cc.backlog("ai-2025-08", "coreweave", paths=32, months=24).table
    assert alone.loc["coreweave"].equals(table.loc["coreweave"])


def test_it_is_told():
    told = str(cc.backlog(WORLD, "cloud", paths=4))
    assert told.startswith("Contracted backlog, instalments of 30 months (4 paths)\n")
    rows = [line.split()[0] for line in told.splitlines()[4:7]]
    assert rows == ["cloud", "poor", "sure"]
    assert repr(cc.backlog(WORLD, paths=4)) == "<Backlog of 2 suppliers>"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"supplier": "clod"}, "Unknown company 'clod'. Did you mean 'cloud'"),
        ({"supplier": "sure"}, "nobody is committed to sure; those with a backlog are cloud, nobody"),
        ({"months": 0}, "months is 0"),
        (
            {"world": World.from_text(TEXT[: TEXT.index("[[contract]]")])},
            "nobody in world orders is committed to anything",
        ),
    ],
)
def test_what_is_wrong_is_said(wrong, message):
    with pytest.raises(ArgumentError, match=message):
        cc.backlog(**{"world": WORLD, "paths": 4, **wrong})


def test_the_command(tmp_path, capsys):
    file = tmp_path / "orders.toml"
    file.write_text(TEXT, encoding="utf-8")
    words = ["backlog", str(file), "cloud", "--kill", "poor@5", "--paths", "2"]
    assert execute([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["set"] == ["company.poor.wound_up=5"]
    assert [(row["customer"], row["money_good"]) for row in found["backlog"]] == [
        ("poor", 30.0),
        ("sure", 91.0),
        ("all", 121.0),
    ]
    assert execute(words) == 0
    assert "Contracted backlog" in capsys.readouterr().out
