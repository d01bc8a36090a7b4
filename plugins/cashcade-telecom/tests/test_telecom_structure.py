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
OF_A_FIRM = {
    *("id", "name", "archetype", "tags", "seller", "owner", "orders", "class", "ai_share", "hosted"),
    *(
        "revenue",
        "cash",
        "minimum_cash",
        "fixed_cost",
        "variable_cost",
        "cost_volatility",
        "discretionary_cost",
    ),
    *("cost", "capex", "book_life", "economic_life", "age_span", "last_valuation", "own_compute"),
}
"""Sizes, links and lives: of one firm, or of machines."""

OF_TOKENS = {
    *("use_cap", "cap_felt", "use_spread", "use_worth", "plan_cap", "cap_response", "withheld_felt"),
    *("potential", "market_number"),
}
"""Plans for the use of models, and sizes of their markets."""

OF_VALUES = {
    *(
        "public",
        "equity_runway",
        "market_value",
        "target_margin",
        "beta",
        "window_loading",
        "value_volatility",
    ),
    "confidence_value",
}
"""What listed companies are worth: market values of telecom are not in the data."""

OF_CAPACITY = {"limits", "construction", "capacity_revenue", "capex_pressure", "capex_catch_up"}
"""Building for signed contracts, and capacity of clouds: carriers built ahead of demand, and networks of
incumbents have no rent."""

AS_THE_CASE = {
    "carrier": set(),
    "incumbent": {
        *("growth", "growth_premium", "discretionary_growth", "discretionary_growth_long"),
        "cost_growth_half_life",
    },
    "vendor": {
        *("fixed_cost_growth", "fixed_cost_growth_long", "cost_growth_half_life", "price_trend", "payout"),
    },
    "start-up": {"growth", "growth_premium", "round_runway", "round_share"},
}
"""What telecom says otherwise, or the archetype of an application says for it."""

CONCEPTS = [
    ("carrier", "company", structure.CARRIER, "telecom-2000", "xo", OF_VALUES),
    ("carrier", "segment", structure.CARRIER_DEMAND, "telecom-2000", "xo-traffic", set()),
    ("carrier", "fleet", structure.CARRIER_FLEET, "telecom-2000", "xo-network", OF_CAPACITY | {"relet"}),
    ("incumbent", "company", structure.INCUMBENT, "telecom-2000", "bells", OF_VALUES),
    ("incumbent", "segment", structure.INCUMBENT_DEMAND, "telecom-2000", "bells-traffic", set()),
    ("incumbent", "fleet", structure.INCUMBENT_FLEET, "telecom-2000", "bells-network", OF_CAPACITY),
    ("vendor", "company", structure.VENDOR, "telecom-2000", "lucent", OF_VALUES),
    ("vendor", "segment", structure.VENDOR_DEMAND, "telecom-2000", "lucent-elsewhere", OF_TOKENS),
    ("start-up", "company", structure.YOUNG, "dotcom-cohort", "startup-07", OF_TOKENS),
    ("start-up", "segment", structure.YOUNG_DEMAND, "dotcom-cohort", "startup-07-users", OF_TOKENS),
]

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


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda one: one[4])
def test_what_the_ai_world_says_of_a_concept_is_said_here(
    source: World, concept: tuple[str, str, str, str, str, set[str]]
) -> None:
    """A field that is added there is added here, or stands in the lists above with its reason."""
    kind, section, there, name, here, left_out = concept
    stated = set(structure.records()[section, there]) - OF_A_FIRM - left_out - AS_THE_CASE[kind]
    wanted, found = entry(source, section, there), entry(load_world(name), section, here)
    assert stated
    for field in sorted(stated):
        first, second = getattr(wanted, field), getattr(found, field)
        same = first == second if isinstance(first, str) else ends(first) == ends(second)
        assert same, f"{field} of {here} is not that of {there} in ai-2025-08"


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
