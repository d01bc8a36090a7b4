"""The world of the experiments, and other worlds made from it."""

from collections.abc import Callable
from functools import cache
from typing import Any

from cashcade import load_world
from cashcade.world import World

NAME = "ai-2025-08"


@cache
def neutral() -> World:
    """Give the world as it is."""
    return load_world(NAME)


def tagged(*tags: str) -> list[str]:
    """Give the ids of the companies with one of the tags."""
    return [company.id for company in neutral().companies if set(tags) & set(company.tags)]


def changed(change: Callable[[dict[str, Any]], None]) -> World:
    """Give the world with its records changed."""
    raw = neutral().to_raw()
    change(raw)
    return World.model_validate(raw)


def committed(times: float, *, months: int = 60) -> World:
    """Give a world in which Cursor owes Anthropic a multiple of its own revenue of the start every month."""

    def change(raw: dict[str, Any]) -> None:
        revenue = next(each for each in raw["segment"] if each["seller"] == "cursor")["revenue"]
        amount = times * float(revenue["value"] if isinstance(revenue, dict) else revenue)
        for contract in raw["contract"]:
            if contract["id"] == "cursor-anthropic" and amount:
                contract["commitments"] = [{"amount": amount, "first_month": 1, "last_month": months}]

    return changed(change)
