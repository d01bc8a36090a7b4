"""One structural parameter set: nothing of how companies behave is written down in this plugin."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest
from cashcade.archetype import Archetype
from cashcade.load import load_world
from cashcade.world import World

from cashcade_telecom import structure
from cashcade_telecom.archetypes import ARCHETYPES

OF_THE_CASE = {"regime", "listing", "base_rate", "gdp_start", "dry_powder", "dry_powder_inflow"}
"""What [market] says of the date; all else is the structure."""

SAME = {
    "company": (structure.CARRIER, "xo"),
    "segment": (structure.CARRIER_DEMAND, "xo-traffic"),
    "fleet": (structure.CARRIER_FLEET, "xo-network"),
}
FIELDS = {
    "company": "default_cost round_runway round_months round_share valuation_multiple price_trend",
    "segment": "growth growth_long growth_half_life volatility common_loading elasticity adjust_months",
    "fleet": "lag capex_valuation",
}
OWN_KEYS = {"id", "name", "archetype", "bank", "vendor", "second"}


def entry(world: World, section: str, identity: str) -> Any:
    return next(one for one in world.sections()[section] if one.id == identity)


def ends(quantity: Any) -> tuple[float, float, float]:
    value = float(getattr(quantity, "value", quantity))
    return value, float(getattr(quantity, "low", value)), float(getattr(quantity, "high", value))


@pytest.fixture(scope="module")
def source() -> World:
    return load_world("ai-2025-08")


@pytest.mark.parametrize("name", ["telecom-2000", "dotcom-cohort"])
def test_markets_are_the_same(source: World, name: str) -> None:
    fields = set(type(source.market).model_fields) - OF_THE_CASE
    other = load_world(name).market
    numbers = [field for field in sorted(fields) if isinstance(getattr(source.market, field), float | int)]
    ranges = [field for field in sorted(fields) if hasattr(getattr(source.market, field), "value")]
    assert len(ranges) > 30
    for field in [*numbers, *ranges]:
        told = f"[market] {field} of {name} is not that of ai-2025-08: copy its line"
        assert ends(getattr(other, field)) == ends(getattr(source.market, field)), told


@pytest.mark.parametrize("section", SAME)
def test_carriers_are_neoclouds(source: World, world: World, section: str) -> None:
    there, here = SAME[section]
    for field in FIELDS[section].split():
        expected = ends(getattr(entry(source, section, there), field))
        assert ends(getattr(entry(world, section, here), field)) == expected, field


def test_incumbents_and_vendors_are_giants_and_chip_makers(source: World, world: World) -> None:
    for field in (
        "capex_growth",
        "capex_growth_long",
        "capex_growth_half_life",
        "committed",
        "capex_valuation",
    ):
        expected = ends(getattr(entry(source, "fleet", structure.INCUMBENT_FLEET), field))
        assert ends(getattr(entry(world, "fleet", "bells-network"), field)) == expected, field
    for field in ("growth", "growth_long", "growth_half_life", "volatility"):
        expected = ends(getattr(entry(source, "segment", structure.VENDOR_DEMAND), field))
        assert ends(getattr(entry(world, "segment", "lucent-elsewhere"), field)) == expected, field


def test_no_company_of_the_file_says_more_than_sizes() -> None:
    text = (files("cashcade_telecom") / "worlds" / "telecom-2000.toml").read_text(encoding="utf-8")
    inputs = {one.name: {each.name for each in one.inputs} for one in ARCHETYPES}
    companies = [one for one in tomllib.loads(text)["company"] if one["archetype"] in inputs]
    assert len(companies) == 46
    for one in companies:
        allowed = (
            OWN_KEYS | inputs[one["archetype"]] | ({"network"} if one["archetype"] == "incumbent" else set())
        )
        assert set(one) <= allowed, one["id"]
        assert set(one.get("network", {})) <= {"orders"}


@pytest.mark.parametrize("archetype", ARCHETYPES, ids=lambda one: one.name)
def test_examples_run(archetype: Archetype) -> None:
    builder = World.builder("alone", "2000-09-30").company(
        "it", archetype=archetype.name, **archetype.example
    )
    world = builder.build(archetypes={archetype.name: archetype})
    assert any(segment.seller == "it" for segment in world.segments)


def test_a_range_that_the_source_lacks_is_an_error() -> None:
    with pytest.raises(KeyError):
        structure.same("company", "coreweave", "no-such-field")
