"""A start-up that sells an application of somebody else's model."""

from collections.abc import Iterator

from cashcade.archetype import Archetype, Citation, Given, Input, Part, Party, assumed, sourced

from cashcade_ai.archetypes.common import BURN_CUT, DEFAULT_COST, DEMAND, ROUNDS, growth

DOC = """
A private company that sells an application of a model it does not own: it does not control the price of
what it resells, and passes a part of a rise on, in price or in worse service.

`input_share` of its revenue buys the model; staff, hosting and marketing come on top. Cash is stated in
months of revenue (`cash_months`), as rounds of 2025 left applications with one to several years of it. If a
`model` company of the world is named, the input is a contract with it, at its price, with a commitment of
`committed` of the use; without one it is a variable cost outside.
"""

MARGINS = "margins"
CITATIONS = (
    Citation(
        MARGINS,
        "Sacra, interview with Replit on margins of Replit (23 %) and Lovable (35 %)",
        "https://sacra.com/research/finance-ops-replit-ai-dev-platforms",
        "2025-07",
    ),
    Citation(
        "cursor-cash",
        "Digidai on Anysphere's Series C",
        "https://digidai.github.io/2025/11/21/aman-sanger-cursor-anysphere-fastest-growing-saas-deep-analysis",
        "2025-11-21",
    ),
    Citation(
        "cursor-run-rate",
        "andrew.ooo on Cursor's run-rate and rounds",
        "https://andrew.ooo/posts/cursor-1b-arr-fastest-scaling-saas",
        "2025-11",
    ),
    Citation(
        "cursor-plan",
        "Kilo Code on the change of Cursor's plan of June 2025",
        "https://blog.kilocode.ai/p/the-ai-pricing-bait-and-switch",
        "2025-07",
    ),
)

INPUTS = (
    Input("revenue", "USD/month", "Revenue of the month before the start."),
    Input(
        "input_share",
        "fraction",
        "Cost of the model per dollar of revenue.",
        sourced(
            0.7, 0.5, 0.95, MARGINS, "One less gross margins of 23 and 35 %, 40 % at Cursor, none at others."
        ),
        high=10.0,
    ),
    Input(
        "cash_months",
        "months",
        "Cash at the start over monthly revenue.",
        sourced(20, 6, 60, "cursor-cash", "900 over 42 million is 21, Replit 20; Perplexity above 60."),
        high=1200.0,
    ),
    Input(
        "staff",
        "fraction",
        "Staff and offices per dollar of revenue.",
        assumed(
            0.18, 0.08, 0.35, "Hundreds of people on tens of millions a month at the fastest, more at others."
        ),
        high=100.0,
    ),
    Input(
        "marketing",
        "fraction",
        "Marketing and own models, which can be cut, per dollar of revenue.",
        assumed(0.15, 0.05, 0.35, "Not published; from little to a third of revenue."),
        high=100.0,
    ),
    Input(
        "committed",
        "fraction",
        "Share of the use of the model that is owed whatever is used.",
        assumed(
            0.2, 0.0, 0.6, "From use by the token to provisioned throughput; contracts are not published."
        ),
        high=1.0,
    ),
)


def derive(given: Given) -> Iterator[Part]:
    """Return the application, its demand, and its contract for the model if its owner is named."""
    revenue, model = given["revenue"], given.parties["model"]
    hosting = assumed(0.08, 0.04, 0.14, "payment fees and hosting")
    company = {
        "tags": ["app", "private"],
        "cash": revenue.middle() * given["cash_months"],
        "fixed_cost": revenue.middle() * given["staff"],
        "fixed_cost_growth": assumed(0.3, 0.0, 0.6, "In step with revenue or more slowly."),
        "variable_cost": hosting if model else given["input_share"] + hosting,
        "cost_volatility": revenue.middle() * assumed(0.02, 0.0, 0.05, "unforeseen share"),
        "discretionary_cost": revenue.middle() * given["marketing"],
        "discretionary_growth": assumed(0.3, 0.0, 0.6, "In step with revenue or more slowly."),
        "price_trend": assumed(0, -0.1, 0.1, "Subscriptions kept their price; what they buy changed."),
        "pass_through": assumed(0.7, 0.3, 1.0, "Calibration range 0.7 to 1; plans with caps pass on less."),
        "price_lag": assumed(2, 1, 4, "Months until a new price list holds for most users."),
        "service_cut": sourced(0.6, 0.2, 1.0, "cursor-plan", "500 requests became about 225 at one price."),
        **BURN_CUT,
        **ROUNDS,
        "valuation_multiple": sourced(20, 12, 30, "cursor-run-rate", "9.9 billion over a run-rate of 0.5."),
        **DEFAULT_COST,
    }
    yield Part("company", "company", company)
    yield Part("users", "segment", {"seller": given.id, "revenue": revenue, **_demand()})
    if model:
        usage = revenue * given["input_share"]
        owed = [{"amount": usage.middle() * given["committed"]}]
        routing = assumed(0.5, 0.0, 1.5, "From one model only to a router between several.")
        ends = {"customer": given.id, "supplier": model, "usage": usage}
        yield Part("tokens", "contract", {**ends, "routing": routing, "commitments": owed})


def _demand() -> dict[str, object]:
    return {
        **growth(
            assumed(0.8, 0.0, 1.8, "Run-rates doubled in half a year; churn of monthly plans is up to 20 %."),
            assumed(0.1, -0.2, 0.4, "Once established: from shrinking to growing fast."),
            assumed(9, 4, 16, "Growth of applications fades faster than that of labs."),
            assumed(0.4, 0.2, 0.6, "A year's surprise in demand."),
        ),
        **DEMAND,
        "elasticity": assumed(1.0, 0.5, 1.5, "Consumer subscriptions: 0.5 to 1.5 in comparable services."),
    }


AI_APP = Archetype(
    name="ai-app",
    title="AI application",
    doc=DOC,
    inputs=INPUTS,
    derive=derive,
    parties=(Party("model", "The company of the world whose model it resells."),),
    example={"revenue": 4.2e7},
    citations=CITATIONS,
)
