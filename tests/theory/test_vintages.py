"""Vintages alone: construction takes its lag, the books run by one life, capacity and value by another, and what retires is bought again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.oracle.generate import hostile_worlds

CAPEX, MONTHS = 3e6, 30
T = np.arange(1, MONTHS + 1)


def builder(**fleet):
    """A company that spends the same every month and owns nothing yet."""
    values = {"capex": CAPEX, "committed": 1.0, "indexed": 0.0, "lag": 4.0} | fleet
    return world(
        company=rows("cash", (1e12,)),
        segment=rows("seller revenue", (0, 10e6)),
        fleet=[{"owner": 0, **values}],
    )


def left(life, months, first=0, gone=MONTHS):
    """What is left, of a dollar a month since so many months ago, by a straight line over a life from age `first` on, of what works."""
    ages = np.arange(MONTHS) + first
    return np.array([np.maximum(0.0, 1.0 - ages[: max(min(n, gone), 0)] / life).sum() for n in months])


@pytest.mark.parametrize(("lag", "economic", "book"), [(1, 12, 12), (4, 10, 20), (6, 20, 8)])
def test_capacity_and_value_by_economic_life_books_by_book_life(lag, economic, book):
    """Capex of month t is capacity in months t + lag to t + lag + economic life - 1."""
    found = run(builder(lag=lag, economic_life=economic, book_life=book), months=MONTHS)
    built = np.maximum(0, T - lag)
    np.testing.assert_allclose(
        found["fleet.capacity"][0, :, 0], CAPEX * np.minimum(built, economic), rtol=1e-12
    )
    np.testing.assert_allclose(found["fleet.value"][0, :, 0], CAPEX * left(economic, built), atol=1e-6)
    np.testing.assert_allclose(
        found["fleet.book_value"][0, :, 0], CAPEX * left(book, built, 1, economic), atol=1e-6
    )
    written = CAPEX / book * np.minimum(built, min(book, economic))
    np.testing.assert_allclose(found["fleet.depreciation"][0, :, 0], written, rtol=1e-12)
    early = CAPEX * max(0.0, 1.0 - economic / book) * (built > economic)
    np.testing.assert_allclose(found["fleet.written_off"][0, :, 0], early, rtol=1e-12)
    charged = found["company.depreciation"][0, :, 0]
    np.testing.assert_allclose(charged, written + early, rtol=1e-12)


def test_a_longer_book_life_shows_more_profit_until_the_machines_retire_and_the_same_cash():
    """Books over 24 months where chips last 12: half the depreciation, value on paper that is not there, and the rest at the end."""
    short, long = (run(builder(economic_life=12.0, book_life=book), months=MONTHS) for book in (12.0, 24.0))
    assert (short["company.cash"] == long["company.cash"]).all()
    gain = long["company.profit"][0, :, 0] - short["company.profit"][0, :, 0]
    built = np.maximum(0, T - 4)
    expected = CAPEX * (np.minimum(built, 12) / 24.0 - 0.5 * (built > 12))
    np.testing.assert_allclose(gain, expected, atol=1e-6)
    assert gain[15] == pytest.approx(CAPEX / 2.0)
    np.testing.assert_allclose(gain[16:], 0.0, atol=1e-6)  # a steady fleet costs its owner what it buys
    paper = long["fleet.book_value"][0, :, 0] - long["fleet.value"][0, :, 0]
    np.testing.assert_allclose(paper, CAPEX * (left(24, built, 1, 12) - left(12, built)), atol=1e-6)


@pytest.mark.parametrize("refresh", [0.0, 0.6, 1.0])
def test_what_retires_is_bought_again_and_comes_back_after_the_lag(refresh):
    """One vintage, a month old at the start, that lives 10 months: echoes every life and lag, each by the share."""
    cost, life, lag = 50e6, 10, 3
    inputs = builder(
        capex=0.0, cost=cost, age_span=1.0, economic_life=float(life), lag=float(lag), refresh=refresh
    )
    wanted, capacity = np.zeros(MONTHS + 1), np.zeros(MONTHS + 1)
    amount, first, last = cost, 0, life - 1
    while first <= MONTHS:
        capacity[first:last] += amount
        amount *= refresh
        if last <= MONTHS:
            wanted[last] = amount
        first, last = last + lag, last + lag + life
    found = run(inputs, months=MONTHS)
    np.testing.assert_allclose(found["fleet.wanted"][0, :, 0], wanted[1:], rtol=1e-12)
    np.testing.assert_allclose(found["fleet.capacity"][0, :, 0], capacity[1:], rtol=1e-12, atol=1e-6)


def test_capex_is_the_revenue_of_its_vendor_in_the_same_month():
    """Three fifths of a plan that shrinks by half in a year; without an order the vendor sells nothing."""
    inputs = world(
        company=rows("cash", (1e12,), (0.0,)),
        fleet=rows("owner capex capex_growth capex_growth_long lag", (0, 5e6, -0.7, -0.7, 6.0)),
        order=rows("fleet vendor share", (0, 1, 0.6)),
    )
    found = run(inputs, months=24)
    plan = 5e6 * np.exp(-0.7 * np.arange(1, 25) / 12.0)
    np.testing.assert_allclose(found["company.equipment_revenue"][0, :, 1], 0.6 * plan, rtol=1e-12)
    np.testing.assert_allclose(found["company.revenue"][0, :, 1], 0.6 * plan, rtol=1e-12)
    inputs["order.share"][:] = 0.0
    assert (run(inputs, months=24)["company.equipment_revenue"] == 0).all()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(inputs=hostile_worlds(), seed=st.integers(0, 2**64 - 1))
def test_books_fall_by_what_is_charged_less_what_arrives(inputs, seed):
    """In every month of every path, from the first on: what arrives was paid `lag` months before; the dead have no books."""
    inputs |= {
        "market.spot_market": np.zeros_like(inputs["market.spot_market"])
    }  # else what the dead leave is on the books
    found = run(inputs, months=MONTHS, paths=4, seed=seed)
    for f, owner in enumerate(inputs["fleet.owner"]):
        lag, life, age_span, economic = (
            int(np.floor(inputs[f"fleet.{name}"][0, f] + 0.5))
            for name in ("lag", "book_life", "age_span", "economic_life")
        )
        cost, span = inputs["fleet.cost"][0, f], max(1, min(age_span, economic - 1))
        ages = np.arange(1, span + 1)
        first = cost / span * np.maximum(0.0, 1.0 - (ages + 1) / life).sum()
        books, charged, written, capex, alive = (
            found[name][:, :, place]
            for name, place in (
                ("fleet.book_value", f),
                ("fleet.depreciation", f),
                ("fleet.written_off", f),
                ("fleet.capex", f),
                ("company.alive", owner),
            )
        )
        arrived = np.zeros_like(capex)
        arrived[:, lag:] = capex[:, : max(0, MONTHS - lag)]
        before = np.concatenate([np.full((len(books), 1), first), books[:, :-1]], axis=1)
        size = cost + capex.max()
        np.testing.assert_allclose(
            books, alive * (before + arrived - charged - written), rtol=0, atol=1e-10 * size
        )


def test_a_steady_fleet_is_worth_less_than_half_its_cost_on_paper():
    """Over 60 months: (59 + 58 + ... + 0) / 60 of a month's capex, over 60 of them, as its own depreciation leaves it."""
    found = run(builder(economic_life=60.0, book_life=60.0, lag=1.0), months=90)
    ratio = found["fleet.book_value"][0, :, 0] / np.maximum(1.0, found["fleet.capacity"][0, :, 0])
    np.testing.assert_allclose(ratio[60:], 59.0 / 120.0, rtol=1e-12)
