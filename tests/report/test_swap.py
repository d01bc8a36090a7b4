"""What a report swaps: the pair it takes, on the luck of the run, with the numbers of `cashcade.swap`."""

import pickle

import cashcade as cc
import pandas as pd
import pytest
from cashcade.hookspecs import WorldFile, hookimpl
from cashcade.report import turns
from cashcade.report.side import Side
from cashcade.report.turns import turn
from cashcade.rules import Change, Scenario

from tests.report.conftest import POOR, TINY
from tests.report.test_write import text_of

SIZE = {"months": 30, "paths": 32, "seed": 5}
RICH = Scenario(
    "rich",
    "All goes well",
    changes=(
        Change("company.*.cash", scale=3.0),
        Change("segment.*.growth", add=0.5),
        Change("loan.*.rate", scale=0.5),
    ),
)
DIRE = Scenario("dire", "Nothing does", changes=(*POOR.changes, Change("loan.*.rate", add=0.1)))


def side_of(found, name="run"):
    return Side(name, found)


def same(found, world, a, b, **more):
    """Whether an answer is that of `cashcade.swap` on the same luck."""
    names = list(dict.fromkeys(found.table.index.get_level_values("outcome")))
    columns = ["a", "b", "alone", "alone_difference", "alone_se", "way"]
    other = cc.swap(world, a, b, of=names, replicates=4, **SIZE, **more).table
    pd.testing.assert_frame_equal(found.table[columns], other[columns])
    return True


def test_a_run_is_held_against_the_world_as_it_is():
    result = cc.run(TINY, scenarios=[POOR], without=["fire-sale"], **SIZE)
    found = turn([side_of(result)])
    assert (found.found.a, found.found.b) == ("baseline", "poor")
    assert found.why == "the world as it is, and what was run"
    assert set(found.found.groups) == {"cash", "demand"}
    failing = [str(name) for name in side_of(result).failing[:3]]
    assert [*found.found.units] == ["failed-debt", "systemic", *failing]
    assert same(found.found, TINY, "baseline", POOR, without=["fire-sale"])


def test_what_is_set_and_changed_stays_on_both():
    case = cc.Case(TINY, scenarios=[POOR]).with_({"company.app.cash": 1e8})
    found = turn([side_of(case.run(**SIZE))])
    assert same(found.found, cc.load_world(TINY).with_({"company.app.cash": 1e8}), "baseline", POOR)
    moved = case.with_([Change("company.lab.fixed_cost", scale=2.0)])
    alone = turn([side_of(moved.run(**SIZE))]).found.table.loc[("failed-debt", "all")]
    one, other = (
        cc.Case(TINY, scenarios=some)
        .with_({"company.app.cash": 1e8})
        .with_([Change("company.lab.fixed_cost", scale=2.0)])
        .run(**SIZE)
        .dataset["failed_share"]
        .mean()
        for some in ([], [POOR])
    )
    assert alone[["a", "b"]].tolist() == pytest.approx([float(one), float(other)])


def test_a_comparison_takes_its_first_side_and_the_one_that_differs_most():
    found = cc.compare(TINY, {"well": RICH, "as it is": "baseline", "badly": DIRE}, **SIZE)
    answer = turn([Side(name, result) for name, result in found.results.items()])
    assert (answer.found.a, answer.found.b) == ("well", "badly")
    assert set(answer.found.groups) == {"cash", "demand", "credit"}
    assert same(answer.found, TINY, RICH, DIRE)


def test_sides_of_other_ground_are_not_swapped():
    found = cc.compare(TINY, {"as it is": "baseline", "set": {"company.lab.cash": 1e9}}, **SIZE)
    assert turn([Side(name, result) for name, result in found.results.items()]) is None


BLOCK = ["cashcade-ai", "cashcade-telecom"]


class Brings:
    """A plugin that brings the world, two scenarios that stand apart, and one event."""

    def __init__(self, swap=("dire", "rich")):
        self.swap = swap

    @hookimpl
    def cashcade_worlds(self):
        yield WorldFile("tiny", "A world of its own", TINY, swap=self.swap)

    @hookimpl
    def cashcade_scenarios(self):
        yield RICH
        yield DIRE
        yield Scenario("event", "One thing", changes=(Change("company.*.fixed_cost", scale=0.9),))


def test_a_world_as_it_is_has_the_scenarios_that_its_plugin_holds_against_each_other():
    more = {"plugins": [Brings()], "block": BLOCK}
    found = turn([side_of(cc.run(TINY, **more, **SIZE))])
    assert (found.found.a, found.found.b) == ("dire", "rich")
    assert found.why == "two scenarios that come with this world and stand far apart"
    assert same(found.found, TINY, "dire", "rich", **more)
    event = turn([side_of(cc.run(TINY, scenarios=["event"], **more, **SIZE))])
    assert event.why.endswith("and stand far apart, with event on top of both")
    both = cc.run(TINY, scenarios=["event", "dire"], replicates=4, **more, **SIZE)
    wanted = float(both.dataset["failed_share"].mean())
    assert event.found.table.loc["failed-debt", "a"].iloc[0] == pytest.approx(wanted)
    with pytest.raises(cc.PluginError, match='world "tiny" swaps "rihc", which is no scenario'):
        turn([side_of(cc.run(TINY, plugins=[Brings(("dire", "rihc"))], block=BLOCK, **SIZE))])


def test_the_scenarios_of_the_shipped_world_differ_in_many_groups():
    case = cc.Case("ai-2025-08")
    assert case.setting.swap == ("money-trap", "boom")
    pair = turns._of_the_world([], [case])
    assert len(pair.mixture.groups) > 4


def test_where_there_is_no_pair_nothing_is_swapped(tiny, tmp_path):
    assert turn([side_of(tiny)]) is None
    assert (
        turn([side_of(cc.run(TINY, scenarios=[Scenario("s", "S", changes=RICH.changes[:1])], **SIZE))])
        is None
    )
    given = cc.run(TINY, scenarios=[POOR], months=3, parameters=tiny.parameters().head(4))
    assert turn([side_of(given)]) is None
    (saved,) = tiny.save(tmp_path / "tiny.nc")
    assert turn([side_of(cc.Result.load(saved))]) is None


def test_a_pickled_case_leaves_plugins_that_are_objects_behind():
    case = cc.Case(TINY, scenarios=["dire"], plugins=[Brings()], block=BLOCK)
    copy = pickle.loads(pickle.dumps(case))  # noqa: S301 - our own
    assert copy.run(**SIZE).summary().equals(case.run(**SIZE).summary())
    with pytest.raises(cc.ArgumentError, match="the case was pickled without its plugins"):
        copy.with_scenarios([])
    assert turn([side_of(copy.run(**SIZE))]) is None


def test_the_report_says_which_group_goes_furthest(turned):
    path, result = turned
    text = text_of(path)
    answer = turn([side_of(result)]).found
    assert "What turns baseline into poor" in text
    assert f"Each from {min(turns.PATHS, 400)} paths of the same luck" in text
    table = answer.table.loc["failed-debt"]
    best = table["alone"].drop(index="all").sub(table["a"].iloc[0]).abs().idxmax()
    assert f"Furthest alone goes {best}: " in text
    assert "all of these" in text
