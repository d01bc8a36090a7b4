"""What a host may set, and what follows from it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.golden.pinned import economy
from tests.oracle import build
from tests.oracle.generate import hostile_worlds
from tests.simulation.made import NAMES, PLACE, RANGES, STATES, count, get, put, state, stepper

PATHS = 19
SECTORS = ("market.households", "market.suppliers", "market.capital")


def drawn(data, inputs, name):
    """Values of a variable for all paths, of its range or next to what worlds hold."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1), label=f"seed of {name}"))
    shape = (PATHS, count(inputs, name))
    low, high = RANGES[name]
    if name in STATES:
        return rng.integers(0, STATES[name], shape, endpoint=True).astype(float)
    scale = data.draw(st.sampled_from([1e-3, 1.0, 3.0, 1e7, 1e12, 1e17]), label=f"scale of {name}")
    return np.clip(scale * rng.normal(1.0, 0.5, shape), low, high)


def total(paths, inputs):
    """Money there is on each path, and the size of what was added up."""
    parts = np.hstack([get(paths, inputs, name) for name in ("company.cash", *SECTORS)])
    return parts.sum(axis=1), np.abs(parts).sum(axis=1)


@settings(max_examples=tries(20), deadline=None, derandomize=True)
@given(inputs=hostile_worlds(), seed=st.integers(0, 2**64 - 1), data=st.data())
def test_the_ledger_holds_whatever_is_set(inputs, seed, data):
    paths = stepper(inputs, paths=PATHS, seed=seed)
    for _ in range(6):
        before, largest = total(paths, inputs)
        for name in data.draw(st.lists(st.sampled_from(sorted(RANGES)), max_size=4), label="set"):
            put(paths, inputs, name, drawn(data, inputs, name))
            after, sizes = total(paths, inputs)
            largest = np.maximum(largest, sizes)
            np.testing.assert_array_less(np.abs(after - before), 1e-12 * (1.0 + largest))
        paths.step(1)
        now = state(paths, inputs)
        assert all(np.isfinite(values).all() for values in now.values())
        assert (now["company.cash"] >= 0.0).all()
        assert (now["company.cash"][now["company.alive"] == 0.0] == 0.0).all()
    assert paths.imbalance() < 1e-9


@pytest.mark.parametrize("name", sorted(RANGES))
def test_what_is_set_is_what_is_read(name):
    inputs = economy()
    paths = stepper(inputs, paths=PATHS)
    paths.step(2)
    before = state(paths, inputs)
    owner = {"loan": inputs["loan.borrower"], "company": np.arange(count(inputs, "company.cash"))}
    lives = (
        before["company.alive"][:, owner[name.partition(".")[0]]] if name.partition(".")[0] in owner else True
    )
    values = before[name] + 1.0 if name not in STATES else 1.0 - np.minimum(before[name], 1.0)
    values = np.minimum(values, RANGES[name][1])
    put(paths, inputs, name, values)
    after = state(paths, inputs)
    np.testing.assert_array_equal(after[name], np.where(lives, values, before[name]))
    follows = {
        "company.cash": {"company.runway", "market.capital"},
        "company.smooth_flow": {"company.burn", "company.runway"},
        "loan.balance": {"company.debt"},
        "market.regime": {"market.spread"},
        "market.gpu_log": {"market.gpu_index"},
    }
    changed = {other for other in NAMES if not np.array_equal(before[other], after[other])}
    assert changed <= {name} | follows.get(name, set())
    paths.step(1)
    moved = stepper(inputs, paths=PATHS)
    moved.step(3)
    assert any(
        not np.array_equal(values, get(moved, inputs, other))
        for other, values in state(paths, inputs).items()
    )


def test_cash_comes_from_capital_and_makes_runway():
    inputs = economy()
    paths = stepper(inputs, paths=PATHS)
    paths.step(3)
    before = state(paths, inputs)
    gift = np.where(before["company.alive"] > 0.0, 1e8, 0.0)
    put(paths, inputs, "company.cash", before["company.cash"] + gift)
    after = state(paths, inputs)
    capital = before["market.capital"][:, 0] - gift.sum(axis=1)
    np.testing.assert_allclose(after["market.capital"][:, 0], capital, rtol=1e-14)
    burning = after["company.burn"] > 0.0
    assert burning.any()
    runway = np.minimum(after["company.cash"][burning] / after["company.burn"][burning], 120.0)
    np.testing.assert_array_equal(after["company.runway"][burning], runway)
    paths.step(1)
    flow = get(paths, inputs, "company.net_cash_flow")
    untouched = stepper(inputs, paths=PATHS)
    untouched.step(4)
    steady = (get(untouched, inputs, "company.alive") > 0.0) & (before["company.runway"] == 120.0)
    assert steady.any()
    plain = get(untouched, inputs, "company.net_cash_flow")
    assert np.abs(flow - plain)[steady].max() < 0.5e8  # the gift itself is no cash flow of the month


def test_debt_follows_balances():
    inputs = economy()
    paths = stepper(inputs, paths=PATHS)
    put(paths, inputs, "loan.balance", 2.0 * get(paths, inputs, "loan.balance"))
    debt = np.zeros((PATHS, count(inputs, "company.cash")))
    np.add.at(debt.T, inputs["loan.borrower"], get(paths, inputs, "loan.balance").T)
    np.testing.assert_allclose(get(paths, inputs, "company.debt"), debt, rtol=1e-15)


def test_a_list_price_reaches_customers_next_month():
    inputs = economy()
    paths, plain = (stepper(inputs, paths=PATHS) for _ in range(2))
    put(paths, inputs, "company.list_price", np.full((PATHS, count(inputs, "company.cash")), 2.0))
    for each in (paths, plain):
        each.step(1)
    ratio = get(paths, inputs, "company.list_price") / get(plain, inputs, "company.list_price")
    np.testing.assert_allclose(ratio, 2.0, rtol=1e-12)
    alone = [i for i in range(ratio.shape[1]) if i not in inputs["contract.customer"]]
    price = get(paths, inputs, "company.price") / get(plain, inputs, "company.price")
    np.testing.assert_allclose(price[:, alone], 2.0, rtol=1e-12)


def test_what_is_passed_on_is_posted_next_month_and_then_sought_anew():
    inputs = {**economy()}
    companies = count(inputs, "company.cash")
    inputs["company.price_lag"] = np.full((1, companies), 4.0)
    paths = stepper(inputs, paths=PATHS)
    put(paths, inputs, "company.passed", np.full((PATHS, companies), 3.0))
    paths.step(1)
    passed = get(paths, inputs, "company.passed")
    alone = [i for i in range(companies) if i not in inputs["contract.customer"]]
    assert alone
    np.testing.assert_allclose(passed[:, alone], 3.0 + (1.0 - 3.0) / 4.0, rtol=1e-15)
    assert get(paths, inputs, "company.input_cost").max() > 1.5


def test_a_shut_market_stays_shut_where_it_cannot_open():
    inputs = {**economy()}
    for name in ("shut_to_open", "shut_to_normal"):
        inputs[f"market.{name}"] = np.zeros((1, 1))
    paths = stepper(inputs, paths=PATHS)
    put(paths, inputs, "market.regime", np.full((PATHS, 1), 2.0))
    assert (get(paths, inputs, "market.spread") == inputs["market.spread_shut"][0, 0]).all()
    paths.step(6)
    assert (get(paths, inputs, "market.regime") == 2.0).all()


def test_only_some_paths_and_companies():
    inputs = economy()
    paths = stepper(inputs, paths=PATHS)
    before = get(paths, inputs, "company.cash")
    mask = np.zeros((PATHS, 2), dtype=bool)
    mask[3, 1] = mask[17, 0] = True
    values = np.full((PATHS, 2), np.nan)
    values[mask] = 5.0
    paths.set(PLACE["company.cash"], [2, 0], values, mask)
    expected = before.copy()
    expected[3, 0] = expected[17, 2] = 5.0
    np.testing.assert_array_equal(get(paths, inputs, "company.cash"), expected)


@settings(max_examples=tries(10), deadline=None, derandomize=True)
@given(inputs=hostile_worlds(), seed=st.integers(0, 2**64 - 1), data=st.data())
def test_any_threads_and_instructions_after_a_set(inputs, seed, data):
    name = data.draw(st.sampled_from(sorted(RANGES)), label="name")
    values = drawn(data, inputs, name)
    ends = []
    for threads, dispatch in ((1, True), (4, True), (2, False)):
        paths = stepper(inputs, paths=PATHS, seed=seed, threads=threads, dispatch=dispatch)
        paths.step(2)
        put(paths, inputs, name, values)
        paths.step(4)
        ends.append(state(paths, inputs))
    for other in ends[1:]:
        for key, rows in ends[0].items():
            np.testing.assert_array_equal(rows, other[key], err_msg=key)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("company.cash", -1.0, "from 0 to"),
        ("company.cash", np.nan, "NaN"),
        ("company.cash", np.inf, "inf"),
        ("market.regime", 1.5, "whole number"),
        ("market.regime", 3.0, "from 0 to 2"),
        ("company.runway", 1.0, "cannot be set"),
    ],
)
def test_the_core_refuses_before_it_sets_anything(name, value, said):
    inputs = economy()
    paths = stepper(inputs, paths=PATHS)
    before = state(paths, inputs)
    values = get(paths, inputs, name) + (0.0 if name.startswith("market") else 1.0)
    values[7, 0] = value
    with pytest.raises(ValueError, match=said):
        put(paths, inputs, name, values)
    after = state(paths, inputs)
    for key, rows in before.items():
        np.testing.assert_array_equal(rows, after[key], err_msg=key)


def test_the_core_refuses_other_shapes_and_snapshots():
    inputs = economy()
    paths = stepper(inputs, paths=PATHS, months=3)
    with pytest.raises(ValueError, match="values here"):
        paths.set(PLACE["company.cash"], [0], np.ones((PATHS, 2)))
    with pytest.raises(ValueError, match="values here"):
        paths.set(PLACE["company.cash"], [10_000], np.ones((PATHS, 1)))
    with pytest.raises(ValueError, match="no such entity"):
        paths.get(PLACE["company.cash"], [10_000])
    month, numbers = paths.save()
    with pytest.raises(ValueError, match="other paths"):
        paths.restore(month, numbers[:-1])
    with pytest.raises(ValueError, match="month 4"):
        paths.restore(4, numbers)


def test_a_host_that_takes_more_cash_than_there_is_leaves_the_company_owing_the_rest():
    """A thousand million is there; three are taken, and two earned in the next month pay the rest, or one does not."""
    take = 1
    for earned, failed in ((2e9, 0), (1e9, 1)):
        inputs = build.world(
            company=build.rows("cash", (1e9,)), segment=build.rows("seller revenue", (0, earned))
        )
        paths = stepper(inputs, paths=1)
        paths.set(PLACE["company.cash"], [0], np.array([[-3e9]]), None, take)
        assert get(paths, inputs, "company.cash")[0, 0] == 0.0
        assert get(paths, inputs, "market.capital")[0, 0] == 1e9
        month, numbers = paths.save()
        paths.restore(month, numbers)
        paths.step(1)
        assert paths.outcomes()["failed_month"][0, 0] == failed
        assert get(paths, inputs, "company.cash")[0, 0] == 0.0
        if not failed:
            assert get(paths, inputs, "market.capital")[0, 0] == 3e9
        paths.step(1)
        assert get(paths, inputs, "company.cash")[0, 0] == (0.0 if failed else earned)
