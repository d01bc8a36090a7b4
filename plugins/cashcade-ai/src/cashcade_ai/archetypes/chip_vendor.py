"""A designer of accelerators."""

from collections.abc import Iterator

from cashcade.archetype import Archetype, Given, Input, Part, assumed, sourced

from cashcade_ai.archetypes.common import companyfacts, growth

DOC = """
A public company that designs accelerators and has them made.

`revenue` is what it sells to customers outside the world; what fleets of the world order from it (`orders`)
comes on top, month by month. Cost per dollar follows from the gross margin, with tax and working capital;
research and staff are fixed. Most of what is earned goes to shareholders. Inventory and prepaid supply are
not modelled: a slump shows in sales at once and in cost only as far as cost varies.
"""

NVIDIA = "nvidia"
CITATIONS = (companyfacts(NVIDIA, "Nvidia", 1045810, "2025-07-27"),)

INPUTS = (
    Input("revenue", "USD/month", "Revenue from customers outside the world in the month before the start."),
    Input(
        "variable_cost_of_revenue",
        "fraction",
        "Cost of goods, tax and working capital per dollar of revenue.",
        sourced(0.42, 0.34, 0.5, NVIDIA, "One less a gross margin of 0.72, tax, and what inventory took."),
        high=10.0,
    ),
    Input(
        "research",
        "fraction",
        "Research, sales and administration per dollar of today's revenue.",
        assumed(
            0.1,
            0.08,
            0.12,
            "Operating cost in cash over 15.6 billion a month; an allocation of reported cost.",
        ),
        high=10.0,
    ),
    Input(
        "cash_months",
        "months",
        "Cash and securities over monthly revenue.",
        sourced(3.6, 2.5, 4.5, NVIDIA, "56.8 billion over 15.6 a month."),
        high=1200.0,
    ),
    Input(
        "capex_of_revenue",
        "fraction",
        "Own capex per dollar of revenue.",
        sourced(0.04, 0.02, 0.06, NVIDIA, "1.9 of 46.7 billion in the quarter."),
        high=10.0,
    ),
)


def derive(given: Given) -> Iterator[Part]:
    """Return the vendor, its demand outside the world and its own plant."""
    revenue = given["revenue"].middle()
    company = {
        "tags": ["vendor", "public"],
        "cash": revenue * given["cash_months"],
        "fixed_cost": revenue * given["research"],
        "fixed_cost_growth": assumed(0.3, 0.1, 0.45, "Operating cost guided to rise with sales."),
        "variable_cost": given["variable_cost_of_revenue"],
        "payout": assumed(0.85, 0.6, 1.0, "9.7 billion of buybacks in the quarter, 14.1 in the one before."),
        "minimum_cash": revenue * assumed(2, 1.3, 3, "months kept against purchase commitments"),
        "price_trend": assumed(0, -0.15, 0.1, "Prices per chip rose with generations and fell with age."),
        "default_cost": assumed(0.15, 0.13, 0.31, "As in a workout; such a company would be sold whole."),
    }
    demand = {
        "seller": given.id,
        "revenue": given["revenue"],
        **growth(
            assumed(0.35, -0.3, 0.6, "Sales grew by 56 % over the year; a cut of plans is the low end."),
            assumed(0.05, -0.3, 0.2, "From a bust as in telecom to steady growth."),
            assumed(15, 8, 30, "How long the plans of 2025 carry."),
            assumed(0.2, 0.1, 0.35, "Orders swing more than demand."),
        ),
        "common_loading": assumed(1.5, 1.0, 2.5, "Investment swings more than what it serves."),
        "elasticity": assumed(0.3, 0.0, 0.8, "Buyers compared generations, not prices."),
        "ai_share": assumed(0, 0, 0, "Chips are AI investment, not AI revenue."),
    }
    plant = {
        "owner": given.id,
        "class": "gpu",
        "cost": revenue
        * given["capex_of_revenue"].middle()
        * assumed(14.5, 12, 20, "months of capex in net plant"),
        "age_span": assumed(24, 18, 36, "Half of it was bought in the last two years."),
        "book_life": assumed(60, 36, 72, "Three to six years."),
        "economic_life": assumed(48, 24, 84, "Two to seven years are argued for; four in the middle."),
        "capex": revenue * given["capex_of_revenue"],
        "committed": assumed(0.3, 0.1, 0.5, "Purchase orders in hand."),
        "ai_share": assumed(0.8, 0.6, 0.95, "Most of it serves AI systems."),
    }
    yield Part("company", "company", company)
    yield Part("sales", "segment", demand)
    yield Part("plant", "fleet", plant)


CHIP_VENDOR = Archetype(
    name="chip-vendor",
    title="Chip vendor",
    doc=DOC,
    inputs=INPUTS,
    derive=derive,
    example={"revenue": 1.558e10},
    citations=CITATIONS,
)
