"""From where the levers stand to numbers, a cascade and a command: without a browser, on a small world."""

import json
import shlex

import cashcade as cc
import pytest
from cashcade.commands import execute
from cashcade.explore.knobs import MOST, knobs_of, settings
from cashcade.explore.model import FINE, Model
from cashcade.results.exits import leavers
from cashcade.results.gauges import TITLES
from cashcade.world.settings import settings_of

TINY = "tests/results/tiny.toml"
CASH = "company.*.cash"


@pytest.fixture(scope="module")
def model():
    return Model(TINY, months=12)


def test_a_world_has_a_dozen_knobs_that_move_something():
    world = cc.load_world("ai-2025-08")
    knobs = knobs_of(world)
    assert len(knobs) == MOST == 12
    assert len({knob.path for knob in knobs}) == MOST
    assert all(knob.low <= knob.start <= knob.high for knob in knobs)
    for end in ("low", "high"):
        said = settings(
            world, {knob: getattr(knob, end) for knob in knobs if getattr(knob, end) != knob.start}
        )
        moved = world.with_(said)
        assert len(said) > 100
        assert any(path.startswith("company.xai.") for path in said)
        assert moved != world


def test_a_world_without_fleets_has_no_knob_for_them(model):
    kinds = {knob.path.partition(".")[0] for knob in model.knobs}
    assert ("fleet" in kinds) == bool(model.world.fleets)
    assert CASH in {knob.path for knob in model.knobs}


def test_knobs_at_their_start_are_the_world_itself(model):
    stands = model.setting({knob.path: knob.start for knob in model.knobs})
    assert stands == model.setting({})
    found, plain = model.numbers(stands, 64), cc.run(TINY, months=12, paths=64)
    table = plain.summary()
    assert found.failing == {
        name: (table.loc[name, "failed_12"], table.loc[name, "failed_12_se"]) for name in table.index
    }
    assert found.systemic == tuple(plain.cascade().loc["systemic"])
    assert set(found.gauges) == set(TITLES)
    assert found.gauges["market.companies_alive"] == plain.series("market.companies_alive")["mean"].tolist()
    doors = leavers(plain.dataset)
    assert list(found.leaving) == list(doors.index)


def test_a_moved_knob_moves_the_numbers(model):
    before, after = (model.numbers(model.setting(values), 64) for values in ({}, {CASH: 0.25}))
    assert sum(share for share, _ in after.failing.values()) > sum(
        share for share, _ in before.failing.values()
    )


def test_a_factor_multiplies_every_range_and_number(model):
    said = settings(model.world, {knob: 0.5 for knob in model.knobs if knob.path == CASH})
    half = model.world.with_(said)
    for old, new in zip(model.world.companies, half.companies, strict=True):
        one, other = old.model_dump()["cash"], new.model_dump()["cash"]
        keys = ("value", "low", "high", "mean", "sd")
        if isinstance(one, dict):
            assert {k: other[k] for k in keys if k in one} == {k: one[k] / 2 for k in keys if k in one}
        else:
            assert other == one / 2


def test_an_unknown_lever_is_refused(model):
    with pytest.raises(cc.ArgumentError, match="lever"):
        model.setting({"company.*.cahs": 1.0})


def test_the_command_gives_the_same_numbers(model, capsys):
    setting = model.setting({CASH: 0.4, model.knobs[1].path: 0.5}, scenario="funding-shut", seed=3)
    words = shlex.split(model.command(setting, paths=96))
    assert words[:3] == ["cashcade", "run", TINY]
    assert words.count("--set") > 1
    assert execute([*words[1:], "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    found = model.numbers(setting, 96)
    assert found.failing == {
        each["company"]: (each["failed"][-1]["chance"], each["failed"][-1]["se"])
        for each in told["companies"]
    }
    assert any(share > 0 for share, _ in found.failing.values())


def test_the_command_of_a_shipped_world_says_what_is_set():
    model = Model("ai-2025-08")
    setting = model.setting({"loan.*.rate": 0.02, "company.*.cash": 0.5, "market.gpu_drift": -0.2})
    words = shlex.split(model.command(setting))
    said = settings_of([words[k + 1] for k, word in enumerate(words) if word == "--set"])
    assert len(said) == len(model.world.loans) + len(model.world.companies) + 1
    assert model.world.with_(said) == model._case(setting).world


def test_two_settings_are_compared_on_the_same_luck(model):
    here, there = model.setting({}), model.setting({CASH: 0.25})
    same = model.compared(here, here, 64)
    assert (same["difference"] == 0).all()
    table = model.compared(here, there, 64)
    worse = cc.compare(
        TINY,
        ["baseline", {f"company.{each.id}.cash": value for each, value in _quarter(model)}],
        months=12,
        paths=64,
    )
    expected = worse.outcomes().reset_index("side", drop=True)
    assert table["difference"].tolist() == expected["difference"].tolist()


def _quarter(model):
    said = settings(model.world, {knob: 0.25 for knob in model.knobs if knob.path == CASH})
    return [(each, said[f"company.{each.id}.cash"]) for each in model.world.companies]


def test_a_cascade_is_the_failures_of_its_path_with_what_they_cost(model):
    setting = model.setting({CASH: 0.25})
    path = model.worst_path(setting, 64)
    result = model.result(setting, 64)
    hops = model.cascade(setting, path, 64)
    fell = result.failures().query("path == @path").set_index("company")
    counts = result.failures().groupby("path").size()
    assert len(hops) == len(fell) > 0
    assert counts[path] >= 1
    assert [hop.month for hop in hops] == sorted(hop.month for hop in hops)
    log = result.events(path)
    for hop in hops:
        row = fell.loc[hop.company]
        assert (hop.month, hop.cause, hop.debt) == (row["month"], row["cause"], row["debt"])
        now = log[(log["month"] == hop.month) & (log["why"] == "write-off") & (log["payee"] == hop.company)]
        assert sum(hop.lost.values()) == pytest.approx(now["value"].sum(), rel=1e-12)
        assert list(hop.unpaid.values()) == sorted(hop.unpaid.values(), reverse=True)
    assert any(hop.unpaid or hop.lost for hop in hops)


def test_only_the_last_results_are_kept(model):
    for seed in range(20):
        model.numbers(model.setting({}, seed=seed), 16)
    assert len(model._results) <= 8


def test_scenarios_are_those_of_plugins(model):
    assert model.scenarios[0] == ""
    assert "funding-shut" in model.scenarios
    assert FINE == 1_000
