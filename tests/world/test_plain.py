"""Values of NumPy, pandas, polars and Arrow, and what they mark as missing, in frames and in records."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from cashcade.errors import WorldError
from cashcade.world import Commitment, Company, World
from cashcade.world.plain import plain

PLAIN = [
    (np.float32(0.5), 0.5),
    (np.longdouble(0.5), 0.5),
    (np.int64(3), 3),
    (np.uint8(3), 3),
    (np.True_, True),
    (np.str_("a"), "a"),
    (np.array(2.5), 2.5),
    (np.datetime64("2025-06-30"), "2025-06-30"),
    (np.datetime64("2025-06"), "2025-06"),
    (np.datetime64("2025-06-30T00:00:00", "ns"), dt.date(2025, 6, 30)),
    (pd.Timestamp("2025-06-30"), dt.date(2025, 6, 30)),
    (dt.datetime(2025, 6, 30), dt.date(2025, 6, 30)),  # noqa: DTZ001 - as people have them
    (pd.Period("2025Q2"), "2025Q2"),
    (pd.Period("2025-06", "M"), "2025-06"),
    (Decimal("2.5"), 2.5),
    (Fraction(5, 2), 2.5),
    (Fraction(10**400), np.inf),
    (pa.scalar(2.5), 2.5),
    (pa.scalar(None, pa.float64()), None),
    (pd.NA, None),
    (pd.NaT, None),
    (np.datetime64("NaT"), None),
    (None, None),
]


@pytest.mark.parametrize(("value", "wanted"), PLAIN, ids=lambda value: repr(value)[:40])
def test_plain(value: object, wanted: object) -> None:
    found = plain(value)
    assert found == wanted
    assert type(found) is type(wanted)


def test_a_time_of_day_stays() -> None:
    moment = pd.Timestamp("2025-06-30 12:00")
    assert plain(moment) is moment


COMPANIES = {"id": ["a", "b"], "cash": [1.0, 2.0]}
CONTRACTS = {"customer": ["a"], "supplier": ["b"]}


def world_of(**tables: object) -> World:
    return World.from_tables(
        companies=pd.DataFrame(COMPANIES),
        contracts=pd.DataFrame(CONTRACTS),
        name="x",
        date="2025-08-31",
        **tables,
    )


MONTHS = {
    "pandas NaT": pd.DataFrame({"last_month": pd.to_datetime(["2026-08-01", None])}),
    "pandas Int64": pd.DataFrame({"last_month": pd.array([12, None], dtype="Int64")}),
    "pandas float": pd.DataFrame({"last_month": [12, None]}),
    "pandas object": pd.DataFrame({"last_month": pd.Series([12, pd.NA], dtype=object)}),
    "pandas string": pd.DataFrame({"last_month": pd.array(["2026-08", None], dtype="string")}),
    "pandas period": pd.DataFrame({"last_month": pd.PeriodIndex(["2026-08", None], freq="M")}),
    "polars date": pl.DataFrame({"last_month": [dt.date(2026, 8, 1), None]}),
    "polars int": pl.DataFrame({"last_month": [12, None]}),
    "arrow date": pa.table({"last_month": pa.array([dt.date(2026, 8, 1), None])}),
    "arrow null": pa.table({"last_month": pa.array([12, None], pa.int32())}),
}


@pytest.mark.parametrize("months", MONTHS.values(), ids=MONTHS.keys())
def test_a_commitment_without_a_last_month(months: object) -> None:
    frame = months.to_pandas() if hasattr(months, "to_pandas") else months
    assert isinstance(frame, pd.DataFrame)
    native = pl.from_pandas if isinstance(months, pl.DataFrame) else None
    rows = frame.assign(contract="a->b", amount=1.0)
    if isinstance(months, pa.Table):
        rows = months.append_column("contract", [["a->b"] * 2]).append_column("amount", [[1.0, 1.0]])
    elif native:
        rows = months.with_columns(contract=pl.lit("a->b"), amount=pl.lit(1.0))
    first, second = world_of(commitments=rows).contracts[0].commitments
    assert (first.last_month, second.last_month) == (12, 1200)


def test_nullable_columns_of_pandas() -> None:
    companies = pd.DataFrame(
        {
            "id": pd.array(["a", "b"], dtype="string"),
            "cash": pd.array([5, 6], dtype="Int64"),
            "tax_rate": pd.array([0.2, None], dtype="Float64"),
            "public": pd.array([True, None], dtype="boolean"),
            "name": pd.Categorical(["A", None]),
            "cash.as_of": pd.to_datetime(["2025-06-30", None]),
        }
    )
    first, second = World.from_tables(
        companies=companies, name="x", date=pd.Timestamp("2025-08-31")
    ).companies
    assert (first.tax_rate, first.public, first.name) == (0.2, True, "A")
    assert first.model_dump()["cash"]["as_of"] == "2025-06-30"
    assert (second.cash, second.tax_rate, second.public, second.name) == (6, 0, False, None)


def test_flags_and_ids_as_numbers() -> None:
    companies = pd.DataFrame({"id": [1, 2], "cash": [1, 2], "public": [1.0, None]})
    contracts = pd.DataFrame({"customer": [1.0, None], "supplier": [2, None]})
    world = World.from_tables(companies=companies, contracts=contracts, name="x", date="2025-08-31")
    assert [company.public for company in world.companies] == [True, False]
    assert world.contracts[0].id == "1->2"


AS_OF = [
    pd.Timestamp("2025-06-30"),
    dt.datetime(2025, 6, 30),  # noqa: DTZ001 - as people have them
    dt.date(2025, 6, 30),
    np.datetime64("2025-06-30"),
    np.datetime64("2025-06-30", "ns"),
]


@pytest.mark.parametrize("as_of", AS_OF, ids=lambda value: type(value).__name__)
def test_dates_of_any_kind(as_of: object) -> None:
    company = Company(id="a", cash=1, as_of=as_of)
    assert company.as_of == "2025-06-30"
    world = World.builder("x", as_of).company("a", cash=1).build()  # type: ignore[arg-type]
    assert world.date == dt.date(2025, 6, 30)
    loan = {"balance": 1, "maturity": as_of}
    built = World.builder("x", "2025-05-31").company("a", cash=1).loan("a", **loan).build()
    assert built.loans[0].maturity == 1


@pytest.mark.parametrize("cash", [np.int32(5), np.float32(5), Decimal(5), Fraction(5), np.array(5)])
def test_numbers_of_any_kind(cash: object) -> None:
    assert Company(id="a", cash=cash, public=np.True_).cash == 5
    built = (
        World.builder("x", "2025-08-31").company("a", cash={"value": cash, "low": cash, "high": 6}).build()
    )
    assert built.companies[0].model_dump()["cash"]["low"] == 5
    several = World.builder("x", "2025-08-31").company("a", cash={"choices": np.array([5, 6])}).build()
    assert several.companies[0].model_dump()["cash"]["choices"] == (5, 6)


@pytest.mark.parametrize("nothing", [None, pd.NA, pd.NaT, np.datetime64("NaT")], ids=repr)
def test_what_is_missing_says_nothing(nothing: object) -> None:
    assert Commitment(amount=1, last_month=nothing) == Commitment(amount=1)
    rows = [{"amount": 1, "last_month": nothing}]
    world = World.builder("x", "2025-08-31").company("a", cash=1).company("b", cash=1)
    assert world.contract("a", "b", commitments=rows).build().contracts[0].commitments[0].last_month == 1200
    with pytest.raises(WorldError, match=r'given nothing, wanted a number .* for "cash"'):
        World.builder("x", "2025-08-31").company("a", cash=nothing).build()
    with pytest.raises(WorldError, match="unknown key 'csh'"):
        World.builder("x", "2025-08-31").company("a", cash=1, csh=nothing).build()


def test_a_number_that_is_none_is_no_silence_in_records() -> None:
    with pytest.raises(WorldError, match="given nan, wanted a finite number"):
        World.builder("x", "2025-08-31").company("a", cash=1, tax_rate=float("nan")).build()
