"""Expressions: print themselves, mean what Python means, and keep their units."""

import copy
import pickle
import warnings
from fractions import Fraction

import cashcade.rules as language
import numpy as np
import pytest
from cashcade import _core
from cashcade.compile.members import Members
from cashcade.compile.ranges import Draws
from cashcade.compile.writer import Scope, Writer
from cashcade.errors import PlausibilityWarning, RuleError, UnknownNameError
from cashcade.rules import (
    chance,
    companies,
    company,
    contract,
    loans,
    log,
    market,
    maximum,
    minimum,
    month,
    number,
    segment,
    target,
    where,
)
from cashcade.rules.expressions import Condition, Expression, Value
from cashcade.rules.units import UNITS, Unit
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.rules.conftest import small_world
from tests.rules.machine import value

WORLD = small_world()
RATIOS = ("price", "activity", "capability", "input_cost", "list_price")
NAMES = ("one", "two", "lab", "cloud")
VARIABLES = {row.full_name: row.place for row in _core.table().variables}

reads = st.builds(
    lambda name, row: getattr(company(name), row), st.sampled_from(NAMES), st.sampled_from(RATIOS)
)
constants = st.floats(-9, 9, allow_subnormal=False).map(lambda x: round(x, 3)) | st.integers(-5, 5)
leaves = (
    reads
    | reads.flatmap(lambda read: constants.map(lambda c: read + c))
    | st.just(month / number(1, "month"))
)


@st.composite
def conditions(draw, values):
    compare = draw(
        st.sampled_from([lambda x, y: x < y, lambda x, y: x >= y, lambda x, y: x != y, lambda x, y: x > y])
    )
    result = compare(draw(values), draw(values | constants))
    if draw(st.booleans()):
        result = ~result
    other = draw(st.none() | st.just(company("one").failed) | st.just(market.listing))
    if other is not None:
        result = draw(st.sampled_from([result & other, other | result]))
    return result


def grown(values):
    """Numbers made of numbers."""
    binary = [
        lambda x, y: x + y,
        lambda x, y: x - y,
        lambda x, y: x * y,
        lambda x, y: x / y,
        lambda x, y: x % y,
        minimum,
        maximum,
        lambda x, y: minimum(x, y, 1),
    ]
    return (
        st.builds(lambda f, x, y: f(x, y), st.sampled_from(binary), values, values | constants)
        | st.builds(lambda f, x, y: f(x, y), st.sampled_from(binary[:4]), constants, values)
        | st.builds(
            lambda f, x: f(x), st.sampled_from([abs, lambda x: -x, lambda x: x**2, lambda x: x**3]), values
        )
        | st.builds(where, conditions(values), values, values | constants)
    )


numbers = st.recursive(leaves, grown, max_leaves=8)
expressions = numbers | conditions(numbers)


class Fake:
    """Stands for an entity; its attributes are numbers."""

    def __init__(self, kind, name, known):
        self.kind, self.name, self.known = kind, name, known

    def __getattr__(self, row):
        if row == "failed":
            return ~self.alive
        found = self.known[f"{self.kind}.{row}", self.name]
        return np.bool_(found) if row in {"alive", "listing"} else np.float64(found)


def plain(text, known, at):
    """What Python makes of an expression with numbers in the places of names."""
    return eval(  # noqa: S307 - text that an expression printed
        text,
        {
            "company": lambda name: Fake("company", name, known),
            "market": Fake("market", "market", known),
            "month": np.float64(at),
            "number": lambda x, _unit: np.float64(x),
            "where": lambda test, yes, no: np.float64(yes if test else no),
            "minimum": lambda *x: np.float64(min(x)),
            "maximum": lambda *x: np.float64(max(x)),
        },
    )


@given(
    expressions,
    st.lists(st.floats(0.1, 3), min_size=20, max_size=20),
    st.integers(1, 60),
    st.tuples(st.booleans(), st.booleans()),
)
def test_nodes_mean_what_python_means(inputs, expression, drawn, at, flags):
    keys = [(f"company.{row}", name) for row in RATIOS for name in NAMES]
    known = dict(zip(keys, drawn, strict=True))
    known |= dict(zip([("company.alive", "one"), ("market.listing", "market")], flags, strict=True))

    def read(_source, place, entity):
        name = next(name for name, known_place in VARIABLES.items() if known_place == place)
        return float(known[name, inputs.names[name.split(".")[0]][entity]])

    try:
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            wanted = plain(str(expression), known, at)
    except FloatingPointError:
        assume(False)  # the language gives 0 for division by 0, Python does not
    writer = Writer(Members(WORLD, inputs))
    node = writer.node(expression, Scope("rule.x", 'rule "x"'))
    arrays = writer.arrays() | {"constants": writer.numbers().at(Draws(0, 0, 1))}
    found = value(arrays, node, read, at)
    assert found == pytest.approx(float(wanted), rel=1e-12, abs=1e-300)


@given(expressions)
def test_what_is_printed_reads_as_the_same(expression):
    again = eval(str(expression), vars(language).copy())  # noqa: S307 - text that an expression printed
    assert type(again) is type(expression)
    assert str(again) == str(expression)
    assert again.unit == expression.unit


units = st.builds(Unit, *(st.fractions(-2, 2, max_denominator=2) for _ in range(3)))


@given(units, units, st.sampled_from([-2, -1, 2, 3, 0.5]))
def test_units_multiply(one, other, power):
    assert one * other == other * one
    assert one * other / other == one
    assert (one * other) ** power == one**power * other**power
    assert one / one == UNITS["1"] == UNITS["fraction"]
    assert (one == other) == (str(one) == str(other))


@given(st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)))
def test_sums_take_one_unit(one, other):
    x, y = number(1, one), number(2, other)
    if UNITS[one] == UNITS[other]:
        assert (x + y).unit == UNITS[one]
        assert isinstance(x < y, Condition)
        return
    for wrong in (
        lambda: x + y,
        lambda: x - y,
        lambda: x < y,
        lambda: minimum(x, y),
        lambda: where(True, x, y),
    ):
        with pytest.raises(RuleError, match="cannot be added or compared"):
            wrong()
    assert (x * y).unit == UNITS[one] * UNITS[other]
    assert (x / y).unit == UNITS[one] / UNITS[other]


def test_units_follow_the_table():
    a = company("a")
    assert str((a.cash / a.burn).unit) == "months"
    assert str((a.burn * 3).unit) == "USD/month"
    assert str((a.cash * a.growth).unit) == "USD/year"
    assert str((a.cash**2).unit) == "USD^2"
    assert (a.cash / (a.burn * number(6, "months")) + 1).unit == UNITS["1"]
    assert a.cash.change(3).unit == UNITS["USD"]
    assert str(segment("a").volatility.unit) == "1/sqrt(year)"
    assert UNITS["USD/sqrt(month)"] == Unit(usd=Fraction(1), month=Fraction(-1, 2))


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (
            lambda: company("a").cash + company("a").runway,
            'company("a").cash + company("a").runway: company("a").cash is in USD',
        ),
        (lambda: company("a").runwy, 'company("a").runwy: a company has no "runwy". Did you mean "runway"?'),
        (
            lambda: company("a").runway & market.listing,
            'company("a").runway & market.listing: company("a").runway is a number',
        ),
        (lambda: market.listing + 1, "unsupported operand"),
        (lambda: 1 + market.funding, "unsupported operand"),
        (
            lambda: company("a").price + market.listing,
            "market.listing is true or false; make it a number with where(",
        ),
        (lambda: company("a").price + market.funding, "market.funding is a word; compare it with one"),
        (
            lambda: market.funding == "closed",
            'market.funding == "closed": wanted one of "open", "normal", "shut".',
        ),
        (lambda: market.funding == "shit", 'Did you mean "shut"?'),
        (lambda: bool(month > 3), "month > 3: nobody knows it before the run. Write & | ~"),
        (lambda: 1 < company("a").price < 2, "(a < b) & (b < c) in place of a < b < c"),
        (company("a").cash.sum, 'company("a").cash: a single value; sum() makes one of groups'),
        (lambda: list(companies().cash), "companies().cash: one expression for all members"),
        (
            lambda: companies(tag="x").cash + companies(tag="y").cash,
            'companies(tag="x") and companies(tag="y") are different groups',
        ),
        (lambda: company("a").cash ** month, "the exponent month is in months"),
        (lambda: company("a").cash ** company("a").price, "only a plain number can be its exponent"),
        (lambda: log(company("a").cash), "is in USD, wanted a pure number"),
        (lambda: chance(company("a").runway), "is in months, wanted a pure number from 0 to 1"),
        (lambda: chance(1.5), "chance(1.5): 1.5 is no number from 0 to 1"),
        (lambda: chance({"low": -0.1, "value": 0, "high": 0.1}), "-0.1 is no number from 0 to 1"),
        (lambda: chance(0.1, each=company("a")), "wanted a group such as"),
        (lambda: ~companies().cash.any(), "companies().cash is a number and has no any(); compare it first"),
        (
            lambda: companies().failed.sum() + 1,
            "companies().failed is true or false and has no sum(); count() counts",
        ),
        (lambda: market.listing == 1, "market.listing == 1: a condition is not compared; join it with & | ~"),
        (lambda: market.funding == market.listing, 'market.funding == market.listing: wanted one of "open"'),
        (lambda: companies(3), "companies: 3 is no text"),
        (lambda: companies(tag=3), "companies: 3 is no text"),
        (lambda: number(float("nan")), "nan is no finite number"),
        (lambda: company("a").cash > float("inf"), 'company("a").cash > inf: inf is no finite number'),
        (lambda: company("a").cash > "1e9", "'1e9' is no number"),
        (lambda: company("a").cash > True, "True is no number"),
        (lambda: number({"low": 3, "value": 2, "high": 5}), "is no range (low <= value <= high)"),
        (lambda: number({"low": 3}), "is no range (value: Field required)"),
        (lambda: number(1, "dollars"), 'number(1): unknown unit "dollars"'),
        (lambda: company("a").cash.lag(0), 'company("a").cash.lag(0): wanted a whole number of months'),
        (lambda: contract("a", "b", "c"), "contract('a', 'b', 'c'): wanted an id"),
        (lambda: company(companies()), "groups are companies(...)"),
        (lambda: loans(borrower=segment("a")), 'loans(borrower=segment("a")): wanted the id of a company'),
        (lambda: where(1, 2, 3), "where(1, 2, 3): 1 is no condition"),
    ],
)
def test_errors_are_told_in_the_words_of_the_user(write, message):
    with pytest.raises((RuleError, TypeError)) as caught:
        write()
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        'company("cursor").runway < 6',
        'companies(tag="app", archetype="ai-app").cash.sum() / companies(tag="app").burn.sum() <= 3',
        '(market.funding == "shut") & ~market.listing | (month >= 6)',
        '(companies("a", "b").cash.change(3) < -5e8).any()',
        '(loans(borrower=companies(tag="app")).balance > 1e9).count() >= 2',
        'loans(lender="capital").balance.lag(12).max() > 0',
        '-company("a").price ** 2 + (-company("a").price) ** 2',
        '1 - (2 - company("a").price) - 3 / (4 / company("a").price)',
        '(company("a").price ** 2) ** 3 + 2 ** company("a").price ** 3',
        'chance(number({"low": 0.1, "value": 0.2, "high": 0.3}), name="storm")',
        'chance(0.1, each=companies(tag="app"))',
        'number({"mean": 1.0, "sd": 0.5}, "USD/month") < company("a").burn',
        'number({"choices": [1.0, 2.0], "weights": [3.0, 1.0]}) < month',
        'segments(seller=companies(tag="app", may_be_empty=True)).stated.revenue.mean() > 1e6',
        'companies(tag="app").without("a", "b").cash.sum() > loans(borrower=companies().without("a")).balance.sum()',
        'contract("a", "b").stated.usage > 1e6',
        'loans(lender="a").borrower.runway.min() < 3',
        "commitments().contract.supplier.stated.payout.max() > 0.5",
        "month % 3 == 0",
        '(company("a").failed.count_so_far() > 2) & (month.sum_so_far() % 2 > 1)',
        'company("a").price < 0.9 * company("a").price.max_so_far() - company("a").price.min_so_far()',
        'uniform(0, 1) + normal(2, 0.5, name="x") < company("a").price',
        'normal(0, 1, each=companies(tag="app")).max() > 2',
        'where(company("a").failed, 1, 0) + abs(company("a").price) + exp(log(company("a").price)) > 2',
        '(fleet("a").plan > 1) | False',
        "target.valuation > minimum(buyer.cash, 0.5 * target.debt, loans(borrower=target).balance.sum())",
    ],
)
def test_expressions_print_as_they_were_written(text):
    assert str(eval(text, vars(language).copy())).replace("->", '", "') == text  # noqa: S307 - our own text


def test_expressions_do_not_change():
    expression = company("a").cash + 1
    with pytest.raises(AttributeError):
        expression.unit = None
    assert {expression: 1}[expression] == 1
    assert isinstance(np.float64(2) * company("a").cash, Value)
    with pytest.raises(AttributeError):
        company("a").__array__  # noqa: B018 - numpy asks for it
    assert not hasattr(company("a"), "runwy")
    with pytest.raises(UnknownNameError):
        _ = company("a").runwy


@given(expressions)
def test_expressions_travel(expression):
    assert isinstance(expression, Expression)
    assert str(pickle.loads(pickle.dumps(expression))) == str(expression)  # noqa: S301 - our own
    assert str(copy.deepcopy(expression)) == str(expression)


def test_conditions_may_be_held_against_true_and_false():
    listing = market.listing
    assert str(listing == True) == str(listing != False) == "market.listing"  # noqa: E712 - what a user may write
    assert str(listing == False) == str(listing != True) == "~market.listing"  # noqa: E712


def test_what_the_world_states_is_read_where_the_loop_computes_nothing():
    assert company("a").cash.node.row.source == "variable"
    assert company("a").stated.cash.node.row.source == "parameter"
    assert company("a").fixed_cost.node.row.source == "parameter"
    assert market.funding.node.row.full_name == "market.regime"
    assert {"runway", "fixed_cost"} <= set(dir(company("a")))
    assert str(target.cash) == "target.cash"


@pytest.mark.parametrize(
    ("write", "text"),
    [
        (lambda: company("a").cash < 5, 'company("a").cash < 5: 5 is 5 USD here; write 5e6 or 5e9'),
        (lambda: 30 + company("a").burn, "30 is 30 USD/month here"),
        (lambda: language.add(company("a").cash, 2), "2 is 2 USD here"),
        (lambda: language.pay(company("a"), "capital", 0.5), "0.5 is 0.5 USD here"),
    ],
)
def test_dollars_without_a_scale_are_warned_of(write, text):
    with pytest.warns(PlausibilityWarning) as caught:
        write()
    assert text in str(caught[0].message)


def test_dollars_that_are_meant_are_not_warned_of():
    with warnings.catch_warnings():
        warnings.simplefilter("error", PlausibilityWarning)
        cash = company("a").cash
        assert [
            cash > 0,
            cash < 1000,
            cash < number(5, "USD"),
            0.5 * cash,
            cash / 3,
            company("a").runway < 5,
            where(company("a").failed, 0, cash),
        ]
