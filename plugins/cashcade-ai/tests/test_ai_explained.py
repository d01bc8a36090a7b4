"""Explanations hold: without the causes that are named, on the same luck, companies live."""

import cashcade as cc
import pytest
from cashcade.errors import ArgumentError

from cashcade_ai.explained import Explained, counted, explained, renewed


def test_one_cause_is_enough_or_several_are_named() -> None:
    """On nine of ten failures at least, of a run with failures of several kinds."""
    rows = [*explained(cc.run("ai-2025-08", scenarios=["funding-shut"], months=36, paths=16, seed=3))]
    assert len(rows) > 20
    assert len({each.first for each in rows}) >= 3
    held = [each.alone or each.named > 1 for each in rows]
    assert sum(held) >= 0.9 * len(held)
    assert sum(each.together for each in rows) >= 0.9 * len(rows)


def test_the_count_replaces_the_one_before() -> None:
    rows = [
        Explained("no round", 1, alone=True, together=True, seconds=0.1),
        Explained("no round", 3, alone=False, together=True, seconds=0.3),
        Explained("sudden", 1, alone=False, together=False, seconds=0.2),
    ]
    text = counted(rows)
    assert text.startswith("Of all 3 failures")
    assert "| no round | 2 | 50 | 100 | 2.00 |\n| sudden | 1 | 0 | 0 | 1.00 |\n" in text
    assert "On 66.7 % of them" in text
    assert "0.20 s of processor time on average and 0.30 s at most" in text
    page = f"# Title\n\nBefore.\n\n{counted(rows[:1])}\nAfter.\n"
    assert renewed(page, text) == f"# Title\n\nBefore.\n\n{text}\nAfter.\n"
    with pytest.raises(ArgumentError, match="0 tables"):
        renewed("# Title\n", text)
