"""A case is compiled once, and run again and again: the same bits as `run`, and no check is made twice."""

import pickle
import shlex
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cashcade as cc
import numpy as np
import pytest
import xarray as xr
from cashcade.case import case as case_module
from cashcade.case import setting
from cashcade.rules import Change, Scenario, company, scale, set_to
from cashcade.world.settings import settings_of

DOCS = Path(__file__).parents[2] / "docs"
WORLD = cc.World.from_text(
    """
    [world]
    name = "pair"
    date = 2025-08-31
    [[company]]
    id = "lab"
    cash = { value = 4e8, low = 1e8, high = 9e8 }
    fixed_cost = { mean = 4e7, sd = 1e7 }
    cost_volatility = 2e7
    [[company]]
    id = "app"
    cash = 9e7
    variable_cost = { choices = [0.2, 0.4] }
    [[segment]]
    seller = "app"
    revenue = 4.2e7
    volatility = 0.2
    [[contract]]
    customer = "app"
    supplier = "lab"
    usage = 3.5e7
    """
)
THRIFT = cc.Rule("thrift", company("lab").runway < 6, scale(company("lab").fixed_cost, 0.8))
HIGHER = cc.Rule("dear", company("lab").cash > 0, scale(company("lab").list_level, 1.2))
DEAR = Scenario("dear", "The lab is dearer", rules=(HIGHER,))
CHOSEN = {"scenarios": [DEAR], "rules": [THRIFT], "without": ["fire-sale"]}


def bits(result):
    dataset = result.dataset.copy()
    dataset.attrs.pop("seconds")
    return dataset


@pytest.mark.parametrize(
    "how",
    [
        {"months": 14, "paths": 50, "seed": 3},
        {"months": 5, "paths": 33, "seed": 8, "replicates": 1, "first_path": 32, "keep_paths": 3},
        {"months": 3, "paths": 1, "quantiles": (), "record": ["company.cash"]},
    ],
)
def test_a_case_gives_the_bits_of_run(how):
    case = cc.Case(WORLD, **CHOSEN)
    case.run(months=2, paths=40, seed=99)  # what went before leaves nothing behind
    one, other = case.run(**how), cc.run(WORLD, **CHOSEN, **how)
    xr.testing.assert_identical(bits(one), bits(other))
    np.testing.assert_array_equal(one.parameters(), other.parameters())
    xr.testing.assert_identical(bits(cc.run(case, **how)), bits(other))


def test_nothing_is_read_or_compiled_again(monkeypatch):
    case = cc.Case(WORLD, **CHOSEN)

    def again(*_args, **_chosen):
        pytest.fail("done again")

    for module, name in (
        (case_module, "set_up"),
        (case_module, "compile_programs"),
        (case_module, "switched_off"),
        (setting, "find_plugins"),
    ):
        monkeypatch.setattr(module, name, again)
    for seed, months, paths in ((1, 3, 20), (2, 4, 40)):
        assert case.run(months=months, paths=paths, seed=seed).dataset.sizes["month"] == months
    with cc.Simulation(case, paths=4, months=6) as simulation:
        assert simulation.step(2) == 2


def test_a_simulation_of_a_case_takes_the_paths_of_its_run():
    case = cc.Case(WORLD, **CHOSEN)
    result = case.run(months=12, paths=40, seed=5)
    with cc.Simulation(case, paths=40, seed=5) as simulation:
        simulation.step(12)
        np.testing.assert_array_equal(simulation.failed_month, result.dataset["failed_month"])
        assert simulation.dataset().attrs["scenarios"] == "dear"
        assert simulation.world is case.world


def test_a_pickled_case_is_the_same():
    case = cc.Case(WORLD, **CHOSEN)
    copy = pickle.loads(pickle.dumps(case))  # noqa: S301 - our own
    how = {"months": 6, "paths": 40, "seed": 2}
    xr.testing.assert_identical(bits(copy.run(**how)), bits(case.run(**how)))
    assert repr(copy) == repr(case) == "<Case of pair with dear>"


def test_executors_run_a_case():
    case, how = cc.Case(WORLD, **CHOSEN), {"months": 6, "paths": 70, "seed": 2}
    with ThreadPoolExecutor(2) as pool:
        chunked = case.run(executor=pool, chunk=16, **how)
        whole = pool.submit(case.run, **how).result()
    xr.testing.assert_identical(bits(chunked), bits(whole))


def test_a_case_tells_what_it_is_of():
    case = cc.Case(WORLD, without=["fire-sale"])
    assert case.without == ("fire-sale",)
    assert case.scenarios == ()
    assert case.world.name == "pair"
    assert repr(case) == "<Case of pair>"


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"scenarios": [DEAR]}, "scenarios"),
        ({"rules": [THRIFT]}, "rules"),
        ({"without": ["fire-sale"]}, "without"),
        ({"feedbacks": []}, "feedbacks"),
        ({"loops": []}, "loops"),
        ({"plugins": [object()]}, "plugins"),
        ({"block": ["cashcade-ai"]}, "block"),
    ],
)
@pytest.mark.parametrize("use", [cc.run, cc.Simulation])
def test_a_case_is_not_changed_by_who_uses_it(use, more, name):
    message = f"{name} is given besides <Case of pair>, which has its own; make another Case."
    with pytest.raises(cc.ArgumentError, match=message):
        use(cc.Case(WORLD), **more)


def test_wrong_arguments_are_told_when_a_case_is_made_or_run():
    with pytest.raises(cc.ArgumentError, match="Did you mean 'fire-sale'"):
        cc.Case(WORLD, without=["fire-sail"])
    with pytest.raises(cc.WorldError, match='unknown world "no-such-world"'):
        cc.Case("no-such-world")
    with pytest.raises(cc.RuleError, match='the world has no company "lav"'):
        cc.Case(WORLD, rules=[cc.Rule("r", company("lav").cash < 0, set_to(company("lab").tax_rate, 0.1))])
    with pytest.raises(cc.ArgumentError, match="months is 0, wanted a whole number from 1 to 1200"):
        cc.Case(WORLD).run(months=0)


def test_the_example_of_the_page_runs():
    page = (DOCS / "case.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for block in page.split("```python\n")[1:]:
        code = block.split("```")[0].replace("paths=1_000", "paths=16")
        exec(code.replace("months=24", "months=3"), names)  # noqa: S102 - our own page
    assert list(names["failing"]) == [0, 1, 2]
    assert isinstance(names["case"], cc.Case)
    assert names["table"]["outcome.openai"].size == 8
    assert names["again"].dataset.sizes["path"] == 8 * 16
    assert names["result"].dataset.sizes["path"] == 160
    assert names["found"].outcomes("openai")["paths"].tolist() == [160] * 4
    shutil.rmtree(names["folder"])


def test_one_number_is_changed_and_nothing_else():
    """A changed case is the case of the changed world, with all that it was given besides."""
    values = {"company.lab.cash": 5e8, "company.app.fixed_cost": 1e6}
    how = {"months": 8, "paths": 40, "seed": 3}
    one, other = cc.Case(WORLD, **CHOSEN).with_(values), cc.Case(WORLD.with_(values), **CHOSEN)
    xr.testing.assert_identical(bits(one.run(**how)), bits(other.run(**how)))
    assert one.world.companies[0].cash == 5e8
    assert one.changed == ("company.lab.cash=5e+08", "company.app.fixed_cost=1e+06")
    assert (one.scenarios, one.without) == (other.scenarios, other.without)


def test_what_was_set_is_told_by_the_result_saved_and_loaded(tmp_path):
    case = cc.Case(WORLD).with_({"company.lab.cash": 5e8, "company.*.tax_rate": 0.2})
    result = case.run(months=3, paths=16)
    result.save(tmp_path / "set.nc")
    told = cc.Result.load(tmp_path / "set.nc").dataset.attrs["changed"]
    assert told == result.dataset.attrs["changed"] == "company.lab.cash=5e+08 'company.*.tax_rate=0.2'"
    again = cc.Case(WORLD).with_(settings_of(shlex.split(told))).run(months=3, paths=16)
    xr.testing.assert_identical(bits(again), bits(result))
    assert cc.Case(WORLD).run(months=3, paths=16).dataset.attrs["changed"] == ""


def test_a_case_is_as_it_was_after_another_was_made_of_it():
    case = cc.Case(WORLD, **CHOSEN)
    before = bits(case.run(months=5, paths=20))
    case.with_({"company.lab.cash": 1.0}).run(months=5, paths=20)
    xr.testing.assert_identical(bits(case.run(months=5, paths=20)), before)
    assert case.changed == ()
    same = pickle.loads(pickle.dumps(case.with_({"company.lab.cash": 1.0})))  # noqa: S301 - our own
    assert same.with_({"company.lab.cash": 2.0}).changed == ("company.lab.cash=1", "company.lab.cash=2")


def test_scenarios_come_on_top_of_what_is_set():
    halved = Scenario("halved", "Half the cash", changes=(Change("company.lab.cash", scale=0.5),))
    case = cc.Case(WORLD, scenarios=[halved]).with_({"company.lab.cash": 4e8})
    assert case.world.companies[0].cash == 2e8


def test_what_is_implausible_once_it_is_set_is_told():
    with pytest.warns(cc.PlausibilityWarning, match="plausibility note"):
        cc.Case(WORLD).with_({"company.app.cash": 1.0})


def test_what_cannot_be_set_in_a_case_is_told():
    with pytest.raises(cc.ArgumentError, match=r'company.lav.cash=1: .*Did you mean "lab"'):
        cc.Case(WORLD).with_({"company.lav.cash": 1.0})


def test_changes_join_those_of_the_scenarios():
    half, tenth = (Change("company.lab.cash", scale=by) for by in (0.5, 0.1))
    case = cc.Case(WORLD, scenarios=[Scenario("halved", "Half the cash", changes=(half,))]).with_([tenth])
    assert case.world.companies[0].cash.value == pytest.approx(4e8 * 0.5 * 0.1)
    assert case.changed == ('Change("company.lab.cash", scale=0.1)',)
    assert case.with_({"company.lab.cash": 1e9}).world.companies[0].cash == pytest.approx(5e7)
    with pytest.raises(cc.RuleError, match="is no change; write Change"):
        case.with_([1.0])


def test_a_case_with_other_scenarios_is_the_one_made_with_them():
    """To the bit, with all that was asked beside scenarios, and what was set and added since."""
    entry = Scenario("entry", "Entry", adds=(cc.world.Company(id="mill", cash=5e7, fixed_cost=1e6),))
    how = {"months": 6, "paths": 40, "seed": 2}

    def made(scenarios):
        case = cc.Case(WORLD, scenarios=scenarios, without=["fire-sale"])
        return (
            case.with_({"company.lab.cash": 5e8})
            .under([THRIFT])
            .with_([Change("company.app.cash", scale=2.0)])
        )

    for one, other in (([], [DEAR]), ([DEAR], []), ([entry], [DEAR]), ([DEAR], [entry])):
        changed = made(one).with_scenarios(other)
        assert changed.scenarios == made(other).scenarios
        xr.testing.assert_identical(bits(changed.run(**how)), bits(made(other).run(**how)))
    gone = cc.Case(WORLD, scenarios=[entry]).with_({"company.mill.cash": 1e7})
    with pytest.raises(cc.ArgumentError, match=r"company\.mill\.cash"):
        gone.with_scenarios([])


def test_a_result_holds_its_case(tmp_path):
    case = cc.Case(WORLD, **CHOSEN)
    result = case.run(months=3, paths=16)
    assert result.case is case
    assert result.world is case.world
    result.save(tmp_path / "r.nc")
    assert cc.Result.load(tmp_path / "r.nc").case is None


def test_what_a_small_run_takes_is_asked_once_and_checked_each_time(monkeypatch):
    asked, real = [], case_module.footprint
    monkeypatch.setattr(case_module, "footprint", lambda *given: asked.append(given[1].paths) or real(*given))
    case = cc.Case(WORLD)
    for seed in range(3):
        case.run(months=3, paths=16, seed=seed, threads=1)
    assert asked == [16]
    with pytest.raises(cc.MemoryLimitError):
        case.run(months=3, paths=16, threads=1, max_memory=1e3)
    case.run(months=3, paths=32, threads=1)
    case.run(months=3, paths=16, threads=1, record=["company.cash"])
    assert asked == [16, 32, 16]
    case.with_({"company.lab.cash": 2e8}).run(months=3, paths=16, threads=1)
    assert asked == [16, 32, 16, 16]


def test_what_a_large_run_takes_is_asked_each_time(monkeypatch):
    asked, real = [], case_module.footprint
    monkeypatch.setattr(case_module, "SMALL", 0)
    monkeypatch.setattr(case_module, "footprint", lambda *given: asked.append(given[1].paths) or real(*given))
    case = cc.Case(WORLD)
    for seed in range(2):
        case.run(months=3, paths=16, seed=seed, threads=1)
    assert asked == [16, 16]
