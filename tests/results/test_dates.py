"""Months of any year a world may speak of: in the dataset, as text, and through files."""

import cashcade as cc
import numpy as np
import pyarrow.parquet as pq
import pytest
from cashcade.commands import execute
from cashcade.results.result import Result
from cashcade.world import World

MONTHS = 24
# Of a tulip mania, of before the calendar's reform, and on both sides of what nanoseconds reach.
YEARS = [1, 1582, 1636, 1677, 2025, 2262, 9990]


def text(year: int) -> str:
    return f"""
[world]
name = "old"
date = "{year:04}-11-30"
title = "Long ago"

[[company]]
id = "bulbs"
cash = 1e6
fixed_cost = 1e5
"""


@pytest.fixture(params=YEARS)
def year(request) -> int:
    return request.param


@pytest.fixture
def result(year) -> Result:
    world = World.from_text(text(year))
    return cc.run(world, months=MONTHS, paths=16, seed=1, record=["company.cash"])


@pytest.fixture
def months(year) -> list[str]:
    """Month 1 is the December after the date."""
    return [f"{year:04}-12", *(f"{year + 1 + k // 12:04}-{k % 12 + 1:02}" for k in range(MONTHS - 1))]


def written(dates) -> list[str]:
    return np.asarray(dates).astype("datetime64[M]").astype(str).tolist()


def test_the_dataset_knows_its_months(result, months):
    assert written(result.dataset["date"]) == months
    assert written(result.series("company.cash").loc["bulbs"]["date"]) == months


@pytest.mark.parametrize("suffix", [".nc", ".zarr"])
def test_they_come_back_from_a_file(result, months, suffix, tmp_path):
    result.save(tmp_path / f"out{suffix}")
    read = Result.load(tmp_path / f"out{suffix}")
    assert read.dataset["date"].dtype == result.dataset["date"].dtype == "datetime64[s]"
    assert written(read.dataset["date"]) == months


def test_and_from_a_table(result, months, tmp_path):
    result.save(tmp_path / "out.parquet")
    assert written(pq.read_table(tmp_path / "out.parquet")["date"].to_numpy()[:MONTHS]) == months


def test_the_text_names_them(year, tmp_path, capsys):
    (tmp_path / "old.toml").write_text(text(year))
    assert execute(["run", str(tmp_path / "old.toml"), f"--months={MONTHS}", "--paths=16"]) == 0
    told = capsys.readouterr().out
    assert f"{MONTHS} months to November {year + 2}," in told
    assert f"Oct {year + 1}" in " ".join(told.split()), "all of them fail by then"


@pytest.mark.parametrize(("date", "months"), [("9999-12-31", 1), ("9998-11-30", 14), ("9990-01-31", 120)])
def test_a_run_ends_with_the_year_9999(date, months, tmp_path):
    world = World.from_text(text(2025).replace("2025-11-30", date))
    with pytest.raises(cc.ArgumentError, match=f"months is {months}: .*from {date} .* end of the year 9999"):
        cc.run(world, months=months, paths=16)
    if months > 1:
        result = cc.run(world, months=months - 1, paths=16)
        assert written(result.dataset["date"])[-1] == "9999-12"
        result.save(tmp_path / "out.nc")
        assert written(Result.load(tmp_path / "out.nc").dataset["date"])[-1] == "9999-12"
