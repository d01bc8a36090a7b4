"""Workbooks: what a spreadsheet program saved is read, or refused with the line and the reason.

`german/` was saved by LibreOffice 7.4 with a German locale: `book.xlsx`, and the same sheets as CSV with semicolons,
decimal commas, dates with points and WAHR.
"""

import datetime as dt
import importlib.util
import io
import re
import zipfile
from pathlib import Path

import cashcade as cc
import openpyxl
import pandas as pd
import pytest
from cashcade.errors import MissingExtraError, WorldError
from cashcade.testing import worlds
from cashcade.world import World, workbooks
from cashcade.world.problems import Problem
from hypothesis import HealthCheck, given, settings
from openpyxl.worksheet.formula import ArrayFormula

from tests.effort import tries

GERMAN = Path(__file__).parent / "german"

PROPERTY = settings(
    max_examples=tries(5),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

HEADER = ["id", "name", "cash", "tax_rate"]


def book(folder: Path, rows: list[list[object]], name: str = "companies", **cells: str) -> Path:
    """Write a workbook with a sheet of companies, and a sheet of the world."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    for place, text in cells.items():
        sheet[place] = text
        sheet[place].data_type = "s"
    world = made.create_sheet("world")
    world.append(["name", "date"])
    world.append(["x", dt.date(2025, 8, 31)])
    made.save(folder / "book.xlsx")
    return folder / "book.xlsx"


def refused(path: Path) -> Problem:
    with pytest.raises(WorldError) as caught:
        World.from_tables(path)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize("source", [GERMAN / "book.xlsx", GERMAN / "tables"])
def test_what_libreoffice_saved_with_a_german_locale_loads(source: Path) -> None:
    world = cc.load_world(source)
    assert (world.name, world.title, world.date) == ("klein", "Eine kleine Welt", dt.date(2025, 8, 31))
    lab, app, bank = world.companies
    assert (lab.name, lab.cash, lab.fixed_cost, lab.tax_rate) == (
        "Labor für KI",
        6_000_000_000.5,
        1500.5,
        0.125,
    )
    assert (lab.note, app.name, app.cash, app.tax_rate) == ("=SUM(A1)", "Über-App", 1_234_567.25, 0.125)
    assert (bank.cash, bank.fixed_cost) == (6e9, 1500)
    (loan,) = world.loans
    assert (loan.balance, loan.maturity, loan.floating, loan.rate) == (250_000.75, 24, True, 0.0725)


def test_the_command_takes_a_workbook_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book(tmp_path, [HEADER, ["a", "A", 1, 0.5]])
    monkeypatch.chdir(tmp_path)
    assert cc.run("book.xlsx", paths=1, months=1).dataset.attrs["world"] == "x"


def test_a_world_survives_a_workbook(world: World, tmp_path: Path) -> None:
    (tmp_path / "out.xlsx").write_bytes(world.to_xlsx())
    assert World.from_tables(tmp_path / "out.xlsx") == world


@PROPERTY
@given(world=worlds(ranges=True))
def test_any_world_survives_a_workbook(world: World, tmp_path: Path) -> None:
    (tmp_path / "out.xlsx").write_bytes(world.to_xlsx())
    assert World.from_tables(tmp_path / "out.xlsx") == world


def test_a_shipped_world_survives_a_workbook(tmp_path: Path) -> None:
    world = cc.load_world("ai-2025-08")
    (tmp_path / "out.xlsx").write_bytes(world.to_xlsx())
    assert cc.load_world(tmp_path / "out.xlsx") == world


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\tx"])
def test_text_that_begins_as_a_formula_stays_text(text: str, tmp_path: Path) -> None:
    world = World.from_tables(
        companies=pd.DataFrame({"id": ["a"], "cash": [1.0], "note": [text]}), name="x", date="2025-08-31"
    )
    (tmp_path / "out.xlsx").write_bytes(world.to_xlsx())
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["companies"]
    cell = next(cell for cell in sheet[2] if cell.value == text)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert World.from_tables(tmp_path / "out.xlsx") == world


def test_sheets_are_tables_in_whatever_case_and_empty_ones_say_nothing(tmp_path: Path) -> None:
    path = book(tmp_path, [HEADER, ["a", "A", 1, 0.5]], name="Companies ")
    made = openpyxl.load_workbook(path)
    made.create_sheet("Sheet1")
    made.create_sheet("_scratch").append(["what", "I", "think"])
    made.save(path)
    assert World.from_tables(path).companies[0].tax_rate == 0.5


REFUSED = {
    "ambiguous": ([HEADER, ["a", "A", "1,234", 0]], "[companies]", 2, "1234 or 1.234"),
    "currency": ([HEADER, [], ["a", "A", "45 €", 0]], "[companies]", 3, "convert"),
    "failed formula": ([HEADER, ["a", "A", "#DIV/0!", 0]], "[companies]", 2, "mend it in the spreadsheet"),
    "a formula that nobody worked out": (
        [HEADER, ["a", "A", "=1+1", 0]],
        "",
        None,
        'sheet "companies", line 2: the formula =1+1 has no value; open the workbook in a spreadsheet program',
    ),
    "a formula of many cells that nobody worked out": (
        [HEADER, ["a", "A", ArrayFormula("C2", "=SUM(A1:B1)"), 0]],
        "",
        None,
        'sheet "companies", line 2: the formula =SUM(A1:B1) has no value',
    ),
    "a date for a number": (
        [HEADER, ["a", "A", dt.date(2025, 5, 3), 0]],
        "[companies]",
        2,
        "datetime.date(2025, 5, 3), wanted a number",
    ),
    "beyond the header": ([HEADER, ["a", "A", 1, 0, 7]], "[companies]", 2, "cells beyond the header"),
    "unknown column": ([[*HEADER, "colour"], ["a", "A", 1, 0, "x"]], "[companies]", 1, "unknown column"),
}


@pytest.mark.parametrize(("rows", "sheet", "line", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_refused_with_line_and_reason(
    tmp_path: Path, rows: list[list[object]], sheet: str, line: int | None, says: str
) -> None:
    path = book(tmp_path, rows)
    problem = refused(path)
    assert problem.file == f"{path} {sheet}".strip()
    assert problem.line == line
    assert says in str(problem)


def test_a_formula_that_gives_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    path = book(tmp_path, [HEADER, ["a", "A", 1, "nothing"]])
    formula = '<c r="D2" t="str"><f>IF(1=1,"","x")</f><v></v></c>'
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    changed = re.sub(rb'<c r="D2".*?</c>', formula.encode(), parts[sheet])
    assert changed != parts[sheet]
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in (parts | {sheet: changed}).items():
            archive.writestr(name, part)
    assert World.from_tables(path).companies[0].tax_rate == 0.0


def test_an_unknown_sheet_is_refused_with_a_way_out(tmp_path: Path) -> None:
    problem = refused(book(tmp_path, [HEADER, ["a", "A", 1, 0]], name="companys"))
    assert 'Did you mean "companies"?' in problem.hint
    assert 'begins with "_"' in problem.hint


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"id;cash\n", "save it as .xlsx"), (b"", "save it as .xlsx"), (None, "a file that is not there")],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / "book.xlsx").write_bytes(content)
    assert says in refused(tmp_path / "book.xlsx").given


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as archive:
        archive.writestr("x", "y")
    assert "damaged" in refused(tmp_path / "book.xlsx").given


def test_a_workbook_much_larger_than_its_file_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in range(3):
            archive.writestr(str(name), bytes(100_000_000))
    assert (tmp_path / "book.xlsx").stat().st_size < 1_000_000
    assert "300 MB once it is unpacked" in refused(tmp_path / "book.xlsx").given


@pytest.mark.parametrize("suffix", [".ods", ".xls"])
def test_other_spreadsheets_are_refused_with_a_way_out(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"book{suffix}").write_bytes(b"PK")
    with pytest.raises(WorldError, match=r"wanted a workbook \.xlsx\. Save it so\."):
        cc.load_world(tmp_path / f"book{suffix}")


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "openpyxl" else object())
    for use in (world.to_xlsx, lambda: World.from_tables(GERMAN / "book.xlsx")):
        with pytest.raises(MissingExtraError, match=r'pip install "cashcade\[xlsx\]"'):
            use()


def test_a_cell_holds_what_is_finite_and_printable() -> None:
    page = workbooks.Page(
        ["x"], ["0.0"], [[float("nan")], [float("inf")], ["a\x00b"], [2.5], [True], [dt.date(2025, 8, 31)]]
    )
    sheet = openpyxl.load_workbook(io.BytesIO(workbooks.workbook({"t": page})))["t"]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        None,
        "infinite",
        "ab",
        2.5,
        True,
        pd.Timestamp("2025-08-31"),
    ]
