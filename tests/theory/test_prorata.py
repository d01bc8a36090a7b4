"""Where more is asked of a payer than it has, all who ask get the same share, in whatever order they stand in a table."""

import numpy as np
import pytest

from spec import simulate
from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.oracle.rule_book import Book

STILL = [dict.fromkeys(("normal_to_open", "normal_to_shut"), 0.0)]


def bank(first: int, second: int) -> dict[str, np.ndarray]:
    """A bank with 1e8; companies 1 and 2 each want to draw 8e7, through loans in this order."""
    return world(
        company=rows("cash", (1e8,), (1e12,), (1e12,)),
        fleet=rows("owner capex lag", (1, 8e7, 6.0), (2, 8e7, 6.0)),
        loan=rows(
            "borrower lender balance undrawn draw_share maturity",
            (first, 0, 0.0, 1e9, 1.0, 99.0),
            (second, 0, 0.0, 1e9, 1.0, 99.0),
        ),
    )


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_two_borrowers_draw_alike(order):
    found = run(bank(*order), months=1)
    np.testing.assert_array_equal(found["loan.balance"][0, 0], [5e7, 5e7])
    np.testing.assert_array_equal(found["company.drawn"][0, 0], [0.0, 5e7, 5e7])
    np.testing.assert_array_equal(found["loan.undrawn"][0, 0], [9.5e8, 9.5e8])


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_two_pledges_are_paid_alike(order):
    """9e7 above the investor's minimum; 6e7 and 1.2e8 are asked: half of each."""
    amount = {1: 6e7, 2: 1.2e8}
    inputs = world(
        company=rows("cash minimum_cash", (1e8, 1e7), (1e9, None), (1e9, None)),
        pledge=rows("investor company amount months", *[(0, who, amount[who], 1.0) for who in order]),
    )
    found = run(inputs, months=1)["company.pledged"][0, 0]
    np.testing.assert_array_equal(found, [-9e7, 3e7, 6e7])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_standby_loans_restore_runway_once(order):
    """Burn of 1e6 a month from 6.5e6: in month 2 runway is 5.5, and both loans restore 6 months, half a million in all.

    The loans offer in the proportion of what is left to draw, as both would give all of it.
    """
    undrawn = [1e9, 4e5]
    inputs = world(
        company=rows("cash fixed_cost", (6.5e6, 1e6)),
        loan=rows(
            "borrower lender balance undrawn draw_runway rate maturity draw_share",
            *[(0, -1, 0.0, undrawn[k], 6.0, 0.0, 99.0, 0.0) for k in order],
        ),
    )
    found = run(inputs, months=2)
    # 5e5 and 4e5 are offered for 5e5.
    np.testing.assert_allclose(found["loan.balance"][0, 1], [[5e5 * 5 / 9, 4e5 * 5 / 9][k] for k in order])
    np.testing.assert_allclose(found["company.borrowed"][0, 1], 5e5)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_fleets_pledged_twice_are_shared(order):
    """A fleet of 1e8, half lost in the failure, pledged whole to two loans of 4e7 and 6e7.

    They ask for 4e7 and for all of the 5e7: each gets five ninths of that.
    """
    balance = [4e7, 6e7]
    inputs = world(
        company=rows("cash fixed_cost default_cost", (0.0, 1e6, 0.5)),
        fleet=rows("owner cost age_span economic_life indexed", (0, 1e8 / (1 - 2 / 600), 1.0, 600.0, 0.0)),
        loan=rows(
            "borrower lender balance rate maturity fleet_collateral",
            *[(0, -1, balance[k], 0.0, 99.0, 1.0) for k in order],
        ),
    )
    found = run(inputs, months=1)
    assert found.cause[0].tolist() == ["cash"]
    np.testing.assert_allclose(found["loan.loss"][0, 0], [[4e7 - 2e8 / 9, 6e7 - 2.5e8 / 9][k] for k in order])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_collateral_of_a_loan_is_its_own(order):
    """One loan owns collateral of 2e7, of which 1e7 is left; the unsecured other recovers nothing of it."""
    collateral = [2e7, 0.0]
    inputs = world(
        company=rows("cash fixed_cost default_cost", (0.0, 1e6, 0.5)),
        loan=rows(
            "borrower lender balance rate maturity collateral",
            *[(0, -1, 4e7, 0.0, 99.0, collateral[k]) for k in order],
        ),
    )
    found = run(inputs, months=1)
    np.testing.assert_allclose(found["loan.loss"][0, 0], [[3e7, 4e7][k] for k in order])


def rivals() -> dict[str, np.ndarray]:
    """A seller that dies in month 1 with demand of 1e6; two rivals gain half of it each."""
    return world(
        company=rows("cash fixed_cost", (0.0, 9e6), (1e9, 0.0), (1e9, 0.0)),
        segment=rows("seller revenue", (0, 1e6), (1, 1e6), (2, 1e6)),
        recapture=rows("from to share", (0, 1, 0.5), (0, 2, 0.5)),
    )


def test_rules_cannot_give_lost_demand_away_twice():
    """Each link set to 1 by a rule: half to each; one set to 1 and the other left at a half: two thirds and a third."""
    inputs = rivals()
    book = Book().rule(1.0, ("set", "recapture.share", 0, 1.0), ("set", "recapture.share", 1, 1.0))
    found = run(inputs, months=3, rules=book.arrays())
    np.testing.assert_allclose(found["segment.revenue"][0, 1:, 1:], 1.5e6)
    one = Book().rule(1.0, ("set", "recapture.share", 0, 1.0)).arrays()
    found = run(inputs, months=3, rules=one)["segment.revenue"]
    np.testing.assert_allclose(found[0, 1:, 1], 1e6 + 2e6 / 3.0)
    np.testing.assert_allclose(found[0, 1:, 2], 1e6 + 1e6 / 3.0)
    oracle = simulate(inputs, months=3, seed=1, path=0, rules=one)["segment.revenue"]
    np.testing.assert_allclose(found[0], oracle)


def test_rules_cannot_bring_chances_of_regimes_beyond_one():
    """Both ways out of normal set to 1: each is taken by half of the paths."""
    book = Book().rule(
        1.0, ("set", "market.normal_to_open", 0, 1.0), ("set", "market.normal_to_shut", 0, 1.0)
    )
    inputs = world(company=rows("cash", (1.0,)), market=STILL)
    regimes = run(inputs, months=2, paths=4096, rules=book.arrays())["market.regime"][:, 1, 0]
    assert (regimes != 1.0).all()
    assert abs((regimes == 0.0).mean() - 0.5) < 5.0 * 0.5 / 64.0


def taken(amount: float, earned: float = 0.0) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """A fund with 1e9, from which a rule takes an amount in month 2."""
    inputs = world(company=rows("cash", (1e9,)), segment=rows("seller revenue", (0, earned)))
    book = Book().rule(("eq", "month", 2.0), ("add", "company.cash", 0, -amount))
    return inputs, book.arrays()


@pytest.mark.parametrize(
    ("amount", "earned", "failed", "cash"),
    [
        (4e8, 0.0, 0, 6e8),
        (1e9, 0.0, 0, 0.0),
        (3e9, 0.0, 2, 0.0),
        (3e9, 1e9, 0, 0.0),
        (3e9, 2e9, 0, 2e9),
        (3e9, 5e8, 2, 0.0),
    ],
)
def test_a_company_from_which_more_is_taken_than_it_has_owes_the_rest(amount, earned, failed, cash):
    """What its revenue does not cover either makes it fail; nobody pays in its place."""
    inputs, rules = taken(amount, earned)
    found = run(inputs, months=2, rules=rules)
    assert found.failed_month[0, 0] == failed
    assert found.cause[0, 0] == ("cash" if failed else "none")
    np.testing.assert_allclose(found["company.cash"][0, 1, 0], cash + (earned if amount == 4e8 else 0.0))
    gained = found["market.capital"][0, 1, 0]
    oracle = simulate(inputs, months=2, seed=1, path=0, rules=rules)
    np.testing.assert_allclose(gained, oracle["market.capital"][1, 0])
    np.testing.assert_allclose(found["company.cash"][0, :, 0], oracle["company.cash"][:, 0])
    assert found.imbalance <= 1e-12
    # capital has what was taken, no more than what was there, less what a failure loses.
    assert gained <= min(amount, 1e9 + 2.0 * earned) * (1.0 + 1e-12)
