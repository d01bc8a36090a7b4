"""The transmission table: its judgement is right, and what must hold does."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from cashcade.world.feedbacks import FEEDBACKS

from cashcade_ai.transmission import EXPERIMENTS, economy, page
from cashcade_ai.transmission.lines import Line, above, below, monotone, stepwise

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
        (stepwise("", [(-1.0, 0.6), (0.4, 0.3), (-0.6, 0.2)], falling=True), True),
        (stepwise("", [(-1.0, 0.6), (0.4, 0.1), (-0.6, 0.2)], falling=True), False),
        (stepwise("", [(-1.0, 0.6), (0.4, 0.3), (-0.6, 0.4)], falling=True), False),
        (stepwise("", [(1.0, 0.6), (-0.4, 0.3), (0.6, 0.2)], falling=False), True),
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


def test_drawdowns_are_from_the_highest_of_two_years_and_the_start() -> None:
    index = np.array([[0.8, 1.2, 0.9, *[0.9] * 23, 0.45]])
    found = economy.drawdowns(index)[0]
    assert found[:3] == pytest.approx([0.2, 0.0, 0.25])
    assert found[25] == pytest.approx(0.25), "the highest, in month 2, is 24 months ago"
    assert found[26] == pytest.approx(0.5), "and now it is forgotten"


def test_losses_are_those_of_twelve_months() -> None:
    failed = np.cumsum(np.ones((1, 20)), axis=1)
    assert economy.losses(failed)[0].tolist() == [*range(1, 13), *[12] * 8]


def test_how_much_more_often_a_window_shuts() -> None:
    """Of ten open months after bad ones one shuts, of none after good ones; a shut window cannot shut."""
    shut = np.zeros((100, 12), dtype=bool)
    shut[:, 11] = True
    bad = np.zeros((100, 12), dtype=bool)
    bad[:, 1:] = True
    difference, error = economy.more_often(shut, bad, ~bad)
    assert (difference, error) == (pytest.approx(10.0), pytest.approx(0.0, abs=1e-9))
    assert economy.more_often(np.ones((100, 12), dtype=bool), bad, ~bad) == (0.0, 0.0)


PAGE = Path(__file__).parents[3] / "docs" / "transmission.md"


@pytest.mark.skipif(not PAGE.exists(), reason="the docs are not part of an installed plugin")
def test_the_page_in_the_docs_has_every_experiment_and_feedback() -> None:
    """What it measured is that of a run of a thousand paths, which takes minutes: make transmission."""
    text = PAGE.read_text(encoding="utf-8")
    for experiment in EXPERIMENTS:
        assert f"\n## {experiment.name}: {experiment.title}\n" in text, "run: make transmission"
    assert {name for name in FEEDBACKS if f"| `{name}`: " not in text} == set(), "run: make transmission"


def test_the_page_says_what_was_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = partial(economy.measure_feedbacks, names=["wealth", "fire-sale"])
    monkeypatch.setattr(economy, "measure_feedbacks", few)
    target = tmp_path / "page.md"
    page.main([str(target), "--paths", "16"])
    text = target.read_text(encoding="utf-8")
    for experiment in EXPERIMENTS:
        assert f"## {experiment.name}: {experiment.title}" in text
    rows = [row for row in text.splitlines() if row.startswith("| ") and row.count("|") == 5]
    verdicts = [row.split("|")[4].strip() for row in rows if "must be" not in row and "*instead" not in row]
    held = verdicts.count("yes")
    assert len(verdicts) > 40
    assert f"**{held} of {held + verdicts.count('**no**')} lines hold.**" in text


def test_what_was_tried_stands_once_below_lines_that_do_not_hold() -> None:
    """Lines that fail for one reason tell it once; those that hold, or have no reason, tell nothing."""
    lines = (
        Line("first", "1", "2", holds=False, tried="All of it."),
        Line("second", "2", "2", tried="Nothing."),
        Line("third", "1", "2", holds=False, tried="All of it."),
        Line("fourth", "1", "2", holds=False),
    )
    text = page.page_of([(EXPERIMENTS[0], lines)], 10)
    assert text.endswith("| fourth | 1 | 2 | **no** |\n\n**Not so** (first; third). All of it.\n")
    assert "**1 of 4 lines hold.**" in text
