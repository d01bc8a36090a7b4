"""Programs: who is meant, what is shared, and what does not matter."""

import numpy as np
import pytest
from cashcade import _core
from cashcade.compile import compile_programs, compile_world, conflict
from cashcade.errors import RuleError
from cashcade.plugin.given import Given
from cashcade.rules import (
    Buyer,
    Door,
    Rule,
    add,
    buyer,
    chance,
    commitments,
    companies,
    company,
    contract,
    contracts,
    fleets,
    for_months,
    loans,
    market,
    month,
    normal,
    number,
    once,
    orders,
    scale,
    segments,
    set_to,
    target,
    uniform,
)
from cashcade.world import World
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.conftest import small_world
from tests.rules.machine import value

WORLD = small_world()
INPUTS = compile_world(WORLD)
COMPANIES = INPUTS.names["company"]
APPS = companies(tag="app")
CASH = dict(zip(COMPANIES, (1e8, 2e8, 3e9, 1e9), strict=True))


def programs(*records, inputs=INPUTS):
    return compile_programs([Given(record) for record in records], WORLD, inputs)


def cash(source, place, entity):
    assert (source, _core.table().variables[place].full_name) == ("variable", "company.cash")
    return CASH[COMPANIES[entity]]


def amount(expression):
    """What an amount comes to where only cash matters."""
    found = programs(Rule("x", True, add(company("one").cash, expression)))
    return value(found.arrays, found.arrays["action"][0, 5], cash)


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        (APPS.cash.sum(), 3e8),
        (APPS.cash.mean(), 1.5e8),
        (APPS.cash.min() + APPS.cash.max(), 3e8),
        (companies().cash.sum(), 4.3e9),
        (companies("lab", "one").cash.sum(), 3.1e9),
        (companies(tag="big", archetype="neocloud").cash.sum(), 1e9),
        ((companies().cash > 1.5e8).count() * number(1, "USD"), 3),
        ((companies().cash > companies().cash.mean()).count() * number(1, "USD"), 1),
        (companies().without("lab", "cloud").cash.sum(), 3e8),
        (APPS.without("one").cash.sum(), 2e8),
        (APPS.without("lab").without("one").cash.max(), 2e8),
        (APPS.cash.sum() - APPS.without("two").cash.sum(), 2e8),
        (companies(tag="none", may_be_empty=True).cash.sum(), 0),
        (companies(tag="none", may_be_empty=True).cash.mean(), 0),
        (company("two").cash.change(3), 0),
        (company("two").cash.lag(3), 2e8),
    ],
    ids=str,
)
def test_groups_are_added_up(expression, wanted):
    assert amount(expression) == wanted


def entities(found, kind):
    return [INPUTS.names[kind][place] for place in found.arrays["action"][:, 4]]


@pytest.mark.parametrize(
    ("lever", "wanted"),
    [
        (APPS.fixed_cost, ["one", "two"]),
        (segments(seller=APPS).elasticity, ["one", "two"]),
        (segments(seller="lab").elasticity, ["lab"]),
        (contracts(supplier="lab").routing, ["one->lab", "two->lab"]),
        (contracts(customer=companies(tag="big"), supplier="lab").routing, ["two->lab"]),
        (commitments(contract=contracts(customer=APPS)).amount, ["one->lab/1"]),
        (loans(lender="capital").rate, ["cloud->capital"]),
        (contracts(customer=APPS.without("one")).routing, ["two->lab"]),
        (contracts().without("one->lab").routing, ["two->lab", "lab->cloud"]),
        (loans(lender="lab", may_be_empty=True).rate, []),
        (companies(archetype="none", may_be_empty=True).fixed_cost, []),
    ],
    ids=str,
)
def test_levers_of_groups_are_moved_each(lever, wanted):
    found = programs(Rule("x", True, scale(lever, 0.5)))
    kind = lever.node.selection.kind
    assert entities(found, kind) == wanted
    assert [row.entity for row in found.action_rows] == wanted
    assert {row.unit for row in found.action_rows} <= {"1"}


SALES = contracts(supplier="lab")


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        (SALES.customer.cash.sum(), 3e8),
        ((SALES.customer.cash < 1.5e8).count() * number(1, "USD"), 1),
        (contract("lab", "cloud").supplier.cash, 1e9),
        (commitments().contract.customer.cash.min(), 1e8),
        (loans().borrower.cash.sum(), 1e9),
    ],
    ids=str,
)
def test_links_are_followed_from_each_member(expression, wanted):
    assert amount(expression) == wanted


def test_a_rule_of_each_moves_what_its_links_lead_to():
    each = Rule("x", SALES.customer.cash < 1.5e8, scale(SALES.customer.fixed_cost, 0.5))
    found = programs(each)
    assert found.rules == ("x[one->lab]", "x[two->lab]")
    assert entities(found, "company") == ["one", "two"]
    assert [row.entity for row in found.action_rows] == ["one", "two"]
    assert [value(found.arrays, row[0], cash) for row in found.arrays["rule"]] == [1, 0]
    wanted = (
        "x: for each of contracts with supplier among companies lab: when cash of its customer is below "
        "150 million USD, fixed cost of its customer is multiplied by 0.5."
    )
    assert each.explain() == wanted


def test_orders_are_named_by_fleet_and_vendor():
    builder = World.builder("orders", "2025-08-31")
    builder.company(id="owner", cash=1e9)
    builder.company(id="vendor", cash=1e9)
    builder.fleet(owner="owner", cost=1e9, capex=1e7, orders=[{"vendor": "vendor", "share": 0.4}])
    world = builder.build()
    inputs = compile_world(world)
    mine = orders(fleet=fleets(owner="owner"), vendor="vendor")
    rule = Rule("x", mine.vendor.cash < 5, scale(mine.fleet.plan, 0.5))
    found = compile_programs([Given(rule)], world, inputs)
    assert found.rules == ("x[owner/1]",)
    assert [row.entity for row in found.action_rows] == ["owner"]


def test_conditions_on_members_make_a_rule_of_each():
    found = programs(
        Rule("x", APPS.cash < 1.5e8, add(APPS.cash, 0.1 * APPS.cash), hold=for_months(3), delay=2)
    )
    assert found.rules == ("x[one]", "x[two]")
    assert found.given == ("x",)
    assert found.arrays["rule"][:, 1:].tolist() == [[1, 3, 2, 0]] * 2
    assert found.arrays["action"][:, 0].tolist() == [0, 1]
    assert [value(found.arrays, row[0], cash) for row in found.arrays["rule"]] == [1, 0]
    assert [value(found.arrays, row[5], cash) for row in found.arrays["action"]] == [1e7, 2e7]


def test_shapes_and_types_are_those_of_the_core():
    door = Door("sale", of=APPS, effect="acquire", hazard=0.0, buyers=(Buyer("capital", 1e6),))
    for found in (programs(), programs(Rule("x", chance(0.1), add(company("one").cash, 1)), door)):
        widths = {"node": 4, "rule": 5, "action": 6, "door": 6, "buyer": 3}
        for name, array in found.arrays.items():
            assert array.flags.c_contiguous
            assert array.dtype == {"constants": np.float64, "address": np.uint32}.get(name, np.int32)
            assert array.shape[1:] == ((widths[name],) if name in widths else array.shape[1:])
        assert found.arrays["group"][-1] == len(found.arrays["member"])


def test_equal_nodes_and_numbers_are_written_once():
    found = programs(
        Rule("a", company("one").cash < 5, add(company("one").cash, 5)),
        Rule("b", company("one").cash < 5, add(company("two").cash, 5)),
    )
    assert len(found.arrays["node"]) == 3  # cash, 5, and the condition
    assert found.arrays["constants"].tolist() == [[5.0]]


def test_what_is_looked_back_at_comes_before():
    found = programs(Rule("x", company("one").cash.lag(2).change(3) > 0, add(company("one").cash, 1)))
    lag = [name for name, _ in _core.operations()].index("lag")
    looks = [(number, row[1:3]) for number, row in enumerate(found.arrays["node"].tolist()) if row[0] == lag]
    assert looks == [(1, [0, 2]), (2, [1, 3])]


def test_luck_has_the_address_of_its_name():
    def addresses(*rules):
        return sorted(programs(*rules).arrays["address"].tolist())

    def rule(name, when):
        return Rule(name, when, add(company("one").cash, 1))

    alone = addresses(rule("a", chance(0.1)))
    assert addresses(rule("a", chance(0.5) & (month > 3))) == alone
    assert len(addresses(rule("a", chance(0.1)), rule("b", chance(0.1)))) == 2
    assert set(alone) < set(addresses(rule("a", chance(0.1)), rule("b", chance(0.1))))
    assert len(addresses(rule("a", chance(0.1) | chance(0.1)))) == 2
    assert len(addresses(rule("a", chance(0.1, name="s")), rule("b", chance(0.2, name="s")))) == 1
    storm = chance(0.1)
    assert len(addresses(rule("a", storm & ~storm))) == 1
    with pytest.raises(RuleError, match=r"rule a and rule b share .*give it a name"):
        addresses(rule("a", storm), rule("b", storm))
    each = Rule("x", chance(0.1, each=APPS) & (APPS.cash > 0), add(APPS.cash, 1))
    assert len(addresses(each)) == 2
    assert len(addresses(Rule("x", chance(0.1) & (APPS.cash > 0), add(APPS.cash, 1)))) == 1


def test_luck_of_numbers_is_found_by_name_too():
    def addresses(*amounts):
        rules = [Rule(f"r{k}", True, add(company("one").cash, each)) for k, each in enumerate(amounts)]
        return sorted(programs(*rules).arrays["address"].tolist())

    alone = addresses(uniform(0, 1e6))
    assert addresses(uniform(2, 3)) == alone  # where it lies does not move the luck
    assert addresses(normal(2, 3)) != alone
    assert len(addresses(normal(), normal())) == 2
    assert len(addresses(normal(name="x"), normal(1, 2, name="x"))) == 1
    assert len(addresses(uniform(each=APPS).sum())) == 2
    with pytest.raises(RuleError, match=r"uniform\(0, 1\): each is company\(.a.\), wanted a group"):
        uniform(each=company("a"))
    with pytest.raises(RuleError, match="cannot be added or compared"):
        normal(company("a").cash, company("a").runway)


def test_ranges_are_drawn_by_name():
    inputs = compile_world(WORLD, draws=5, seed=3, first_draw=2)
    spread = {"low": 1, "value": 2, "high": 4}

    def numbers(*rules, inputs=inputs):
        found = programs(*rules, inputs=inputs)
        assert found.has_ranges
        return found.arrays["constants"]

    def rule(name, number):
        return Rule(name, True, add(company("one").cash, number))

    alone = numbers(rule("a", spread))
    drawn = alone[:, np.ptp(alone, axis=0) > 0]
    assert drawn.shape == (5, 1)
    assert (drawn >= 1).all()
    assert (drawn <= 4).all()
    later = compile_world(WORLD, draws=2, seed=3, first_draw=4)
    assert np.array_equal(numbers(rule("a", spread), inputs=later), alone[2:4])
    assert np.ptp(numbers(rule("a", spread), rule("b", spread)), axis=0).astype(bool).sum() == 2
    one = number(spread, name="x")
    assert np.ptp(numbers(rule("a", one), rule("b", 2 * one)), axis=0).astype(bool).sum() == 1
    with pytest.raises(RuleError, match="have one name"):
        numbers(rule("a", one), rule("b", number({"low": 0, "value": 1, "high": 2}, name="x")))


RULES = (
    Rule("a", company("one").cash < 1e8, scale(company("one").fixed_cost, 0.9)),
    Rule(
        "b",
        (APPS.cash.sum() < 1e9) & chance(0.1),
        add(APPS.cash, {"low": 1, "value": 2, "high": 3}),
        hold=once(),
    ),
    Rule("c", APPS.cash.change(2) < 0, scale(APPS.fixed_cost, 0.8)),
    Rule("d", month >= 3, set_to(market.funding, "shut")),
)


@given(st.permutations(RULES))
def test_the_order_of_rules_does_not_matter(rules):
    wanted, found = programs(*RULES), programs(*rules)
    assert found.rules == wanted.rules
    assert found.action_rows == wanted.action_rows
    for name, array in wanted.arrays.items():
        assert np.array_equal(found.arrays[name], array), name


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (
            Rule("x", company("twa").cash < 1, add(company("one").cash, 1)),
            'rule "x" (shock "s"): company("twa"): the world has no company "twa". Did you mean "two"?',
        ),
        (
            Rule("x", True, add(companies(tag="ap").cash, 1)),
            'companies(tag="ap"): the world has no such companies. Did you mean "app"?',
        ),
        (Rule("x", True, add(companies(archetype="neoclud").cash, 1)), 'Did you mean "neocloud"?'),
        (
            Rule("x", True, scale(contracts(customer="cloud").routing, 1)),
            "the world has no such contracts. Add may_be_empty=True",
        ),
        (
            Rule("x", True, scale(companies().without("labb").fixed_cost, 1)),
            'companies().without("labb"): the world has no company "labb". Did you mean "lab"?',
        ),
        (
            Rule("x", True, scale(companies("lab").without("lab").fixed_cost, 1)),
            'companies("lab").without("lab"): the world has no such companies.',
        ),
        (
            Rule("x", True, scale(contracts(customer="clud").routing, 1)),
            'has no company "clud". Did you mean "cloud"?',
        ),
        (
            Rule("x", loans().lender.cash.sum() < 1, add(company("one").cash, 1)),
            "name only those that have one: loans(lender=companies()).",
        ),
        (
            Rule("x", target.cash > 1, add(company("one").cash, 1)),
            "target is nobody here; only doors have a target",
        ),
        (
            Door("x", of=APPS, effect="list", hazard=0.1, opens=buyer.cash > 1),
            'door "x" (shock "s"): buyer is nobody here',
        ),
    ],
    ids=lambda value: "" if isinstance(value, str) else repr(value),
)
def test_who_is_not_in_the_world_is_an_error(record, message):
    with pytest.raises(RuleError) as caught:
        compile_programs([Given(record, 'shock "s"')], WORLD, INPUTS)
    assert message in str(caught.value)


def test_two_rules_of_one_name_are_an_error():
    rule = Rule("x", True, add(company("one").cash, 1))
    with pytest.raises(RuleError, match=r'rule "x" and rule "x" \(shock "s"\): two of one name'):
        compile_programs([Given(rule, 'shock "s"'), Given(rule)], WORLD, INPUTS)


def test_long_sums_and_towers_are_no_trouble():
    one = company("one").cash
    long = sum((one for _ in range(2000)), start=one)
    assert amount(long) == 2001 * CASH["one"]
    assert str(long).startswith("... + company")
    tower = one
    for _ in range(2000):
        tower = one - tower
    assert amount(tower) == CASH["one"]


def test_conflicts_name_both_rules_path_and_month():
    found = programs(
        Rule("b", True, set_to(company("one").minimum_cash, 5)),
        Rule("a", True, set_to(company("one").minimum_cash, 6)),
    )
    text = str(conflict(found, 17, 3, (1, 0)))
    assert text.startswith('rule "a": set_to(company("one").minimum_cash, 6) and rule "b": set_to(')
    assert "set company.minimum_cash of one to different values in month 3 of path 17" in text


def test_doors_are_cast():
    door = Door(
        "sale",
        of=APPS,
        effect="acquire",
        opens=target.cash < 1.5e8,
        hazard=0.2,
        price=0.5 * target.cash,
        buyers=(Buyer(companies(tag="big"), buyer.cash - target.cash), Buyer("capital", 1e6)),
    )
    found = programs(door)
    assert found.doors == ("sale[one]", "sale[two]")
    company_of, effect, opens, hazard, price, share = found.arrays["door"].T
    assert [COMPANIES[place] for place in company_of] == ["one", "two"]
    assert effect.tolist() == [0, 0]
    assert share.tolist() == [-1, -1]
    assert [value(found.arrays, program, cash) for program in opens] == [1, 0]
    assert [value(found.arrays, program, cash) for program in hazard] == [0.2, 0.2]
    assert [value(found.arrays, program, cash) for program in price] == [5e7, 1e8]
    buyers = [
        (door, "capital" if who < 0 else COMPANIES[who], value(found.arrays, pays, cash))
        for door, who, pays in found.arrays["buyer"].tolist()
    ]
    assert buyers == [
        (0, "two", 1e8),
        (0, "cloud", 9e8),
        (0, "capital", 1e6),
        (1, "cloud", 8e8),
        (1, "capital", 1e6),
    ]


def test_the_order_of_members_does_not_matter():
    names = COMPANIES[::-1]
    one = programs(Rule("x", companies(*names).cash.sum() > 1, add(companies(*names).cash, 1)))
    other = programs(Rule("x", companies().cash.sum() > 1, add(companies().cash, 1)))
    assert all(np.array_equal(one.arrays[name], other.arrays[name]) for name in one.arrays)
