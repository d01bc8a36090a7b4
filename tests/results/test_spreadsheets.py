"""Results as workbooks and CSV: the tables of a result, cell by cell, and what is refused."""

import csv
import datetime as dt
import importlib.util
from dataclasses import replace

import cashcade as cc
import numpy as np
import openpyxl
import pandas as pd
import pytest
from cashcade.results import spreadsheets
from cashcade.results.layout import build_dataset
from cashcade.results.result import Result


@pytest.fixture
def full(made):
    return Result(lambda: build_dataset(made(keep=10)[0]))


def sheets(path):
    """The cells of each sheet, by name."""
    book = openpyxl.load_workbook(path)
    return {sheet.title: [[*row] for row in sheet.iter_rows(values_only=True)] for sheet in book}


def test_a_sheet_a_table_numbers_as_numbers_dates_as_dates(full, tmp_path):
    (path,) = full.save(tmp_path / "out.xlsx")
    found = sheets(path)
    assert list(found) == [
        "about",
        "summary",
        "losses",
        "claims",
        "cascade",
        "contagion",
        "series",
        "failures",
    ]
    header, *rows = found["summary"]
    table = full.summary()
    assert header[:4] == ["company", "cash (USD)", "runway (months)", "failed_12"]
    assert [row[0] for row in rows] == list(table.index)
    assert [row[1] for row in rows] == table["cash"].tolist()
    assert [row[3] for row in rows] == table["failed_12"].tolist()
    header, *rows = found["series"]
    place = header.index("date")
    assert {type(row[place]) for row in rows} == {dt.datetime}
    assert rows[0][place] == pd.Timestamp(full.series("company.cash")["date"].iloc[0])
    assert len(found["failures"]) - 1 == len(full.failures())
    assert found["failures"][0][-1] == "debt (USD)"


def test_about_says_what_was_run_and_what_there_is(full, tmp_path):
    (path,) = full.save(tmp_path / "out.xlsx")
    about = dict(sheets(path)["about"])
    assert (about["world"], about["seed"], about["paths"]) == ("made-up", 3, 64)
    assert about["table summary"] == "whether, when and why each company fails (4 rows)"


def test_csv_holds_the_same_tables(full, tmp_path):
    written = full.save(tmp_path / "out.csv")
    (path,) = full.save(tmp_path / "out.xlsx")
    assert [each.stem for each in written] == list(sheets(path))
    summary = pd.read_csv(tmp_path / "out.csv" / "summary.csv", index_col="company")
    np.testing.assert_array_equal(summary["failed_12"], full.summary()["failed_12"])
    np.testing.assert_array_equal(summary["cash (USD)"], full.summary()["cash"])


def test_names_that_begin_as_formulas_stay_text(made, tmp_path):
    source = made()[0]
    evil = {**source.inputs.names, "company": ["=1+1", "@b", "-c", "+d"]}
    made_up = replace(source, inputs=replace(source.inputs, names=evil))
    result = Result(lambda: build_dataset(made_up))
    (path,) = result.save(tmp_path / "out.xlsx")
    cells = [row[0] for row in openpyxl.load_workbook(path)["summary"].iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells] == [(name, "s") for name in evil["company"]]
    result.save(tmp_path / "out.csv")
    with (tmp_path / "out.csv" / "summary.csv").open(newline="") as file:
        assert [row[0] for row in csv.reader(file)][1:] == [f"'{name}" for name in evil["company"]]


def test_a_long_table_is_cut_and_the_book_says_so(full, tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 5)
    (path,) = full.save(tmp_path / "out.xlsx")
    found = sheets(path)
    count = len(full.failures())
    assert len(found["failures"]) == 6
    assert found["about"][-1][1] == (
        f"every failure on every path (the first 5 of {count:,} rows; .csv and .parquet hold all)"
    )
    full.save(tmp_path / "out.csv")
    assert len(pd.read_csv(tmp_path / "out.csv" / "failures.csv")) == count


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_what_stands_there_is_replaced_only_where_it_may_be(full, tmp_path, suffix):
    first = full.save(tmp_path / f"out{suffix}")
    assert full.save(tmp_path / f"out{suffix}") == first
    other = tmp_path / f"other{suffix}"
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    with pytest.raises(cc.ArgumentError, match="is not replaced"):
        full.save(other)


def test_without_the_library_the_extra_is_named(full, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "openpyxl" else object())
    with pytest.raises(cc.MissingExtraError, match=r'pip install "cashcade\[xlsx\]"'):
        full.save(tmp_path / "out.xlsx")
    assert full.save(tmp_path / "out.csv")
