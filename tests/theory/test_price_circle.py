"""How far can a lab raise its price before an app is out of cash?

The app: revenue 42m a month, input share 1.0, other cost 10m, cash 900m, three months to adjust, no
funding. Timing convention: the lab's price rises once, in month 1, and with it the bill of month 1; the app
passes its share on in the same month (`price_lag` 1); volume moves a third of the way to its new level in
month 1 already; use follows the volume of the same month; "empties its cash in 12 months" means cash below
zero at the end of month 12 or before. The table gives the smallest whole per cent that does so, exactly;
"never" means: not with any rise up to +1000 %.
"""

import math

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

REVENUE, OTHER_COST, CASH, MONTHS = 42e6, 10e6, 900e6, 12
NEVER = math.inf
HIGHEST = 10.0
# pass-through, elasticity, smallest rise in per cent without commitment, and with 90 % take-or-pay
TABLE = [
    (0.0, 0.3, 155, 155),
    (0.0, 2.0, 155, 155),
    (0.5, 0.3, 406, 290),
    (0.5, 1.1, NEVER, 195),
    (0.7, 2.0, NEVER, 155),
    (1.0, 1.1, NEVER, 213),
]
CELLS = [
    (*row[:2], committed, row[2 + column]) for row in TABLE for column, committed in enumerate((0.0, 0.9))
]


def recursion(rise: float, pass_through: float, elasticity: float, committed: float) -> bool:
    """Whether the app runs out, by the two formulas of price and demand."""
    cash, volume, price = CASH, 1.0, 1.0 + pass_through * rise
    for _ in range(MONTHS):
        volume += (price**-elasticity - volume) / 3.0
        cash += REVENUE * price * volume - REVENUE * (1.0 + rise) * max(volume, committed) - OTHER_COST
        if cash < 0:
            return True
    return False


def app(rises: np.ndarray, pass_through: float, elasticity: float, committed: float) -> dict[str, np.ndarray]:
    """The app and its lab, one draw for every rise."""
    inputs = world(
        company=rows("cash fixed_cost pass_through", (CASH, OTHER_COST, pass_through), (1e12, None, None)),
        segment=rows("seller revenue elasticity adjust_months", (0, REVENUE, elasticity, 3.0)),
        contract=rows("customer supplier usage", (0, 1, REVENUE)),
        commitment=rows("contract amount", (0, committed * REVENUE)),
    )
    return inputs | {"company.price_step": np.stack([np.zeros_like(rises), rises], axis=1)}


def model(rise: float, pass_through: float, elasticity: float, committed: float) -> bool:
    """Whether the app runs out, by the real run."""
    found = run(app(np.array([rise]), pass_through, elasticity, committed), months=MONTHS, only=[])
    return bool(found.failed_month[0, 0])


def smallest_rise(empties, *case: float) -> float:
    """Bisection on the rise; the answer is monotone where there is one."""
    low, high = 0.0, HIGHEST
    if not empties(high, *case):
        return NEVER
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if empties(middle, *case) else (middle, high)
    return high


@pytest.mark.parametrize("empties", [recursion, model])
@pytest.mark.parametrize(("pass_through", "elasticity", "committed", "wanted"), CELLS)
def test_the_smallest_rise_that_empties_the_app(empties, pass_through, elasticity, committed, wanted):
    found = smallest_rise(empties, pass_through, elasticity, committed)
    assert (found if found == NEVER else math.ceil(100.0 * found)) == wanted


@pytest.mark.parametrize(("pass_through", "elasticity", "committed"), [cell[:3] for cell in CELLS])
def test_the_run_is_the_recursion(pass_through, elasticity, committed):
    """For every rise from 0 to 1000 %: out of cash or not, the same answer."""
    rises = np.linspace(0.0, HIGHEST, 501)
    found = run(app(rises, pass_through, elasticity, committed), months=MONTHS, paths=len(rises), only=[])
    wanted = [recursion(rise, pass_through, elasticity, committed) for rise in rises]
    assert (found.failed_month[:, 0] > 0).tolist() == wanted


def test_losing_users_saves_cash_when_the_price_is_near_cost():
    """Without commitment, an app that passes nothing on burns less when users leave."""
    staying, leaving = app(np.array([0.5]), 0.0, 0.0, 0.0), app(np.array([0.5]), 0.0, 0.0, 0.0)
    leaving["segment.growth"][:], leaving["segment.growth_long"][:] = -1.0, -1.0
    ends = [run(inputs, months=MONTHS)["company.cash"][0, -1, 0] for inputs in (staying, leaving)]
    assert ends[1] > ends[0]


def test_the_cause_is_the_commitment():
    """With take-or-pay, a rise between the two columns of the table fails for no other reason."""
    found = run(app(np.array([2.5]), 1.0, 1.1, 0.9), months=MONTHS, only=[])
    assert found.cause[0, 0] == "commitment"
