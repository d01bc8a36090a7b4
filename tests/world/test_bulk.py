"""Tables of plain columns: no record is made for their rows, and nobody can tell but by the time it takes."""

import copy
import pickle
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import cashcade as cc
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cashcade.compile import compile_world
from cashcade.errors import WorldError
from cashcade.testing import worlds
from cashcade.world import World, tables
from cashcade.world.block import Linked, name_at
from cashcade.world.checks import Draft
from cashcade.world.identity import world_hash
from cashcade.world.kinds import HELD, SECTIONS, TABLES
from cashcade.world.parameter import parameters_of
from cashcade.world.record import Record, attributes_of, links_of
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from tests.effort import FOUND, tries

PROPERTY = settings(
    max_examples=tries(30),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
ABOUT = {"name": "w", "date": "2025-08-31", "title": None}
Frames = dict[str, dict[str, list[Any]]]

FAULTS = (-1.0, -0.5, 0.5, 1.5, 2e17, float("inf"), "many", "ada", "", " ada ", "capital", "x\ny", True, None)
"""Cells that do not fit everywhere."""


HELD_BY = {section: [held.field for held in HELD.values() if held.holder == section] for section in SECTIONS}
"""Fields of each section in which entries stand, which name it by its id."""


def row_by_row(given: Mapping[str, Any]) -> World:
    """Make a world as tables of other kinds do: with a record for each row."""
    return World.from_raw(*tables.read_tables(tables.gathered(None, given), ABOUT))


def by_columns(given: Mapping[str, Any]) -> World:
    return World.from_tables(given, name="w", date="2025-08-31")


def said(make: Any, given: Mapping[str, Any]) -> World | list[str]:
    """Give the world, or the messages that tell why there is none."""
    try:
        world: World = make(given)
    except WorldError as error:
        return [str(error), *map(repr, error.problems)]
    return world


@st.composite
def frames(draw: st.DrawFn) -> Frames:
    """Draw the tables of a world without ranges: some fields of each section, some cells of them empty."""
    world = draw(worlds(ranges=False), label="world")
    found: Frames = {}
    for table, section in TABLES.items():
        entries, model = world.section(section), SECTIONS[section]
        if not entries:
            continue
        known = attributes_of(model)
        named = any(getattr(each, name) for each in entries for name in HELD_BY[section])
        with_ids = section == "company" or named or draw(st.booleans(), label=f"ids of {section}")
        fields = [*links_of(model), *(["id"] if with_ids else [])]
        optional = [*parameters_of(model), *(name for name in ("name", "what", "note") if name in known)]
        needed = [name for name in optional if model.model_fields[known[name]].is_required()]
        some = draw(st.lists(st.sampled_from(optional), unique=True, max_size=6), label=f"{section} fields")
        columns = {
            name: [getattr(each, known[name]) for each in entries] for name in (*fields, *needed, *some)
        }
        for name in set(some) - set(needed):
            gaps = draw(st.sets(st.integers(0, len(entries) - 1), max_size=2), label=f"gaps in {name}")
            columns[name] = [None if place in gaps else cell for place, cell in enumerate(columns[name])]
        found[table] = columns
    for held in HELD.values():
        holders = world.section(held.holder)
        rows = [
            {held.holder: each.id, **item.to_raw()} for each in holders for item in getattr(each, held.field)
        ]
        if rows:
            found[held.field] = (
                pd.DataFrame(rows).astype(object).where(pd.DataFrame(rows).notna(), None).to_dict("list")
            )
    return found


@PROPERTY
@given(given=frames(), kind=st.sampled_from([pa.table, pl.DataFrame, pd.DataFrame]))
def test_columns_and_rows_give_the_same_world(given: Frames, kind: Any) -> None:
    some = {name: kind(columns) for name, columns in given.items()}
    fast, slow = said(by_columns, some), said(row_by_row, some)
    if not isinstance(fast, World) or not isinstance(slow, World):
        assert fast == slow
        return
    assert world_hash(fast) == world_hash(slow)
    assert fast.counts() == slow.counts()
    assert repr(fast) == repr(slow)
    one, other = compile_world(fast, draws=2, seed=3), compile_world(slow, draws=2, seed=3)
    assert one.names == other.names
    assert one.arrays.keys() == other.arrays.keys()
    for name, array in one.arrays.items():
        wanted = other.arrays[name]
        assert (array.dtype, array.shape, array.tobytes()) == (
            wanted.dtype,
            wanted.shape,
            wanted.tobytes(),
        ), name
    assert fast == slow
    assert fast.model_dump_json() == slow.model_dump_json()
    assert fast.to_toml() == slow.to_toml()


@PROPERTY
@given(given=frames(), data=st.data())
def test_columns_and_rows_tell_the_same_faults(given: Frames, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(sorted(given)), label="table")
    column = data.draw(st.sampled_from(sorted(given[table])), label="column")
    place = data.draw(st.integers(0, len(given[table][column]) - 1), label="row")
    given[table][column][place] = data.draw(st.sampled_from(FAULTS), label="cell")
    some = {name: pd.DataFrame(columns) for name, columns in given.items()}
    assert said(by_columns, some) == said(row_by_row, some)


def test_sections_of_plain_columns_are_columns() -> None:
    world = find(
        frames().map(lambda given: said(by_columns, {n: pa.table(t) for n, t in given.items()})),
        lambda found: isinstance(found, World) and len(found.blocks()) >= 5,
        settings=FOUND,
    )
    assert isinstance(world, World)


@pytest.fixture
def plain() -> dict[str, pa.Table]:
    companies = pa.table({"id": ["a", "b", "c"], "cash": [1e9, 2e9, 3e9], "public": [True, False, True]})
    contracts = pa.table({"customer": ["a", "a", "b"], "supplier": ["b", "b", "c"], "usage": [1, 2, 3]})
    loans = pa.table({"borrower": ["a"], "lender": ["capital"], "balance": [5e8], "maturity": [12]})
    return {"companies": companies, "contracts": contracts, "loans": loans}


def is_made(world: World) -> set[str]:
    """Give the fields of a world that hold records."""
    return {name for name in World.model_fields if name in vars(world)}


LAZY = {"companies", "contracts", "loans"}


def test_records_are_made_where_they_are_asked_for(plain: dict[str, pa.Table]) -> None:
    world = by_columns(plain)
    compile_world(world)
    world_hash(world)
    assert (repr(world), is_made(world) & LAZY) == (
        "World(name='w', date='2025-08-31', companies=3, contracts=3, loans=1, ranges=0)",
        set(),
    )
    assert [each.id for each in world.contracts] == ["a->b", "a->b #2", "b->c"]
    assert is_made(world) & LAZY == {"contracts"}
    assert world.contracts is world.contracts


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda world: pickle.loads(pickle.dumps(world))])  # noqa: S301 - our own bytes
def test_a_copy_has_the_columns(plain: dict[str, pa.Table], again: Any) -> None:
    other = again(by_columns(plain))
    assert is_made(other) & LAZY == set()
    assert other == by_columns(plain) == row_by_row(plain)


def test_a_table_that_can_be_read_once_is_read_once(plain: dict[str, pa.Table]) -> None:
    readers = {
        name: pa.RecordBatchReader.from_batches(each.schema, each.to_batches())
        for name, each in plain.items()
    }
    assert by_columns(readers) == row_by_row(plain)


def test_faults_of_files_name_the_file(plain: dict[str, pa.Table], tmp_path: Path) -> None:
    for name, table in plain.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    assert cc.World.from_tables(tmp_path, name="w", date="2025-08-31") == row_by_row(plain)
    wrong = plain["contracts"].set_column(1, "supplier", pa.array(["b", "x", "c"]))
    pq.write_table(wrong, tmp_path / "contracts.parquet")
    with pytest.raises(
        WorldError, match=r'contracts\.parquet: contract\[2\] "a->x"\.supplier: given unknown id "x"'
    ):
        cc.World.from_tables(tmp_path, name="w", date="2025-08-31")


def test_a_changed_world_is_the_same_as_of_records(plain: dict[str, pa.Table]) -> None:
    change = {"company.a.cash": 7e9}
    assert by_columns(plain).with_(change) == row_by_row(plain).with_(change)


def test_a_run_is_the_same_as_of_records(plain: dict[str, pa.Table]) -> None:
    how: dict[str, Any] = {"months": 6, "paths": 8, "seed": 1}
    one, other = cc.run(by_columns(plain), **how), cc.run(row_by_row(plain), **how)
    assert one.dataset.drop_attrs().identical(other.dataset.drop_attrs())
    assert one.dataset.attrs["world_hash"] == other.dataset.attrs["world_hash"]


def test_a_run_notes_implausible_figures_without_records(plain: dict[str, pa.Table]) -> None:
    cash = pa.array([1.0] * plain["companies"].num_rows)
    place = plain["companies"].schema.get_field_index("cash")
    world = by_columns({**plain, "companies": plain["companies"].set_column(place, "cash", cash)})
    with pytest.warns(cc.PlausibilityWarning, match=r'company "a".cash: cash of 1 USD lasts'):
        cc.run(world, months=1, paths=1, seed=1)
    assert is_made(world) & LAZY == set()


PLANTED: tuple[tuple[str, str, object], ...] = (
    ("companies", "cash", 0.0),
    ("companies", "fixed_cost", 1e9),
    ("companies", "variable_cost", 1.5),
    ("companies", "last_valuation", 1.0),
    ("companies", "round_runway", 12.0),
    ("companies", "valuation_multiple", 0.0),
    ("companies", "name", "Total"),
    ("segments", "revenue", 1e-3),
    ("segments", "growth", 3.5),
    ("contracts", "usage", 1e5),
    ("contracts", "usage", 5e-324),
    ("contracts", "price_trend", 3.5),
    ("commitments", "amount", 1.2e6),
    ("commitments", "first_month", 1.0),
    ("loans", "balance", 1e8),
    ("loans", "undrawn", 0.0),
    ("loans", "min_cash", 1e15),
    ("loans", "max_ltv", 1e-6),
    ("loans", "min_dscr", 9.0),
    ("loans", "amortisation", "annuity"),
    ("pledges", "first_month", 1.0),
    ("fleets", "cost", 1e6),
    ("fleets", "capex", 1e12),
    ("fleets", "capex_growth", 3.5),
)
"""Figures that are noted, or make others so."""


@PROPERTY
@given(given=frames(), data=st.data())
def test_notes_of_columns_and_rows_are_the_same(given: Frames, data: st.DataObject) -> None:
    known = [each for each in PLANTED if each[0] in given]
    for table, column, cell in data.draw(st.lists(st.sampled_from(known), unique=True, min_size=1)):
        count = len(next(iter(given[table].values())))
        cells = given[table].setdefault(column, [None] * count)
        for place in data.draw(st.sets(st.integers(0, count - 1), min_size=1), label=f"{table}.{column}"):
            cells[place] = cell
    some = {name: pd.DataFrame(columns) for name, columns in given.items()}
    fast, slow = said(by_columns, some), said(row_by_row, some)
    if not isinstance(fast, World) or not isinstance(slow, World):
        assert fast == slow
        return
    before = is_made(fast)
    assert fast.notes() == slow.notes()
    assert is_made(fast) == before


def test_names_that_links_make_are_written_where_they_are_noted(plain: dict[str, pa.Table]) -> None:
    steep = plain["contracts"].append_column("price_trend", pa.array([0.0, 3.5, 0.0]))
    world = by_columns({**plain, "contracts": steep})
    assert [each.place for each in world.notes()] == ['contract "a->b #2".price_trend']
    ids = world.blocks()["contract"].ids
    assert isinstance(ids, Linked)
    assert "written" not in vars(ids)
    assert [name_at(ids, place) for place in range(len(ids))] == ["a->b", "a->b #2", "b->c"]


def test_ids_that_links_make_are_told_apart_as_ever() -> None:
    contracts = pa.table(
        {
            "customer": ["a", "a", "a->b", "a", "a", "b"],
            "supplier": ["b", "b", "c", "b", "b->c", "c"],
            "what": ["x", "y", None, "y", "z", None],
        }
    )
    companies = pa.table({"id": ["a", "b", "c", "a->b", "b->c"], "cash": [1.0] * 5})
    given = {"companies": companies, "contracts": contracts}
    wanted = ["a->b", "a->b: y", "a->b->c", "a->b #2", "a->b->c: z", "b->c"]
    assert [each.id for each in row_by_row(given).contracts] == wanted
    assert [each.id for each in by_columns(given).contracts] == wanted
    assert by_columns(given).blocks()["contract"].ids == tuple(wanted)
    plain = {"companies": companies, "contracts": contracts.slice(0, 4)}
    assert by_columns(plain).blocks()["contract"].ids == ("a->b", "a->b: y", "a->b->c", "a->b #2")


def held(plain: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """Add what stands within contracts and fleets."""
    commitments = pa.table(
        {"contract": ["b->c", "a->b", "b->c"], "amount": [1.0, 2.0, 3.0], "first_month": [1, None, 13]}
    )
    fleets = pa.table({"id": ["f", "g"], "owner": ["a", "b"], "capex": [1e6, 2e6]})
    orders = pa.table({"fleet": ["f", "f"], "vendor": ["b", "c"], "share": [0.4, 0.6]})
    return {**plain, "commitments": commitments, "fleets": fleets, "orders": orders}


def test_what_stands_within_entries_is_columns_too(plain: dict[str, pa.Table]) -> None:
    world, wanted = by_columns(held(plain)), row_by_row(held(plain))
    assert world.blocks().keys() == {"company", "contract", "loan", "fleet"}
    assert world_hash(world) == world_hash(wanted)
    one, other = compile_world(world), compile_world(wanted)
    assert one.names == other.names
    assert one.names["commitment"] == ("a->b/1", "b->c/1", "b->c/2")
    assert one.arrays["commitment.contract"].tolist() == [0, 2, 2]
    assert one.arrays["order.vendor"].tolist() == [1, 2]
    for name, array in one.arrays.items():
        np.testing.assert_array_equal(array, other.arrays[name], err_msg=name)
    assert world == wanted
    assert [each.amount for each in world.contracts[2].commitments] == [1.0, 3.0]


@pytest.mark.parametrize(
    ("table", "column", "cells"),
    [
        ("commitments", "contract", ["b->c", "a->b #2", "b->c"]),
        ("commitments", "contract", ["b->c", None, "b->c"]),
        ("commitments", "last_month", [12, 12, 12]),
        ("commitments", "amount", [1.0, None, 3.0]),
        ("commitments", "source", ["assumption", "x", None]),
        ("orders", "share", [0.4, 0.7]),
        ("orders", "vendor", ["a", "c"]),
        ("orders", "vendor", ["capital", "c"]),
    ],
)
def test_faults_within_entries_are_told_by_records(
    plain: dict[str, pa.Table], table: str, column: str, cells: list[Any]
) -> None:
    given = held(plain)
    columns = given[table].to_pydict() | {column: cells}
    given[table] = pa.table(columns)
    messages = said(by_columns, given)
    assert isinstance(messages, list)
    assert messages == said(row_by_row, given)


@pytest.mark.parametrize(
    ("contract", "amortisation"),
    [("a->b", "contract"), ("b->c", "contract"), ("x", "linear"), (None, "contract"), ("b->c", "bullet")],
)
@pytest.mark.parametrize("rate", [0.1, 2.0])
def test_loans_that_belong_to_contracts_are_compared_with_their_records(
    plain: dict[str, pa.Table], contract: str | None, amortisation: str, rate: float
) -> None:
    commitments = pa.table({"contract": ["b->c"], "amount": [1e6]})
    loans = pa.table(
        {
            "borrower": ["c"],
            "lender": ["capital"],
            "balance": [5e8],
            "maturity": [12],
            "contract": pa.array([contract], pa.string()),
            "amortisation": [amortisation],
            "rate": [rate],
        }
    )
    given = {**plain, "commitments": commitments, "loans": loans}
    assert said(by_columns, given) == said(row_by_row, given)


def test_the_dataset_needs_no_records(plain: dict[str, pa.Table]) -> None:
    named = plain["companies"].append_column("name", pa.array(["A", None, "C"]))
    case = cc.Case(by_columns({**plain, "companies": named}))
    other = by_columns({**plain, "companies": named})
    assert other.full_names() == ["A", "b", "C"] == row_by_row({**plain, "companies": named}).full_names()
    assert is_made(other) & LAZY == set()
    assert case.run(months=2, paths=2).dataset["company_name"].to_numpy().tolist() == ["A", "b", "C"]


def inside(place: tuple[str | int, ...], record: Record) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Look for records in every field of a record."""
    yield place, id(record)
    for name, attribute in attributes_of(type(record)).items():
        value = getattr(record, attribute)
        if isinstance(value, Record):
            yield from inside((*place, name), value)
        for number, item in enumerate(value if isinstance(value, tuple) else ()):
            if isinstance(item, Record):
                yield from inside((*place, name, number), item)


@PROPERTY
@given(world=worlds(ranges=True))
def test_checks_see_every_record(world: World) -> None:
    sections = world.sections()
    entries = {section: tuple(enumerate(each)) for section, each in sections.items()}
    draft = Draft(entries, {}, frozenset(), world.market)
    wanted = [
        *inside(("market",), world.market),
        *(
            found
            for name, each in entries.items()
            for number, entry in each
            for found in inside((name, number), entry)
        ),
    ]
    assert sorted(((place, id(record)) for place, record in draft.records), key=str) == sorted(
        wanted, key=str
    )


@pytest.mark.parametrize(
    ("table", "column", "cell"),
    [("commitments", "first_month", float("inf")), ("companies", "id", "capital")],
)
def test_faults_that_were_told_otherwise(
    plain: dict[str, pa.Table], table: str, column: str, cell: object
) -> None:
    given = {name: each.to_pandas().astype(object) for name, each in held(plain).items()}
    given["stakes"] = pd.DataFrame({"holder": ["c"], "issuer": ["b"], "fraction": [0.1]})
    given[table].loc[0, column] = cell
    some = {name: each.infer_objects() for name, each in given.items()}
    assert said(by_columns, some) == said(row_by_row, some)


@pytest.mark.parametrize("kind", ["pandas", "polars", "enum", "arrow"])
def test_categories_may_have_gaps(plain: dict[str, pa.Table], kind: str) -> None:
    loans = {
        "borrower": ["b", "c"],
        "lender": ["capital", "capital"],
        "guarantor": ["a", None],
        "balance": [1e6, 2e6],
        "maturity": [12, 24],
        "amortisation": [None, "linear"],
    }
    words = ("guarantor", "amortisation")
    frames: dict[str, Callable[[], Any]] = {
        "pandas": lambda: pd.DataFrame(loans).astype(dict.fromkeys(words, "category")),
        "polars": lambda: pl.DataFrame(loans).with_columns(pl.col(*words).cast(pl.Categorical)),
        "enum": lambda: pl.DataFrame(loans).with_columns(pl.col(*words).cast(pl.Enum(["a", "linear"]))),
        "arrow": lambda: pa.table(
            {
                name: pa.array(cells).dictionary_encode() if name in words else cells
                for name, cells in loans.items()
            }
        ),
    }
    given = {**plain, "loans": frames[kind]()}
    world = by_columns(given)
    assert "loan" in world.blocks()
    assert world == row_by_row(given)
