"""Rules: checked when they are written, and told in plain words."""

import pytest
from cashcade.errors import RuleError
from cashcade.rules import (
    Rule,
    add,
    chance,
    companies,
    company,
    contract,
    for_good,
    for_months,
    loan,
    market,
    minimum,
    month,
    number,
    once,
    scale,
    segment,
    set_to,
    target,
    where,
    while_true,
)
from cashcade.rules.vocabulary import levers
from cashcade.words.rows import rows

APPS = companies(tag="app")
CURSOR = company("cursor")


def test_levers_are_those_of_the_table():
    assert {row.full_name for row in rows() if row.writable} >= {
        "company.fixed_cost",
        "company.cash",
        "market.regime",
    }
    assert levers("company")["cash"].source == "variable"
    assert levers("segment")["revenue"].source == "parameter"
    assert levers("company")["payout"].unit == "fraction"


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (
            lambda: scale(CURSOR.runway, 2),
            'scale(company("cursor").runway, 2): rules cannot move company("cursor").runway',
        ),
        (
            lambda: scale(segment("s").growth, 1.1),
            'rules cannot move segment("s").growth. A year\'s growth of g more is scale(segment(...).trend, exp(g / 12))',
        ),
        (
            lambda: company("a").without("a"),
            "company(\"a\").without('a'): wanted ids, of a group such as companies().",
        ),
        (lambda: companies().without(), "wanted ids, of a group"),
        (lambda: scale(CURSOR.fixed_cost + 1, 2), "is no lever, wanted one such as"),
        (lambda: scale(2, CURSOR.fixed_cost), "2 is no lever"),
        (
            lambda: scale(CURSOR.fixed_cost, CURSOR.burn),
            'company("cursor").burn is in USD/month, wanted a pure number',
        ),
        (
            lambda: add(CURSOR.cash, CURSOR.burn),
            'company("cursor").burn is in USD/month, and company.cash in USD',
        ),
        (lambda: set_to(CURSOR.cash, month), "month is in months, and company.cash in USD"),
        (
            lambda: set_to(market.funding, "closed"),
            'set_to(market.funding, \'closed\'): wanted one of "open", "normal", "shut"',
        ),
        (lambda: scale(market.funding, 2), "market.regime is no number; use set_to"),
        (lambda: add(market.listing, 1), "market.listing is no number; use set_to"),
        (lambda: set_to(market.listing, 1), "1 is no condition"),
        (lambda: add(CURSOR.cash, float("nan")), "nan is no finite number"),
        (lambda: add(CURSOR.cash, APPS.cash), 'has a value for each of companies(tag="app"), wanted one'),
        (lambda: add(APPS.cash, companies(tag="big").cash), "are different groups"),
        (lambda: scale(target.fixed_cost, 2), "target is known in doors only"),
    ],
)
def test_actions_are_checked_when_they_are_written(write, message):
    with pytest.raises(RuleError) as caught:
        write()
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda: Rule("", True, add(CURSOR.cash, 1)), "Rule(''): wanted a name"),
        (lambda: Rule("x", CURSOR.cash, add(CURSOR.cash, 1)), 'rule "x": company("cursor").cash is a number'),
        (
            lambda: Rule("x", market.funding, add(CURSOR.cash, 1)),
            'wanted a condition such as market.funding == "open"',
        ),
        (lambda: Rule("x", True, []), 'rule "x": it does nothing'),
        (lambda: Rule("x", True, CURSOR.cash), "one expression for all members"),
        (lambda: Rule("x", True, [7]), 'rule "x": 7 is no action'),
        (lambda: Rule("x", True, add(CURSOR.cash, 1), hold=3), "hold is 3, wanted while_true()"),
        (
            lambda: Rule("x", True, add(CURSOR.cash, 1), delay=-1),
            'rule "x": delay: -1 is no whole number of months',
        ),
        (lambda: for_months(0), "for_months: 0 is no whole number of months from 1 to 1200"),
        (lambda: for_months(2.5), "for_months: 2.5 is no whole number"),
        (lambda: Rule("x", APPS.runway < 6, add(CURSOR.cash, 1)), "moves a lever that is not theirs"),
    ],
)
def test_rules_are_checked_when_they_are_written(write, message):
    with pytest.raises(RuleError) as caught:
        write()
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            Rule(
                "squeeze",
                (market.funding == "shut") & (month >= 6),
                scale(APPS.discretionary_cost, 0.7),
                hold=for_months(12),
            ),
            (
                "squeeze: when funding of the market is shut and the month is at least 6, for 12 months from then on, "
                "discretionary cost of companies with tag app is multiplied by 0.7."
            ),
        ),
        (
            Rule(
                "rescue",
                (APPS.runway < 6) & ~APPS.failed,
                add(APPS.cash, 6 * APPS.burn * number(1, "month")),
                hold=once(),
                again=True,
            ),
            (
                "rescue: for each of companies with tag app: when its runway is below 6 months and it is not so that it has "
                "failed, in that month only, each time anew, (6 times its burn) times 1 month is added to its cash."
            ),
        ),
        (
            Rule("gift", True, add(CURSOR.cash, 5e9), hold=for_good(), delay=1),
            "gift: always, 1 month later, from then on, 5 billion USD is added to cash of company cursor.",
        ),
        (
            Rule("shut", CURSOR.failed | chance(0.02, name="storm"), set_to(market.funding, "shut")),
            (
                "shut: when company cursor has failed or by a chance of 0.02 a month (storm), "
                "funding of the market is set to shut."
            ),
        ),
        (
            Rule(
                "rate", (APPS.cash.change(3) < -1e9).any(), add(loan("a", "b").rate, 0.01), hold=while_true()
            ),
            (
                "rate: when for at least one of companies with tag app the change of its cash over 3 months is below "
                "-1 billion USD, 0.01 1/year is added to rate of loan a->b."
            ),
        ),
        (
            Rule("some", (APPS.runway < 3).count() >= 2, set_to(market.listing, False)),
            (
                "some: when the number of companies with tag app of which its runway is below 3 months is at least 2, "
                "listing of the market is set to false."
            ),
        ),
        (
            Rule(
                "fee",
                CURSOR.cash.lag(12) > minimum(CURSOR.debt, 1e6),
                set_to(
                    contract("a", "b").revenue_share,
                    where(market.listing, {"low": 0, "value": 0.1, "high": 0.3}, 0),
                ),
            ),
            (
                "fee: when cash of company cursor 12 months before is above the least of debt of company cursor and 1 million, "
                "revenue share of contract a->b is set to "
                '(a number drawn from {"low": 0.0, "value": 0.1, "high": 0.3} where listing of the market holds, else 0).'
            ),
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Rule) else "",
)
def test_rules_explain_themselves(rule, words):
    assert rule.explain() == words


def test_rules_print_as_they_were_written():
    rule = Rule(
        "x",
        APPS.runway < 6,
        [scale(APPS.fixed_cost, 0.5), add(APPS.cash, 1e6)],
        hold=once(),
        delay=2,
        again=True,
    )
    assert repr(rule) == (
        'Rule("x", companies(tag="app").runway < 6, [scale(companies(tag="app").fixed_cost, 0.5), '
        'add(companies(tag="app").cash, 1e6)], hold=once(), delay=2, again=True)'
    )
    assert repr(rule.named("y")) == repr(rule).replace('"x"', '"y"')
    assert (
        repr(Rule("z", True, set_to(market.funding, "shut")))
        == 'Rule("z", True, set_to(market.funding, "shut"))'
    )


def test_rules_do_not_change():
    rule = Rule("x", True, add(CURSOR.cash, 1))
    with pytest.raises(AttributeError):
        rule.name = "y"
    assert rule != Rule("x", True, add(CURSOR.cash, 1))
    assert for_months(3.0) == for_months(3)
