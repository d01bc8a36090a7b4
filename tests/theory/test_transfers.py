"""Fleets that change hands: what one side loses the other has, by age; debts and plans stay."""

import cashcade as cc
import numpy as np
import pytest
from cashcade.errors import RuleError
from cashcade.rules import Rule, company, fleet, fleets, month, once, pay, transfer
from cashcade.world import World

KIND = {"lag": 2, "economic_life": 8, "book_life": 12}
MONTHS = 14
OF_FLEET = ["capacity", "book_value", "depreciation", "value", "written_off", "capex"]
RECORD = [
    *(f"fleet.{name}" for name in OF_FLEET),
    "company.fleet_value",
    "company.depreciation",
    "company.cash",
]


def world(scale=1.0, *, names=("seller", "buyer"), **terms):
    """A seller with old machines, and a buyer with a few new ones."""
    builder = World.builder("two", "2025-08-31")
    costs = {"seller": {"cost": 6e8, "age_span": 7, "capex": 2e7}, "buyer": {"cost": 1e8, "age_span": 2}}
    for name in names:
        builder.company(id=name, cash=scale * 1e9, default_cost=0.0)
        sizes = {key: value if key == "age_span" else scale * value for key, value in costs[name].items()}
        builder.fleet(id=name, owner=name, **sizes, **{**KIND, **(terms if name == "buyer" else {})})
    return builder.build()


def run(*rules, given=None, **more):
    options = {"months": MONTHS, "paths": 1, "seed": 1, "record": RECORD, **more}
    return cc.run(given or world(), rules=rules, **options)


def row(result, name, who):
    """A variable month by month."""
    kind = name.partition(".")[0]
    return result.series(name, **{kind: who})["mean"].to_numpy()


def both(result, name):
    return row(result, name, "seller") + row(result, name, "buyer")


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_together_they_have_what_they_had(share):
    """Month by month, to the last vintage: cost, books, charges and value, and all cash."""
    plain = run()
    found = run(Rule("x", month == 4, transfer(fleet("seller"), fleet("buyer"), share=share)))
    for name in (*RECORD[:5], *RECORD[6:]):
        np.testing.assert_allclose(both(found, name), both(plain, name), rtol=1e-12, atol=1e-3, err_msg=name)
    assert (row(found, "company.cash", "seller") == row(plain, "company.cash", "seller")).all()
    assert (row(found, "fleet.capex", "seller") == row(plain, "fleet.capex", "seller")).all()
    assert found.dataset.attrs["imbalance"] == 0


def test_the_part_that_passes_is_that_of_every_age():
    """In the month after, and while what passed is in use, the seller has the rest of what it would have."""
    plain = run()
    found = run(Rule("x", month == 4, transfer(fleet("seller"), fleet("buyer"), share=0.25)))
    for name in ("fleet.capacity", "fleet.book_value", "fleet.depreciation", "company.fleet_value"):
        one, other = row(found, name, "seller"), row(plain, name, "seller")
        assert (one[:3] == other[:3]).all()
        # What was paid for until month 3 arrives until month 5; what is newer is all the seller's.
        np.testing.assert_allclose(one[3:5], 0.75 * other[3:5], rtol=1e-12, err_msg=name)
    gone = row(plain, "fleet.capacity", "seller") - row(found, "fleet.capacity", "seller")
    still = np.array([(6e8 / 7) * max(0, 7 - t) + 2e7 * max(0, min(t - 2, 3)) for t in range(4, 10)])
    assert gone[3:9] == pytest.approx(0.25 * still, rel=1e-9)
    assert gone[13] == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize(("lag", "life", "book"), [(1, 5, 12), (4, 12, 6), (2, 3, 20)])
def test_the_fleet_that_takes_uses_machines_by_its_own_lives(lag, life, book):
    """Six vintages in use, one a month, and one under construction, which comes when it would have or `lag` months later."""
    given = world(lag=lag, economic_life=life, book_life=book)
    found = run(Rule("x", month == 2, transfer(fleet("seller"), fleet("buyer"))), given=given)
    plain = run(given=given)
    more = {
        name: row(found, f"fleet.{name}", "buyer") - row(plain, f"fleet.{name}", "buyer")
        for name in ("capacity", "depreciation", "value", "book_value")
    }
    # Of the start, of ages 1 to 7 in month 0; they pass at the ages of the end of month 1, at which the oldest is gone.
    vintages = [(6e8 / 7, age) for age in range(2, 8)] + [(2e7, max(-2, -lag))]
    for t in range(2, MONTHS + 1):
        passed = [(cost, age + t - 1) for cost, age in vintages if age < life]
        used = [(cost, age) for cost, age in passed if 0 <= age < life]
        assert more["capacity"][t - 1] == pytest.approx(sum(cost for cost, _ in used), rel=1e-9, abs=1e-3)
        charged = sum(cost / book for cost, age in used if age < book)
        assert more["depreciation"][t - 1] == pytest.approx(charged, rel=1e-9, abs=1e-3)
        value = sum(cost * (1 - age / life) for cost, age in used)
        assert more["value"][t - 1] == pytest.approx(value, rel=1e-9, abs=1e-3)
        books = sum(cost * max(0, 1 - (age + 1) / book) for cost, age in used)
        assert more["book_value"][t - 1] == pytest.approx(books, rel=1e-9, abs=1e-3)


def test_a_price_is_a_payment_of_the_month():
    rule = Rule("x", month == 4, transfer(fleet("seller"), to=fleet("buyer"), price=3e8))
    plain, found = run(), run(rule)
    moved = row(found, "company.cash", "seller") - row(plain, "company.cash", "seller")
    assert moved.tolist() == [0.0] * 3 + [3e8] * (MONTHS - 3)
    assert (
        row(plain, "company.cash", "buyer") - row(found, "company.cash", "buyer")
    ).tolist() == moved.tolist()
    events = found.events(0)
    cost = row(plain, "fleet.capacity", "seller")[2]
    columns = ["month", "payer", "payee", "amount", "value", "threshold"]
    (seen,) = events[events["why"] == "transfer"][columns].to_numpy().tolist()
    assert seen == [4, "seller", "buyer", 0.0, pytest.approx(cost, rel=1e-12), 1.0]
    (paid,) = events[events["why"] == "payment"][columns[:4]].to_numpy().tolist()
    assert paid == [4, "buyer", "seller", 3e8]
    assert [*found.firings()["amount"]] == [1.0, 3e8]


def test_shares_of_one_fleet_never_pass_twice():
    """Two rules ask for 0.8 each: each gets half, and nothing is left or made."""
    builder = World.builder("three", "2025-08-31")
    for name, cost in (("seller", 6e8), ("buyer", 0.0), ("other", 0.0)):
        builder.company(id=name, cash=1e9)
        builder.fleet(id=name, owner=name, cost=cost, age_span=7, **KIND)
    rules = [
        Rule(to, month == 2, transfer(fleet("seller"), fleet(to), share=0.8)) for to in ("buyer", "other")
    ]
    plain, found = run(given=builder.build()), run(*rules, given=builder.build())
    whole = row(plain, "fleet.capacity", "seller")[1:]
    assert row(found, "fleet.capacity", "seller")[1:].tolist() == [0.0] * (MONTHS - 1)
    for to in ("buyer", "other"):
        np.testing.assert_allclose(row(found, "fleet.capacity", to)[1:], whole / 2, rtol=1e-12)


def test_all_pass_at_once():
    """Two that swap all they have: each has what the other had."""
    rules = [
        Rule("a", month == 3, transfer(fleet("seller"), fleet("buyer"))),
        Rule("b", month == 3, transfer(fleet("buyer"), fleet("seller"))),
    ]
    plain, found = run(), run(*rules)
    for name in ("fleet.book_value", "fleet.value", "fleet.depreciation"):
        assert row(found, name, "seller")[2] == pytest.approx(row(plain, name, "buyer")[2], rel=1e-12)
        assert row(found, name, "buyer")[2] == pytest.approx(row(plain, name, "seller")[2], rel=1e-12)


def test_neither_passes_nor_is_paid_for_with_the_dead():
    ruin = Rule("ruin", month == 2, pay("seller", "households", 5e9, rank=2))
    late = Rule("x", month == 4, transfer(fleet("seller"), fleet("buyer"), price=3e8))
    plain, found = run(ruin), run(ruin, late)
    assert plain.dataset["failed_month"].sel(company="seller").item() == 2
    for name in RECORD:
        assert (row(plain, name, "buyer") == row(found, name, "buyer")).all()
    assert "transfer" not in set(found.events(0)["why"])


def test_what_lenders_may_take_follows_the_machines():
    """Fleets that are the collateral of a loan are sold in part: the lender recovers from what is left."""
    builder = World.builder("lent", "2025-08-31")
    for name in ("seller", "buyer", "bank"):
        builder.company(id=name, cash=1e9, default_cost=0.0)
    builder.fleet(id="seller", owner="seller", cost=6e8, age_span=7, **KIND)
    builder.fleet(id="buyer", owner="buyer", cost=0.0, **KIND)
    builder.loan(borrower="seller", lender="bank", balance=9e8, rate=0.0, maturity=200, fleet_collateral=1.0)
    ruin = Rule("ruin", month == 3, pay("seller", "households", 5e9, rank=2))
    sale = Rule("x", month == 2, transfer(fleet("seller"), fleet("buyer"), share=0.5))
    given, record = builder.build(), [*RECORD, "company.losses"]
    plain, found = (run(*rules, given=given, record=record) for rules in ([ruin], [ruin, sale]))
    more = (row(found, "company.losses", "bank") - row(plain, "company.losses", "bank"))[2]
    assert more == pytest.approx(row(found, "fleet.value", "buyer")[2], rel=1e-9)
    assert row(found, "company.losses", "bank")[2] == pytest.approx(9e8 - more, rel=1e-9)


def test_a_share_of_nothing_leaves_every_bit():
    plain = run()
    for rule in (
        Rule("x", True, transfer(fleet("seller"), fleet("buyer"), share=0)),
        Rule("x", month > 90, transfer(fleets("seller"), fleet("buyer"))),
    ):
        found = run(rule)
        for name in RECORD:
            for who in ("seller", "buyer"):
                assert (row(plain, name, who) == row(found, name, who)).all()


def test_neither_scale_nor_order_matters():
    rule = Rule("x", month == 4, transfer(fleet("seller"), fleet("buyer"), share=0.5, price=0), hold=once())
    one, other, turned = (
        run(rule),
        run(rule, given=world(1024.0)),
        run(rule, given=world(names=("buyer", "seller"))),
    )
    for name in RECORD:
        for who in ("seller", "buyer"):
            np.testing.assert_allclose(1024.0 * row(one, name, who), row(other, name, who), rtol=1e-12)
            np.testing.assert_allclose(row(one, name, who), row(turned, name, who), rtol=1e-12)


def test_it_is_said_in_words():
    rule = Rule("x", month == 4, transfer(fleet("seller"), fleet("buyer"), share=0.5))
    assert rule.explain() == "x: when the month is 4, a share of 0.5 of fleet seller passes to fleet buyer."
    sold = transfer(fleet("seller"), fleet("buyer"), share=0.5, price=0.3 * company("seller").fleet_value)
    assert Rule("x", True, sold).explain() == (
        "x: always, a share of 0.5 of fleet seller passes to fleet buyer for 0.3 times fleet value of company seller."
    )
    text = (
        'transfer(fleet("seller"), to=fleet("buyer"), share=0.5, price=0.3 * company("seller").fleet_value)'
    )
    assert repr(sold) == text


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (
            lambda: transfer(company("seller"), fleet("buyer")),
            'company("seller") is no fleet; wanted such as',
        ),
        (lambda: transfer(fleet("seller"), fleets()), "are several fleets; wanted one that takes"),
        (
            lambda: transfer(fleet("seller"), fleet("buyer"), share=company("a").cash),
            "in USD, wanted a fraction",
        ),
        (lambda: run(Rule("x", True, transfer(fleets(), fleet("buyer")))), '"buyer" would pass to itself'),
        (
            lambda: run(
                Rule("x", True, transfer(fleet("seller"), fleet("buyer"))), given=world(class_="power")
            ),
            '"seller" is of class gpu and "buyer" of class power; wanted two of one.',
        ),
        (
            lambda: run(Rule("x", True, transfer(fleet("seller"), fleet("byer")))),
            'the world has no fleet "byer". Did you mean "buyer"?',
        ),
    ],
)
def test_what_cannot_pass_is_an_error(write, message):
    with pytest.raises(RuleError) as caught:
        write()
    assert message in str(caught.value)
