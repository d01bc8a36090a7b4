"""The page about simulations: its code runs, its table of limits is the core's."""

import re
from importlib import import_module
from pathlib import Path

import cashcade as cc
import numpy as np
import pytest

from tests.simulation.made import RANGES

PAGE = (Path(__file__).parents[2] / "docs" / "simulation.md").read_text(encoding="utf-8")


def test_the_example_runs(capsys):
    example, *_ = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    shorter = example.replace("10_000", "40")
    assert shorter != example
    exec(shorter, {})  # noqa: S102 - our own page
    assert "of the paths end in failure" in capsys.readouterr().out


def test_the_lever_moves(capsys):
    _, example, *_ = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    exec(example.replace("1_000", "40"), {"cc": cc})  # noqa: S102 - our own page
    found = np.array(capsys.readouterr().out.replace("[", "").replace("]", "").split(), dtype=float)
    assert found.min() == 1.0
    assert 1.0 < found.max() <= 1.1


def test_the_function_gives(capsys):
    blocks = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    (example,) = [block for block in blocks if "run_monthly" in block]
    shorter = example.replace("1_000", "40")
    assert shorter != example
    names = {"cc": cc, "np": np, "__name__": "page"}
    exec(shorter, names)  # noqa: S102 - our own page
    assert "Backer of page (without a file)" in capsys.readouterr().out
    plain = cc.run("ai-2025-08", months=24, paths=40, seed=1).dataset["company_cash_mean"]
    given = (names["result"].dataset["company_cash_mean"] - plain).sel(company="anthropic")
    assert given[0] == 0, "nobody was short at the start"
    assert given[-1] > 0


def test_the_agent_plays(capsys):
    pytest.importorskip("gymnasium")
    *_, one, many = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    played = {"np": np}
    exec(one, played)  # noqa: S102 - our own page
    assert played["info"]["month"] == 24
    assert played["total"] > 0.0
    exec(many, played)  # noqa: S102 - our own page
    assert played["infos"]["month"].tolist() == [24] * 64
    assert played["cut_off"].all()
    assert not capsys.readouterr().out


def test_the_configuration_of_the_interface_is_one(tmp_path):
    pytest.importorskip("bmipy")
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
    (tmp_path / "config.toml").write_text(example)
    model = import_module("cashcade.bmi").CashcadeBmi()
    model.initialize(str(tmp_path / "config.toml"))
    assert model.get_end_time() == 36.0
    model.finalize()


def test_the_limits_are_those_of_the_core():
    said = {}
    for names, limits in re.findall(r"^\| (`[a-z]+\.[^|]*) \| ([-\d][^|]*) \|", PAGE, flags=re.MULTILINE):
        numbers = [float(number) for number in limits.split(",")]
        said |= dict.fromkeys(re.findall(r"`([^`]+)`", names), (numbers[0], numbers[-1]))
    assert {name: (float(f"{low:.3g}"), float(f"{high:.3g}")) for name, (low, high) in RANGES.items()} == said
