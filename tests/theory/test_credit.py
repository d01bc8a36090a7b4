"""Terms of lenders against hand recursions: spreads for leverage, walls, standby loans, convertibles, tightening."""

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.theory.test_funding import SURE, burners, off

STILL = {"normal_to_open": 0.0, "normal_to_shut": 0.0, "base_rate": 0.04, "spread_normal": 0.01}
# A company worth 120m (1m a month at ten times yearly sales) that owes 180m: leverage 1.5.
OWES = 180e6


def levered(market: dict, names: str, *values: float) -> dict[str, np.ndarray]:
    """A rich company of known leverage with one loan from outside."""
    return world(
        company=rows("cash valuation_multiple", (1e9, 10.0)),
        segment=rows("seller revenue", (0, 1e6)),
        loan=rows(f"borrower lender balance {names}", (0, -1, OWES, *values)),
        market=[STILL | market],
    )


def test_a_floating_loan_pays_for_leverage():
    """5 % on each unit of leverage above a half: 5 points on top, at most 3 if so said."""
    inputs = levered({"spread_leverage": 0.05, "leverage_free": 0.5}, "floating maturity", 1.0, 99.0)
    found = run(inputs, months=3)
    np.testing.assert_allclose(found["company.leverage"][0, :, 0], 1.5, rtol=1e-12)
    np.testing.assert_allclose(found["loan.margin"][0, :, 0], 0.05, rtol=1e-12)
    np.testing.assert_allclose(found["loan.interest"][0, :, 0], OWES * 0.10 / 12, rtol=1e-12)
    inputs["market.spread_most"][:] = 0.03
    np.testing.assert_allclose(run(inputs, months=3)["loan.interest"][0, :, 0], OWES * 0.08 / 12, rtol=1e-12)
    free = run(off(inputs, "leverage-spread"), months=3)
    np.testing.assert_allclose(free["loan.interest"][0, :, 0], OWES * 0.05 / 12, rtol=1e-12)


def test_a_refinanced_loan_takes_the_spread_of_the_day():
    """A loan at 6 % fixed pays 5 points more from the month after it is refinanced, in month 2."""
    inputs = levered(
        {"spread_leverage": 0.05, "leverage_free": 0.5},
        "rate maturity refinance_chance refinance_months",
        *(0.06, 2.0, 1.0, 50.0),
    )
    found = run(inputs, months=4)
    np.testing.assert_allclose(
        found["loan.interest"][0, :, 0], OWES * np.array([0.06, 0.06, 0.11, 0.11]) / 12, rtol=1e-12
    )


@pytest.mark.parametrize(
    ("market", "chance"),
    [
        ({}, 0.8),
        ({"refinance_leverage": 0.7}, 0.8 * np.exp(-0.7)),
        ({"spread_leverage": 0.05, "refinance_spread": 20.0}, 0.8 * np.exp(-1.0)),
    ],
)
def test_a_wall_is_harder_to_climb_with_leverage(market: dict, chance: float):
    """One unit of leverage above what is free, and a spread of 5 points above normal."""
    inputs = levered(market | {"leverage_free": 0.5}, "maturity refinance_chance", 1.0, 0.8)
    done = run(inputs, months=1, paths=6000)["loan.principal"][:, 0, 0] == 0
    assert done.mean() == pytest.approx(chance, abs=5 * np.sqrt(0.25 / 6000))


def test_a_standby_loan_restores_runway():
    """Cash of 3m, burn of 1m: from month 3 on, with less than two months left, it draws what makes them two."""
    names = "borrower lender balance undrawn maturity draw_runway"
    inputs = burners(1, {}, loan=rows(names, (0, -1, 0.0, 2.5e6, 99.0, 2.0)))
    inputs["company.round_runway"][:] = 0.0
    found = run(inputs, months=8)
    np.testing.assert_allclose(found["company.borrowed"][0, :, 0], [0, 0, 1e6, 1e6, 0.5e6, 0, 0, 0])
    assert found.failed_month[0, 0] == 6
    # What is borrowed is new money: burn stays what it is.
    np.testing.assert_allclose(found["company.burn"][0, :5, 0], 1e6, rtol=1e-12)
    without = run(off(inputs, "standby-loans"), months=8)
    assert without.failed_month[0, 0] == 4


def test_a_standby_loan_is_not_drawn_when_it_would_matter_most():
    names = "borrower lender balance undrawn maturity draw_runway draw_unless_shut max_leverage"
    burning = burners(1, {}, loan=rows(names, (0, -1, 0.0, 9e6, 99.0, 2.0, 1.0, None)))
    burning["company.round_runway"][:] = 0.0
    assert run(burning, months=6).failed_month[0, 0] == 0
    shut = burning | {"market.regime": np.array([[2.0]]), "market.shut_to_open": np.array([[0.0]])}
    shut["market.shut_to_normal"] = np.array([[0.0]])
    assert run(shut, months=6).failed_month[0, 0] == 4
    # Worth 600m: the second draw of 1m is refused where a debt of 1m is too much.
    tight = burning | {"loan.max_leverage": np.array([[0.9e6 / 600e6]])}
    assert run(tight, months=9)["company.borrowed"][0].sum() == pytest.approx(1e6)


def test_a_convertible_becomes_equity_at_the_next_round():
    """A round in month 2: the balance is gone without cash, and the lender writes nothing off."""
    names = "borrower lender balance maturity converts"
    inputs = burners(2, SURE, loan=rows(names, (0, 1, 4e6, 99.0, 1.0)))
    inputs["company.cash"][0] = [3e6, 50e6]
    found = run(inputs, months=3)
    np.testing.assert_array_equal(found["loan.balance"][0, :, 0], [4e6, 0.0, 0.0])
    np.testing.assert_allclose(found["company.raised"][0, 1, 0], 6e6, rtol=1e-12)
    assert found["company.losses"].sum() == 0
    inputs["loan.converts"][:] = 0.0
    plain = run(inputs, months=3)
    np.testing.assert_array_equal(plain["loan.balance"][0, :, 0], 4e6)
    np.testing.assert_array_equal(plain["company.cash"], found["company.cash"])


def tight_lender(market: dict) -> dict[str, np.ndarray]:
    """A lender who loses 20m of the 80m it can bear in month 1, and lends to a rich borrower."""
    lender, rich, bad = range(3)
    return world(
        company=rows("cash fixed_cost loss_capacity", (1e9, 0.0, 80e6), (1e9, 0.0, None), (0.0, 1e6, None)),
        loan=rows(
            "borrower lender balance undrawn draw_share floating maturity refinance_chance",
            (bad, lender, 20e6, None, None, None, 99.0, None),
            (rich, lender, 60e6, 40e6, 1.0, 1.0, 99.0, None),
        ),
        fleet=rows("owner capex committed", (rich, 4e6, 1.0)),
        market=[STILL | market],
    )


def test_a_lender_that_lost_lends_less_and_asks_for_more():
    inputs = tight_lender({"tightening": 2.0, "tightening_spread": 0.08})
    found = run(inputs, months=3)
    assert found["company.losses"][0, 0, 0] == pytest.approx(20e6)
    np.testing.assert_allclose(found["company.drawn"][0, :, 1], [4e6, 2e6, 2e6], rtol=1e-12)
    np.testing.assert_allclose(found["loan.margin"][0, :, 1], [0.0, 0.02, 0.02], rtol=1e-12)
    free = run(off(inputs, "lender-tightening"), months=3)
    np.testing.assert_allclose(free["company.drawn"][0, :, 1], 4e6, rtol=1e-12)
    assert (free["loan.margin"] == 0).all()


def test_growth_of_costs_fades():
    """From 60 % a year to 10 %, half the gap in six months."""
    names = "cash fixed_cost fixed_cost_growth fixed_cost_growth_long cost_growth_half_life"
    names += " discretionary_cost discretionary_growth"
    inputs = world(company=rows(names, (1e12, 1e6, 0.6, 0.1, 6.0, 1e6, 0.4)))
    found = run(inputs, months=24)
    t = np.arange(24)
    for name, now, long in (("costs", 0.6, 0.1), ("discretionary", 0.4, 0.0)):
        growth = long + (now - long) * 0.5 ** (t / 6.0)
        expected = 1e6 * np.exp(np.cumsum(growth) / 12.0)
        np.testing.assert_allclose(found[f"company.{name}"][0, :, 0], expected, rtol=1e-12)
    inputs["company.cost_growth_half_life"][:] = 0.0
    steady = run(inputs, months=24)["company.costs"][0, :, 0]
    np.testing.assert_allclose(steady, 1e6 * np.exp(0.6 * (t + 1) / 12.0), rtol=1e-12)


def contract_loan(**terms: float) -> dict[str, np.ndarray]:
    """A cloud builds for half of what a tenant has committed for 14 months, and draws four fifths of it a month later."""
    return world(
        company=rows("cash", (1e9,), (1e12,)),
        contract=rows("customer supplier usage follows", (1, 0, 0.0, 2.0)),
        commitment=rows("contract amount first_month last_month", (0, 6e6, 1.0, 14.0)),
        fleet=rows("owner capex_of_backlog committed", (0, 0.5, 1.0)),
        loan=[
            {
                "borrower": 0,
                "lender": -1,
                "balance": 0.0,
                "undrawn": 24e6,
                "maturity": 99.0,
                "draw_share": 0.8,
            }
            | terms
        ],
    )


def test_a_delayed_draw_loan_follows_the_contract_a_month_late_up_to_its_limit():
    found = run(contract_loan(), months=16)
    capex = 0.5 * 6e6 * np.clip(15 - np.arange(1, 17), 0, 12) / 12
    np.testing.assert_allclose(found["company.capex"][0, :, 0], capex, rtol=1e-12)
    wanted = 0.8 * np.concatenate([capex[:1], capex[:-1]])
    drawn = np.minimum(wanted, np.maximum(0.0, 24e6 - np.concatenate([[0.0], np.cumsum(wanted)[:-1]])))
    np.testing.assert_allclose(found["company.drawn"][0, :, 0], drawn, rtol=1e-9, atol=1e-3)
    np.testing.assert_allclose(found["loan.balance"][0, :, 0], np.cumsum(drawn), rtol=1e-9)


def test_without_the_contract_or_the_share_nothing_is_drawn():
    assert (run(contract_loan(draw_share=0.0), months=6)["company.drawn"] == 0).all()
    inputs = contract_loan()
    inputs["commitment.amount"][:] = 0.0
    assert (run(inputs, months=6)["company.drawn"] == 0).all()


def test_a_delayed_draw_loan_may_end_where_funding_does():
    """Nothing is drawn of it while funding is shut, if it says so."""
    shut = contract_loan(draw_unless_shut=1.0)
    shut["market.regime"][:] = 2.0
    for name in ("shut_to_open", "shut_to_normal"):
        shut[f"market.{name}"][:] = 0.0
    assert (run(shut, months=6)["company.drawn"] == 0).all()
