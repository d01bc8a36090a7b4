"""Reference cases of prices, output, users and shares that the loop can be told to run."""

import cashcade as cc
import numpy as np
import pytest
from cashcade.rules import Buyer, Door, ExitScenario, Rule, add, company, scale, segment, set_to

MILLION = 1e6
USES = np.array([[0.15, 0.25], [0.2, 0.05]])
SECTORS = ("one", "two")


def industry(final: tuple[float, float], *, labour_step: float = 0.0) -> cc.World:
    """Two sectors of Miller and Blair that buy from each other, from themselves through a middleman, and labour.

    A company buys nothing from itself, so what a sector uses of its own goes through a middleman who passes on price
    and use as they are.
    """
    output = np.linalg.solve(np.eye(2) - USES, final)
    builder = cc.World.builder("industry", "2025-08-31")
    for name in SECTORS:
        builder.company(id=name, cash=1e6 * MILLION)
        builder.company(id=f"own-{name}", cash=1e6 * MILLION)
        builder.company(
            id=f"labour-{name}", cash=1e6 * MILLION, price_step=labour_step if name == "one" else 0.0
        )
    for j, customer in enumerate(SECTORS):
        builder.segment(seller=customer, revenue=final[j] * MILLION)
        for i, supplier in enumerate(SECTORS):
            usage = USES[i, j] * output[j] * MILLION
            last = f"own-{customer}" if i == j else supplier
            builder.contract(customer=customer, supplier=last, usage=usage)
            if i == j:
                builder.contract(customer=last, supplier=supplier, usage=usage)
        value_added = 1.0 - USES[:, j].sum()
        builder.contract(
            customer=customer, supplier=f"labour-{customer}", usage=value_added * output[j] * MILLION
        )
    return builder.build()


def test_leontief_quantities():
    """Case Leontief_quantity_MillerBlair: final demand moves to (600, 1500), output follows round by round."""
    before = (300.0, 1000.0)
    demand = Rule(
        "demand",
        True,
        [set_to(segment("one").revenue, 600 * MILLION), set_to(segment("two").revenue, 1500 * MILLION)],
    )
    made = cc.run(
        industry(before), rules=[demand], months=120, paths=1, record=["company.activity"], keep_paths=True
    )
    activity = made.dataset["company_activity"].sel(company=list(SECTORS)).to_numpy()[0]
    output = activity[-1] * np.linalg.solve(np.eye(2) - USES, before)
    np.testing.assert_allclose(output, [1247.5247524752476, 1841.5841584158418], rtol=0, atol=1e-9)


def test_leontief_prices():
    """Case Leontief_price_cost_push: the value added of sector one costs 30 % more, all of it passed on."""
    made = cc.run(
        industry((600.0, 1500.0), labour_step=0.3),
        months=120,
        paths=1,
        record=["company.price"],
        keep_paths=True,
    )
    price = made.dataset["company_price"].sel(company=list(SECTORS)).to_numpy()[0]
    np.testing.assert_allclose(price[-1], [1.2445544554455448, 1.0643564356435644], rtol=0, atol=1e-12)


def test_pass_through_at_constant_elasticity():
    """Case pass_through_constant_elasticity: at elasticity 4 a monopolist passes on 4/3 of a dollar of cost.

    The world says 4/3; that it is right for a monopolist is theory. Cost 6 of a price of 8 rises to 7.2.
    """
    builder = cc.World.builder("monopoly", "2025-08-31")
    builder.company(id="input", cash=MILLION, price_step=0.2)
    builder.company(id="monopolist", cash=MILLION, pass_through=4.0 / 3.0)
    builder.segment(seller="monopolist", revenue=8 * MILLION, elasticity=4.0, adjust_months=1.0)
    builder.contract(customer="monopolist", supplier="input", usage=6 * MILLION)
    record = ["company.price", "segment.volume"]
    made = cc.run(builder.build(), months=6, paths=1, record=record, keep_paths=True).dataset
    price = 8.0 * made["company_price"].sel(company="monopolist").to_numpy()[0, -1]
    assert price == pytest.approx(9.6, abs=1e-12)
    assert (price - 8.0) / (7.2 - 6.0) == pytest.approx(1.3333333333333333, abs=1e-12)
    assert made["segment_volume"].to_numpy()[0, -1].item() == pytest.approx(0.4822530864197532, abs=1e-12)


def test_churn_with_constant_additions():
    """Case churn_subscriber_dynamics: 5 % of the users leave each month and 20 come."""
    builder = cc.World.builder("users", "2025-08-31")
    builder.company(id="app", cash=MILLION)
    builder.segment(seller="app", revenue=1000.0)
    users = segment("app").trend
    churn = Rule("churn", True, [scale(users, 0.95), add(users, 20 / 1000)])
    made = cc.run(
        builder.build(), rules=[churn], months=600, paths=1, record=["segment.volume"], keep_paths=True
    ).dataset
    found = 1000.0 * made["segment_volume"].to_numpy().reshape(-1)
    assert found[23] == pytest.approx(575.1934146032634, abs=1e-9)
    assert found[-1] == pytest.approx(400.0, abs=1e-9)


EXITS = [(5e6, 5e6, 0.0), (20e6, 10e6, 10e6), (50e6, 10e6, 40e6), (60e6, 12e6, 48e6)]


@pytest.mark.parametrize(("price", "preferred", "common"), EXITS)
def test_preferred_shares_take_the_better_of_two(price, preferred, common):
    """Case liquidation_waterfall_non_participating: 10m invested for a fifth, sold for 5 to 60m."""
    builder = cc.World.builder("sale", "2025-08-31")
    builder.company(id="startup", cash=MILLION)
    builder.company(id="fund", cash=MILLION)
    builder.company(id="giant", cash=1000 * MILLION)
    builder.company(id="founders", cash=MILLION)
    builder.stake(holder="fund", issuer="startup", fraction=0.2, preference=10 * MILLION)
    builder.stake(holder="founders", issuer="startup", fraction=0.8)
    door = Door(
        "sale",
        company("startup"),
        "acquire",
        hazard=1.0,
        price=price,
        buyers=(Buyer(company("giant"), price),),
    )
    made = cc.run(
        builder.build(),
        scenarios=[ExitScenario("sale", "Sold at once", doors=(door,))],
        months=1,
        paths=1,
        record=["company.deal_flow"],
        keep_paths=True,
    ).dataset
    flow = made["company_deal_flow"].to_numpy()[0, 0]
    got = dict(zip(made["company"].to_numpy(), flow, strict=True))
    assert got["fund"] == pytest.approx(preferred, abs=1e-6)
    assert got["founders"] == pytest.approx(common, abs=1e-6)
    assert got["giant"] == pytest.approx(-price, abs=1e-6)


def test_the_part_of_a_round_that_the_loop_knows():
    """Case priced_round_dilution, its investor's share: 10m on 40m before the money are a fifth.

    Who holds the rest, an option pool and prices per share are not kept.
    """
    builder = cc.World.builder("round", "2025-08-31")
    builder.company(
        id="startup",
        cash=MILLION,
        fixed_cost=10 * MILLION / 12.0,
        round_runway=120.0,
        round_months=120.0,
        round_share=0.25,
        valuation_multiple=10.0,
    )
    builder.segment(seller="startup", revenue=40 * MILLION / 120.0)
    builder.market(regime="normal", odds_normal=20.0, normal_to_open=0.0, normal_to_shut=0.0)
    made = cc.run(
        builder.build(),
        months=2,
        paths=1,
        record=["company.raised", "company.last_valuation"],
        keep_paths=True,
    ).dataset
    raised = made["company_raised"].to_numpy().reshape(-1)
    value = made["company_last_valuation"].to_numpy().reshape(-1)
    month = int(np.flatnonzero(raised)[0])
    assert raised[month] / value[month] == pytest.approx(0.2, abs=1e-9)
