"""Rank: who is tied to nobody takes nobody down, known cascades are counted, and the two runs say the same."""

import json

import cashcade as cc
import numpy as np
import pytest
from cashcade.commands import execute
from cashcade.contagion import debtrank
from cashcade.errors import ArgumentError
from cashcade.results.statistics import standard_error
from cashcade.world import World

NOISE = """
[market]
common_volatility = 0.3
[[segment]]
seller = "maker"
revenue = { value = 10.0, low = 5.0, high = 15.0 }
volatility = 0.3
ai_share = { value = 0.5, low = 0.2, high = 0.9 }
[[segment]]
seller = "loner"
revenue = 5.0
volatility = 0.3
"""
CHAIN = """
[world]
name = "chain"
date = 2025-08-31
[[company]]
id = "maker"
cash = 1000.0
fixed_cost = 10.0
[[company]]
id = "bank"
cash = 1000.0
loss_capacity = 30.0
[[company]]
id = "debtor"
cash = 500.0
fixed_cost = 1.0
default_cost = 1.0
[[company]]
id = "loner"
cash = 100.0
fixed_cost = 5.0
[[loan]]
borrower = "debtor"
lender = "bank"
balance = 800.0
maturity = 100
[[loan]]
borrower = "bank"
lender = "maker"
balance = 40.0
maturity = 100
"""


@pytest.fixture(scope="module")
def noisy():
    return cc.rank(World.from_text(CHAIN + NOISE), month=2, months=6, paths=64, seed=5)


def test_who_is_tied_to_nobody_takes_nobody_down(noisy):
    row = noisy.table.loc["loner"]
    assert row.tolist() == [0.0] * 9
    assert noisy.table.loc["bank", "failures"] == 0.0


def test_a_chain_by_hand(noisy):
    """The debtor's end costs the bank more than it can bear, which then fails with its debt of 40."""
    found = cc.rank(World.from_text(CHAIN), month=3, months=6, paths=4)
    assert found.table.index.tolist() == ["debtor", "maker", "bank", "loner"]
    row = found.table.loc["debtor"]
    assert (row["failures"], row["debt"], row["failures_se"]) == (1.0, 40.0, 0.0)
    assert not found.table.drop(index="debtor")[["failures", "debt", "revenue", "gdp"]].any(axis=None)
    assert noisy.table.index[0] == "debtor"


def test_debtrank_is_that_of_the_balance_sheet():
    found = cc.rank(World.from_text(CHAIN), months=1, paths=1).table
    claims = np.zeros((4, 4))
    claims[1, 2], claims[0, 1] = 800.0, 40.0
    equity = np.array([1040.0, 1760.0, 5.0, 100.0])
    assert found.loc["debtor", "debtrank"] == pytest.approx((800 + 40 * 800 / 1760) / 2905)
    expected = debtrank(claims, equity, weights=equity).impact
    names = ["maker", "bank", "debtor", "loner"]
    assert found.loc[names, "debtrank"].tolist() == expected.tolist()


def test_what_two_runs_say():
    """The same from two runs by hand: sales of the others, with the error of the difference."""
    text = CHAIN + NOISE + '[[contract]]\ncustomer = "loner"\nsupplier = "maker"\nusage = 3.0\n'
    text += '[[recapture]]\nfrom = "loner"\nto = "maker"\nshare = 0.5\n'
    world = World.from_text(text)
    found = cc.rank(world, ["loner"], by="revenue", months=6, paths=64, seed=5).table
    runs = [
        each.run(months=6, paths=64, seed=5, record=["segment.revenue"], keep_paths=True)
        for each in (cc.Case(world), cc.Case(world).with_({"company.loner.wound_up": 1}))
    ]
    share = runs[0].parameters()["segment.maker.ai_share"].to_numpy()
    draw = runs[0].dataset["path_draw"].to_numpy()
    sold = [run.dataset["segment_revenue"].isel(segment=0).sum("month").to_numpy() for run in runs]
    apart = (sold[0] - sold[1]) * share[draw]
    assert apart.any()
    assert found.loc["loner", "revenue"] == pytest.approx(apart.mean(), rel=1e-12)
    assert found.loc["loner", "revenue_se"] == pytest.approx(float(standard_error(apart, draw)), rel=1e-12)


ORDERS = """
[world]
name = "orders"
date = 2025-08-31
[market]
gdp_start = 1200.0
gdp_growth = 0.0
[[company]]
id = "one"
cash = 1000.0
[[company]]
id = "other"
cash = 1000.0
"""
"""Two companies, and a GDP of 1200 a year."""


def test_capex_over_gdp_is_net_of_the_own():
    fleet = '[[fleet]]\nowner = "{}"\ncost = 10.0\nage_span = 10\nbook_life = 20\neconomic_life = 20\ncapex = 5.0\n'
    world = World.from_text(ORDERS + fleet.format("one") + fleet.format("other"))
    found = cc.rank(world, months=4, paths=2).table
    assert found["gdp"].tolist() == [0.0, 0.0]


def test_capex_that_follows_sales_is_lost_with_the_customer():
    """What the other builds for the customer, over GDP of 1200 a year, as two runs say it."""
    more = """
[[contract]]
customer = "one"
supplier = "other"
usage = 10.0
follows = "nothing"
[[fleet]]
owner = "other"
cost = 10.0
age_span = 10
book_life = 20
economic_life = 20
capex = 0.0
capex_of_revenue = 0.5
"""
    world = World.from_text(ORDERS + more)
    found = cc.rank(world, by="gdp", months=4, paths=2).table
    capex = [
        case.run(months=4, paths=2, record=["market.capex"]).dataset["market_capex_mean"].to_numpy()
        for case in (cc.Case(world), cc.Case(world).with_({"company.one.wound_up": 1}))
    ]
    assert capex[0].sum() > capex[1].sum()
    assert found.loc["one", "gdp"] == pytest.approx((capex[0] - capex[1]).mean() * 12 / 1200)
    assert found.loc["other", "gdp"] == 0.0
    assert found.index.tolist() == ["one", "other"]


def test_a_company_alone_is_one_row(noisy):
    world = World.from_text(CHAIN + NOISE)
    for companies in (["debtor"], "debtor"):
        found = cc.rank(world, companies, month=2, months=6, paths=64, seed=5)
        assert found.table.loc["debtor"].tolist() == noisy.table.loc["debtor"].tolist()
        assert len(found.table) == 1


def test_it_is_told(noisy):
    told = str(noisy)
    assert "debt of others that fails: debtor" in told
    assert "AI revenue of others that is lost: nobody" in told
    assert repr(noisy) == "<Rank of 4 companies by debt>"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"by": "cash"}, "Unknown measure 'cash'"),
        ({"companies": ["lonr"]}, "Unknown company 'lonr'. Did you mean 'loner'"),
        ({"month": 7}, "month is 7, wanted a whole number from 1 to 6"),
        ({"companies": 3}, "companies is 3, wanted a list"),
    ],
)
def test_what_is_wrong_is_said(wrong, message):
    with pytest.raises(ArgumentError, match=message):
        cc.rank(World.from_text(CHAIN), months=6, paths=4, **wrong)


def test_the_command(tmp_path, capsys):
    file = tmp_path / "chain.toml"
    file.write_text(CHAIN, encoding="utf-8")
    words = ["rank", str(file), "debtor", "--month", "3", "--months", "6", "--paths", "1"]
    assert execute([*words, "--json", "--set", "company.maker.cash=2000"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["set"] == ["company.maker.cash=2000"]
    (row,) = found["rank"]
    assert (row["company"], row["debt"], row["debt_se"]) == ("debtor", 40.0, None)
    assert execute(words) == 0
    assert "debtor" in capsys.readouterr().out
    assert execute([*words, "--by", "cash"]) == 2
    assert (
        capsys.readouterr().err == "cashcade: Unknown measure 'cash'. Known: debt, revenue, gdp, failures.\n"
    )
