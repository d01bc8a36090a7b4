"""Doors of the world itself: the same as given by a run, replaced by what a run gives, and recorded."""

import cashcade as cc
import numpy as np
import pytest
from cashcade.commands import execute
from cashcade.errors import WorldError
from cashcade.hookspecs import hookimpl
from cashcade.rules import Change, Door, ExitScenario, Scenario, company, month
from cashcade.world import World

TEXT = """
[world]
name = "doors"
date = 2025-08-31
{exits}

[[company]]
id = "start"
cash = 1e9
fixed_cost = 2e7
valuation_multiple = 5

[[segment]]
seller = "start"
revenue = 1e7
"""
MONTHS, LEAVES_IN, CLOSES_IN = 6, 3, 2


def leaves(name, effect, when):
    return ExitScenario(
        name,
        name.title(),
        doors=(Door("out", company("start"), effect, opens=month >= when, hazard=1.0),),
        changes=(Change("company.start.minimum_cash", add=float(when)),),
    )


class Windows:
    """A plugin that is not packaged."""

    @hookimpl
    def cashcade_exit_scenarios(self):
        yield leaves("thrives", "self_sustain", LEAVES_IN)
        yield leaves("closes", "wind_down", CLOSES_IN)
        yield ExitScenario("nobody", "No door")

    @hookimpl
    def cashcade_scenarios(self):
        yield Scenario("gloom", "Gloom", exits=("closes",))
        yield Scenario("poor", "Poor", changes={"company.start.cash": 5e8})


def world(exits=""):
    return World.from_text(TEXT.format(exits=exits))


OPTIONS = {"plugins": [Windows()], "block": []}
RUN = {"paths": 16, "months": MONTHS, "seed": 3}
FLOATS = 'exits = "thrives"'


def numbers(dataset):
    return {name: values for name, values in dataset.data_vars.items() if values.dtype.kind in "biuf"}


def same(one, other):
    mine, others = numbers(one), numbers(other)
    assert mine.keys() == others.keys()
    assert len(mine) > 10
    return all(np.array_equal(values, others[name], equal_nan=True) for name, values in mine.items())


def exit_month(result):
    return result.dataset["exit_month"].to_numpy()[:, 0].tolist() if "exit_month" in result.dataset else None


@pytest.mark.parametrize("exits", [FLOATS, 'exits = ["thrives"]', 'exits = ["thrives", "thrives"]'])
def test_doors_of_the_world_are_those_of_a_scenario(exits):
    own = cc.run(world(exits), **RUN, **OPTIONS)
    given = cc.run(world(), scenarios=["thrives"], **RUN, **OPTIONS)
    assert exit_month(own) == [LEAVES_IN] * 16
    assert same(own.dataset, given.dataset)
    assert own.exits().equals(given.exits())


def test_a_case_and_a_simulation_have_them_too():
    own = cc.run(world(FLOATS), **RUN, **OPTIONS)
    case = cc.Case(world(FLOATS), **OPTIONS)
    assert case.exits == ("thrives",)
    assert case.scenarios == ()
    assert same(case.run(**RUN).dataset, own.dataset)
    with cc.Simulation(world(FLOATS), **RUN, **OPTIONS) as simulation:
        while simulation.month < MONTHS:
            simulation.step()
        assert np.array_equal(simulation.dataset()["exit_month"], own.dataset["exit_month"])


@pytest.mark.parametrize(
    ("given", "exits", "months"),
    [
        (["closes"], "closes", [CLOSES_IN] * 16),
        (["gloom"], "closes", [CLOSES_IN] * 16),
        ([leaves("own", "self_sustain", 5)], "own", [5] * 16),
        (["nobody"], "nobody", None),
        (["poor"], "thrives", [LEAVES_IN] * 16),
    ],
)
def test_an_exit_scenario_of_the_run_replaces_them(given, exits, months):
    """Also one within a scenario, and one without doors; other scenarios leave them."""
    found = cc.run(world(FLOATS), scenarios=given, **RUN, **OPTIONS)
    assert exit_month(found) == months
    assert found.dataset.attrs["exit_scenarios"] == exits
    assert found.dataset.attrs["scenarios"] == str(getattr(given[0], "name", given[0]))
    if exits != "thrives":
        assert same(found.dataset, cc.run(world(), scenarios=given, **RUN, **OPTIONS).dataset)


def test_a_result_says_which_doors_there_were():
    attributes = cc.run(world(FLOATS), **RUN, **OPTIONS).dataset.attrs
    assert (attributes["exit_scenarios"], attributes["scenarios"]) == ("thrives", "")
    assert attributes["rules"] == "thrives/out"
    assert attributes["plugins"].startswith("Windows (plugins[1])") or "Windows" in attributes["plugins"]
    assert cc.run(world(), **RUN).dataset.attrs["exit_scenarios"] == ""


def test_a_world_with_doors_is_written_and_read_again():
    both = world('exits = ["thrives", "closes"]')
    assert World.from_toml(both.to_toml()) == both
    assert World.from_tables(both.to_tables()) == both
    assert world(FLOATS).about.exits == ("thrives",)
    assert World.builder("b", "2025-08-31", exits="thrives").company("a", cash=1.0).build().about.exits == (
        "thrives",
    )


def test_an_unknown_name_says_where_what_and_the_way_out():
    message = (
        'world.exits: given "thrvies", wanted the name of an exit scenario of a plugin. Did you mean "thrives"? '
        "Or install the plugin that brings it, give the run an exit scenario, or leave exits out."
    )
    for call in (cc.run, cc.Case, cc.Simulation):
        with pytest.raises(WorldError) as caught:
            call(world('exits = "thrvies"'), **OPTIONS)
        assert message in str(caught.value)
    assert exit_month(cc.run(world('exits = "thrvies"'), scenarios=["closes"], **RUN, **OPTIONS))


def test_validation_looks_for_them(tmp_path, capsys):
    file = tmp_path / "w.toml"
    file.write_text(TEXT.format(exits='exits = "nromal-window"'), encoding="utf-8")
    assert execute(["validate", str(file)]) == 2
    assert 'world.exits: given "nromal-window"' in capsys.readouterr().err


@pytest.mark.parametrize("exits", ["exits = 3", 'exits = [""]', "exits = true"])
def test_what_is_no_name_is_refused(exits):
    with pytest.raises(WorldError, match=r"world\.exits"):
        world(exits)
