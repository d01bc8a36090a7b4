"""The one table is documented, and its page is what the compiled core says."""

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


def test_the_page_is_up_to_date():
    page = runpy.run_path(str(ROOT / "tools" / "variables_page.py"))["page"]
    assert (ROOT / "docs" / "variables.md").read_text(encoding="utf-8") == page(), "run `make fmt`"
