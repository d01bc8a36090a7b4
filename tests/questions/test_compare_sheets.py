"""A comparison as a workbook or a folder: the cells are its tables, and what is refused."""

import cashcade as cc
import openpyxl
import pandas as pd
import pytest
from cashcade.commands import execute
from numpy.testing import assert_allclose, assert_array_equal

from tests.questions.test_compare import OPTIONS, TEXT, richer

SIDES = {"as it is": "baseline", "richer": richer(5), "=poorer": richer(0.5)}


@pytest.fixture(scope="module")
def found():
    more = {"record": ["company.cash", "market.companies_alive"], "events": True}
    return cc.compare(cc.World.from_text(TEXT), SIDES, **{**OPTIONS, "paths": 64}, **more)


@pytest.fixture(scope="module")
def book(found, tmp_path_factory):
    (path,) = found.save(tmp_path_factory.mktemp("sheets") / "both.xlsx")
    return path


def frame(book, sheet):
    return pd.read_excel(book, sheet_name=sheet, keep_default_na=False, na_values=[""])


def test_there_is_a_sheet_a_table(found, book):
    assert openpyxl.load_workbook(book).sheetnames == ["about", "outcomes", "failed_by", "events", "series"]
    outcomes = frame(book, "outcomes").set_index(["outcome", "side"])
    pd.testing.assert_frame_equal(outcomes, found.outcomes(), check_dtype=False)
    failed = frame(book, "failed_by").set_index(["month", "company", "side"])
    assert [*failed.index.unique("month")] == [12]
    pd.testing.assert_frame_equal(failed.loc[12], found.failed_by(12), check_dtype=False)
    events = frame(book, "events").set_index(["event", "of", "side"])
    pd.testing.assert_frame_equal(events, found.events(), check_dtype=False)


def test_series_are_under_one_another(found, book):
    table = frame(book, "series")
    assert list(table) == ["variable", "unit", "entity", "month", "side", "base", "mean", "difference", "se"]
    cash = table[(table["variable"] == "company.cash") & (table["entity"] == "lender")]
    wanted = found.series("company.cash", "lender").reset_index()
    assert cash["unit"].unique().tolist() == ["USD"]
    assert_array_equal(cash[["side", "month"]], wanted[["side", "month"]])
    assert_allclose(cash["difference"], wanted["difference"])
    alive = table[table["variable"] == "market.companies_alive"]
    assert alive["entity"].isna().all()
    assert len(alive) == 2 * 12


def test_the_first_page_tells_each_side(found, book):
    about = frame(book, "about").set_index("what")
    assert list(about) == [*SIDES]
    assert about.loc["seed"].tolist() == [3, 3, 3]
    assert about.loc["scenarios"].tolist()[1:] == ["richer-5", "richer-0.5"]
    said = about.loc["table outcomes"].iloc[0]
    assert said.endswith(f"on the same luck ({len(found.outcomes())} rows)")


def test_a_folder_holds_the_same_and_is_replaced(found, book, tmp_path):
    written = found.save(tmp_path / "both.csv")
    assert [path.stem for path in written] == openpyxl.load_workbook(book).sheetnames
    outcomes = pd.read_csv(tmp_path / "both.csv" / "outcomes.csv", index_col=["outcome", "side"])
    assert outcomes.index.get_level_values("side").tolist()[-1] == "'=poorer"
    assert_array_equal(outcomes["difference"], found.outcomes()["difference"])
    assert found.save(tmp_path / "both.csv") == written
    next(iter(found.results.values())).save(tmp_path / "one.csv")
    with pytest.raises(cc.ArgumentError, match="is not replaced"):
        found.save(tmp_path / "one.csv")


def test_what_was_not_kept_has_no_sheet(tmp_path):
    found = cc.compare(cc.World.from_text(TEXT), SIDES, months=3, paths=16)
    (path,) = found.save(tmp_path / "few.xlsx")
    assert openpyxl.load_workbook(path).sheetnames == ["about", "outcomes", "failed_by"]


def test_the_command_writes_it_and_refuses_other_formats_before_the_run(tmp_path, capsys):
    world, target = tmp_path / "noisy.toml", tmp_path / "both.xlsx"
    world.write_text(TEXT)
    size = ["--months", "3", "--paths", "16"]
    words = ["compare", str(world), "baseline", "company.burner.cash=20", *size]
    assert execute([*words, "--out", str(target)]) == 0
    assert capsys.readouterr().out.endswith(f"Written: {target}\n")
    assert "series" in openpyxl.load_workbook(target).sheetnames
    assert execute(["compare", "no-such-world", "a", "b", "--out", str(tmp_path / "both.nc")]) == 2
    assert "Cannot tell the format of" in (said := capsys.readouterr().err)
    assert "end it in .xlsx, .csv." in said
