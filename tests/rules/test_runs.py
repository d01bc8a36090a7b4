"""Runs with rules and scenarios: same numbers however they are computed, and told what happened."""

from concurrent.futures import ThreadPoolExecutor

import cashcade as cc
import numpy as np
import pytest
from cashcade.commands import execute
from cashcade.errors import ArgumentError
from cashcade.hookspecs import hookimpl
from cashcade.plugin import find_plugins
from cashcade.plugin.offers import parse_use
from cashcade.rules import (
    Change,
    ExitScenario,
    PricingShock,
    Rule,
    Scenario,
    Shock,
    ShockParameter,
    Use,
    add,
    chance,
    companies,
    company,
    for_months,
    market,
    month,
    once,
    recaptures,
    scale,
    set_to,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.conftest import small_world

WORLD = small_world()
APPS = companies(tag="app")
GIFT = Rule("gift", month >= 3, add(company("one").cash, 5e6), hold=once())
STORM = Rule(
    "storm",
    chance(0.2),
    scale(APPS.fixed_cost, {"low": 1.1, "value": 1.5, "high": 3}),
    hold=for_months(2),
    again=True,
)


def price(rise):
    return Rule("price", month >= 2, scale(company("lab").list_level, 1 + rise))


HIKE = PricingShock("hike", "Prices rise", price, (ShockParameter("rise", 0.3, high=2),))


class Extra:
    """A plugin that is not packaged."""

    @hookimpl
    def cashcade_pricing_shocks(self):
        return [HIKE]

    @hookimpl
    def cashcade_shocks(self):
        yield Shock("gift", "A gift", lambda: GIFT)

    @hookimpl
    def cashcade_exit_scenarios(self):
        yield ExitScenario("shut-window", "No listings", changes=Change("market.listing", set_to=False))

    @hookimpl
    def cashcade_scenarios(self):
        yield Scenario(
            "hard",
            "All of it",
            [Use("hike", {"rise": 1.0}), "gift"],
            "shut-window",
            changes={"market.odds_open": 1.0},
        )


@pytest.fixture
def others():
    return [plugin.name for plugin in find_plugins().loaded.values()]


def run(*rules, **more):
    return cc.run(WORLD, rules=rules, **{"months": 6, "paths": 32, "seed": 1, "quantiles": (), **more})


def same(one, other):
    """Whether two results hold the same numbers."""
    a, b = one.dataset.drop_attrs(), other.dataset.drop_attrs()
    return a.identical(b)


def test_cash_that_is_added_is_there():
    plain, rich = run(keep_paths=True), run(GIFT, keep_paths=True)
    gain = (rich.dataset["company_cash"] - plain.dataset["company_cash"]).sel(company="one")
    assert (gain.sel(month=slice(1, 2)) == 0).all()
    assert np.allclose(gain.sel(month=3), 5e6)
    assert rich.dataset.attrs["imbalance"] < 1e-9


def test_firings_tell_when_and_how_much():
    table = run(GIFT, STORM, Rule("never", month > 99, set_to(market.funding, "shut"))).firings()
    assert [*table.index] == ["gift", "never", "storm", "storm"]
    gift, never, storm = table.iloc[0], table.iloc[1], table.iloc[2]
    assert gift["action"] == 'add(company("one").cash, 5e6)'
    assert (gift["lever"], gift["entity"], gift["unit"]) == ("company.cash", "one", "USD")
    assert tuple(gift[["fired", "fired_se", "first_month", "months", "amount", "amount_5"]]) == (
        1,
        0,
        3,
        1,
        5e6,
        5e6,
    )
    assert never["fired"] == 0
    assert np.isnan(never[["first_month", "months", "amount", "amount_95"]].astype(float)).all()
    assert 0 < storm["fired"] <= 1
    assert storm["fired_se"] > 0
    assert 1.1 <= storm["amount_5"] < storm["amount"] < storm["amount_95"] <= 3
    assert storm["months"] >= 1
    assert run().firings().empty


def test_triggers_tell_values_against_thresholds():
    poor = (company("one").cash < 0.999e8) & (month >= 2) & ~company("two").failed
    rules = (
        Rule("poor", poor, add(company("two").cash, 1), delay=2),
        Rule("shut", market.funding == "shut", scale(company("one").fixed_cost, 1.1)),
        Rule(
            "short", companies(tag="app").runway.min() < company("lab").runway, scale(market.base_rate, 1.1)
        ),
        Rule("luck", chance(0.5), scale(company("one").fixed_cost, 1.1)),
        Rule("never", month > 99, add(company("two").cash, 1)),
    )
    result = run(*rules, months=12, keep_paths=True, record=["company.cash"])
    table, data = result.triggers(), result.dataset
    assert [*table.index] == ["never", "poor", "poor", "short", "shut"]
    cash, at = table.iloc[1], table.iloc[2]
    assert cash["comparison"] == 'company("one").cash < 9.99e7'
    assert (cash["unit"], cash["threshold"]) == ("USD", 0.999e8)
    assert (at["unit"], at["threshold"], at["value_5"] >= 2) == ("months", 2, True)
    fired = data["rule_first"].sel(rule="poor").to_numpy()
    values = data["comparison_value"].to_numpy()[:, 1]
    assert (fired > 0).any()
    for path in np.flatnonzero(fired):
        month_before = data["company_cash"].sel(company="one").isel(kept_path=path, month=fired[path] - 2 - 2)
        assert values[path] == month_before
    assert (values[fired > 0] < 0.999e8).all()
    assert (values[fired == 0] == 0).all()
    assert cash["value"] == values[fired > 0].mean()
    assert set(data["comparison_value"].to_numpy()[:, 4]) <= {0.0, 2.0}
    assert np.isnan(table.loc["never", ["value", "threshold"]].astype(float)).all()
    assert run().triggers().empty


@pytest.fixture(scope="module")
def in_order():
    return run(GIFT, STORM, *HIKE.rules(), paths=48)


@given(
    rules=st.permutations([GIFT, STORM, HIKE.rules()[0]]),
    threads=st.sampled_from([1, 2]),
    chunk=st.sampled_from([16, 32]),
)
@settings(max_examples=6, deadline=None)
def test_order_threads_and_chunks_do_not_matter(in_order, rules, threads, chunk):
    wanted = in_order
    assert same(run(*rules, paths=48, threads=threads), wanted)
    with ThreadPoolExecutor(2) as executor:
        assert same(run(*rules, paths=48, executor=executor, chunk=chunk), wanted)


def test_a_part_of_the_paths_is_the_same():
    whole, part = run(STORM, paths=64), run(STORM, paths=16, first_path=32)
    names = ("failed_month", "rule_first", "rule_months", "action_first")
    for name in names:
        assert np.array_equal(whole.dataset[name][32:48], part.dataset[name])


def test_conflicts_are_the_first_whatever_computes_them():
    rules = [
        Rule(name, chance(0.3), set_to(company("one").minimum_cash, value))
        for name, value in (("a", 1), ("b", 2))
    ]
    with pytest.raises(cc.RuleError) as wanted:
        run(*rules, paths=160)
    with ThreadPoolExecutor(2) as executor, pytest.raises(cc.RuleError) as found:
        run(*rules[::-1], paths=160, executor=executor, chunk=16)
    assert str(found.value) == str(wanted.value)
    assert 'rule "a": set_to(company("one").minimum_cash, 1) and rule "b"' in str(found.value)


def test_scenarios_come_by_name_and_are_recorded(others):
    result = cc.run(WORLD, scenarios=["hard"], plugins=[Extra()], block=others, paths=16, months=4)
    attributes = result.dataset.attrs
    assert attributes["scenarios"] == "hard"
    assert attributes["rules"] == "gift, hike/price"
    assert attributes["plugins"] == "Extra (plugins[1])"
    assert attributes["world"] == "small"
    assert [*result.firings().index] == ["gift", "hike/price"]
    assert result.firings()["amount"].tolist() == [5e6, 2.0]
    plain = cc.run(WORLD, paths=16, months=4)
    assert attributes["world_hash"] != plain.dataset.attrs["world_hash"]
    by_parts = cc.run(
        WORLD,
        scenarios=[
            "shut-window",
            HIKE(rise=1),
            Use("gift"),
            Scenario("x", "X", changes={"market.odds_open": 1.0}),
        ],
        plugins=[Extra()],
        block=others,
        paths=16,
        months=4,
    )
    assert same(by_parts, result)
    assert by_parts.dataset.attrs["scenarios"] == "shut-window, hike(rise=1), gift, x"


def test_a_shock_may_be_used_twice_under_two_labels(others):
    twice = cc.run(
        WORLD, scenarios=[HIKE(rise=0.5), HIKE("again", rise=0.5)], block=others, paths=4, months=4
    )
    once_more = cc.run(WORLD, scenarios=[HIKE(rise=1.25)], block=others, paths=4, months=4)
    assert twice.dataset.attrs["scenarios"] == "hike(rise=0.5), again=hike(rise=0.5)"
    assert twice.firings().index.tolist() == ["again/price", "hike/price"]
    assert np.array_equal(twice.dataset["company_cash_mean"], once_more.dataset["company_cash_mean"])
    with pytest.raises(cc.RuleError, match="two of one name"):
        cc.run(WORLD, scenarios=[HIKE, HIKE], block=others)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"scenarios": ["hrad"]}, 'unknown scenario "hrad". Did you mean "hard"?'),
        ({"scenarios": [Use("hard")]}, 'unknown shock "hard".'),
        ({"scenarios": "hard"}, "scenarios is 'hard', wanted a list"),
        ({"scenarios": [3]}, "scenarios holds 3, wanted a name, Scenario, Shock, Use or ExitScenario"),
        ({"rules": [3]}, "rules holds 3, wanted Rule objects"),
        ({"rules": GIFT}, "wanted a list"),
        ({"scenarios": [Use("hike", {"rize": 1})]}, 'shock "hike" has no parameter "rize"'),
        ({"scenarios": [Use("hike", {"rise": 9})]}, "hike: rise is 9, wanted a number from any to 2"),
    ],
)
def test_arguments_are_checked(more, message, others):
    with pytest.raises((ArgumentError, cc.RuleError)) as caught:
        cc.run(WORLD, plugins=[Extra()], block=others, **more)
    assert message in str(caught.value)


def test_memory_counts_rules():
    with pytest.raises(cc.MemoryLimitError):
        run(GIFT, STORM, paths=100_000, max_memory=8e6)
    run(paths=1000, max_memory=8e6)


def test_shocks_are_read_from_text():
    assert parse_use("hike") == Use("hike")
    assert parse_use("hike:rise=0.5,seller=lab") == Use("hike", {"rise": 0.5, "seller": "lab"})
    for wrong in ("hike:rise", "hike:=5", ":rise=5", "hike:rise="):
        with pytest.raises(ArgumentError, match="wanted NAME:KEY=VALUE"):
            parse_use(wrong)


CODE = """
from cashcade.hookspecs import hookimpl
from cashcade.rules import *

def price(rise, seller):
    return Rule("price", month >= 2, scale(company(seller).list_level, 1 + rise))

@hookimpl
def cashcade_pricing_shocks():
    parameters = ShockParameter("rise", 0.3, "fraction", 0, 2), ShockParameter("seller", "lab", "text")
    yield PricingShock("hike", "Prices rise", price, parameters)

@hookimpl
def cashcade_scenarios():
    yield Scenario("hard", "Dear and shut", "hike", changes={"market.odds_open": -1.0})
"""


def test_commands_know_scenarios_and_plugins(install, others, tmp_path, capsys):
    install("prices", CODE)
    file = tmp_path / "small.toml"
    file.write_text(WORLD.to_toml(), encoding="utf-8")
    blocked = [word for name in others for word in ("--block", name)]
    assert execute(["scenarios", *blocked]) == 0
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()] == ["Name", "hard", "hike"]
    assert "rise=0.3 fraction, seller=lab" in out
    assert "prices 1.2" in out
    assert execute(["plugins", *blocked]) == 0
    assert "1 pricing shock, 1 scenario" in capsys.readouterr().out
    size = ["--paths", "16", "--months", "3", "--quiet", *blocked]
    assert (
        execute(["run", str(file), "--scenario", "hard", "--shock", "hike:rise=0.5,seller=cloud", *size]) == 2
    )
    assert "two of one name" in capsys.readouterr().err
    assert execute(["run", str(file), "--shock", "hike:rise=0.5,seller=cloud", *size]) == 0
    out = capsys.readouterr().out
    assert "With: hike(rise=0.5, seller=cloud)" in out
    assert "company.list_level of cloud" in out
    assert execute(["run", str(file), "--scenario", "hard", "--json", *size]) == 0
    assert '"rule": "hike/price"' in capsys.readouterr().out.replace('hike"', 'hike/price"')


def test_a_rule_cannot_give_lost_demand_away_twice():
    """Two links of a half each get all of what the dead company lost, once, whatever a rule asks for."""
    world = cc.World.from_text(
        '[world]\nname = "w"\ndate = 2025-08-31\n'
        '[[company]]\nid = "dead"\ncash = 1\nfixed_cost = 1e7\n'
        + "".join(f'[[company]]\nid = "{name}"\ncash = 1e8\n' for name in "xy")
        + "".join(
            f'[[segment]]\nid = "of-{seller}"\nseller = "{seller}"\nrevenue = 1e6\n'
            for seller in ("dead", "x", "y")
        )
        + "".join(f'[[recapture]]\nfrom = "of-dead"\nto = "of-{name}"\nshare = 0.5\n' for name in "xy")
    )
    both = Rule("both", market.companies_alive >= 0, set_to(recaptures().share, 1))
    for rules in ([], [both]):
        found = cc.run(world, months=3, paths=1, rules=rules, record=["segment.revenue"]).dataset
        assert found["segment_revenue_mean"].values.tolist()[1:] == [[0.0, 1.5e6, 1.5e6]] * 2


def test_a_rule_that_takes_more_cash_than_there_is_fails_the_company():
    """Of 3e9 that are taken 1e9 are there: `capital` gets these, and the fund fails of the rest."""
    world = cc.World.from_text(
        '[world]\nname = "w"\ndate = 2025-08-31\n[[company]]\nid = "fund"\ncash = 1e9\n'
    )
    take = Rule("take", month == 2, add(company("fund").cash, -3e9))
    result = cc.run(
        world, months=3, paths=1, rules=[take], record=["company.cash", "market.capital"], quantiles=()
    )
    assert result.failures()[["company", "month", "cause"]].to_numpy().tolist() == [["fund", 2, "cash"]]
    assert result.dataset["company_cash_mean"].values.ravel().tolist() == [1e9, 0.0, 0.0]
    assert result.dataset["market_capital_mean"].values.ravel().tolist() == [0.0, 1e9, 1e9]
