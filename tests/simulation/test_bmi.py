"""The Basic Model Interface, by its own tester and by what it promises."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cashcade.bmi import UNITS, CashcadeBmi
from cashcade.errors import ArgumentError
from cashcade.host.grids import KINDS
from cashcade.host.simulation import Simulation
from cashcade.words.rows import movable_parameters, variables
from gimli.units import units

from tests.world.conftest import TEXT

CONFIG = """
world = "ai-2025-08"
paths = 6
seed = 3
months = 12
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(CONFIG)
    return str(path)


@pytest.fixture
def model(config):
    model = CashcadeBmi()
    model.initialize(config)
    yield model
    model.finalize()


def values(model, name):
    return model.get_value(name, np.empty(model.get_grid_size(model.get_var_grid(name))))


def test_the_tester_passes(tmp_path):
    """On a small world with every kind of entry, which is read again for each of its checks."""
    folder, config = tmp_path, str(tmp_path / "config.toml")
    (folder / "world.toml").write_text(TEXT)
    Path(config).write_text(CONFIG.replace("ai-2025-08", str(folder / "world.toml")))
    # The tester starts pytest itself, without the settings of this house.
    arguments = [
        "-m",
        "bmi_tester",
        "cashcade.bmi:CashcadeBmi",
        "--root-dir",
        str(folder),
        "--config-file",
        config,
    ]
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *arguments],
        cwd=folder,
        env=os.environ | {"PYTEST_ADDOPTS": "-p no:cacheprovider"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "All tests passed" in done.stderr
    assert "failed" not in done.stdout
    assert "gimli.units is not installed" not in done.stdout, "the tester left out its checks of units"


def test_it_is_a_simulation(model):
    with Simulation("ai-2025-08", paths=6, seed=3) as simulation:
        model.update()
        model.update_until(4.0)
        simulation.step(4)
        assert model.get_current_time() == 4.0
        for name in model.get_output_var_names():
            flat = simulation.get(name.replace("__", ".")).ravel()
            np.testing.assert_array_equal(values(model, name), flat, err_msg=name)


def test_every_variable_has_its_place_and_unit(model):
    assert model.get_output_item_count() == len(variables()) == len(model.get_output_var_names())
    assert model.get_input_item_count() == len(model.get_input_var_names())
    assert "company__cash" in model.get_input_var_names()
    for name in model.get_output_var_names():
        row = variables()[name.replace("__", ".")]
        assert model.get_var_units(name) == UNITS[row.unit]
        grid = model.get_var_grid(name)
        entities = len(model.simulation.names(row.entity))
        assert model.get_grid_node_count(grid) == 6 * entities
        x, y = (np.empty(6 * entities) for _ in range(2))
        np.testing.assert_array_equal(model.get_grid_x(grid, x), np.tile(np.arange(entities), 6))
        np.testing.assert_array_equal(model.get_grid_y(grid, y), np.repeat(np.arange(6), entities))


def test_every_lever_has_a_unit_and_a_grid():
    assert {row.unit for row in movable_parameters().values()} <= UNITS.keys()
    assert {row.entity for row in movable_parameters().values()} == set(KINDS)


def test_units_are_known_to_udunits():
    for unit in UNITS.values():
        units.Unit(unit)


def test_pointers_follow_the_model_and_inputs_go_in(model):
    cash, runway = model.get_value_ptr("company__cash"), model.get_value_ptr("company__runway")
    plan = model.get_value_ptr("fleet__plan")
    assert model.get_value_ptr("company__cash") is cash
    model.update()
    np.testing.assert_array_equal(cash, values(model, "company__cash"))
    np.testing.assert_array_equal(runway, values(model, "company__runway"))
    with pytest.raises(ValueError, match="read-only"):
        runway[0] = 1.0
    cash[7], plan[3] = 123.0, 2.0
    assert values(model, "company__cash")[7] == 123.0
    assert values(model, "fleet__plan")[3] == 2.0
    cash[7] = 456.0
    model.update()
    with Simulation("ai-2025-08", paths=6, seed=3) as simulation:
        simulation.step()
        new = simulation.get("company.cash").ravel()
        new[7] = 456.0
        simulation.set("company.cash", new.reshape(6, -1))
        new = simulation.get("fleet.plan").ravel()
        new[3] = 2.0
        simulation.set("fleet.plan", new.reshape(6, -1))
        simulation.step()
        np.testing.assert_array_equal(cash, simulation.get("company.cash").ravel())


def test_time_may_miss_a_month_by_rounding(model):
    time = 0.0
    for _ in range(30):
        time += 0.1
    assert time != 3.0
    model.update_until(time)
    assert model.get_current_time() == 3.0
    model.update_until(3.0 - 1e-9)
    assert model.get_current_time() == 3.0
    model.update_until(12.0 + 1e-9)
    assert model.get_current_time() == model.get_end_time() == 12.0


LEVERS = ["company.list_level", "segment.revenue", "order.share"]


@pytest.fixture
def moved(tmp_path):
    path = tmp_path / "levers.toml"
    path.write_text(f"{CONFIG}\nlevers = {LEVERS}\n")
    model = CashcadeBmi()
    model.initialize(str(path))
    yield model
    model.finalize()


def test_levers_of_rules_are_inputs(moved):
    names = ("company__list_level", "segment__revenue_", "order__share")
    assert set(names) <= set(moved.get_input_var_names())
    assert "segment__revenue" not in moved.get_input_var_names(), "the variable follows from others"
    assert [moved.get_var_units(name) for name in names] == ["1", "month-1", "1"]
    level = moved.get_value_ptr("company__list_level")
    level[:26] = 1.2
    moved.set_value("segment__revenue_", 0.5 * values(moved, "segment__revenue_"))
    moved.set_value_at_indices("order__share", np.array([0]), np.array([0.0]))
    moved.update_until(2.0)
    with Simulation("ai-2025-08", paths=6, seed=3, levers=LEVERS) as simulation:
        simulation.set("company.list_level", 1.2, where=np.arange(6)[:, np.newaxis] == 0)
        simulation.scale("segment.revenue_", 0.5)
        simulation.set(
            "order.share", 0.0, where=np.arange(6 * len(simulation.names("order"))).reshape(6, -1) == 0
        )
        simulation.step(2)
        for name in (*moved.get_output_var_names(),):
            full = name.replace("__", ".", 1)
            np.testing.assert_array_equal(values(moved, name), simulation.get(full).ravel(), err_msg=name)
    np.testing.assert_array_equal(level, values(moved, "company__list_level"))


def test_a_lever_that_is_not_there_is_refused(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(f'{CONFIG}\nlevers = ["company.list_lvel"]\n')
    with pytest.raises(ArgumentError, match=r"company\.list_level"):
        CashcadeBmi().initialize(str(path))


def test_setting_all_and_some(model):
    before = values(model, "loan__balance")
    model.set_value("loan__balance", 2.0 * before)
    np.testing.assert_array_equal(values(model, "loan__balance"), 2.0 * before)
    model.set_value_at_indices("loan__balance", np.array([3, 5]), np.array([1.0, 2.0]))
    some = model.get_value_at_indices("loan__balance", np.empty(2), np.array([5, 3]))
    np.testing.assert_array_equal(some, [2.0, 1.0])
    np.testing.assert_array_equal(values(model, "loan__balance")[6:], 2.0 * before[6:])


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda m: m.update_until(1.5), "whole month from 0 to 12"),
        (lambda m: m.update_until(13.0), "whole month from 0 to 12"),
        (lambda m: m.get_var_units("company__cahs"), "Did you mean 'company__cash'"),
        (lambda m: m.get_var_units("company.cash"), "Did you mean 'company__cash'"),
        (lambda m: m.set_value("company__runway", np.ones(6 * 26)), "cannot be set"),
        (lambda m: m.set_value("company__cash", np.ones(3)), "has 156 values, 3 were given"),
        (lambda m: m.set_value_at_indices("company__cash", np.array([156]), np.ones(1)), "out of bounds"),
        (
            lambda m: m.set_value_at_indices("company__cash", np.array([1, 2]), np.ones(1)),
            "2 inds and 1 values",
        ),
        (lambda m: m.get_value("company__cash", np.ones(3)), "holds 3 values, wanted 156"),
        (lambda m: m.update_until(float("nan")), "whole month from 0 to 12"),
        (lambda m: m.update_until(float("inf")), "whole month from 0 to 12"),
        (lambda m: m.update_until(1.0 + 1e-3), "whole month from 0 to 12"),
        (lambda m: m.get_grid_rank(12), "from 0 to 11"),
    ],
)
def test_errors(model, ask, said):
    with pytest.raises(ArgumentError, match=said):
        ask(model)
    assert model.get_current_time() == 0.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("paths = 3", "has no world"),
        ('world = "ai-2025-08"\npathes = 3', "Did you mean 'paths'"),
        ('world = "ai-2025-08"\npaths = 0', "paths is 0"),
        ("world = ", "cannot be read"),
    ],
)
def test_configurations_that_cannot_be(tmp_path, text, said):
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ArgumentError, match=said):
        CashcadeBmi().initialize(str(path))


def test_a_world_beside_the_configuration(tmp_path):
    (tmp_path / "mine.toml").write_text(
        '[world]\nname = "mine"\ndate = 2025-08-31\n[[company]]\nid = "a"\ncash = 5\n'
    )
    (tmp_path / "config.toml").write_text('world = "mine.toml"\npaths = 2\n')
    model = CashcadeBmi()
    with pytest.raises(RuntimeError, match="initialize"):
        model.update()
    model.initialize(str(tmp_path / "config.toml"))
    assert model.simulation.world.name == "mine"
    assert not any(name.startswith("loan") for name in model.get_output_var_names())
    with pytest.raises(NotImplementedError, match="no shape"):
        model.get_grid_shape(0, np.empty(2, dtype=np.int32))
    model.finalize()
