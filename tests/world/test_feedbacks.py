"""Every loop has a switch: it sets to neutral what steers the loop, and nothing else."""

import cashcade as cc
import numpy as np
import pytest
from cashcade import _core
from cashcade.compile import compile_world
from cashcade.errors import ArgumentError, WorldError
from cashcade.testing.strategies import worlds
from cashcade.world import World
from cashcade.world.feedbacks import FEEDBACKS, switched_off
from cashcade.world.switches import feedbacks, left_out, loops
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import tries
from tests.world.conftest import TEXT

BOUNDS = {row.full_name: (row.low, row.high) for row in _core.table().parameters}
NAMES = sorted(FEEDBACKS)
WITHOUT = TEXT.replace("date = 2025-08-31", 'date = 2025-08-31\nwithout = ["routing", "fire-sale"]', 1)


def test_the_loops_are_there() -> None:
    kinds = [loop.kind for loop in feedbacks()]
    assert kinds.count("reinforcing") >= 9
    assert kinds.count("balancing") >= 5
    assert kinds == sorted(kinds, reverse=True)
    assert all(loop.meaning.endswith(".") and loop.changes for loop in feedbacks())


@pytest.mark.parametrize("name", NAMES)
def test_neutral_values_are_values(name: str) -> None:
    for change in FEEDBACKS[name].changes:
        low, high = BOUNDS[f"{change.entity}.{change.field}"]
        if isinstance(change.value, str):
            assert f"{change.entity}.{change.value}" in BOUNDS
        else:
            assert low <= change.value <= high


@settings(max_examples=tries(10), deadline=None, derandomize=True)
@given(world=worlds(companies=(2, 6), ranges=True))
def test_a_switch_sets_its_parameters_and_no_others(world: World) -> None:
    """Each of them, on each world."""
    one = compile_world(world, draws=3).arrays
    for name in NAMES:
        steered = {f"{change.entity}.{change.field}": change for change in FEEDBACKS[name].changes}
        other = compile_world(switched_off(world, [name]), draws=3).arrays
        for key, values in one.items():
            if key not in steered:
                assert np.array_equal(other[key], values), f"{name}: {key}"
            elif steered[key].where is None and not isinstance(steered[key].value, str):
                assert (other[key] == steered[key].value).all(), f"{name}: {key}"


@settings(max_examples=20, deadline=None, derandomize=True)
@given(world=worlds(), names=st.lists(st.sampled_from(NAMES), unique=True))
def test_a_world_without_loops_is_sound_and_its_order_does_not_matter(world: World, names: list[str]) -> None:
    off = switched_off(world, names)
    assert off == switched_off(world, names[::-1])
    assert off == switched_off(off, names)
    assert World.from_text(off.to_toml()) == off


def test_nothing_off_is_the_same_world() -> None:
    world = World.from_text(TEXT)
    assert switched_off(world, ()) is world


def test_the_spread_of_the_normal_regime_is_that_of_all() -> None:
    market = switched_off(World.from_text(TEXT), ["spread"]).market
    assert market.spread_open == market.spread_shut == market.spread_normal == 0.01


def test_vendor_finance_is_what_suppliers_and_vendors_pledge() -> None:
    lines = [
        f'[[pledge]]\ninvestor = "{investor}"\ncompany = "app"\namount = 1e6\n'
        for investor in ("lab", "cloud", "capital")
    ]
    off = switched_off(World.from_text(TEXT + "\n".join(lines)), ["vendor-finance"])
    suppliers = {contract.supplier for contract in off.contracts}
    assert suppliers == {"lab"}
    assert {pledge.investor: pledge.amount for pledge in off.pledges} == {
        "lab": 0.0,
        "cloud": 1e6,
        "capital": 1e6,
    }


def test_a_world_may_leave_loops_out_itself() -> None:
    world = World.from_text(WITHOUT)
    assert left_out(world, without=["burn-cuts"]) == ("fire-sale", "routing", "burn-cuts")
    assert left_out(world, without=(), feedbacks=["routing"]) == tuple(
        name for name in FEEDBACKS if name != "routing"
    )
    assert World.from_text(world.to_toml()) == world
    assert World.from_tables(world.to_tables()) == world


@pytest.mark.parametrize("name", ["feedbacks", "loops"])
def test_a_world_may_name_the_only_feedbacks_that_stay(name: str) -> None:
    for stay in (["routing", "fire-sale"], []):
        world = World.from_text(WITHOUT.replace('without = ["routing", "fire-sale"]', f"{name} = {stay}"))
        off = tuple(name for name in FEEDBACKS if name not in stay)
        assert left_out(world, without=()) == off
        assert left_out(world, without=["routing"]) == tuple(
            name for name in FEEDBACKS if name in {*off, "routing"}
        )
        assert left_out(world, without=(), **{name: list(FEEDBACKS)}) == ()
        assert World.from_text(world.to_toml()) == world
        run = cc.run(world, months=2, paths=16).dataset
        assert run.attrs["without"] == ", ".join(off)
        same = cc.run(World.from_text(TEXT), months=2, paths=16, **{name: stay}).dataset
        np.testing.assert_array_equal(run["company_cash_mean"], same["company_cash_mean"])


@pytest.mark.parametrize(
    "more",
    ['loops = ["routing"]\nwithout =', 'feedbacks = ["routing"]\nwithout =', "feedbacks = []\nloops ="],
)
def test_a_world_says_it_in_one_way(more: str) -> None:
    both = WITHOUT.replace("without =", more)
    with pytest.raises(
        WorldError, match=r"either without, what is left out, or feedbacks \(formerly loops\), all that"
    ):
        World.from_text(both)


def test_an_unknown_loop_of_a_world_is_a_problem_of_its_file() -> None:
    with pytest.raises(WorldError, match="without") as error:
        World.from_text(WITHOUT.replace("routing", "rooting"))
    assert '"rooting"' in str(error.value)
    assert 'Did you mean "routing"?' in str(error.value)
    with pytest.raises(WorldError, match="fire-sail"):
        World.from_text(WITHOUT.replace('without = ["routing", "fire-sale"]', 'loops = ["fire-sail"]'))


def test_a_run_says_what_is_off() -> None:
    world = World.from_text(WITHOUT)
    result = cc.run(world, months=2, paths=16, without=["burn-cuts"])
    assert result.dataset.attrs["without"] == "fire-sale, routing, burn-cuts"
    assert cc.run(world, months=2, paths=16, loops=list(FEEDBACKS)).dataset.attrs["without"] == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"without": ["vendor-finanse"]}, "Unknown feedback 'vendor-finanse'. Did you mean 'vendor-finance'"),
        ({"loops": ["fire"]}, "Unknown feedback 'fire'"),
        ({"feedbacks": ["fire"]}, "Unknown feedback 'fire'"),
        ({"without": "fire-sale"}, r'wanted a list of names such as \["fire-sale"\]'),
        ({"without": ["routing"], "loops": ["fire-sale"]}, "without and loops are both given"),
        ({"without": ["routing"], "feedbacks": []}, "without and feedbacks are both given"),
        ({"feedbacks": ["routing"], "loops": []}, "feedbacks and loops are both given"),
    ],
)
def test_what_is_refused(arguments: dict, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        cc.run(World.from_text(TEXT), months=2, paths=4, **arguments)


def test_the_old_name_gives_the_same_list():
    assert cc.loops is loops
    assert cc.loops() == cc.feedbacks() == list(FEEDBACKS.values())
