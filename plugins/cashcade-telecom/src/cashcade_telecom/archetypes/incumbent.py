"""An incumbent that pays for its network out of its cash flow."""

from collections.abc import Iterator

from cashcade.archetype import Archetype, Figure, Given, Input, Part, assumed

from cashcade_telecom import structure

DOC = """
A telephone company with an established business: capex comes out of its cash flow, and what is left goes to
shareholders. Costs, payouts, plans of capex and what of it is committed are those of cloud giants in the
world ai-2025-08, which in that world pay for most of the boom. Nothing but its own cash stops it from
building: whether it should is not decided here.
"""

INPUTS = (
    Input("revenue", "USD/month", "Revenue of the month before the start."),
    Input("yearly_capex", "USD", "Capex of the year before the start."),
    Input(
        "margin",
        "fraction",
        "Cash earnings before interest over revenue.",
        assumed(0.4, 0.32, 0.45, "Telephone companies of the time; WorldCom reported 0.3."),
        low=-1.0,
        high=1.0,
    ),
    Input("debt", "USD", "Bonds and bank loans.", assumed(0, 0, 0, "None stated.")),
    Input(
        "network_years",
        "years",
        "Cost of the network over yearly capex.",
        assumed(6, 4, 9, "Networks of a century, renewed in a decade or two."),
        high=100.0,
    ),
)

LIFE = assumed(144, 96, 240, "Electronics 5 to 7 years, fibre and ducts 20.")
MANAGED = ("fixed_cost_growth", "payout", "target_runway", "confidence_burden")
CASH = assumed(0.5, 0.2, 1.0, "Telephone companies kept little cash: weeks of revenue.")


def derive(given: Given) -> Iterator[Part]:
    """Return the incumbent, its demand, its network and its bonds."""
    revenue = given["revenue"].middle()
    fixed = assumed(0.4, 0.3, 0.5, "fixed share of cost").middle()
    cost = 1 - given["margin"]
    company = {
        "tags": ["incumbent"],
        "cash": revenue * CASH,
        "fixed_cost": revenue * cost.middle() * fixed,
        "variable_cost": cost - cost.middle() * fixed,
        "minimum_cash": revenue * CASH.middle() * 0.2,
        **structure.alike("company", structure.INCUMBENT, *MANAGED),
        "default_cost": structure.same("company", structure.CARRIER, "default_cost"),
    }
    yield Part("company", "company", company)
    yield Part("traffic", "segment", {"seller": given.id, "revenue": given["revenue"], **_demand()})
    yield Part("network", "fleet", _network(given))
    if given["debt"].high > 0:
        yield Part("bonds", "loan", _bonds(given, given["debt"]))


def _demand() -> dict[str, object]:
    own = structure.INCUMBENT_DEMAND
    fields = (
        "growth_long",
        "growth_half_life",
        "volatility",
        "common_loading",
        "elasticity",
        "adjust_months",
        "gdp_loading",
        "wealth_loading",
    )
    now = assumed(0.07, 0.03, 0.11, "Growth of telephone companies in 1999 and 2000.")
    return {"growth": now, **structure.alike("segment", own, *fields)}


def _network(given: Given) -> dict[str, object]:
    own = structure.INCUMBENT_FLEET
    fields = (
        *("capex_growth", "capex_growth_long", "capex_growth_half_life", "lag", "committed"),
        *structure.ORDERS,
    )
    return {
        "owner": given.id,
        "class": "building",
        "indexed": False,
        "cost": given["yearly_capex"].middle() * given["network_years"],
        "age_span": LIFE.middle() - 12,
        "book_life": LIFE.middle(),
        "economic_life": LIFE,
        "capex": given["yearly_capex"] / 12,
        **structure.alike("fleet", own, *fields),
        **structure.also("fleet", own, *structure.PLANS),
    }


def _bonds(given: Given, balance: Figure) -> dict[str, object]:
    return {
        "borrower": given.id,
        "lender": "capital",
        "what": "bonds",
        "balance": balance,
        "rate": assumed(0.075, 0.065, 0.085, "Coupons of investment-grade bonds of 2000."),
        "maturity": assumed(84, 60, 120, "Average of a ladder of bonds."),
        "rank": "unsecured",
        "refinance_chance": assumed(
            0.99, 0.97, 1.0, "Investment-grade issuers lose market access very seldom; as in the archetype."
        ),
    }


INCUMBENT = Archetype(
    name="incumbent",
    title="Incumbent carrier",
    doc=DOC,
    inputs=INPUTS,
    derive=derive,
    example={"revenue": 4e9, "yearly_capex": 1.2e10},
)
