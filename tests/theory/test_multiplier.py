"""The cascade multiplier: what it is in closed form, and that disturbances do shrink by it month by month."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

MONTHS = 12


def multiplier(inputs, months=MONTHS):
    return run(inputs, months=months, only=["market.cascade_multiplier"])["market.cascade_multiplier"][
        0, :, 0
    ]


def ring(sold=(3e6, 2e6), used=(4e6, 5e6), companies=((1e12,), (1e12,)), **contract):
    """Company 0 buys from 1 and 1 from 0; `used` is what 0 and 1 buy."""
    terms = {"follows": 0.0, **contract}
    return world(
        company=rows("cash", *companies),
        segment=rows("seller revenue", (0, sold[0]), (1, sold[1])),
        contract=[
            {"customer": 0, "supplier": 1, "usage": used[0], **terms},
            {"customer": 1, "supplier": 0, "usage": used[1], **terms},
        ],
    )


def test_of_a_ring_of_two_it_is_the_mean_of_what_each_pays_on():
    expected = math.sqrt(4e6 / (3e6 + 5e6) * 5e6 / (2e6 + 4e6))
    np.testing.assert_allclose(multiplier(ring()), expected, rtol=1e-12)


def test_a_disturbance_shrinks_by_it_from_month_to_month():
    """Demand of company 0 falls in month 1: what the ring withdraws two months later is that times the square."""
    inputs = ring()
    calm = run(inputs, months=MONTHS)["company.trade_revenue"][0]
    inputs["segment.growth"][0, 0], inputs["segment.growth_half_life"][0, 0] = -2.0, 0.1
    moved = run(inputs, months=MONTHS)
    lost = (calm - moved["company.trade_revenue"][0])[:, 1]
    # The fall of demand stays, so that what is withdrawn anew is the change from month to month.
    withdrawn = np.diff(lost, prepend=0.0)
    expected = multiplier(ring())[0] ** 2
    np.testing.assert_allclose(withdrawn[4::2] / withdrawn[2:-2:2], expected, rtol=2e-2)


def test_without_rings_nothing_comes_back():
    inputs = world(
        company=rows("cash", (1e12,), (1e12,), (1e12,)),
        segment=rows("seller revenue", (0, 9e6)),
        contract=rows("customer supplier usage", (0, 1, 5e6), (1, 2, 4e6), (0, 2, 1e6)),
    )
    assert (multiplier(inputs) == 0.0).all()


@pytest.mark.parametrize("follows", [1.0, 2.0])
def test_what_does_not_follow_activity_passes_nothing_on(follows):
    assert (multiplier(ring(follows=follows)) == 0.0).all()


def test_commitments_above_use_pass_nothing_on_until_they_end():
    inputs = ring()
    committed = world(
        company=rows("cash", (1e12,), (1e12,)),
        segment=rows("seller revenue", (0, 3e6), (1, 2e6)),
        contract=rows("customer supplier usage", (0, 1, 4e6), (1, 0, 5e6)),
        commitment=rows("contract amount last_month", (0, 6e6, 6.0)),
    )
    found = multiplier(committed)
    assert (found[:6] == 0.0).all()
    np.testing.assert_allclose(found[6:], multiplier(inputs)[6:], rtol=1e-12)


def test_a_share_of_revenue_counts_by_the_part_that_segments_bring():
    found = multiplier(ring(follows=2.0, revenue_share=0.2), months=1)
    # Bills of month 1 hold the share of revenue too.
    sold, bills = (3e6, 2e6), (5e6 + 0.2 * 2e6, 4e6 + 0.2 * 3e6)
    parts = [0.2 * sold[i] / (sold[i] + bills[i]) for i in range(2)]
    assert found[0] == pytest.approx(math.sqrt(parts[0] * parts[1]), rel=1e-12)


def test_capex_that_follows_revenue_passes_on_what_its_vendor_gets():
    """A cloud spends half its revenue on a vendor's chips; the vendor rents from the cloud."""
    inputs = world(
        company=rows("cash", (1e12,), (1e12,)),
        segment=rows("seller revenue", (0, 6e6), (1, 1e6)),
        contract=rows("customer supplier usage", (1, 0, 2e6)),
        fleet=rows("owner capex_of_revenue committed", (0, 0.5, 1.0)),
        order=rows("fleet vendor share", (0, 1, 0.8)),
    )
    capex = 0.5 * 8e6 * 0.8
    passed = [0.5 * 0.8, 2e6 / (1e6 + capex)]
    assert multiplier(inputs, months=1)[0] == pytest.approx(math.sqrt(passed[0] * passed[1]), rel=1e-12)


def test_research_that_is_cut_when_runway_is_short():
    """A lab burns: a dollar less shortens its runway, and with it what it buys for research."""
    inputs = world(
        company=rows(
            "cash burn_cut_runway burn_cut_floor fixed_cost", (120e6, 24.0, 0.1, 4e6), (1e12, 0.0, 0.1, 0.0)
        ),
        segment=rows("seller revenue", (0, 1e6), (1, 5e6)),
        contract=rows("customer supplier usage follows", (0, 1, 10e6, 1.0), (1, 0, 2e6, 0.0)),
    )
    found = run(inputs, months=6)
    cash, runway = found["company.cash"][0, :, 0], found["company.runway"][0, :, 0]
    assert ((runway > 2.4) & (runway < 24.0)).all()
    bill = 10e6 * found["company.research"][0, :, 0]
    trade = found["company.trade_revenue"][0, :, 0]
    other = found["company.revenue"][0, :, 1]
    expected = np.sqrt(bill * (1.0 + runway / 3.0) / cash * trade / other)
    np.testing.assert_allclose(found["market.cascade_multiplier"][0, :, 0], expected, rtol=1e-9)
    inputs["company.burn_cut_runway"][:] = 0.0
    assert (multiplier(inputs, months=6) == 0.0).all()


def test_a_ring_that_loses_a_member_is_none():
    inputs = ring(companies=((1e12,), (9e6,)))
    inputs["company.fixed_cost"] = np.array([[0.0, 5e6]])
    found = run(inputs, months=MONTHS, only=["market.cascade_multiplier"])
    month = found.failed_month[0, 1]
    assert 1 < month < MONTHS
    rho = found["market.cascade_multiplier"][0, :, 0]
    assert (rho[: month - 1] > 0.5).all()
    assert (rho[month - 1 :] == 0.0).all()
