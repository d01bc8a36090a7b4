"""Rounds that are offered: hazards, sizes, what lowers them, refusals that last, and what a shut window leaves."""

import math

import numpy as np
import pytest

from spec import simulate
from tests.oracle.build import rows, world
from tests.oracle.compiled import run
from tests.theory.statistics import assert_chance, assert_mean, assert_variance

PATHS = 20_000
STILL = {
    "regime": 0.0,
    "open_to_normal": 0.0,
    "open_to_shut": 0.0,
    "shut_to_open": 0.0,
    "shut_to_normal": 0.0,
}
PLAIN = STILL | {
    "odds_growth": 0.0,
    "odds_burn": 0.0,
    "odds_price": 0.0,
    "offers_score": 0.0,
    "value_open": 1.0,
}
HAZARDS = {"offers_6": 0.04, "offers_12": 0.08, "offers_18": 0.12, "offers_36": 0.02}
FAIR = 12 * 5e6 * 10.0


def liked(market: dict, **company: float) -> dict[str, np.ndarray]:
    """A company worth 600m that earns what it spends, and is offered rounds."""
    names = ("cash", "round_offers", "round_share", *company)
    row = dict(zip(names, (1e9, 1.0, 1.0, *company.values()), strict=True))
    return world(
        company=[row],
        segment=rows("seller revenue", (0, 5e6)),
        market=[PLAIN | HAZARDS | {"luck_open": 0.0} | market],
    )


def logistic(x: float) -> float:
    """Chance of log odds."""
    return 1.0 / (1.0 + math.exp(-x))


def test_offers_come_at_the_hazard_of_the_months_since_the_last_round():
    """From 4 months after a round on: two months of 4 %, six of 8 %, six of 12 %, then 2 %."""
    found = run(liked({"share_sold_deviation": 0.0}, round_age=4.0), months=20, paths=PATHS)
    raised = found["company.raised"][:, :, 0] > 0
    hazards = [0.04] * 2 + [0.08] * 6 + [0.12] * 6 + [0.02] * 6
    none_yet = np.ones(PATHS, bool)
    for month, hazard in enumerate(hazards):
        assert_chance(
            int(raised[none_yet, month].sum()),
            int(none_yet.sum()),
            hazard,
            f"a first round in month {month + 1}",
        )
        none_yet &= ~raised[:, month]
    age = found["company.round_age"][:, :, 0]
    assert (age[raised] == 0).all()
    np.testing.assert_array_equal(age[:, 1:][~raised[:, 1:]], (age[:, :-1] + 1.0)[~raised[:, 1:]])
    # Its value stays where it is, below the price with the money in.
    assert raised.sum(axis=1).max() == 1


@pytest.mark.parametrize(("regime", "odds"), [(0.0, 0.0), (1.0, -1.0), (2.0, -3.0)])
def test_offers_are_rare_when_venture_money_is_short(regime, odds):
    """Odds of 0.08 / 0.92, times exp of the log odds of the regime over those of open."""
    market = {"regime": regime, "normal_to_open": 0.0, "normal_to_shut": 0.0, "value_shut": 1.0}
    market |= {"odds_open": 1.5, "odds_normal": 0.5, "odds_shut": -1.5, "luck_normal": 0.0, "luck_shut": 0.0}
    found = run(liked(market, round_age=6.0), months=1, paths=PATHS)
    hits = int((found["company.raised"][:, 0, 0] > 0).sum())
    assert_chance(hits, PATHS, logistic(math.log(0.08 / 0.92) + odds), "an offer")


def test_a_round_sells_a_lognormal_share_of_the_value():
    """ln of s is normal about the median, s = raised / (fair value + raised); the new mark is the sum."""
    market = {"offers_6": 1.0, "share_sold_deviation": 0.5}
    found = run(liked(market, share_sold=0.06, round_age=0.0), months=1, paths=PATHS)
    raised = found["company.raised"][:, 0, 0]
    assert (raised > 0).all()
    logs = np.log(raised / (FAIR + raised))
    uncut = logs[logs < math.log(0.5) - 1e-9]
    assert len(uncut) > 0.999 * PATHS
    assert_mean(uncut, math.log(0.06), "log of the share sold")
    assert_variance(uncut, 0.25, "log of the share sold")
    np.testing.assert_allclose(found["company.last_valuation"][:, 0, 0], FAIR + raised, rtol=1e-12)


def test_a_share_has_its_limits():
    found = run(
        liked({"offers_6": 1.0, "share_sold_deviation": 0.0}, share_sold=0.9, round_age=0.0), months=1
    )
    assert found["company.raised"][0, 0, 0] == pytest.approx(FAIR, rel=1e-12)
    inputs = liked({"offers_6": 1.0, "share_sold_deviation": 0.0}, share_sold=0.9, round_age=0.0)
    inputs["company.round_share"][:] = 0.2
    assert run(inputs, months=1)["company.raised"][0, 0, 0] == pytest.approx(FAIR / 4.0, rel=1e-12)


def test_nobody_takes_a_lower_price_without_need():
    """A last price above the fair value, and one above it by a rounding only."""
    for last, comes in ((FAIR * 1.01, False), (FAIR * (1.0 + 2.0**-50), True), (FAIR * 0.99, True)):
        found = run(liked({"offers_6": 1.0}, last_valuation=last, round_age=0.0), months=1)
        assert (found["company.raised"][0, 0, 0] > 0) == comes
        assert found["company.down_rounds"][0, 0, 0] == 0


def test_who_has_enough_takes_no_offer():
    """Cash of 60m at a burn of a million: 59 months in month 2, while month 1 counts as 120."""
    for runway, taken in ((0.0, 1), (59.5, 2), (58.5, 3), (30.0, 0)):
        market = {"offers_6": 1.0, "offers_runway": runway, "share_sold_deviation": 0.0}
        inputs = burner(market, round_offers=1.0, round_age=0.0, round_runway=0.0, share_sold=0.05)
        raised = run(inputs, months=5)["company.raised"][0, :, 0] > 0
        assert np.flatnonzero(raised).tolist() == ([taken - 1] if taken else [])


def test_the_listed_are_offered_no_rounds():
    assert run(liked({"offers_6": 1.0}, public=1.0), months=12)["company.raised"].sum() == 0


def test_what_is_not_there_cannot_be_raised():
    """Two are offered rounds in month 1, of 200m each; investors have 100m."""
    one = {"cash": 1e9, "round_offers": 1.0, "round_share": 0.25, "share_sold": 0.25, "round_age": 0.0}
    market = PLAIN | HAZARDS | {"offers_6": 1.0, "share_sold_deviation": 0.0, "dry_powder": 1e8}
    found = run(
        world(company=[one, one], segment=rows("seller revenue", (0, 5e6), (1, 5e6)), market=[market]),
        months=3,
    )
    np.testing.assert_allclose(found["company.raised"][0, 0], [5e7, 5e7], rtol=1e-12)
    assert found["company.raised"][0, 1:].sum() == 0
    np.testing.assert_array_equal(found["company.round_age"][0, :, 0], [0.0, 1.0, 2.0])


def burner(market: dict, **company: float) -> dict[str, np.ndarray]:
    """A company that burns a million a month and must raise from month 2 on."""
    row = {
        "cash": 60e6,
        "fixed_cost": 1e6,
        "variable_cost": 1.0,
        "round_runway": 120.0,
        "round_share": 1.0,
        **company,
    }
    market = PLAIN | {"luck_open": 0.0, "odds_open": 0.0} | market
    return world(company=[row], segment=rows("seller revenue", (0, 5e6)), market=[market])


def test_a_refused_company_waits():
    """Tries in month 2, and every fifth month after; each succeeds with chance one half, and the first that does is enough."""
    inputs = burner({"retry_months": 5.0}, round_months=120.0)
    found = run(inputs, months=13, paths=PATHS)
    raised = found["company.raised"][:, :, 0] > 0
    first = np.where(raised.any(axis=1), raised.argmax(axis=1) + 1, 0)
    assert set(first) == {0, 2, 7, 12}
    assert_chance(int((first == 2).sum()), PATHS, 0.5, "a round in month 2")
    assert_chance(int((first == 12).sum()), PATHS, 0.125, "a round in month 12")
    never = found["company.refusal_wait"][first == 0, :, 0]
    np.testing.assert_array_equal(never, [[0, 5, 4, 3, 2, 1, 5, 4, 3, 2, 1, 5, 4]] * len(never))
    free = run(burner({}, round_months=120.0), months=3, paths=PATHS)["company.raised"][:, :, 0] > 0
    assert_chance(int((free[:, 2] & ~free[:, 1]).sum()), PATHS, 0.25, "a round in month 3, without waiting")


def test_a_needed_round_is_cheap_and_may_be_a_down_round():
    """A fifth off a fair value that is the last price: a down-round, and a mark below the fair value and the money."""
    inputs = burner({"odds_open": 20.0, "needed_discount": 0.2}, round_months=3.0)
    found = run(inputs, months=2)
    assert found["company.raised"][0, 1, 0] == pytest.approx(3e6, rel=1e-9)
    np.testing.assert_allclose(found["company.last_valuation"][0, :, 0], [FAIR, 0.8 * FAIR + 3e6], rtol=1e-9)
    np.testing.assert_array_equal(found["company.down_rounds"][0, :, 0], [0.0, 1.0])
    offered = run(
        burner({"odds_open": 20.0, "needed_discount": 0.2, "share_sold_deviation": 0.0}, round_offers=1.0),
        months=2,
    )
    assert offered["company.raised"][0, 1, 0] == pytest.approx(0.8 * FAIR * 0.075 / 0.925, rel=1e-9)


def test_margins_and_commitments_count_as_said():
    """Sales of 5m, bills of 2m, variable cost of a tenth: 2.5m a month, margin one half; 48m are promised in two years.

    There are 20m of cash after what came in, and 24 times 2.5m to pay them: load 48/80.
    """
    market = PLAIN | {"luck_open": 0.0, "odds_open": 0.0, "odds_margin": 3.0, "odds_commitments": 2.0}
    company = {
        "cash": 20e6,
        "fixed_cost": 3.5e6,
        "variable_cost": 0.1,
        "round_runway": 120.0,
        "round_share": 1.0,
    }
    inputs = world(
        company=[company, {"cash": 1e9}],
        segment=rows("seller revenue", (0, 5e6)),
        contract=rows("customer supplier usage", (0, 1, 2e6)),
        commitment=rows("contract amount first_month last_month", (0, 1e6, 1.0, 60.0), (0, 2e6, 10.0, 21.0)),
        market=[market],
    )
    found = run(inputs, months=2, paths=PATHS)
    # Month 2: 24 months of 1m, all twelve of 2m; a million was burnt in month 1.
    load = 48e6 / (19e6 + 24 * 2.5e6)
    hits = int((found["company.raised"][:, 1, 0] > 0).sum())
    assert_chance(hits, PATHS, logistic(3.0 * 0.5 - 2.0 * load), "a round")


def test_appetite_lasts():
    """An autoregression of variance 1, half of which is left after the half-life; the own luck of each company."""
    inputs = liked({"odds_appetite": 1.0, "appetite_half_life": 5.0, "offers_6": 0.0, "offers_36": 0.0})
    appetite = run(inputs, months=11, paths=PATHS, only=["company.appetite"])["company.appetite"][:, :, 0]
    for month in (0, 10):
        assert_mean(appetite[:, month], 0.0, "appetite")
        assert_variance(appetite[:, month], 1.0, "appetite")
    assert_mean(appetite[:, 10] * appetite[:, 5], 0.5, "appetite in months 6 and 11")


def lab(commitment: float, **market: float) -> dict[str, np.ndarray]:
    """A lab that grows, burns, and has promised a cloud some times its revenue of a year for two years."""
    company = {
        "cash": 300e6,
        "fixed_cost": 8e6,
        "variable_cost": 0.1,
        "round_offers": 1.0,
        "round_runway": 9.0,
        "round_share": 0.4,
        "round_age": 4.0,
        "discretionary_cost": 6e6,
    }
    terms = {
        "odds_margin": 1.0,
        "odds_commitments": 1.0,
        "odds_appetite": 0.7,
        "retry_months": 6.0,
        "needed_discount": 0.2,
    }
    return world(
        company=[company, {"cash": 1e12}],
        segment=rows(
            "seller revenue growth growth_long growth_half_life volatility", (0, 10e6, 1.0, 0.2, 12.0, 0.3)
        ),
        contract=rows("customer supplier usage", (0, 1, 4e6)),
        commitment=rows("contract amount first_month last_month", (0, commitment * 5e6, 6.0, 29.0)),
        market=[STILL | {"value_open": 1.0, "value_shut": 0.5} | terms | market],
    )


def test_a_larger_commitment_raises_less_and_fails_more():
    """T2: on paired luck, money raised in three years falls, and failures rise, with the commitment."""
    raised, failed = [], []
    for commitment in (1.0, 2.0, 5.0):
        found = run(lab(commitment), months=36, paths=4000)
        raised.append(found["company.raised"][:, :, 0].sum(axis=1))
        failed.append(found.failed_month[:, 0] > 0)
    for less, more in ((0, 1), (1, 2)):
        gap = raised[less] - raised[more]
        assert gap.mean() > 5.0 * gap.std() / math.sqrt(len(gap))
        assert failed[more].mean() > failed[less].mean()


def test_a_shut_venture_window_leaves_less_than_a_quarter():
    """T9: regime 2 from the start and for 24 months, against open throughout."""
    open_ = run(lab(1.0), months=24, paths=4000)["company.raised"][:, :, 0].sum(axis=1)
    shut = run(lab(1.0, regime=2.0), months=24, paths=4000)["company.raised"][:, :, 0].sum(axis=1)
    assert shut.mean() < 0.25 * open_.mean()


def test_the_specification_offers_the_same_rounds():
    inputs = lab(
        2.0, dry_powder=3e8, dry_powder_inflow=1e8, open_to_shut=0.1, shut_to_open=0.1, odds_open=0.0
    )
    found = run(inputs, months=36, paths=8)
    for path in range(8):
        outcome = simulate(inputs, months=36, seed=1, path=path)
        for name in ("round_age", "refusal_wait", "down_rounds"):
            np.testing.assert_array_equal(found[f"company.{name}"][path], outcome[f"company.{name}"])
        for name in ("raised", "appetite", "cash"):
            np.testing.assert_allclose(
                found[f"company.{name}"][path], outcome[f"company.{name}"], rtol=1e-9, atol=1e-3, err_msg=name
            )
    assert (found["company.raised"] > 0).sum() > 8
    assert found["company.refusal_wait"].max() == 6.0
