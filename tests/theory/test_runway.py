"""Runway: cash over burn, where burn is more than rounding."""

import numpy as np

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

BURN = "company.burn"
RUNWAY = "company.runway"
SALES = 1e6 / 3 + 2e6 / 7


def shell(cash: float, cost: float):
    """A company that sells for 1/3 and 2/7 million a month, and spends `cost`."""
    company = rows("cash fixed_cost", (cash, cost))
    return world(company=company, segment=rows("seller revenue", (0, 1e6 / 3), (0, 2e6 / 7)))


def test_flows_that_cancel_but_for_rounding_burn_nothing():
    found = run(shell(2e-9, SALES + 1e-10), months=3, only=[BURN, RUNWAY, "company.net_cash_flow"])
    assert (found["company.net_cash_flow"] < 0.0).all(), "a loss, of a few roundings"
    assert (found[BURN] == 0.0).all()
    assert (found[RUNWAY] == 120.0).all()


def test_a_dollar_of_burn_is_burn():
    found = run(shell(10.0, SALES + 1.0), months=3, only=[BURN, RUNWAY])
    np.testing.assert_allclose(found[BURN][0, :, 0], 1.0, rtol=1e-6)
    np.testing.assert_allclose(found[RUNWAY][0, :, 0], [9.0, 8.0, 7.0], rtol=1e-6)
