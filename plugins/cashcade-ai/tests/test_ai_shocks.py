"""The pricing shocks: direction, size and timing are as documented, and size zero changes nothing."""

from pathlib import Path

import ai_small as small
import cashcade
import numpy as np
import pytest
from cashcade.rules import PricingShock
from cashcade.testing.values import moved_at_neutral
from cashcade.world import World

from cashcade_ai.events import EVENTS
from cashcade_ai.scenarios import main, page
from cashcade_ai.shocks import PRICING_SHOCKS

BY_NAME = {shock.name: shock for shock in PRICING_SHOCKS}
ISSUE = "api-price-rise usage-billing token-price-collapse cost-of-capital gpu-slump gpu-spike"
NEUTRAL = {
    "api-price-rise": {"rise": 0, "priority": 0, "commitment": 0},
    "cost-of-capital": {"rate": 0, "spread": 0},
    "gpu-slump": {"fall": 0},
    "gpu-spike": {"rise": 0},
    "token-price-collapse": {"fall": 0},
    "usage-billing": {"switch": 0, "step": 0, "attention": 0},
}
"""Values at which each is nothing."""

START = 6
BEFORE, FROM = slice(0, START - 1), slice(START - 1, None)
"""Months before the shock, and from it on."""

VARIED = (
    *[("company.price", name) for name in ("lab", "rival", "app", "cloud")],
    *[("company.bills", "app"), ("company.interest", "cloud"), ("company.interest", "lab")],
    *[("company.fleet_value", "cloud"), ("market.gpu_index", ""), ("segment.volume", "code")],
)


def test_all_shocks_say_what_is_neutral_and_are_nothing_there() -> None:
    assert len(EVENTS) == 6
    for shock in (*PRICING_SHOCKS, *EVENTS):
        said = {one.name: one.neutral for one in shock.parameters if one.neutral is not None}
        assert said == NEUTRAL.get(shock.name, said) != {}
        assert moved_at_neutral(shock, shock.name) is None


@pytest.fixture(scope="module")
def calm() -> cashcade.Result:
    return small.run(small.small())


def shocked(name: str, **arguments: object) -> cashcade.Result:
    return small.run(small.small(), BY_NAME[name](start=START, **arguments))


def ratio(one: cashcade.Result, other: cashcade.Result, variable: str, of: str = "") -> np.ndarray:
    return small.series(one, variable, of) / small.series(other, variable, of)


def test_all_of_the_issue_are_there() -> None:
    assert set(BY_NAME) == set(ISSUE.split()) == set(NEUTRAL)
    assert all(isinstance(shock, PricingShock) for shock in PRICING_SHOCKS)


@pytest.mark.parametrize("name", BY_NAME)
def test_it_says_what_it_stands_for(name: str) -> None:
    shock = BY_NAME[name]
    assert "https://" in shock.source
    for parameter in shock.parameters:
        assert parameter.meaning.endswith(".")
        if parameter.unit != "text":
            assert parameter.low is not None
            assert parameter.high is not None
            told = f"`{parameter.name}`" in shock.doc or parameter.name in {"start", "tag"}
            assert told, f"{parameter.name} is not in the text"


@pytest.mark.parametrize("name", BY_NAME)
def test_nothing_happens_before_its_month(name: str, calm: cashcade.Result) -> None:
    found = shocked(name)
    for variable, of in VARIED:
        before = small.series(found, variable, of)[BEFORE]
        assert np.array_equal(before, small.series(calm, variable, of)[BEFORE]), (variable, of)


@pytest.mark.parametrize("name", BY_NAME)
def test_size_zero_is_no_change(name: str) -> None:
    world = cashcade.load_world("ai-2025-08")
    record = ["company.cash", "company.price", "loan.balance", "market.gpu_index"]
    options = {"months": 12, "paths": 64, "seed": 3, "record": record, "keep_paths": True}
    plain = cashcade.run(world, **options).dataset
    moved = cashcade.run(world, **options, scenarios=[BY_NAME[name](**NEUTRAL[name])]).dataset
    for variable in plain.data_vars:
        assert variable in moved
        if plain[variable].dtype.kind in "fiu":
            assert np.array_equal(plain[variable], moved[variable], equal_nan=True), variable


@pytest.mark.parametrize("name", BY_NAME)
def test_it_runs_on_the_real_world(name: str) -> None:
    result = cashcade.run("ai-2025-08", months=12, paths=64, seed=3, scenarios=[name])
    assert float(result.dataset.attrs["imbalance"]) < 1e-9


def test_a_price_rise_with_tiers(calm: cashcade.Result) -> None:
    found = shocked("api-price-rise", rise=0.5, priority=0.2, premium=0.8, commitment=0.0)
    expected = 1.5 * (1 + 0.2 * 0.8)
    for of in ("lab", "rival"):
        assert ratio(found, calm, "company.price", of)[FROM] == pytest.approx(expected)
    use = ratio(found, calm, "segment.volume", "code")
    assert ratio(found, calm, "company.bills", "app")[FROM] / np.maximum(use[FROM], 0.8) == pytest.approx(
        expected
    )
    assert np.all(ratio(found, calm, "segment.volume", "code")[START:] < 1)


def test_a_price_rise_of_one_lab_spares_the_other(calm: cashcade.Result) -> None:
    found = shocked("api-price-rise", seller="rival")
    assert np.all(ratio(found, calm, "company.price", "lab") == 1)
    assert np.all(ratio(found, calm, "company.bills", "app") == 1)
    assert np.all(ratio(found, calm, "company.price", "rival")[FROM] > 1.5)


def test_larger_commitments_bind() -> None:
    """Use of 50 a month, 40 committed, half as much again: 60 are owed."""
    plain = small.run(small.small(), BY_NAME["api-price-rise"](rise=0, priority=0, commitment=0))
    found = shocked("api-price-rise", rise=0, priority=0, commitment=0.5)
    assert ratio(found, plain, "company.bills", "app")[FROM] == pytest.approx(60 / 50)


def test_billing_by_use_passes_cost_on_at_once(calm: cashcade.Result) -> None:
    """Input share of a half, the price of the lab up by half: cost, and so price, up by a quarter."""
    rise = BY_NAME["api-price-rise"](start=12, rise=0.5, priority=0, commitment=0)
    switch = BY_NAME["usage-billing"](start=START, step=0.2, attention=0)
    found = small.run(small.small(), rise, switch)
    assert ratio(found, calm, "company.price", "app")[START - 1 : 11] == pytest.approx(1.2)
    assert small.series(found, "company.passed", "app")[11:] == pytest.approx(1.25)
    effective, price = (
        small.series(found, f"company.{name}", "app") for name in ("effective_price", "price")
    )
    assert np.allclose(effective[FROM], price[FROM])
    flat = small.run(small.small(), rise)
    assert small.series(flat, "company.passed", "app")[11] == pytest.approx(1 + 0.125 / 4)
    assert (
        small.series(flat, "company.effective_price", "app")[12]
        > small.series(flat, "company.price", "app")[12]
    )


def test_a_meter_makes_users_careful(calm: cashcade.Result) -> None:
    found, more = (shocked("usage-billing", step=0.2, attention=attention) for attention in (0.0, 1.0))
    assert small.series(found, "segment.volume", "code")[-1] == pytest.approx(1 / 1.2, rel=1e-3)
    assert small.series(more, "segment.volume", "code")[-1] == pytest.approx(1 / 1.44, rel=1e-3)
    assert small.series(calm, "segment.volume", "code")[-1] == 1


def test_tokens_collapse_at_a_steady_rate(calm: cashcade.Result) -> None:
    found = shocked("token-price-collapse", fall=0.8, months=12)
    level = ratio(found, calm, "company.price", "lab")
    assert level[START - 1] == pytest.approx(0.2 ** (1 / 12))
    assert level[START + 10 :] == pytest.approx(0.2)
    assert np.all(np.diff(level[START - 2 : START + 11]) < 0)
    assert np.all(ratio(found, calm, "company.bills", "app")[FROM] < 1)


def test_capital_costs_more_for_a_time(calm: cashcade.Result) -> None:
    """A floating loan at 3 + 4 + 1 per cent pays 12 instead of 8, a bond at a fixed rate what it paid."""
    found = shocked("cost-of-capital", rate=0.02, spread=0.02, months=10)
    interest = ratio(found, calm, "company.interest", "cloud")
    assert interest[START - 1 : START + 9] == pytest.approx(12 / 8)
    assert np.all(interest[START + 9 :] == 1)
    assert np.all(ratio(found, calm, "company.interest", "lab") == 1)


@pytest.mark.parametrize(
    ("name", "size", "jump"), [("gpu-slump", {"fall": 0.44}, 0.56), ("gpu-spike", {"rise": 0.5}, 1.5)]
)
def test_gpu_rents_jump_and_come_back(
    name: str, size: dict[str, float], jump: float, calm: cashcade.Result
) -> None:
    found = shocked(name, passed=0.5, **size)
    index = small.series(found, "market.gpu_index")
    assert index[START - 1] == pytest.approx(jump)
    gap = np.log(index[FROM]) / np.log(jump)
    assert gap == pytest.approx(0.9 ** np.arange(gap.size), rel=1e-6)
    assert ratio(found, calm, "company.fleet_value", "cloud")[FROM] == pytest.approx(index[FROM])
    assert ratio(found, calm, "company.price", "cloud")[FROM] == pytest.approx(index[FROM] ** 0.5)
    assert np.all(ratio(found, calm, "company.price", "lab") == 1)


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    main([str(target)])
    assert target.read_text(encoding="utf-8") == page()


def test_dear_money_is_harder_to_refinance() -> None:
    """Sure before; with two points more of spread, at a tenth in logs a point, exp(-0.2) are extended."""
    world = small.small(maturity="8", spread_normal="0.01\nrefinance_spread = 10.0\nworkout_normal = 0.0")
    raw = world.to_raw()
    for loan in raw["loan"]:
        loan["refinance_chance"] = 1.0
    raw["company"] = [{**one, "cash": 1e6} if one["id"] == "cloud" else one for one in raw["company"]]
    world = World.model_validate(raw)

    def alive(*given: object) -> float:
        found = cashcade.run(world, months=9, paths=4000, seed=1, scenarios=given).dataset["failed_month"]
        return float((found.sel(company="cloud") == 0).mean())

    assert alive() == 1.0
    assert alive(BY_NAME["cost-of-capital"](rate=0.02, spread=0.0)) == 1.0
    wanted = np.exp(-0.2)
    assert abs(alive(BY_NAME["cost-of-capital"](rate=0.0)) - wanted) < 5 * np.sqrt(
        wanted * (1 - wanted) / 4000
    )
