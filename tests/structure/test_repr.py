"""What is shown of objects that hold much: a few lines, whatever their size."""

import io

import cashcade as cc
import numpy as np
import pytest
from cashcade import clearing, contagion
from cashcade.compile import compile_world
from cashcade.plugin import find_plugins
from cashcade.plugin.offers import Catalogue
from cashcade.world import World
from rich.console import Console
from rich.pretty import Pretty

LONGEST = 2_000
"""Characters of the longest representation of what is no record of single figures."""

NODES = 300
NAMES = [f"company number {number}" for number in range(NODES)]


def large() -> World:
    builder = World.builder("large", "2025-08-31", title="Many", description="long " * 2000)
    for number in range(NODES):
        builder.company(
            f"c{number}", cash={"value": 1e9, "low": 9e8, "high": 2e9}, tags=["x"] * 40, note="n" * 9999
        )
        builder.segment(f"c{number}", revenue=1e6)
    builder.loan(
        "c0",
        balance=6e7,
        maturity=600,
        amortisation="schedule",
        repayments=[{"month": month, "amount": 1e5} for month in range(1, 601)],
    )
    return builder.build()


def test_a_world_shows_its_name_date_and_counts() -> None:
    world = large()
    said = "name='large', date='2025-08-31', companies=300, segments=300, loans=1, ranges=300"
    assert repr(world) == f"World({said})"
    assert str(world) == said.replace(", ", " ")
    shown = io.StringIO()
    Console(file=shown, width=80).print(Pretty(world), world)
    assert len(shown.getvalue()) < LONGEST


def test_records_show_the_beginning_of_what_is_long() -> None:
    world = large()
    for record in (world.about, world.companies[0], world.loans[0]):
        assert len(repr(record)) < LONGEST
    assert "... 600 in all" in repr(world.loans[0])
    assert "... (10000 characters)" in repr(world.about)


def results() -> dict[str, object]:
    owed = np.random.default_rng(1).random((NODES, NODES))
    np.fill_diagonal(owed, 0)
    world = large()
    ones = np.ones(NODES)
    return {
        "inputs": compile_world(world, draws=64),
        "run": cc.run(world, months=1, paths=1),
        "clearing": clearing.eisenberg_noe(owed, ones, names=NAMES),
        "debtrank": contagion.debtrank(owed, ones, names=NAMES),
        "cascade": contagion.threshold_cascade(owed, ones, ones, names=NAMES),
        "bound": contagion.glasserman_young(owed, owed.sum(axis=1), names=NAMES),
        "valuation": contagion.network_valuation(
            owed, ones, 0.0, names=NAMES, valuation=contagion.AtMaturity()
        ),
    }


@pytest.mark.parametrize("name", ["inputs", "run", "clearing", "debtrank", "cascade", "bound", "valuation"])
def test_results_are_shown_in_a_line(name: str) -> None:
    shown = repr(results()[name])
    assert len(shown) < 500
    assert "\n" not in shown


def test_offers_are_shown_in_a_few_lines() -> None:
    offers = Catalogue(find_plugins()).offers
    assert len(offers) > 20
    assert {
        name: len(repr(offer.record)) for name, offer in offers.items() if len(repr(offer)) > LONGEST
    } == {}
    assert max(len(repr(archetype)) for archetype in cc.archetypes().values()) < LONGEST
