"""A carrier that builds its network on credit."""

from collections.abc import Iterator

from cashcade.archetype import Archetype, Figure, Given, Input, Part, Party, assumed

from cashcade_telecom import structure

DOC = """
A carrier of the years after the Telecommunications Act of 1996: it builds a network ahead of its traffic and
pays for it with bonds, bank loans and loans of the vendor whose equipment it buys.

What is known of it are the revenue, margin, debt and assets of its accounts; all else is a share of these,
the same for every carrier, whether it failed later or not. Growth, prices, capex plans, rounds, covenants and
the cost of default are those of neoclouds in the world ai-2025-08, and so is what a network could carry over
what it sells at the start, and what becomes of the idle part. Of the cost of operations the share that
follows revenue is theirs too; the rest is fixed. `vendor` sells it the larger part of its equipment and lends
against it if `vendor_commitment` says so; a `second` sells it a little more.
"""

INPUTS = (
    Input("revenue", "USD/month", "Revenue of the month before the start."),
    Input("margin", "fraction", "Cash earnings before interest over revenue.", low=-100.0, high=1.0),
    Input("debt", "USD", "Bonds and bank loans, without loans of vendors."),
    Input("assets", "USD", "Book value of all assets."),
    Input(
        "vendor_commitment", "USD", "Loan of the vendor, drawn and undrawn.", assumed(0, 0, 0, "None stated.")
    ),
    Input(
        "vendor_drawn",
        "USD",
        "Part of it that is drawn at the start.",
        assumed(0, 0, 0, "None stated."),
    ),
    Input(
        "cash_of_assets",
        "fraction",
        "Cash and securities over assets.",
        assumed(
            0.2,
            0.08,
            0.35,
            "Not in the data; the issues of 1999 and early 2000 were for a year and more.",
        ),
        high=1.0,
    ),
    Input(
        "network_of_assets",
        "fraction",
        "Cost of the network over assets.",
        assumed(0.65, 0.5, 0.8, "The rest is cash, goodwill and licences."),
        high=1.0,
    ),
    Input(
        "capex_of_assets",
        "fraction",
        "Yearly capex over assets.",
        assumed(0.25, 0.12, 0.45, "A network of a few years, still being built: an eighth to nearly half."),
        high=10.0,
    ),
    Input(
        "bank_share",
        "fraction",
        "Share of the debt that is secured bank debt.",
        assumed(0.25, 0.1, 0.4, "Most of it was bonds."),
        high=1.0,
    ),
    Input(
        "vendor_share",
        "fraction",
        "Share of capex paid to the vendor that lends, or to the first.",
        assumed(
            0.4, 0.3, 0.5, "Equipment is half of capex; who lends sells most of it (Winstar: 65 to 70 %)."
        ),
        high=1.0,
    ),
)

FIXED_COST = ("company", structure.CARRIER, "fixed_cost")
LIFE = assumed(120, 84, 180, "Electronics 5 to 7 years, fibre and ducts 20.")

SECOND_SHARE = assumed(0.1, 0.05, 0.15, "Routers and what the first vendor does not make.")


def derive(given: Given) -> Iterator[Part]:
    """Return the carrier, its demand, its network and its loans."""
    yield Part("company", "company", _company(given))
    yield Part("traffic", "segment", _traffic(given))
    yield Part("network", "fleet", _network(given))
    bank = given["debt"] * given["bank_share"].middle()
    bonds = given["debt"] * (1 - given["bank_share"].middle())
    yield Part("bonds", "loan", _bonds(given, bonds))
    yield Part("bank-loan", "loan", _bank_loan(given, bank))
    if given.parties["vendor"] and given["vendor_commitment"].high > 0:
        yield Part("vendor-loan", "loan", _vendor_loan(given))


AHEAD_OF_DEMAND = {
    "capex_growth": assumed(0.6, -0.2, 1.4, "Carriers built ahead of demand; plans grew by up to fourfold."),
    "capex_growth_long": assumed(-0.8, -1.5, 0.2, "What is in hand is built; new plans need new money."),
    "capex_growth_half_life": assumed(10, 5, 18, "Months that the build-out of plans in hand takes."),
    "refresh": assumed(0.3, 0.0, 0.8, "Part of what retires that is bought again."),
    "committed": assumed(0.35, 0.15, 0.5, "Orders that cannot be undone."),
}
"""Plans of who builds without contracts.

They are those that the AI world had for neoclouds before these built for the contracts that they have signed.
They were chosen before any fact of telecom was looked at.
"""


def _company(given: Given) -> dict[str, object]:
    own = structure.CARRIER
    revenue = given["revenue"].middle()
    variable = structure.same("company", own, "variable_cost")
    fixed = revenue * (1 - given["margin"] - variable.middle()).clamped(0, 1e3)
    return {
        "tags": ["carrier"],
        "cash": given["assets"].middle() * given["cash_of_assets"],
        "fixed_cost": fixed,
        "variable_cost": variable,
        "cost_volatility": fixed.middle() * structure.ratio("company", own, "cost_volatility", FIXED_COST),
        "minimum_cash": given["assets"].middle()
        * given["cash_of_assets"].middle()
        * structure.ratio("company", own, "minimum_cash", ("company", own, "cash")),
        **structure.alike(
            "company",
            own,
            *("fixed_cost_growth", "price_trend", "round_runway", "round_months", "round_share"),
            *("valuation_multiple", "growth_premium", "default_cost"),
            *("target_runway", "sudden_failure"),
        ),
    }


def _traffic(given: Given) -> dict[str, object]:
    own = structure.CARRIER_DEMAND
    return {
        "seller": given.id,
        "revenue": given["revenue"],
        **structure.alike(
            "segment",
            own,
            *("growth", "growth_long", "growth_half_life", "volatility", "common_loading"),
            *("elasticity", "adjust_months"),
        ),
        **structure.process(own),
    }


def _network(given: Given) -> dict[str, object]:
    own = structure.CARRIER_FLEET
    fleet: dict[str, object] = {
        "owner": given.id,
        "class": "gpu",
        "cost": given["assets"].middle() * given["network_of_assets"],
        "book_life": LIFE,
        "economic_life": LIFE,
        "capex": given["assets"].middle() * given["capex_of_assets"] / 12,
        **structure.alike("fleet", own, "age_span", "lag"),
        **AHEAD_OF_DEMAND,
        **structure.also("fleet", own, *structure.PLANS),
        "capacity_revenue": structure.capacity_over_sales(own) * _sold(given),
        "relet": structure.same("fleet", structure.RELET_FLEET, "relet"),
    }
    sellers = (("vendor", given["vendor_share"]), ("second", SECOND_SHARE))
    fleet["orders"] = [
        {"vendor": given.parties[name], "share": share} for name, share in sellers if given.parties[name]
    ]
    return fleet


def _sold(given: Given) -> Figure:
    """Return what a dollar of the network sells for in a year, at the start."""
    network = given["assets"].middle() * given["network_of_assets"].middle()
    return 12.0 * given["revenue"].middle() / network


def _bonds(given: Given, balance: Figure) -> dict[str, object]:
    return {
        "borrower": given.id,
        "lender": "capital",
        "what": "bonds",
        "balance": balance,
        "rate": assumed(0.11, 0.09, 0.135, "Coupons of high-yield bonds of 1998 to 2000."),
        "maturity": assumed(84, 60, 110, "Ten-year bonds, one to four years old."),
        "rank": "unsecured",
        "cross_default": True,
        "refinance_chance": structure.same("loan", structure.CARRIER_BONDS, "refinance_chance"),
    }


def _bank_loan(given: Given, balance: Figure) -> dict[str, object]:
    return {
        "borrower": given.id,
        "lender": given.parties["bank"],
        "what": "bank loan",
        "balance": balance,
        "rate": assumed(0.03, 0.02, 0.04, "Margins of leveraged loans over the base rate."),
        "floating": True,
        "maturity": assumed(66, 48, 84, "Loans of seven to eight years, a few years old."),
        "rank": "secured",
        "fleet_collateral": assumed(0.3, 0.25, 0.35, "A lien on the part of the network it pays for."),
        "cross_default": True,
        "refinance_chance": structure.same("loan", structure.CARRIER_BANK, "refinance_chance"),
    }


OF_PURCHASES = assumed(
    0.3,
    0.05,
    0.5,
    "Lucent's loans to customers rose by 0.63 bn a year from September 1997 to September 2000, 0.15 in the "
    "last: a fifth of what those in this world buy of it a year (3.2 bn), more if they bought less then.",
)
"""Loans of a vendor are for what it sells; how much of that, its reports before the date say."""


def _vendor_loan(given: Given) -> dict[str, object]:
    own = structure.CARRIER_VENDOR
    drawn = given["vendor_drawn"].middle()
    return {
        "borrower": given.id,
        "lender": given.parties["vendor"],
        "what": "vendor loan",
        "balance": drawn,
        "undrawn": given["vendor_commitment"].middle() - drawn,
        "draw_purchases": OF_PURCHASES,
        "rate": structure.same("loan", own, "rate"),
        "maturity": assumed(66, 48, 84, "As bank loans."),
        "rank": "secured",
        "cross_default": True,
        **structure.alike("loan", own, "fleet_collateral", "refinance_chance"),
    }


CARRIER = Archetype(
    name="carrier",
    title="Carrier",
    doc=DOC,
    inputs=INPUTS,
    derive=derive,
    parties=(
        Party("vendor", "The company of the world that sells it equipment, and may lend."),
        Party("second", "The company of the world that sells it a little more, and does not lend."),
        Party("bank", "The company that lent, or capital.", "capital"),
    ),
    example={"revenue": 3e7, "margin": -0.3, "debt": 1.5e9, "assets": 2e9},
)
