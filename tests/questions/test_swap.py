"""Swap: a scenario with itself changes nothing, all groups make the other one, and no lever is torn apart."""

import json

import cashcade as cc
import numpy as np
import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError
from cashcade.plugin import find_plugins
from cashcade.plugin.offers import catalogue_of
from cashcade.questions.groups import KINDS, REST, grouped, pieces, scenarios_of
from cashcade.questions.sides import Ground
from cashcade.questions.swap import Mixture
from cashcade.rules import Change, Rule, Scenario, company, month, scale, set_to
from cashcade.rules.vocabulary import levers, stated
from cashcade.world import Company, Contract, World
from cashcade.world.kinds import MODELS

TEXT = """
[world]
name = "two"
date = 2025-08-31
[market]
common_volatility = 0.2
[[company]]
id = "shop"
cash = { value = 20.0, low = 10.0, high = 30.0 }
fixed_cost = 4.0
[[company]]
id = "cloud"
cash = 100.0
[[segment]]
id = "users"
seller = "shop"
revenue = 8.0
volatility = 0.2
common_loading = 1.0
[[contract]]
id = "hosting"
customer = "shop"
supplier = "cloud"
usage = 4.0
[[loan]]
borrower = "shop"
lender = "capital"
balance = 10.0
rate = 0.1
maturity = 100
"""
WORLD = World.from_text(TEXT)

BAD = Scenario(
    "bad",
    "Bad",
    changes=(
        Change("segment.users.growth", set_to=-0.8),
        Change("company.*.fixed_cost", scale=1.2),
        Change("loan.*.rate", set_to=0.5),
    ),
)
GOOD = Scenario(
    "good",
    "Good",
    rules=(Rule("cheaper", month >= 3, scale(company("cloud").list_level, 0.5)),),
    changes=(
        Change("segment.*.growth", set_to={"low": 0.1, "value": 0.3, "high": 0.5}),
        Change("company.shop.cash", scale=1.5),
    ),
)
LUCK = {"months": 12, "paths": 64, "seed": 3}


@pytest.fixture(scope="module")
def found():
    return cc.swap(WORLD, BAD, GOOD, of=["shop", "company.shop.cash"], **LUCK)


def test_a_scenario_with_itself_changes_nothing():
    for chosen in (BAD, GOOD):
        table = cc.swap(WORLD, chosen, chosen, of=["shop", "failed-debt", "company.shop.cash"], **LUCK).table
        moved = table[["alone_difference", "alone_se", "kept_difference", "kept_se"]]
        assert (moved == 0.0).all(axis=None)
        assert table["way"].isna().all()
        assert (table["a"] == table["b"]).all()


def test_all_groups_make_the_other_scenario(found):
    """To the bit: the presets of ai-2025-08 and scenarios with rules and ranges."""
    catalogue = catalogue_of(find_plugins())
    for world, a, b in (
        (WORLD, BAD, GOOD),
        ("ai-2025-08", "money-trap", "boom"),
        ("ai-2025-08", "boom", "no-exit"),
    ):
        ground = Ground(world)
        sides = pieces(a, catalogue, ground.base.world), pieces(b, catalogue, ground.base.world)
        mixture = Mixture(ground.quiet, "a", "b", *sides, *grouped(sides, ground.base.world, None))
        for chosen, taken in ((a, set()), (b, set(mixture.groups))):
            size = {"months": 6, "paths": 16, "seed": 2, "quantiles": (), "replicates": 4}
            one = mixture.case(taken).run(**size).dataset
            other = cc.run(world, scenarios=[chosen], **size).dataset
            for name, values in other.variables.items():
                assert values.equals(one[name].variable), name
    table = found.table
    assert table.xs("all", level="group")["alone"].tolist() == table.xs("all", level="group")["b"].tolist()
    assert table.xs("all", level="group")["kept"].tolist() == table.xs("all", level="group")["a"].tolist()


def test_a_group_alone_is_the_scenario_with_it(found):
    """As compare finds it, by hand: growth of the other, all else as it was."""
    mixed = Scenario("mixed", "Mixed", changes=(*BAD.changes[1:], GOOD.changes[0]))
    case = {name: cc.Case(WORLD, scenarios=[each]) for name, each in (("bad", BAD), ("mixed", mixed))}
    kept = {"record": ["company.shop.cash".replace("shop.", "")]}
    pair = cc.compare(WORLD, case, replicates=4, **LUCK, **kept)
    row = pair.outcomes("shop").loc[("shop", "mixed")]
    mine = found.table.loc[("shop", "demand")]
    assert mine[["a", "alone", "alone_difference", "alone_se"]].tolist() == pytest.approx(
        row[["base", "mean", "difference", "se"]].tolist(), rel=1e-12
    )
    assert mine["alone_difference"] < 0
    assert mine["way"] == mine["alone_difference"] / (mine["b"] - mine["a"])
    cash = pair.series("company.cash", "shop").loc[(12, "mixed"), "difference"]
    assert found.table.loc[("company.shop.cash", "demand"), "alone_difference"] == pytest.approx(cash)


def test_groups_say_what_they_hold(found):
    assert found.groups == {
        "demand": ("segment.users.growth", "segment.*.growth"),
        "costs": ("company.*.fixed_cost",),
        "credit": ("loan.*.rate",),
        "cash": ("company.shop.cash",),
        "prices": ("cheaper",),
    }
    assert found.units == {"shop": "fraction", "company.shop.cash": "USD"}
    told = str(found)
    assert "shop, %: " in told
    assert "Furthest alone: " in told
    assert "- demand: segment.*.growth" in told
    assert repr(found) == "<Swap of 5 groups between bad and good>"


def test_what_moves_one_lever_is_swapped_together():
    """A rule that moves two levers brings together what moves either of them, in either scenario."""
    both = Rule(
        "both", month >= 2, [scale(company("shop").fixed_cost_, 0.9), set_to(company("shop").cash, 7.0)]
    )
    other = Scenario("other", "Other", rules=(both,), changes=(Change("company.cloud.cash", scale=2.0),))
    table = cc.swap(WORLD, BAD, other, of="shop", **LUCK)
    assert table.groups["costs"] == ("company.*.fixed_cost", "company.cloud.cash", "both")
    catalogue = catalogue_of(find_plugins())
    presets = ("money-trap", "boom", "productive-bubble", "debt-cycle", "efficiency-glut", "scarcity")
    every = [pieces(name, catalogue, cc.load_world("ai-2025-08")) for name in presets]
    names = grouped(every, WORLD, None)
    group = {}
    for side, some in zip(every, names, strict=True):
        for piece, name in zip(side, some, strict=True):
            for lever in piece.levers:
                assert group.setdefault(lever, name) == name, lever
    assert len(set(group.values())) == 9
    assert set(group.values()) <= KINDS.keys()


def test_what_a_lever_is_about():
    every = [f"{kind}.{name}" for kind in MODELS for name in [*stated(kind), *levers(kind)]]
    assert len(every) > 200
    changes = [
        Change(f"{each.partition('.')[0]}.*.{each.partition('.')[2]}", scale=1.0)
        for each in ("segment.growth", "fleet.economic_life")
    ]
    assert grouped(
        [pieces([Scenario("s", "S", changes=changes)], catalogue_of(find_plugins()), WORLD)], WORLD, None
    ) == [["demand", "hardware life"]]


def test_groups_of_the_user():
    groups = {"growth": ["segment.*.growth"], "the cloud": "cheaper"}
    found = cc.swap(WORLD, BAD, GOOD, groups=groups, of="shop", **LUCK)
    assert found.groups["growth"] == ("segment.users.growth", "segment.*.growth")
    assert found.groups["the cloud"] == ("cheaper",)
    assert set(found.groups) == {"growth", "the cloud", REST}
    torn = {"one": ["segment.users.growth"], "other": ["segment.[*].growth"]}
    with pytest.raises(
        ArgumentError,
        match=r"segment.users.growth is in group 'one' and segment.\*.growth in 'other', but both move segment.growth",
    ):
        cc.swap(WORLD, BAD, GOOD, groups=torn, of="shop", **LUCK)
    apart = Scenario("apart", "Apart", changes=(Change("company.cloud.fixed_cost", add=1.0),))
    alone = cc.swap(
        WORLD,
        Scenario("own", "Own", changes=(Change("company.shop.fixed_cost", add=1.0),)),
        apart,
        groups={"one": ["*.shop.*"], "two": ["*.cloud.*"]},
        of="shop",
        **LUCK,
    )
    assert list(alone.groups) == ["one", "two"]


def test_exits_and_baseline_are_sides():
    found = cc.swap("ai-2025-08", "baseline", ["no-exit", "gpu-glut"], of="failed-debt", months=3, paths=8)
    assert found.a == "baseline"
    assert found.b == "no-exit, gpu-glut"
    assert "no-exit" in found.groups["exits"]


def test_entries_that_join_are_swapped_together():
    """A company, and what is said of it, come and go as one; to the bit the whole scenario."""
    entry = Scenario(
        "entry",
        "Entry",
        changes=(Change("company.mill.minimum_cash", set_to=3.0), Change("segment.users.growth", set_to=0.5)),
        adds=(
            Company(id="mill", cash=50.0, fixed_cost=2.0),
            Contract(customer="shop", supplier="mill", usage=2.0),
        ),
    )
    found = cc.swap(WORLD, BAD, entry, of=["failed-debt", "company.shop.cash"], **LUCK)
    assert found.groups["entries"] == ("mill", "company.mill.minimum_cash")
    assert found.groups["demand"] == ("segment.users.growth",)
    cash = cc.run(WORLD, scenarios=[entry], record=["company.cash"], replicates=4, quantiles=(), **LUCK)
    mean = float(cash.dataset["company_cash_mean"].sel(company="shop", month=12))
    assert found.table.loc[("company.shop.cash", "all"), "b"] == pytest.approx(mean, rel=1e-9)
    assert found.table.loc[("company.shop.cash", "entries"), "alone_difference"] != 0


def test_pieces_are_put_together_again():
    catalogue = catalogue_of(find_plugins())
    given = catalogue.find("money-trap").record
    (again,) = scenarios_of(pieces(given, catalogue, cc.load_world("ai-2025-08")))
    assert again.name == "money-trap"
    assert (again.changes, again.shocks, again.rules, again.exits) == (
        given.changes,
        given.shocks,
        given.rules,
        given.exits,
    )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"b": "bom"}, 'unknown scenario "bom"'),
        ({"b": 3}, "3 is no scenario or shock"),
        ({"of": "shopp"}, "Unknown outcome 'shopp'. Did you mean 'shop'"),
        ({"of": "shop@6"}, "shop@6: all outcomes are those of month 12; give months=."),
        ({"of": "shop >= 0.5"}, "the outcome is .shop >= 0.5., wanted one such as"),
        ({"groups": ["segment.*"]}, "wanted patterns by name"),
        ({"groups": {"the rest": ["segment.*"]}}, "name it otherwise"),
        ({"groups": {"one": 3}}, "group 'one' is 3, wanted a list"),
        ({"world": cc.Case(WORLD)}, "wanted a world"),
    ],
)
def test_what_is_wrong_is_said(wrong, message):
    given = {"world": WORLD, "a": BAD, "b": GOOD, **LUCK, **wrong}
    with pytest.raises(ArgumentError, match=message):
        cc.swap(given.pop("world"), given.pop("a"), given.pop("b"), **given)


def test_the_command(tmp_path, capsys):
    file = tmp_path / "two.toml"
    file.write_text(TEXT, encoding="utf-8")
    words = [
        "swap",
        str(file),
        "baseline",
        "gpu-slump:fall=0.5",
        "--of",
        "shop,company.shop.cash",
        "--months",
        "3",
        "--paths",
        "8",
    ]
    assert execute([*words, "--json", "--group", "slump=gpu-slump,market.*"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["groups"] == {"slump": ["gpu-slump"]}
    assert [(row["outcome"], row["group"]) for row in found["swap"]] == [
        (outcome, group) for outcome in ("shop", "company.shop.cash") for group in ("slump", "all")
    ]
    assert found["swap"][0]["way"] is None
    assert execute(words) == 0
    assert "What turns baseline into gpu-slump" in capsys.readouterr().out
    for wrong in ("slump", "=a", "a="):
        assert execute([*words, "--group", wrong]) == 2
        assert f"the group is '{wrong}', wanted NAME=PATTERN" in capsys.readouterr().err


def test_numbers_are_finite(found):
    assert np.isfinite(found.table.drop(columns="way")).all(axis=None)
