"""Ways to make a world: text, files, builder, tables; and back."""

import pickle
import tomllib
from pathlib import Path

import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cashcade.errors import WorldError
from cashcade.testing import worlds
from cashcade.world import Company, Loan, Stated, Triangular, World
from cashcade.world.quantity import Choices, Normal
from hypothesis import HealthCheck, given, settings

from tests.effort import tries

PROPERTY = settings(
    max_examples=tries(15),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def test_every_form_of_a_number_is_read(world: World) -> None:
    assert isinstance(world.market.base_rate, Triangular)
    assert isinstance(world.companies[0].cash, Normal)
    assert isinstance(world.market.gpu_drift, Choices)
    assert isinstance(world.segments[1].revenue, Stated)
    assert world.companies[1].cash == 1e8
    assert world.fleets[0].class_ == "building"


def test_dates_become_months_after_the_worlds(world: World) -> None:
    loan, contract = world.loans[0], world.contracts[0]
    assert isinstance(loan.maturity, Stated)
    assert loan.maturity.value == 45
    assert [repayment.month for repayment in loan.repayments] == [21, 45]
    assert contract.commitments[0].last_month == 12
    first = world.pledges[0].first_month
    assert isinstance(first, Triangular)
    assert (first.low, first.value, first.high) == (2, 5, 10)


def test_entries_get_ids_that_later_entries_do_not_change(world: World, text: str) -> None:
    assert [contract.id for contract in world.contracts] == ["app->lab", "app->lab: training"]
    assert world.segments[0].id == "app"
    assert (world.loans[0].id, world.stakes[0].id) == ("cloud->capital", "cloud->lab")
    more = '\n[[contract]]\ncustomer = "app"\nsupplier = "lab"\n' * 2
    longer = World.from_text(text + more)
    assert [contract.id for contract in longer.contracts[:2]] == [contract.id for contract in world.contracts]
    assert [contract.id for contract in longer.contracts[2:]] == ["app->lab #2", "app->lab #3"]


def test_a_plain_commitment_is_owed_for_ever(world: World) -> None:
    (commitment,) = world.contracts[1].commitments
    assert (commitment.amount, commitment.first_month, commitment.last_month) == (1e6, 1, 1200)


def test_toml_gives_the_same_world_back(world: World, tmp_path: Path) -> None:
    file = tmp_path / "world.toml"
    file.write_text(world.to_toml(), encoding="utf-8")
    assert World.from_toml(file) == world
    assert World.from_toml(str(file)) == world
    assert World.from_toml(world.to_toml()) == world


def test_toml_leaves_defaults_out(world: World) -> None:
    entry = tomllib.loads(world.to_toml())["company"][2]
    assert entry == {"id": "cloud", "cash": 1e10}


@PROPERTY
@given(world=worlds(ranges=True))
def test_any_world_survives_toml_and_tables(world: World) -> None:
    assert World.from_text(world.to_toml()) == world
    assert World.from_tables(world.to_tables()) == world
    assert pickle.loads(pickle.dumps(world)) == world  # noqa: S301 - our own bytes


@PROPERTY
@given(world=worlds(ranges=True))
def test_any_world_survives_csv(world: World, tmp_path: Path) -> None:
    for file in tmp_path.iterdir():
        file.unlink()
    for name, table in world.to_tables().items():
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    assert World.from_tables(tmp_path) == world


def test_parquet_gives_the_same_world_back(world: World, tmp_path: Path) -> None:
    for name, table in world.to_tables().items():
        pq.write_table(pa.Table.from_pandas(table), tmp_path / f"{name}.parquet")
    assert World.from_tables(tmp_path) == world


class ArrowOnly:
    """A table that has nothing but the Arrow interface."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize(
    "convert",
    [
        pd.DataFrame.copy,
        pl.from_pandas,
        pa.Table.from_pandas,
        nw.from_native,
        lambda table: ArrowOnly(pa.Table.from_pandas(table)),
    ],
    ids=["pandas", "polars", "pyarrow", "narwhals", "arrow interface"],
)
def test_any_table_is_read(world: World, convert: object) -> None:
    tables = {name: convert(table) for name, table in world.to_tables().items()}  # type: ignore[operator]
    assert World.from_tables(**tables) == world


def test_tables_need_only_what_is_said() -> None:
    companies = pl.DataFrame({"id": ["a", "b"], "cash": [1, 2], "tags": ["x;y", None]})
    contracts = pd.DataFrame({"customer": ["a"], "supplier": ["b"], "usage": [5.0]})
    rows = pd.DataFrame({"contract": ["a->b"], "amount": [3.0]})
    world = World.from_tables(
        companies=companies, contracts=contracts, commitments=rows, name="two", date="2025-08-31"
    )
    assert world.companies[0].tags == ("x", "y")
    assert world.contracts[0].commitments[0].amount == 3
    assert world.name == "two"


def test_problems_of_tables_name_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text("id,cash,tax_rate\na,1e6,\nb,many,0.2\n")
    (tmp_path / "contracts.csv").write_text("customer,supplier\na,bb\n")
    (tmp_path / "world.csv").write_text("name,date\ntwo,2025-08-31\n")
    with pytest.raises(WorldError) as caught:
        World.from_tables(tmp_path)
    cash, supplier = caught.value.problems
    assert (cash.file, cash.line, cash.key) == (str(tmp_path / "companies.csv"), 3, 'company[2] "b".cash')
    assert cash.given == "'many'"
    assert (supplier.file, supplier.line) == (str(tmp_path / "contracts.csv"), 2)
    assert 'Did you mean "b"?' in supplier.hint


def test_unknown_tables_and_orphans_are_told() -> None:
    companies = pd.DataFrame({"id": ["a"], "cash": [1.0]})
    loans = pd.DataFrame({"id": ["l"], "borrower": ["a"], "lender": ["capital"], "balance": [1.0]})
    rows = pd.DataFrame({"loan": ["m"], "amount": [1.0], "month": [1]})
    with pytest.raises(WorldError) as caught:
        World.from_tables(compnies=companies, companies=companies, loans=loans, repayments=rows)
    messages = [str(problem) for problem in caught.value.problems]
    assert 'unknown table "compnies"' in messages[0]
    assert 'Did you mean "companies"?' in messages[0]
    assert 'repayments[1].loan: given unknown id "m"' in messages[1]


@pytest.mark.parametrize("table", [5, "companies.xlsx", "none.csv"], ids=["number", "ending", "missing"])
def test_what_is_no_table_is_told(table: object) -> None:
    with pytest.raises(WorldError, match="a table that cannot be read"):
        World.from_tables(companies=table, name="x", date="2025-08-31")


def test_csv_with_cells_beyond_the_header(tmp_path: Path) -> None:
    file = tmp_path / "companies.csv"
    file.write_text("id,cash\na,1,2\n")
    with pytest.raises(WorldError, match="cells beyond the header"):
        World.from_tables(companies=file, name="x", date="2025-08-31")


def test_the_builder_makes_the_same_world(world: World) -> None:
    filing = {"source": "filing"}
    base_rate = {"value": 0.043, "low": 0.04, "high": 0.05, "kind": "estimate", **filing}
    cash = {"mean": 1e9, "sd": 2e8, "as_of": "2025-06-30", "confidence": "high", "unit": "USD", **filing}
    built = (
        World.builder("small", "2025-08-31", title="Three companies")
        .source("filing", "Quarterly filing", url="https://example.org/filing", date="2025-08")
        .market(base_rate=base_rate, gpu_drift=Choices(choices=(-0.2, 0.1), weights=(1, 3)))
        .company(
            "lab", name="A lab", archetype="frontier-lab", tags=["lab", "private"], cash=cash, fixed_cost=5e7
        )
        .company("app", cash=100_000_000, **filing)
        .company("cloud", cash=1e10)
        .segment("app", revenue=1e7)
        .segment("lab", id="api", revenue={"value": 2e7, "source": "assumption"})
        .recapture("app", "api", 0.5)
        .contract(
            "app",
            "lab",
            what="API",
            usage=5e6,
            follows="research",
            commitments=[
                {"amount": 4e6, "last_month": "2026-08"},
                {"amount": Triangular(value=6e6, low=5e6, high=7e6), "first_month": 13},
            ],
        )
        .contract("app", "lab", what="training", price_linked={"value": False, **filing}, commitments=1e6)
        .loan(
            "cloud",
            balance=1e9,
            maturity={"value": "2029-05", **filing},
            rank={"value": "secured", **filing},
            amortisation="schedule",
            repayments=[{"month": "2027-05", "amount": 4e8}, {"month": 45, "amount": 6e8}],
        )
        .stake("cloud", "lab", fraction=0.25)
        .pledge("capital", "lab", amount=5e9, first_month={"value": 5, "low": 2, "high": 10})
        .fleet("cloud", class_="building", capex=1e8, orders=[{"vendor": "lab", "share": 0.4}])
        .build()
    )
    assert built == world


def test_the_builder_tells_all_problems() -> None:
    builder = World.builder("x", "2025-08-31").company("a", cash=-1).company("b", csh=1)
    with pytest.raises(WorldError, match="3 problems in world x") as caught:
        builder.build()
    assert {problem.key for problem in caught.value.problems} == {
        'company[1] "a".cash',
        'company[2] "b".cash',
        'company[2] "b".csh',
    }


def test_data_that_holds_itself_ends() -> None:
    circle: list[object] = []
    circle.append(circle)
    knot: dict[str, object] = {"choices": circle}
    knot["value"] = knot
    builder = World.builder("x", "2025-08-31").company("a", cash=circle)
    builder.loan("a", balance=knot, maturity=knot).loan("a", balance=1, maturity=circle)
    with pytest.raises(WorldError, match="problems in world x"):
        builder.build()


def test_choices_may_be_dates() -> None:
    builder = World.builder("x", "2025-08-31").company("a", cash=1)
    world = builder.loan("a", balance=1, maturity={"choices": ["2026-01", 12]}).build()
    assert world.loans[0].maturity == Choices(choices=(5.0, 12.0))


def test_records_alone_are_checked_too() -> None:
    with pytest.raises(ValueError, match="a number from 0 to 1e\\+17"):
        Company(id="a", cash=-1)
    with pytest.raises(ValueError, match="given"):
        World(
            about={"name": "x", "date": "2025-08-31"},
            companies=[Company(id="a", cash=1)],
            loans=[Loan(borrower="a", lender="b", balance=1, maturity=3)],
        )


def test_records_do_not_change(world: World) -> None:
    with pytest.raises(ValueError, match="frozen"):
        world.companies[0].cash = 5
