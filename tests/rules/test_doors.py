"""The page on doors: each kind of sale gives what it says, to the dollar; and laws that any door keeps."""

import re
from dataclasses import replace
from pathlib import Path

import cashcade as cc
import numpy as np
import pytest
from cashcade.rules import Buyer, Door, ExitScenario, companies, company, month, number, target
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


@pytest.mark.parametrize("name", ["rescuers", "auction", "hostile", "distress"])
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
