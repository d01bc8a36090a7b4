"""Circular money: known by hand on chains and circles, none without finance, and never more than there is."""

import json

import cashcade as cc
import numpy as np
import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError
from cashcade.questions.circular import Financed, Flows, follow
from cashcade.world import World
from hypothesis import given, settings
from hypothesis import strategies as st

CHAIN = """
[world]
name = "chain"
date = 2025-08-31

[[company]]
id = "vendor"
cash = 1000.0

[[company]]
id = "lab"
cash = 100.0

[[company]]
id = "cloud"
cash = 20.0

[[contract]]
customer = "lab"
supplier = "cloud"
usage = 30.0

[[contract]]
customer = "cloud"
supplier = "vendor"
usage = 24.0

[[segment]]
seller = "vendor"
revenue = 76.0
"""

PLEDGE = """
[[pledge]]
investor = "vendor"
company = "lab"
amount = 20.0
months = 2
"""


def test_a_chain_of_three_by_hand():
    """The vendor puts 10 a month into a lab, which buys 30 a month of a cloud, which buys 24 of the vendor.

    Month 1: the lab has 110, of which 10 are the vendor's, and pays 30 of it: 30/11 of 50 at the cloud, of
    which 24 come back. Month 2: the lab has kept 80/11 of 80, and gets 10 more; the cloud has kept 26 * 3/55
    of 26.
    """
    found = cc.circular(World.from_text(CHAIN + PLEDGE), "vendor", months=2, paths=3)
    lab = (80 / 11 + 10) / 90
    cloud = (26 * 3 / 55 + 30 * lab) / 56
    monthly = found.months()["amount"].unstack()
    assert monthly["total"].to_numpy() == pytest.approx([24 * 3 / 55, 24 * cloud])
    assert monthly["direct"].tolist() == [0.0, 0.0]
    assert monthly["indirect"].to_numpy() == pytest.approx(monthly["total"].to_numpy())
    shares = found.shares()
    assert shares.loc["total", "share"] == pytest.approx((24 * 3 / 55 + 24 * cloud) / 200)
    assert shares.loc["total", "se"] == 0
    customers = found.by_customer()
    assert [*customers.index] == ["cloud", "outside"]
    assert customers.loc["cloud", "total"] == pytest.approx((24 * 3 / 55 + 24 * cloud) / 48)
    assert customers.loc["outside", ["revenue", "total", "weight"]].tolist() == [152.0, 0.0, 0.0]


def test_one_hop_is_direct():
    """Put into its own customer, the money comes back at once: 10 of 30 in the first month."""
    text = CHAIN.replace("usage = 30.0", "usage = 0.0") + PLEDGE.replace("lab", "cloud")
    shares = cc.circular(World.from_text(text), "vendor", months=1, paths=1).shares()
    assert shares.loc[["direct", "total"], "amount"].tolist() == pytest.approx([8.0, 8.0])
    assert shares.loc["indirect", "amount"] == 0
    assert shares.loc["null", "amount"] == pytest.approx(8.0), "nobody else spends"


def test_what_affiliates_put_in_counts():
    text = CHAIN + PLEDGE.replace('"vendor"', '"fund"') + '\n[[company]]\nid = "fund"\ncash = 100.0\n'
    alone = cc.circular(World.from_text(text), "vendor", months=2, paths=1)
    both = cc.circular(World.from_text(text), "vendor", affiliates=["fund"], months=2, paths=1)
    own = cc.circular(World.from_text(CHAIN + PLEDGE), "vendor", months=2, paths=1)
    assert not alone.shares()["amount"].any()
    assert both.shares()["amount"].to_numpy() == pytest.approx(own.shares()["amount"].to_numpy())


def test_sales_to_affiliates_are_no_revenue():
    found = cc.circular(World.from_text(CHAIN + PLEDGE), "vendor", affiliates=["cloud"], months=2, paths=1)
    assert [*found.by_customer().index] == ["outside"]
    assert found.shares().loc["total", "share"] == 0


def test_nothing_without_finance():
    found = cc.circular(World.from_text(CHAIN), "vendor", months=3, paths=4)
    assert not found.shares()[["share", "se", "amount"]].to_numpy().any()
    assert found.by_customer()["weight"].isna().all()


def test_a_share_of_no_revenue_is_unknown():
    found = cc.circular(World.from_text(CHAIN + PLEDGE), "lab", months=2, paths=2)
    assert found.shares()["share"].isna().all()
    assert not found.shares()["amount"].any()
    assert found.by_customer().empty


def followed(paid, put, had, group=(0,)) -> Financed:
    """One month; the last place of payers and payees is outside."""
    paid = np.asarray(paid, dtype=np.float64)
    count = len(had)
    net = paid.sum(axis=0) - paid.sum(axis=1)
    cash = np.array([had, np.asarray(had) + net[:count]])
    sold = np.where(np.isin(np.arange(count + 1), group), 0.0, paid[:, group[0]])
    return follow(Flows(paid[np.newaxis], sold[np.newaxis], np.array([put], dtype=np.float64), cash), group)


def test_a_circle_by_hand():
    """Two customers pay each other: a = 10 + b / 2, b = a / 4, so a = 80/7 and b = 20/7.

    A has 40 and pays 10 to b, 10 to the vendor; b has 20 and pays 10 to a, 5 to the vendor.
    """
    paid = [[0, 10, 0, 0], [10, 0, 10, 0], [5, 10, 0, 0], [0, 0, 0, 0]]
    found = followed(paid, [0, 10, 0], [100.0, 20.0, 10.0])
    assert found.total[0] == pytest.approx([0, 10 * (80 / 7) / 40, 5 * (20 / 7) / 20, 0])
    assert found.direct[0] == pytest.approx([0, 10 * 10 / 40, 0, 0])


def test_a_circle_of_bills_that_the_money_does_not_reach():
    """Two companies without a cent pay each other what they get of each other; nobody knows whose it is, or needs to."""
    paid = np.zeros((5, 5))
    paid[1, 0], paid[0, 1] = 4.0, 8.0
    paid[2, 3] = paid[3, 2] = 7.0
    found = followed(paid, [0, 8, 0, 0], [100.0, 0.0, 0.0, 0.0])
    assert found.total[0] == pytest.approx([0, 4, 0, 0, 0])


amounts = st.one_of(st.just(0.0), st.floats(1e-6, 1e3))


@st.composite
def months(draw):
    """A month of five parties, of which the last is outside; who pays more than it has owes it."""
    paid = np.array(draw(st.lists(amounts, min_size=25, max_size=25))).reshape(5, 5)
    np.fill_diagonal(paid, 0.0)
    had = draw(st.lists(amounts, min_size=4, max_size=4))
    put = np.where(np.arange(4) == 0, 0.0, paid[0, :4])
    return paid, put, had


@given(month=months())
@settings(deadline=None)
def test_direct_is_at_most_total_is_at_most_all(month):
    paid, put, had = month
    found = followed(paid, put, had)
    sold = found.revenue[0]
    slack = 1e-9 * (1 + paid.sum())
    assert (found.direct >= 0).all()
    assert (found.direct[0] <= found.total[0] + slack).all()
    assert (found.total[0] <= sold + slack).all()
    assert 0 <= found.null[0] <= sold.sum() + slack


def test_the_smallest_amounts_give_numbers():
    """A payment of the least number there is, to a company that was given money."""
    paid = np.zeros((5, 5))
    paid[0, 3], paid[2, 2], paid[2, 1] = 1.0, 0.0, 5e-324
    found = followed(paid, np.array([0.0, 0.0, 0.0, 1.0]), np.array([0.0, 0.0, 0.0, 5e-324]))
    assert all(np.isfinite(np.asarray(each)).all() for each in found)


@given(month=months(), scale=st.floats(1e-3, 1e9))
@settings(deadline=None)
def test_shares_have_no_unit(month, scale):
    paid, put, had = month
    base, other = followed(paid, put, had), followed(paid * scale, put * scale, np.array(had) * scale)
    for one, two in zip(base, other, strict=True):
        np.testing.assert_allclose(two, one * scale, rtol=1e-9, atol=1e-9 * scale)


@given(month=months(), order=st.permutations(range(4)))
@settings(deadline=None)
def test_the_order_of_companies_is_nothing(month, order):
    paid, put, had = month
    base = followed(paid, put, had)
    to = [*order, 4]
    moved = followed(paid[np.ix_(to, to)], put[order], np.array(had)[order], group=(order.index(0),))
    np.testing.assert_allclose(moved.total[0], base.total[0][to], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(moved.direct[0], base.direct[0][to], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(moved.null, base.null, rtol=1e-9, atol=1e-9)


@given(month=months())
@settings(deadline=None)
def test_what_is_put_in_comes_back_leaves_or_stays(month):
    """Every dollar is somewhere: back with the vendor, outside, or kept."""
    paid, put, had = month
    paid[1:4, 0] += 1.0  # Everybody buys of the vendor, which tells what part of its money is financed.
    had = np.array(had) + np.maximum(paid[:4].sum(axis=1) - paid[:, :4].sum(axis=0), 0.0)
    found = followed(paid, put, had)
    kept = had + paid[:, :4].sum(axis=0) - paid[:4].sum(axis=1)
    left = found.total[0, 1:4] / paid[1:4, 0] * (kept + paid[:4, 0] + paid[:4, 4])[1:4]
    assert left.sum() == pytest.approx(put.sum(), rel=1e-9, abs=1e-9)


def test_companies_named_and_ordered_otherwise():
    """The same world with its companies in another order, on paths of which some fail."""
    blocks = CHAIN.split("\n\n")
    turned = "\n\n".join([blocks[0], blocks[3], blocks[1], blocks[2], *blocks[4:]])
    one, two = (
        cc.circular(World.from_text(text + PLEDGE), "vendor", months=12, paths=8) for text in (CHAIN, turned)
    )
    np.testing.assert_allclose(two.shares(), one.shares(), rtol=1e-12)


@pytest.fixture(scope="module")
def nvidia():
    return cc.circular("ai-2025-08", "nvidia", months=24, paths=32, seed=1)


def test_the_world_of_august(nvidia):
    """Nvidia's pledge to OpenAI comes back through the clouds of OpenAI, not from OpenAI."""
    shares = nvidia.shares()["share"]
    assert shares["direct"] == 0
    assert 0 < shares["total"] < 1
    assert shares["indirect"] == shares["total"]
    assert shares["excess"] == pytest.approx(shares["total"] - shares["null"])
    assert nvidia.difference("total", "null") == tuple(nvidia.shares().loc["excess", ["share", "se"]])
    with pytest.raises(ArgumentError, match="Unknown kind 'all'"):
        nvidia.difference("all", "null")
    assert nvidia.by_customer()["weight"].sum() == pytest.approx(1)
    monthly = nvidia.months()
    assert monthly.index.names == ["month", "kind"]
    total = monthly["amount"].xs("total", level="kind").sum()
    assert total == pytest.approx(nvidia.shares().loc["total", "amount"])
    assert repr(nvidia) == "<Circular money of nvidia on 32 paths of 24 months>"


def test_shares_are_bounded_where_companies_fail_and_are_sold():
    found = cc.circular("ai-2025-08", "nvidia", scenarios=["hot-window"], months=48, paths=16, seed=2)
    revenue, direct, total, null = found.financed
    slack = 1e-9 * revenue.max()
    assert total.any()
    assert (direct >= 0).all()
    assert (direct <= total + slack).all()
    assert (total <= revenue + slack).all()
    assert (null <= revenue.sum(axis=2) + slack).all()


def test_revenue_is_that_of_the_run():
    result = cc.Case("ai-2025-08").run(
        months=12, paths=8, seed=4, record=["company.revenue"], keep_paths=True
    )
    found = cc.circular("ai-2025-08", "nvidia", months=12, paths=8, seed=4, replicates=1)
    failed = (result.dataset["failed_month"].to_numpy() > 0).any(axis=1)
    assert not failed.all()
    booked = result.dataset["company_revenue"].sel(company="nvidia").to_numpy().sum(axis=1)
    assert found.financed.revenue.sum(axis=(1, 2))[~failed] == pytest.approx(booked[~failed])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"company": "nvidea"}, "Unknown company 'nvidea'. Did you mean 'nvidia'"),
        ({"company": "nvidia", "affiliates": ["core"]}, "Unknown company 'core'"),
        (
            {"company": "nvidia", "affiliates": "coreweave"},
            "affiliates is 'coreweave', wanted a list of names",
        ),
        ({"company": "nvidia", "paths": 0}, "paths is 0"),
    ],
)
def test_what_cannot_be_asked(arguments, said):
    with pytest.raises(ArgumentError, match=said):
        cc.circular("ai-2025-08", **arguments)


def test_months_are_those_of_the_run(nvidia):
    with pytest.raises(ArgumentError, match="first is 0"):
        nvidia.shares(0)
    with pytest.raises(ArgumentError, match="last is 25"):
        nvidia.by_customer(3, 25)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "chain.toml"
    path.write_text(CHAIN + PLEDGE)
    return str(path)


def test_the_command(file, capsys):
    given = ["circular", file, "vendor", "--months", "2", "--paths", "2"]
    assert execute(given) == 0
    said = capsys.readouterr().out
    assert "2.19 ±0.00" in said
    assert "cloud" in said
    assert execute([*given, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [row["kind"] for row in printed["shares"]] == ["direct", "indirect", "total", "null", "excess"]
    assert printed["customers"][0]["customer"] == "cloud"
    assert execute(["circular", file, "lab"]) == 0
    assert "no revenue" in capsys.readouterr().out
    assert execute(["circular", file, "lab", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["customers"] == []
    assert {row["share"] for row in printed["shares"]} == {None}
    assert execute(["circular", file, "vendr"]) == 2
    assert "Did you mean 'vendor'" in capsys.readouterr().err
