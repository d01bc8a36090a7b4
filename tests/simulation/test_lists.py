"""Arguments that are lists: what is no list of the right kind is one message, in every call that takes it."""

from pathlib import Path

import cashcade as cc
import pytest

TINY = str(Path(__file__).parents[1] / "results" / "tiny.toml")

WRONG = {
    "record": [
        ("company.cash", "record is 'company.cash', wanted a list of names"),
        ([3], "record holds 3, wanted names"),
        (3, "record is 3, wanted a list of names"),
    ],
    "without": [
        ("routing", "without is 'routing', wanted a list of names"),
        ([3], "without holds 3, wanted names"),
    ],
    "feedbacks": [
        ("routing", "feedbacks is 'routing', wanted a list of names"),
        ([["routing"]], r"feedbacks holds \['routing'\], wanted names"),
    ],
    "loops": [
        ("routing", "loops is 'routing', wanted a list of names"),
        ([["routing"]], r"loops holds \['routing'\], wanted names"),
    ],
    "block": [
        ([3], "block holds 3, wanted names"),
        (3, "block is 3, wanted a list of names"),
        ({"cashcade-ai": True}, "block is .*, wanted a list of names"),
    ],
    "plugins": [
        (3, "plugins is 3, wanted a list"),
        ("cashcade_ai", "plugins is 'cashcade_ai', wanted a list"),
    ],
    "quantiles": [
        (0.5, "quantiles is 0.5, wanted a list of levels"),
        ("0.5", "quantiles is '0.5', wanted a list of levels"),
        (["0.5"], "quantiles holds '0.5', wanted levels"),
        ([True], "quantiles holds True, wanted levels"),
    ],
    "scenarios": [
        ({"gpu-slump": {"fall": 0.9}}, r"scenarios is .*, wanted a list; arguments of a shock go into Use\("),
        ("gpu-slump", "scenarios is 'gpu-slump', wanted a list"),
        (3, "scenarios is 3, wanted a list"),
    ],
}
CASES = [(argument, given, says) for argument, listed in WRONG.items() for given, says in listed]
OF_A_RUN = {"record", "quantiles"}


@pytest.mark.parametrize(("argument", "given", "says"), CASES)
def test_a_list_is_a_list(argument, given, says):
    calls = [cc.run] if argument in OF_A_RUN else [cc.run, cc.Simulation]
    calls += [cc.load_world] if argument == "block" else []
    for call in calls:
        with pytest.raises(cc.ArgumentError, match=says):
            call(TINY, **{argument: given})


@pytest.mark.parametrize("call", [cc.run, cc.Simulation, cc.load_world])
@pytest.mark.parametrize(
    ("given", "kind"), [(3, "int"), (None, "NoneType"), (b"tiny", "bytes"), ({}, "dict")]
)
def test_a_world_is_a_name_a_path_or_a_world(call, given, kind):
    with pytest.raises(cc.ArgumentError, match=f"the world is a {kind}, wanted the name of a world, a path"):
        call(given)


def test_what_fits_is_taken_from_any_collection():
    names = dict.fromkeys(["company.cash"]).keys()
    result = cc.run(TINY, paths=8, months=2, record=names, quantiles=(0.5,), without={"routing": None}.keys())
    assert result.dataset.sizes["quantile"] == 1
    assert result.dataset.attrs["without"] == "routing"
