"""Notes on figures in another unit than the field's."""

import functools
import math
from collections.abc import Iterator

from cashcade.world.contract import Contract
from cashcade.world.fleet import Fleet
from cashcade.world.notes.start import Note, Start, first_month, number, place, usd
from cashcade.world.parameter import parameters_of
from cashcade.world.record import Record
from cashcade.world.segment import Segment

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


def other_scale(start: Start) -> Iterator[Note]:
    """Yield segments that sell next to nothing beside the fixed cost of their seller."""
    fixed = {company.id: number(company.fixed_cost) for company in start.companies}
    for segment in start.all("segment", Segment):
        revenue, cost = number(segment.revenue), fixed[segment.seller]
        if 0 < revenue < SCALE * cost:
            given = f"{usd(revenue)} a month, beside a fixed cost of {usd(cost)}"
            look = "Amounts are in dollars: is this one in thousands or millions?"
            yield Note("other_scale", place("segment", segment, "revenue"), given, look)


def row_of_totals(start: Start) -> Iterator[Note]:
    """Yield companies that are called as a row of totals is."""
    for company in start.companies:
        if {company.id.casefold(), (company.name or "").casefold()} & TOTALS:
            look = "Is it the last row of a spreadsheet? Then take it out."
            yield Note("row_of_totals", place("company", company, "id"), f'"{company.id}"', look)


def steep_growth(start: Start) -> Iterator[Note]:
    """Yield growth and trends above 3 a year, which is 20-fold."""
    for section, entries in start.sections.items():
        for entry in entries:
            for field in _growth(type(entry)):
                rate = number(getattr(entry, field))
                if rate > STEEP:
                    given = (
                        f"{rate:.3g} a year, which is {math.exp(rate):.3g}-fold, for growth is logarithmic"
                    )
                    look = f"To grow by {rate:.0%} a year write {math.log1p(rate):.3g}."
                    yield Note("steep_growth", place(section, entry, field), given, look)


@functools.cache
def _growth(kind: type[Record]) -> tuple[str, ...]:
    """Return the fields of a record that hold growth or a trend; they are spelled alike in files."""
    rates = (field for field, parameter in parameters_of(kind).items() if parameter.unit == "1/year")
    return tuple(field for field in rates if "growth" in field or "trend" in field)


def cost_above_revenue(start: Start) -> Iterator[Note]:
    """Yield companies that lose on every dollar they sell."""
    for company in start.companies:
        cost = number(company.variable_cost)
        if cost > 1:
            given = f"{cost:.3g} dollars of cost for each dollar of revenue"
            look = f"It is a share of revenue: is it {cost / 100:.3g}, or part of the fixed cost?"
            yield Note("cost_above_revenue", place("company", company, "variable_cost"), given, look)


def yearly_revenue(start: Start) -> Iterator[Note]:
    """Yield companies whose revenue of a year is far above the value of their last round."""
    for company in start.companies:
        value, revenue = number(company.last_valuation), start.revenue[company.id]
        if 0 < value < CHEAP * 12 * revenue:
            times = f"{12 * revenue / value:.3g} times as much in a year"
            given = f"{usd(value)}, but revenue is {usd(revenue)} a month, {times}"
            look = "Revenue and use are those of a month: is it that of a year?"
            yield Note("yearly_revenue", place("company", company, "last_valuation"), given, look)


def yearly_capex(start: Start) -> Iterator[Note]:
    """Yield fleets that would double within two months."""
    for fleet in start.all("fleet", Fleet):
        cost, capex = number(fleet.cost), number(fleet.capex)
        if 0 < cost < capex / FAST:
            given = f"{usd(capex)} a month, {capex / cost:.3g} of all that the fleet cost"
            yield Note("yearly_capex", place("fleet", fleet, "capex"), given, "Is it the capex of a year?")


def yearly_commitment(start: Start) -> Iterator[Note]:
    """Yield contracts whose commitment of a month is about the use of a year."""
    for contract in start.all("contract", Contract):
        usage, owed = number(contract.usage), first_month(contract)
        if usage > 0 and YEAR[0] <= owed / usage <= YEAR[1]:
            given = f"{usd(owed)} a month, {owed / usage:.3g} times the usage of a month"
            look = "Is it the commitment of a year?"
            yield Note("yearly_commitment", place("contract", contract, "commitments"), given, look)
