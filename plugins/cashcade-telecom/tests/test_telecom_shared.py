"""Where the project's sourced tables are at hand: the world carries their figures.

The extract of the Florida-UCLA-LoPucki Bankruptcy Research Database (https://lopucki.law.ufl.edu/) is read
from there and is no part of this plugin.
"""

import csv
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from cashcade_telecom.facts import observed

TABLES = Path(__file__).parents[4] / "shared" / "data" / "telecom"

pytestmark = pytest.mark.skipif(not TABLES.is_dir(), reason="the sourced tables are not here")

EXTRACT = "bankruptcies_lopucki_extract.csv"
NAMES = {
    "icg": "ICG Communications, Inc.",
    "winstar": "Winstar Communications, Inc.",
    "teligent": "Teligent Inc",
    "covad": "Covad Communications Group, Inc.",
    "northpoint": "NorthPoint Communications Group, Inc.",
    "mcleodusa": "McLeodUSA, Inc. (2002)",
    "williams": "Williams Communications Group, Inc.",
    "xo": "XO Communications, Inc.",
    "flag": "FLAG Telecom Holdings, Ltd",
    "metromedia-fiber": "Metromedia Fiber Network, Inc.",
    "focal": "Focal Communications Corporation",
    "allegiance": "Allegiance Telecom Inc.",
    "viatel": "Viatel Inc.",
}
WIDEST = (0.5, 1.7)
"""Bounds of the factors that bring a report of another year to the date."""


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fact(entity: str, metric: str, when: str) -> float:
    found = [
        row
        for row in rows("facts.csv")
        if (row["entity"], row["metric"], row["year_or_date"]) == (entity, metric, when)
    ]
    assert len(found) == 1
    return float(found[0]["value"])


@pytest.fixture(scope="module")
def stated() -> dict[str, dict[str, Any]]:
    """Companies as the world file states them, before archetypes."""
    text = (files("cashcade_telecom") / "worlds" / "telecom-2000.toml").read_text(encoding="utf-8")
    return {one["id"]: one for one in tomllib.loads(text)["company"]}


@pytest.mark.parametrize(("company", "name"), NAMES.items())
def test_sizes_are_those_of_the_extract(stated: dict[str, dict[str, Any]], company: str, name: str) -> None:
    (row,) = [one for one in rows(EXTRACT) if one["NameCorp"] == name]
    for field, column, per_year in (
        ("revenue", "SalesBefore", 12),
        ("assets", "AssetsBefore", 1),
        ("debt", "LiabBefore", 1),
    ):
        figure, reported = stated[company][field], float(row[column]) * 1e6 / per_year
        assert figure["source"] == "lopucki"
        assert WIDEST[0] <= figure["low"] / reported < figure["high"] / reported <= WIDEST[1]
    margin = float(row["EbitdaBefore"]) / float(row["SalesBefore"])
    assert stated[company]["margin"]["value"] == pytest.approx(margin, rel=1e-3)


def test_revenue_and_loans_of_vendors(stated: dict[str, dict[str, Any]]) -> None:
    assert 12 * stated["lucent"]["sales"]["value"] == pytest.approx(
        fact("Lucent", "revenue_continuing_ops", "2000")
    )
    assert 12 * stated["nortel"]["sales"]["value"] == pytest.approx(fact("Nortel", "revenue", "2000"))
    for vendor, name, when in (("lucent", "Lucent", "2000-09-30"), ("nortel", "Nortel", "2000-12-31")):
        lines = [one for one in stated.values() if one.get("vendor") == vendor and "vendor_drawn" in one]
        drawn, promised = (
            sum(one[key]["value"] for one in lines) for key in ("vendor_drawn", "vendor_commitment")
        )
        assert drawn == pytest.approx(fact(name, "vendor_financing_drawn", when), rel=1e-6)
        assert promised == pytest.approx(fact(name, "vendor_financing_commitments", when), rel=1e-6)


def test_ranges_of_the_facts_are_those_of_the_tables() -> None:
    by_name = {one.name: one for one in observed.FACTS}
    revenue = by_name["revenue_change"]
    two_years = fact("Lucent", "revenue_continuing_ops", "2002") / fact(
        "Lucent", "revenue_continuing_ops", "2000"
    )
    assert revenue.low <= two_years - 1 <= revenue.high
    market = by_name["market_default_rate"]
    rates = [fact("US high yield bonds", "default_rate", year) for year in ("2001", "2002")]
    assert (market.low, market.high) == (pytest.approx(rates[0], abs=5e-4), pytest.approx(rates[1], abs=5e-4))
    assert fact("US high yield bonds", "par_outstanding", "2002") == observed.HIGH_YIELD
    other = 1 - fact("US high yield bonds", "telecom_share_of_defaulted_par", "2002")
    defaulted = fact("US high yield bonds", "par_defaulted", "2002")
    assert other * defaulted == pytest.approx(observed.OTHER_DEFAULTS)
    drawn = [fact("Lucent", "vendor_financing_drawn", when) for when in ("2000-09-30", "2001-09-30")]
    change = by_name["drawn_change"]
    assert change.low == pytest.approx(0.5 * (drawn[1] / drawn[0] - 1), abs=5e-3)
    assert change.high == pytest.approx(1.5 * (drawn[1] / drawn[0] - 1), abs=5e-3)
    lines = [fact("Lucent", "vendor_financing_commitments", when) for when in ("2000-09-30", "2001-09-30")]
    assert by_name["promised_change"].high == pytest.approx(lines[1] / lines[0] - 1, abs=5e-3)


def test_bonds_of_the_extract_fetched_what_the_fact_says() -> None:
    """Median of those that filed in 2000 to 2003, at filing and at the end."""
    bonds = next(one for one in observed.FACTS if one.name == "bond_recovery")
    for column, entity in (("BondPriceFile", "bond_price_at_filing_median"), ("BondPriceDisp", "")):
        prices = [
            float(row[column]) / 100
            for row in rows(EXTRACT)
            if row[column] and 2000 <= int(row["YearFiled"]) <= 2003
        ]
        assert len(prices) > 10
        middle = sorted(prices)[len(prices) // 2]
        assert bonds.low <= middle <= bonds.high
        if entity:
            told = fact("US large public telecom (SIC 48)", entity, "2000-2003")
            assert middle == pytest.approx(told, abs=0.02)


def test_the_extract_is_not_shipped() -> None:
    package = Path(str(files("cashcade_telecom")))
    shipped = {
        path.suffix for path in package.rglob("*") if path.is_file() and "__pycache__" not in str(path)
    }
    assert shipped <= {".py", ".toml", ".typed"}
