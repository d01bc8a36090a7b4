"""Packs what the estimates need of the sourced tables: ``python tools/pack_data.py SHARED_DATA FOLDER``.

Only the series that are used, nothing after September 2025, every row with its source. A test packs them anew
where the tables are at hand, and compares.
"""

import argparse
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

LAST_DAY = "2025-09-30"
"""Nothing later is taken."""

HISTORY_METRICS = frozenset(
    {
        "arr",
        "capex",
        "revenue",
        "data_center_revenue",
        "funding_round",
        "valuation_post_money",
        "aws_backlog",
        "google_cloud_backlog",
        "commercial_backlog",
        "rpo",
        "rental_price",
        "rental_price_range_mid",
    }
)

SHARE_PRICES = "share_price"

WINDOW_SERIES = frozenset(
    {
        "us_hy_oas_month_end",
        "us_hy_default_rate_altman",
        "nasdaq_composite_month_end",
        "nasdaq_composite_drawdown_24m_month_worst",
        "fed_funds_month_average",
        "moodys_spec_grade_default_rate",
        "us_tech_ipos_ritter",
        "us_hy_bond_issuance",
        "us_vc_investment",
        "us_vc_investment_pitchbook",
    }
)

RECOVERY_DATES = {
    ("US telecom junk bonds", "recovery_rate", "1999-2000"): "2000-12-31",
    ("US telecom junk bonds", "recovery_rate", "2001H1"): "2001-06-30",
    ("US large public telecom (SIC 48)", "bond_price_at_filing_median", "2000-2003"): "2003-12-31",
    ("US high yield bonds", "recovery_rate_all_industries", "2000"): "2000-12-31",
    ("US high yield bonds", "recovery_rate_all_industries", "2001"): "2001-12-31",
    ("US high yield bonds", "recovery_rate_all_industries", "2002"): "2002-12-31",
    ("US high yield bonds", "recovery_rate_all_industries", "2003"): "2003-12-31",
}
"""The last day of the time that a recovery is about."""

Publication = tuple[str, str]

MEMORY: Publication = ("recall, unverified", "")

FILED = "SEC EDGAR companyfacts (filings up to 2025-09-30 only)"

LATER: dict[str, Publication] = {
    "andrew.ooo on Cursor": MEMORY,
    "dev.to andrew-ooo on Cursor": MEMORY,
    "Sacra: Cursor": MEMORY,
    "compux.net GPU pricing trends": MEMORY,
    "KazooKat/ram-price-outlook quarterly_financials.csv (from SEC companyfacts, fetched 2026-10-06)": (
        FILED,
        "https://data.sec.gov/api/xbrl/companyfacts/CIK0001326801.json",
    ),
    "whoearns.com (2026 page)": MEMORY,
    "aiweekly.co quoting TechCrunch": MEMORY,
    "theteardown.co/perplexity": MEMORY,
    "Lago wiki: Why Replit $9B (citing Sacra)": MEMORY,
    "Lago wiki (mid-2025)": MEMORY,
    "Sustainabl quoting TechCrunch (Mar 2026)": MEMORY,
    "Olostep/Lago on Replit (2026)": MEMORY,
}
"""Pages of a later day than `LAST_DAY` by their title, and what stands for them: the filing, or memory."""

_CURSOR = (
    "TechCrunch (5 Jun 2025)",
    "https://techcrunch.com/2025/06/05/cursors-anysphere-nabs-9-9b-valuation-soars-past-500m-arr/",
)
_REPLIT = (
    "TechCrunch (10 Sep 2025)",
    "https://techcrunch.com/2025/09/10/replit-hits-3b-valuation-on-150m-annualized-revenue/",
)
EARLIER: dict[tuple[str, str], Publication] = {
    ("Anysphere (Cursor)", "2025-06-05"): _CURSOR,
    ("Replit", "2025-09-10"): _REPLIT,
}
"""What was published by `LAST_DAY` on an entity and a day, in place of a later page."""

COLUMNS = ("entity", "metric", "as_of", "value", "unit", "low", "high", "confidence", "kind", "source")

Row = dict[str, str]


class Sources:
    """Numbers the sources, so that a row names its own in a few letters."""

    def __init__(self) -> None:
        self.keys: dict[tuple[str, str], str] = {}

    def key(self, row: Row) -> str:
        """Return the key of the source of a row."""
        named = (row["source_title"], row["source_url"])
        return self.keys.setdefault(named, f"s{len(self.keys) + 1}")

    def rows(self) -> Iterator[Row]:
        """Yield the table of sources."""
        for (title, url), key in self.keys.items():
            yield {"source": key, "title": title, "url": url}


def pack(shared: Path) -> dict[str, str]:
    """Return the text of each packaged file by its name."""
    sources = Sources()
    history = [*_history(shared, sources), *_prices(shared, sources), *_recoveries(shared, sources)]
    windows = list(_windows(shared, sources))
    return {
        "history.csv": _written(COLUMNS, history),
        "windows.csv": _written(("series", "as_of", "value", "unit", "confidence", "source"), windows),
        "sources.csv": _written(("source", "title", "url"), sources.rows()),
    }


def _read(file: Path) -> Iterator[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _known(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if row["as_of"] <= LAST_DAY)


def _history(shared: Path, sources: Sources) -> Iterator[Row]:
    originals = {
        (row["entity"], row["metric"], float(row["value"])): row
        for table in ("facts_labs.csv", "facts_infra.csv")
        for row in _read(shared / "ai" / table)
        if row["value"]
    }
    for row in _known(_read(shared / "ai" / "history.csv")):
        if row["metric"] in HISTORY_METRICS:
            copied = row["source_title"].endswith(".csv")
            same = originals.get((row["entity"], row["metric"], float(row["value"])), row) if copied else row
            yield row | {"source": sources.key(_published(row, same))} | _doubt(same)


def _published(row: Row, told: Row) -> Row:
    """Return where a figure stood by `LAST_DAY`, if the page that tells it is of a later day."""
    if told["source_title"] not in LATER:
        return told
    title, url = EARLIER.get((row["entity"], row["as_of"]), LATER[told["source_title"]])
    return {"source_title": title, "source_url": url}


def _doubt(told: Row) -> Row:
    """Return the confidence of a figure that only memory dates before `LAST_DAY`."""
    return {"confidence": "low"} if LATER.get(told["source_title"]) == MEMORY else {}


def _prices(shared: Path, sources: Sources) -> Iterator[Row]:
    for row in _known(_read(shared / "ai" / "market_caps.csv")):
        if row["metric"] == SHARE_PRICES and row["unit"] == "USD":
            yield row | {"source": sources.key(row)}


def _recoveries(shared: Path, sources: Sources) -> Iterator[Row]:
    for row in _read(shared / "telecom" / "facts.csv"):
        date = RECOVERY_DATES.get((row["entity"], row["metric"], row["year_or_date"]))
        if date is not None:
            yield row | {"as_of": date, "low": "", "high": "", "kind": "reported", "source": sources.key(row)}


def _windows(shared: Path, sources: Sources) -> Iterator[Row]:
    for row in _known(_read(shared / "ai" / "windows.csv")):
        if row["series"] in WINDOW_SERIES:
            yield row | {"source": sources.key(row)}


def _written(columns: Sequence[str], rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the packaged tables into a folder."""
    parser = argparse.ArgumentParser(prog="pack_data.py", description="Pack the sourced tables.")
    parser.add_argument("shared", type=Path, help="folder of the sourced tables, with ai/ and telecom/")
    parser.add_argument("folder", type=Path, help="folder to write into")
    given = parser.parse_args(arguments)
    for name, text in pack(given.shared).items():
        (given.folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
