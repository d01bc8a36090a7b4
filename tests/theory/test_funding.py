"""New money against hand recursions: dry powder, vendor finance, pledges with a condition, public shares."""

import numpy as np
import pytest
from cashcade.world.feedbacks import FEEDBACKS

from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.oracle.exits import Door, door_arrays

STILL = {"normal_to_open": 0.0, "normal_to_shut": 0.0}
SURE = STILL | {"odds_normal": 20.0, "odds_growth": 0.0, "odds_burn": 0.0, "odds_price": 0.0}
BURN = 1e6


def burners(count: int, market: dict, **more: object) -> dict[str, np.ndarray]:
    """Companies that burn a million a month, and raise six months of it whenever less than six are left."""
    names = "cash fixed_cost variable_cost round_runway round_months round_share valuation_multiple"
    company = rows(names, *[(3e6, BURN, 1.0, 6.0, 6.0, 1.0, 10.0)] * count)
    segment = rows("seller revenue", *[(i, 5e6) for i in range(count)])
    return world(company=company, segment=segment, market=[SURE | market], **more)


def off(inputs: dict[str, np.ndarray], loop: str) -> dict[str, np.ndarray]:
    """The same world without a loop."""
    changed = dict(inputs)
    for change in FEEDBACKS[loop].changes:
        key = f"{change.entity}.{change.field}"
        if isinstance(change.value, float) and change.where is None:
            changed[key] = np.full_like(inputs[key], change.value)
    return changed


def test_rounds_share_what_investors_have():
    """Two ask for 6m each in month 2; 9m are there: 4.5m each, and nothing is left for the next time."""
    inputs = burners(2, {"dry_powder": 9e6})
    found = run(inputs, months=12)
    np.testing.assert_allclose(found["company.raised"][0, 1], [4.5e6, 4.5e6], rtol=1e-12)
    np.testing.assert_allclose(found["market.dry_powder"][0, :, 0], [9e6] + [0.0] * 11)
    assert found["company.raised"][0, 2:].sum() == 0
    # Cash of 3m and 4.5m lasts seven months and a half.
    np.testing.assert_array_equal(found.failed_month[0], [8, 8])
    free = run(off(inputs, "dry-powder"), months=12)
    np.testing.assert_allclose(free["company.raised"][0, 1], [6e6, 6e6], rtol=1e-12)
    assert (free.failed_month == 0).all()


def test_savers_bring_new_money_each_month():
    """One burner that takes all there is: 6m a year come in, half a million a month."""
    found = run(burners(1, {"dry_powder": 0.0, "dry_powder_inflow": 6e6}), months=4)
    # Nobody asks in month 1, when runway counts as 120.
    np.testing.assert_allclose(found["company.raised"][0, :, 0], [0.0, 1e6, 0.5e6, 0.5e6], rtol=1e-12)


def test_what_exits_return_comes_back_with_a_lag():
    """A listing at 100m, all of it held outside, a tenth of which returns with a mean lag of 10 months."""
    door = Door(0, "list", 1.0, 1.0, price=1e8, share=0.0)
    inputs = burners(1, {"dry_powder": 1e6, "dry_powder_refill": 0.1, "dry_powder_lag": 10.0})
    inputs["company.round_runway"][:] = 0.0
    inputs["company.cash"][:] = 1e9
    found = run(inputs, months=24, rules=door_arrays([door]))
    waiting = 1e7 * 0.9 ** np.arange(24)
    np.testing.assert_allclose(found["market.exit_proceeds"][0, :, 0], waiting, rtol=1e-12)
    np.testing.assert_allclose(found["market.dry_powder"][0, :, 0], 1e6 + 1e7 - waiting, rtol=1e-12)


VENDOR, BUYER = 0, 1


def vendor_finance(**more: list[dict]) -> dict[str, np.ndarray]:
    """A vendor sells equipment for 4m and use for 1m a month to a buyer."""
    return world(
        company=rows("cash", (1e9,), (1e9,)),
        contract=rows("customer supplier usage", (BUYER, VENDOR, 1e6)),
        fleet=rows("owner capex committed", (BUYER, 5e6, 1.0)),
        order=rows("fleet vendor share", (0, VENDOR, 0.8)),
        **more,
    )


def test_a_vendor_pledges_a_share_of_purchases():
    """30 % of last month's 5m, in months 2 to 4, on top of nothing."""
    pledge = rows(
        "investor company amount first_month months of_purchases", (VENDOR, BUYER, 0.0, 2.0, 3.0, 0.3)
    )
    inputs = vendor_finance(pledge=pledge)
    found = run(inputs, months=5)
    np.testing.assert_allclose(found["company.pledged"][0, :, BUYER], [0, 1.5e6, 1.5e6, 1.5e6, 0], rtol=1e-12)
    np.testing.assert_allclose(found["company.pledged"][0].sum(axis=1), 0.0, atol=1e-6)
    assert (run(off(inputs, "vendor-finance"), months=5)["company.pledged"] == 0).all()


def test_a_vendor_lends_a_share_of_purchases():
    """40 % of last month's 5m is drawn until 5m are."""
    loan = rows(
        "borrower lender balance undrawn maturity draw_purchases", (BUYER, VENDOR, 0.0, 5e6, 99.0, 0.4)
    )
    inputs = vendor_finance(loan=loan)
    found = run(inputs, months=4)
    np.testing.assert_allclose(found["company.drawn"][0, :, BUYER], [2e6, 2e6, 1e6, 0], rtol=1e-12)
    assert (run(off(inputs, "vendor-finance"), months=4)["company.drawn"] == 0).all()


def test_a_condition_is_met_for_the_whole_of_a_path():
    pledge = rows("investor company amount months chance", (-1, 0, 12e6, 12.0, 0.25))
    found = run(world(company=rows("cash", (1e6,)), pledge=pledge), months=12, paths=4000)
    pledged = found["company.pledged"][:, :, 0]
    assert set(pledged.sum(axis=1).round(3)) == {0.0, 12e6}
    assert (pledged > 0).any(axis=1).mean() == pytest.approx(0.25, abs=5 * np.sqrt(0.25 * 0.75 / 4000))


def test_tranches_come_in_their_months_and_not_while_money_is_shut():
    """12m in four tranches from month 3 on; in a shut market that which says so pays nothing."""
    names = "investor company amount first_month months unless_shut"
    pledge = rows(names, (-1, 0, 12e6, 3.0, 4.0, 0.0), (-1, 1, 12e6, 3.0, 4.0, 1.0))
    inputs = world(company=rows("cash", (1e6,), (1e6,)), pledge=pledge, market=[STILL])
    found = run(inputs, months=8)["company.pledged"][0]
    np.testing.assert_allclose(found, np.array([[0, 0, 3e6, 3e6, 3e6, 3e6, 0, 0]] * 2).T)
    inputs["market.regime"][:] = 2.0
    inputs["market.shut_to_open"][:] = inputs["market.shut_to_normal"][:] = 0.0
    found = run(inputs, months=8)["company.pledged"][0]
    assert found.sum(axis=0).tolist() == [12e6, 0.0]


def test_tranches_whose_conditions_are_apart_fall_apart():
    """As with a round of which a part hangs on a restructuring: one half is sure, of the other nothing or all comes."""
    pledge = rows(
        "investor company amount first_month chance", (-1, 0, 12e6, 2.0, 1.0), (-1, 0, 10e6, 2.0, 0.7)
    )
    pledged = run(world(company=rows("cash", (1e6,)), pledge=pledge), months=3, paths=2000)["company.pledged"]
    assert set(pledged[:, 1, 0].round(3)) == {12e6, 22e6}
    met = (pledged[:, 1, 0] > 12e6).mean()
    assert met == pytest.approx(0.7, abs=5 * np.sqrt(0.7 * 0.3 / 2000))
    assert (pledged[:, [0, 2], 0] == 0).all()


def test_a_public_company_sells_shares_up_to_a_share_of_its_value():
    """5m a month at ten times yearly sales: 600m; a tenth at a discount of 10 % is 54m, more than is needed."""
    market = {"equity_normal": 1.0, "equity_share": 0.1, "equity_discount_normal": 0.1}
    inputs = burners(1, market)
    inputs["company.public"][:] = 1.0
    inputs["company.equity_runway"][:] = 3.0
    found = run(inputs, months=12)
    # 3m less 1m a month is below three months of burn in month 2, then 8 - k m is in month 8.
    expected = np.zeros(12)
    expected[[1, 7]] = 6e6
    np.testing.assert_allclose(found["company.raised"][0, :, 0], expected, rtol=1e-9)
    inputs["market.equity_share"][:] = 2e6 / 540e6
    found = run(inputs, months=3)
    np.testing.assert_allclose(found["company.raised"][0, :, 0], [0.0, 2e6, 0.0], rtol=1e-9)


def test_public_shares_sell_by_regime_and_window():
    chances = {"equity_normal": 0.8, "equity_closed": 0.5, "window_opens_normal": 0.0, "listing": 0.0}
    inputs = burners(1, chances)
    inputs["company.public"][:] = 1.0
    inputs["company.equity_runway"][:] = 120.0
    found = run(inputs, months=2, paths=4000)
    sold = (found["company.raised"][:, 1, 0] > 0).mean()
    assert sold == pytest.approx(0.4, abs=5 * np.sqrt(0.4 * 0.6 / 4000))


def test_without_public_shares_rounds_are_tried():
    inputs = burners(1, {"equity_normal": 0.0})
    inputs["company.public"][:] = 1.0
    inputs["company.equity_runway"][:] = 6.0
    assert run(inputs, months=12).failed_month[0, 0] > 0
    assert run(off(inputs, "public-equity"), months=12).failed_month[0, 0] == 0


@pytest.mark.parametrize(("last", "down"), [(601e6, 1.0), (599e6, 0.0)])
def test_a_round_below_the_last_valuation_is_a_down_round(last, down):
    """A fair value of 600m; the round itself goes through and sets the new mark, with what it brings."""
    inputs = burners(1, {})
    inputs["company.last_valuation"][:] = last
    found = run(inputs, months=3)
    np.testing.assert_allclose(found["company.down_rounds"][0, :, 0], [0.0, down, down])
    np.testing.assert_allclose(found["company.last_valuation"][0, 1:, 0], 606e6, rtol=1e-9)


APP, LAB = 0, 1


def test_a_dead_app_takes_revenue_from_its_lab_and_that_the_lab_s_next_round():
    """The app pays five of the six millions that the lab sells a month, and fails in month 4."""
    growing = STILL | {"odds_normal": 10.0, "odds_growth": 20.0, "odds_burn": 0.0, "odds_price": 0.0}
    names = "cash fixed_cost round_runway round_months round_share valuation_multiple"
    inputs = world(
        company=rows(names, (3.5e6, 1e6, 0.0, 6.0, 1.0, 10.0), (10e6, 7e6, 12.0, 6.0, 1.0, 10.0)),
        segment=rows("seller revenue", (APP, 5e6), (LAB, 1e6)),
        contract=rows("customer supplier usage", (APP, LAB, 5e6)),
        market=[growing],
    )
    found = run(inputs, months=24)
    assert found.failed_month[0, APP] == 4
    raised = found["company.raised"][0, :, LAB]
    assert raised[:4].sum() > 0
    # A round looks at the growth of the month before: that of month 5 still comes.
    assert (raised[5:] == 0).all()
    assert 4 < found.failed_month[0, LAB] < 24
    without = run(off(inputs, "growth-round"), months=24)
    assert without.failed_month[0].tolist() == [4, 0]
    assert without["company.raised"][0, 5:, LAB].sum() > 0


@pytest.mark.parametrize("last", [1.0 + 2.0**-50, 1.0 + 1e-12])
def test_a_last_bit_is_no_down_round(last):
    """Fair value of 12 x 5e6 x 10 in month 2, and a last valuation above it by a rounding."""
    inputs = burners(1, {})
    inputs["company.last_valuation"][:] = 6e8 * last
    found = run(inputs, months=2)
    assert found["company.raised"][0, 1, 0] > 0.0
    assert found["company.down_rounds"][0, 1, 0] == 0.0
