"""A cloud giant."""

from collections.abc import Iterator

from cashcade.archetype import Archetype, Figure, Given, Input, Part, Party, assumed, sourced

from cashcade_ai.archetypes.common import companyfacts, growth

DOC = """
A public company with an established business that pays for its data centres out of its cash flow.

Operating cash flow is `margin` of revenue before capex, capex is `capex_of_revenue`; both as the four
giants and Oracle reported them for mid-2025. What is left above the cash it keeps goes to shareholders. The
fleet at the start is `fleet_months` of today's capex. Chips are ordered from the `vendor` if one is named.
`debt` in bonds without collateral, if any, is owed to the public market. Investors lose patience when AI
capex of the whole world runs too far ahead of its AI revenue; the plan is then cut.

Revenue is one segment; split it, by naming more segments in the world, where the cloud matters by itself.
"""

MICROSOFT, ALPHABET, AMAZON, META, ORACLE = "microsoft", "alphabet", "amazon", "meta", "oracle"
CITATIONS = (
    companyfacts(MICROSOFT, "Microsoft", 789019, "2025-06-30"),
    companyfacts(ALPHABET, "Alphabet", 1652044, "2025-06-30"),
    companyfacts(AMAZON, "Amazon", 1018724, "2025-06-30"),
    companyfacts(META, "Meta Platforms", 1326801, "2025-06-30"),
    companyfacts(ORACLE, "Oracle", 1341439, "2025-08-31"),
)

INPUTS = (
    Input("revenue", "USD/month", "Revenue of the month before the start."),
    Input(
        "margin",
        "fraction",
        "Cash from operations before capex per dollar of revenue.",
        Figure(
            0.4,
            0.18,
            0.55,
            "Amazon 0.18 in the year to June 2025, Alphabet 0.29 to 0.4, Microsoft and Meta 0.48 to 0.56.",
            (ALPHABET, AMAZON, MICROSOFT, META),
        ),
        high=1.0,
    ),
    Input(
        "capex_of_revenue",
        "fraction",
        "Cash capex per dollar of revenue.",
        Figure(
            0.24,
            0.19,
            0.35,
            "Amazon 0.19, Microsoft 0.22, Alphabet 0.23, Meta 0.35 in a quarter; Oracle, beyond it, 0.57.",
            (ALPHABET, AMAZON, MICROSOFT, META, ORACLE),
        ),
        high=10.0,
    ),
    Input(
        "cash_months",
        "months",
        "Cash and securities over monthly revenue.",
        Figure(
            3,
            1.7,
            3.7,
            "Amazon 1.7, Oracle 2.1, Alphabet 3.0, Microsoft 3.7.",
            (ALPHABET, AMAZON),
        ),
        high=1200.0,
    ),
    Input(
        "fleet_months",
        "months",
        "Cost of the fleet over monthly capex.",
        sourced(
            19, 14, 30, MICROSOFT, "Capex of the eight quarters to June 2025 is 19 months of the last one."
        ),
        high=600.0,
    ),
    Input(
        "debt",
        "USD",
        "Bonds outstanding.",
        sourced(0, 0, 0, ORACLE, "None unless given; Oracle's is 91 billion."),
    ),
)


def derive(given: Given) -> Iterator[Part]:
    """Return the giant, its demand, its fleet and its bonds if there are any."""
    revenue = given["revenue"]
    fixed = assumed(0.4, 0.3, 0.5, "fixed share").middle()
    company = {
        "tags": ["giant", "hyperscaler", "public"],
        "cash": revenue.middle() * given["cash_months"],
        "fixed_cost": revenue.middle() * (1 - given["margin"].middle()) * fixed,
        "fixed_cost_growth": assumed(0.07, 0.03, 0.11, "Near the growth of sales or below."),
        "variable_cost": 1 - given["margin"] - (1 - given["margin"].middle()) * fixed,
        "minimum_cash": revenue.middle() * assumed(1.2, 0.6, 2.0, "cash kept in recent years"),
        "payout": assumed(0.9, 0.6, 1.0, "Buybacks and dividends; cash must not pile up."),
        "default_cost": assumed(0.15, 0.13, 0.31, "As in a workout; such a company would be sold whole."),
    }
    yield Part("company", "company", company)
    yield Part("sales", "segment", {"seller": given.id, "revenue": revenue, **_demand()})
    yield Part("fleet", "fleet", _fleet(given))
    if given["debt"].high > 0:
        yield Part("bonds", "loan", _bonds(given))


def _demand() -> dict[str, object]:
    return {
        **growth(
            assumed(0.13, 0.05, 0.2, "Growth of the year before was 10 to 22 %."),
            assumed(0.07, 0.03, 0.1, "Between nominal GDP and twice that."),
            assumed(24, 12, 48, "From one to four years."),
            assumed(0.06, 0.03, 0.1, "Large and diversified businesses swing little."),
        ),
        "common_loading": assumed(0.2, 0.0, 0.4, "A part of the business is AI."),
        "adjust_months": assumed(3, 1, 6, "Contracts and habits delay the answer to prices."),
        "elasticity": assumed(0.3, 0.0, 0.8, "Enterprise demand answers little to price."),
        "ai_share": assumed(0.08, 0.02, 0.2, "Not published; the range spans estimates in the press."),
    }


def _fleet(given: Given) -> dict[str, object]:
    capex = given["revenue"].middle() * given["capex_of_revenue"]
    fleet: dict[str, object] = {
        "owner": given.id,
        "class": "gpu",
        "cost": capex.middle() * given["fleet_months"],
        "age_span": assumed(24, 18, 36, "The capex of two years."),
        "book_life": assumed(66, 60, 72, "Five and a half to six years in their accounts."),
        "economic_life": assumed(48, 24, 84, "Two to seven years are argued for; four in the middle."),
        "capex": capex,
        "capex_growth": assumed(0.3, -0.1, 0.6, "67 % more than a year before; a cut is the low end."),
        "capex_growth_long": assumed(0.0, -0.3, 0.2, "From a bust as in telecom to steady growth."),
        "capex_growth_half_life": assumed(15, 8, 30, "How long the plans of 2025 carry."),
        "lag": assumed(6, 3, 12, "Months from payment to capacity in use."),
        "committed": assumed(0.25, 0.1, 0.4, "Purchase obligations and sites under construction."),
        "ai_share": assumed(0.75, 0.6, 0.9, "AI share of hyperscaler capex: 60 to 90 % in estimates."),
        "tolerance": assumed(10, 6, 20, "AI capex was about six times AI revenue in mid-2025 and borne."),
        "patience_hazard": assumed(0.03, 0, 0.08, "From never to about once a year at twice the tolerance."),
        "patience_cut": assumed(0.25, 0.1, 0.5, "From a trim to what telecom firms did after 2000."),
    }
    if given.parties["vendor"]:
        share = assumed(0.36, 0.28, 0.45, "One supplier's share of cash capex; leases are not in it.")
        fleet["orders"] = [{"vendor": given.parties["vendor"], "share": share}]
    return fleet


def _bonds(given: Given) -> dict[str, object]:
    return {
        "borrower": given.id,
        "lender": "capital",
        "balance": given["debt"],
        "rate": assumed(0.045, 0.035, 0.06, "Coupons of investment-grade bonds."),
        "amortisation": "bullet",
        "maturity": assumed(84, 60, 120, "Average of a ladder of bonds.").middle(),
        "rank": "unsecured",
        "refinance_chance": assumed(
            0.99, 0.97, 1.0, "Investment-grade issuers lose market access very seldom."
        ),
    }


HYPERSCALER = Archetype(
    name="hyperscaler",
    title="Hyperscaler",
    doc=DOC,
    inputs=INPUTS,
    derive=derive,
    parties=(Party("vendor", "The company of the world that sells it chips."),),
    example={"revenue": 2.548e10, "margin": 0.5, "capex_of_revenue": 0.2234, "cash_months": 3.7},
    citations=CITATIONS,
)
