"""What rounding leaves of nothing decides nothing: amounts that cancel, but not to the bit."""

import numpy as np
import pytest

from spec.month import simulate
from tests.oracle.build import rows, world
from tests.oracle.compare import differences
from tests.oracle.compiled import run

MONTHS = 36
ROUNDING = 1e-11


def both(inputs, *, months=MONTHS):
    """The compiled loop, which equals the oracle."""
    compiled = run(inputs, months=months)
    assert not differences(compiled, 0, simulate(inputs, months=months, seed=1, path=0))
    assert compiled.imbalance <= 1e-12
    return compiled


def spender(cash: float, *more: dict, **entities: list[dict]):
    """A company that spends all but the cash it keeps, on sales that grow."""
    segments = rows("seller revenue growth growth_long", (0, 1e6 / 3, 0.17, 0.17))
    company = {"cash": cash, "minimum_cash": cash, "fixed_cost": 1e5 / 7, "discretionary_cost": 1e9}
    return world(company=[company, *more], segment=segments, **entities)


@pytest.mark.parametrize("lacks", [-ROUNDING / 10, 0.0, ROUNDING / 10, 100 * ROUNDING])
def test_a_shortfall_is_more_than_a_rounding_of_what_moves(lacks):
    """Sales of 1 and costs of 1, and a little more: both are paid and received, so 2 move in all."""
    customers = rows("cash", *[(1e9,)] * 3)
    usage = [1e6 / 3, 1e6 / 7, 1e6 / 11]
    cost = sum(reversed(usage)) * (1.0 + 2.0 * lacks)
    contracts = rows("customer supplier usage follows", *[(k + 1, 0, usage[k], 2) for k in range(3)])
    found = both(world(company=[{"cash": 0.0, "fixed_cost": cost}, *customers], contract=contracts), months=2)
    assert found.failed_month[0, 0] == (1 if lacks > ROUNDING else 0)
    assert (found["company.cash"][0, :, 0] >= 0.0).all()


@pytest.mark.parametrize("cash", [777_777.7, 1e8 / 3, 0.1 + 0.2])
def test_cash_kept_at_a_covenant_does_not_break_it(cash):
    terms = "borrower lender balance min_cash cure_months maturity"
    found = both(spender(cash, loan=rows(terms, (0, -1, 1e6, cash, 0, 100))))
    assert np.ptp(found["company.cash"][0, :, 0]) <= ROUNDING * (cash + 1e6)
    assert not found["loan.accelerated"].any()
    assert not found["loan.breach"].any()


def test_rounding_is_not_lent():
    """The lender spends all above what it keeps; what rounding leaves above that is no loan."""
    terms = "borrower lender balance undrawn draw_share maturity"
    for cash in (1e8 / 3, 777_777.7, 1e7 / 11):
        borrower = {"cash": 1e9}
        fleets = rows("owner capex committed", (1, 1e6, 1.0))
        found = both(spender(cash, borrower, loan=rows(terms, (1, 0, 0.0, 1e6, 1.0, 100)), fleet=fleets))
        assert not found["loan.balance"].any()


@pytest.mark.parametrize("cash", [777_777.7, 1e8 / 3, 1e7 / 11, 1e9 / 7])
@pytest.mark.parametrize("kept", [0.0, 1e9 / 3])
def test_what_rounding_leaves_of_cash_buys_nothing(cash, kept):
    """All cash above what is kept goes into capex: what rounding leaves of it tries no patience, month after month."""
    capex = [cash / 3, cash / 7, cash / 11, cash / 13]
    fleets = rows("owner capex ai_share", *[(0, each, 0.7) for each in capex], (1, 0.0, 1.0))
    patient = {"patience_hazard": 100.0, "patience_cut": 0.1}
    fleets[-1] |= patient
    companies = rows("cash minimum_cash", (cash + kept, kept), (1e9, 0.0))
    found = both(world(company=companies, fleet=fleets), months=6)
    assert (found["company.capex"][0, :2, 0] > 0.0).all()
    assert not found["company.capex"][0, 2:].any()
    assert not found["market.ai_capex"][0, 2:].any()
    assert found["fleet.strikes"][0, :, -1].tolist() == [1.0, 2.0, 3.0, 3.0, 3.0, 3.0]


@pytest.mark.parametrize("months", [3, 7, 11, 13])
def test_the_last_instalment_leaves_nothing(months):
    """A level payment ends in a balance of nothing, that no maturity calls."""
    terms = "borrower lender balance rate amortisation maturity refinance_chance"
    loans = rows(terms, (0, -1, 1e6 / 3, 0.07, 2, months, 0.0))
    found = both(world(company=[{"cash": 1e9}], loan=loans), months=months + 2)
    balance = found["loan.balance"][0, :, 0]
    assert (balance[: months - 1] > 0.0).all()
    assert (balance[months:] == 0.0).all()
    assert not found["company.maturing"][0, months:].any()


def test_who_gets_all_back_loses_nothing():
    """Collateral covers a failed borrower's debts: a lender that can bear no loss lives."""
    terms = "borrower lender balance rate amortisation maturity rank collateral"
    shares = [1e6 / 3, 1e6 / 7, 1e6 / 11]
    loans = rows(terms, *[(0, 1, share, 0.07, 0, 100, 2, share * 1.5) for share in shares])
    companies = rows(
        "cash fixed_cost default_cost loss_capacity", (1e5, 9e4, 0.1, None), (1e9, 0.0, 0.1, 0.0)
    )
    found = both(world(company=companies, loan=loans))
    assert found.failed_month[0].tolist() == [2, 0]
    assert found["company.losses"][0, -1, 1] == 0.0
