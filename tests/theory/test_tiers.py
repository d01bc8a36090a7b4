"""What a customer pays by tier: the price of a token falls, use for a task grows, and each has a half-life of its own."""

import math

import numpy as np
import pytest

from tests.oracle.build import world
from tests.oracle.compiled import run

USED, MONTHS = 1e6, 36


def bills(*contracts: dict, list_trend: float = 0.0) -> np.ndarray:
    """What customers, one for each contract, pay a lab: `[month, customer]`."""
    lab = len(contracts)
    inputs = world(
        company=[*({"cash": 1e12} for _ in contracts), {"cash": 1e12, "price_trend": list_trend}],
        contract=[
            {"customer": k, "supplier": lab, "usage": USED, "price_linked": 1.0, "follows": 2.0, **each}
            for k, each in enumerate(contracts)
        ],
    )
    return run(inputs, months=MONTHS)["company.bills"][0, :, :lab]


def years(half_life: float) -> np.ndarray:
    """Years that a trend has lasted, by month, where it halves."""
    months = np.arange(1, MONTHS + 1)
    if half_life == 0:
        return months / 12.0
    return half_life / (12.0 * math.log(2.0)) * (1.0 - 2.0 ** (-months / half_life))


@pytest.mark.parametrize("growth", [0.0, 0.3, 1.2])
def test_growth_of_use_and_fall_of_the_price_pull_against_each_other(growth):
    """At equal rates the bill stands still; else it grows or falls at the difference."""
    found = bills({"price_trend": -0.3, "intensity_trend": growth})[:, 0]
    np.testing.assert_allclose(found, USED * np.exp((growth - 0.3) * years(0.0)), rtol=1e-12)


def test_each_trend_has_its_half_life():
    fading = {
        "price_trend": -0.9,
        "price_half_life": 12.0,
        "intensity_trend": 0.7,
        "intensity_half_life": 24.0,
    }
    found = bills(fading)[:, 0]
    np.testing.assert_allclose(found, USED * np.exp(0.7 * years(24.0) - 0.9 * years(12.0)), rtol=1e-12)


def test_customers_of_one_lab_pay_by_their_tier():
    """The best model keeps its price, a small one falls, a priority tier costs 1.8; the list price falls for all three."""
    tiers = ({}, {"price_trend": -1.0}, {"tier": 1.8})
    found = bills(*tiers, list_trend=-0.2)
    factors = np.stack([np.ones(MONTHS), np.exp(-years(0.0)), np.full(MONTHS, 1.8)], axis=1)
    np.testing.assert_allclose(found, USED * np.exp(-0.2 * years(0.0))[:, None] * factors, rtol=1e-12)


def test_a_cheaper_tier_draws_use_to_it():
    """Routing of 0.4: half the price makes use larger by 2^0.4."""
    found = bills({"tier": 0.5, "routing": 0.4})[:, 0]
    np.testing.assert_allclose(found, USED * 0.5 * 2.0**0.4, rtol=1e-12)


def test_without_trends_the_bill_stands():
    assert (bills({})[:, 0] == USED).all()
