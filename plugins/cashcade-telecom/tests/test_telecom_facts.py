"""The table of facts: every fact with its numbers, and measures with a known answer."""

import math
from pathlib import Path

import cashcade
import numpy as np
import pytest
from cashcade.load import load_world
from cashcade.world import World

from cashcade_telecom.facts import measures
from cashcade_telecom.facts.__main__ import main, plain
from cashcade_telecom.facts.measures import MEASURES, Run
from cashcade_telecom.facts.observed import FACTS, Fact
from cashcade_telecom.facts.page import VARIANTS, page, rows, written
from cashcade_telecom.facts.table import RECORD, Table, compare
from cashcade_telecom.facts.variants import variants
from cashcade_telecom.scenarios import DOTCOM_BUST, TELECOM_BUST

PAGE = Path(__file__).parents[3] / "docs" / "telecom.md"

SMALL = """
[world]
name = "small"
date = 2000-09-30

[market]
regime = "normal"
normal_to_open = 0.0
normal_to_shut = 0.0

[[company]]
id = "lucent"
tags = ["vendor"]
cash = 1e12

[[company]]
id = "net"
tags = ["carrier"]
cash = 0
fixed_cost = 10
default_cost = 0.0

[[company]]
id = "carrier-01"
tags = ["carrier"]
cash = 1e6

[[fleet]]
owner = "net"
capex = 100
committed = 1.0
economic_life = 600
lag = 1
orders = [{ vendor = "lucent", share = 0.5 }]

[[segment]]
seller = "net"
revenue = 70

[[segment]]
seller = "lucent"
revenue = 100

[[loan]]
id = "net-vendor-loan"
borrower = "net"
lender = "lucent"
balance = 100
undrawn = 200
draw_share = 0.4
maturity = 100

[[loan]]
id = "net-bonds"
borrower = "net"
lender = "capital"
balance = 300
maturity = 100
"""
"""A carrier spends 110 a month: 70 comes from sales, 40 from the line until it is drawn in five months."""


@pytest.fixture(scope="module")
def hand() -> Run:
    world = World.from_text(SMALL)
    result = cashcade.run(world, months=40, paths=4, record=RECORD, keep_paths=True, quantiles=())
    return Run(world, result.dataset)


def test_the_small_carrier_fails_when_its_line_is_drawn(hand: Run) -> None:
    place = [one.id for one in hand.world.companies].index("net")
    assert hand.failed[:, place].tolist() == [6] * 4
    assert measures.failed_carriers(hand).tolist() == [1.0] * 4
    assert measures.survivors_that_fail(hand).tolist() == [0.0] * 4
    assert measures.peak_year(hand).tolist() == [2001.0] * 4


def test_measures_of_loans_by_hand(hand: Run) -> None:
    """It owes 300 to the vendor and 300 to bond holders, who share what its network fetches."""
    back = measures.bond_recovery(hand)
    assert 0 < back[0] < 1
    assert measures.vendor_loans_lost(hand) == pytest.approx(1 - back)
    assert measures.drawn_change(hand) == pytest.approx([2.0] * 4)
    assert measures.promised_change(hand) == pytest.approx([0.0] * 4)
    assert measures.default_rate(hand).tolist() == [1.0] * 4
    market = (300.0 + measures.OTHER_DEFAULTS) / measures.HIGH_YIELD
    assert measures.market_default_rate(hand) == pytest.approx([market] * 4)


def test_revenue_of_the_vendor_by_hand(hand: Run) -> None:
    assert measures.revenue_change(hand) == pytest.approx([100 / 150 - 1] * 4)


def test_a_cohort_by_hand() -> None:
    text = "".join(
        f'[[company]]\nid = "c{place}"\ncash = {cash}\nfixed_cost = 1\n'
        for place, cash in enumerate((6.5, 1e3, 12.5, 1e3))
    )
    world = World.from_text(f'[world]\nname = "cohort"\ndate = 1999-12-31\n{text}')
    result = cashcade.run(
        world, months=24, paths=2, record=["company.revenue"], keep_paths=True, quantiles=()
    )
    run = Run(world, result.dataset)
    assert measures.survival(run).tolist() == [0.5, 0.5]
    assert measures.failure_rate(run) == pytest.approx([2 / ((7 + 24 + 13 + 24) / 12)] * 2)
    assert measures.listing_rate(run).tolist() == [0.0, 0.0]


def test_every_fact_has_a_measure_and_a_range() -> None:
    assert {fact.name for fact in FACTS} == set(MEASURES)
    for fact in FACTS:
        assert fact.low < fact.high
        assert fact.observed
        assert fact.source


def test_every_fact_has_numbers(small: Table) -> None:
    for found_all in (small.bust, small.calm):
        assert [found.fact for found in found_all] == list(FACTS)
        for found in found_all:
            assert all(math.isfinite(one) for one in (found.median, found.low, found.high, found.error))
            assert found.low <= found.high
            assert found.hit == (found.fact.low <= found.median <= found.fact.high)


def test_a_verdict_is_that_of_the_median(hand: Run) -> None:
    middle = float(measures.revenue_change(hand)[0])
    for low, high, hit in ((middle - 0.1, middle + 0.1, True), (0.0, 1.0, False)):
        (found,) = compare(hand, [Fact("revenue_change", "small", "", low, high, "", "")])
        assert found.hit == hit
        assert found.error == pytest.approx(0.0, abs=1e-12)


def test_the_page_tells_every_fact_with_its_verdict(small: Table) -> None:
    text = page(small)
    for found, row in zip(small.bust, rows(small), strict=True):
        fact = found.fact
        assert row in text
        assert row.startswith(f"| {fact.title} | {fact.observed} |")
        assert written(fact, found.median) in row
        assert ("**MISS**" in row) != found.hit
        assert found.hit or f"- **{fact.title}.** {fact.needed}" in text


def test_variants_are_named_where_they_are_needed(small: Table, world: World, cohort: World) -> None:
    names = [scenario.name for one in (world, cohort) for scenario in variants(one)]
    assert [scenario.name for scenario, _ in small.variants] == names
    told = page(small).split(VARIANTS)[0] + " ".join(fact.needed for fact in FACTS)
    assert [name for name in names if f"`{name}`" not in told] == []


@pytest.mark.skipif(not PAGE.exists(), reason="the docs are not part of an installed plugin")
def test_the_page_of_the_docs_has_every_fact() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for fact in FACTS:
        assert f"| {fact.title} | {fact.observed} |" in text, "run `make facts`"
    told = [fact for fact in FACTS if f"- **{fact.title}.**" in text]
    assert all(fact.needed for fact in told), "a miss says what would be needed"
    assert text.count("**MISS**") == len(told)


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str], small: Table) -> None:
    assert plain(small).count("observed") == len(FACTS)
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "facts" in capsys.readouterr().out


def test_the_bust_is_nothing_but_a_shut_window(world: World) -> None:
    """The scenario moves the regime once; it changes no parameter and no demand."""
    for scenario in (TELECOM_BUST, DOTCOM_BUST):
        assert scenario.changes == ()
        assert scenario.rules == ()
        assert [use.shock.name for use in scenario.shocks] == ["funding-shut"]
    regimes = cashcade.run(
        world,
        scenarios=[TELECOM_BUST],
        months=5,
        paths=64,
        record=["market.regime"],
        keep_paths=True,
    ).dataset["market_regime"]
    assert (regimes.sel(month=4) == 2).all()
    assert not (regimes.sel(month=3) == 2).all()


def test_nothing_is_decided(world: World) -> None:
    """Most carriers may live or die, with the bust and without, and more die with it."""
    failed = {
        len(given): cashcade.run(world, scenarios=given, months=39, paths=256, seed=2).dataset["failed_month"]
        for given in ((), (TELECOM_BUST,))
    }
    carriers = [one.id for one in world.companies if "carrier" in one.tags]
    calm, bust = (np.mean(failed[key].sel(company=carriers).to_numpy() > 0, axis=0) for key in (0, 1))
    assert np.mean((bust > 0.05) & (bust < 0.95)) > 0.7
    assert bust.mean() > calm.mean() + 0.05
    for giant in ("bells", "long-distance", "cisco"):
        assert np.mean(failed[1].sel(company=giant).to_numpy() > 0) < 0.02


def test_worlds_balance() -> None:
    for name in ("telecom-2000", "dotcom-cohort"):
        result = cashcade.run(load_world(name), months=24, paths=64, seed=3)
        assert float(result.dataset.attrs["imbalance"]) < 1e-9
