"""The oldest libraries that CI runs with are those that pyproject.toml promises."""

import importlib.util
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLUSTERS = {"dask", "ray", "mpi"}
"""Extras that have tests of their own, with the newest alone."""


def oldest():
    spec = importlib.util.spec_from_file_location("oldest", ROOT / "tools" / "oldest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_dependency_is_pinned_to_its_lower_bound():
    pins = dict(pin.split("==") for pin in oldest().pins())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(
            each
            for name, extra in project["optional-dependencies"].items()
            if name not in CLUSTERS
            for each in extra
        ),
    ]
    assert len(wanted) >= 15
    assert {each.partition(">=")[0]: each.partition(">=")[2] for each in wanted}.items() <= pins.items()
    for name in (
        "numpy",
        "pandas",
        "xarray",
        "pydantic",
        "pluggy",
        "narwhals",
        "tomlkit",
        "cyclopts",
        "rich",
    ):
        assert name in pins


def test_a_dependency_without_a_lower_bound_is_refused(tmp_path):
    text = '[project]\ndependencies = ["numpy"]\noptional-dependencies = {}\n[dependency-groups]\ntest = []\n'
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ValueError, match="numpy has no lower bound"):
        oldest().pins(tmp_path / "pyproject.toml")


def test_plugins_ask_for_no_older_library():
    """What a plugin needs of a library that the package needs too is what the package says."""
    bounds = dict(pin.split("==") for pin in oldest().pins())
    found = []
    for file in sorted(ROOT.glob("plugins/*/pyproject.toml")):
        for each in tomllib.loads(file.read_text())["project"]["dependencies"]:
            name, _, bound = each.partition(">=")
            if bound:
                found.append(name)
                assert bounds[name] == bound, f"{file}: {each}"
    assert {"pandas", "numpy", "xarray"} <= set(found)
