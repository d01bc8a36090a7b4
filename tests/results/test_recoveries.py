"""What comes back of loans: by hand on a made-up outcome, then on the real core."""

import cashcade
import numpy as np
import pytest
from cashcade.errors import ArgumentError
from cashcade.results.layout import build_dataset
from cashcade.results.result import Result
from cashcade.results.statistics import standard_error
from cashcade.words.rows import variables

RECORD = ("loan.balance", "loan.loss")
BORROWER = [1, 1, 0]


def table_of(made, **changes):
    plan = {"record": tuple(variables()[name] for name in RECORD), "keep": 64, **changes}
    source, answer = made(**plan)
    return Result(lambda: build_dataset(source)).recoveries(), answer


def by_hand(answer):
    """Owed and lost of each loan of each kept path."""
    balance, loss = answer["kept"]
    month = answer["failed_month"].astype(int)[:, BORROWER]
    owed, lost = np.zeros((len(balance), 3)), np.zeros((len(balance), 3))
    for path in range(len(balance)):
        for loan in range(3):
            when = month[path, loan]
            if when:
                before = (30.0, 60.0, 10.0)[loan] if when == 1 else balance[path, when - 2, loan]
                owed[path, loan], lost[path, loan] = before, loss[path, -1, loan]
    return owed, lost


def test_recoveries_by_hand(made):
    table, answer = table_of(made)
    owed, lost = by_hand(answer)
    assert (answer["failed_month"] == 1).any(), "the example has a failure in the first month"
    assert table["owed"].to_numpy() == pytest.approx(owed.mean(axis=0))
    assert table["lost"].to_numpy() == pytest.approx(lost.mean(axis=0))
    assert table["failed"].to_numpy() == pytest.approx((owed > 0).mean(axis=0))
    ratio = lost.sum(axis=0) / owed.sum(axis=0)
    assert table["recovery"].to_numpy() == pytest.approx(1 - ratio)
    error = standard_error(lost - ratio * owed, np.arange(64) // 4) / owed.mean(axis=0)
    assert table["recovery_se"].to_numpy() == pytest.approx(error)
    assert table["lender"].tolist() == ["bank", "capital", "bank"]
    assert table["borrower"].tolist() == ["cloud", "cloud", "lab"]


def test_paths_of_a_later_run_are_numbered_from_its_first(made):
    table, answer = table_of(made, first_path=128, keep=16)
    owed, lost = (values[:16] for values in by_hand(answer))
    assert table["owed"].to_numpy() == pytest.approx(owed.mean(axis=0))
    assert table["lost"].to_numpy() == pytest.approx(lost.mean(axis=0))


def test_without_the_series_the_way_out_is_told(result):
    with pytest.raises(ArgumentError, match="keep_paths"):
        result.recoveries()


def test_the_estate_is_shared_by_rank():
    """A company fails in month 1 with 60 of collateral for 100 of secured and 100 of unsecured debt; default costs a half."""
    world = cashcade.World.from_text("""
[world]
name = "estate"
date = 2025-08-31

[[company]]
id = "it"
cash = 0
fixed_cost = 10
default_cost = 0.5

[[loan]]
id = "secured"
borrower = "it"
lender = "capital"
balance = 100
maturity = 50
rank = "secured"
collateral = 60

[[loan]]
id = "bonds"
borrower = "it"
lender = "capital"
balance = 100
maturity = 50
""")
    result = cashcade.run(world, months=2, paths=4, record=RECORD, keep_paths=True)
    table = result.recoveries()
    assert table.loc["secured", "recovery"] == pytest.approx(0.3)
    assert table.loc["bonds", "recovery"] == pytest.approx(0.0)
    assert table["failed"].tolist() == [1.0, 1.0]
    assert table["owed"].tolist() == [100.0, 100.0]
