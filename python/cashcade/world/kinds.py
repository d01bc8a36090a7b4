"""The kinds of entries a world holds: their names in files and tables, and what stands within what."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cashcade.world.company import Company
from cashcade.world.contract import Commitment, Contract
from cashcade.world.fleet import Fleet, Order
from cashcade.world.loan import Loan, Repayment
from cashcade.world.market import Market
from cashcade.world.record import Named, Record
from cashcade.world.segment import Recapture, Segment
from cashcade.world.stake import Pledge, Stake

SECTIONS: dict[str, type[Named]] = {
    "company": Company,
    "segment": Segment,
    "recapture": Recapture,
    "contract": Contract,
    "loan": Loan,
    "stake": Stake,
    "pledge": Pledge,
    "fleet": Fleet,
}
"""Sections of a file that hold entries, `[[company]]` and so on."""


class Held(NamedTuple):
    """A kind of entry that stands within another."""

    kind: str
    holder: str
    field: str
    model: type[Record]


HELD = {
    held.kind: held
    for held in (
        Held("commitment", "contract", "commitments", Commitment),
        Held("repayment", "loan", "repayments", Repayment),
        Held("order", "fleet", "orders", Order),
    )
}
"""Kinds that stand within others, in a list of that name."""

MODELS: Mapping[str, type[Record]] = {
    **SECTIONS,
    **{kind: held.model for kind, held in HELD.items()},
    "market": Market,
}
"""The record of each kind of entity."""

ADDRESSED = ("company", "segment", "loan", "pledge")
"""Kinds that draw random numbers of their own during a run."""

TABLES = {f"{section}s" if section != "company" else "companies": section for section in SECTIONS}
"""Names of the tables of entries, with the section of each."""

HELD_TABLES = {held.field: held for held in HELD.values()}
"""Names of the tables of what stands within entries."""

ROWS: dict[str, type[Record]] = {
    **{table: SECTIONS[section] for table, section in TABLES.items()},
    **{table: held.model for table, held in HELD_TABLES.items()},
    "market": Market,
}
"""Kinds of records in the rows of each table."""


def of_kind(
    sections: Mapping[str, Sequence[Named]], market: Market, kind: str
) -> Iterator[tuple[str, Record]]:
    """Yield name and record of what is of a kind, in the order of `records_of`."""
    held = HELD.get(kind)
    if kind == "market":
        yield "market", market
    elif held is None:
        yield from ((entry.id, entry) for entry in sections.get(kind, ()))
    else:
        for entry in sections.get(held.holder, ()):
            yield from _within(entry, held)


def _within(entry: Named, held: Held) -> Iterator[tuple[str, Record]]:
    """Yield name and record of what stands within an entry."""
    records = getattr(entry, held.field)
    yield from ((f"{entry.id}/{n}", record) for n, record in enumerate(records, 1))


def records_of(sections: Mapping[str, Sequence[Named]], market: Market) -> Iterator[tuple[str, str, Record]]:
    """Yield kind, name and record of the market and of every entry, those within others too."""
    yield "market", "market", market
    for kind, entries in sections.items():
        for entry in entries:
            yield kind, entry.id, entry
            for held in HELD.values():
                if held.holder == kind:
                    yield from ((held.kind, name, record) for name, record in _within(entry, held))
