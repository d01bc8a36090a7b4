"""Faults that no plugin can commit, because the loop does not let it: written into results, they are found."""

import cashcade as cc
import numpy as np
import pytest
from cashcade.testing import laws

from tests.rules.conftest import small_world

MONTHS, PATHS = 6, 4


@pytest.fixture(scope="module")
def dataset():
    options = {"months": MONTHS, "paths": PATHS, "record": laws.RECORD, "keep_paths": True, "quantiles": ()}
    return cc.run(small_world(), replicates=1, **options).dataset


def doctored(dataset, **arrays):
    """The same with other values, in the dimensions of the originals; what was not recorded is added."""
    changed = dataset.copy(deep=True)
    for name, values in arrays.items():
        changed[name] = (changed["company_alive"].dims, values) if name not in changed else changed[name]
        changed[name] = (changed[name].dims, values)
    return changed


def of(dataset, name):
    return dataset[name].to_numpy().copy()


def placed(dataset, changes, name="company_alive", fill=None):
    """The values of a variable with some of the first company on the first path, by month, replaced."""
    values = of(dataset, name).astype(float)
    if fill is not None:
        values[...] = fill
    array = dataset[name].copy(data=values).transpose("kept_path", "month", "company")
    for month, value in changes.items():
        array[0, month - 1, 0] = value
    return array.transpose(*dataset[name].dims).to_numpy()


def first(dataset):
    return next(laws.broken(dataset), (None, None))


def test_a_real_run_breaks_no_law(dataset):
    assert [*laws.broken(dataset)] == []


def test_money_created(dataset):
    changed = dataset.copy()
    changed.attrs["imbalance"] = 1e-6
    law, what = first(changed)
    assert law == laws.MONEY
    assert "1e-06" in what


def test_cash_below_zero_after_clearing(dataset):
    law, what = first(doctored(dataset, company_cash=placed(dataset, {3: -1e6}, "company_cash")))
    assert law == laws.CLEARED
    assert "-1e+06 (" in what
    assert "company one" in what
    assert "month 3" in what


def test_a_number_that_is_none(dataset):
    law, what = first(doctored(dataset, company_debt=placed(dataset, {2: np.nan}, "company_debt")))
    assert law == laws.FINITE
    assert "company_debt holds nan" in what


def test_the_dead_revived(dataset):
    law, what = first(doctored(dataset, company_alive=placed(dataset, {3: 0.0, 4: 1.0})))
    assert law == laws.FAILED
    assert what == "one in month 4 of path 0: it had failed and is alive"


def test_the_dead_with_cash(dataset):
    failed = of(dataset, "failed_month")
    failed[0, 0] = 2
    law, what = first(doctored(dataset, failed_month=failed))
    assert law == laws.FAILED
    assert what == "one in month 2 of path 0: it has failed and holds cash"


@pytest.mark.parametrize("second", [0.0, 3.0], ids=["back", "another"])
def test_an_exit_that_does_not_last(dataset, second):
    exits = placed(dataset, {2: 1.0, 3: 1.0, 4: second}, fill=0.0)
    law, what = first(doctored(dataset, company_exit=exits))
    assert law == laws.EXITS
    assert what == "one in month 4 of path 0: it left a second time, or came back"


def test_other_numbers_are_named(dataset):
    other = doctored(dataset, company_cash=placed(dataset, {3: 1.0}, "company_cash"))
    before = dataset["company_cash"].sel(kept_path=0, month=3, company="one").item()
    told = f"company_cash differs: {before:.9g} and then 1 (kept_path 0, month 3, company one)"
    assert laws.difference(dataset, other) == told
    assert not laws.same(dataset, other)
    assert laws.difference(dataset, dataset) == ""
    assert laws.same(dataset, dataset)
