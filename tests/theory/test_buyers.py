"""Sales alone: how many buyers are left at a price, and what holders get of it, by class."""

import numpy as np
import pytest

from spec.doors import Door
from spec.world import OUTSIDE
from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.oracle.programs import door_arrays

PAYS = (10e6, 20e6, 30e6, 40e6)
TARGET, FUND = 0, len(PAYS) + 1


def sale(price: float, *, hazard: float = 0.0, cash: float = 1e9, stake: list[dict] | None = None):
    """One month in which a start-up is for sale at a price; four companies would pay 10 to 40 million."""
    inputs = world(
        company=rows("cash", (1e6,), *[(cash,)] * len(PAYS), (1e6,)),
        segment=rows("seller revenue", (TARGET, 1e6)),
        stake=stake or [],
    )
    buyers = tuple((k + 1, pays) for k, pays in enumerate(PAYS))
    door = Door(TARGET, "acquire", 1.0, hazard, price=price, buyers=buyers)
    return run(inputs, months=1, rules=door_arrays([door]))


@pytest.mark.parametrize(
    ("price", "left"), [(5e6, 4), (10e6, 4), (10.1e6, 3), (25e6, 2), (40e6, 1), (41e6, 0)]
)
def test_fewer_buyers_are_left_at_a_higher_price(price, left):
    """A buyer is willing up to what it would pay; all are counted, whether a deal comes or not."""
    assert sale(price)["company.buyers"][0, 0, TARGET] == left
    found = sale(price, hazard=1.0)
    assert (found.exit_month[0, TARGET] == 1) == (left > 0)


@pytest.mark.parametrize(("cash", "left"), [(10e6, 4), (9e6, 0)])
def test_who_has_not_the_money_is_no_buyer(cash, left):
    """All four are willing at 10 million."""
    assert sale(10e6, cash=cash)["company.buyers"][0, 0, TARGET] == left


def test_buyers_outside_are_able():
    inputs = world(company=rows("cash", (1e6,)), segment=rows("seller revenue", (0, 1e6)))
    door = Door(0, "acquire", 1.0, 0.0, price=5e6, buyers=((OUTSIDE, 5e6),))
    assert run(inputs, months=1, rules=door_arrays([door]))["company.buyers"][0, 0, 0] == 1


@pytest.mark.parametrize("price", [4e6, 12e6, 39e6])
@pytest.mark.parametrize("preference", [0.0, 6e6])
def test_a_preference_is_paid_before_common_shares(price, preference):
    """The fund holds a tenth: it takes its preference, as far as the price goes, or a tenth of the price, if that is more."""
    stake = rows("holder issuer fraction preference", (FUND, TARGET, 0.1, preference))
    found = sale(price, hazard=1.0, stake=stake)
    paid = found["company.cash"][0, 0, FUND] - 1e6
    assert paid == pytest.approx(max(0.1 * price, min(preference, price)), rel=1e-12)
    assert found["company.deal_flow"][0, 0, FUND] == pytest.approx(paid, rel=1e-12)


def test_preferences_beyond_the_price_share_it():
    stake = rows("holder issuer fraction preference", (FUND, TARGET, 0.1, 6e6), (-1, TARGET, 0.2, 18e6))
    found = sale(12e6, hazard=1.0, stake=stake)
    np.testing.assert_allclose(found["company.cash"][0, 0, FUND] - 1e6, 12e6 * 6 / 24, rtol=1e-12)
