"""Reference cases that are no clearing vectors: closed loops of money, estates, gauges."""

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

VENDOR, LAB, CLOUD = range(3)


def test_circular_financing_conserves_cash():
    """Case circular_financing_cash_conservation: 100 in equity, 80 for compute, 60 for chips, round once."""
    inputs = world(
        company=rows("cash", (500e6,), (10e6,), (20e6,)),
        pledge=rows("investor company amount", (VENDOR, LAB, 100e6)),
        contract=rows("customer supplier usage follows", (LAB, CLOUD, 80e6, 2.0)),
        fleet=rows("owner capex", (CLOUD, 60e6)),
        order=rows("fleet vendor share", (0, VENDOR, 1.0)),
    )
    found = run(inputs, months=1)
    np.testing.assert_allclose(found["company.cash"][0, 0], [460e6, 30e6, 40e6], rtol=1e-14)
    assert found["company.cash"][0, 0].sum() == pytest.approx(530e6, rel=1e-15)
    assert found["company.revenue"][0, 0, VENDOR] == pytest.approx(60e6, rel=1e-14)
    assert found["company.pledged"][0, 0].tolist() == [-100e6, 100e6, 0.0]
    assert [found[f"market.{name}"][0, 0, 0] for name in ("households", "suppliers", "capital")] == [
        0.0,
        0.0,
        0.0,
    ]


def test_absolute_priority_with_a_deficiency():
    """Case absolute_priority_secured_deficiency: collateral 60, other assets 40, claims 90 secured and 70
    unsecured.

    The company fails by its losses (it lent to one that dies), so that its cash is its other assets.
    """
    loan = rows(
        "borrower lender balance maturity rank collateral",
        (0, -1, 90e6, 99.0, 2.0, 60e6),
        (0, 2, 70e6, 99.0, 4.0, None),
        (1, 0, 50e6, 99.0, 4.0, None),
    )
    company = rows(
        "cash default_cost loss_capacity fixed_cost",
        (40e6, 0.0, 1e6, None),
        (0.0, 0.0, None, 1e6),
        (1e9, None, None, None),
    )
    found = run(world(company=company, loan=loan), months=1)
    assert found.cause[0].tolist() == ["losses", "cash", "none"]
    assert found.trigger[0, 0] == 1
    np.testing.assert_allclose(found["loan.loss"][0, 0], [18e6, 42e6, 50e6], rtol=1e-13)
    assert found["company.cash"][0, 0, 2] == pytest.approx(1e9 + 28e6, rel=1e-14)


def test_capex_as_a_share_of_gdp():
    """Case capex_gdp_share: the capex of the four giants over the product of the United States, 1.33 %."""
    yearly = (115e9, 80e9, 105e9, 100e9)
    inputs = world(
        company=rows("cash", *[(1e12,)] * 4),
        fleet=rows("owner capex", *[(i, amount / 12.0) for i, amount in enumerate(yearly)]),
        market=[{"gdp_start": 3e13, "gdp_growth": 0.0, "gdp_multiplier": 0.8, "domestic_share": 0.5}],
    )
    found = run(inputs, months=2)
    assert found["market.capex_gdp"][0, 0, 0] == pytest.approx(0.013333333333333334, rel=1e-13)
    assert found["market.gdp_effect"][0, 1, 0] == pytest.approx(0.0, abs=1e-15)


def test_concentration_of_revenue():
    """Case customer_concentration: shares 67, 20, 10 and 3 %, Herfindahl 0.4998."""
    inputs = world(
        company=rows("cash", *[(1e9,)] * 4),
        segment=rows(
            "seller revenue",
            *[(i, share * 1e6) for i, share in enumerate((0.47, 0.2, 0.1, 0.03))],
            (0, 0.2e6),
        ),
    )
    assert run(inputs, months=1)["market.concentration"][0, 0, 0] == pytest.approx(0.4998, rel=1e-12)


def test_the_effect_of_growing_capex_on_gdp():
    """m * domestic share * yearly change of capex over GDP, for capex that grows by e^(g/12) a month."""
    growth, capex = 0.6, 10e9
    inputs = world(
        company=rows("cash", (1e13,)),
        fleet=rows("owner capex capex_growth capex_growth_long", (0, capex, growth, growth)),
        market=[{"gdp_start": 3e13, "gdp_growth": 0.0, "gdp_multiplier": 0.8, "domestic_share": 0.5}],
    )
    found = run(inputs, months=3)
    levels = capex * np.exp(growth * np.arange(1, 4) / 12.0)
    wanted = 0.8 * 0.5 * 12.0 * np.diff(levels) / 3e13
    assert found["market.gdp_effect"][0, 0, 0] == 0.0
    np.testing.assert_allclose(found["market.gdp_effect"][0, 1:, 0], wanted, rtol=1e-12)
