"""Loans, fleets and forced sales against closed forms."""

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

RICH = rows("cash", (1e9,))


def one_loan(names: str, *values: float) -> dict[str, np.ndarray]:
    """A rich borrower, a lender outside, and no refinancing."""
    return world(company=RICH, loan=rows(f"borrower lender refinance_chance {names}", (0, -1, 0.0, *values)))


def test_annuity_loan():
    """Reference case annuity_loan: 1m at 1 % a month over 12 months, level payments of 88 848.79."""
    found = run(one_loan("balance rate amortisation maturity", 1e6, 0.12, 2.0, 12.0), months=13)
    service = found["company.debt_service"][0, :, 0]
    np.testing.assert_allclose(service[:12], 88848.7886783416, rtol=1e-12)
    assert found["loan.interest"][0, :, 0].sum() == pytest.approx(66185.46414009924, rel=1e-11)
    assert found["loan.balance"][0, 5, 0] == pytest.approx(514921.06458019896, rel=1e-12)
    assert found["loan.balance"][0, 11, 0] == pytest.approx(0.0, abs=1e-6)
    assert service[12] == pytest.approx(0.0, abs=1e-6)


def test_linear_loan():
    """Equal parts of principal after the interest-only months; interest on what is left."""
    free, maturity, balance, rate = 3, 15, 6e6, 0.09
    found = run(
        one_loan("balance rate amortisation maturity interest_only", balance, rate, 1.0, 15.0, 3.0), months=16
    )
    t = np.arange(1, 17)
    parts = maturity - free
    left = balance * (1.0 - np.clip(t - free, 0, parts) / parts)
    np.testing.assert_allclose(found["loan.balance"][0, :, 0], left, rtol=1e-12, atol=1e-6)
    before = np.concatenate([[balance], left[:-1]])
    np.testing.assert_allclose(found["loan.interest"][0, :, 0], before * rate / 12.0, rtol=1e-12, atol=1e-6)


def test_bullet_loan():
    found = run(one_loan("balance rate maturity", 2e6, 0.06, 7.0), months=8)
    principal = found["loan.principal"][0, :, 0]
    np.testing.assert_array_equal(principal, [0, 0, 0, 0, 0, 0, 2e6, 0])
    np.testing.assert_allclose(found["loan.interest"][0, :7, 0], 1e4, rtol=1e-14)


@pytest.mark.parametrize(
    ("balance", "rate", "months", "kind", "level"),
    [
        (100_000.0, 0.045, 60, 2.0, 1864.3019240279857),
        (427_500.0, 0.03875, 360, 2.0, 2010.2635335286174),
        (120_000.0, 0.12, 12, 1.0, None),
    ],
)
def test_the_last_instalment_is_never_refinanced(balance, rate, months, kind, level):
    """On every path a loan that its schedule repays is repaid at maturity, whatever the chance to refinance."""
    loan = rows(
        "borrower lender refinance_chance balance rate maturity amortisation",
        (0, -1, 1.0, balance, rate, float(months), kind),
    )
    found = run(world(company=RICH, loan=loan), months=months + 2, paths=16)
    np.testing.assert_array_equal(found["loan.balance"][:, months - 1 :, 0], 0.0)
    np.testing.assert_array_equal(found["company.maturing"], 0.0)
    service = found["company.debt_service"][:, :, 0]
    if level is None:
        # 10,000 a month, and 1 % of what is left.
        np.testing.assert_allclose(service[:, 0], 11_200.0, rtol=1e-12)
        np.testing.assert_allclose(service[:, 11], 10_100.0, rtol=1e-12)
    else:
        np.testing.assert_allclose(service[:, :months], level, rtol=1e-9)
    np.testing.assert_array_equal(service[:, months:], 0.0)


@pytest.mark.parametrize(("chance", "left"), [(1.0, 30.0), (0.0, 0.0)])
def test_what_a_schedule_leaves_is_refinanced_and_its_last_row_is_paid(chance, left):
    """100 with rows of 40 and 30, the second in the month of maturity: 30 is paid there, and 30 is the balloon."""
    inputs = world(
        company=RICH,
        loan=rows(
            "borrower lender refinance_chance balance maturity amortisation refinance_months",
            (0, -1, chance, 100.0, 3.0, 3.0, 12.0),
        ),
        repayment=rows("loan month amount", (0, 2.0, 40.0), (0, 3.0, 30.0)),
        market=[dict.fromkeys(("normal_to_open", "normal_to_shut"), 0.0)],
    )
    found = run(inputs, months=4)
    np.testing.assert_array_equal(found["loan.principal"][0, :, 0], [0.0, 40.0, 60.0 - left, 0.0])
    np.testing.assert_array_equal(found["loan.balance"][0, :, 0], [100.0, 60.0, left, left])
    np.testing.assert_array_equal(found["company.maturing"][0, :, 0], [0.0, 0.0, 30.0 - left, 0.0])


@pytest.mark.parametrize("rate", [0.0, 5e-324, 1e-15, 1e-10])
def test_an_annuity_without_a_rate_to_speak_of_repays_in_equal_parts(rate):
    found = run(one_loan("balance rate amortisation maturity", 1.2e6, rate, 2.0, 12.0), months=12)
    np.testing.assert_allclose(found["loan.principal"][0, :, 0], 1e5, rtol=1e-8)


def test_a_floating_loan_pays_base_spread_and_margin():
    market = dict.fromkeys(("normal_to_open", "normal_to_shut"), 0.0) | {
        "base_rate": 0.04,
        "spread_normal": 0.015,
    }
    loan = rows("borrower lender balance rate floating maturity", (0, -1, 12e6, 0.02, 1.0, 50.0))
    found = run(world(company=RICH, loan=loan, market=[market]), months=2)
    np.testing.assert_allclose(found["loan.interest"][0, :, 0], 12e6 * 0.075 / 12.0, rtol=1e-14)


def test_vintages_depreciate_in_a_straight_line():
    """Reference case vintage_fleet_straight_line, a month for a year: capex 10, 20, 30, life 4.

    A run with capex of 1 in every month gives the depreciation of one vintage as its first difference (the
    model is linear); the three vintages of the case are its sum at three places.
    """
    fleet = rows("owner capex book_life economic_life lag", (0, 1e6, 4.0, 4.0, 1.0))
    constant = run(world(company=RICH, fleet=fleet), months=8)["fleet.depreciation"][0, :, 0] / 1e6
    single = np.diff(constant, prepend=0.0)
    np.testing.assert_allclose(single, [0, 0.25, 0.25, 0.25, 0.25, 0, 0, 0], atol=1e-15)
    case = np.convolve(single, [10.0, 20.0, 30.0])[:8]
    np.testing.assert_allclose(case, [0, 2.5, 7.5, 15.0, 15.0, 12.5, 7.5, 0.0], atol=1e-12)


def test_a_fleet_loses_value_in_a_straight_line_and_retires():
    """Of age 1 at the start: worth 1 - (1+t)/life; bought again at the end of its life."""
    life, lag, cost = 10, 3, 8e6
    names = "owner cost age_span economic_life book_life refresh lag indexed"
    fleet = rows(names, (0, cost, 1.0, float(life), 50.0, 1.0, float(lag), 0.0))
    found = run(world(company=RICH, fleet=fleet), months=life + lag)
    t = np.arange(1, life)
    np.testing.assert_allclose(
        found["fleet.value"][0, : life - 1, 0], cost * (1.0 - (1 + t) / life), atol=1e-6
    )
    capex = found["fleet.capex"][0, :, 0]
    np.testing.assert_allclose(capex[life - 2], cost, rtol=1e-14)
    assert capex.sum() == pytest.approx(cost, rel=1e-14)
    in_use = found["fleet.capacity"][0, :, 0]
    np.testing.assert_allclose(in_use[: life - 2], cost, rtol=1e-14)
    np.testing.assert_allclose(in_use[life - 2 : life - 2 + lag], 0.0, atol=1e-6)
    np.testing.assert_allclose(in_use[life - 2 + lag :], cost, rtol=1e-14)


def test_capacity_settles_where_purchases_equal_retirements():
    """Constant capex c and life L: capacity grows by c a month from month 1 + lag on and stays at c L."""
    fleet = rows("owner capex economic_life lag", (0, 1e6, 12.0, 4.0))
    found = run(world(company=RICH, fleet=fleet), months=24)["fleet.capacity"][0, :, 0]
    np.testing.assert_allclose(found, 1e6 * np.clip(np.arange(1, 25) - 4, 0, 12), rtol=1e-12)


def test_forced_sales_mark_down_by_their_size_over_the_depth():
    """Reference case PriceImpact_exponential_Cifuentes: selling 10 % where 5 % cost 5 % leaves 0.9025.

    The seller fails in month 1; a witness of the same class sees it from month 2 on, fading by half-lives.
    """
    market_size, beta, life, half_life = 100e6, 1.0258658877510114, 100.0, 5.0
    sold = 0.1 * market_size / (1.0 - 2.0 / life)
    inputs = world(
        company=rows("cash fixed_cost", (0.0, 1e6), (1e9, None)),
        fleet=rows("owner cost age_span economic_life", (0, sold, 1.0, life), (1, 1e6, 1.0, life)),
        market=[{"depth_gpu": market_size / beta, "impact_half_life": half_life}],
    )
    found = run(inputs, months=6)
    assert found.failed_month[0].tolist() == [1, 0]
    left = 2.0 ** (-np.arange(6) / half_life)
    np.testing.assert_allclose(np.exp(-found["market.fire_sale_gpu"][0, :, 0]), 0.9025**left, rtol=1e-13)
    price = found["fleet.value"][0, :, 1] / (1e6 * (1.0 - np.arange(2, 8) / life))
    np.testing.assert_allclose(price, [1.0, *0.9025 ** left[1:]], rtol=1e-13)
