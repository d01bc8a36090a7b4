"""Part of a dollar of debt that failed: of what was owed before, on both sides."""

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run

STILL = {f"normal_to_{other}": 0.0 for other in ("open", "shut")}


def shares(scale=1.0, cost=10e6):
    """One fails in month 3 and owes 10 m then; another repays 4 m a month of 60 m; a third fails in month 5."""
    inputs = world(
        company=rows("cash fixed_cost", (2.5 * cost, cost), (1e12, 0.0), (4.5 * cost, cost), (1e12, 0.0)),
        loan=rows(
            "borrower lender balance maturity amortisation",
            (0, 3, 10e6 * scale, 120.0, 0.0),
            (1, 3, 60e6 * scale, 15.0, 1.0),
            (2, -1, 20e6 * scale, 120.0, 0.0),
        ),
        market=[STILL],
    )
    return run(inputs, months=8)


def test_debts_of_the_failed_over_all_debts_before_each_failure():
    """In month 3 52 m are left of the 60: 10 of 82 fail; in month 5 44 m: 20 of 64 of the rest."""
    found = shares()
    assert found.failed_month.tolist() == [[3, 0, 5, 0]]
    first = 10.0 / 82.0
    second = first + (1.0 - first) * 20.0 / 64.0
    wanted = [0.0, 0.0, first, first, second, second, second, second]
    np.testing.assert_allclose(found["market.failed_share"][0, :, 0], wanted, rtol=1e-12)


@pytest.mark.parametrize("scale", [2.0, 10.0, 0.1])
def test_more_debt_of_everybody_does_not_change_it(scale):
    np.testing.assert_allclose(
        shares(scale)["market.failed_share"], shares()["market.failed_share"], rtol=1e-12
    )


def test_it_is_the_share_of_the_start_where_nothing_else_changes():
    """Debts of 10, 30 and 60 m that nobody repays: 10, then 30 more of the hundred."""
    inputs = world(
        company=rows("cash fixed_cost", (2.5, 1.0), (4.5, 1.0), (1e12, 0.0)),
        loan=rows(
            "borrower lender balance maturity",
            *((i, -1, debt, 120.0) for i, debt in enumerate((1e7, 3e7, 6e7))),
        ),
        market=[STILL],
    )
    found = run(inputs, months=6)["market.failed_share"][0, :, 0]
    np.testing.assert_allclose(found, [0.0, 0.0, 0.1, 0.1, 0.4, 0.4], rtol=1e-12)


def test_what_was_drawn_since_the_start_counts_on_both_sides():
    """Who owed nothing at the start and drew 30 m fails, beside 70 m of somebody else."""
    inputs = world(
        company=rows("cash fixed_cost", (2.5, 1.0), (1e12, 0.0)),
        fleet=rows("owner capex committed", (0, 30e6, 1.0)),
        loan=rows(
            "borrower lender balance undrawn draw_share maturity",
            (0, -1, 0.0, 30e6, 1.0, 120.0),
            (1, -1, 70e6, 0.0, None, 120.0),
        ),
        market=[STILL],
    )
    found = run(inputs, months=2)
    assert found.failed_month[0, 0] == 2
    np.testing.assert_allclose(found["market.failed_share"][0, :, 0], [0.0, 0.3], rtol=1e-12)
