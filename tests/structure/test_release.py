"""Ways to a release: the recipe of conda asks for what the package does, and the workflow calls the one recipe of wheels."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def texts(place):
    return (ROOT / place).read_text(encoding="utf-8")


def test_the_recipe_of_conda_asks_for_what_the_package_does():
    project = tomllib.loads(texts("pyproject.toml"))["project"]
    asked = {re.sub(r"\s", "", name) for name in project["dependencies"]}
    run = re.search(r"\n  run:\n((?:    - .*\n)+)", texts("conda/recipe.yaml"))
    found = {re.sub(r"\s", "", line.strip("- ")) for line in run[1].splitlines()}
    assert found == asked | {f"python{project['requires-python']}"}
    version = tomllib.loads(texts("Cargo.toml"))["workspace"]["package"]["version"]
    assert f'version: "{version}"' in texts("conda/recipe.yaml")


def test_the_workflow_of_releases_calls_the_one_recipe():
    release = texts(".github/workflows/release.yml")
    assert re.findall(r"run: (make .*)", release) == ["make wheel"]
    assert "maturin" not in release
    targets = set(re.findall(r"^([a-z-]+):", texts("Makefile"), re.MULTILINE))
    assert {"wheel", "check-wheel", "test-clusters"} <= targets
