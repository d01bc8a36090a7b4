"""An archetype for the tests, with everything an archetype may have."""

from cashcade.archetype import Archetype, Citation, Given, Input, Part, Party, assumed, sourced


def derive(given: Given):
    revenue = given["revenue"]
    yield Part(
        "company", "company", {"tags": ["shop"], "cash": revenue * given["cash_months"], "tax_rate": 0.2}
    )
    yield Part("sales", "segment", {"seller": given.id, "revenue": revenue, "growth": given["pace"]})
    if given.parties["landlord"]:
        rent = {"customer": given.id, "supplier": given.parties["landlord"]}
        owed = [{"amount": revenue * 0.1, "last_month": 12}]
        yield Part("rent", "contract", {**rent, "usage": revenue * 0.1, "commitments": owed})


SHOP = Archetype(
    name="shop",
    title="Shop",
    doc="Sells for cash.",
    inputs=(
        Input("revenue", "USD/month", "Revenue of the month before the start."),
        Input("cash_months", "months", "Cash over revenue.", assumed(3, 1, 6, "A guess."), high=100.0),
        Input("pace", "1/year", "Growth.", sourced(0.1, 0.0, 0.2, "census", "A tenth."), low=-1.0, high=1.0),
    ),
    derive=derive,
    parties=(Party("landlord", "Who owns the shop."),),
    example={"revenue": 1e6},
    citations=(Citation("census", "Census", "https://example.org/census", "2025"),),
)
KNOWN = {"shop": SHOP}
