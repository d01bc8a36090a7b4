"""The one table is documented, and its page shows every row."""

import re
import runpy
from pathlib import Path

import pytest
from cashcade import _core

ROOT = Path(__file__).parents[2]
TABLES = {"parameters": _core.parameters(), "links": _core.links(), "variables": _core.variables()}


@pytest.mark.parametrize("kind", TABLES)
def test_every_row_says_what_it_means(kind):
    rows = TABLES[kind]
    assert len(rows) > 10
    for row in rows:
        assert re.fullmatch(r"[A-Z0-9].*\.", row[-1]), f"{row[0]}.{row[1]}: {row[-1]!r} is no sentence"


@pytest.mark.parametrize("kind", TABLES)
def test_names_are_distinct(kind):
    names = [row[:2] for row in TABLES[kind]]
    assert len(set(names)) == len(names)


def test_defaults_lie_within_their_bounds():
    drawn = [row for row in TABLES["parameters"] if row[5] is not None]
    assert drawn
    for entity, name, _, low, high, default, *_ in drawn:
        assert low <= default <= high, f"{entity}.{name}"


@pytest.mark.parametrize("kind", TABLES)
def test_the_page_shows_every_row(kind):
    page = runpy.run_path(str(ROOT / "tools" / "variables_page.py"))["page"]()
    for row in TABLES[kind]:
        _, _, section = page.partition(f"\n## {row[0]}\n")
        section, _, _ = section.partition("\n## ")
        shown = [line for line in section.splitlines() if line.startswith(f"| `{row[1]}` |")]
        assert [line for line in shown if line.endswith(f"| {row[-1]} |")], f"{row[0]}.{row[1]}"
    assert not (ROOT / "docs" / "variables.md").exists(), "it is made with the site"
