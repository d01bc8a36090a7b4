"""Notes on figures in another unit than the field's."""

import functools
import math
from collections.abc import Iterator

import numpy as np

from cashcade.world.kinds import SECTIONS
from cashcade.world.notes.noted import Noted, usd
from cashcade.world.notes.start import Start, ratio
from cashcade.world.parameter import parameters_of
from cashcade.world.record import Record

STEEP = 3.0
"""Yearly growth above which a note is due: 20-fold, for growth is logarithmic."""

CHEAP = 0.25
"""Post-money value over yearly revenue below which the revenue may be that of a year."""

FAST = 0.5
"""Capex of a month over the cost of a fleet above which it may be that of a year."""

SCALE = 1e-3
"""Revenue over fixed cost below which it may be in thousands or millions."""

TOTALS = frozenset({"total", "totals", "sum", "subtotal", "grand total"})
"""Words that stand before the totals of a table."""

YEAR = (8.0, 16.0)
"""Ratios at which a commitment may be the use of a year."""


def other_scale(start: Start) -> Iterator[Noted]:
    """Yield segments that sell next to nothing beside the fixed cost of their seller."""
    revenue = start.number("segment", "revenue")
    cost = start.number("company", "fixed_cost")[start.link("segment", "seller")]

    def said(place: int, _field: str) -> tuple[str, str]:
        given = f"{usd(revenue[place])} a month, beside a fixed cost of {usd(cost[place])}"
        return given, "Amounts are in dollars: is this one in thousands or millions?"

    yield start.noted("segment", {"revenue": (revenue > 0) & (revenue < SCALE * cost)}, said)


def row_of_totals(start: Start) -> Iterator[Noted]:
    """Yield companies that are called as a row of totals is."""
    companies = start.kinds["company"]
    called = zip(companies.names, companies.text("name"), strict=True)
    totals = [not TOTALS.isdisjoint((own.casefold(), (name or "").casefold())) for own, name in called]

    def said(place: int, _field: str) -> tuple[str, str]:
        return f'"{companies.name(place)}"', "Is it the last row of a spreadsheet? Then take it out."

    yield start.noted("company", {"id": np.array(totals)}, said)


def steep_growth(start: Start) -> Iterator[Noted]:
    """Yield growth and trends above 3 a year, which is 20-fold."""
    for section, model in SECTIONS.items():
        fields = _growth(model)
        if fields:
            yield _steep(start, section, fields)


def _steep(start: Start, section: str, fields: tuple[str, ...]) -> Noted:
    rates = {field: start.number(section, field) for field in fields}

    def said(place: int, field: str) -> tuple[str, str]:
        rate = rates[field][place]
        given = f"{rate:.3g} a year, which is {math.exp(rate):.3g}-fold, for growth is logarithmic"
        return given, f"To grow by {rate:.0%} a year write {math.log1p(rate):.3g}."

    return start.noted(section, {field: each > STEEP for field, each in rates.items()}, said)


@functools.cache
def _growth(kind: type[Record]) -> tuple[str, ...]:
    """Return the fields of a record that hold growth or a trend; they are spelled alike in files."""
    rates = (field for field, parameter in parameters_of(kind).items() if parameter.unit == "1/year")
    return tuple(field for field in rates if "growth" in field or "trend" in field)


def cost_above_revenue(start: Start) -> Iterator[Noted]:
    """Yield companies that lose on every dollar they sell."""
    costs = start.number("company", "variable_cost")

    def said(place: int, _field: str) -> tuple[str, str]:
        cost = costs[place]
        look = f"It is a share of revenue: is it {cost / 100:.3g}, or part of the fixed cost?"
        return f"{cost:.3g} dollars of cost for each dollar of revenue", look

    yield start.noted("company", {"variable_cost": costs > 1}, said)


def yearly_revenue(start: Start) -> Iterator[Noted]:
    """Yield companies whose revenue of a year is far above the value of their last round."""
    values, revenues = start.number("company", "last_valuation"), start.revenue

    def said(place: int, _field: str) -> tuple[str, str]:
        value, revenue = values[place], revenues[place]
        times = f"{12 * revenue / value:.3g} times as much in a year"
        given = f"{usd(value)}, but revenue is {usd(revenue)} a month, {times}"
        return given, "Revenue and use are those of a month: is it that of a year?"

    cheap = (values > 0) & (values < CHEAP * 12 * revenues)
    yield start.noted("company", {"last_valuation": cheap}, said)


def yearly_capex(start: Start) -> Iterator[Noted]:
    """Yield fleets that would double within two months."""
    cost, capex = start.number("fleet", "cost"), start.number("fleet", "capex")

    def said(place: int, _field: str) -> tuple[str, str]:
        share = f"{capex[place] / cost[place]:.3g}"
        return (
            f"{usd(capex[place])} a month, {share} of all that the fleet cost",
            "Is it the capex of a year?",
        )

    yield start.noted("fleet", {"capex": (cost > 0) & (cost < capex / FAST)}, said)


def yearly_commitment(start: Start) -> Iterator[Noted]:
    """Yield contracts whose commitment of a month is about the use of a year."""
    owed = start.commitment
    times = ratio(owed, start.number("contract", "usage"))

    def said(place: int, _field: str) -> tuple[str, str]:
        given = f"{usd(owed[place])} a month, {times[place]:.3g} times the usage of a month"
        return given, "Is it the commitment of a year?"

    yield start.noted("contract", {"commitments": (times >= YEAR[0]) & (times <= YEAR[1])}, said)
