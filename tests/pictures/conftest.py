"""Results that pictures are drawn of, each run once."""

from pathlib import Path

import cashcade as cc
import pytest
from cashcade.case.case import RECORD

TINY = Path(__file__).parents[1] / "results" / "tiny.toml"


@pytest.fixture(scope="session")
def tiny():
    """A lab, its cloud, its bank and an app, over two years."""
    return cc.run(TINY, months=24, paths=200, seed=1, record=[*RECORD, "market.ai_capex"])


@pytest.fixture(scope="session")
def shipped():
    """The world that comes with the plugin."""
    record = [*RECORD, "market.ai_capex"]
    return cc.run("ai-2025-08", months=24, paths=200, seed=1, record=record)


@pytest.fixture(scope="session")
def comparison():
    """Two sides of the tiny world."""
    sides = ["baseline", {"company.lab.cash": 2e9}]
    return cc.compare(TINY, sides, months=24, paths=200, seed=1, record=["company.cash"])
