"""What adds up to a whole in worlds: rules that raise it beyond that get as much of the whole as all else."""

import cashcade as cc
import numpy as np
import pytest
from cashcade.rules import Buyer, Door, ExitScenario, Rule, company, month, number, order, set_to, stake
from cashcade.world import World


@pytest.mark.parametrize(
    ("shares", "wanted"), [((0.8, 0.8), (0.5, 0.5)), ((0.9, 0.3), (0.75, 0.25)), ((0.2, 0.3), (0.2, 0.3))]
)
def test_orders_of_a_fleet(shares, wanted):
    builder = World.builder("orders", "2025-08-31")
    builder.company(id="owner", cash=1e10)
    for name in ("one", "other"):
        builder.company(id=name, cash=1e8)
    both = [{"vendor": name, "share": 0.4} for name in ("one", "other")]
    builder.fleet(owner="owner", cost=1e9, capex=5e7, orders=both)
    moved = [set_to(order(f"owner/{place}").share, share) for place, share in enumerate(shares, 1)]
    record = ["company.equipment_revenue", "company.capex"]
    result = cc.run(builder.build(), rules=[Rule("x", month >= 3, moved)], months=6, paths=1, record=record)
    for name, share in zip(("one", "other"), wanted, strict=True):
        sold = result.series("company.equipment_revenue", company=name)["mean"].to_numpy()
        np.testing.assert_allclose(sold, [2e7] * 2 + [share * 5e7] * 4, rtol=1e-12)
    assert result.dataset.attrs["imbalance"] <= 1e-12


@pytest.mark.parametrize(
    ("fractions", "wanted"), [((0.8, 0.8), (0.5, 0.5)), ((0.1, 0.3), (0.1, 0.3)), ((1.0, 0.25), (0.8, 0.2))]
)
def test_stakes_in_a_company(fractions, wanted):
    builder = World.builder("stakes", "2025-08-31")
    builder.company(id="issuer", cash=1e8)
    for name in ("one", "other"):
        builder.company(id=name, cash=1e8)
        builder.stake(holder=name, issuer="issuer", fraction=0.2)
    moved = [
        set_to(stake(name, "issuer").fraction, x) for name, x in zip(("one", "other"), fractions, strict=True)
    ]
    price = number(1e9, "USD")
    sale = Door(
        "sale",
        of=company("issuer"),
        effect="acquire",
        opens=month == 2,
        hazard=1.0,
        price=price,
        buyers=Buyer("capital", price),
    )
    exits = ExitScenario("sold", "The issuer is sold", doors=sale)
    result = cc.run(
        builder.build(),
        scenarios=[exits],
        rules=[Rule("x", True, moved)],
        months=3,
        paths=1,
        record=["company.deal_flow"],
    )
    for name, share in zip(("one", "other"), wanted, strict=True):
        got = result.series("company.deal_flow", company=name)["mean"].to_numpy()
        np.testing.assert_allclose(got, [0, share * 1e9, 0], rtol=1e-12)
