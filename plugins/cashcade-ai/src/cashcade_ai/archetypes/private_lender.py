"""A fund that lends outside the banks."""

from collections.abc import Iterator

from cashcade.archetype import Archetype, Citation, Given, Input, Part, Party, assumed, sourced

DOC = """
A private-credit fund, or many seen as one: it lends its investors' money and some that it borrowed itself.

`loans` are those outside the world; they earn `yield` and losses of an ordinary year are in its range.
Loans to companies of the world are entries of the world that name it as lender. Of the loans, `borrowed` is
owed to a bank (or to capital); the rest is investors' equity, the losses it can bear: what it lends inside
the world counts against the same equity. What comes in beyond cost and interest is paid out.
"""

LSTA = "lsta"
CITATIONS = (
    Citation(
        LSTA,
        "LSTA, primer on business development companies, part 3",
        "https://www.lsta.org/news-resources/the-abcs-of-bdcs-a-primer-on-the-pc-markets-sec-registered-funds-part-3/",
        "2024-05-30",
    ),
    Citation(
        "blackstone",
        "Blackstone on its facility of 2024 for CoreWeave",
        "https://www.blackstone.com/news/press/coreweave-secures-7-5-billion-debt-financing-facility-led-by-"
        "blackstone-and-magnetar/",
        "2024-05",
    ),
)

INPUTS = (
    Input("loans", "USD", "Loans outside the world at the start."),
    Input(
        "yield",
        "1/year",
        "Interest on its loans, net of the losses of an ordinary year.",
        sourced(0.095, 0.075, 0.115, "blackstone", "Up to 10.5 % was taken on GPUs; a point goes to losses."),
        high=1.0,
    ),
    Input(
        "borrowed",
        "fraction",
        "Debt over loans.",
        sourced(0.5, 0.35, 0.6, LSTA, "Leverage of 1.04 on average; the law allows 2, or 0.67 of assets."),
        high=0.95,
    ),
    Input(
        "dry_powder",
        "fraction",
        "Cash ready to lend over loans.",
        assumed(0.2, 0.1, 0.35, "Uncalled commitments and lines; definitions differ."),
        high=10.0,
    ),
    Input(
        "fees",
        "1/year",
        "Management and overhead per dollar of loans.",
        assumed(0.015, 0.01, 0.02, "One to two per cent of assets, without the share of profits."),
        high=1.0,
    ),
)


def derive(given: Given) -> Iterator[Part]:
    """Return the lender, the income of its other loans and its own debt."""
    loans = given["loans"].middle()
    company = {
        "tags": ["lender"],
        "cash": loans * given["dry_powder"],
        "fixed_cost": loans * given["fees"] / 12,
        "payout": assumed(0.9, 0.8, 1.0, "Funds hand interest and repayments on to their investors."),
        "loss_capacity": loans * (1 - given["borrowed"]) * assumed(0.6, 0.3, 1.0, "equity that may go"),
        "default_cost": assumed(0.15, 0.1, 0.3, "Sale of loans in haste."),
    }
    income = {
        "seller": given.id,
        "revenue": loans * given["yield"] / 12,
        "volatility": assumed(0.05, 0.02, 0.1, "Defaults outside the world."),
        "ai_share": assumed(0, 0, 0, "Loans outside the world."),
    }
    debt = {
        "borrower": given.id,
        "lender": given.parties["bank"],
        "what": "fund leverage",
        "balance": loans * given["borrowed"].middle(),
        "rate": assumed(0.02, 0.015, 0.03, "Margin over SOFR of lines to such funds."),
        "floating": True,
        "amortisation": "bullet",
        "maturity": assumed(48, 36, 60, "Lines of three to five years."),
        "rank": "secured",
        "collateral": loans,
        "refinance_chance": assumed(0.95, 0.85, 1.0, "Secured at half of the assets."),
    }
    yield Part("company", "company", company)
    yield Part("interest", "segment", income)
    yield Part("leverage", "loan", debt)


PRIVATE_LENDER = Archetype(
    name="private-lender",
    title="Private lender",
    doc=DOC,
    inputs=INPUTS,
    derive=derive,
    parties=(Party("bank", "The company that lends to the fund, or capital.", "capital"),),
    example={"loans": 1.0e11},
    citations=CITATIONS,
)
