"""The presets: what they may change, and how the same world ends under them."""

from pathlib import Path

import cashcade
import numpy as np
import pytest
from cashcade.plugin import find_plugins
from cashcade.plugin.offers import Catalogue
from cashcade.world import World

from cashcade_ai.plugin import cashcade_scenarios
from cashcade_ai.preset_table import kept, main, page
from cashcade_ai.presets import PRESETS
from cashcade_ai.priors import OPEN

PAGE = Path(__file__).parents[3] / "docs" / "presets.md"

SORTS = {
    "lab growth": {
        "growth",
        "growth_long",
        "growth_half_life",
        "discretionary_growth",
        "discretionary_growth_long",
    },
    "inference margin": {"usage", "variable_cost"},
    "own-price elasticity": {"elasticity"},
    "economic life of a GPU": {"economic_life"},
    "funding": {change.pattern.field for change in OPEN}
    | {"dry_powder_inflow", "tightening", "tightening_spread"},
    "commitments": {"renegotiable"},
    "rates": {"gpu_drift"},
}
"""What a preset may change of the world, by sort of assumption."""

SHOCKS = {
    "lab growth": {"cheaper-tokens", "recession"},
    "funding": {"funding-shut"},
    "rates": {"cost-of-capital"},
}

ISSUE = (
    *("money-trap", "boom", "productive-bubble", "debt-cycle", "efficiency-glut", "scarcity"),
    *("funding-shut", "api-price-rise", "cursor-lost", "capex-cut", "capex-of-2022", "rates-up"),
    *("token-price-collapse", "gpu-glut", "ipo-window-opens", "no-exit", "backstop"),
    *("private-credit-retreat", "recession"),
)

SLACK = 5
"""Standard errors."""


@pytest.fixture(scope="module")
def chances(world: World) -> dict[str, tuple[float, float]]:
    """Chance of a systemic cascade at five years, with its error; 1600 draws of a path each."""
    options = {"months": 60, "paths": 1600, "seed": 5, "replicates": 1, "quantiles": ()}
    found = {}
    for name in ("neutral", "boom", "money-trap"):
        given = [] if name == "neutral" else [name]
        row = (
            cashcade.run(world, scenarios=given, record=["company.cash"], **options).cascade().loc["systemic"]
        )
        found[name] = (float(row["chance"]), float(row["se"]))
    return found


def test_boom_is_safe(chances: dict[str, tuple[float, float]]) -> None:
    chance, error = chances["boom"]
    assert chance + SLACK * error < 0.05


def test_money_trap_is_worse_than_usual_by_far(chances: dict[str, tuple[float, float]]) -> None:
    chance, error = chances["money-trap"]
    usual, apart = chances["neutral"]
    assert chance - SLACK * error > 1.5 * (usual + SLACK * apart)


def test_neutral_prior_pins_neither(chances: dict[str, tuple[float, float]]) -> None:
    chance, error = chances["neutral"]
    assert chance - SLACK * error > 0.02
    assert chance + SLACK * error < 0.5


def test_all_of_the_issue_are_offered() -> None:
    assert set(ISSUE) <= set(Catalogue(find_plugins()).offers)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_presets_change_priors_of_seven_sorts_only(preset) -> None:
    assert len({prior.sort for prior in preset.priors}) == len(preset.priors)
    for prior in preset.priors:
        assert {change.pattern.field for change in prior.changes} <= SORTS[prior.sort]
        assert {use.shock for use in prior.shocks} <= SHOCKS.get(prior.sort, set())
        assert prior.changes or prior.shocks
        assert len(prior.why) > 20


@pytest.mark.parametrize("scenario", tuple(cashcade_scenarios()), ids=lambda scenario: scenario.name)
def test_it_runs_on_the_world(world: World, scenario) -> None:
    result = cashcade.run(world, months=18, paths=64, seed=3, scenarios=[scenario.name])
    assert float(result.dataset.attrs["imbalance"]) < 1e-9
    assert len(scenario.doc) > 50
    assert len(scenario.source) > 10


def test_ranges_of_one_sort_are_one_assumption(world: World) -> None:
    options = {"months": 1, "paths": 64, "seed": 3, "replicates": 1}
    found = cashcade.run(world, scenarios=["money-trap"], **options).parameters()
    wanted = {"lab-growth", "lab-growth-long", "inference-margin", "elasticity", "gpu-life", "renegotiable"}
    assert {f"shared.{name}" for name in wanted} <= set(found.columns)
    assert found["shared.gpu-life"].between(30, 36).all()
    assert found["number.money-trap/funding-shut.start"].between(6, 12).all()


def test_a_lever_of_each_preset_reaches_the_run(world: World) -> None:
    """Revenue of OpenAI after a year: booms, stands, or collapses with the price of tokens."""
    options = {"months": 12, "paths": 256, "seed": 3, "quantiles": (), "record": ["segment.revenue"]}
    grown = {}
    for name in ("money-trap", "boom", "efficiency-glut"):
        revenue = cashcade.run(world, scenarios=[name], **options).dataset["segment_revenue_mean"]
        grown[name] = float(revenue.sel(segment="chatgpt", month=12)) / 7.35e8
    assert 0.8 < grown["money-trap"] < 1.3, "1x"
    assert 4 < grown["boom"] < 10, "5 to 10x"
    assert 0.2 < grown["efficiency-glut"] < 0.5, "3x tokens at a tenth of the price"


@pytest.mark.skipif(not PAGE.exists(), reason="the docs are not part of an installed plugin")
def test_page_is_up_to_date(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    target = tmp_path / "page.md"
    target.write_text(text, encoding="utf-8")
    main([str(target), "--keep"])
    assert target.read_text(encoding="utf-8") == text, "run: make fmt"
    assert page(kept(text)) == text


@pytest.mark.skipif(not PAGE.exists(), reason="the docs are not part of an installed plugin")
def test_results_on_the_page_are_those_of_the_world(chances: dict[str, tuple[float, float]]) -> None:
    """Within five standard errors of a small run: a world that changed needs `make presets`."""
    rows = [line.split("|") for line in kept(PAGE.read_text(encoding="utf-8")).splitlines() if "±" in line]
    told = {row[1].strip(" *"): row[2].split("±") for row in rows}
    assert set(told) == {"neutral", *(preset.name for preset in PRESETS)}
    for name, (chance, error) in chances.items():
        value, spread = (float(each) / 100 for each in told[name])
        assert abs(value - chance) < SLACK * np.hypot(error, spread), name
