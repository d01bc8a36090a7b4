"""Plugins with one fault each, and one without."""

import itertools

from cashcade.archetype import Archetype, Input, Part
from cashcade.hookspecs import hookimpl
from cashcade.rules import (
    Buyer,
    Door,
    ExitScenario,
    PricingShock,
    Rule,
    Scenario,
    Shock,
    ShockParameter,
    add,
    buyer,
    chance,
    companies,
    company,
    contracts,
    exp,
    market,
    minimum,
    month,
    number,
    once,
    scale,
    segment,
    set_to,
    target,
)

APPS = companies(tag="app")


def plugin(hook, *records):
    """An object that brings records by one hook."""
    return type("Faulty", (), {hook: hookimpl(lambda self: records if self else ())})()


def shocks(*records):
    return plugin("cashcade_shocks", *records)


def shock(name, build, *parameters):
    return Shock(name, "A shock", build, parameters)


def neutral_is_not_neutral():
    """At a rise of 0 prices rise all the same."""

    def build(rise):
        return Rule("price", True, scale(companies().fixed_cost, 1.01 + rise))

    return shocks(shock("rise", build, ShockParameter("rise", 0.3, "fraction", 0, 1, neutral=0.0)))


def unit_slip():
    """The parameter says it is a yearly amount and is added to a monthly one."""

    def build(cost):
        return Rule("cost", month >= 3, add(company("lab").fixed_cost, cost))

    return shocks(shock("cost", build, ShockParameter("cost", 12e6, "USD", 0, 1e9)))


def nondeterministic_hook():
    """Each call brings another title and size."""
    count = itertools.count(1)

    class Faulty:
        @hookimpl
        def cashcade_shocks(self):
            size = next(count)
            yield Shock(
                "gift",
                "A gift",
                lambda amount: Rule("gift", True, add(company("lab").cash, amount)),
                (ShockParameter("amount", size, "USD"),),
            )

    return Faulty()


def nondeterministic_build():
    """Each build gives another size."""
    count = itertools.count(1)
    return shocks(shock("gift", lambda: Rule("gift", True, add(company("lab").cash, next(count) * 1e6))))


def order_dependence():
    """What one shock gives depends on which was built before it."""
    built = []

    def build(name):
        def rules():
            built.append(name)
            return Rule(name, True, scale(companies().fixed_cost, 1.1 if built[-2:-1] == ["b"] else 1.2))

        return rules

    return shocks(shock("a", build("a")), shock("b", build("b")), shock("c", build("c")))


def probability_above_one():
    """The chance grows with the month and nothing holds it."""
    when = chance(month / number(12, "month"))
    return shocks(shock("storm", lambda: Rule("storm", when, scale(APPS.fixed_cost, 1.1))))


def hazard_above_one():
    """The hazard of a company that is short of cash is no chance."""
    hazard = number(6, "months") / (target.runway + number(1, "months"))
    door = Door("sale", of=APPS, effect="wind_down", hazard=hazard)
    return plugin("cashcade_exit_scenarios", ExitScenario("rush", "A rush", door))


def share_above_one():
    """The part that a listing sells grows with the month and nothing holds it."""
    door = Door("listing", of=APPS, effect="list", hazard=0.1, share=month / number(12, "month"))
    return plugin("cashcade_exit_scenarios", ExitScenario("float", "A float", door))


def price_below_zero():
    """What is asked is what is left after debts that nobody looked at."""
    price = target.cash - number(1e8, "USD")
    door = Door("sale", of=APPS, effect="acquire", hazard=0.1, price=price, buyers=Buyer("capital", 1e9))
    return plugin("cashcade_exit_scenarios", ExitScenario("gift", "A gift", door))


def price_below_zero_behind_a_closed_door():
    """No fault: where the price would be below zero the door is closed."""
    left = target.cash - number(1e8, "USD")
    door = Door(
        "sale",
        of=APPS,
        effect="acquire",
        opens=left > 0,
        hazard=0.1,
        price=left,
        buyers=Buyer("capital", 1e12),
    )
    return plugin("cashcade_exit_scenarios", ExitScenario("rest", "The rest", door))


def nan_amount():
    """An amount that is no number in the month in which a price is 0."""
    return shocks(
        shock("gift", lambda: Rule("gift", month >= 3, add(company("lab").cash, 1e6 * float("nan"))))
    )


def contradiction():
    """Two rules of one shock set one lever to different values where they overlap."""

    def build():
        yield Rule("low", month >= 3, set_to(companies().minimum_cash, 1e6))
        yield Rule("high", month >= 9, set_to(companies().minimum_cash, 2e6))

    return shocks(shock("reserves", build))


def fails_within_limits():
    """A size that its limits allow cannot be built."""

    def build(share):
        return Rule("luck", chance(2 * share), scale(companies().fixed_cost, 1.1))

    return shocks(shock("luck", build, ShockParameter("share", 0.2, "fraction", 0, 1)))


def archetype(derive, *more):
    record = Archetype(
        "kiosk",
        "A kiosk",
        "Sells things.",
        (Input("revenue", "USD/month", "Sales."), *more),
        derive,
        example={"revenue": 1e6} | {one.name: 0.2 for one in more},
    )
    return plugin("cashcade_archetypes", record)


def archetype_counts_in_other_money():
    """Cost has a fixed number of dollars, taken for millions."""
    return archetype(
        lambda given: [Part("company", "company", {"cash": 3 * given["revenue"], "fixed_cost": 1.5})]
    )


def archetype_with_a_mood():
    """Two derivations from one input differ."""
    count = itertools.count(1)

    def derive(given):
        yield Part("company", "company", {"cash": next(count) * given["revenue"]})

    return archetype(derive)


def archetype_below_zero():
    """Kiosks with good margins have costs below zero."""

    def derive(given):
        cost = given["revenue"] * (1 - 2 * given["margin"])
        yield Part("company", "company", {"cash": 3 * given["revenue"], "fixed_cost": cost})

    return archetype(derive, Input("margin", "fraction", "What is left of sales.", low=0.0, high=1.0))


def sound():
    """A plugin that does all it may, and is in order."""

    def price(rise, seller, start):
        yield Rule("price", month >= start, scale(company(seller).list_level, 1 + rise))
        yield Rule("level", month >= start, scale(contracts(supplier=seller).level, 1 + rise / 2))

    def rescue(help_):
        yield Rule("rescue", company("kiosk").runway < 6, add(company("kiosk").cash, help_), hold=once())
        yield Rule("demand", segment("kiosk").revenue > 0, scale(segment("kiosk").revenue, 1.1))

    hike = PricingShock(
        "hike",
        "A supplier raises prices",
        price,
        (
            ShockParameter("rise", 0.3, "fraction", 0, 2, neutral=0.0),
            ShockParameter("seller", "lab", "text"),
            ShockParameter("start", 6, "month", 1, 60),
        ),
    )
    help_ = Shock("help", "Help", rescue, (ShockParameter("help_", 1e6, "USD", 0, 1e9),))
    sale = Door(
        "sale",
        of=APPS,
        effect="acquire",
        opens=target.runway < 9,
        hazard=minimum(1, 1 / (1 + target.runway / number(6, "months"))),
        price=0.5 * target.valuation,
        buyers=Buyer(companies(archetype="giant"), minimum(0.1 * buyer.cash, target.valuation)),
    )

    class Sound:
        @hookimpl
        def cashcade_pricing_shocks(self):
            return [hike]

        @hookimpl
        def cashcade_shocks(self):
            return [help_]

        @hookimpl
        def cashcade_exit_scenarios(self):
            return [ExitScenario("bargains", "Bargains", sale)]

        @hookimpl
        def cashcade_scenarios(self):
            storm = Rule("storm", chance(0.1) & (market.funding == "shut"), scale(APPS.fixed_cost, 1.2))
            yield Scenario("hard", "All of it", [hike(rise=1.0), "help"], "bargains", [storm])

        @hookimpl
        def cashcade_archetypes(self):
            yield Archetype(
                "kiosk",
                "A kiosk",
                "Sells things.",
                (Input("revenue", "USD/month", "Sales."),),
                lambda given: [Part("company", "company", {"cash": 3 * given["revenue"]})],
                example={"revenue": 1e6},
            )

    return Sound()


def revival():
    """Tries to bring back the dead with cash, every month."""
    return shocks(shock("revive", lambda: Rule("revive", companies().failed, add(companies().cash, 1e9))))


def theft():
    """Takes more cash than there is, every month."""
    return shocks(shock("theft", lambda: Rule("theft", month >= 2, add(companies().cash, -1e15))))


def runaway_amount():
    """The exponential of a month outgrows every number."""
    growth = exp(month * month / number(0.1, "month") / number(1, "month"))
    return shocks(shock("runaway", lambda: Rule("runaway", True, scale(companies().cash, growth))))
