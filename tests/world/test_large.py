"""What is large, or no file at all: refused or read within a moment, never a hang."""

import os
import time

import cashcade as cc
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cashcade.world import Contract
from cashcade.world.ids import named
from cashcade.world.problems import did_you_mean

GENEROUS = 10.0
"""Seconds of a processor; each took far longer than this on any."""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
@pytest.mark.parametrize("name", ["companies.csv", "companies.parquet"])
def test_a_folder_of_tables_opens_no_pipe(tmp_path, name):
    os.mkfifo(tmp_path / name)
    with pytest.raises(cc.WorldError, match="a folder, pipe or device; only files are read"):
        cc.World.from_tables(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_no_pipe_is_read_as_a_world(tmp_path):
    os.mkfifo(tmp_path / "world.toml")
    with pytest.raises(cc.WorldError, match="no regular file"):
        cc.load_world(tmp_path / "world.toml")


def test_a_small_file_with_many_rows_is_refused_before_it_is_unpacked(tmp_path):
    rows = 20_000_000
    dictionary = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int8)), pa.array(["a"]))
    pq.write_table(pa.table({"id": dictionary}), tmp_path / "companies.parquet")
    assert (tmp_path / "companies.parquet").stat().st_size < 200_000
    with pytest.raises(
        cc.WorldError, match=r"20,000,000 rows of 1 columns, above the limit of 10,000,000 cells"
    ):
        cc.World.from_tables(tmp_path)


def test_a_large_table_that_is_not_plain_is_refused_with_the_way_out(tmp_path):
    rows = 3_400_000
    pq.write_table(
        pa.table(
            {"id": [f"c{k}" for k in range(rows)], "cash": np.arange(rows, dtype=float), "tags": [""] * rows}
        ),
        tmp_path / "companies.parquet",
    )
    said = r"3,400,000 rows of 3 columns, above the limit of 10,000,000 cells of files that are read row by row, as those "
    with pytest.raises(cc.WorldError, match=said):
        cc.World.from_tables(tmp_path, name="large", date="2025-08-31")


def test_a_small_file_with_long_cells_is_refused_while_it_is_unpacked(tmp_path):
    words = pa.array(["a" * 100_000]).take(pa.array(np.zeros(1000, np.int32)))
    table = pa.concat_tables([pa.table({"id": words})] * 5)
    pq.write_table(table, tmp_path / "companies.parquet")
    assert (tmp_path / "companies.parquet").stat().st_size < 1_000_000
    with pytest.raises(cc.WorldError, match="above 256 MB once it is unpacked"):
        cc.World.from_tables(tmp_path)


def test_hints_among_thousands_of_names_take_a_moment():
    known = [f"company-{number:05d}-{'xyz'[number % 3]}" for number in range(4000)]
    begin = time.process_time()
    hints = [did_you_mean(f"compny-{number:05d}-{'xyz'[number % 3]}", known) for number in range(300)]
    assert time.process_time() - begin < GENEROUS
    assert hints == [f'Did you mean "{name}"?' for name in known[:300]]
    assert did_you_mean("quite-another", known) == ""


@pytest.mark.parametrize("word", ["chas", "CASH", "cahs", "cas", "cashh"])
def test_hints_are_the_same_among_many_and_few(word):
    few = ["cash", "debt", "revenue"]
    many = [*few, *(f"zz-{number}" for number in range(500))]
    assert did_you_mean(word, few) == did_you_mean(word, many) == 'Did you mean "cash"?'


def test_many_contracts_between_the_same_two_are_named_in_a_moment():
    contracts = [Contract(customer="a", supplier="b", usage=1.0)] * 20_000
    begin = time.process_time()
    names = [contract.id for contract in named(contracts)]
    assert time.process_time() - begin < GENEROUS
    assert names == ["a->b", *(f"a->b #{number}" for number in range(2, 20_001))]
