"""The plugin: what cashcade asks this distribution for."""

from collections.abc import Iterator
from importlib.resources import files

from cashcade.archetype import Archetype
from cashcade.hookspecs import WorldFile, hookimpl
from cashcade.rules import Scenario

from cashcade_telecom.archetypes import ARCHETYPES
from cashcade_telecom.scenarios import DOTCOM_BUST, TELECOM_BUST


@hookimpl
def cashcade_archetypes() -> Iterator[Archetype]:
    """Yield the archetypes of this distribution."""
    yield from ARCHETYPES


@hookimpl
def cashcade_scenarios() -> Iterator[Scenario]:
    """Yield the scenarios of this distribution."""
    yield from (TELECOM_BUST, DOTCOM_BUST)


@hookimpl
def cashcade_worlds() -> Iterator[WorldFile]:
    """Yield the worlds of this distribution."""
    worlds = files("cashcade_telecom") / "worlds"
    yield WorldFile("telecom-2000", "Telecom, end of September 2000", worlds / "telecom-2000.toml")
    yield WorldFile("dotcom-cohort", "Young internet companies, end of 1999", worlds / "dotcom-cohort.toml")
