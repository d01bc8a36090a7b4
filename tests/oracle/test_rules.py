"""Rules of the compiled loop equal those of the oracle, path by path."""

import numpy as np
import pytest
from cashcade import _core
from hypothesis import given, settings
from hypothesis import strategies as st

from spec import simulate
from spec.doors import EFFECTS, Door
from spec.world import OUTSIDE
from tests.effort import tries
from tests.golden.pinned import APP, BANK, economy
from tests.oracle.compare import differences
from tests.oracle.compiled import run
from tests.oracle.generate import arrays, hostile_worlds, sizes_of
from tests.oracle.rule_book import Book, random_book

SEED = 20250822
PATHS = 40
PLACES = (0, 17, 39)
MONTHS = 24
CASH = ("company.cash", 0)


def assert_equal(inputs, book, *, months=MONTHS, seed=SEED, first_path=0, places=PLACES):
    """Every variable, and what the rules did."""
    rules = book.arrays()
    compiled = run(inputs, months=months, seed=seed, first_path=first_path, paths=PATHS, rules=rules)
    assert compiled.imbalance <= 1e-9
    for place in places:
        outcome = simulate(inputs, months=months, seed=seed, path=first_path + place, rules=rules)
        found = differences(compiled, place, outcome)
        assert not found, f"path {first_path + place}:\n" + "\n".join(found)
        assert compiled.rule_first[place].tolist() == outcome.activity.first
        assert compiled.rule_months[place].tolist() == outcome.activity.months
        np.testing.assert_allclose(
            compiled.action_first[place], outcome.activity.amount, rtol=1e-9, atol=1e-3
        )
    return compiled


def falling():
    """The pinned economy, in which cash falls and regimes change."""
    return economy()


OPERATIONS = {
    "add": ("gt", ("add", CASH, ("company.cash", 1)), 9e7),
    "sub": ("gt", ("sub", ("segment.trend", 0), ("segment.trend", 1)), 0.1),
    "mul": ("gt", ("mul", ("company.price", 0), ("segment.trend", 0)), 1.05),
    "div": ("lt", ("div", CASH, ("company.burn", 0)), 30.0),
    "neg": ("lt", ("neg", ("market.gpu_log", 0)), 0.0),
    "abs": ("gt", ("abs", ("market.gpu_log", 0)), 0.1),
    "min": ("lt", ("min", ("company.runway", 0), ("company.runway", 1)), 60.0),
    "max": ("lt", ("max", ("company.runway", 0), ("company.runway", 1)), 60.0),
    "exp": ("gt", ("exp", ("market.gpu_log", 0)), 1.05),
    "log": ("lt", ("log", ("segment.trend", 0)), 0.05),
    "pow": ("gt", ("pow", ("segment.trend", 0), -0.7), 0.97),
    "le": ("le", ("segment.trend", 0), 1.0),
    "ge": ("ge", "month", 7),
    "eq": ("eq", ("market.regime", 0), 2.0),
    "ne": ("ne", ("market.regime", 0), 1.0),
    "and": ("and", ("lt", "month", 9), ("gt", ("segment.trend", 0), 1.0)),
    "or": ("or", ("lt", "month", 4), ("gt", ("segment.trend", 0), 1.02)),
    "not": ("not", ("market.listing", 0)),
    "choose": ("gt", ("choose", ("market.listing", 0), ("segment.trend", 0), 0.9), 1.0),
    "parameter": ("lt", CASH, ("parameter", "company.cash", 0)),
    # By more than a dollar: of cash that is spent to the last, one sum leaves 0 and another 1e-9.
    "lag": ("lt", ("sub", CASH, ("lag", CASH, 3)), -1.0),
    "chance": ("chance", 77, ("choose", ("gt", "month", 12), 0.6, 0.2)),
    "variables": ("gt", ("total", ("mul", ("segment.trend", [0, 1]), 0.5)), 1.0),
    "parameters": ("any", ("lt", ("company.cash", [0, 1]), ("parameter", "company.cash", [0, 1]))),
    "chances": ("any", ("chance", [77, 78], ("choose", ("gt", "month", 12), 0.6, 0.2))),
    "total": ("gt", ("total", ("lag", ("segment.trend", [1, 0]), 2)), 2.0),
    "least": ("gt", ("least", ("segment.trend", [0, 1])), 0.97),
    "greatest": ("gt", ("greatest", ("segment.trend", [0, 1])), 1.03),
    "any": ("any", ("gt", ("segment.trend", [0, 1]), 1.03)),
    "all": ("all", ("gt", ("segment.trend", [0, 1]), 0.97)),
    "mod": ("eq", ("mod", "month", 3), 1.0),
    "summed": ("gt", ("summed", ("lt", ("segment.trend", 0), 1.0)), 4.0),
    "lowest": ("lt", ("total", ("lowest", ("segment.trend", [0, 1]))), 1.9),
    "highest": ("lt", ("segment.trend", 0), ("mul", 0.97, ("highest", ("segment.trend", 0)))),
    "uniform": ("lt", ("uniform", 77), 0.3),
    "normal": ("gt", ("summed", ("normal", 77)), 1.0),
    "uniforms": ("lt", ("greatest", ("uniforms", [77, 78])), 0.6),
    "normals": ("gt", ("total", ("normals", [77, 78])), 0.5),
}


def test_every_operation_is_tried():
    assert set(OPERATIONS) | {"constant", "variable", "month", "lt", "gt"} == {
        name for name, _takes in _core.operations()
    }


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations(name):
    book = Book().rule(OPERATIONS[name], ("scale", "company.fixed_cost", 0, 1.3))
    compiled = assert_equal(falling(), book)
    share = compiled.rule_months.mean() / MONTHS
    assert 0.02 < share < 0.98, share


TREND = ("segment.trend", 0)
HOLDS = {
    "while": {},
    "while, later": {"delay": 5},
    "once": {"months": 1},
    "once, later": {"months": 1, "delay": 3},
    "for four months": {"months": 4},
    "for four months, again": {"months": 4, "again": True},
    "for three months, later, again": {"months": 3, "delay": 2, "again": True},
    "for good": {"months": 1200},
    "later than the end": {"delay": MONTHS},
}


@pytest.mark.parametrize("hold", HOLDS)
def test_holds(hold):
    book = Book().rule(("gt", TREND, 1.08), ("scale", "company.fixed_cost", 0, 1.3), **HOLDS[hold])
    compiled = assert_equal(falling(), book)
    assert (compiled.rule_months.max() == 0) == (hold == "later than the end")


def test_amounts_may_be_expressions():
    relief = ("max", 0.0, ("sub", 3e8, CASH))
    rate = ("choose", ("eq", ("market.regime", 0), 2.0), ("mul", 0.01, "month"), 0.0)
    book = Book().rule(("lt", ("company.runway", 0), 60.0), ("add", "company.cash", 0, relief))
    book.rule(("ge", "month", 3), ("add", "loan.rate", 0, rate), ("set", "company.payout", 3, 0.2))
    compiled = assert_equal(falling(), book)
    assert compiled.action_first[:, 0].max() > 0
    assert compiled.action_first[:, 2].tolist() == [0.2] * PATHS


def test_lags_look_back_and_begin_with_month_1():
    book = Book().rule(("gt", ("lag", ("lag", "month", 3), 4), 1.0), ("scale", "company.fixed_cost", 0, 1.1))
    compiled = assert_equal(falling(), book)
    assert set(compiled.rule_first.flat) == {9}
    assert set(compiled.rule_months.flat) == {MONTHS - 8}


def test_several_rules_meet_on_one_lever():
    book = Book()
    for number in range(6):
        near = 1.0 + 0.03 * number
        book.rule(("gt", TREND, near), ("scale", "segment.revenue", 1, 0.93 + 0.031 * number))
        book.rule(("lt", TREND, near), ("add", "segment.revenue", 1, 1e5 * (number + 0.7)))
    book.rule(("eq", ("market.regime", 0), 2.0), ("set", "segment.revenue", 1, 2e6))
    assert_equal(falling(), book)


def test_parameters_are_read_as_the_world_gives_them():
    cost = ("parameter", "company.fixed_cost", 0)
    book = Book().rule(("lt", cost, 7e6), ("add", "company.fixed_cost", 0, cost))
    compiled = assert_equal(falling(), book)
    assert set(compiled.rule_months.flat) == {MONTHS}
    assert set(compiled.action_first.flat) == {6e6}


def test_a_lever_acts_for_the_month_and_a_push_stays():
    book = Book().rule(("eq", "month", 3), ("scale", "company.fixed_cost", 3, 2.0))
    book.rule(("eq", "month", 3), ("scale", "segment.trend", 2, 0.5))
    one = run(falling(), months=6, seed=SEED)
    other = run(falling(), months=6, seed=SEED, rules=book.arrays())
    cost = other["company.costs"][0, :, 3] - one["company.costs"][0, :, 3]
    assert cost[2] > 3e6
    assert (np.abs(cost[[0, 1, 3, 4, 5]]) < 1e6).all()
    trend = other["segment.trend"][0, :, 2] / one["segment.trend"][0, :, 2]
    np.testing.assert_allclose(trend, [1, 1, 0.5, 0.5, 0.5, 0.5])


@pytest.mark.parametrize("rank", [2, 3, 4, 5])
@pytest.mark.parametrize("share", [0.05, 0.6, 3.0])
def test_payments_are_claims(rank, share):
    """Chains of companies that pay, sectors on both sides, and more than there is."""
    book = Book().rule(
        ("gt", "month", 3),
        ("pay", rank, (0, 1), ("mul", share, CASH)),
        ("pay", 5, (1, 2), ("mul", share, ("company.cash", 1))),
        ("pay", 2, (-2, 3), 1e6),
    )
    book.rule(
        ("gt", TREND, 1.0),
        ("pay", rank, (2, -4), ("mul", share, ("company.cash", 2))),
        ("pay", 4, (-3, 2), 2e5),
        ("pay", 3, (-4, 0), 3e5),
        ("pay", 3, (3, -3), ("sub", 1e5, ("company.cash", 3))),
        again=True,
        months=2,
    )
    compiled = assert_equal(falling(), book)
    assert (compiled.failed_month > 0).any()
    assert (compiled.action_first[:, :-1].max(axis=0) > 0).all()


@pytest.mark.parametrize("value", [0.0, 3e7, ("mul", 2.0, ("company.valuation", 2))])
def test_loans_become_shares(value):
    """Several of one borrower at one time and one after the other; a borrower fails later."""
    book = Book().rule(("gt", "month", 5), ("convert", 0, (0, 0), value), ("convert", 0, (1, 0), value))
    book.rule(
        ("gt", TREND, 1.0), ("convert", 0, (2, 0), 2e7), ("convert", 0, (0, 0), 5e6), months=2, again=True
    )
    book.rule(("gt", "month", 15), ("pay", 2, (1, -4), ("mul", 2.0, ("company.cash", 1))))
    compiled = assert_equal(falling(), book)
    assert (compiled["loan.converted"].max(axis=(0, 1)) > 0).all()
    assert compiled["company.losses"].max() > 0
    diluted = compiled["company.diluted"]
    for place, borrower in enumerate((2, 1, 0)):
        part = compiled["loan.shares"][..., place] * diluted[..., borrower]
        assert part.max() <= 1.0 + 1e-12


def test_shares_for_loans_have_their_part_of_a_sale():
    """The app is sold to the outside; from month 3 on the bank holds 12 of 52 of it for its loan."""
    book = Book().rule(("gt", "month", 2), ("convert", 0, (1, 0), 4e7), ("convert", 0, (2, 0), 4e7))
    nodes = [book.node(value) for value in (1.0, 0.15, 6e7, 1e9)]
    doors = [Door(APP, "acquire", 1.0, 0.15, price=6e7, buyers=((OUTSIDE, 1e9),))]
    rules = book.arrays() | {
        "door": np.array([[APP, EFFECTS.index("acquire"), *nodes[:3], -1]], dtype=np.int32),
        "buyer": np.array([[0, OUTSIDE, nodes[3]]], dtype=np.int32),
    }
    compiled = run(falling(), months=MONTHS, seed=SEED, paths=PATHS, rules=rules)
    for place in PLACES:
        outcome = simulate(falling(), months=MONTHS, seed=SEED, path=place, rules=rules, doors=doors)
        assert not differences(compiled, place, outcome)
    sold = compiled.exit_month[:, APP] > 2
    assert sold.any()
    flow = compiled["company.deal_flow"][sold, :, BANK].sum(axis=1)
    part = 12e6 / (12e6 + 4e7)
    assert flow == pytest.approx(np.full(len(flow), part * 6e7), rel=1e-9)


def two_owners():
    """The pinned economy with a fleet of the same kind for its lab, of its own size and age."""
    inputs = dict(falling())
    for name in [name for name in inputs if name.startswith("fleet.") or name == "order.fleet"]:
        inputs[name] = (
            np.concatenate([inputs[name], inputs[name]], axis=-1) if name != "order.fleet" else inputs[name]
        )
    inputs["fleet.owner"] = np.array([2, 0], dtype=inputs["fleet.owner"].dtype)
    inputs["fleet.cost"] = np.array([[80e6, 20e6]])
    inputs["fleet.age_span"] = np.array([[30.0, 5.0]])
    inputs["fleet.construction"] = np.array([[0.5, 0.5]])
    inputs["fleet.capacity_revenue"] = np.array([[1.5, 1.5]])
    return inputs


@pytest.mark.parametrize("lives", [None, (9.0, 20.0, 30.0), (2.0, 60.0, 24.0)])
@pytest.mark.parametrize("share", [0.2, 1.0, ("parameter", "fleet.committed", 0)])
def test_fleets_change_hands(share, lives):
    """Machines older than any that the taker had, part by part, both ways and more than there is."""
    book = Book().rule(("eq", ("mod", "month", 4.0), 1.0), ("transfer", 0, (0, 1), share))
    book.rule(("gt", TREND, 1.0), ("transfer", 0, (1, 0), 0.7), ("transfer", 0, (1, 0), 0.9))
    book.rule(("gt", "month", 15), ("pay", 2, (2, -4), ("mul", 2.0, ("company.cash", 2))))
    inputs = two_owners()
    for name, of_taker in zip(("lag", "economic_life", "book_life"), lives or (), strict=False):
        inputs[f"fleet.{name}"] = np.array([[inputs[f"fleet.{name}"][0, 0], of_taker]])
    compiled = assert_equal(inputs, book)
    assert (compiled.rule_months[:, :2].max(axis=0) > 2).all()
    assert (compiled.failed_month[:, 2] > 0).any()


def test_only_fleets_of_one_class_change_hands():
    book = Book().rule(("eq", "month", 3), ("transfer", 0, (0, 1), 1.0))
    inputs = two_owners()
    inputs["fleet.class"] = np.array([[0.0, 1.0]])
    with pytest.raises(ValueError, match="passes fleet 0 to fleet 1; they must be two, of one class"):
        run(inputs, months=3, seed=SEED, rules=book.arrays())


@settings(max_examples=tries(30), deadline=None, derandomize=True)
@given(
    inputs=hostile_worlds(),
    numbers=st.integers(0, 2**32 - 1),
    count=st.integers(1, 6),
    seed=st.integers(0, 2**64 - 1),
)
def test_generated_rules(inputs, numbers, count, seed):
    book = random_book(np.random.default_rng(numbers), inputs, count)
    assert_equal(inputs, book, months=12, seed=seed, places=(0, 17))


def test_the_generated_rules_do_something():
    """What the comparison is worth: most rules are active on some paths and not on all, and most matter."""
    some, matters, books = 0, 0, 60
    for number in range(books):
        rng = np.random.default_rng(number)
        inputs = arrays(rng, sizes_of(rng))
        rules = random_book(rng, inputs, 5).arrays()
        found = run(inputs, months=12, paths=8, rules=rules)
        share = found.rule_months.mean(axis=0) / 12
        some += int(((share > 0.05) & (share < 0.95)).sum())
        plain = run(inputs, months=12, paths=8)
        matters += any((found.series[key] != series).any() for key, series in plain.series.items())
    assert some > 0.5 * 5 * books
    assert matters > 0.8 * books
