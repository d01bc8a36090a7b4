"""The page on doors: each kind of sale gives what it says, to the dollar; and laws that any door keeps."""

import re
from dataclasses import replace
from pathlib import Path

import cashcade as cc
import numpy as np
import pytest
from cashcade.errors import RuleError
from cashcade.rules import Buyer, Door, ExitScenario, buyer, companies, company, month, number, target
from cashcade.testing import door_laws, laws
from cashcade.testing import doors as testing_doors

from tests.rules.conftest import small_world

PAGE = (Path(__file__).parents[2] / "docs" / "exits.md").read_text(encoding="utf-8")
NAMES: dict = {"__name__": "page"}
for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL):
    exec(block, NAMES)  # noqa: S102 - our own page

RECORD = ["company.valuation", "company.last_valuation", "company.cash", "company.runway", "company.debt"]


def went(door, world, months=6, paths=16):
    """A run of a door, and month, price and buyer of the exit of the first company, by path."""
    exits = ExitScenario("doors", "Doors", doors=door)
    run = {"months": months, "paths": paths, "record": RECORD, "keep_paths": True, "replicates": 1}
    dataset = cc.run(world, scenarios=[exits], **run).dataset.sel(company="one")
    return dataset, *(dataset[f"exit_{what}"].to_numpy() for what in ("month", "price", "buyer"))


def before(dataset, name, months):
    """A number of the company at the end of the month before it left, by path; of those that left later than in month 1."""
    values = dataset[f"company_{name}"].transpose("kept_path", "month").to_numpy()
    return values[np.arange(len(months)), months - 2]


def place(name):
    return [each.id for each in small_world().companies].index(name)


@pytest.mark.parametrize("tied", [True, False])
def test_a_supplier_buys_the_customer_that_it_would_lose(tied):
    world = small_world().with_({"company.one.cash": 1e7, "company.one.valuation_multiple": 1.0})
    if not tied:
        world = world.with_({"contract.one->lab.usage": 0.0})
    certain = replace(NAMES["rescuers"], hazard=1.0)
    dataset, months, price, buyer = went(certain, world)
    assert (months > 1).all() == tied
    assert (buyer == place("lab")).all() == tied
    if tied:
        np.testing.assert_array_equal(price, before(dataset, "valuation", months))


def test_the_highest_bidder_pays_the_second_bid():
    world = small_world().with_(
        {"company.two.cash": 1e10, "company.cloud.cash": 1e10, "company.lab.cash": 1e10}
    )
    later = replace(NAMES["auction"], opens=month >= 3)
    dataset, months, price, buyer = went(later, world)
    assert (months == 3).all()
    assert (buyer == place("two")).all()
    np.testing.assert_array_equal(price, 1.2 * before(dataset, "valuation", months))


@pytest.mark.parametrize(("cash", "sold"), [(1e7, False), (1e10, True)])
def test_nobody_buys_below_the_reserve(cash, sold):
    """Where bids are bound by cash, the second is the second richest of those who would pay; below the reserve none is."""
    poor = {f"company.{who}.cash": cash for who in ("lab", "two")}
    world = small_world().with_({**poor, "company.cloud.cash": 1e6})
    _, months, _, buyer = went(NAMES["auction"], world, months=1)
    assert (months == 1).all() == sold
    assert (buyer >= 0).all() == sold


BIDS = {"lab": 9e7, "cloud": 7e7, "two": 2e8}


def bargained(share, *, price=5e7, bids=BIDS):
    """A sale to named bidders at fixed bids, of whom company two has half of what it bids."""
    buyers = [Buyer(company(who), number(bid, "USD")) for who, bid in bids.items()]
    door = Door(
        "sealed", company("one"), "acquire", month >= 2, hazard=1.0, price=price, buyers=buyers, bargain=share
    )
    rich = {f"company.{who}.cash": 1e10 for who in ("lab", "cloud")}
    keeps = {"company.two.cash": 1e8, "company.two.minimum_cash": 0.0, "company.two.share_deals": 0.0}
    return went(door, small_world().with_({**rich, **keeps}))


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_the_seller_gets_its_share_of_what_the_best_bid_is_above_the_next(share):
    bids = {"lab": 9e7, "cloud": 7e7}
    _, months, price, buyer = bargained(share, bids=bids)
    assert (months == 2).all()
    assert (buyer == place("lab")).all()
    np.testing.assert_array_equal(price, 7e7 + share * 2e7)


def test_a_single_bidder_bargains_over_what_is_above_the_reservation_value():
    _, _, price, buyer = bargained(0.5, bids={"cloud": 7e7})
    assert (buyer == place("cloud")).all()
    np.testing.assert_array_equal(price, 6e7)
    _, months, _, _ = bargained(0.5, price=7.1e7, bids={"cloud": 7e7})
    assert (months == 0).all()


def test_a_bid_is_no_more_than_a_buyer_has():
    """Two would pay 200 million and has less than 100, so that what it bids is what it has."""
    dataset, _, price, buyer = bargained(1.0)
    assert (buyer == place("two")).all()
    assert ((price > 9e7) & (price <= 1e8)).all()
    _, _, price, buyer = bargained(1.0, bids={**BIDS, "lab": 1.5e8})
    assert (buyer == place("lab")).all()
    np.testing.assert_array_equal(price, 1.5e8)
    assert dataset["exit_month"].size == 16


def test_of_a_group_every_member_bids():
    """Each bids a part of its cash: the richest buys, at what the second richest bids."""
    of = companies("lab", "cloud")
    door = Door(
        "group",
        company("one"),
        "acquire",
        month >= 2,
        hazard=1.0,
        price=number(1e6, "USD"),
        buyers=Buyer(of, 0.01 * buyer.cash),
        bargain=0,
    )
    world = small_world().with_({"company.lab.cash": 2e10, "company.cloud.cash": 1e10})
    months, price, who = went(door, world)[1:]
    assert (months == 2).all()
    assert (who == place("lab")).all()
    exits = ExitScenario("group", "A group bids", doors=door)
    run = {"months": 3, "paths": 16, "record": RECORD, "keep_paths": True, "replicates": 1}
    cloud = cc.run(world, scenarios=[exits], **run).dataset.sel(company="cloud")["company_cash"]
    np.testing.assert_array_equal(price, 0.01 * cloud.transpose("kept_path", "month").to_numpy()[:, 0])


def test_bargaining_is_of_sales():
    with pytest.raises(RuleError, match="bargain is of sales, and its effect is 'list'"):
        Door("x", companies(), "list", hazard=0.1, bargain=0.5)
    with pytest.raises(RuleError, match="bargain"):
        Door("x", companies(), "acquire", hazard=0.1, buyers=Buyer("capital", 1e9), bargain=2)


@pytest.mark.parametrize(("cash", "bid"), [(2e9, True), (1e8, False)])
def test_a_hostile_bid_pays_the_premium(cash, bid):
    world = small_world().with_({"company.one.cash": cash, "company.one.valuation_multiple": 2.0})
    certain = replace(NAMES["hostile"], hazard=1.0, opens=NAMES["hostile"].opens & (month >= 2))
    dataset, months, price, buyer = went(certain, world)
    assert (months == 2).all() == bid
    if bid:
        np.testing.assert_array_equal(price, 1.38 * before(dataset, "valuation", months))
        assert set(buyer) <= {place("lab"), place("cloud")}


def test_a_sale_in_distress_pays_by_the_months_that_are_left():
    world = small_world().with_({"company.one.cash": 4e7, "company.one.last_valuation": 2e8})
    certain = replace(NAMES["distress"], hazard=1.0)
    dataset, months, price, _ = went(certain, world, months=24)
    assert (months > 1).all()
    left = before(dataset, "runway", months)
    assert (left < 9).all()
    np.testing.assert_allclose(price, 0.5 * before(dataset, "last_valuation", months) * left / 9, rtol=1e-15)


@pytest.mark.parametrize("name", ["rescuers", "auction", "sealed", "hostile", "distress"])
def test_doors_of_the_page_keep_the_laws(name, cashcade_world):
    world = small_world() if name == "auction" else cashcade_world
    report = door_laws(NAMES[name], world)
    assert report.ok, report
    assert len(report.checked) == 5


def test_a_door_that_nobody_takes_is_listed(cashcade_world):
    door = Door("never", companies(), "wind_down", opens=target.cash < 0, hazard=1.0)
    report = door_laws(door, cashcade_world)
    assert report.ok
    assert len(report.checked) == 2
    assert report.idle == ['door "never" was never taken']


SALE = Door(
    "sale",
    companies(),
    "acquire",
    hazard=0.1,
    price=0.5 * target.valuation,
    buyers=[Buyer(company("chips"), number(1e12, "USD")), Buyer("capital", number(1e12, "USD"))],
)


def spoilt(change):
    """Runs in which what is found about doors is changed."""
    honest = testing_doors.ran

    def ran(world, rules, doors, threads):
        dataset = honest(world, rules, doors, threads)
        return change(dataset, doors[0] if doors else None)

    return ran


def moves_cash(dataset, door):
    return dataset.assign(company_cash=dataset["company_cash"] + 1) if door else dataset


def pays_double(dataset, door):
    return dataset.assign(exit_price=dataset["exit_price"] * 2.5) if door else dataset


def comes_later(dataset, door):
    if door is None or float(door.hazard.node.value) < 1.0:
        return dataset
    return dataset.assign(exit_month=dataset["exit_month"] + 5 * (dataset["exit_month"] > 0))


def buys_anyway(dataset, door):
    return dataset.assign(exit_month=dataset["exit_month"] * 0 + 2) if door else dataset


def buys_itself(dataset, door):
    own = dataset["exit_buyer"] * 0 + np.arange(dataset.sizes["company"], dtype=np.int32) if door else 0
    return dataset.assign(exit_buyer=own) if door else dataset


def pays_more(dataset, door):
    return dataset.assign(exit_price=dataset["exit_price"] * 1.01) if door else dataset


def test_a_bargain_outside_the_bids_is_found(cashcade_world, monkeypatch):
    door = replace(SALE, bargain=0.5)
    assert door_laws(door, cashcade_world).ok
    monkeypatch.setattr(testing_doors, "ran", spoilt(pays_double))
    assert laws.BETWEEN in [breach.law for breach in door_laws(door, cashcade_world).broken]


@pytest.mark.parametrize(
    ("change", "law"),
    [
        (moves_cash, laws.CLOSED),
        (comes_later, laws.CERTAIN),
        (buys_anyway, laws.DEAR),
        (buys_itself, laws.BUYERS),
        (pays_more, laws.ASKED),
    ],
)
def test_each_law_finds_what_breaks_it(change, law, cashcade_world, monkeypatch):
    assert door_laws(SALE, cashcade_world).ok
    monkeypatch.setattr(testing_doors, "ran", spoilt(change))
    report = door_laws(SALE, cashcade_world)
    assert law in [breach.law for breach in report.broken], report
