"""Every number has a source, or is an assumption with a range and a reason; nothing is known too early."""

import pandas as pd
import pytest
from cashcade.world import World

LAST_MONTH_KNOWN = "2025-09"


@pytest.fixture(scope="module")
def figures(world: World) -> pd.DataFrame:
    table = world.figures()
    numbers = [not isinstance(value, str | bool) for value in table["value"]]
    found = table[numbers]
    found = found[found["field"] != "market_number"]  # a name
    assert len(found) > 1000
    return found


def told(rows: pd.DataFrame) -> str:
    return rows[["entity", "id", "field", "value"]].to_string()


def test_every_number_has_a_source(figures: pd.DataFrame) -> None:
    silent = figures[figures["source"].isna() | figures["kind"].isna() | figures["confidence"].isna()]
    assert silent.empty, told(silent)


def test_assumptions_have_a_range_and_a_reason(figures: pd.DataFrame) -> None:
    assumed = figures[figures["assumption"]]
    bare = assumed[
        assumed["low"].isna() | (assumed["low"] >= assumed["high"]) | (assumed["note"].str.len() < 10)
    ]
    assert not assumed.empty
    assert bare.empty, told(bare)


def test_low_confidence_has_a_range_or_a_note(figures: pd.DataFrame) -> None:
    weak = figures[figures["confidence"] == "low"]
    assert (weak["low"].notna() | weak["note"].notna()).all()


def test_sources_have_an_address(world: World) -> None:
    for key, source in world.sources.items():
        assert source.url or "second-hand" in (source.note or ""), key
        assert "recall" not in source.title.lower(), key


def test_every_source_is_used(world: World) -> None:
    used = set(world.figures()["source"]) | {company.source for company in world.companies}
    assert set(world.sources) <= used


def test_no_commitment_is_from_after_september_2025(world: World, figures: pd.DataFrame) -> None:
    agreed = figures[figures["kind"] == "commitment"]
    late = agreed[agreed["date"].str.slice(0, 7) > LAST_MONTH_KNOWN]
    assert not agreed.empty
    assert late.empty, told(late)
    published = agreed["source"].map(lambda key: (world.sources[key].date or "")[:7])
    assert (published <= LAST_MONTH_KNOWN).all(), told(agreed[published > LAST_MONTH_KNOWN])


def test_no_figure_is_of_after_september_2025(figures: pd.DataFrame) -> None:
    dated = figures[~figures["assumption"] & figures["date"].notna()]
    late = dated[dated["date"].str.slice(0, 7) > LAST_MONTH_KNOWN]
    assert late.empty, told(late)


def test_september_deals_say_so(world: World) -> None:
    rows = [row for contract in world.contracts for row in contract.commitments]
    rows += list(world.pledges)
    september = [row for row in rows if (row.as_of or "").startswith("2025-09")]
    assert september
    assert all("September 2025" in (row.note or "") or row.as_of == "2025-09" for row in september)
