"""The transmission table: its judgement is right, and what must hold does."""

from pathlib import Path

import pytest

from cashcade_ai.transmission import EXPERIMENTS, page
from cashcade_ai.transmission.lines import Line, above, below, monotone

HELD = ("T1", "T10")
"""Experiments all of whose lines hold."""

PATHS = 400


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        (below("", (-1.0, 0.4)), True),
        (below("", (-1.0, 0.6)), False),
        (below("", (-6.0, 0.4), -5.0), True),
        (above("", (1.0, 0.4)), True),
        (above("", (1.0, 0.6)), False),
        (above("", (5.5, 0.4), 5.0), False),
        (monotone("", [3, 2, 1], falling=True), True),
        (monotone("", [3, 2, 2.5], falling=True), False),
        (monotone("", [2, 2, 2], falling=True), False),
        (monotone("", [3, 2, 1.6], falling=True, factor=2), False),
        (monotone("", [1, 2, 2], falling=False, factor=2), True),
    ],
)
def test_judgement(line: Line, holds: bool) -> None:
    assert line.holds == holds


@pytest.mark.parametrize("name", HELD)
def test_what_must_hold_does(name: str) -> None:
    (experiment,) = (each for each in EXPERIMENTS if each.name == name)
    found = list(experiment.measure(PATHS))
    assert len(found) >= 2
    assert [line for line in found if not line.holds] == []


def test_the_page_says_what_was_measured(tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    page.main([str(target), "--paths", "16"])
    text = target.read_text(encoding="utf-8")
    for experiment in EXPERIMENTS:
        assert f"## {experiment.name}: {experiment.title}" in text
    rows = [row for row in text.splitlines() if row.startswith("| ") and row.count("|") == 5]
    verdicts = [row.split("|")[4].strip() for row in rows if "must be" not in row]
    held = verdicts.count("yes")
    assert len(verdicts) > 40
    assert f"**{held} of {held + verdicts.count('**no**')} lines hold.**" in text
