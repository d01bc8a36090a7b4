"""Shocks that promise to be nothing at their neutral values, and are not: every kind is seen, whatever the world."""
# ruff: noqa: ARG005, PLR0124, SIM300 - shocks that do not use what they are given are what is looked for

import pytest
from cashcade.rules import (
    Rule,
    Shock,
    ShockParameter,
    add,
    chance,
    companies,
    company,
    contracts,
    convert,
    exp,
    fleet,
    fleets,
    for_good,
    loan,
    loans,
    log,
    market,
    maximum,
    minimum,
    month,
    number,
    once,
    pay,
    pledges,
    scale,
    segments,
    set_to,
    stakes,
    transfer,
    where,
)
from cashcade.testing import laws
from cashcade.testing.folding import folded, moves
from cashcade.testing.values import moved_at_neutral

APPS = companies(tag="app")
COST = companies().fixed_cost
RISE = ShockParameter("rise", 0.3, "fraction", 0, 1, neutral=0)


def one(lever_action, when=True, **more):
    """A shock of one rule."""
    return lambda **given: Rule("r", when(**given) if callable(when) else when, lever_action(**given), **more)


NOT_NEUTRAL = {
    "a payment": one(lambda rise: pay("a", "b", 1e6 * (1 + rise))),
    "a fleet that passes": one(lambda rise: transfer(fleet("a"), fleet("b"), share=1 - rise)),
    "a price for nothing": one(lambda rise: transfer(fleet("a"), fleet("b"), share=rise, price=1e6)),
    "a conversion": one(lambda rise: convert(loan("a", "b"), at=rise * 1e9)),
    "a scale beside 1": one(lambda rise: scale(COST, 1.01 + rise)),
    "a scale of one part in 1e12": one(lambda rise: scale(COST, 1 + 1e-12 + rise)),
    "an amount in every case": one(lambda rise: add(companies().cash, 1 + rise)),
    "the opposite sign": one(lambda rise: scale(COST, rise)),
    "a value that is set": one(lambda rise: set_to(companies().minimum_cash, 1e6 * rise)),
    "what the world says, set": one(lambda rise: set_to(COST, COST.lag(1) * (1 + rise))),
    "a regime": one(lambda rise: set_to(market.funding, "shut"), lambda rise: month >= 3),
    "late in a run": one(lambda rise: scale(COST, 1.1 + rise), month >= 200),
    "after a long delay": one(lambda rise: scale(COST, 1.1 + rise), delay=600),
    "for a tag that nobody has": one(
        lambda rise: scale(companies(tag="none", may_be_empty=True).fixed_cost, 1.1)
    ),
    "while a window is shut": one(lambda rise: scale(COST, 1.1 + rise), market.funding == "shut"),
    "by a small chance": one(lambda rise: scale(COST, 1.1 + rise), chance(1e-9)),
    "by a chance that stays": one(
        lambda rise: scale(COST, 1.1), lambda rise: chance(minimum(1, 1e-3 + rise))
    ),
    "for the very rich": one(lambda rise: scale(COST, 1.1 + rise), (companies().cash > 1e16).any()),
    "for the failed": one(lambda rise: scale(COST, 1.1 + rise), companies().failed.any()),
    "once": one(lambda rise: add(market.gpu_log, 1e-9 + rise), month == 7, hold=once()),
    "a lever that few worlds have": one(lambda rise: scale(pledges(may_be_empty=True).amount, 0.5 + rise)),
    "rates of loans": one(lambda rise: add(loans(may_be_empty=True).rate, 1e-6 + rise)),
    "orders of fleets": one(lambda rise: scale(fleets(may_be_empty=True).capex, exp(-rise - 1e-9))),
    "payout of stakes": one(lambda rise: scale(contracts(may_be_empty=True).level, 1 - 0.1 * (1 - rise))),
    "a floor": one(lambda rise: scale(COST, maximum(1.05, 1 + rise))),
    "a switch by the state": one(lambda rise: scale(COST, where(market.gpu_index > 2, 1.2, 1 + rise))),
    "by what was before": one(
        lambda rise: add(company("lab").cash, (1 + rise) * company("lab").cash.change(12))
    ),
    "two that cancel": one(lambda rise: [scale(COST, 2 + rise), scale(COST, 0.5)]),
    "a sum of a group": one(lambda rise: add(company("lab").cash, companies().cash.sum() / 1e12 + rise)),
    "a small exponential": one(lambda rise: scale(COST, (1 + rise) ** 2 + exp(-30))),
    "a second rule": lambda rise: [
        Rule("a", True, scale(COST, 1 + rise)),
        Rule("b", month > 90, scale(COST, 2)),
    ],
    "from another month": one(lambda rise: scale(COST, 1.1), lambda rise: month >= 30 * (1 + rise)),
    "a month that is never quite excluded": one(
        lambda rise: scale(COST, 1.1), lambda rise: (month >= 5) & (month <= 5 + 12 * rise)
    ),
}
"""Builds of shocks that are something where `rise` is 0."""

BESIDES = {
    "by another parameter": (
        one(lambda rise, other: scale(COST, 1 + rise + other)),
        ShockParameter("other", 0.0, "fraction", 0, 1),
    ),
    "at a limit of another": (
        one(lambda rise, other: scale(COST, 1 + rise + maximum(0, other - 0.9))),
        ShockParameter("other", 0.1, "fraction", 0, 1),
    ),
    "between the limits of another": (
        one(lambda rise, other: scale(COST, 1 + rise + other * (1 - other))),
        ShockParameter("other", 0.0, "fraction", 0, 1),
    ),
    "by a name": (
        one(lambda rise, other: scale(COST, 1 + rise + (0 if other == "lab" else 0.1))),
        ShockParameter("other", "lab", "text"),
    ),
    "at a value that is not neutral": (
        one(lambda rise, other: scale(COST, 1 + rise - other)),
        ShockParameter("other", 0.5, "fraction", 0, 1, neutral=0.25),
    ),
}
"""The same with a parameter besides."""


def test_there_are_more_than_twice_eleven_kinds():
    assert len(NOT_NEUTRAL) + len(BESIDES) > 30


@pytest.mark.parametrize("kind", [*NOT_NEUTRAL, *BESIDES])
def test_what_is_something_at_its_neutral_values_is_told(kind):
    build, *besides = BESIDES.get(kind, (NOT_NEUTRAL.get(kind),))
    breach = moved_at_neutral(Shock("lie", "A lie", build, (RISE, *besides)), 'shock "lie"')
    assert breach is not None
    assert (breach.law, breach.record) == (laws.NEUTRAL, 'shock "lie"')
    assert "rise=0" in breach.setting[0]
    assert " of rule lie" in breach.what


NEUTRAL = {
    "a payment of nothing": one(lambda rise: pay("a", "b", rise * company("a").cash)),
    "a fleet of which nothing passes": one(
        lambda rise: transfer(fleet("a"), fleet("b"), share=rise, price=rise * company("a").fleet_value)
    ),
    "a scale": one(lambda rise: scale(COST, 1 + rise)),
    "a share": one(lambda rise: scale(COST, (1 - rise) * (1 + rise))),
    "an amount": one(lambda rise: add(COST, rise * COST)),
    "a power": one(lambda rise: scale(COST, (1 + rise) ** (month / number(12, "months")))),
    "an exponential": one(
        lambda rise: scale(COST, exp(log(1 - rise) * minimum(month / number(12, "months"), 3)))
    ),
    "a switch": one(lambda rise: scale(COST, where(market.gpu_index > 2, 1 + rise, 1 - rise))),
    "a chance": one(lambda rise: scale(COST, 2), chance),
    "a time of no months": one(
        lambda rise: set_to(market.funding, "shut"), lambda rise: (month >= 4) & (month < 4 + 9 * rise)
    ),
    "the same, from the other side": one(
        lambda rise: set_to(market.funding, "shut"),
        lambda rise: (number(4, "month") <= month) & (4 + 9 * rise > month),
    ),
    "the same, moved": one(
        lambda rise: scale(COST, 2), lambda rise: (month - 4 >= 0) & (month - 4 < 9 * rise)
    ),
    "a sum of nothing": one(lambda rise: add(company("lab").cash, (rise * companies().cash).sum())),
    "a fall": one(
        lambda rise: scale(segments(may_be_empty=True).revenue, 1 - minimum(rise, 0.9)), hold=for_good()
    ),
    "a part of what is": one(
        lambda rise: add(
            stakes(may_be_empty=True).payout, rise * (1 - stakes(may_be_empty=True).stated.payout)
        )
    ),
}
"""Builds of shocks that are nothing where `rise` is 0."""


@pytest.mark.parametrize("kind", NEUTRAL)
def test_what_is_nothing_at_its_neutral_values_passes(kind):
    assert moved_at_neutral(Shock("calm", "Calm", NEUTRAL[kind], (RISE,)), 'shock "calm"') is None


START = number({"low": 1, "value": 2, "high": 30}, "month", name="start")
ANY = number({"low": 1, "value": 2, "high": 30}, "month")

X = companies().cash
FOLDED = {
    "0 times all": (0 * X, 0.0),
    "0 by all": (0 / X, 0.0),
    "all by 0": (X / number(0, "USD"), None),
    "itself less itself": (X - companies().cash, 0.0),
    "to the power of 0": ((X / number(1, "USD")) ** 0, 1.0),
    "a number by 0": (number(3) / 0, 0.0),
    "of less than 0 the logarithm": (log(number(-1)), -690.7755278982137),
    "too large a power": (exp(number(1000)), None),
    "a change of a number": (number(3).change(2), 0.0),
    "a number before": (number(3).lag(2), 3.0),
    "the count of what is never": ((X > X).count(), None),
    "luck less luck": (where(chance(0.5), 1, 0) - where(chance(0.5), 1, 0), None),
    "not": (~(number(1) < 2), False),
    "or": ((X < 0).any() | (number(1) < 2), True),
    "and": ((X < 0).any() & (number(1) > 2), False),
    "months that do not meet": ((month > 5) & (month < 5), False),
    "months that meet": ((month >= 5) & (month <= 5), None),
    "a month between": ((month > 5) & (month < 6), False),
    "no months after any": ((month >= START) & (month < START + 0), False),
    "no months after any, the other way": ((START <= month) & (month - 2 < START - 2), False),
    "before it begins": ((month > START + 1) & (month <= START), False),
    "a month after any": ((month >= START) & (month <= START), None),
    "after one and before another": ((month >= ANY) & (month < ANY), None),
    "before the first": ((month < 1) & (X > 0).any(), False),
    "a month that is two": ((month == 5) & ((month == 6) & (X > 0).any()), False),
}


@pytest.mark.parametrize("kind", FOLDED)
def test_expressions_are_folded(kind):
    expression, value = FOLDED[kind]
    assert folded(expression) == value
    assert (folded(expression) is None) == (value is None)


def test_a_long_sum_is_folded():
    total = number(0.0)
    for _ in range(5000):
        total = total + 1
    assert folded(total) == 5000.0
    assert moves(Rule("r", True, scale(COST, total / 5000))) == ""
