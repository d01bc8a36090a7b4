"""A bank."""

from collections.abc import Iterator

from cashcade.archetype import Archetype, Citation, Given, Input, Part, assumed, sourced

DOC = """
A bank, or several seen as one, whose loans to companies of the world are entries of the world.

`assets` are all it holds. They earn the net interest margin and fees, cost `efficiency` of that, and most
of the rest is paid out. It fails of losses beyond its capital less what regulators demand. Deposits are not
modelled: a run is not, and cash is what it is ready to lend.
"""

FDIC, FED = "fdic", "fed"
CITATIONS = (
    Citation(
        FDIC,
        "FDIC, Quarterly Banking Profile of the second quarter of 2025",
        "https://www.fdic.gov/quarterly-banking-profile/quarterly-banking-profile-q2-2025",
        "2025-08-26",
    ),
    Citation(
        FED,
        "Federal Reserve, Supervision and Regulation Report, banking system conditions",
        "https://www.federalreserve.gov/publications/2025-december-supervision-and-regulation-report-banking-"
        "system-conditions.htm",
        "2025-12",
    ),
)

INPUTS = (
    Input("assets", "USD", "All assets."),
    Input(
        "net_interest_margin",
        "1/year",
        "Net interest income per dollar of assets.",
        sourced(0.0325, 0.028, 0.036, FDIC, "3.26 % of all insured banks, 3.62 % of community banks."),
        high=1.0,
    ),
    Input(
        "efficiency",
        "fraction",
        "Cost per dollar of income.",
        assumed(0.57, 0.52, 0.63, "Ratios of large banks in 2025; not in the source above."),
        high=1.0,
    ),
    Input(
        "capital",
        "fraction",
        "Common equity over assets.",
        sourced(
            0.085,
            0.07,
            0.1,
            FED,
            "CET1 of 13 % of risk-weighted assets, which are about two thirds of assets.",
        ),
        high=1.0,
    ),
    Input(
        "demanded",
        "fraction",
        "Part of that capital which regulators demand.",
        assumed(0.6, 0.45, 0.8, "4.5 % and buffers, of 13 % held."),
        high=1.0,
    ),
    Input(
        "liquid",
        "fraction",
        "Cash ready to lend over assets.",
        assumed(0.05, 0.02, 0.1, "A part of reserves at the central bank."),
        high=1.0,
    ),
)


def derive(given: Given) -> Iterator[Part]:
    """Return the bank and its income."""
    assets = given["assets"].middle()
    company = {
        "tags": ["lender", "bank"],
        "cash": assets * given["liquid"],
        "variable_cost": given["efficiency"],
        "tax_rate": assumed(0.21, 0.19, 0.25, "Federal rate; states add, exemptions take."),
        "payout": assumed(0.7, 0.5, 0.9, "Dividends and buybacks of large banks."),
        "loss_capacity": assets * given["capital"] * (1 - given["demanded"]),
        "default_cost": assumed(0.15, 0.1, 0.3, "Cost of a resolution."),
    }
    income = {
        "seller": given.id,
        "revenue": assets * (given["net_interest_margin"] + assumed(0.012, 0.008, 0.016, "fees")) / 12,
        "growth": assumed(0.04, 0.0, 0.08, "Loans grow about as GDP."),
        "growth_long": assumed(0.04, 0.0, 0.06, "As GDP."),
        "volatility": assumed(0.05, 0.02, 0.1, "Income of large banks swings little."),
        "ai_share": assumed(0, 0, 0, "Business outside the world."),
    }
    yield Part("company", "company", company)
    yield Part("income", "segment", income)


BANK = Archetype(
    name="bank",
    title="Bank",
    doc=DOC,
    inputs=INPUTS,
    derive=derive,
    example={"assets": 4.0e12},
    citations=CITATIONS,
)
