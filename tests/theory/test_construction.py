"""Construction alone: what is ordered for contracts, when, how much of it a month, and what is left to retire."""

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

COST = 120e6
YEARLY = 0.8  # capacity of 8 million a month
LAG = 4


def landlord(used=6e6, commitments=(), life=600.0, **fleet):
    """An owner of machines with one tenant, who has money enough."""
    values = {
        "cost": COST,
        "capacity_revenue": YEARLY,
        "age_span": 1.0,
        "economic_life": life,
        "lag": LAG,
        "construction": 1.0,
    }
    return world(
        company=rows("cash", (1e12,), (1e12,)),
        contract=rows("customer supplier usage follows", (1, 0, used, 2.0)),
        commitment=rows("contract amount first_month last_month", *commitments),
        fleet=[{"owner": 0, **values, **fleet}],
    )


def test_a_contract_that_starts_is_built_for_in_time():
    """12 million from month 10 on, of which 8 stand: what lacks is ordered `lag` months before, all at once."""
    found = run(landlord(commitments=[(0, 12e6, 10.0, 40.0)]), months=20)
    expected = np.zeros(20)
    expected[10 - LAG - 1] = 4e6 * 12.0 / YEARLY
    np.testing.assert_allclose(found["fleet.capex"][0, :, 0], expected)
    np.testing.assert_allclose(found["fleet.shortfall"][0, :, 0], expected)
    np.testing.assert_allclose(
        found["fleet.capacity"][0, :, 0],
        COST + np.cumsum(expected).repeat(1)[np.maximum(np.arange(20) - LAG, 0)],
    )


def test_a_share_of_what_lacks_is_ordered_each_month():
    found = run(landlord(commitments=[(0, 12e6, 10.0, 40.0)], construction=0.25), months=12)
    start = 10 - LAG - 1
    lacks = 4e6 * 12.0 / YEARLY * 0.75 ** np.arange(12 - start)
    np.testing.assert_allclose(found["fleet.shortfall"][0, start:, 0], lacks)
    np.testing.assert_allclose(found["fleet.capex"][0, start:, 0], 0.25 * lacks)


def test_what_is_used_is_replaced_when_it_retires_and_nothing_else():
    """All of it is 1 month old at the start and retires in month 11: of 8 million a month 6 are used."""
    found = run(landlord(life=12.0), months=24)
    expected = np.zeros(24)
    # Bought in month 7, in use from 11 on, and gone after 12 months of use: again in month 19.
    expected[[6, 18]] = 6e6 * 12.0 / YEARLY
    np.testing.assert_allclose(found["fleet.capex"][0, :, 0], expected)
    np.testing.assert_allclose(found["company.utilisation"][0, 12:, 0], 1.0)


@pytest.mark.parametrize("of", ["construction", "capacity_revenue"])
def test_without_it_nothing_is_ordered(of):
    found = run(landlord(commitments=[(0, 12e6, 10.0, 40.0)], **{of: 0.0}), months=12)
    assert (found["fleet.capex"][0, :, 0] == 0.0).all()


def test_nothing_is_built_for_who_is_dead():
    inputs = landlord(commitments=[(0, 12e6, 10.0, 40.0)])
    inputs["company.cash"][0, 1] = 6.5e6  # a month and a bit of its bills
    found = run(inputs, months=12)
    assert (found["company.alive"][0, 3:, 1] == 0.0).all()
    assert (found["fleet.capex"][0, :, 0] == 0.0).all()
