"""The table of figures and the JSON schema."""

import datetime as dt
import json
import tomllib
from typing import Any

import pytest
from cashcade.world import World, schema
from cashcade.world.kinds import SECTIONS
from jsonschema import Draft202012Validator

from tests.bad_worlds.cases import CASES


def as_json(text: str) -> Any:
    return json.loads(json.dumps(tomllib.loads(text), default=dt.date.isoformat))


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    """Made once: the schema is long."""
    return Draft202012Validator(schema())


def test_figures_name_range_and_source(world: World) -> None:
    figures = world.figures().set_index(["entity", "id", "field"])
    rate = figures.loc[("market", "market", "base_rate")]
    assert (rate["value"], rate["low"], rate["high"], rate["unit"]) == (0.043, 0.04, 0.05, "1/year")
    assert (rate["title"], rate["url"]) == ("Quarterly filing", "https://example.org/filing")
    assert rate["date"] == "2025-08"
    cash = figures.loc[("company", "lab", "cash")]
    assert (cash["value"], cash["low"], cash["high"]) == (1e9, 1e9 - 1.96 * 2e8, 1e9 + 1.96 * 2e8)
    assert (cash["date"], cash["confidence"], cash["assumption"]) == ("2025-06-30", "high", False)
    assert figures.loc[("commitment", "app->lab/2", "amount")]["high"] == 7e6


def test_a_record_speaks_for_its_plain_numbers(world: World) -> None:
    figures = world.figures().set_index(["entity", "id", "field"])
    assert figures.loc[("company", "app", "cash")]["source"] == "filing"
    assert not figures.loc[("company", "app", "cash")]["assumption"]


def test_numbers_without_source_are_assumptions(world: World) -> None:
    figures = world.figures().set_index(["entity", "id", "field"])
    assert figures.loc[("company", "cloud", "cash")]["assumption"]
    assert figures.loc[("segment", "api", "revenue")]["assumption"]


def test_figures_say_what_would_tell_more() -> None:
    """Of ranges that share an assumption, one speaks for all; a record speaks for its plain numbers."""
    life = {"value": 4, "low": 2, "high": 6, "shared": "life"}
    made = (
        World.builder("b", "2025-08-31")
        .company(
            "a", cash={"value": 1.0, "better": "Its accounts."}, minimum_cash={**life, "better": "A census."}
        )
        .company("b", cash=life)
        .company("c", cash={"value": 2.0, "note": "x"}, better="An audit.", minimum_cash=3.0)
        .build()
    )
    better = made.figures().set_index(["id", "field"])["better"].to_dict()
    assert better == {
        ("a", "cash"): "Its accounts.",
        ("a", "minimum_cash"): "A census.",
        ("b", "cash"): "A census.",
        ("c", "cash"): None,
        ("c", "minimum_cash"): "An audit.",
    }
    assert World.from_toml(made.to_toml()) == made
    assert World.from_tables(made.to_tables()) == made


def test_defaults_are_no_figures(world: World) -> None:
    figures = world.figures()
    assert not ((figures["id"] == "cloud") & (figures["field"] == "tax_rate")).any()


def test_the_schema_is_one(text: str, validator: Draft202012Validator) -> None:
    validator.check_schema(validator.schema)
    assert validator.schema == World.json_schema()
    assert {"world", "sources", "market", *SECTIONS} == set(validator.schema["properties"])
    validator.validate(as_json(text))


def test_written_worlds_fit_the_schema(world: World, validator: Draft202012Validator) -> None:
    validator.validate(as_json(world.to_toml()))


SHAPES = [
    case
    for case in CASES
    if case.name
    in {
        *("negative cash", "text as a number", "true as a number", "amount too large", "unknown key"),
        *("unknown rank", "flag as a number", "missing key", "table in place of list", "other currency"),
    }
]


@pytest.mark.parametrize("case", SHAPES, ids=lambda case: case.name)
def test_the_schema_refuses_what_is_no_world(case: Any, validator: Draft202012Validator) -> None:
    assert not validator.is_valid(as_json(case.text))


def test_shapes_were_found() -> None:
    assert len(SHAPES) == 10
