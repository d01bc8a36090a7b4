"""Building a world in Python, entry by entry."""

import datetime as dt
from typing import Any, Self

from cashcade.errors import ArgumentError


class Raw:
    """Collects the sections of a world, as a file has them.

    Parameters
    ----------
    name, date
        What the world is called and the date of its figures.
    about
        Title and description.
    """

    def __init__(self, name: str, date: dt.date | str, **about: object) -> None:
        self.name = name
        self._about: dict[str, object] = {"name": name, "date": date, **about}
        self._market: dict[str, object] = {}
        self._sources: dict[str, object] = {}
        self._entries: dict[str, list[dict[str, object]]] = {}

    def raw(self) -> dict[str, Any]:
        """Return the sections so far."""
        return {"world": self._about, "market": self._market, "sources": self._sources, **self._entries}

    def _add(self, section: str, values: dict[str, object]) -> Self:
        self._entries.setdefault(section, []).append(values)
        return self

    def source(self, key: str, title: str, **values: object) -> Self:
        """Add a source of figures; they name it by its key."""
        if key in self._sources:
            raise ArgumentError(f'source "{key}" is there already; give each source a key of its own.')
        self._sources[key] = {"title": title, **values}
        return self

    def market(self, **values: object) -> Self:
        """Set fields of the market."""
        self._market |= values
        return self

    def company(self, id: str, **values: object) -> Self:  # noqa: A002 - the field's name
        """Add a company; `cash` is needed, or an archetype and its inputs."""
        return self._add("company", {"id": id, **values})

    def segment(self, seller: str, **values: object) -> Self:
        """Add end demand of a seller; `revenue` is needed."""
        return self._add("segment", {"seller": seller, **values})

    def recapture(self, lost: str, gained: str, share: object, **values: object) -> Self:
        """Add the share of what segment `lost` loses that segment `gained` gains."""
        return self._add("recapture", {"from": lost, "to": gained, "share": share, **values})

    def contract(self, customer: str, supplier: str, **values: object) -> Self:
        """Add a contract under which a customer pays a supplier."""
        return self._add("contract", {"customer": customer, "supplier": supplier, **values})

    def loan(self, borrower: str, lender: str = "capital", **values: object) -> Self:
        """Add a loan; `balance` and `maturity` are needed."""
        return self._add("loan", {"borrower": borrower, "lender": lender, **values})

    def stake(self, holder: str, issuer: str, **values: object) -> Self:
        """Add a stake; `fraction` is needed."""
        return self._add("stake", {"holder": holder, "issuer": issuer, **values})

    def pledge(self, investor: str, company: str, **values: object) -> Self:
        """Add a pledge of cash; `amount` is needed."""
        return self._add("pledge", {"investor": investor, "company": company, **values})

    def fleet(self, owner: str, **values: object) -> Self:
        """Add a fleet; what is `class` in files is `class_` here."""
        return self._add("fleet", {"owner": owner, **values})
