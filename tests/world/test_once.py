"""What is given twice, or is no date, is refused: nobody knows which was meant."""

from datetime import date, datetime
from pathlib import Path

import cashcade as cc
import pandas as pd
import pytest
from cashcade.errors import ArgumentError, WorldError
from cashcade.world import World
from cashcade.world.origin import Origin

COMPANIES = "id,cash\na,1\n"
ORIGIN = Origin("test")
ABOUT = "name,date\nw,2025-08-31\n"


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in ({"companies": COMPANIES, "world": ABOUT} | files).items():
        (tmp_path / f"{name}.csv").write_text(text)
    return tmp_path


def refused(source, **more) -> str:
    with pytest.raises(WorldError) as caught:
        World.from_tables(source, **more)
    assert len(caught.value.problems) == 1, caught.value
    return str(caught.value)


def test_a_sound_folder_is_a_world_by_its_name(tmp_path, monkeypatch):
    folder(tmp_path / "csv" if (tmp_path / "csv").mkdir() is None else tmp_path)
    monkeypatch.chdir(tmp_path)
    assert [one.companies[0].cash for one in map(cc.load_world, ("csv", "csv/", Path("csv")))] == [1, 1, 1]


@pytest.mark.parametrize("header", ["id,cash,cash", "id,cash, cash", "id,cash,cash.value"])
def test_a_column_comes_once(tmp_path, header):
    message = refused(folder(tmp_path, companies=f"{header}\na,1,2\n"))
    assert '"cash' in message
    assert "twice" in message


def test_a_column_of_a_frame_comes_once():
    frame = pd.DataFrame([["a", 1.0, 2.0]], columns=["id", "cash", "cash"])
    assert "cash" in refused({"companies": frame}, name="w", date="2025-08-31")


def test_a_table_is_one_file(tmp_path):
    pd.DataFrame({"id": ["b"], "cash": [2.0]}).to_parquet(tmp_path / "companies.parquet")
    message = refused(folder(tmp_path))
    assert "companies.parquet beside it" in message
    assert "one file of a name" in message


def test_a_table_comes_once(tmp_path):
    assert "companies: given a table given twice" in refused(
        folder(tmp_path), companies=pd.DataFrame({"id": ["b"], "cash": [2.0]})
    )


@pytest.mark.parametrize(
    ("name", "text"), [("market", "base_rate\n0.03\n0.04\n"), ("world", ABOUT + "v,2026-08-31\n")]
)
def test_tables_of_one_row_have_one(tmp_path, name, text):
    assert f"{name}[2]: given a further row, wanted a table of one row" in refused(
        folder(tmp_path, **{name: text})
    )


def test_a_source_comes_once(tmp_path):
    assert 'key "s" a second time' in refused(folder(tmp_path, sources="key,title\ns,One\ns,Two\n"))
    with pytest.raises(ArgumentError, match='source "s" is there already'):
        World.builder("w", "2025-08-31").source("s", "One").source("s", "Two")


@pytest.mark.parametrize("given", [0, 1.7e9, "0", "1700000000", True, "31.8.2025"])
def test_a_number_is_no_date(given):
    with pytest.raises(WorldError, match=r"a date such as 2025-08-31|\[world\]"):
        World.from_raw({"world": {"name": "w", "date": given}, "company": [{"id": "a", "cash": 1.0}]}, ORIGIN)


def test_nothing_is_no_date():
    with pytest.raises(
        WorldError, match=r'^world\.date: given nothing, wanted a value for "date"\. Add date: The date of'
    ):
        World.from_raw({"world": {"name": "w", "date": None}, "company": [{"id": "a", "cash": 1.0}]}, ORIGIN)


@pytest.mark.parametrize(
    "given",
    [date(2025, 8, 31), datetime(2025, 8, 31), pd.Timestamp(2025, 8, 31), "2025-08-31"],  # noqa: DTZ001
)
def test_dates_are_dates(given):
    assert World.builder("w", given).company("a", cash=1.0).build().date == date(2025, 8, 31)
