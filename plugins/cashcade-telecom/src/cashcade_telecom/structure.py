"""Structural parameters: those of the world ai-2025-08, for what is the same concept here.

Nothing of a structure is written down in this plugin. A carrier is a company that builds capacity on credit,
as a neocloud is; an incumbent pays for its network out of its cash flow, as a cloud giant does; a vendor
sells equipment, as a chip maker does. Their ranges are read from the records of the AI world, so that the two
worlds cannot drift apart and none can be tuned for its case.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from cashcade.archetype import Figure, assumed

WORLD = "ai-2025-08"

CARRIER, CARRIER_DEMAND, CARRIER_FLEET = "coreweave", "coreweave-others", "coreweave-fleet"
CARRIER_BONDS, CARRIER_BANK, CARRIER_VENDOR = (
    "coreweave-notes-2030",
    "coreweave-revolver",
    "coreweave-oem",
)
INCUMBENT, INCUMBENT_DEMAND, INCUMBENT_FLEET = "microsoft", "microsoft-core", "microsoft-fleet"
RELET_FLEET = "nebius-fleet"
"""Whose idle capacity is let again on the market alone: CoreWeave has a promise of its vendor beside it."""

PLANS = ("capex_valuation", "tolerance", "patience_hazard", "patience_cut")
"""What may move capex plans; none of it need be stated."""

VENDOR, VENDOR_DEMAND = "nvidia", "nvidia-data-centre-others"
YOUNG, YOUNG_DEMAND = "cursor", "cursor-users"

STAFF = ("target_runway", "staff_cut", "staff_lag", "severance")
MANAGES = (
    *STAFF,
    *("repricing", "margin_wanted", "hibernation_floor", "hibernation_runway"),
    *("fixed_cost_growth_long", "discretionary_growth_long", "cost_growth_half_life"),
)
"""How a young company manages."""

RAISES = ("round_offers", "share_sold", "target_margin", "beta", "value_volatility", "sudden_failure")
"""How it is offered money and valued, and how it may end."""

PROCESS = ("growth_volatility", "growth_common")
FADES = ("growth_half_life", "volatility")
BREAKS = ("break_hazard", "break_size", "gdp_loading")
ORDERS = ("order_months", "capex_volatility", "capex_noise", "capex_common")
"""How plans of who pays out of its own cash move, and run off."""


@cache
def records() -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Return the entries of the AI world by section and id."""
    text = (files("cashcade_ai") / "worlds" / f"{WORLD}.toml").read_text(encoding="utf-8")
    world = tomllib.loads(text)
    lists = {section: entries for section, entries in world.items() if isinstance(entries, list)}
    return {(section, one["id"]): one for section, entries in lists.items() for one in entries if "id" in one}


def same(section: str, identity: str, field: str) -> Figure:
    """Return a range of the AI world, with its note.

    Raises
    ------
    KeyError
        If that world has no such number.
    """
    given = records()[section, identity][field]
    said = given if isinstance(given, dict) else {"value": given}
    value = float(said["value"])
    low, high = float(said.get("low", value)), float(said.get("high", value))
    return assumed(value, low, high, f"As {identity}.{field} in {WORLD}. {said.get('note', '')}".strip())


def alike(section: str, identity: str, *fields: str) -> dict[str, object]:
    """Return several ranges of one entry of the AI world, by field."""
    return {field: same(section, identity, field) for field in fields}


def also(section: str, identity: str, *fields: str) -> dict[str, object]:
    """Return those of several ranges that the AI world states; where it is silent, so is telecom."""
    return alike(section, identity, *(field for field in fields if field in records()[section, identity]))


def process(segment: str, *fields: str) -> dict[str, object]:
    """Return how the growth of a segment of the AI world moves, and other ranges of it."""
    path = records()["segment", segment]["growth_path"]
    return {"growth_path": path, **alike("segment", segment, *PROCESS, *fields)}


def ratio(section: str, identity: str, field: str, over: tuple[str, str, str]) -> Figure:
    """Return a number of the AI world over the likeliest value of another, with the range of the first."""
    below = same(*over)
    found = same(section, identity, field) / below.middle()
    return found.named(f"{identity}.{field} over {over[1]}.{over[2]} in {WORLD}")


def capacity_over_sales(fleet: str) -> Figure:
    """Return what a fleet of the AI world could serve over what its owner sells at the start."""
    owner = records()["fleet", fleet]["owner"]
    sold = [same("segment", one, "revenue") for one in _of("segment", "seller", owner)]
    used = (one for one in _of("contract", "supplier", owner) if "usage" in records()["contract", one])
    sold += [same("contract", one, "usage") for one in used]
    dollar = same("fleet", fleet, "cost").value / (12.0 * sum(one.value for one in sold))
    found = same("fleet", fleet, "capacity_revenue") * dollar
    return found.named(f"{fleet}.capacity_revenue over what {owner} sells for a dollar of it in {WORLD}")


def _of(section: str, link: str, company: str) -> list[str]:
    """Return the entries of a section that name a company."""
    return [one for (kind, one), entry in records().items() if kind == section and entry[link] == company]
