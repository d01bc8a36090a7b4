"""Drawn worlds in which rules of a plugin find what they name."""

from collections.abc import Sequence
from typing import Any, Protocol

from hypothesis import strategies as st

from cashcade.rules.selection import Selection
from cashcade.testing.asked import Asked
from cashcade.testing.strategies import COMPANIES, Sections
from cashcade.world import World
from cashcade.world.origin import Origin
from cashcade.world.record import CAPITAL

ENDS = {
    "segment": ("seller",),
    "recapture": ("from", "to"),
    "contract": ("customer", "supplier"),
    "loan": ("borrower", "lender"),
    "stake": ("holder", "issuer"),
    "pledge": ("investor", "company"),
    "fleet": ("owner",),
}
"""Whom entries of each kind link, in the order in which their ids name them."""

LIVELY = {"fixed_cost": 4e6, "discretionary_cost": 2e6, "valuation_multiple": 8.0, "default_cost": 0.2}
"""Values that companies are given where nothing else was drawn, times their place."""

HOLDERS = {"commitment": "contract", "repayment": "loan", "order": "fleet"}
"""Kinds that stand within others."""


@st.composite
def fitting_worlds(draw: st.DrawFn, asked: Asked) -> World:
    """Return small worlds that have what was asked for, besides what `worlds` draws.

    Parameters
    ----------
    asked
        Ids, tags, archetypes and links that must be there.
    """
    spare = [name for name in COMPANIES if name not in asked.companies]
    least = max(2, len(asked.archetypes), len(asked.companies) + 1)
    most = max(least, min(4, len(asked.companies) + len(spare)))
    count = draw(st.integers(least, most), label="number of companies")
    ids = (*asked.companies, *spare)[:count]
    sections = Sections(draw, ids, noise=True, links=True, ranges=False)
    raw = sections.raw()
    _enliven(raw)
    _group(draw, raw["company"], asked)
    for selection in asked.others:
        Adder(sections, raw).add(selection)
    return World.from_raw(raw, Origin("a drawn world"))


def _enliven(raw: dict[str, Any]) -> None:
    """Let all companies spend and sell where nothing else was drawn, so that little goes unnoticed."""
    sellers = {segment["seller"] for segment in raw["segment"]}
    for place, company in enumerate(raw["company"], 1):
        for name, value in LIVELY.items():
            company.setdefault(name, value * place)
        if company["id"] not in sellers:
            raw["segment"].append({"seller": company["id"], "revenue": 5e6 * place, "elasticity": 1.0})


def _group(draw: st.DrawFn, companies: list[dict[str, Any]], asked: Asked) -> None:
    """Give tags to some companies, and archetypes to all: each of them to one at least."""
    names = [company["id"] for company in companies]
    some = st.lists(st.sampled_from(names), min_size=1, unique=True)
    for tag in asked.tags:
        tagged = draw(some, label=f"companies with tag {tag}")
        for company in companies:
            if company["id"] in tagged:
                company["tags"] = [*company.get("tags", ()), tag]
    if asked.archetypes:
        grouped(draw(st.permutations(companies), label="order of archetypes"), asked)


def grouped(companies: Sequence[dict[str, Any]], asked: Asked) -> None:
    """Give archetypes that are asked for to companies, one after the other."""
    archetypes = [*asked.archetypes]
    for place, company in enumerate(companies if archetypes else ()):
        company["archetype"] = archetypes[place % len(archetypes)]


class Filling(Protocol):
    """A source of what entries say besides whom they link."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the companies."""
        ...

    def fields(self, section: str, label: str) -> dict[str, Any]:
        """Give the fields of an entry."""
        ...

    def loan(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Give a loan with its terms."""
        ...

    def fleet(self, entry: dict[str, Any]) -> dict[str, Any]:
        """Give a fleet with its orders."""
        ...


class Adder:
    """Adds entries that selections ask for to sections."""

    def __init__(self, sections: Filling, raw: dict[str, Any]) -> None:
        self.sections, self.raw = sections, raw

    def add(self, selection: Selection) -> None:
        """Add what a selection names, where it is not there."""
        kind = HOLDERS.get(selection.kind, selection.kind)
        if kind not in ENDS:
            return
        if not selection.ids:
            wanted = {link: self._end(target) for link, target in selection.links}
            self._entry(kind, {}, {link: end for link, end in wanted.items() if link in ENDS[kind]})
        for name in selection.ids:
            named = name.partition("/")[0]
            ends = named.split("->")
            if len(ends) == len(ENDS[kind]) and (len(ends) == 2 or ends[0] in self.sections.ids):
                self._entry(kind, {}, dict(zip(ENDS[kind], ends, strict=True)))
            else:
                self._entry(kind, {"id": named}, {})

    def _end(self, target: Selection) -> str:
        """Give the first that a link may point to."""
        if target.ids:
            return target.ids[0]
        if target.kind != "company":
            return str(self.raw[target.kind][0].get("id", self.sections.ids[0]))
        for company in self.raw["company"]:
            tagged = target.tag is None or target.tag in company.get("tags", ())
            if tagged and target.archetype in {None, company.get("archetype")}:
                return str(company["id"])
        return self.sections.ids[0]

    def _entry(self, kind: str, named: dict[str, str], ends: dict[str, str]) -> None:
        """Add an entry, unless there is one of these ends without an id of its own."""
        names = ENDS[kind]
        same = [entry for entry in self.raw[kind] if all(entry.get(end) == ends.get(end) for end in names)]
        if not named and any("id" not in entry for entry in same):
            return
        free = [name for name in self.sections.ids if name not in ends.values()]
        if kind == "recapture":
            self._recapture(ends)
            return
        filled = {end: ends.get(end) or (free.pop(0) if free else CAPITAL) for end in names}
        label = named.get("id") or "->".join(filled.values())
        self.raw[kind].append(self._filled(kind, {**named, **filled, **self.sections.fields(kind, label)}))

    def _recapture(self, ends: dict[str, str]) -> None:
        known = {segment.get("id", segment["seller"]) for segment in self.raw["segment"]}
        for end in ends.values():
            if end not in known and end in self.sections.ids:
                self._entry("segment", {}, {"seller": end})
        if ends:
            self.raw["recapture"] = [{**ends, "share": 0.25}]

    def _filled(self, kind: str, entry: dict[str, Any]) -> dict[str, Any]:
        """Add what must fit: commitments, terms and orders."""
        if kind == "contract":
            amount = {"amount": 1e6, "first_month": 1, "last_month": 60}
            return entry | {"commitments": [amount]}
        if kind == "loan":
            return self.sections.loan(entry)
        if kind == "fleet":
            return self.sections.fleet(entry)
        return entry | ({"fraction": 0.1} if kind == "stake" else {})
