"""A venture fund."""

from collections.abc import Iterator

from cashcade.archetype import Archetype, Citation, Given, Input, Part, Party, assumed, sourced

DOC = """
A venture or growth fund: money that investors committed, of which a part has not been called.

Cash is what is still uncalled, as if called at once. A management fee leaves each month. It can promise
`pledge` to a company of the world that it `backs`, in monthly tranches over a year that stop while funding
is shut, and hold `stake` of it. Whatever it earns goes to its investors. It owes nothing and so never fails
of losses; rounds of the model are paid by capital at large, not by this fund, so its cash does not limit
them.
"""

CARTA = "carta"
CITATIONS = (
    Citation(
        CARTA,
        "Carta, Fund Economics Report 2025 (as summarised by Tech Media Insider)",
        "https://techmediainsider.com/whitepaper/fund-economics-report-2025",
        "2025",
    ),
)

INPUTS = (
    Input("committed", "USD", "Capital that investors committed."),
    Input(
        "uncalled",
        "fraction",
        "Part of it that has not been called.",
        sourced(
            0.33, 0.15, 0.6, CARTA, "Median fund of 2022 after four years 0.33, older ones 0.2; younger more."
        ),
        high=1.0,
    ),
    Input(
        "fee",
        "1/year",
        "Management fee per dollar committed.",
        sourced(0.02, 0.015, 0.025, CARTA, "The median during the investment period is 2 %."),
        high=1.0,
    ),
    Input(
        "pledge",
        "USD",
        "Cash promised to the company it `backs`.",
        assumed(0, 0, 0, "None unless given."),
    ),
    Input(
        "stake",
        "fraction",
        "Share of the company it `backs`.",
        assumed(0, 0, 0, "None unless given."),
        high=1.0,
    ),
)


def derive(given: Given) -> Iterator[Part]:
    """Return the fund, and its pledge to and stake in a company if one is named."""
    committed, company = given["committed"].middle(), given.parties["backs"]
    fund = {
        "tags": ["investor"],
        "cash": committed * given["uncalled"],
        "fixed_cost": committed * given["fee"] / 12,
        "payout": assumed(1, 1, 1, "Funds keep no earnings."),
        "default_cost": assumed(0.2, 0.1, 0.4, "Discount of a sale of stakes in haste."),
    }
    yield Part("company", "company", fund)
    if company and given["pledge"].high > 0:
        promise = {
            "amount": given["pledge"],
            "months": assumed(12, 6, 18, "Tranches over about a year."),
            "unless_shut": True,
        }
        yield Part("promise", "pledge", {"investor": given.id, "company": company, **promise})
    if company and given["stake"].high > 0:
        yield Part("holding", "stake", {"holder": given.id, "issuer": company, "fraction": given["stake"]})


VENTURE_FUND = Archetype(
    name="venture-fund",
    title="Venture fund",
    doc=DOC,
    inputs=INPUTS,
    derive=derive,
    parties=(Party("backs", "The company of the world that it backs."),),
    example={"committed": 5.0e9},
    citations=CITATIONS,
)
