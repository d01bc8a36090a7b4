"""`Simulation` with scenarios, rules, doors and levers, by name."""

import pickle

import cashcade as cc
import numpy as np
import pandas as pd
import pytest
from cashcade.hookspecs import hookimpl
from cashcade.rules import (
    Buyer,
    Door,
    ExitScenario,
    PricingShock,
    Rule,
    ShockParameter,
    Use,
    add,
    chance,
    companies,
    company,
    for_months,
    market,
    month,
    scale,
    set_to,
    target,
)

from tests.rules.conftest import small_world

MONTHS = 18
WATCHED = ("company.cash", "company.list_price", "company.exit", "segment.revenue", "loan.balance")


class Brings:
    """A plugin that brings a shock."""

    @hookimpl
    def cashcade_pricing_shocks(self):
        yield PricingShock(
            "dearer",
            "Dearer",
            lambda rise: Rule("list", month >= 3, scale(companies().list_level, 1 + rise)),
            (ShockParameter("rise", 0.2, "fraction", 0, 1),),
        )


RULES = (
    Rule(
        "squeeze", company("two").runway < 30, scale(companies(tag="app").fixed_cost, 1.2), hold=for_months(3)
    ),
    Rule("luck", chance(0.2), add(company("cloud").cash, 1e7), delay=2),
    Rule("slump", month == 5, set_to(market.gpu_log, -0.4)),
)
DOORS = ExitScenario(
    "doors",
    "Ways out",
    doors=(
        Door(
            "sale",
            of=companies(tag="app"),
            effect="acquire",
            opens=target.runway < 40,
            hazard=0.1,
            price=0.1 * target.valuation,
            buyers=Buyer(company("lab"), target.valuation),
        ),
        Door("alone", of=company("one"), effect="self_sustain", hazard=0.03),
    ),
)
GIVEN = {
    "scenarios": [DOORS, Use("dearer", {"rise": {"low": 0.1, "value": 0.2, "high": 0.5}})],
    "rules": RULES,
    "plugins": [Brings()],
    "seed": 6,
    "paths": 40,
}


@pytest.fixture(scope="module")
def result():
    return cc.run(small_world(), months=MONTHS, keep_paths=True, record=WATCHED, **GIVEN)


@pytest.fixture
def simulation():
    with cc.Simulation(small_world(), months=MONTHS, **GIVEN) as simulation:
        yield simulation


def assert_ends_like(simulation, result):
    for name in (
        "failed_month",
        "cause",
        "rule_first",
        "rule_months",
        "action_first",
        "exit_month",
        "exit_price",
    ):
        np.testing.assert_array_equal(simulation.dataset()[name], result.dataset[name], err_msg=name)
    pd.testing.assert_frame_equal(simulation.firings(), result.firings())
    pd.testing.assert_frame_equal(simulation.triggers(), result.triggers())
    pd.testing.assert_frame_equal(simulation.exits(), result.exits())


def test_the_same_months_as_a_run(simulation, result):
    for at in range(MONTHS):
        simulation.step()
        for name in WATCHED:
            wanted = result.dataset[name.replace(".", "_")].to_numpy()[:, at]
            np.testing.assert_array_equal(simulation.get(name), wanted, err_msg=f"{name} in month {at + 1}")
    assert_ends_like(simulation, result)
    assert (simulation.firings().fired > 0).all()
    assert (simulation.exits()["taken_18"] > 0).all()


def test_it_records_where_it_comes_from(simulation, result):
    ours = simulation.dataset().attrs
    for key in ("world", "world_hash", "scenarios", "rules", "plugins", "seed", "replicates", "cashcade"):
        assert ours[key] == result.dataset.attrs[key], key
    assert ours["months"] == 0
    assert "Brings" in ours["plugins"]


@pytest.mark.parametrize("when", [0, 4, 11])
def test_a_snapshot_goes_on_as_it_would_have(simulation, result, when):
    if when:
        simulation.step(when)
    snapshot = pickle.loads(pickle.dumps(simulation.save()))  # noqa: S301 - our own
    simulation.step(MONTHS - when)
    with cc.Simulation(small_world(), months=MONTHS, **GIVEN) as other:
        other.step(7)
        other.restore(snapshot)
        assert other.month == when
        other.step(MONTHS - when)
        assert_ends_like(other, result)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rules": RULES[:2]}, "of other rules: rule 'slump' is in one of them only"),
        ({"rules": (*RULES[:2], Rule("slump", month == 5, set_to(market.gpu_log, -0.3)))}, "of rules "),
        (
            {"levers": ["company.list_level"]},
            "of other rules: lever 'company.list_level' is in one of them only",
        ),
        (
            {"scenarios": GIVEN["scenarios"][1:]},
            "of other rules: door 'doors/alone.one.' is in one of them only",
        ),
    ],
)
def test_a_snapshot_of_other_rules_is_refused(simulation, change, said):
    snapshot = simulation.save()
    with (
        cc.Simulation(small_world(), months=MONTHS, **GIVEN | change) as other,
        pytest.raises(cc.ArgumentError, match=said),
    ):
        other.restore(snapshot)


def test_two_that_set_one_lever_stop_the_simulation():
    rules = [
        Rule(name, month >= 3, set_to(company("one").minimum_cash, value))
        for name, value in (("a", 1), ("b", 2))
    ]
    with cc.Simulation(small_world(), rules=rules, paths=3) as simulation:
        before = simulation.save()
        with pytest.raises(
            cc.RuleError, match=r'rule "a".*and rule "b".*different values in month 3 of path 0'
        ):
            simulation.step(9)
        assert simulation.month == 3
        with pytest.raises(cc.RuleError, match="month 3 of path 0"):
            simulation.step()
        simulation.restore(before)
        assert simulation.step(2) == 2


def test_without_rules_the_tables_are_empty():
    with cc.Simulation(small_world(), paths=3) as simulation:
        simulation.step()
        assert simulation.firings().empty
        assert simulation.triggers().empty
        assert simulation.exits().empty


def test_a_lever_of_the_host_is_a_rule():
    rule = Rule("dear", (month > 4) & (month <= 8), scale(companies(tag="app").list_level, 1.5))
    result = cc.run(small_world(), rules=[rule], months=10, paths=20, keep_paths=True, record=WATCHED)
    with cc.Simulation(small_world(), levers=["company.list_level"], paths=20) as simulation:
        simulation.step(4)
        simulation.scale("company.list_level", 1.5, entities=["one", "two"])
        np.testing.assert_array_equal(simulation.get("company.list_level")[0], [1.5, 1.5, 1.0, 1.0])
        simulation.step(4)
        simulation.set("company.list_level", 1.0)
        simulation.step(2)
        for name in WATCHED:
            wanted = result.dataset[name.replace(".", "_")].to_numpy()[:, -1]
            np.testing.assert_array_equal(simulation.get(name), wanted, err_msg=name)


def test_what_is_read_is_what_was_set():
    with cc.Simulation(small_world(), levers=["segment.revenue", "market.odds_open"], paths=4) as simulation:
        assert set(simulation.levers) == {"segment.revenue", "market.odds_open"}
        first = simulation.get("segment.revenue_")
        simulation.scale("segment.revenue", 2.0, where=[[True], [False], [True], [False]])
        ratio = simulation.get("segment.revenue_") / first
        np.testing.assert_array_equal(ratio[:, 0], [2, 1, 2, 1])
        np.testing.assert_array_equal(simulation.get("segment.revenue"), first)  # of month 0, which is over
        simulation.add("market.odds_open", -0.5)
        assert simulation.dataarray("market.odds_open").attrs["units"] == "1"
        simulation.add("market.odds_open", -1e6)
        assert (simulation.get("market.odds_open") == simulation.bounds("market.odds_open")[0]).all()
        simulation.add("company.cash", -1e30, entities="one")
        assert (simulation.get("company.cash", entities="one") == 0).all()


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (
            lambda s: s.set("company.list_level", -1.0, entities="two"),
            r"company\.list_level of two on path 0 would be -1\.0, wanted 1, from .*Nothing was set\. Clip it",
        ),
        (
            lambda s: s.scale("company.list_level", np.nan),
            r"scale of company\.list_level of one on path 0 is nan, wanted a number\. Nothing was moved",
        ),
        (lambda s: s.set("company.tax_rate", 0.1), r'levers=\["company\.tax_rate"\]'),
        (lambda s: s.set("company.list_leve", 1.0), r"Did you mean 'company\.list_level'"),
        (lambda s: s.add("market.regime", 1.0), r"market\.regime is a state and no number; use set\(\)"),
        (lambda s: s.set("company.runway", 1.0), r"follows from other variables.*levers=\[\.\.\.\]"),
        (lambda s: s.scale("company.list_level", 2.0, entities="tow"), "Did you mean 'two'"),
        (lambda s: s.get("company.tax_rat"), r"Did you mean 'company\.tax_rate'"),
    ],
)
def test_errors_name_the_field_and_the_way_out(move, said):
    with cc.Simulation(small_world(), levers=["company.list_level"], paths=2) as simulation:
        before = simulation.get("company.list_level")
        with pytest.raises(cc.ArgumentError, match=said):
            move(simulation)
        np.testing.assert_array_equal(simulation.get("company.list_level"), before)


@pytest.mark.parametrize(
    ("levers", "said"),
    [
        ("company.list_level", "levers is 'company.list_level', wanted a list"),
        (["company.list_lvel"], r"Did you mean 'company\.list_level'"),
        (["company.cash"], r"company\.cash, which is a variable: set\(\) needs no leave"),
        (["company.runway"], "it follows from others"),
    ],
)
def test_wrong_levers(levers, said):
    with pytest.raises(cc.ArgumentError, match=said):
        cc.Simulation(small_world(), levers=levers)


def test_a_wrong_rule_is_told_before_anything_is_held():
    wrong = Rule("a", True, add(company("tow").cash, 1))
    with pytest.raises(cc.RuleError, match='Did you mean "two"'):
        cc.Simulation(small_world(), rules=[wrong], paths=2)
    with pytest.raises(cc.ArgumentError, match="unknown scenario"):
        cc.Simulation(small_world(), scenarios=["no-such"], paths=2)
