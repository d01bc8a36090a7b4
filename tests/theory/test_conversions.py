"""Loans that become shares: parts by closed form, no cash moves, and nobody gains or loses by it."""

import cashcade as cc
import numpy as np
import pytest
from cashcade.errors import RuleError
from cashcade.rules import (
    Buyer,
    Door,
    ExitScenario,
    Rule,
    company,
    convert,
    loan,
    loans,
    month,
    once,
    pay,
    target,
)
from cashcade.world import World

LENT = {"fund": 2e8, "bank": 3e8}
WORTH, PRICE = 5e8, 6e8
LAST = company("lab").last_valuation
RECORD = [
    "company.cash",
    "company.debt",
    "company.losses",
    "company.deal_flow",
    "loan.balance",
    "market.capital",
]
SHARES = ["loan.shares", "loan.converted"]


def world(scale=1.0, *, names=("lab", "fund", "bank", "angel"), rate=0.0, **terms):
    """A lab with two lenders and an angel that holds a quarter of it."""
    builder = World.builder("lent", "2025-08-31")
    for name in names:
        more = {"last_valuation": scale * WORTH, "default_cost": 0.0} if name == "lab" else {}
        builder.company(id=name, cash=scale * 1e9, **more, **(terms if name == "lab" else {}))
    for lender in sorted(LENT, key=names.index):
        builder.loan(
            id=lender, borrower="lab", lender=lender, balance=scale * LENT[lender], rate=rate, maturity=200
        )
    builder.stake(holder="angel", issuer="lab", fraction=0.25, carrying_value=scale * 1e8)
    return builder.build()


def sold(at, price=PRICE):
    """The lab is sold to the outside in a month."""
    buyers = Buyer("capital", 2 * price)
    door = Door("sale", company("lab"), "acquire", month == at, hazard=1.0, price=price, buyers=buyers)
    return ExitScenario("sale", "The lab is sold", doors=door)


def run(*rules, given=None, exits=None, **more):
    record = RECORD + (SHARES if any("convert" in str(rule) for rule in rules) else [])
    options = {"months": 6, "paths": 1, "seed": 1, "record": record, **more}
    return cc.run(given or world(), rules=rules, scenarios=[exits] if exits else [], **options)


def row(result, name, who):
    """A variable month by month."""
    kind = name.partition(".")[0]
    return result.series(name, **{kind: who})["mean"].to_numpy()


def test_who_converts_holds_what_it_brought_over_the_whole():
    """2 at a value of 5: the fund holds 2/7 and the angel 5/7 of its quarter; the sale pays just that."""
    plain = run(exits=sold(4))
    found = run(Rule("x", month == 2, convert(loan("fund"), at=LAST)), exits=sold(4))
    gains = {
        who: (row(found, "company.cash", who) - row(plain, "company.cash", who))[-1]
        for who in ("fund", "angel")
    }
    assert gains == pytest.approx({"fund": PRICE * 2 / 7, "angel": 0.25 * PRICE * (5 / 7 - 1)}, rel=1e-12)
    assert row(found, "company.deal_flow", "fund")[3] == pytest.approx(PRICE * 2 / 7, rel=1e-12)
    assert found.dataset.attrs["imbalance"] <= 1e-12
    assert row(found, "loan.balance", "fund").tolist() == [2e8, *[0.0] * 5]
    assert row(found, "company.debt", "lab").tolist() == [5e8, *[3e8] * 5]
    assert row(found, "loan.converted", "fund").tolist() == [0.0, *[2e8] * 5]
    assert row(found, "loan.shares", "fund") == pytest.approx([0.0, *[0.4] * 5], rel=1e-12)
    assert row(found, "company.losses", "fund").tolist() == [0.0] * 6


def test_no_cash_moves_and_the_event_says_what_became_of_it():
    plain, found = run(), run(Rule("x", month == 2, convert(loan("fund"), at=8e8)))
    for who in ("lab", "fund", "bank", "angel"):
        assert (row(plain, "company.cash", who) == row(found, "company.cash", who)).all()
    events = found.events(0)
    columns = ["month", "payer", "payee", "amount", "value", "threshold"]
    seen = events[events["why"] == "conversion"][columns].to_numpy().tolist()
    assert seen == [[2, "lab", "fund", 0.0, 2e8, 8e8]]
    ((action, amount),) = found.firings()[["action", "amount"]].to_numpy().tolist()
    assert (action, amount) == ('convert(loan("fund"), at=8e8)', 8e8)


def test_interest_and_principal_end_with_the_loan():
    given = world(rate=0.12)
    plain, found = run(given=given), run(Rule("x", month == 3, convert(loan("bank"), at=LAST)), given=given)
    saved = np.diff(row(found, "company.cash", "lab") - row(plain, "company.cash", "lab"), prepend=0.0)
    assert saved == pytest.approx([0.0, 0.0, *[3e6] * 4], rel=1e-9)


@pytest.mark.parametrize("order", [("lab", "fund", "bank", "angel"), ("angel", "bank", "fund", "lab")])
def test_loans_of_one_month_convert_at_the_value_before_any(order):
    """2 and 3 at 5: 2/10 and 3/10, in whatever order they stand."""
    each = loans(borrower="lab")
    given = world(names=order)
    found = run(
        Rule("x", month == 2, convert(each, at=each.borrower.last_valuation)), given=given, exits=sold(4)
    )
    got = {who: row(found, "company.deal_flow", who)[3] for who in ("fund", "bank", "angel")}
    wanted = {"fund": 0.2 * PRICE, "bank": 0.3 * PRICE, "angel": 0.25 * 0.5 * PRICE}
    assert got == pytest.approx(wanted, rel=1e-12)


def test_the_later_dilutes_the_earlier():
    """The fund gets 2/7; the bank then 3/(3 + 5) of all, and the fund keeps 5/8 of its part."""
    rules = [
        Rule("a", month == 2, convert(loan("fund"), at=LAST)),
        Rule("b", month == 3, convert(loan("bank"), at=LAST)),
    ]
    found = run(*rules, exits=sold(5))
    got = [row(found, "company.deal_flow", who)[4] for who in ("fund", "bank", "angel")]
    assert got == pytest.approx(
        [PRICE * 2 / 7 * 5 / 8, PRICE * 3 / 8, 0.25 * PRICE * 5 / 7 * 5 / 8], rel=1e-12
    )


def test_where_nothing_is_left_lenders_share_by_what_they_lent():
    found = run(Rule("x", month == 2, convert(loans(borrower="lab"), at=0)), exits=sold(4))
    got = [row(found, "company.deal_flow", who)[3] for who in ("fund", "bank", "angel")]
    assert got == pytest.approx([0.4 * PRICE, 0.6 * PRICE, 0.0], rel=2e-6, abs=0.25 * 2e-6 * PRICE)


def test_shares_of_what_fails_are_written_off():
    """Later the lab is made to pay more than it has: the fund loses its shares, the bank its loan, the angel its stake."""
    ruin = Rule("ruin", month == 4, pay("lab", "households", 5e9, rank=2))
    found = run(Rule("x", month == 2, convert(loan("fund"), at=LAST)), ruin)
    assert found.dataset["failed_month"].sel(company="lab").item() == 4
    assert row(found, "company.losses", "fund")[3] == pytest.approx(2e8, rel=1e-12)
    assert row(found, "company.losses", "bank")[3] == pytest.approx(3e8, rel=1e-12)
    assert row(found, "company.losses", "angel")[3] == pytest.approx(1e8, rel=1e-12)
    written = found.events(0).query("why == 'write-off' and payer == 'fund'")["value"].tolist()
    assert written == [2e8]


def test_a_company_that_failed_or_was_sold_has_no_shares_to_give():
    ruin = Rule("ruin", month == 2, pay("lab", "households", 5e9, rank=2))
    late = Rule("x", month == 4, convert(loans(borrower="lab"), at=LAST))
    for found in (run(late, ruin), run(late, exits=sold(2))):
        assert row(found, "loan.converted", "fund").tolist() == [0.0] * 6
        assert row(found, "loan.shares", "bank").tolist() == [0.0] * 6


def test_a_value_by_expected_earnings_rises_by_what_converts():
    """Enterprise value stays, debt falls: who held all and who converts hold together what both held before."""

    def valued(*rules):
        builder = World.builder("valued", "2025-08-31")
        builder.company(id="lab", cash=1e9, market_value=2e9, target_margin=0.3)
        builder.segment(seller="lab", revenue=2e7)
        builder.company(id="fund", cash=1e9)
        builder.loan(id="fund", borrower="lab", lender="fund", balance=3e8, rate=0.0, maturity=200)
        return cc.run(
            builder.build(),
            rules=rules,
            months=4,
            paths=1,
            seed=1,
            record=["company.valuation", *(SHARES if rules else [])],
        )

    plain, found = valued(), valued(Rule("x", month == 2, convert(loan("fund")), hold=once()))
    rise = row(found, "company.valuation", "lab") - row(plain, "company.valuation", "lab")
    assert rise == pytest.approx([0.0, 3e8, 3e8, 3e8], rel=1e-9)
    before = row(plain, "company.valuation", "lab")[0]
    assert row(found, "loan.shares", "fund")[1] == pytest.approx(3e8 / before, rel=1e-12)


def test_a_rule_that_never_converts_leaves_every_bit():
    plain, found = run(exits=sold(4)), run(Rule("x", month > 90, convert(loans())), exits=sold(4))
    for name in RECORD[:4]:
        for who in ("lab", "fund", "bank", "angel"):
            assert (row(plain, name, who) == row(found, name, who)).all()


def test_the_scale_of_the_currency_does_not_matter():
    rule = Rule("x", month == 2, convert(loans(lender="fund"), at=LAST))
    one, other = (run(rule, given=world(k), exits=sold(4, k * PRICE)) for k in (1.0, 1024.0))
    for who in ("lab", "fund", "bank", "angel"):
        assert (1024.0 * row(one, "company.cash", who) == row(other, "company.cash", who)).all()


def test_it_is_said_in_words():
    each = loans(borrower="lab")
    rule = Rule("x", each.borrower.runway < 3, convert(each))
    assert rule.explain().endswith(
        "it becomes shares of the borrower at a value of valuation of its borrower."
    )


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: convert("lab->fund"), 'wanted loans, such as loan("a", "b")'),
        (lambda: convert(company("lab")), 'wanted loans, such as loan("a", "b")'),
        (lambda: convert(loan("fund"), at=company("lab").runway), "in months, wanted USD"),
        (lambda: convert(loan("fund"), at=loans().balance), "has a value for each of loans()"),
        (
            lambda: run(Rule("x", True, convert(loan("fund"), at=target.valuation))),
            "only doors have a target",
        ),
    ],
)
def test_what_cannot_convert_is_an_error(write, message):
    with pytest.raises(RuleError) as caught:
        write()
    assert message in str(caught.value)
