"""Where companies stand, and how long they live, on a made-up outcome."""

import numpy as np
import pytest
from cashcade import _core
from cashcade.errors import ArgumentError
from cashcade.results.statistics import standard_error
from numpy.testing import assert_allclose


def test_shares_add_up_and_are_counted(result):
    failed, cause = (
        result.dataset[name].sel(company="cloud").to_numpy() for name in ("failed_month", "cause")
    )
    table = result.standing("cloud")
    assert_allclose(table.drop(columns="date").sum(axis=1), 1.0)
    for month in (1, 5, 12):
        by = (failed > 0) & (failed <= month)
        for code, name in enumerate(_core.causes()[1:], 1):
            if (cause == code).any():
                assert table[f"failed: {name}"][month] == (by & (cause == code)).mean()
        assert table["open"][month] == (~by).mean()


def test_all_companies_have_the_same_weight(result):
    each = [result.standing(name)["open"] for name in result.dataset["company"].to_numpy().tolist()]
    assert_allclose(result.standing()["open"], np.mean(each, axis=0))


def test_an_unknown_company_is_an_error(result):
    with pytest.raises(ArgumentError, match="cloud"):
        result.standing("clout")


def test_survival_is_one_less_what_has_failed(result):
    failed = result.dataset["failed_month"].to_numpy()
    draw = result.dataset["path_draw"].to_numpy()
    table = result.survival()
    for place, name in enumerate(result.dataset["company"].to_numpy().tolist()):
        for month in (1, 7, 12):
            dead = (failed[:, place] > 0) & (failed[:, place] <= month)
            assert table["alive"][(name, month)] == pytest.approx(1 - dead.mean(), abs=1e-15)
            assert table["se"][(name, month)] == pytest.approx(standard_error(dead, draw), abs=1e-15)
    summary = result.summary()
    assert_allclose(1 - table["alive"].xs(12, level="month"), summary["failed_12"])
