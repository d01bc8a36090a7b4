"""The rich world: one of everything, in which the records of a plugin find what they name."""

from typing import Any

from cashcade.testing.asked import Asked
from cashcade.testing.fitting import Adder, grouped
from cashcade.world import World
from cashcade.world.origin import Origin

ROLES: tuple[tuple[str, dict[str, Any], float], ...] = (
    (
        "one",
        {"cash": 3e7, "fixed_cost": 6e6, "default_cost": 0.1, "tags": ["app"], "archetype": "ai-app"},
        5e6,
    ),
    ("two", {"cash": 2e8, "fixed_cost": 8e6, "tags": ["app"], "archetype": "ai-app"}, 9e6),
    (
        "lab",
        {"cash": 3e9, "discretionary_cost": 1e8, "valuation_multiple": 20.0, "archetype": "frontier-lab"},
        2e8,
    ),
    ("cloud", {"cash": 1e9, "fixed_cost": 2e7, "default_cost": 0.2, "archetype": "neocloud"}, 4e7),
    ("chips", {"cash": 4e10, "fixed_cost": 3e8, "valuation_multiple": 15.0, "archetype": "chip-vendor"}, 9e8),
)
"""Companies by id, with their monthly revenue: two apps, a lab, a cloud that owes, a chip maker."""


class Fixed:
    """The fields of entries that a record asks for, where nothing is drawn."""

    def __init__(self, ids: tuple[str, ...]) -> None:
        self.ids = ids

    def fields(self, section: str, _label: str) -> dict[str, Any]:
        """Give the fields that an entry needs."""
        needed: dict[str, dict[str, Any]] = {
            "segment": {"revenue": 5e6},
            "contract": {"usage": 4e6},
            "loan": {"balance": 1e8, "rate": 0.1, "maturity": 30},
            "pledge": {"amount": 1e8},
            "fleet": {"cost": 5e8, "capex": 1e7},
            "stake": {"fraction": 0.1},
        }
        return needed.get(section, {})

    def loan(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Give a loan as it is."""
        return entry

    def fleet(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Give a fleet with an order from a vendor of the network."""
        vendor = next(name for name in self.ids if name != entry["owner"])
        return entry | {"orders": [{"vendor": vendor, "share": 0.5}]}


def rich_world(asked: Asked) -> World:
    """Return the world in which everything is there that was asked for.

    Companies that are asked for take the roles of `one`, `two` and so on, and begin again where there are
    more; each tag is that of every second company, and each archetype of one at least.

    Raises
    ------
    WorldError
        What is asked for does not fit together.
    """
    spare = [name for name, _, _ in ROLES if name not in asked.companies]
    ids = (*asked.companies, *spare)[: max(len(ROLES), len(asked.companies) + 1, len(asked.archetypes))]
    raw = _sections(ids)
    for place, tag in enumerate(asked.tags):
        for company in raw["company"][place % 2 :: 2]:
            company["tags"] = [*company.get("tags", ()), tag]
    grouped(raw["company"], asked)
    for selection in asked.others:
        Adder(Fixed(ids), raw).add(selection)
    return World.from_raw(raw, Origin("the rich world"))


def _sections(ids: tuple[str, ...]) -> dict[str, Any]:
    roles = [ROLES[place % len(ROLES)] for place in range(len(ids))]
    one, two, lab, cloud, chips = ids[: len(ROLES)]
    return {
        "world": {"name": "rich", "date": "2025-08-31"},
        "market": {"gpu_volatility": 0.3, "sentiment": 0.2},
        "company": [{"id": name, **fields} for name, (_, fields, _) in zip(ids, roles, strict=True)],
        "segment": [
            {"seller": name, "revenue": revenue, "elasticity": 1.0, "volatility": 0.2}
            for name, (_, _, revenue) in zip(ids, roles, strict=True)
        ],
        "recapture": [{"from": one, "to": two, "share": 0.3}],
        "contract": [
            {
                "customer": one,
                "supplier": lab,
                "usage": 3e6,
                "commitments": [{"amount": 1e6, "first_month": 1, "last_month": 60}],
            },
            {"customer": two, "supplier": lab, "usage": 5e6},
            {"customer": lab, "supplier": cloud, "usage": 9e7},
        ],
        "loan": [
            {"borrower": cloud, "lender": "capital", "balance": 2e9, "rate": 0.1, "maturity": 12},
            {
                "borrower": one,
                "lender": two,
                "balance": 1e7,
                "rate": 0.15,
                "maturity": 30,
                "amortisation": "linear",
            },
        ],
        "stake": [{"issuer": lab, "holder": chips, "fraction": 0.1}],
        "pledge": [{"company": lab, "investor": chips, "amount": 5e8}],
        "fleet": [
            {"owner": cloud, "cost": 3e9, "capex": 5e7, "orders": [{"vendor": chips, "share": 0.8}]},
        ],
    }
