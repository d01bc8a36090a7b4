"""Values move with what companies are expected to earn, and with what they owe."""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

STILL = {f"normal_to_{other}": 0.0 for other in ("open", "shut")}
WEIGHT = 0.1 / (0.1 + math.log(2.0) / 2.0)  # of today, where half of the way takes two years
MONTHS = 24


def giant(market=None, **said):
    """Who earns half of what it sells, with all of it paid to somebody else, and no cash to speak of."""
    company = {
        "cash": 0.0,
        "public": 1.0,
        "market_value": 2.5e12,
        "growth_premium": 0.0,
        "variable_cost": 0.5,
    }
    company |= {"payout": 1.0} | said
    return world(
        company=[company], segment=rows("seller revenue", (0, 4e10)), market=[STILL | (market or {})]
    )


def test_the_value_of_the_start_is_that_of_the_market_and_stays_where_nothing_changes():
    found = run(giant(), months=MONTHS)
    worth = found["company.enterprise_value"][0, :, 0]
    np.testing.assert_allclose(worth, 2.5e12, rtol=1e-12)
    np.testing.assert_allclose(found["company.expected_margin"][0, :, 0], 0.5, rtol=1e-12)
    cash = found["company.cash"][0, :, 0]
    np.testing.assert_allclose(found["company.valuation"][0, :, 0], 2.5e12 + cash, rtol=1e-12)


def test_net_debt_is_what_the_enterprise_is_worth_beyond_its_shares():
    """A neocloud with ten of shares on eleven of debt: a tenth off the enterprise is a fifth off the shares, half of it all."""
    said = {"cash": 1e9, "market_value": 1e10, "target_margin": 0.5, "payout": 0.0, "fixed_cost": 5e7}
    for depth, left in ((1.0, 1e10), (0.9, 8e9), (0.45, 0.0)):
        inputs = giant(
            {"value_shut": depth, "normal_to_shut": 1.0, "shut_to_normal": 0.0, "shut_to_open": 0.0}, **said
        )
        inputs["segment.revenue"][:] = 1e8
        found = run(inputs | LOAN, months=1)["company.valuation"][0, 0, 0]
        assert found == pytest.approx(left, rel=1e-9, abs=1.0)


LOAN = {
    key: value
    for key, value in world(
        company=rows("cash", (0.0,)), loan=rows("borrower lender balance maturity", (0, -1, 1.1e10, 100.0))
    ).items()
    if key.startswith("loan.")
}


@pytest.mark.parametrize("growth", [-0.3, 0.2, 1.0])
def test_at_a_steady_rate_and_margin_the_enterprise_grows_as_its_sales(growth):
    """Gordon: the same multiple for ever."""
    inputs = giant(growth_premium=2.0)
    inputs["segment.growth"][:] = inputs["segment.growth_long"][:] = growth
    found = run(inputs, months=MONTHS)["company.enterprise_value"][0, :, 0]
    years = np.arange(1, MONTHS + 1) / 12.0
    np.testing.assert_allclose(found, 2.5e12 * np.exp(growth * years), rtol=1e-10)


def test_a_fall_of_sales_is_believed_by_quarter():
    """A customer for a quarter of all sales dies: a third of it is seen at once, and as bad growth on top for a while."""
    inputs = world(
        company=[
            {
                "cash": 0.0,
                "public": 1.0,
                "market_value": 1e11,
                "variable_cost": 0.5,
                "payout": 1.0,
                "growth_premium": 0.0,
            },
            {"cash": 3.5e8},
        ],
        segment=rows("seller revenue", (0, 3e8)),
        contract=rows("customer supplier usage follows", (1, 0, 1e8, 2.0)),
        market=[STILL],
    )
    found = run(inputs, months=MONTHS)
    worth = found["company.enterprise_value"][0, :, 0] / 1e11
    died = int(np.argmin(found["company.alive"][0, :, 1]))
    np.testing.assert_allclose(worth[: died + 2], 1.0, rtol=1e-12)
    recent = smooth = 1.0
    for month in range(died + 2, MONTHS):
        recent += (0.75 - recent) / 3.0
        smooth += (0.75 - smooth) / 12.0
        ratio = recent / smooth
        growth = 12.0 * math.log((11.0 - 2.0 * ratio) / (12.0 - 3.0 * ratio))
        seen = recent * 3.0 * (1.0 - 2.0 / 3.0 * math.exp(-growth / 12.0))
        assert worth[month] == pytest.approx(seen, rel=1e-12), month
    assert worth[-1] == pytest.approx(0.75, rel=0.02)


def test_a_margin_that_moves_to_its_target_is_worth_the_integral_of_what_it_earns():
    """The weight of today is that of the present value of such a path, for any rate and half life."""
    for rate, half_life in ((0.1, 24.0), (0.05, 60.0)):
        found = run(giant({"discount_rate": rate}, target_margin=0.3, outlook_half_life=half_life), months=1)[
            "company.expected_margin"
        ][0, 0, 0]
        years = np.arange(0.0, 1000.0, 0.01) + 0.005
        path = 0.3 + (0.5 - 0.3) * 2.0 ** (-12.0 * years / half_life)
        earned = float((np.exp(-rate * years) * path).sum() * 0.01)
        assert found == pytest.approx(rate * earned, rel=1e-5)


def chain(step=0.0, commitment=None, **market):
    """A lab, and an app that buys its models for six tenths of what it sells; the lab raises its price in month 4."""
    company = rows(
        "cash last_valuation target_margin price_step price_step_month growth_premium pass_through",
        (2e10, 1.8e11, 0.6, step, 4.0, 0.5, 0.0),
        (9e8, 9.9e9, 0.4, None, None, 0.5, 0.0),
    )
    return world(
        company=company,
        segment=rows("seller revenue elasticity", (0, 3e8, 0.0), (1, 7e7, 0.0)),
        contract=rows("customer supplier usage", (1, 0, 4.2e7)),
        commitment=[] if commitment is None else [commitment],
        market=[STILL | market],
    )


@pytest.mark.parametrize("step", [0.5, 1.0, 2.0, 5.0])
def test_a_rise_of_the_price_of_what_it_buys_lowers_the_value_of_who_pays_it_at_once(step):
    """And raises that of who charges it by no more than its margin: a price is not growth."""
    still, raised = run(chain(), months=6), run(chain(step), months=6)
    before, after = (found["company.enterprise_value"][0] for found in (still, raised))
    np.testing.assert_array_equal(after[:3], before[:3])
    margin = 1.0 - 0.6 * (1.0 + step)
    expected = max(0.0, WEIGHT * margin + (1.0 - WEIGHT) * 0.4) / (WEIGHT * 0.4 + (1.0 - WEIGHT) * 0.4)
    np.testing.assert_allclose(after[3:, 1], before[3:, 1] * expected, rtol=1e-10)
    np.testing.assert_allclose(after[3:, 0], before[3:, 0], rtol=1e-12)
    assert (raised["company.valuation"][0, 3:, 1] < still["company.valuation"][0, 3:, 1]).all()


def test_a_contract_that_starts_moves_nobodys_enterprise_by_itself():
    """Take-or-pay of three times the use from month 7 on, known at the start: it brings cash, not growth."""
    found = run(chain(commitment={"contract": 0, "amount": 1.26e8, "first_month": 7.0}), months=12)
    worth = found["company.enterprise_value"][0]
    assert found["company.bills"][0, 6, 1] == pytest.approx(1.26e8)
    np.testing.assert_allclose(worth, np.broadcast_to(worth[0], worth.shape), rtol=1e-12)
    assert worth[0, 1] == pytest.approx(9.9e9 - 9e8 + found["company.idle_commitments"][0, 0, 1], rel=0.02)


@pytest.mark.parametrize("first", [2.0, 7.0, 20.0])
def test_a_start_is_no_news_where_capacity_stands_ready(first):
    """A neocloud with all of its fleet built and nothing let: depreciation is there, and what was signed is counted before it starts."""
    inputs = world(
        company=rows(
            "cash public market_value target_margin growth_premium",
            (1e12, *[None] * 4),
            (1e9, 1.0, 5e10, 0.45, 0.5),
        ),
        contract=rows("customer supplier usage follows price_linked", (0, 1, 6e7, 2.0, 0.0)),
        commitment=rows("contract amount first_month last_month", (0, 4e8, first, 600.0)),
        fleet=rows("owner cost economic_life book_life age_span", (1, 2.5e10, 600.0, 600.0, 1.0)),
        market=[STILL],
    )
    found = run(inputs, months=24)
    assert found["company.trade_revenue"][0, [int(first) - 2, int(first) - 1], 1].tolist() == [6e7, 4e8]
    worth = found["company.enterprise_value"][0, :, 1]
    np.testing.assert_allclose(worth, worth[0], rtol=1e-12)
    assert worth[0] == pytest.approx(4.9e10, rel=1e-12)


def test_what_is_promised_beyond_need_is_a_debt():
    """Five years of a tenth of a billion a month, none of it needed; with no growth each year is discounted from its middle."""
    commitment = {"contract": 0, "amount": 1.42e8}
    found = run(chain(commitment=commitment), months=1)["company.idle_commitments"][0, 0, 1]
    years = np.arange(5) + 0.5
    assert found == pytest.approx(12e8 * float(np.exp(-0.1 * years).sum()), rel=1e-12)


def test_new_listed_shares_press_on_the_price_and_dilute():
    said = {
        "equity_runway": 120.0,
        "fixed_cost": 3e9,
        "market_value": 5e10,
        "payout": 0.0,
        "price_impact": 0.3,
    }
    said |= {"round_months": 10.0, "cash": 4e9, "value_half_life": 1200.0}
    inputs = giant({"equity_normal": 1.0, "equity_discount_normal": 0.0, "equity_share": 0.1}, **said)
    inputs["segment.revenue"][:] = 4e9
    found = run(inputs, months=2)
    first, second = found["company.valuation"][0, :, 0]
    raised = found["company.raised"][0, 1, 0]
    assert raised == pytest.approx(0.1 * first, rel=1e-12)
    assert found["company.diluted"][0, 1, 0] == pytest.approx(1.0 / 1.1, rel=1e-12)
    assert found["company.mispricing"][0, 1, 0] == pytest.approx(-0.03, rel=1e-12)
    assert second == pytest.approx(4.6e10 * math.exp(-0.03) + found["company.cash"][0, 1, 0], rel=1e-12)


def test_the_market_and_luck_move_values_and_leave_their_mean():
    """Beta times the market, and a mispricing that fades: both lognormal with mean 1."""
    said = {"beta": 1.5, "value_volatility": 0.4, "value_half_life": 12.0}
    found = run(
        giant({"index_volatility": 0.2, "index_drift": 0.04}, **said),
        months=24,
        paths=40_000,
        only=["company.enterprise_value", "company.mispricing"],
    )
    worth = found["company.enterprise_value"][:, -1, 0] / 2.5e12
    keep = 2.0 ** (-1.0 / 12.0)
    own = 0.4**2 / 12.0 * (1.0 - keep**48) / (1.0 - keep**2)
    assert found["company.mispricing"][:, -1, 0].var() == pytest.approx(own, rel=0.03)
    assert np.log(worth).var() == pytest.approx(own + (1.5 * 0.2) ** 2 * 2.0, rel=0.03)
    assert worth.mean() == pytest.approx(math.exp(1.5 * 0.04 * 2.0), rel=0.02)


def test_shorter_lives_of_what_it_owns_lower_the_margin_as_vintages_age():
    """Capex of three tenths of sales, written off over three years or six: the market value of the start is the same, later it is not."""
    found = {}
    for life in (36.0, 72.0):
        inputs = giant() | FLEET
        inputs["fleet.book_life"] = np.array([[life]])
        found[life] = run(inputs, months=48)["company.enterprise_value"][0, :, 0]
    expected = (WEIGHT * 0.2 + (1.0 - WEIGHT) * 0.5) / 0.5
    assert found[36.0][-1] == pytest.approx(2.5e12 * expected, rel=1e-9)
    assert found[36.0][-1] < 0.96 * found[72.0][-1]


FLEET = {
    key: value
    for key, value in world(
        company=rows("cash", (0.0,)), fleet=rows("owner capex economic_life", (0, 1.2e10, 72.0))
    ).items()
    if key.startswith("fleet.")
}


@pytest.mark.parametrize(("cost", "kept"), [(1.4, False), (4.0, True)])
def test_who_loses_more_than_half_of_its_sales_at_the_start_is_worth_no_multiple_once_it_loses_less(
    cost, kept
):
    """Serving cost that halves: of a loss of three dollars on one to one dollar no margin is seen, of 40 cents to a gain of 30 all."""
    inputs = world(
        company=[{"cash": 1e13, "public": 1.0, "market_value": 2.5e12, "target_margin": 0.5}, {"cash": 1e13}],
        segment=rows("seller revenue", (0, 4e10)),
        contract=rows(
            "customer supplier usage intensity_trend follows", (0, 1, cost * 4e10, -math.log(2.0), 2.0)
        ),
        market=[STILL],
    )
    margin = run(inputs, months=12)["company.expected_margin"][0, :, 0]
    first = max(-0.5, 1.0 - cost)
    lift = max(0.0, (0.05 - WEIGHT * first) / (1.0 - WEIGHT) - 0.5)
    now = max(1.0 - cost / 2.0, -0.5 if kept else -9.0)
    assert margin[-1] == pytest.approx(WEIGHT * now + (1.0 - WEIGHT) * (0.5 + lift))
