"""Where the project's sourced tables are at hand: the world carries their figures."""

import csv
from pathlib import Path

import pytest
from ai_opening import Opening, number
from cashcade.world import World

TABLES = Path(__file__).parents[4] / "shared" / "data" / "ai"

pytestmark = pytest.mark.skipif(not TABLES.is_dir(), reason="the sourced tables are not here")

QUARTERS = [
    ("Microsoft", "capex", "2025-06-30", "microsoft"),
    ("Alphabet", "capex", "2025-06-30", "alphabet"),
    ("Amazon", "capex", "2025-06-30", "amazon"),
    ("Meta", "capex", "2025-06-30", "meta"),
    ("Oracle", "capex", "2025-08-31", "oracle"),
    ("Nvidia", "capex", "2025-07-27", "nvidia"),
]

BALANCES = [
    ("Oracle", "cash", "2025-08-31", "oracle"),
]

TRANCHES = {
    "DDTL 1.0": "coreweave-ddtl-1",
    "DDTL 2.0": "coreweave-ddtl-2",
    "2030 Senior Notes 9.25%": "coreweave-notes-2030",
    "OEM financing": "coreweave-oem",
    "Magnetar Loan": "coreweave-magnetar",
    "Revolver": "coreweave-revolver",
}


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figure(entity: str, metric: str, as_of: str, table: str = "facts_infra.csv") -> float:
    found = [
        row for row in rows(table) if (row["entity"], row["metric"], row["as_of"]) == (entity, metric, as_of)
    ]
    assert len(found) == 1
    return float(found[0]["value"])


def cash(world: World, company: str) -> float:
    return next(number(one.cash) for one in world.companies if one.id == company)


@pytest.mark.parametrize(("entity", "metric", "as_of", "company"), QUARTERS)
def test_capex(opening: Opening, entity: str, metric: str, as_of: str, company: str) -> None:
    assert 3 * opening.least_capex(company) == pytest.approx(figure(entity, metric, as_of), rel=1e-3)


@pytest.mark.parametrize(("entity", "metric", "as_of", "company"), BALANCES)
def test_cash(world: World, entity: str, metric: str, as_of: str, company: str) -> None:
    assert cash(world, company) == figure(entity, metric, as_of)


@pytest.mark.parametrize(
    ("entity", "as_of", "company"),
    [("Alphabet", "2025-06-30", "alphabet"), ("Nvidia", "2025-07-27", "nvidia")],
)
def test_cash_and_securities(world: World, entity: str, as_of: str, company: str) -> None:
    parts = [figure(entity, metric, as_of) for metric in ("cash", "marketable_securities_current")]
    assert cash(world, company) == pytest.approx(sum(parts))


def test_tranches_of_coreweave(world: World) -> None:
    balances = {loan.id: number(loan.balance) for loan in world.loans}
    listed = [
        row for row in rows("debt.csv") if row["borrower"] == "CoreWeave" and row["as_of"] == "2025-06-30"
    ]
    assert len(listed) == len(TRANCHES)
    for row in listed:
        assert balances[TRANCHES[row["tranche"]]] == float(row["principal_usd"])


def test_filed_total_of_coreweave(world: World) -> None:
    filed = figure("CoreWeave", "debt_principal", "2025-06-30")
    assert sum(number(loan.balance) for loan in world.loans if loan.id in TRANCHES.values()) == filed


def test_gdp(world: World) -> None:
    quarter = [
        row
        for row in rows("macro.csv")
        if row["series"] == "US nominal GDP (SAAR)" and row["period"] == "2025Q2"
    ]
    assert number(world.market.gdp_start) == float(quarter[0]["value"])


def test_cash_of_openai(world: World) -> None:
    listed = next(row for row in rows("facts_labs.csv") if row["metric"] == "cash_and_securities_derived")
    openai = next(one for one in world.companies if one.id == "openai")
    assert (openai.cash.value, openai.cash.low, openai.cash.high) == tuple(
        float(listed[column]) for column in ("value", "low", "high")
    )


def test_addresses_are_those_of_the_tables(world: World) -> None:
    columns = [
        ("facts_labs.csv", "source_url"),
        ("facts_infra.csv", "source_url"),
        ("edges_labs.csv", "source_url"),
    ]
    columns += [("edges_infra.csv", "source_url"), ("debt.csv", "source_url"), ("macro.csv", "source_url")]
    columns += [("history.csv", "source_url"), ("covenants.csv", "source_url")]
    columns += [("market_caps.csv", "source_url"), ("unit_economics.csv", "source_url")]
    listed = {row[column] for table, column in columns for row in rows(table)}
    linked = [source.url for source in world.sources.values() if source.url in listed]
    assert len(linked) > len(world.sources) / 2
