"""Payments by rules: claims of their rank, exact in the ledger, nothing else."""

import cashcade as cc
import numpy as np
import pytest
from cashcade.errors import RuleError
from cashcade.rules import Rule, companies, company, loans, month, number, once, pay
from cashcade.world import World

CASH = {"payer": 1e7, "payee": 2e6, "other": 5e6}


def world(scale=1.0, default_cost=0.2):
    """Three companies without flows, and loans to one of them that are not due."""
    builder = World.builder("three", "2025-08-31")
    for name, cash in CASH.items():
        builder.company(id=name, cash=scale * cash, default_cost=default_cost)
    builder.loan(borrower="payer", lender="other", balance=scale * 4e6, rate=0.0, maturity=200)
    builder.loan(borrower="payer", lender="capital", balance=scale * 1e6, rate=0.0, maturity=200)
    return builder.build()


def run(*rules, given=None, **more):
    """Cash at the end of each month, by company and sector."""
    record = ["company.cash", "market.capital", "market.households", "market.suppliers", "company.losses"]
    options = {"months": 4, "paths": 1, "seed": 1, "record": record, **more}
    return cc.run(given or world(), rules=rules, **options)


def cash(result, who):
    """Cash of a company month by month."""
    return result.series("company.cash", company=who)["mean"].to_numpy()


def test_cash_moves_from_one_to_the_other_and_nothing_else_does():
    plain, paid = run(), run(Rule("x", month >= 2, pay(company("payer"), company("payee"), 1e6)))
    gone = np.array([0, 1, 2, 3]) * 1e6
    assert (cash(plain, "payer") - cash(paid, "payer")).tolist() == gone.tolist()
    assert (cash(paid, "payee") - cash(plain, "payee")).tolist() == gone.tolist()
    assert (cash(paid, "other") == cash(plain, "other")).all()
    assert paid.dataset.attrs["imbalance"] == 0
    ((action, amount),) = paid.firings()[["action", "amount"]].to_numpy().tolist()
    assert action == 'pay(company("payer"), company("payee"), 1e6, rank=4)'
    assert amount == 1e6
    events = paid.events(0)
    found = events[events["why"] == "payment"]
    assert found[["month", "payer", "payee", "amount"]].to_numpy().tolist() == [
        [at, "payer", "payee", 1e6] for at in (2, 3, 4)
    ]


@pytest.mark.parametrize("sector", ["capital", "suppliers", "households"])
def test_sectors_pay_and_are_paid(sector):
    rules = (
        Rule("in", month == 1, pay(sector, company("payee"), 3e5)),
        Rule("out", month == 2, pay(company("payee"), sector, 1e5, rank=2)),
    )
    plain, paid = run(), run(*rules)
    assert (cash(paid, "payee") - cash(plain, "payee")).tolist() == [3e5, 2e5, 2e5, 2e5]
    name = f"market.{sector}"
    moved = paid.series(name)["mean"].to_numpy() - plain.series(name)["mean"].to_numpy()
    assert moved.tolist() == [-3e5, -2e5, -2e5, -2e5]
    assert paid.dataset.attrs["imbalance"] == 0
    events = paid.events(0)
    found = events[events["why"] == "payment"][["payer", "payee", "amount"]].to_numpy().tolist()
    assert found == [[sector, "payee", 3e5], ["payee", sector, 1e5]]


@pytest.mark.parametrize(
    ("ranks", "shares"), [((4, 4), (0.8, 0.8)), ((2, 5), (1.0, 0.6)), ((5, 3), (0.6, 1.0))]
)
def test_who_cannot_pay_defaults_and_pays_by_rank(ranks, shares):
    """Of 12.5 million due, 10 million are there: pro rata within a rank; no estate is left."""
    given = world(default_cost=0.0)
    rules = [
        Rule(name, month == 2, pay(company("payer"), company(name), 6.25e6, rank=rank))
        for name, rank in zip(("payee", "other"), ranks, strict=True)
    ]
    result, plain = run(*rules, given=given), run(given=given)
    assert result.dataset["failed_month"].sel(company="payer").item() == 2
    got = [(cash(result, name) - cash(plain, name))[1] for name in ("payee", "other")]
    assert got == pytest.approx([6.25e6 * share for share in shares], rel=1e-12)
    lost = result.series("company.losses", company="payee")["mean"].to_numpy()[1]
    assert lost == pytest.approx(6.25e6 * (1 - shares[0]), abs=1e-6)
    assert "unpaid: other" in set(result.events(0)["why"])


def test_a_company_that_failed_neither_pays_nor_is_paid():
    """What is due to it goes to capital, to which its estate was sold."""
    ruin = Rule("ruin", month == 1, pay(company("payee"), "households", 1e9))
    rules = (
        Rule("to", month >= 2, pay(company("other"), company("payee"), 1e5)),
        Rule("from", month >= 2, pay(company("payee"), company("other"), 1e5)),
    )
    ruined, paid = run(ruin), run(ruin, *rules)
    assert (cash(ruined, "other") - cash(paid, "other")).tolist() == [0, 1e5, 2e5, 3e5]
    capital = [each.series("market.capital")["mean"].to_numpy() for each in (paid, ruined)]
    assert (capital[0] - capital[1]).tolist() == [0, 1e5, 2e5, 3e5]
    assert paid.dataset.attrs["imbalance"] <= 1e-12


def test_links_lead_to_payers_and_payees():
    loan = loans(borrower="payer")
    rule = Rule("x", month == 1, pay(loan.borrower, loan.lender, 0.1 * loan.balance))
    plain, paid = run(), run(rule)
    assert (cash(plain, "payer") - cash(paid, "payer"))[0] == pytest.approx(5e5)
    assert (cash(paid, "other") - cash(plain, "other"))[0] == pytest.approx(4e5)
    capital = [each.series("market.capital")["mean"].to_numpy()[0] for each in (paid, plain)]
    assert capital[0] - capital[1] == pytest.approx(1e5)
    assert paid.firings()["entity"].tolist() == ["payer->other", "payer->capital"]


def test_a_payment_of_nothing_leaves_every_bit():
    plain = run()
    for amount in (0, -5e6, number(0, "USD/month")):
        paid = run(Rule("x", True, pay(company("payer"), company("payee"), amount)))
        assert all((cash(paid, name) == cash(plain, name)).all() for name in CASH)
        capital = [each.series("market.capital")["mean"].to_numpy() for each in (paid, plain)]
        assert (capital[0] == capital[1]).all()


def test_the_order_of_companies_does_not_matter():
    """Chains of payments, some of which are left unpaid, with companies and rules in another order."""

    def made(names, rules):
        builder = World.builder("turned", "2025-08-31")
        for name in names:
            builder.company(id=name, cash=CASH[name], default_cost=0.2)
        return run(*rules, given=builder.build())

    rules = (
        Rule("a", month == 2, pay("payer", "payee", 9e6, rank=3)),
        Rule("b", month == 2, pay("payee", "other", 1.4e7, rank=4)),
        Rule("c", month == 2, pay("other", "payer", 2e7, rank=5)),
        Rule("d", month >= 2, pay(companies(), "households", 0.1 * companies().cash, rank=2)),
    )
    one, turned = made(list(CASH), rules), made([*CASH][::-1], rules[::-1])
    assert one.dataset["failed_month"].to_numpy().any()
    for name in CASH:
        assert cash(one, name) == pytest.approx(cash(turned, name), rel=1e-12, abs=1e-6)


def test_what_was_left_unpaid_is_explained():
    due = [Rule(name, month == 2, pay("payer", name, 6.25e6, rank=3)) for name in ("payee", "other")]
    told = str(run(*due, given=world(default_cost=0.0)).explain("payer", 0))
    assert "is short of 2,500,000.00 USD" in told
    assert told.count("is due: other") == 2


def test_the_scale_of_the_currency_does_not_matter():
    def ruled(scale):
        of = companies("payer", "other")
        rules = (
            Rule("x", month == 2, pay(of, company("payee"), 0.3 * of.cash), hold=once()),
            Rule("y", month == 3, pay(company("payer"), "suppliers", scale * 1e7, rank=3)),
        )
        return run(*rules, given=world(scale))

    one, other = ruled(1.0), ruled(1024.0)
    assert one.dataset["failed_month"].sel(company="payer").item() == 3
    for name in CASH:
        assert (1024.0 * cash(one, name) == cash(other, name)).all()


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (
            lambda: pay(company("a"), company("a"), 1),
            'pay(company("a"), company("a"), 1): nobody pays oneself.',
        ),
        (lambda: pay("capital", "suppliers", 1), "both are outside; one must be a company"),
        (lambda: pay(company("a"), 3, 1), '3 is no party; wanted companies such as company("a"), or one of'),
        (
            lambda: run(Rule("x", True, pay("payer", "captal", 1))),
            'company("captal"): the world has no company',
        ),
        (lambda: pay(loans(), company("a"), 1), "loans() is no party"),
        (lambda: pay(company("a"), "capital", company("a").runway), "is in months, wanted USD or USD/month"),
        (lambda: pay(company("a"), "capital", 1, rank=1), "rank is 1, wanted a whole number from 2 to 5"),
        (
            lambda: Rule("x", companies().runway < 3, pay(company("a"), "capital", 1)),
            "is no payment of theirs; make one condition",
        ),
        (
            lambda: run(Rule("x", True, pay(companies(), company("payee"), 1))),
            '"payee" would pay itself; leave it out',
        ),
    ],
)
def test_what_cannot_be_paid_is_an_error(write, message):
    with pytest.raises(RuleError) as caught:
        write()
    assert message in str(caught.value)
