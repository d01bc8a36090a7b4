"""A laboratory that trains frontier models and sells them."""

from collections.abc import Iterator

from cashcade.archetype import Archetype, Citation, Figure, Given, Input, Part, Party, assumed, sourced

from cashcade_ai.archetypes.common import BURN_CUT, DEFAULT_COST, DEMAND, ROUNDS, growth

DOC = """
A private company that sells access to its models by subscription and by the token, spends more than it
earns and lives from round to round.

All spending is stated per dollar of revenue. `burn_of_revenue` says how much goes out beyond what comes in;
serving the models (`inference`), sales and staff take their shares, and what is left is training and
research, which gives way when the runway is short. Cash is `runway` months of that burn; give `cash` itself
where it is known. If a `cloud` of the world is named, inference and `compute_of_training` of the training
are bought there (the latter under take-or-pay for the share `committed`); without one all of it is paid to
suppliers outside.

Burn over revenue differs by more than tenfold among labs: 0.6 at OpenAI in the first half of 2025, 7.7 at
Anthropic in 2024 (about 1 in 2025), above 20 at xAI. The default is for a lab at scale; state it for a
young one. The stock that staff are paid in costs no cash and is not in it.
"""

OPENAI = "openai-half-year"
CITATIONS = (
    Citation(
        OPENAI,
        "TechEconomy quoting The Information and Reuters on OpenAI's first half of 2025",
        "https://techeconomy.ng/openai-revenue-2025-nvidia-100-billion-investment",
        "2025-10",
    ),
    Citation(
        "openai-half-year-details",
        "r/mlscaling quoting The Information on OpenAI's first half of 2025",
        "https://red.azn.boats/r/mlscaling/comments/1nucdh9/openai_financials_h1_2025_fttheinformation",
        "2025-10",
    ),
    Citation(
        "openai-compute",
        "TheTradable on Epoch AI's estimate of OpenAI's compute in 2024",
        "https://thetradable.com/ai/openai-spent-7b-on-compute-in-2024-most-went-to-experiments-ig--m",
        "2025-10",
    ),
    Citation(
        "xai-burn",
        "TechGeekWire quoting Bloomberg on xAI's burn",
        "https://techgeekwire.com/?p=21639",
        "2025-06",
    ),
    Citation(
        "openai-august-round",
        "DailyDigest360 quoting NYT DealBook on OpenAI's round of August 2025",
        "https://dailydigest360.com/feed/6381667/openai-secures-83-billion-investment-reaching-a-staggering-300-"
        "billion-valuation-milestone-in-ai",
        "2025-08-01",
    ),
)

RUNWAYS = "17.5 billion at 0.42 a month is 42, at the plan of 8 a year 26; xAI had 4."

INPUTS = (
    Input("revenue", "USD/month", "Revenue of the month before the start."),
    Input(
        "burn_of_revenue",
        "1",
        "Cash that goes out beyond revenue, per dollar of revenue.",
        sourced(
            0.75, 0.5, 1.1, OPENAI, "2.5 of 4.3 billion in half a year, 8 of 12 planned; others burned more."
        ),
        high=100.0,
    ),
    Input(
        "runway",
        "months",
        "Cash over monthly burn at the start.",
        Figure(18, 8, 36, RUNWAYS, (OPENAI, "xai-burn")),
        high=120.0,
    ),
    Input(
        "inference",
        "fraction",
        "Cost of serving the models per dollar of revenue.",
        sourced(
            0.55, 0.4, 0.7, "openai-half-year-details", "Cost of revenue 2.5 of 4.3 billion; 0.6 in 2024."
        ),
        high=10.0,
    ),
    Input(
        "sales",
        "fraction",
        "Sales, support and payment fees in cash per dollar of revenue.",
        sourced(
            0.2, 0.1, 0.34, "openai-half-year-details", "2.0 of 4.3 billion of it, but part of that in stock."
        ),
        high=10.0,
    ),
    Input(
        "staff",
        "fraction",
        "Staff and offices in cash per dollar of revenue.",
        assumed(
            0.15, 0.1, 0.2, "3,000 people at half a million a year on a billion of revenue a month are 0.125."
        ),
        high=10.0,
    ),
    Input(
        "compute_of_training",
        "fraction",
        "Share of training and research that is rented compute.",
        sourced(
            0.7, 0.5, 0.85, "openai-compute", "About 5 of 7 billion in 2024; the rest is data and staff."
        ),
        high=1.0,
    ),
    Input(
        "committed",
        "fraction",
        "Share of the compute for training that is owed whatever is used.",
        assumed(0.6, 0.3, 0.9, "Multi-year contracts with the clouds are take-or-pay for the most part."),
        high=1.0,
    ),
)


def derive(given: Given) -> Iterator[Part]:
    """Return the lab, its demand, and its contracts with a cloud if one is named."""
    revenue, cloud = given["revenue"], given.parties["cloud"]
    burn = given["burn_of_revenue"]
    shares = given["inference"] + given["sales"] + given["staff"]
    training = revenue * (1 + burn - shares.middle()).clamped(0, 1000)
    own = training * (1 - given["compute_of_training"].middle()) if cloud else training
    yield Part("company", "company", _company(given, own))
    yield Part("users", "segment", {"seller": given.id, "revenue": revenue, **_demand()})
    if not cloud:
        return
    inference = {"usage": revenue * given["inference"].middle(), "follows": "activity"}
    yield Part("serving", "contract", {"customer": given.id, "supplier": cloud, **inference})
    compute = training * given["compute_of_training"].middle()
    owed = [{"amount": compute.middle() * given["committed"]}]
    rented = {"usage": compute, "follows": "research", "commitments": owed}
    yield Part("compute", "contract", {"customer": given.id, "supplier": cloud, **rented})


def _company(given: Given, research: Figure) -> dict[str, object]:
    revenue, outside = given["revenue"], not given.parties["cloud"]
    burn = (revenue * given["burn_of_revenue"]).middle()
    return {
        "tags": ["lab", "private"],
        "cash": given["runway"] * burn,
        "fixed_cost": revenue.middle() * given["staff"],
        "fixed_cost_growth": assumed(
            0.35, 0.1, 0.6, "Staff nearly doubled each year; over years more slowly."
        ),
        "variable_cost": given["inference"] + given["sales"] if outside else given["sales"],
        "cost_volatility": revenue.middle() * assumed(0.04, 0.0, 0.08, "unforeseen share"),
        "discretionary_cost": research,
        "discretionary_growth": assumed(0.25, -0.1, 0.6, "From cuts to half as much again each year."),
        "price_trend": assumed(
            0, -0.2, 0.2, "List prices per unit of work fell and rose; neutral in the middle."
        ),
        "minimum_cash": revenue.middle() * assumed(1, 0.5, 2, "about a month"),
        **BURN_CUT,
        **ROUNDS,
        "valuation_multiple": sourced(
            32, 22, 41, "openai-august-round", "300 to 500 over 12 to 13 billion a year."
        ),
        **DEFAULT_COST,
    }


def _demand() -> dict[str, object]:
    return {
        **growth(
            assumed(0.75, 0.0, 1.5, "Run-rates doubled in some halves and stalled in others."),
            assumed(0.2, -0.1, 0.5, "Once established: from shrinking to several times nominal GDP."),
            assumed(15, 8, 30, "How fast growth fades is unknown; from half a year to a few years."),
            assumed(
                0.25, 0.15, 0.45, "A year's surprise in demand; young products swing more than old ones."
            ),
        ),
        **DEMAND,
        "elasticity": assumed(0.8, 0.05, 1.5, "0.05 to 0.6 for a whole market, 0.5 to 1.5 for one seller."),
    }


FRONTIER_LAB = Archetype(
    name="frontier-lab",
    title="Frontier lab",
    doc=DOC,
    inputs=INPUTS,
    derive=derive,
    parties=(Party("cloud", "The company of the world that rents it compute."),),
    example={"revenue": 1.0e9},
    citations=CITATIONS,
)
