"""The month of a failure and those after it, and other places where the page of the model must say exactly what holds."""

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

REGIMES = ("open", "normal", "shut")
STILL = {f"{one}_to_{other}": 0.0 for one in REGIMES for other in REGIMES if one != other}
APP, LAB, SHOP = range(3)
MONTHS = 6
FAILS = 2  # place of month 3


@pytest.fixture(scope="module")
def found():
    """The app burns 8.6 m of 20 m a month, but for a million of new money, and fails in month 3."""
    leverage = {"leverage_free": 0.0, "spread_leverage": 0.1, "spread_most": 1.0}
    return run(
        world(
            company=rows(
                "cash fixed_cost discretionary_cost", (20e6, 8e6, 1e6), (1e9, None, None), (1e9, None, None)
            ),
            segment=rows("seller revenue", (APP, 1e6), (SHOP, 5e6)),
            contract=rows("customer supplier usage follows", (APP, LAB, 1e6, 1.0), (SHOP, APP, 0.5e6, None)),
            loan=rows(
                "borrower lender balance rate maturity floating min_cash cure_months",
                (APP, LAB, 10e6, 0.06, 60.0, 1.0, 19e6, 24.0),
            ),
            fleet=rows("owner cost", (APP, 36e6)),
            pledge=rows("investor company amount months", (-1, APP, 12e6, 12.0)),
            market=[STILL | leverage],
        ),
        months=MONTHS,
    )


def of(found, name):
    entity, _, _ = name.partition(".")
    return found[name][0, :, APP if entity == "company" else 0]


def test_it_fails_in_the_third_month(found):
    assert found.failed_month[0, APP] == FAILS + 1


def test_its_cash_flow_is_all_its_cash(found):
    """Cash goes to nothing: net cash flow is that, less the new money of the month."""
    cash, flow = of(found, "company.cash"), of(found, "company.net_cash_flow")
    assert flow[FAILS] == -(cash[FAILS - 1] + 1e6)
    assert (flow[FAILS + 1 :] == 0.0).all()


@pytest.mark.parametrize(
    "name",
    ["depreciation", "used", "research", "interest", "debt_service", "bills", "costs", "activity", "profit"],
)
def test_what_has_accrued_stays_in_the_month_of_failure(found, name):
    series = of(found, f"company.{name}")
    if name == "profit":
        spent = sum(
            of(found, f"company.{each}")[FAILS] for each in ("costs", "bills", "discretionary", "interest")
        )
        assert series[FAILS] == pytest.approx(of(found, "company.revenue")[FAILS] - spent - 36e6 / 72)
    elif name in {"interest", "debt_service"}:
        dearer = found["loan.margin"][0, FAILS, 0] - found["loan.margin"][0, 0, 0]
        assert series[FAILS] - series[0] == pytest.approx(10e6 * dearer / 12)
    else:
        assert series[FAILS] == series[FAILS - 1] != 0.0
    assert (series[FAILS + 1 :] == 0.0).all()


@pytest.mark.parametrize(
    "name", ["company.cash", "company.runway", "company.burn", "company.discretionary", "company.growth"]
)
def test_what_is_gone_at_once(found, name):
    assert (of(found, name)[FAILS:] == 0.0).all()


@pytest.mark.parametrize("name", ["depreciation", "capacity", "book_value", "value"])
def test_its_fleets_are_gone_at_once(found, name):
    series = found[f"fleet.{name}"][0, :, 0]
    assert series[FAILS - 1] > 0.0
    assert (series[FAILS:] == 0.0).all()


def test_its_loans_are_forgotten_but_for_the_margin_of_the_month(found):
    """The margin is what interest of the month of failure was charged at."""
    breach, margin = found["loan.breach"][0, :, 0], found["loan.margin"][0, :, 0]
    assert breach[FAILS - 1] > 0.0
    assert (breach[FAILS:] == 0.0).all()
    assert margin[FAILS] > 0.0
    assert (margin[FAILS + 1 :] == 0.0).all()
    assert (found["loan.waiver"] == 0.0).all()


def test_a_fixed_rate_takes_its_new_margin_from_the_month_after_it_is_refinanced():
    """Debt of a tenth of the value, at 0.1 a unit: a hundredth more, from month 3 on."""
    inputs = world(
        company=rows("cash valuation_multiple growth_premium", (1e9, 10.0, 0.0)),
        segment=rows("seller revenue", (0, 1e6)),
        loan=rows(
            "borrower lender balance rate maturity refinance_chance refinance_months",
            (0, -1, 12e6, 0.06, 2.0, 1.0, 24.0),
        ),
        market=[STILL | {"leverage_free": 0.0, "spread_leverage": 0.1, "spread_most": 1.0}],
    )
    found = run(inputs, months=4)
    np.testing.assert_allclose(found["loan.margin"][0, :, 0], [0.0, 0.01, 0.01, 0.01], rtol=1e-12)
    np.testing.assert_allclose(found["loan.interest"][0, :, 0], [60e3, 60e3, 70e3, 70e3], rtol=1e-12)


def test_lenders_refuse_a_share_of_what_is_asked_before_the_line_is_spent():
    """Half of the lender's capacity is lost, so it refuses a quarter of 16 m: 12 m, of which the line has 10 m."""
    inputs = world(
        company=rows("cash lending_capacity", (1e9, None), (1e9, 20e6), (1.0, None)),
        fleet=rows("owner capex committed", (0, 16e6, 1.0)),
        loan=rows(
            "borrower lender balance undrawn draw_share maturity",
            (0, 1, 0.0, 10e6, 0.0, 60.0),
            (2, 1, 10e6, None, None, 1.0),
        ),
        market=[STILL | {"tightening": 0.5}],
    )
    inputs["loan.draw_share"][0, 0] = 1.0
    inputs["loan.refinance_chance"][0, 1] = 0.0
    found = run(inputs, months=2)
    drawn = found["company.drawn"][0, :, 0]
    assert drawn[0] == 10e6, "before the loss the line is spent at once"
    inputs["loan.undrawn"][0, 0] = 22e6
    drawn = run(inputs, months=2)["company.drawn"][0, :, 0]
    np.testing.assert_allclose(drawn, [16e6, 6e6], rtol=1e-9)
    inputs["loan.undrawn"][0, 0] = 100e6
    drawn = run(inputs, months=2)["company.drawn"][0, :, 0]
    np.testing.assert_allclose(drawn, [16e6, 12e6], rtol=1e-6)


def test_what_a_line_lacks_is_missing_of_the_standby_part():
    """Capex asks for 3 m, and 12 months of a burn of 1 m less 9 m of cash for 3 m more; 5 m are left in month 2."""
    inputs = world(
        company=rows("cash fixed_cost", (10e6, 1e6)),
        fleet=rows("owner capex committed", (0, 3e6, 1.0)),
        loan=rows(
            "borrower lender balance undrawn draw_share draw_runway maturity",
            (0, -1, 0.0, 8e6, 1.0, 12.0, 60.0),
        ),
        market=[STILL],
    )
    found = run(inputs, months=3)
    assert found["company.drawn"][0, :, 0].tolist() == [3e6, 3e6, 0.0]
    assert found["company.borrowed"][0, :, 0].tolist() == [0.0, 2e6, 0.0]


def test_the_loss_on_a_loan_is_net_of_what_its_guarantor_pays_out_of_its_cash():
    inputs = world(
        company=rows("cash", (0.0,), (1e9,), (1e9,)),
        loan=rows(
            "borrower lender guarantor balance maturity guaranteed refinance_chance",
            (0, 1, 2, 10e6, 1.0, 0.6, 0.0),
        ),
        market=[STILL],
    )
    found = run(inputs, months=1)
    np.testing.assert_allclose(found["loan.loss"][0, 0], [4e6])
    np.testing.assert_allclose(found["company.losses"][0, 0], [0.0, 4e6, 6e6])
    np.testing.assert_allclose(found["company.cash"][0, 0], [0.0, 1e9 + 6e6, 1e9 - 6e6])


def test_a_loan_under_water_in_a_cascade_fails_its_borrower_by_covenant_and_through_nobody():
    inputs = world(
        company=rows("cash fixed_cost", (1e6, 2e6), (5e6, None)),
        fleet=rows("owner cost", (0, 100e6), (1, 40e6)),
        loan=rows(
            "borrower lender balance maturity fleet_collateral max_ltv cure_months",
            (1, -1, 25e6, 60.0, 1.0, 0.9, 0.0),
        ),
        market=[STILL | {"depth_gpu": 50e6}],
    )
    found = run(inputs, months=2)
    assert found.failed_month.tolist() == [[1, 1]]
    assert found.cause.tolist() == [["cash", "covenant"]]
    assert found.trigger.tolist() == [[-1, -1]]


def test_after_a_workout_the_loan_was_called_and_nothing_is_due_by_it():
    """The flag of the loan says what happened; what is due by acceleration is nothing, as lenders wait."""
    inputs = world(
        company=rows("cash fixed_cost", (20e6, 1e6), (1e9, None)),
        segment=rows("seller revenue", (0, 1e6)),
        loan=rows("borrower lender balance maturity min_cash", (0, 1, 30e6, 60.0, 25e6)),
        market=[STILL | {"workout_normal": 1.0, "workout_months": 12.0}],
    )
    found = run(inputs, months=4)
    assert found["loan.accelerated"][0, :, 0].tolist() == [0.0, 0.0, 1.0, 0.0]
    assert (found["company.accelerated"] == 0.0).all()
    assert (found["company.maturing"] == 0.0).all()
    assert found["loan.waiver"][0, :, 0].tolist() == [0.0, 0.0, 15.0, 15.0]
    assert found["loan.maturity"][0, :, 0].tolist() == [60.0, 60.0, 15.0, 15.0]
    assert (found["loan.principal"][0, :, 0] == 0.0).all()
