"""The specification has a file for each mechanism of the compiled loop, and each begins with its formulas."""

import ast
import re
import runpy
from pathlib import Path

import pytest
from cashcade import _core

ROOT = Path(__file__).parents[2]
RUST = ROOT / "rust" / "core" / "src" / "model"
SPEC = ROOT / "spec"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SPEC.glob("*.py"))}
FILES = sorted(set(TEXTS) - {"__init__"})
ROWS = re.compile(r"macro_rules! rows \{.*?pub\(crate\) use rows;", re.DOTALL)
ROW = re.compile(r"^ +(\w+): [A-Z]\w+, .*\"", re.MULTILINE)


def declared() -> dict[str, set[str]]:
    """Names of the rows that each file of the model declares."""
    found = {}
    for path in sorted(RUST.glob("*.rs")):
        for rows in ROWS.findall(path.read_text(encoding="utf-8")):
            found[path.stem] = set(ROW.findall(rows))
    return found


DECLARED = declared()


def test_all_rows_of_the_table_are_found():
    table = {row.name for row in (*_core.table().parameters, *_core.table().variables)}
    assert set.union(*DECLARED.values()) == table


@pytest.mark.parametrize("name", DECLARED)
def test_a_file_with_rows_has_its_specification_and_that_names_them(name):
    words = set(re.findall(r"\w+", TEXTS[name]))
    assert DECLARED[name] - words == set()


@pytest.mark.parametrize("name", FILES)
def test_a_file_begins_with_its_formulas_and_says_what_pins_them(name):
    said = ast.get_docstring(ast.parse(TEXTS[name]))
    assert said is not None
    first, *rest = said.splitlines()
    assert first.endswith(".")
    assert [line for line in rest if re.match(r"    \S", line)], "a formula a line, indented by four spaces"
    (tests,) = re.findall(r"^Tests: (.+)$", said, re.MULTILINE)
    assert [test for test in tests.split(", ") if not (ROOT / test).is_file()] == []


@pytest.mark.parametrize("name", FILES)
def test_the_specification_stands_alone(name):
    """It shares no line with what is tested against it: of the package it takes the names of rows and operations."""
    found = re.findall(r"^(?:from|import) (\w+)(?:\.\w+)*(?: import (.+))?$", TEXTS[name], re.MULTILINE)
    assert {names for module, names in found if module == "cashcade"} <= {"_core"}
    assert not {module for module, _ in found} & {"tests", "tools"}


def pages(tool: str) -> dict[str, object]:
    """A tool that makes pages of the site."""
    return runpy.run_path(str(ROOT / "tools" / f"{tool}.py"))


def test_every_file_has_its_page_and_none_is_in_the_tree():
    made = dict(pages("model_pages")["pages"]())
    assert set(made) == {"model/index.md", *(f"model/{name}.md" for name in FILES)}
    for name in FILES:
        assert f"({name}.md)" in made["model/index.md"]
    assert not [place for place in made if (ROOT / "docs" / place).exists()]


def test_a_page_shows_formulas_first_and_then_the_code():
    made = dict(pages("model_pages")["pages"]())["model/confidence.md"]
    formula, code = made.index("    kept *= 1 - cut_first * x\n"), made.index("def patience(")
    assert made.startswith("# Confidence\n\nPhase 2a: patience")
    assert formula < made.index("**Tests.** tests/theory/test_confidence.py") < made.index("```python") < code
