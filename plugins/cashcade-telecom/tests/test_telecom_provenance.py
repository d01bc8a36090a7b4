"""Every number of the files says where it comes from."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from cashcade.world import World

PARTS_OF_A_TOTAL = {"vendor_commitment", "vendor_drawn"}
"""Assumptions without a range: parts of totals that are filed, of which a test holds the sum."""


def file(name: str) -> dict[str, Any]:
    """A world file, before archetypes."""
    text = (files("cashcade_telecom") / "worlds" / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def numbers(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Stated numbers of a world file, with their place."""
    raw = file(name)
    for section in ("company", "loan"):
        for entry in raw.get(section, []):
            for field, value in entry.items():
                assert not isinstance(value, float) or isinstance(value, bool), (
                    f"{entry['id']}.{field} has no source"
                )
                if isinstance(value, dict) and "value" in value:
                    yield f"{entry['id']}.{field}", value
    yield from (
        (f"market.{field}", value) for field, value in raw["market"].items() if isinstance(value, dict)
    )


@pytest.mark.parametrize("name", ["telecom-2000", "dotcom-cohort"])
def test_a_number_has_a_source_or_is_an_assumption_with_range_and_reason(name: str) -> None:
    sources = set(file(name)["sources"])
    found = list(numbers(name))
    assert len(found) > 150
    for place, said in found:
        assert said["source"] in sources | {"assumption"}, place
        assert said.get("note"), f"{place} gives no reason"
        if said["source"] == "assumption" and not isinstance(said["value"], str | bool):
            ranged = "low" in said or place.split(".")[1] in PARTS_OF_A_TOTAL
            assert ranged or "from memory in the data" in said["note"], f"{place} has no range"


@pytest.mark.parametrize("name", ["telecom-2000", "dotcom-cohort"])
def test_every_source_is_used(name: str) -> None:
    used = {said["source"] for _, said in numbers(name)}
    assert set(file(name)["sources"]) <= used


def test_derived_numbers_say_how(world: World) -> None:
    figures = world.figures()
    counted = [isinstance(value, int | float) and not isinstance(value, bool) for value in figures["value"]]
    assert figures[counted]["note"].notna().mean() > 0.95
