"""Published clearing vectors, paid by the whole model.

Each case becomes a world: its cash, and one loan for each liability that falls due whole in month 1 without
refinancing. A defaulter keeps the same share of cash and receipts (`1 - default_cost`), so cases with one
recovery rate for both fit. What a loan has paid is its balance less what was written off.
"""

import numpy as np
import pytest

from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.reference.cases import CLEARING, by_name

MILLION = 1e6


def liabilities(case: dict) -> list[tuple[int, int, float]]:
    """Debtor, creditor (-1 outside) and amount of every liability."""
    inside = [(i, j, amount) for i, row in enumerate(case["owed"]) for j, amount in enumerate(row)]
    outside = [(i, -1, amount) for i, amount in enumerate(case["owed_outside"])]
    return [(i, j, amount) for i, j, amount in inside + outside if amount > 0]


def as_world(case: dict) -> dict[str, np.ndarray]:
    """The case as a world in millions of dollars."""
    company = rows("cash default_cost", *[(cash * MILLION, 1.0 - case["kept"]) for cash in case["cash"]])
    loan = rows(
        "borrower lender balance maturity refinance_chance",
        *[(i, j, amount * MILLION, 1.0, 0.0) for i, j, amount in liabilities(case)],
    )
    return world(company=company, loan=loan)


@pytest.mark.parametrize("case", CLEARING, ids=by_name)
def test_the_model_pays_what_the_case_says(case):
    found = run(as_world(case), months=1)
    written_off = found["loan.loss"][0, 0] / MILLION
    paid = np.zeros(len(case["cash"]))
    for (debtor, _creditor, amount), loss in zip(liabilities(case), written_off, strict=True):
        paid[debtor] += amount - loss
    np.testing.assert_allclose(paid, case["payments"], rtol=0, atol=1e-9)
    assert np.flatnonzero(found.failed_month[0]).tolist() == case["defaults"]


@pytest.mark.parametrize("case", CLEARING, ids=by_name)
def test_the_cause_is_contagion_where_full_payment_would_have_saved(case):
    """Who falls short though everybody pays is no victim of others; all later defaulters are."""
    found = run(as_world(case), months=1)
    owed = [np.zeros(len(case["cash"])) for _ in range(2)]
    for debtor, creditor, amount in liabilities(case):
        owed[0][debtor] += amount
        if creditor >= 0:
            owed[1][creditor] += amount
    short_anyway = np.array(case["cash"]) + owed[1] < owed[0]
    for company in case["defaults"]:
        assert found.cause[0, company] == ("maturity" if short_anyway[company] else "contagion")


def test_seniority_is_absolute():
    """Reference case Seniority_only_two_layers_one_default (Elsinger 2009 without cross-holdings)."""
    loan = rows(
        "borrower lender balance rank maturity refinance_chance",
        (0, 1, 6e6, 2.0, 1.0, 0.0),
        (1, 2, 4e6, 2.0, 1.0, 0.0),
        (0, 2, 8e6, 4.0, 1.0, 0.0),
        (1, 0, 2e6, 4.0, 1.0, 0.0),
    )
    company = rows("cash default_cost", (5e6, 0.0), (1e6, 0.0), (0.0, 0.0))
    found = run(world(company=company, loan=loan), months=1)
    np.testing.assert_allclose(found["loan.loss"][0, 0], [0.0, 0.0, 7e6, 0.0], atol=1e-6)
    np.testing.assert_allclose(found["company.cash"][0, 0], [0.0, 1e6, 5e6], atol=1e-6)
    assert found.failed_month[0].tolist() == [1, 0, 0]


# Cases AOT_* (Acemoglu, Ozdaglar and Tahbaz-Salehi 2015): four banks with cash 1, costs 0.9 that rank
# first, debts of 1 to one another; the first one loses the shock. A ring spreads a small shock further than
# a complete network does.
RING = {(i, (i + 1) % 4): 1.0 for i in range(4)}
COMPLETE = {(i, j): 1.0 / 3.0 for i in range(4) for j in range(4) if i != j}
SENIOR = [
    pytest.param(RING, 0.35, [0.75, 0.85, 0.95, 1.0], id="ring, small shock"),
    pytest.param(COMPLETE, 0.35, [0.75, 1.0, 1.0, 1.0], id="complete, small shock"),
    pytest.param(RING, 0.6, [0.0, 0.1, 0.2, 0.3], id="ring, large shock"),
]


@pytest.mark.parametrize(("debts", "shock", "payments"), SENIOR)
def test_costs_rank_before_debts(debts, shock, payments):
    company = rows(
        "cash fixed_cost default_cost", (1e6 * (1.0 - shock), 0.9e6, 0.0), *[(1e6, 0.9e6, 0.0)] * 3
    )
    loan = rows(
        "borrower lender balance maturity refinance_chance",
        *[(i, j, 1e6 * b, 1.0, 0.0) for (i, j), b in debts.items()],
    )
    found = run(world(company=company, loan=loan), months=1)
    written_off = np.zeros(4)
    np.add.at(written_off, [i for i, _ in debts], found["loan.loss"][0, 0] / MILLION)
    np.testing.assert_allclose(1.0 - written_off, payments, atol=1e-9)
    assert (found.failed_month[0] > 0).tolist() == [payment < 1.0 for payment in payments]


def test_a_network_of_forty():
    """Case generated_network_n40_c2_a1_b1: twenty defaults in two waves, payments of 809.445."""
    count = 40
    owed = [[0.0] * count for _ in range(count)]
    for i in range(count):
        for j in range(count):
            if i != j and (13 * i + 29 * j + i * j) % 5 == 0:
                owed[i][j] = ((17 * i + 31 * j + 7 * i * j + 3) % 101) / 10.0
    cash = [((37 * i + 11) % 53) / 2.0 for i in range(count)]
    case = {"owed": owed, "owed_outside": [0.0] * count, "cash": cash, "kept": 1.0}
    found = run(as_world(case), months=1)
    paid = sum(amount for *_, amount in liabilities(case)) - found["loan.loss"][0, 0].sum() / MILLION
    assert paid == pytest.approx(809.4453351570625, rel=1e-12)
    failed = np.flatnonzero(found.failed_month[0]).tolist()
    assert failed == [2, 4, 7, 9, 10, 12, 14, 17, 19, 20, 22, 24, 27, 29, 30, 32, 34, 37, 38, 39]
    assert (found.cause[0] == "contagion").sum() == 8
