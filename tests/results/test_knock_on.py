"""What the failures of others did, at any lag: by hand where a world is small."""

import cashcade as cc
import numpy as np
import pytest
from cashcade.errors import ArgumentError
from cashcade.world import World

from tests.results.test_explain import HEAD, MATURES, ORPHANED


def told(text: str, **chosen) -> dict[str, float]:
    return cc.run(World.from_text(text), months=6, paths=1).knock_on(**chosen).to_dict()


def test_a_customer_that_is_lost_months_before():
    """The app dies in month 2; the lab lives for a month on what it has, and would live if the app did."""
    counted = dict.fromkeys(("paths", "after_other", "saved"), 1)
    assert told(ORPHANED) == {
        **counted,
        "failures": 2,
        "share": 0.5,
        "se": pytest.approx(np.nan, nan_ok=True),
    }


def test_who_fails_of_its_own_is_not_saved():
    """The stranger is gone in month 1, and no tie leads from it to the lab."""
    stranger = '[[company]]\nid = "stranger"\ncash = 1.0\nfixed_cost = 70.0\n'
    found = told(MATURES + stranger)
    assert (found["failures"], found["after_other"], found["saved"], found["share"]) == (2, 1, 0, 0.0)


def test_nobody_fails():
    found = told(HEAD + '[[company]]\nid = "lab"\ncash = 10.0\n')
    assert (found["paths"], found["failures"], found["saved"]) == (0, 0, 0)
    assert np.isnan(found["share"])


def test_paths_are_numbered_as_in_the_run():
    """A part of a run tells what the whole tells of these paths."""
    case = cc.Case("ai-2025-08", scenarios=["money-trap"])
    part = case.run(months=30, paths=8, first_path=16, seed=3, replicates=4)
    counted = part.knock_on()
    assert counted["failures"] == (part.dataset["failed_month"] > 0).sum()
    assert 0 < counted["after_other"] < counted["failures"]
    fewer = part.knock_on(paths=2)
    assert fewer["paths"] == 2
    assert fewer["failures"] == (part.dataset["failed_month"][:2] > 0).sum()


def test_a_number_of_paths_that_is_none_is_refused():
    result = cc.run(World.from_text(ORPHANED), months=6, paths=1)
    with pytest.raises(ArgumentError, match="paths is 0"):
        result.knock_on(paths=0)
