"""Shocks, exits, scenarios and changes: records that are checked when they are made."""

import numpy as np
import pytest
from cashcade.compile import compile_world
from cashcade.compile.variants import changed
from cashcade.errors import RuleError, WorldError
from cashcade.rules import (
    Buyer,
    Change,
    Door,
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
    month,
    scale,
    segments,
    target,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.conftest import small_world

WORLD = small_world()
APPS = companies(tag="app")

RISE = ShockParameter("rise", 0.3, "fraction", 0, 2, "By how much the price rises.")
WHO = ShockParameter("seller", "lab", "text")
START = ShockParameter("start", 6, "month", 1, 120)


def price_rise(rise, seller, start):
    yield Rule("price", month >= start, scale(company(seller).list_level, 1 + rise))
    yield Rule("answer", month >= start, scale(segments(seller=seller).elasticity, 1 + 0.1 * rise))


HIKE = PricingShock("hike", "Prices rise", price_rise, (RISE, WHO, START))


def test_shocks_build_rules_named_after_them():
    assert [repr(rule) for rule in HIKE.rules()] == [
        'Rule("hike/price", month >= 6, scale(company("lab").list_level, 1.3))',
        'Rule("hike/answer", month >= 6, scale(segments(seller="lab").elasticity, 1.03))',
    ]
    again = HIKE.rules("second", {"rise": 1, "seller": "two"})
    assert [rule.name for rule in again] == ["second/price", "second/answer"]
    alone = Shock("gift", "Gift", lambda: Rule("gift", True, add(company("one").cash, 1)))
    assert [rule.name for rule in alone.rules()] == ["gift"]


def test_a_range_among_the_arguments_is_one_number():
    price, answer = HIKE.rules("x", {"rise": {"low": 0.1, "value": 0.2, "high": 0.5}})
    text = 'number({"low": 0.1, "value": 0.2, "high": 0.5}, name="x.rise")'
    assert text in repr(price)
    assert text in repr(answer)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: HIKE.rules("", {"rize": 1}), 'shock "hike" has no parameter "rize". Did you mean "rise"?'),
        (lambda: HIKE.rules("", {"rise": 3}), "hike: rise is 3, wanted a number from 0 to 2 [fraction]"),
        (lambda: HIKE.rules("", {"rise": "much"}), "hike: rise: 'much' is no number"),
        (lambda: HIKE.rules("", {"rise": float("nan")}), "hike: rise: nan is no finite number"),
        (lambda: HIKE.rules("", {"rise": {"low": -1, "value": 0, "high": 1}}), "hike: rise is -1, wanted"),
        (lambda: HIKE.rules("", {"seller": 3}), "hike: seller is 3, wanted text"),
        (lambda: ShockParameter("rise", 5, high=2), 'parameter "rise" is 5, wanted a number from any to 2'),
        (lambda: ShockParameter("rise", 5, "dollars"), 'unknown unit "dollars"'),
        (lambda: ShockParameter("the rise", 5), "ShockParameter('the rise'): wanted a name of Python"),
        (Shock("none", "None", list).rules, 'shock "none" has no rules'),
        (Shock("text", "Text", lambda: ["x"]).rules, "shock \"text\" gave 'x', wanted rules"),
        (
            Shock(
                "ever", "Ever", lambda: iter(lambda: Rule("x", True, add(company("one").cash, 1)), 0)
            ).rules,
            'shock "ever" gives more than 10,000 rules',
        ),
        (
            PricingShock("cash", "Cash", lambda: Rule("x", True, add(company("one").cash, 1))).rules,
            'pricing shock "cash": add(company("one").cash, 1) moves no price; make it a Shock, or move one of company.list_level',
        ),
    ],
)
def test_shocks_are_checked(write, message):
    with pytest.raises(RuleError) as caught:
        write()
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (
            lambda: Door("x", of=APPS, effect="aquire"),
            "door \"x\": effect is 'aquire', wanted one of acquire, licence, list",
        ),
        (lambda: Door("x", of=APPS, effect="aquire"), 'Did you mean "acquire"?'),
        (lambda: Door("x", of=segments(), effect="list"), "wanted companies"),
        (lambda: Door("x", of=target, effect="list"), "wanted companies"),
        (
            lambda: Door("x", of=APPS, effect="list", hazard=-0.1),
            'door "x": hazard: -0.1 is no number from 0 to 1',
        ),
        (
            lambda: Door("x", of=APPS, effect="list", hazard=1.1),
            'door "x": hazard: 1.1 is no number from 0 to 1',
        ),
        (
            lambda: Door("x", of=APPS, effect="list", hazard=target.cash),
            "is in USD, wanted a pure number from 0 to 1",
        ),
        (lambda: Door("x", of=APPS, effect="list", opens=APPS.cash > 1), "write target.cash and so on"),
        (
            lambda: Door("x", of=APPS, effect="list", price=target.runway),
            "target.runway is in months, wanted USD",
        ),
        (
            lambda: Door("x", of=APPS, effect="acquire"),
            "nobody may buy; effects with buyers are acquire and licence",
        ),
        (lambda: Door("x", of=APPS, effect="list", buyers=Buyer("capital", 1)), "'list' takes no buyers"),
        (
            lambda: Door("x", of=APPS, effect="wind_down", share=0.2),
            "share is of listings, and its effect is 'wind_down'",
        ),
        (
            lambda: Door("x", of=APPS, effect="wind_down", hazard=0.1, price=1e6),
            "price is of sales and listings, and its effect is 'wind_down'; leave it out",
        ),
        (
            lambda: Door("x", of=APPS, effect="wind_down"),
            "hazard is not given, so nobody would ever go through it; say the chance of a month, such as",
        ),
        (lambda: Door("x", of=APPS, effect="acquire", buyers=[3]), "3 is no Buyer"),
        (lambda: Buyer("nobody", 1), "Buyer('nobody'): wanted companies"),
        (lambda: Buyer("capital", target.runway), "target.runway is in months, wanted USD"),
        (lambda: ExitScenario("x", "X", doors=[3]), 'exit scenario "x": 3 is no Door'),
        (lambda: Scenario("x", "X", shocks=[3]), 'scenario "x": 3 is no shock, nor the name or use of one'),
        (lambda: Scenario("x", "X", rules=[3]), 'scenario "x": 3 is no Rule'),
        (lambda: Scenario("x", "X", exits=[3]), 'scenario "x": 3 is no ExitScenario'),
        (lambda: Scenario("x", "X", changes=[3]), 'scenario "x": 3 is no change'),
        (lambda: chance(1 + 1), "chance(2): 2 is no number from 0 to 1"),
    ],
)
def test_exits_and_scenarios_are_checked(write, message):
    with pytest.raises(RuleError) as caught:
        write()
    assert message in str(caught.value)


def test_single_parts_need_no_list():
    scenario = Scenario(
        "x", "X", shocks="hike", exits="cold", rules=Rule("r", True, add(company("one").cash, 1))
    )
    assert scenario.shocks == (Use("hike"),)
    assert scenario.exits == ("cold",)
    assert len(scenario.rules) == 1
    assert HIKE(rise=0.5).arguments == {"rise": 0.5}
    assert HIKE("twice", rise=0.5).label == "twice"
    assert Scenario("x", "X", shocks=[HIKE, HIKE("b")]).shocks[1].label == "b"
    assert Scenario("x", "X", changes={"market.odds_open": 1}).changes == (
        Change("market.odds_open", set_to=1),
    )


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: Change("market.odds_open"), "wanted one of scale, add and set_to, given 0"),
        (lambda: Change("market.odds_open", scale=1, add=1), "wanted one of scale, add and set_to, given 2"),
        (lambda: Change("odds_open", add=1), 'Change("odds_open"): wanted a path such as'),
        (lambda: Change("markt.odds_open", add=1), 'unknown kind of entity "markt". Did you mean "market"?'),
        (
            lambda: Change("market.odds_opn", add=1),
            'unknown field of a market "odds_opn". Did you mean "odds_open"?',
        ),
        (lambda: Change("company.cash", add=1), 'which company? Write "company.*.cash" for all'),
        (lambda: Change("company[sort=app].cash", add=1), 'unknown filter "sort"'),
        (lambda: Change("company.one.cash", add="much"), "'much' is no number"),
        (lambda: Change("market.regime", set_to="closed"), 'wanted set_to="open" or "normal" or "shut"'),
        (lambda: Change("market.regime", scale=2), 'wanted set_to="open"'),
        (lambda: Change("market.listing", set_to=1), "wanted set_to=true or false"),
    ],
)
def test_changes_are_checked(write, message):
    with pytest.raises(RuleError) as caught:
        write()
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("change", "field", "wanted"),
    [
        (Change("market.odds_open", add=-1), "market.odds_open", [0.5]),
        (Change("market.regime", set_to="shut"), "market.regime", [2]),
        (Change("market.listing", set_to=False), "market.listing", [0]),
        (Change("company.one.cash", scale=2), "company.cash", [2e8, 2e8, 3e9, 1e9]),
        (Change("company.*.minimum_cash", set_to=5), "company.minimum_cash", [5, 5, 5, 5]),
        (Change("company.*o*.fixed_cost", add=1), "company.fixed_cost", [4e6 + 1, 8e6 + 1, 0, 1]),
        (Change("company[tag=app].pass_through", scale=0.5), "company.pass_through", [0.5, 0.5, 1, 1]),
        (Change("company[archetype=neocloud].tax_rate", set_to=0.2), "company.tax_rate", [0, 0, 0, 0.2]),
        (Change("contract[supplier=lab].routing", add=2), "contract.routing", [2, 2, 0]),
        (Change("contract.one->lab.usage", scale=0), "contract.usage", [0, 5e6, 9e7]),
        (Change("commitment[contract=one->lab].amount", scale=3), "commitment.amount", [3e6]),
        (Change("commitment.*.last_month", set_to=12), "commitment.last_month", [12]),
        (Change("loan[lender=capital].rate", add=0.02), "loan.rate", [0.1 + 0.02]),
        (Change("loan.*.maturity", set_to=12), "loan.maturity", [12]),
        (Change("loan.*.maturity", scale=1.01), "loan.maturity", [40]),
        (Change("fleet.*.class", set_to="power"), "fleet.class", [2]),
    ],
    ids=repr,
)
def test_worlds_are_changed(change, field, wanted):
    before, after = compile_world(WORLD), compile_world(changed(WORLD, [change], "test"))
    assert after.arrays[field][0].tolist() == wanted
    assert after.names == before.names
    others = [name for name in before.arrays if name != field]
    assert all(np.array_equal(after.arrays[name], before.arrays[name]) for name in others)


def test_ranges_are_changed_as_ranges():
    def elasticity(*changes):
        return changed(WORLD, changes, "test").segments[1].elasticity

    path = "segment.two.elasticity"
    assert elasticity(Change(path, scale=2)).low == 1.0
    assert elasticity(Change(path, scale=2), Change(path, add=1)).high == 4.0
    assert elasticity(Change(path, set_to=3)) == 3
    assert elasticity(Change(path, set_to={"mean": 1, "sd": 0.1})).sd == 0.1
    drawn = changed(
        WORLD, [Change("segment.one.elasticity", scale={"low": 1, "value": 2, "high": 3})], "test"
    )
    assert drawn.segments[0].elasticity.value == 2
    with pytest.raises(RuleError, match="a range meets one that is there already"):
        elasticity(Change(path, scale={"low": 1, "value": 2, "high": 3}))
    with pytest.raises(RuleError, match="two values for one place"):
        elasticity(Change(path, set_to=3), Change(path, set_to=4))
    assert elasticity(Change(path, set_to=3), Change(path, scale=2), Change(path, set_to=3)) == 3


def test_what_a_change_meets_is_checked():
    with pytest.raises(
        RuleError, match=r'Change\("company.twa.cash", .*no such companies. Did you mean "two"'
    ):
        changed(WORLD, [Change("company.twa.cash", add=1)], "test")
    with pytest.raises(RuleError, match="no such companies"):
        changed(WORLD, [Change("company[tag=none].cash", add=1)], "test")
    with pytest.raises(WorldError, match=r'small with hard: company\[1\] "one".cash: given -1'):
        changed(WORLD, [Change("company.one.cash", set_to=-1)], "hard")
    assert changed(WORLD, [], "test") is WORLD


CHANGES = tuple(
    Change("company.*.fixed_cost", **{how: amount})
    for how, amount in (("scale", 1.1), ("scale", 0.7), ("add", 3.3), ("add", 0.1))
)


@given(st.permutations(CHANGES))
def test_the_order_of_changes_does_not_matter(changes):
    assert changed(WORLD, changes, "test") == changed(WORLD, CHANGES, "test")


@pytest.mark.parametrize("given", [0.9, 1, True, None, {"rise": 0.9}])
def test_an_argument_without_a_name_is_refused(given):
    """It used to be the label, and the shock ran with its defaults."""
    with pytest.raises(
        RuleError, match="is no label, wanted text; write the argument with its name, such as"
    ):
        HIKE(given)
    with pytest.raises(RuleError, match="wanted arguments by name"):
        Use("hike", 0.9)
