"""Hypothesis strategies: companies, rules, shocks and exit scenarios, for any world with companies."""

from typing import Any

from hypothesis import strategies as st

from cashcade.rules import (
    Buyer,
    Condition,
    Door,
    Entities,
    ExitScenario,
    Hold,
    PricingShock,
    Rule,
    Shock,
    ShockParameter,
    Value,
    buyer,
    chance,
    for_months,
    market,
    minimum,
    month,
    once,
    scale,
    target,
    while_true,
)
from cashcade.rules import companies as all_companies
from cashcade.rules.actions import Action
from cashcade.rules.vocabulary import EFFECTS, levers
from cashcade.testing.strategies import fields, steps
from cashcade.world import Company

PRICE = "list_level"
"""A price that every company has."""

SCALED = tuple(
    sorted(
        name
        for name, row in levers("company").items()
        if row.source == "parameter" and row.unit.startswith(("USD", "fraction", "1"))
    )
)
"""Levers of companies that may be multiplied."""

NAMES = st.sampled_from(["alpha", "beta", "gamma", "delta"])


@st.composite
def companies(
    draw: st.DrawFn,
    *,
    id: str | None = None,  # noqa: A002 - its field
    noise: bool = True,
    ranges: bool = False,
) -> Company:
    """Return companies that can stand alone.

    Parameters
    ----------
    id
        By default one of a few names.
    noise
        Whether volatilities and chances may be above zero.
    ranges
        Whether numbers may be ranges.
    """
    name = id or draw(NAMES, label="id")
    said: dict[str, Any] = draw(fields(Company, name, noise=noise, ranges=ranges), label=name)
    return Company(id=name, **said)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """Return conditions that every world has an answer to."""
    kind = draw(st.sampled_from(["month", "funding", "chance", "runway"]), label="condition")
    if kind == "month":
        return month >= draw(st.integers(1, 24), label="from month")
    if kind == "funding":
        regime = draw(st.sampled_from(["open", "normal", "shut"]), label="funding")
        return _condition(market.funding == regime)
    if kind == "chance":
        return chance(draw(steps(0, 1), label="chance"))
    return (_value(all_companies(), "runway") < draw(steps(0, 36), label="runway")).any()


@st.composite
def rules(draw: st.DrawFn, *, name: str | None = None) -> Rule:
    """Return rules on levers of all companies, which every world has.

    Parameters
    ----------
    name
        By default one of a few names.
    """
    named = name or draw(NAMES, label="name of the rule")
    count = draw(st.integers(1, 2), label="number of actions")
    actions = [draw(_actions(), label=f"action {place}") for place in range(1, count + 1)]
    holds: st.SearchStrategy[Hold] = st.one_of(
        st.just(while_true()), st.just(once()), st.integers(1, 12).map(for_months)
    )
    return Rule(
        named,
        draw(conditions(), label="when"),
        actions,
        hold=draw(holds, label="hold"),
        delay=draw(st.integers(0, 6), label="delay"),
        again=draw(st.booleans(), label="again"),
    )


@st.composite
def shocks(draw: st.DrawFn, *, pricing: bool = False) -> Shock:
    """Return shocks of one rule whose size is a parameter, neutral at 0.

    Parameters
    ----------
    pricing
        Whether they move prices only.
    """
    name = draw(NAMES, label="name of the shock")
    lever = PRICE if pricing else draw(st.sampled_from(SCALED), label="lever")
    when = draw(conditions(), label="when")

    def build(rise: Any) -> Rule:  # noqa: ANN401 - a number or an expression
        return Rule("move", when, scale(_value(all_companies(), lever), 1 + rise))

    usual = draw(steps(-0.5, 1), label="rise")
    size = ShockParameter("rise", usual, "fraction", -0.5, 1, "By how much.", 0.0)
    kind = PricingShock if pricing else Shock
    return kind(name, f"{lever} moves", build, (size,))


@st.composite
def exit_scenarios(draw: st.DrawFn) -> ExitScenario:
    """Return exit scenarios of up to two doors, which every world has companies for."""
    name = draw(NAMES, label="name of the exit scenario")
    effects = draw(st.lists(st.sampled_from(EFFECTS), max_size=2, unique=True), label="effects")
    return ExitScenario(name, "Some doors", tuple(draw(_doors(effect), label=effect) for effect in effects))


@st.composite
def _doors(draw: st.DrawFn, effect: str) -> Door:
    hazard = draw(steps(0, 1), label="hazard")
    opens = _value(target, "runway") < draw(steps(0, 60), label="runway")
    buyers: tuple[Buyer, ...] = ()
    if effect in {"acquire", "licence"}:
        part = draw(steps(0, 1), label="part of the buyer's cash")
        buyers = (Buyer(all_companies(), minimum(part * _value(buyer, "cash"), target.valuation)),)
    price = 0.5 * _value(target, "valuation") if buyers else None
    return Door(
        effect, of=all_companies(), effect=effect, opens=opens, hazard=hazard, price=price, buyers=buyers
    )


@st.composite
def _actions(draw: st.DrawFn) -> Action:
    lever = draw(st.sampled_from(SCALED), label="lever")
    return scale(_value(all_companies(), lever), draw(steps(0, 2), label="factor"))


def _value(entities: Entities, name: str) -> Value:
    """Give a variable that is a number."""
    value = getattr(entities, name)
    if not isinstance(value, Value):
        raise TypeError(value)
    return value


def _condition(given: object) -> Condition:
    if not isinstance(given, Condition):
        raise TypeError(given)
    return given
