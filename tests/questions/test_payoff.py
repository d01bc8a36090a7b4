"""Waterfalls by hand, and those of the model's own specification."""

import json

import cashcade as cc
import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError
from cashcade.questions.payoff import waterfall
from cashcade.world import World
from hypothesis import given
from hypothesis import strategies as st

from spec import estate

TEXT = """
[world]
name = "exit"
date = 2025-08-31

[[company]]
id = "app"
cash = 100.0
default_cost = 0.5
last_valuation = 400.0

[[company]]
id = "fund"
cash = 1.0

[[stake]]
holder = "fund"
issuer = "app"
fraction = 0.25
preference = 60.0

[[loan]]
id = "senior"
borrower = "app"
lender = "fund"
balance = 80.0
maturity = 100
rank = "unsecured"

[[loan]]
id = "junior"
borrower = "app"
lender = "fund"
balance = 40.0
maturity = 100
rank = "subordinated"

[[loan]]
id = "mortgage"
borrower = "app"
lender = "fund"
balance = 50.0
maturity = 100
rank = "secured"
collateral = 100.0
"""


@pytest.fixture(scope="module")
def world():
    return World.from_text(TEXT)


def paid(found, price, door):
    rows = found.table[(found.table["price"] == price) & (found.table["door"] == door)]
    return dict(zip(rows["holder"], rows["gets"], strict=True))


def test_a_sale_by_hand(world):
    """At 100 the fund takes its preference of 60, at 400 a quarter; debt goes along."""
    found = cc.payoff(world, "app", [100.0, 400.0])
    lent = {"senior": 80.0, "junior": 40.0, "mortgage": 50.0}
    assert paid(found, 100.0, "sale") == {**lent, "fund->app": 60.0, "common": 40.0}
    assert paid(found, 400.0, "sale") == {**lent, "fund->app": 100.0, "common": 300.0}


def test_a_winding_up_by_hand(world):
    """Of 140, half is the collateral: 50 pay the mortgage, 80 the senior, 10 of 40 the junior, nothing is left."""
    assert paid(cc.payoff(world, "app", 140.0), 140.0, "winding-up") == pytest.approx(
        {"senior": 80.0, "junior": 10.0, "mortgage": 50.0, "fund->app": 0.0, "common": 0.0}
    )
    """Of 270, 170 pay all loans; 60 are preferred."""
    assert paid(cc.payoff(world, "app", 270.0), 270.0, "winding-up") == pytest.approx(
        {"senior": 80.0, "junior": 40.0, "mortgage": 50.0, "fund->app": 60.0, "common": 40.0}
    )


def test_a_licence_by_hand(world):
    """The shell has half of 100 and of the collateral of 100: 50 for the mortgage, 50 of 80 for the senior loan.

    Of the price of 200, 30 % go to staff, and of the other 140 the fund keeps 60.
    """
    assert paid(cc.payoff(world, "app", 200.0, staff=0.3), 200.0, "licence") == pytest.approx(
        {"senior": 50.0, "junior": 0.0, "mortgage": 50.0, "staff": 60.0, "fund->app": 60.0, "common": 80.0}
    )


def test_money_is_neither_made_nor_lost(world):
    found = cc.payoff(world, "app", [0.0, 17.0, 300.0])
    for price in (0.0, 17.0, 300.0):
        assert sum(paid(found, price, "winding-up").values()) == pytest.approx(price)
        assert sum(paid(found, price, "sale").values()) == pytest.approx(price + 170.0)
        assert sum(paid(found, price, "licence").values()) == pytest.approx(price + 100.0)


classes = st.lists(
    st.tuples(st.floats(0.01, 0.2), st.one_of(st.just(0.0), st.floats(0.1, 100.0))), min_size=0, max_size=5
)


@given(proceeds=st.floats(0.0, 1e3), of=classes)
def test_the_waterfall_is_that_of_the_model(proceeds, of):
    common = 1.0 - sum(fraction for fraction, _ in of)
    ours = waterfall(proceeds, [*((preference, fraction) for fraction, preference in of), (0.0, common)])
    theirs = estate.waterfall(proceeds, of)
    assert ours[:-1] == pytest.approx(theirs, rel=1e-9, abs=1e-9)
    assert sum(ours) == pytest.approx(proceeds)


def test_all_worlds_and_prices_by_default():
    found = cc.payoff("ai-2025-08", "coreweave")
    assert found.table["price"].nunique() == 4
    wide = found.by_kind
    assert (wide.xs("sale", level="door")["secured"].nunique()) == 1
    assert (wide.xs("winding-up", level="door")["common"].diff().dropna() >= 0).all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"company": "ap"}, "Unknown company 'ap'"),
        ({"value": -1.0}, "value is -1.0"),
        ({"staff": 1.5}, "staff is 1.5"),
    ],
)
def test_what_cannot_be_asked(world, given, said):
    with pytest.raises(ArgumentError, match=said):
        cc.payoff(world, **{"company": "app", **given})


def test_the_command(tmp_path, capsys):
    file = tmp_path / "exit.toml"
    file.write_text(TEXT)
    asked = ["payoff", str(file), "app", "--value", "100", "--value", "400", "--staff", "0.3"]
    assert execute(asked) == 0
    said = capsys.readouterr().out
    assert "What holders of app get at an exit" in said
    assert "400 (winding-up)" in said
    assert execute([*asked, "--json", "--set", "loan.junior.balance=0"]) == 0
    printed = json.loads(capsys.readouterr().out)
    rows = [row for row in printed["payoff"] if row["holder"] == "junior"]
    assert {row["gets"] for row in rows} == {0.0}
    assert {row["part"] for row in rows} == {None}
