"""The pages of figures list every number of the worlds."""

from pathlib import Path

import pytest
from cashcade import load_world
from cashcade_ai.figures import main, told


@pytest.mark.parametrize("name", ["telecom-2000", "dotcom-cohort"])
def test_the_command_writes_every_number(name: str, tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    main([name, str(target)])
    text = target.read_text(encoding="utf-8")
    figures = [
        row for row in load_world(name).figures().itertuples() if not isinstance(row.value, str | bool)
    ]
    assert figures
    assert all(f"| {row.id} | `{row.field}` |" in text for row in figures)


@pytest.mark.parametrize("name", ["telecom-2000", "dotcom-cohort"])
def test_every_assumption_says_what_would_tell(name: str) -> None:
    table = told(load_world(name).figures())
    assumed = table[table["assumption"]]
    numbers = assumed[[not isinstance(value, str | bool) for value in assumed["value"]]]
    assert len(numbers) > 1000
    assert set(numbers[numbers["better"].isna()]["field"]) == set()
