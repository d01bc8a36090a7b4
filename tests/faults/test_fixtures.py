"""What authors of plugins find in pytest where cashcade is installed."""

import subprocess
import sys
from importlib.metadata import entry_points

import cashcade as cc
import pytest

from tests.faults import plugins


def test_pytest_finds_the_fixtures():
    found = {point.name: point.value for point in entry_points(group="pytest11")}
    assert found["cashcade"] == "cashcade.pytest_plugin"


def test_a_sound_plugin_passes(check_plugin):
    assert check_plugin(plugins.sound(), examples=2).ok


def test_a_faulty_plugin_fails_the_test(check_plugin):
    with pytest.raises(pytest.fail.Exception, match="1 law is broken"):
        check_plugin(plugins.neutral_is_not_neutral(), examples=2)


def test_the_world_runs(cashcade_world):
    result = cc.run(cashcade_world, months=12, paths=8, quantiles=())
    assert result.dataset.attrs["imbalance"] <= 1e-9
    assert result.dataset["company"].to_numpy().tolist() == ["one", "two", "lab", "cloud", "chips"]


def test_nothing_heavy_is_imported_when_pytest_starts():
    heavy = ("numpy", "pandas", "xarray", "pydantic", "hypothesis", "cashcade.case.run", "cashcade.testing")
    code = f"import sys, pytest, cashcade.pytest_plugin; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"
