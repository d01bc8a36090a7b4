"""Runway that sees the end of credit lines, against hand recursions; what is raised because of it, and what is cut."""

import numpy as np
import pytest

from tests.oracle.build import world
from tests.oracle.compiled import run

RUNWAY, LINES, DRAWN = "company.runway", "company.lines", "company.smooth_drawn"
SEES = [{"sees_lines": 1.0}]
CAPEX = 10e6
NOW = {"capex_growth": 0.0, "refresh": 0.0}


def builder(line: float, *, share: float = 1.0, cash: float = 100e6, loan=None, company=None, market=None):
    """A company that builds for 10 million a month, and draws `share` of that, a month later."""
    return world(
        market=market if market is not None else SEES,
        company=[{"cash": cash, **(company or {})}],
        fleet=[{"owner": 0, "capex": CAPEX, "cost": 0.0, **NOW}],
        loan=[
            {"borrower": 0, "lender": -1, "balance": 0.0, "undrawn": line, "draw_share": share}
            | {"rate": 0.0, "maturity": 999.0}
            | (loan or {})
        ],
    )


def test_a_line_that_pays_for_everything_lasts_as_long_as_it_lasts():
    """Cash stays where it is, so that cash over burn is for ever; lines and cash last for so many months of capex."""
    found = run(builder(60e6), months=5, only=[RUNWAY, LINES, DRAWN, "company.burn", "company.cash"])
    left = 60e6 - CAPEX * np.arange(1, 6)
    np.testing.assert_allclose(found["company.cash"][0, :, 0], 100e6)
    np.testing.assert_array_equal(found["company.burn"][0, :, 0], 0.0)
    np.testing.assert_allclose(found[LINES][0, :, 0], left)
    np.testing.assert_allclose(found[DRAWN][0, :, 0], CAPEX)
    np.testing.assert_allclose(found[RUNWAY][0, :, 0], (100e6 + left) / CAPEX)


def test_it_is_the_month_in_which_the_company_runs_out_of_money():
    """Cash of 22 million lasts 4.4 months beside the line; with the line ended after a month, 62 lasts 6.2 of all capex."""
    inputs = builder(60e6, share=0.5, cash=27e6)
    inputs["fleet.committed"][:] = 1.0
    found = run(inputs, months=12, only=[RUNWAY])
    cash, line, pace = 27e6 - 5e6, 60e6 - 5e6, 5e6
    assert line / pace > cash / pace, "cash is gone before the line"
    np.testing.assert_allclose(found[RUNWAY][0, 0, 0], cash / 5e6)
    assert found.failed_month[0, 0] == 1 + 5
    short = builder(15e6, share=0.5, cash=57e6)
    short["fleet.committed"][:] = 1.0
    found = run(short, months=12, only=[RUNWAY])
    np.testing.assert_allclose(found[RUNWAY][0, 0, 0], (57e6 - 5e6 + 10e6) / CAPEX)
    assert found.failed_month[0, 0] == 1 + 7


@pytest.mark.parametrize(
    ("loan", "market"),
    [
        ({"draw_unless_shut": 1.0}, {"regime": 2.0, "shut_to_normal": 0.0, "shut_to_open": 0.0}),
        ({"maturity": 1.0}, {}),
        ({"draw_share": 0.0}, {}),
        ({"max_leverage": 1e-3, "balance": 1e6}, {}),
    ],
)
def test_a_line_that_cannot_be_drawn_is_none(loan, market):
    found = run(builder(60e6, loan=loan, market=[SEES[0] | market]), months=1, only=[LINES])
    assert found[LINES][0, 0, 0] == 0.0


def test_off_is_absent_to_the_bit():
    for line in (0.0, 60e6):
        silent, off = builder(line, market=[{}]), builder(line, market=[{"sees_lines": 0.0}])
        for name in ("company.cash", RUNWAY):
            np.testing.assert_array_equal(
                run(silent, months=9, only=[name])[name], run(off, months=9, only=[name])[name]
            )


def test_without_lines_nothing_is_seen():
    for name in (RUNWAY, "company.burn", "company.cash"):
        on, off = (builder(0.0, market=market) for market in (SEES, [{}]))
        np.testing.assert_array_equal(
            run(on, months=9, only=[name])[name], run(off, months=9, only=[name])[name]
        )


def issuer(market):
    """A public company with a line for all its capex, that sells shares below 8 months of runway, for 12 months."""
    certain = {"equity_normal": 1.0, "equity_open": 1.0, "equity_shut": 1.0, "equity_closed": 1.0}
    free = {"equity_discount_normal": 0.0, "equity_discount_open": 0.0, "equity_discount_shut": 0.0}
    inputs = builder(
        50e6,
        cash=40e6,
        market=[{**certain, **free, "equity_share": 1.0, **market}],
        company={"public": 1.0, "equity_runway": 8.0, "round_months": 12.0, "market_value": 1e12},
    )
    inputs["fleet.committed"][:] = 1.0
    return inputs


def test_shares_are_sold_before_the_line_ends_and_for_what_it_leaves_open():
    """Runway is 8 months at the end of month 1 and 7 a month later: in month 3 it raises 12 months of capex less the line."""
    found = run(issuer(SEES[0]), months=4, only=["company.raised", RUNWAY])
    np.testing.assert_allclose(found[RUNWAY][0, :2, 0], [8.0, 7.0])
    np.testing.assert_allclose(found["company.raised"][0, :, 0], [0.0, 0.0, 12 * CAPEX - 30e6, 0.0])


def test_who_takes_draws_for_income_sells_when_the_line_has_ended_and_too_little():
    """The last draw is in month 5, and burn is smoothed: shares are sold in month 8, for a burn of five ninths of capex."""
    found = run(issuer({}), months=8, only=["company.raised"])
    np.testing.assert_allclose(found["company.raised"][0, :, 0], [*[0.0] * 7, 12 * CAPEX * 5 / 9])


def test_plans_are_stretched_when_line_and_cash_end_within_the_target():
    """A line of six months and no cash above the minimum: capex falls to the part of twelve months that is paid for."""
    keeps = {"minimum_cash": 100e6, "target_runway": 12.0, "staff_cut": 0.0}
    capex = [
        run(builder(70e6, company=keeps, market=market), months=2, only=["company.capex"])["company.capex"]
        for market in (SEES, [{}])
    ]
    np.testing.assert_allclose(capex[1][0, :, 0], CAPEX)
    np.testing.assert_allclose(capex[0][0, :, 0], [CAPEX, CAPEX * 6.0 / 12.0])
