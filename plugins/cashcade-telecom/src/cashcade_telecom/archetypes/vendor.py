"""A vendor of network equipment."""

from collections.abc import Iterator

from cashcade.archetype import Archetype, Given, Input, Part, assumed

from cashcade_telecom import structure

DOC = """
A vendor of network equipment. `outside` is what it sells to customers outside the world; what networks of the
world order from it comes on top, month by month. Demand from outside grows, fades and swings as that of the
chip maker in the world ai-2025-08. A part of the cost that does not follow sales can be cut, as far as boards
of AI companies would. It lends to carriers through loans of the world, out of its cash.
"""

INPUTS = (
    Input("outside", "USD/month", "Revenue from customers outside the world, month before the start."),
    Input("sales", "USD/month", "All revenue of the month before the start, orders of the world included."),
    Input(
        "liquid",
        "USD",
        "Cash and what banks had promised.",
    ),
    Input(
        "variable_cost_of_revenue",
        "fraction",
        "Cost of goods, tax and working capital per dollar of revenue.",
        assumed(0.62, 0.55, 0.68, "One less gross margins of 40 to 45 %, and what receivables take."),
        high=10.0,
    ),
    Input(
        "overhead",
        "fraction",
        "Research, sales and administration per dollar of today's sales.",
        assumed(0.3, 0.25, 0.35, "Research was an eighth of sales, selling and administration a fifth."),
        high=10.0,
    ),
)


def derive(given: Given) -> Iterator[Part]:
    """Return the vendor and its demand outside the world."""
    overhead = given["sales"].middle() * given["overhead"]
    company = {
        "tags": ["vendor"],
        "cash": given["liquid"],
        "fixed_cost": overhead * 0.5,
        "discretionary_cost": overhead.middle() * 0.5,
        "variable_cost": given["variable_cost_of_revenue"],
        **structure.alike("company", "openai", "burn_cut_runway", "burn_cut_floor"),
        **structure.alike(
            "company", "oracle", "round_runway", "round_months", "round_share", "growth_premium"
        ),
        "valuation_multiple": assumed(3, 1.5, 5, "Lucent and Nortel in September 2000: 3 to 5 times sales."),
        **structure.alike("company", structure.VENDOR, *structure.STAFF),
        "default_cost": structure.same("company", "oracle", "default_cost"),
        "payout": assumed(0.3, 0.0, 0.6, "Dividends and buybacks; not in the data."),
    }
    yield Part("company", "company", company)
    fields = ("growth", "growth_long", "growth_half_life", "volatility", "common_loading", "elasticity")
    demand = structure.alike("segment", structure.VENDOR_DEMAND, *fields, "adjust_months")
    moves = structure.process(structure.VENDOR_DEMAND, *structure.BREAKS, "wealth_loading")
    outside = {"seller": given.id, "revenue": given["outside"], **demand, **moves}
    yield Part("elsewhere", "segment", outside)


VENDOR = Archetype(
    name="equipment-vendor",
    title="Vendor of network equipment",
    doc=DOC,
    inputs=INPUTS,
    derive=derive,
    example={"outside": 1e9, "sales": 2.4e9, "liquid": 5e9},
)
