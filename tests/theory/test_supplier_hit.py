"""A supplier dies: what its customers lose in sales, by how specific its input is, and for how long.

Barrot and Sauvagnat (2016) find that customers of suppliers hit by a disaster lose 2 to 3 points of sales growth,
for about a year with specific inputs, and next to nothing with others. Here inputs worth 4 % of revenue come from
the supplier, of which a tenth (specific) or 95 % (substitutable) can be bought elsewhere at once, the rest over nine
months.
"""

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

REVENUE, SHARE, MONTHS, DEATH = 10e6, 0.04, 24, 3
SPECIFIC, SUBSTITUTABLE = 0.1, 0.95


def customer(substitutable, replace_months=9.0, premium=1.0):
    """A customer and its supplier, which runs out of cash in month 3."""
    return world(
        company=rows("cash fixed_cost", (1e12, 0.0), (29e5, 1.4e6)),
        segment=rows("seller revenue", (0, REVENUE)),
        contract=rows(
            "customer supplier usage substitutable replace_months",
            (0, 1, SHARE * REVENUE, substitutable, replace_months),
        ),
        market=[{"substitution_premium": premium}],
    )


def loss(substitutable, replace_months=9.0):
    """Share of its sales that the customer loses, month by month."""
    found = run(customer(substitutable, replace_months), months=MONTHS)
    assert found.failed_month[0].tolist() == [0, DEATH]
    return 1.0 - found["company.segment_revenue"][0, :, 0] / REVENUE


@pytest.mark.parametrize("substitutable", [0.0, SPECIFIC, SUBSTITUTABLE])
@pytest.mark.parametrize("months", [1.0, 4.5, 9.0])
def test_what_was_lost_is_replaced_evenly(substitutable, months):
    since = np.arange(1, MONTHS + 1) - DEATH - 1
    left = np.where(since < 0, 0.0, 1.0 - np.clip(since / months, 0.0, 1.0))
    np.testing.assert_allclose(loss(substitutable, months), SHARE * (1.0 - substitutable) * left, atol=1e-14)


def test_a_few_per_cent_for_two_to_three_quarters_with_specific_inputs_and_little_with_others():
    """The size and length of the stylised fact, in points of quarterly sales."""
    specific, other = (loss(part)[DEATH:].reshape(-1, 3).mean(axis=1) for part in (SPECIFIC, SUBSTITUTABLE))
    np.testing.assert_allclose(specific[:4], [0.032, 0.020, 0.008, 0.0], atol=1e-12)
    assert 0.02 <= specific[0] <= 0.05
    assert (specific > 0.005).sum() in (2, 3)
    assert (specific[3:] == 0.0).all()
    assert other.max() < 0.0025


def test_who_replaces_pays_for_it():
    """The bill returns with the input, at the premium."""
    found = run(customer(SPECIFIC, 4.0, premium=1.2), months=MONTHS)
    activity, bills = (found[f"company.{name}"][0, :, 0] for name in ("activity", "bills"))
    part = np.clip((np.arange(1, MONTHS + 1) - DEATH - 1) / 4.0, 0.0, 1.0)
    bought = 1.2 * (SPECIFIC + (1.0 - SPECIFIC) * part)
    expected = SHARE * REVENUE * activity * np.where(np.arange(MONTHS) < DEATH, 1.0, bought)
    np.testing.assert_allclose(bills, expected, rtol=1e-12)


def test_without_replacement_the_loss_stays():
    found = loss(SPECIFIC, 0.0)
    np.testing.assert_allclose(found[DEATH:], SHARE * (1.0 - SPECIFIC), atol=1e-14)


def test_use_moved_away_by_its_price_is_not_free_once_the_supplier_is_dead():
    """What replaces the supplier costs twice as much: half of the use is moved away, at half a dollar each."""
    inputs = customer(1.0, premium=2.0)
    inputs["contract.price_linked"][:] = 1.0
    inputs["contract.routing"][:] = 1.0
    inputs["contract.routed_cost"][:] = 0.5
    bills = run(inputs, months=MONTHS)["company.bills"][0, :, 0] / (SHARE * REVENUE)
    np.testing.assert_allclose(bills[:DEATH], 1.0)
    # 2 x 0.5 is bought at the premium, 0.5 x 0.5 is paid for the other half.
    np.testing.assert_allclose(bills[DEATH:], 1.25)
