"""Round trips through files, and refusals before any work is done."""

import importlib.util
import json

import cashcade as cc
import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
import xarray as xr
from cashcade.results import save as saving
from cashcade.results.layout import build_dataset
from cashcade.results.result import Result


@pytest.fixture
def full(made):
    """A result with everything in it: drawn start values, quantiles, full series."""
    return Result(lambda: build_dataset(made(keep=10)[0]))


def same(one, other):
    """Whether two datasets hold the same variables, coordinates and attributes."""
    xr.testing.assert_equal(one, other)
    assert {key: str(value) for key, value in one.attrs.items()} == {
        key: str(value) for key, value in other.attrs.items()
    }
    for name, values in one.data_vars.items():
        assert values.attrs["units"] == other[name].attrs["units"]
        assert values.dtype == other[name].dtype


def test_netcdf(full, tmp_path):
    (path,) = full.save(tmp_path / "out.nc")
    with xr.open_dataset(path, engine="h5netcdf") as read:
        same(full.dataset, read.load())


def test_zarr(full, tmp_path):
    (path,) = full.save(str(tmp_path / "out.zarr"))
    read = xr.open_zarr(path, consolidated=False).load()
    files, size = read.attrs.pop(saving.SEAL)
    assert files == sum(each.is_file() for each in path.rglob("*")) - 1, "all but the root, which counts them"
    assert size > 0
    same(full.dataset, read)
    same(full.dataset, Result.load(path).dataset)


@pytest.mark.parametrize("suffix", [".nc", ".zarr"])
def test_a_result_that_is_read_back_gives_the_same_tables(full, tmp_path, suffix):
    full.save(tmp_path / f"out{suffix}")
    read = Result.load(tmp_path / f"out{suffix}")
    for name in ("summary", "losses", "contagion", "cascade", "uncertainty"):
        pd.testing.assert_frame_equal(getattr(full, name)(), getattr(read, name)(), check_index_type=False)
    assert full.failures().astype(str).equals(read.failures().astype(str))
    pd.testing.assert_frame_equal(
        full.series("company.cash"), read.series("company.cash"), check_index_type=False
    )
    assert repr(read) == repr(full) == "Result(made-up: 64 paths, 12 months, seed 3)"


@pytest.mark.parametrize(
    ("name", "message"), [("gone.nc", "no such file"), ("series.parquet", r"end it in \.nc, \.zarr")]
)
def test_what_cannot_be_read_back(tmp_path, name, message):
    with pytest.raises(cc.ArgumentError, match=message):
        Result.load(tmp_path / name)


@pytest.mark.parametrize("suffix", [".nc", ".zarr", ".parquet"])
def test_saving_twice_replaces(full, made, tmp_path, suffix):
    other = Result(lambda: build_dataset(made(months=6)[0]))
    full.save(tmp_path / f"out{suffix}")
    written = other.save(tmp_path / f"out{suffix}")
    assert all(path.exists() for path in written)
    if suffix == ".zarr":
        assert xr.open_zarr(written[0], consolidated=False).sizes["month"] == 6


def test_parquet_holds_series_and_failures(full, tmp_path):
    series, failures = full.save(tmp_path / "out.parquet")
    table = pd.read_parquet(series)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "out.parquet"), table)
    one = table[(table["variable"] == "company.cash") & (table["entity"] == "bank")].set_index("month")
    expected = full.series("company.cash", company="bank")
    for column in ("mean", "std", "q5", "q95", "date"):
        np.testing.assert_array_equal(one[column], expected[column])
    assert set(one["unit"]) == {"USD"}
    market = table[table["variable"] == "market.capex_gdp"]
    assert market["entity"].eq("market").all()
    assert len(market) == 12
    assert pl.read_parquet(failures).height == len(full.failures())
    pd.testing.assert_series_equal(pd.read_parquet(failures)["month"], full.failures()["month"])
    recorded = json.loads(pq.read_schema(series).metadata[b"cashcade"])
    assert recorded["seed"] == 3


@pytest.mark.parametrize("suffix", [".nc", ".zarr", ".parquet"])
def test_real_results_of_a_world_without_links_can_be_saved(tmp_path, suffix):
    text = '[world]\nname = "one"\ndate = 2025-08-31\n[[company]]\nid = "a"\ncash = 100\nfixed_cost = 30\n'
    world = tmp_path / "one.toml"
    world.write_text(text)
    result = cc.run(world, months=6, paths=1)
    assert result.summary().loc["a", "failed_6"] == 1.0
    assert result.losses().empty
    assert result.contagion().empty
    assert result.cascade()["chance"].eq(0.0).all()
    assert all(path.exists() for path in result.save(tmp_path / f"out{suffix}"))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("out.txt", r"end it in \.nc, \.zarr, \.parquet, \.xlsx, \.csv"),
        ("out", "Cannot tell the format"),
        ("gone/out.nc", "no folder"),
    ],
)
def test_targets_that_cannot_be_written(full, tmp_path, name, message):
    with pytest.raises(cc.ArgumentError, match=message):
        full.save(tmp_path / name)


@pytest.mark.parametrize(("suffix", "extra"), [(".nc", "netcdf"), (".zarr", "zarr"), (".parquet", "parquet")])
def test_missing_library_names_the_extra(full, tmp_path, monkeypatch, suffix, extra):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(cc.MissingExtraError, match=rf'pip install "cashcade\[{extra}\]"'):
        full.save(tmp_path / f"out{suffix}")
