"""The page about simulations: its code runs, its table of limits is the core's."""

import re
from pathlib import Path

from tests.simulation.made import RANGES

PAGE = (Path(__file__).parents[2] / "docs" / "simulation.md").read_text(encoding="utf-8")


def test_the_example_runs(capsys):
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    shorter = example.replace("10_000", "40")
    assert shorter != example
    exec(shorter, {})  # noqa: S102 - our own page
    assert "of the paths end in failure" in capsys.readouterr().out


def test_the_limits_are_those_of_the_core():
    said = {}
    for names, limits in re.findall(r"^\| (`[a-z]+\.[^|]*) \| ([-\d][^|]*) \|", PAGE, flags=re.MULTILINE):
        numbers = [float(number) for number in limits.split(",")]
        said |= dict.fromkeys(re.findall(r"`([^`]+)`", names), (numbers[0], numbers[-1]))
    assert {name: (float(f"{low:.3g}"), float(f"{high:.3g}")) for name, (low, high) in RANGES.items()} == said
