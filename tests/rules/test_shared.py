"""Expressions that stand in several places: graphs, not trees, so that none of them takes for ever."""

import cashcade as cc
import numpy as np
from cashcade.compile import compile_world
from cashcade.compile.members import Members
from cashcade.compile.ranges import Draws
from cashcade.compile.writer import Scope, Writer
from cashcade.rules import add, chance, companies, company, number
from cashcade.rules.nodes import DOTS
from cashcade.testing.asked import inside

from tests.rules.machine import value

WORLD = cc.World.from_text(
    """
[world]
name = "two"
date = 2025-08-31
[[company]]
id = "a"
cash = 3.0
[[company]]
id = "b"
cash = 5.0
"""
)


def doubled(times):
    """Something twice as large each time."""
    total = company("a").cash
    for _ in range(times):
        total = total + total
    return total


def arrays_of(*expressions):
    writer = Writer(Members(WORLD, compile_world(WORLD)))
    nodes = [writer.node(each, Scope("rule.it", "rule it")) for each in expressions]
    return writer.arrays() | {"constants": writer.numbers().at(Draws(0, 0, 1))}, nodes


def test_a_part_that_is_read_twice_is_written_once():
    arrays, (node,) = arrays_of(doubled(20))
    assert len(arrays["node"]) == 21
    assert value(arrays, node, lambda _source, _place, entity: [3.0, 5.0][entity]) == 3.0 * 2**20


def test_its_text_is_bounded_and_tells_where_it_was_cut():
    for times in (20, 200):
        text = str(doubled(times))
        assert len(text) < 12_000
        assert DOTS in text
    assert (
        str(doubled(2)) == 'company("a").cash + company("a").cash + (company("a").cash + company("a").cash)'
    )
    assert len(list(inside(doubled(20)))) == 21


def test_a_rule_made_of_it_runs_tells_itself_and_does_what_it_says():
    rich = doubled(20) > 3.0 * 2**20 - 1
    for _ in range(20):
        rich = rich & rich
    rule = cc.Rule("much", rich, add(company("b").fixed_cost, doubled(20) * 0 / number(1, "month")))
    assert len(repr(rule)) < 40_000
    assert "a long expression" in rule.explain()
    result = cc.run(WORLD, rules=[rule], paths=16, months=2)
    assert result.firings().loc["much", "fired"] == 1.0
    assert list(result.triggers()["value"]) == [3.0 * 2**20]


def test_luck_does_not_depend_on_how_often_it_is_read():
    event = chance(0.5)
    once = cc.Rule("it", event, add(company("b").fixed_cost, 1.0))
    often = cc.Rule("it", event & event & (event | event), add(company("b").fixed_cost, 1.0))
    one, other = (cc.run(WORLD, rules=[rule], paths=64, months=6) for rule in (once, often))
    for name in ("rule_first", "rule_months"):
        names = [each for each in one.dataset if str(each).startswith(name)]
        for each in names:
            np.testing.assert_array_equal(one.dataset[each], other.dataset[each])
    assert one.firings().loc["it", "months"] == other.firings().loc["it", "months"] > 1


def test_nothing_is_too_deep():
    one = company("a").cash
    total = one
    for _ in range(3000):
        total = one - (total - 1)
    arrays, (node,) = arrays_of(total)
    assert value(arrays, node, lambda _source, _place, entity: [3.0, 5.0][entity]) == 3.0
    rule = cc.Rule("deep", total > 2.0, add(company("b").fixed_cost, 1.0))
    assert cc.run(WORLD, rules=[rule], paths=16, months=2).firings().loc["deep", "fired"] == 1.0


def test_a_sum_over_all_is_one_node():
    arrays, (node,) = arrays_of(companies().cash.sum() + companies().cash.max())
    assert len(arrays["node"]) == 4  # cash of all, its sum, its greatest, both
    assert arrays["member"].tolist() == [0, 1]
    assert value(arrays, node, lambda _source, _place, entity: [3.0, 5.0][entity]) == 13.0
