"""A small world to write rules about."""

import pytest
from cashcade.compile import compile_world
from cashcade.world import World


def small_world() -> World:
    """Two apps, a lab and a cloud; contracts, a loan, segments and a fleet."""
    builder = World.builder("small", "2025-08-31")
    builder.company(id="one", cash=1e8, tags=["app"], archetype="ai-app", fixed_cost=4e6)
    builder.company(id="two", cash=2e8, tags=["app", "big"], archetype="ai-app", fixed_cost=8e6)
    builder.company(id="lab", cash=3e9, archetype="frontier-lab", discretionary_cost=1e8)
    builder.company(id="cloud", cash=1e9, tags=["big"], archetype="neocloud")
    builder.segment(seller="one", revenue=5e6, elasticity=1.0)
    builder.segment(seller="two", revenue=9e6, elasticity={"low": 0.5, "value": 1.0, "high": 1.5})
    builder.segment(seller="lab", revenue=2e8)
    builder.contract(customer="one", supplier="lab", usage=3e6, commitments=1e6)
    builder.contract(customer="two", supplier="lab", usage=5e6)
    builder.contract(customer="lab", supplier="cloud", usage=9e7)
    builder.loan(borrower="cloud", lender="capital", balance=2e9, rate=0.1, maturity=40)
    builder.fleet(owner="cloud", cost=3e9, capex=5e7)
    return builder.build()


@pytest.fixture(scope="session")
def world() -> World:
    return small_world()


@pytest.fixture(scope="session")
def inputs(world):
    return compile_world(world)
