"""Rules: the same bits however the run is cut and however rules are ordered; neutral ones change nothing; conflicts are found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.golden.pinned import economy
from tests.oracle.compiled import Paths, run
from tests.oracle.generate import hostile_worlds
from tests.oracle.rule_book import HOW, Book, random_book

MONTHS = 12
PATHS = 40
FIRED = ("rule_first", "rule_months", "action_first")
SECTORS = ("households", "suppliers", "capital")
seeds = st.integers(0, 2**64 - 1)


def assert_same(one: Paths, other: Paths, paths: slice = slice(None)) -> None:
    """`other` has the bits of those `paths` of `one`."""
    for key, series in other.series.items():
        np.testing.assert_array_equal(series, one.series[key][paths], err_msg=".".join(key))
    for name in ("failed_month", "cause", "trigger", "debt_at_failure"):
        np.testing.assert_array_equal(getattr(other, name), getattr(one, name)[paths], err_msg=name)


@st.composite
def worlds_and_books(draw) -> tuple[dict[str, np.ndarray], Book]:
    """A hostile world and some rules on it."""
    inputs = draw(hostile_worlds(), label="world")
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1), label="rules"))
    return inputs, random_book(rng, inputs, draw(st.integers(1, 6), label="how many rules"))


@settings(max_examples=tries(10), deadline=None, derandomize=True)
@given(
    case=worlds_and_books(),
    seed=seeds,
    first=st.integers(0, PATHS - 1),
    count=st.integers(1, PATHS),
    threads=st.integers(1, 5),
)
def test_any_subset_of_the_paths_on_any_threads(case, seed, first, count, threads):
    inputs, book = case
    rules, count = book.arrays(), min(count, PATHS - first)
    whole = run(inputs, months=MONTHS, paths=PATHS, seed=seed, rules=rules, dispatch=False)
    part = run(inputs, months=MONTHS, paths=count, first_path=first, seed=seed, threads=threads, rules=rules)
    assert_same(whole, part, slice(first, first + count))
    for name in FIRED:
        np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[first : first + count])


@settings(max_examples=tries(10), deadline=None, derandomize=True)
@given(case=worlds_and_books(), seed=seeds, order=st.randoms())
def test_the_order_of_rules_does_not_matter(case, seed, order):
    inputs, book = case
    places = list(range(len(book.rules)))
    order.shuffle(places)
    one = run(inputs, months=MONTHS, paths=8, seed=seed, rules=book.arrays())
    other = run(inputs, months=MONTHS, paths=8, seed=seed, rules=book.ordered(places).arrays())
    assert_same(one, other)
    np.testing.assert_array_equal(other.rule_first, one.rule_first[:, places])
    np.testing.assert_array_equal(other.rule_months, one.rule_months[:, places])


def test_ten_amounts_on_one_lever_in_any_order():
    def book(order) -> Book:
        made = Book()
        for number in order:
            made.rule(("chance", 40 + number, 0.8), ("scale", "segment.revenue", 0, 0.9 + 0.017 * number))
            made.rule(("chance", 60 + number, 0.8), ("add", "segment.revenue", 0, 1.1e5 * (number - 3.3)))
        return made

    one, other = (
        run(economy(), months=MONTHS, paths=PATHS, rules=book(order).arrays())
        for order in (range(10), (7, 2, 9, 0, 4, 1, 8, 3, 6, 5))
    )
    assert_same(one, other)


@settings(max_examples=tries(8), deadline=None, derandomize=True)
@given(case=worlds_and_books(), seed=seeds)
def test_neutral_actions_change_no_bit(case, seed):
    inputs, book = case
    # A conversion has no neutral value; what is no lever stays what it is, of nothing.
    kept = {HOW["pay"], HOW["transfer"]}
    book.actions = [
        (rule, how if how in kept else number % 2, *rest)
        for number, (rule, how, *rest) in enumerate(book.actions)
        if how != HOW["convert"]
    ]
    neutral = {how: book.node(0.0) for how in (HOW["add"], *kept)} | {HOW["scale"]: book.node(1.0)}
    book.actions = [(*action[:5], neutral[action[1]]) for action in book.actions]
    one = run(inputs, months=MONTHS, paths=4, seed=seed)
    assert_same(one, run(inputs, months=MONTHS, paths=4, seed=seed, rules=book.arrays()))


@settings(max_examples=tries(8), deadline=None, derandomize=True)
@given(case=worlds_and_books(), seed=seeds)
def test_rules_that_are_never_active_change_no_more_than_roundings(case, seed):
    inputs, book = case
    book.rules = [(book.node(("lt", "month", 0.5)), *rest) for _condition, *rest in book.rules]
    one = run(inputs, months=3, paths=4, seed=seed)
    other = run(inputs, months=3, paths=4, seed=seed, rules=book.arrays())
    assert not other.rule_months.any()
    np.testing.assert_allclose(other["company.cash"], one["company.cash"], rtol=1e-9, atol=1e-3)


@settings(max_examples=tries(8), deadline=None, derandomize=True)
@given(case=worlds_and_books(), seed=seeds)
def test_rules_create_no_cash(case, seed):
    inputs, book = case
    found = run(inputs, months=MONTHS, paths=4, seed=seed, rules=book.arrays())
    money = found["company.cash"].sum(axis=2) + sum(found[f"market.{name}"][:, :, 0] for name in SECTORS)
    largest = max(np.abs(found[f"market.{name}"]).max() for name in SECTORS) + found["company.cash"].max()
    np.testing.assert_allclose(money, inputs["company.cash"].sum(), rtol=0, atol=1e-11 * (1.0 + largest))
    assert found.imbalance <= 1e-9


def clashing() -> Book:
    """Three rules that set one lever, on some paths and months."""
    book = Book()
    for number, amount in enumerate((1e6, 2e6, 2e6)):
        book.rule(("chance", number, 0.05), ("set", "company.fixed_cost", 0, amount))
    return book


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_two_sets_that_differ_are_a_conflict(threads):
    found = run(
        economy(), months=MONTHS, paths=200, first_path=160, threads=threads, rules=clashing().arrays()
    )
    alone = [
        run(economy(), months=MONTHS, first_path=path, rules=clashing().arrays()).conflict
        for path in range(160, found.conflict[0] + 1)
    ]
    assert alone[-1] == found.conflict
    assert not any(alone[:-1])
    assert found.conflict[2:] in ((0, 1), (0, 2))


def test_two_sets_that_agree_are_none():
    book = Book()
    for _ in range(2):
        book.rule(("gt", "month", 2), ("set", "company.fixed_cost", 0, 3e6))
    assert run(economy(), months=MONTHS, paths=20, rules=book.arrays()).conflict is None


def test_ranges_of_rules_are_drawn_with_those_of_the_world():
    book = Book().rule(("gt", "month", 2), ("scale", "company.fixed_cost", 0, 1.5))
    drawn = book.arrays()
    drawn["constants"] = np.array([[2.0, 1.1], [2.0, 1.2], [2.0, 1.3]])
    whole = run(economy(), months=MONTHS, paths=12, replicates=4, rules=drawn)
    for draw in range(3):
        rules = drawn | {"constants": drawn["constants"][[draw]]}
        part = run(economy(), months=MONTHS, paths=4, first_path=4 * draw, replicates=4, rules=rules)
        assert_same(whole, part, slice(4 * draw, 4 * draw + 4))
        assert set(part.action_first.flat) == {(1.1, 1.2, 1.3)[draw]}


WRONG = {
    "node": ([[99, 0, 0, 0]] * 3, r'"node"\[0\] says operation 99'),
    "group": ([0, 9], 'must rise, each time, from 0 to the 0 numbers of "member"'),
    "member": ([-1], 'must rise, each time, from 0 to the 1 numbers of "member"'),
    "rule": ([[0, 2, 1, 0, 0]], "hold 2; it must be from 0 to 1"),
    "action": ([[0, 0, 0, 0, 0, 0]], "company.cash, which is no lever"),
}


@pytest.mark.parametrize("array", WRONG)
def test_wrong_arrays_are_named(array):
    rules = Book().rule(("not", 0.5), ("scale", "company.fixed_cost", 0, 1.5)).arrays()
    value, message = WRONG[array]
    rules[array] = np.array(value, dtype=np.int32)
    with pytest.raises(ValueError, match=message):
        run(economy(), months=2, rules=rules)


NODES = {
    r'"node"\[0\] \(add\) takes node 0; it must come before': [("add", 0, 0)],
    r'"node"\[1\] \(neg\) takes node -1; it must come before': [("month",), ("neg", -1)],
    r'"node"\[0\] \(lag\) takes node 0; it must come before': [("lag", 0, 2)],
    "months 1201; it must be from 1 to 1200": [("month",), ("lag", 0, 1201)],
    "variable 999; there are": [("variable", 999, 0)],
    "entity 7; there are 5": [("variable", 0, 7)],
    "group 4; there are 3": [("variables", 0, 4)],
    r'"node"\[0\] takes group 2 with member 6; there are 5': [("variables", 0, 2)],
    r'"node"\[2\] \(add\) takes nodes of groups of different sizes': [
        ("variables", 0, 0),
        ("variables", 0, 1),
        ("add", 0, 1),
    ],
    r'"rule"\[0\] says node 0, which has 2 values; it must have one': [("variables", 0, 0)],
    "address 1; there are 1": [("month",), ("chance", 0, 1)],
    "constant 1; there are 0": [("constant", 1)],
}


@pytest.mark.parametrize("message", NODES)
def test_wrong_nodes_are_named(message):
    book = Book()
    for name, *operands in NODES[message]:
        book.add(name, *operands)
    book.groups, book.addresses = [[0, 1], [0, 1, 2], [4, 6]], [0]
    book.rules = [(len(book.nodes) - 1, 0, 1, 0, 0)]
    with pytest.raises(ValueError, match=message):
        run(economy(), months=2, rules=book.arrays())


def test_an_array_of_another_type_is_named():
    rules = Book().rule(1.0).arrays()
    with pytest.raises(ValueError, match=r'"node" must be int32 \[nodes, 4\]'):
        run(economy(), months=2, rules=rules | {"node": rules["node"].astype(np.int64)})
