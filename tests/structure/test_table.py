"""The one table is sound, and what is made from it is what the compiled core says."""

import re
import runpy
from pathlib import Path

import pytest
from cashcade import _core

ROOT = Path(__file__).parents[2]
TABLE = _core.table()
PARTS = {"parameters": TABLE.parameters, "links": TABLE.links, "variables": TABLE.variables}


@pytest.mark.parametrize("part", PARTS)
def test_every_row_says_what_it_means(part):
    rows = PARTS[part]
    assert len(rows) > 10
    for row in rows:
        assert re.fullmatch(r"[A-Z0-9].*\.", row.meaning), f"{row}: {row.meaning!r} is no sentence"


@pytest.mark.parametrize("part", PARTS)
def test_names_are_distinct(part):
    names = [row.full_name for row in PARTS[part]]
    assert len(set(names)) == len(names)


def test_a_row_knows_its_place_and_its_file():
    for rows in (TABLE.parameters, TABLE.variables):
        assert [row.place for row in rows] == list(range(len(rows)))
        for row in rows:
            path = ROOT / "rust" / "core" / "src" / "model" / f"{row.file}.rs"
            assert f" {row.name}: " in path.read_text(encoding="utf-8")


def test_the_table_is_one_object_that_nobody_changes():
    assert _core.table() is TABLE
    row = TABLE.parameters[0]
    assert (repr(row), repr(TABLE.links[0])) == ("<Parameter company.cash>", "<Link segment.seller>")
    with pytest.raises(AttributeError):
        row.low = 1.0


def test_defaults_and_neutral_values_lie_within_their_bounds():
    for row in TABLE.parameters:
        for value in (row.default, row.off):
            assert value is None or row.low <= value <= row.high, row
    assert sum(row.off is not None for row in TABLE.parameters) > 30


def test_codes_and_no_others_have_words_within_bounds():
    for row in TABLE.parameters:
        assert (row.unit == "code") == bool(row.words), row
        codes = [code for _, code in row.words]
        assert all(row.low <= code <= row.high for code in codes)
        assert len(set(codes)) == len(codes)
        assert not row.words or row.default in codes


def test_the_records_of_worlds_are_up_to_date():
    made = runpy.run_path(str(ROOT / "tools" / "fields.py"))["module"]
    assert (ROOT / "python/cashcade/world/fields.py").read_text(encoding="utf-8") == made(), "run `make fmt`"


@pytest.mark.parametrize("part", PARTS)
def test_the_page_shows_every_row(part):
    page = runpy.run_path(str(ROOT / "tools" / "variables_page.py"))["page"]()
    for row in PARTS[part]:
        _, _, section = page.partition(f"\n## {row.entity}\n")
        section, _, _ = section.partition("\n## ")
        shown = [line for line in section.splitlines() if line.startswith(f"| `{row.name}` |")]
        assert [line for line in shown if f"| {row.meaning.removesuffix('.')}" in line], row
    assert not (ROOT / "docs" / "variables.md").exists(), "it is made with the site"
