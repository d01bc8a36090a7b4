"""Events of a path add up to what happened on it."""

import numpy as np
import pytest
from cashcade import _core
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.oracle.generate import arrays, hostile_worlds, sizes_of
from tests.oracle.programs import door_arrays
from tests.oracle.rule_book import random_book
from tests.oracle.test_exits import doors_of
from tests.properties.test_rules import worlds_and_books

MONTHS, PATHS = 18, 5
SECTORS = {-2: "capital", -3: "suppliers", -4: "households"}
REASONS = [name for name, _ in _core.reasons()]
NOTES = {
    "covenant: cash",
    "covenant: loan to value",
    "covenant: cover",
    "call",
    "cross default",
    "failure",
    "write-off",
    "refused: round",
    "refused: share issue",
    "matured",
    "unpaid: cost",
    "unpaid: debt service",
    "unpaid: contract bill",
    "unpaid: equipment",
    "unpaid: other",
}
"""What moves no cash."""

LAW = settings(max_examples=60, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


def events(inputs, *, months=MONTHS, path=0, seed=1, rules=None) -> dict[str, np.ndarray]:
    """Events of one path, reasons by name."""
    found = _core.events(inputs, months=months, path=path, seed=seed, replicates=1, first_draw=0, rules=rules)
    return {**found, "why": np.array(REASONS)[found["why"]]}


def gains(found: dict[str, np.ndarray], places: list[int], months: int = MONTHS) -> np.ndarray:
    """What each of these parties is paid less what it pays, `[months, parties]`."""
    net = np.zeros((months, len(places)))
    for place, party in enumerate(places):
        for end, sign in (("payee", 1.0), ("payer", -1.0)):
            of = found[end] == party
            np.add.at(net[:, place], found["month"][of] - 1, sign * found["amount"][of])
    return net


def assert_complete(inputs, *, seed, rules=None):
    """Every cent that companies and sectors gain in a month of a path stands in its events."""
    series = ["company.cash", *(f"market.{name}" for name in SECTORS.values())]
    batch = run(inputs, months=MONTHS, paths=PATHS, seed=seed, only=series, rules=rules)
    companies = range(inputs["company.cash"].shape[1])
    for path in range(PATHS):
        found = events(inputs, path=path, seed=seed, rules=rules)
        cash = np.vstack([inputs["company.cash"][0], batch["company.cash"][path]])
        sectors = np.hstack([batch[f"market.{name}"][path] for name in SECTORS.values()])
        held = np.hstack([cash, np.vstack([np.zeros(3), sectors])])
        net = gains(found, [*companies, *SECTORS])
        # Balances of 1e12 are known to a tenth of a cent.
        np.testing.assert_allclose(
            net, np.diff(held, axis=0), rtol=0, atol=0.005 + 1e-13 * np.abs(held).max()
        )


@LAW
@given(inputs=hostile_worlds(), seed=seeds)
def test_events_add_up_to_what_everybody_gains(inputs, seed):
    assert_complete(inputs, seed=seed)


@LAW
@given(inputs=hostile_worlds(), seed=seeds)
def test_events_add_up_where_companies_leave(inputs, seed):
    doors = doors_of(np.random.default_rng(seed), inputs)
    assert_complete(inputs, seed=seed, rules=door_arrays(doors))


@LAW
@given(case=worlds_and_books(), seed=seeds)
def test_events_add_up_where_rules_move_levers(case, seed):
    inputs, book = case
    assume(run(inputs, months=MONTHS, paths=PATHS, seed=seed, only=[], rules=book.arrays()).conflict is None)
    assert_complete(inputs, seed=seed, rules=book.arrays())


@LAW
@given(inputs=hostile_worlds(), seed=seeds)
def test_failures_are_those_of_the_batch(inputs, seed):
    batch = run(inputs, months=MONTHS, paths=PATHS, seed=seed, only=[])
    for path in range(PATHS):
        found = events(inputs, path=path, seed=seed)
        fell = found["why"] == "failure"
        told = zip(
            found["payer"][fell],
            found["month"][fell],
            found["payee"][fell],
            found["value"][fell],
            strict=True,
        )
        failed = np.flatnonzero(batch.failed_month[path])
        wanted = (
            (i, batch.failed_month[path, i], batch.trigger[path, i], batch.debt_at_failure[path, i])
            for i in failed
        )
        assert sorted(told) == sorted(wanted)
        assert (found["amount"][np.isin(found["why"], list(NOTES))] == 0).all()
        assert (found["amount"][~np.isin(found["why"], list(NOTES))] != 0).all()


def told(found: dict[str, np.ndarray]) -> list[tuple]:
    """Month, payer, payee, amount and reason of each event."""
    return [
        tuple(row)
        for row in zip(
            *(found[name].tolist() for name in ("month", "payer", "payee", "amount", "why")), strict=True
        )
    ]


def test_two_months_of_three_companies_by_hand():
    """An app pays a lab, the lab its lender; in month 2 the balance matures, and the lab cannot pay.

    It has 39 and 60 for 70 of cost and 241 due (240 of it the balance): 29, of which the default costs a tenth of 99. Its lender gets 19.1, shared between
    interest and principal, and 90 of collateral that is worth 100: 240 + 1 - 19.1 - 90 = 131.9 are lost.
    """
    inputs = world(
        company=rows("cash fixed_cost default_cost", (50.0, 70.0, 0.1), (1000.0, 0.0, 0.0), (10.0, 5.0, 0.0)),
        segment=rows("seller revenue", (2, 100.0)),
        contract=rows("customer supplier usage", (2, 0, 60.0)),
        loan=rows(
            "borrower lender balance rate maturity refinance_chance min_cash cure_months collateral",
            (0, 1, 240.0, 0.05, 2.0, 0.0, 45.0, 5.0, 100.0),
        ),
        stake=rows("holder issuer fraction carrying_value", (2, 0, 0.1, 7.0)),
    )
    found = events(inputs, months=2)
    quiet = [(0, -3, 70.0, "cost"), (0, 1, 1.0, "interest"), (-4, 2, 100.0, "segment sale")]
    quiet += [(2, -3, 5.0, "cost"), (2, 0, 60.0, "contract bill")]
    due = [(0, -3, 70.0, "cost"), (0, 1, 19.1 / 241, "interest"), (0, 1, 19.1 * 240 / 241, "principal")]
    assert told(found) == [
        *(flow(1, *event) for event in quiet),
        flow(2, 0, 1, 0.0, "covenant: cash"),
        flow(2, 0, 1, 0.0, "matured"),
        *(flow(2, *event) for event in [*due, *quiet[2:]]),
        flow(2, 0, 1, 0.0, "unpaid: debt service"),
        flow(2, 0, -3, 9.9, "default cost"),
        flow(2, 0, -1, 0.0, "failure"),
        flow(2, -2, 0, 90.0, "asset sale"),
        flow(2, 0, 1, 90.0, "estate recovery"),
        flow(2, 1, 0, 0.0, "write-off"),
        flow(2, 2, 0, 0.0, "write-off"),
    ]
    noted = np.flatnonzero(~np.isnan(found["value"]))
    assert found["value"][noted] == pytest.approx([39.0, 240.0, 221.9, 240.0 - 19.1 * 240 / 241, 131.9, 7.0])
    assert found["threshold"][noted] == pytest.approx([45.0, np.nan, 241.0, np.nan, 221.9, 7.0], nan_ok=True)


def flow(month: int, payer: int, payee: int, amount: float, why: str) -> tuple:
    return month, payer, payee, pytest.approx(amount), why


def test_generated_worlds_have_events_of_every_reason():
    """What adds up above is about something."""
    seen = set()
    for number in range(300):
        rng = np.random.default_rng(number)
        inputs = arrays(rng, sizes_of(rng))
        seen |= set(events(inputs, seed=number)["why"])
        seen |= set(events(inputs, seed=number, rules=door_arrays(doors_of(rng, inputs)))["why"])
        seen |= set(events(inputs, seed=number, rules=random_book(rng, inputs, 6).arrays())["why"])
    assert seen == set(REASONS)
