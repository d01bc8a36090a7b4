"""Nothing in the world and its tables comes from after September 2025: no source, date, address or title."""

import re
from importlib.resources import files

import pandas as pd
import pytest
from cashcade.archetype import Archetype
from cashcade.rules import ExitScenario, PricingShock, Scenario, Shock
from cashcade.world import World

from cashcade_ai import plugin, sourced

LAST_MONTH = "2025-09"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NUMERIC = re.compile(r"(?<!\d)(20\d\d)[-/_](0[1-9]|1[0-2])(?!\d)")
"""2025-10 or 2025/10, with or without a day."""
COMPACT = re.compile(r"(?<!\d)(20[0-4]\d)(0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:\d{4})?(?!\d)")
"""20251118 or 202511180915, as in addresses of news."""
WORDS = re.compile(rf"\b({'|'.join(MONTHS)})[a-z]*\.? (20\d\d)\b", re.IGNORECASE)
"""Nov 2025 or November 2025."""
SHORT = re.compile(r"-(2[5-9])(0[1-9]|1[0-2])$")
"""-2510 at the end of an address."""
YEAR = re.compile(r"(?:\(|(?<!\d)-)(20(?:2[6-9]|[3-9]\d))(?: [^)]*\)|\)|$)")
"""(2026), (2026 page), or -2026 at the end of an address."""

QUARTER = re.compile(r"\b(?:(third|fourth) quarter of|q([34])) (20\d\d)\b", re.IGNORECASE)
"""Third quarter of 2025: its numbers came out after it."""

LATE_PAGES = (
    "andrew.ooo",
    "andrew-ooo",
    "theteardown.co",
    "aiweekly.co/alerts/mistral-confirms",
    "getlago/lago/wiki",
)
"""Pages of a later day whose address does not say so."""


def months_in(text: str) -> list[str]:
    """Return each month that a title or an address names, as 2025-10; a bare later year is its January."""
    named = [f"{year}-{month}" for year, month in NUMERIC.findall(text) + COMPACT.findall(text)]
    named += [f"{year}-{MONTHS.index(month.lower()) + 1:02}" for month, year in WORDS.findall(text)]
    named += [f"20{year}-{month}" for year, month in SHORT.findall(text)]
    named += [
        f"{year}-10" if "3" in (number, {"third": "3"}.get(word.lower())) else f"{int(year) + 1}-01"
        for word, number, year in QUARTER.findall(text)
    ]
    return named + [f"{year}-01" for year in YEAR.findall(text)]


def is_late(text: str) -> bool:
    return any(month > LAST_MONTH for month in months_in(text)) or any(page in text for page in LATE_PAGES)


@pytest.mark.parametrize(
    "text",
    [
        "https://theregister.com/2025/10/31/amazon_earnings_q3_25/",
        "https://imdhmi.com/the-arms-race-just-got-wilder-20251118",
        "https://biggo.com/news/202510030123_OpenAI",
        "https://example.org/2026-05-06-merger",
        "https://www.ainvest.com/news/some-story-2510",
        "WebProNews (Jan 2026)",
        "TechEconomy quoting The Information (Sep-Oct 2025)",
        "CoreWeave 8-K of 2 Oct 2025 (amendment dated 29 Sep 2025)",
        "companyfacts, fetched 2026-10-06",
        "Olostep on Replit (2026)",
        "xAI's margin in the third quarter of 2025",
        "https://andrew.ooo/posts/cursor-1b-arr-fastest-scaling-saas",
    ],
)
def test_a_late_text_is_seen(text: str) -> None:
    assert is_late(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://techcrunch.com/2025/09/10/replit-hits-3b-valuation-on-150m-annualized-revenue/",
        "https://www.ainvest.com/news/ai-driven-software-development-2509",
        "SEC EDGAR companyfacts (filings up to 2025-09-30 only)",
        "https://www.sec.gov/Archives/edgar/data/1769628/000114036125032095/R41.htm",
        "https://data.sec.gov/api/xbrl/companyfacts/CIK0001652044.json",
        "Nvidia 10-Q Q2 FY2026 (edgartools fixture html)",
        "https://launchbaycapital.com/article/launchbay-newsletter-18-07-2025",
        "CoreWeave form 8-K of July 2025: senior notes due 2031",
        "Morgan Stanley on data-centre funding 2025-2028",
    ],
)
def test_an_early_text_is_left_alone(text: str) -> None:
    assert not is_late(text)


def test_no_text_of_a_shock_scenario_or_archetype_is_late() -> None:
    records: list[PricingShock | Shock | Scenario | ExitScenario | Archetype] = [
        *plugin.cashcade_pricing_shocks(),
        *plugin.cashcade_shocks(),
        *plugin.cashcade_scenarios(),
        *plugin.cashcade_exit_scenarios(),
        *plugin.cashcade_archetypes(),
    ]
    assert len(records) > 30
    said = ("title", "doc", "source")
    texts = {each.name: " ".join(str(getattr(each, word, "")) for word in said) for each in records}
    assert [name for name, text in texts.items() if is_late(text)] == []


def test_every_source_of_the_world_is_dated_and_early(world: World) -> None:
    assert len(world.sources) > 80
    undated = [
        key
        for key, source in world.sources.items()
        if not re.match(r"(20[01]|202[0-4]|2025-)", source.date or "")
    ]
    assert undated == []
    assert [key for key, source in world.sources.items() if (source.date or "")[:7] > LAST_MONTH] == []


def test_no_title_or_address_of_the_world_is_late(world: World) -> None:
    late = {
        key for key, source in world.sources.items() if is_late(source.title) or is_late(source.url or "")
    }
    assert late == set()


def test_no_figure_of_the_world_is_of_a_later_day(world: World) -> None:
    figures = world.figures()
    dated = figures[~figures["assumption"] & figures["date"].notna()]
    assert len(dated) > 300
    assert dated.loc[dated["date"].str.slice(0, 7) > LAST_MONTH, "id"].tolist() == []


def test_no_figure_is_younger_than_its_publication(world: World) -> None:
    """A figure cannot be of a later month than the report that tells it."""
    figures = world.figures()
    told = figures[figures["kind"] == "reported"].dropna(subset=["date", "source"])
    published = told["source"].map(
        lambda key: (world.sources[key].date or "") if key in world.sources else ""
    )
    assert len(told) > 80
    impossible = told[
        [
            date[: min(len(date), len(day))] > day[: len(date)]
            for date, day in zip(told["date"], published, strict=True)
        ]
    ]
    assert impossible[["id", "field", "date", "source"]].to_dict("records") == []


@pytest.mark.parametrize("name", ["history", "windows", "inputs"])
def test_no_row_of_a_table_is_of_a_later_day(name: str) -> None:
    table = getattr(sourced, name)()
    assert len(table) > 100
    assert table["as_of"].max() <= pd.Timestamp("2025-09-30")


def test_no_source_of_a_table_is_of_a_later_day() -> None:
    sources, inputs = sourced.sources(), sourced.inputs()
    texts = pd.concat([sources["title"], sources["url"], inputs["source"], inputs["url"]]).dropna()
    assert len(texts) > 300
    assert sorted({text for text in texts if is_late(text)}) == []


def test_no_file_of_data_is_unchecked() -> None:
    names = {file.name for file in (files("cashcade_ai") / "data").iterdir() if file.name.endswith(".csv")}
    assert names == {"history.csv", "inputs.csv", "priors.csv", "sources.csv", "windows.csv"}


def test_no_quarter_to_september_2025_is_known(world: World) -> None:
    """Reports on the quarter to September 2025 came out in October and November."""
    figures = world.figures()
    notes = figures["note"].dropna().astype(str)
    told = notes[notes.str.contains("third quarter|nine months|year to September 2025", regex=True)]
    guided = told.str.contains("guided")
    assert told[~guided].tolist() == []
