"""Laws of questions on any world: removals, swaps, walls and backlogs."""

import cashcade as cc
import numpy as np
import pytest
from cashcade.errors import ArgumentError
from cashcade.rules import Change, Scenario
from cashcade.testing.strategies import worlds
from cashcade.world import World
from hypothesis import given, settings

from tests.effort import tries

ALONE = '\n[[company]]\nid = "alone"\ncash = 50.0\nfixed_cost = 10.0\n'
SIZE = {"months": 8, "paths": 8, "seed": 7}


@settings(max_examples=tries(15), deadline=None)
@given(world=worlds(ranges=True))
def test_who_is_tied_to_nobody_takes_nothing_down(world):
    """It has cash and costs and nothing else: whether it is there is all the same, to the bit."""
    found = cc.rank(World.from_text(world.to_toml() + ALONE), ["alone"], month=2, **SIZE)
    assert found.table.loc["alone"].tolist() == [0.0] * 9


@settings(max_examples=tries(15), deadline=None)
@given(world=worlds(ranges=True))
def test_a_swap_with_itself_changes_nothing(world):
    changes = Change("company.*.fixed_cost", scale=1.5), Change("company.*.cash", scale=0.5)
    poor = Scenario("poor", "Poor", changes=changes)
    table = cc.swap(world, poor, poor, **SIZE).table
    moved = table[["alone_difference", "alone_se", "kept_difference", "kept_se"]]
    assert (moved == 0.0).all(axis=None)
    assert len(table) == 6


@settings(max_examples=tries(15), deadline=None)
@given(world=worlds(ranges=True))
def test_walls_of_classes_and_companies_are_the_same(world):
    if not world.loans:
        with pytest.raises(ArgumentError, match="has no loans"):
            cc.walls(world, **SIZE)
        return
    tables = [cc.walls(world, by=by, **SIZE).table for by in ("class", "company")]
    for name in ("due", "refinanced", "worked_out", "cash", "collateral", "balance", "gap"):
        one, other = (table[name].groupby("month").sum().to_numpy() for table in tables)
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-6)
    due, put_off = tables[1]["due"], tables[1]["refinanced"] + tables[1]["worked_out"]
    assert (put_off <= due * (1 + 1e-9)).all()
    assert (tables[1]["gap"] <= due * (1 + 1e-9)).all()


@settings(max_examples=tries(15), deadline=None)
@given(world=worlds(ranges=True))
def test_money_good_is_firm_and_firm_is_gross(world):
    if not any(contract.commitments for contract in world.contracts):
        with pytest.raises(ArgumentError, match="is committed to anything"):
            cc.backlog(world, **SIZE)
        return
    table = cc.backlog(world, **SIZE).table
    assert (table["firm"] <= table["gross"] * (1 + 1e-9)).all()
    assert (table["money_good"] <= table["firm"] * (1 + 1e-9)).all()
    assert (table["money_good"] >= 0).all()
