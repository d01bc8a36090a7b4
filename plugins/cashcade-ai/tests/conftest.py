"""The world of this plugin, read once."""

import pytest
from ai_opening import Opening
from cashcade.load import load_world
from cashcade.world import World


@pytest.fixture(scope="session")
def world() -> World:
    return load_world("ai-2025-08")


@pytest.fixture(scope="session")
def opening(world: World) -> Opening:
    return Opening(world)
