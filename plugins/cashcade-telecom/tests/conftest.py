"""The worlds of this plugin, read once, and one small run of all facts."""

import pytest
from cashcade.load import load_world
from cashcade.world import World

from cashcade_telecom.facts.table import Table, table


@pytest.fixture(scope="session")
def world() -> World:
    return load_world("telecom-2000")


@pytest.fixture(scope="session")
def cohort() -> World:
    return load_world("dotcom-cohort")


@pytest.fixture(scope="session")
def small() -> Table:
    return table(paths=64, seed=1)
