"""Exits: competing doors, prices, buyers, groups and classes of shares, against what can be worked out by hand."""

from datetime import date

import cashcade as cc
import numpy as np
import pytest
from cashcade import _core
from cashcade.results.exits import leavers
from cashcade.rules import Buyer, Door, ExitScenario, company, month
from cashcade.rules.vocabulary import EFFECTS
from cashcade.world import About, Company, Segment, Stake, World


def world(*, fixed_cost: float = 10.0, cash: float = 1000.0, stakes: tuple[Stake, ...] = ()) -> World:
    """A start-up that earns 20 and burns what is beyond, a rich buyer, and a fund."""
    return World(
        world=About(name="exits", date=date(2025, 8, 1)),
        companies=(
            Company(id="startup", cash=cash, fixed_cost=fixed_cost, valuation_multiple=1.0),
            Company(id="giant", cash=1e6),
            Company(id="fund", cash=1.0),
        ),
        segments=(Segment(id="users", seller="startup", revenue=20.0),),
        stakes=stakes,
    )


def run(made: World, *doors: Door, months: int = 24, paths: int = 4000) -> cc.Result:
    return cc.run(
        made, scenarios=[ExitScenario("test", "Doors of a test", doors=doors)], months=months, paths=paths
    )


def test_the_core_and_the_language_name_the_same_effects():
    assert tuple(_core.effects()) == EFFECTS


def test_constant_hazards_compete_as_they_should():
    """Without any cash effect, incidence of door k by month T is (h_k / sum h) (1 - s^T), s = prod(1 - h)."""
    hazards = {"sell-out": 0.02, "float": 0.05}
    made = run(
        world(),
        Door("sell-out", of=company("startup"), effect="self_sustain", hazard=0.02),
        Door("float", of=company("startup"), effect="self_sustain", hazard=0.05),
        paths=20_000,
    )
    table = made.exits()
    stays = (1 - 0.02) * (1 - 0.05)
    for horizon in (12, 24):
        for name, hazard in hazards.items():
            row = table.loc[f"test/{name}[startup]"]
            wanted = hazard / sum(hazards.values()) * (1 - stays**horizon)
            assert row[f"taken_{horizon}"] == pytest.approx(wanted, abs=4 * row[f"taken_{horizon}_se"])


def test_an_owner_pays_for_its_subsidiary():
    """The start-up loses 30 a month; bought in month 2, it lives on the giant's cash for ever."""
    made = world(fixed_cost=50.0, cash=100.0)
    door = Door(
        *("sale", company("startup"), "acquire"),
        opens=month >= 2,
        hazard=1.0,
        price=60.0,
        buyers=(Buyer(company("giant"), 60.0),),
    )
    assert run(made, months=12, paths=16).summary().loc["startup", "failed_12"] == 1.0
    result = cc.run(
        made, scenarios=[ExitScenario("test", "t", doors=(door,))], months=12, paths=16, keep_paths=True
    )
    assert result.summary().loc["startup", "failed_12"] == 0.0
    cash = result.dataset["company_cash"].sel(company="giant").to_numpy()[0]
    # Cash 100 - 30 in month 1 and 40 in month 2 covers 10 of month 4's 30; the giant pays the rest, and the price.
    owed = np.array([0.0, 60.0 - 40.0] + [60.0 - 40.0 + 30.0 * k for k in range(1, 11)])
    assert cash == pytest.approx(1e6 - owed)


def test_holders_are_paid_by_class():
    """At 100 a class with a preference of 60 on a tenth of the shares keeps its preference; at 1000 it converts."""
    stakes = (Stake(id="series-a", holder="fund", issuer="startup", fraction=0.1, preference=60.0),)
    for price, paid in ((30.0, 30.0), (100.0, 60.0), (1000.0, 100.0)):
        door = Door(
            *("sale", company("startup"), "acquire"),
            hazard=1.0,
            price=price,
            buyers=(Buyer("capital", price),),
        )
        result = cc.run(
            world(stakes=stakes),
            scenarios=[ExitScenario("test", "t", doors=(door,))],
            months=1,
            paths=16,
            keep_paths=True,
        )
        assert result.dataset["company_cash"].sel(company="fund").to_numpy()[:, 0] == pytest.approx(
            1.0 + paid
        )
        assert result.exits()["main_buyer"].tolist() == ["capital"]


def test_nobody_buys_who_cannot_or_will_not():
    dear = Door(
        "dear", company("startup"), "acquire", hazard=1.0, price=50.0, buyers=(Buyer(company("giant"), 49.0),)
    )
    poor = Door(
        "poor", company("startup"), "acquire", hazard=1.0, price=50.0, buyers=(Buyer(company("fund"), 90.0),)
    )
    table = run(world(), dear, poor, paths=16).exits()
    assert (table["taken_24"] == 0).all()


def test_a_listing_needs_the_window_and_brings_a_share_of_the_price():
    made = world()
    door = Door("ipo", company("startup"), "list", hazard=1.0, price=1000.0, share=0.25)
    result = run(made, door, months=36)
    row = result.exits().iloc[0]
    assert row["median_price"] == 250.0
    assert row["taken_36"] > 0.9


def test_an_orderly_closing_is_no_failure_where_all_are_paid():
    door = Door("close", company("startup"), "wind_down", opens=month >= 3, hazard=1.0)
    result = run(world(), door, paths=16)
    assert result.summary().loc["startup", "failed_24"] == 0.0
    assert result.exits().iloc[0]["taken_24"] == 1.0
    assert result.dataset["market_companies_alive_mean"].to_numpy()[-1] == 2.0


def test_who_leaves_counts_every_door_of_a_kind():
    """Two doors of one effect are one column; each company has its own row."""
    made = run(
        world(),
        Door("early", company("startup"), "self_sustain", opens=month == 2, hazard=0.5),
        Door("late", company("startup"), "self_sustain", opens=month == 4, hazard=1.0),
        Door("close", company("fund"), "wind_down", hazard=0.0),
        paths=400,
    )
    doors, table = made.exits(), leavers(made.dataset)
    assert table.columns.tolist() == ["self_sustain", "self_sustain_se", "wind_down", "wind_down_se"]
    assert table.index.tolist() == ["startup", "fund"]
    assert table.loc["startup", "self_sustain"] == 1.0
    assert 0 < doors.loc["test/early[startup]", "taken_24"] < 1
    assert table.loc["startup", "wind_down"] == table.loc["fund", "self_sustain"] == 0.0
    assert leavers(cc.run(world(), months=2, paths=16).dataset).empty
