"""The plugin: what cashcade asks this distribution for."""

from collections.abc import Iterator
from importlib.resources import files

from cashcade.archetype import Archetype
from cashcade.hookspecs import WorldFile, hookimpl
from cashcade.rules import ExitScenario, PricingShock, Scenario, Shock

from cashcade_ai.archetypes import ARCHETYPES
from cashcade_ai.events import EVENTS
from cashcade_ai.exits import EXIT_SCENARIOS
from cashcade_ai.presets import PRESETS
from cashcade_ai.shocks import PRICING_SHOCKS
from cashcade_ai.single_events import SINGLE_EVENTS


@hookimpl
def cashcade_archetypes() -> Iterator[Archetype]:
    """Yield the archetypes of this distribution."""
    yield from ARCHETYPES


@hookimpl
def cashcade_pricing_shocks() -> Iterator[PricingShock]:
    """Yield the pricing shocks of this distribution."""
    yield from PRICING_SHOCKS


@hookimpl
def cashcade_shocks() -> Iterator[Shock]:
    """Yield the other shocks of this distribution."""
    yield from EVENTS


@hookimpl
def cashcade_scenarios() -> Iterator[Scenario]:
    """Yield the presets and scenarios of this distribution."""
    yield from (preset.scenario() for preset in PRESETS)
    yield from SINGLE_EVENTS


@hookimpl
def cashcade_exit_scenarios() -> Iterator[ExitScenario]:
    """Yield the exit scenarios of this distribution."""
    yield from EXIT_SCENARIOS


@hookimpl
def cashcade_worlds() -> Iterator[WorldFile]:
    """Yield the worlds of this distribution."""
    worlds = files("cashcade_ai") / "worlds"
    lock = (worlds / "ai-2025-08.lock").read_text(encoding="utf-8").strip()
    title, file = "The AI economy, end of August 2025", worlds / "ai-2025-08.toml"
    yield WorldFile("ai-2025-08", title, file, lock, swap=("money-trap", "boom"))
