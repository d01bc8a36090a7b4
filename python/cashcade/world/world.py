"""The world: companies, what links them, and the market they share."""

import datetime as dt
from typing import Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from cashcade.world.checks import Draft, findings_in
from cashcade.world.company import Company
from cashcade.world.contract import Contract
from cashcade.world.fleet import Fleet
from cashcade.world.ids import named
from cashcade.world.loan import Loan
from cashcade.world.market import Market
from cashcade.world.record import Id, Named, Record, Source, Text
from cashcade.world.segment import Recapture, Segment
from cashcade.world.stake import Pledge, Stake

CHECKED = "checked"
"""Context of a validation whose cross checks have been made already."""


class About(Record):
    """What a world is and when it starts."""

    name: Id
    """Short name."""
    title: Text | None = None
    """One line for lists."""
    date: dt.date
    """The date of the figures; the first simulated month is the one after it."""
    description: Text | None = None
    """What it holds and what it does not claim."""
    currency: Literal["USD"] = "USD"
    """Currency of all amounts: USD."""


class World(Record):
    """Companies, their segments, contracts, loans, stakes, pledges and fleets, and the market they share.

    Fields are spelled in the plural here and in the singular in files. A world never changes.
    """

    about: About = Field(alias="world")
    """What it is and when it starts."""
    sources: dict[Id, Source] = Field(default_factory=dict)
    """Where its figures come from, by the key that figures name."""
    market: Market = Field(default_factory=Market)
    """What all companies share."""
    companies: tuple[Company, ...] = Field(alias="company", min_length=1)
    """The nodes of the network."""
    segments: tuple[Segment, ...] = Field((), alias="segment")
    """End demand."""
    recaptures: tuple[Recapture, ...] = Field((), alias="recapture")
    """Who gains the demand that others lose."""
    contracts: tuple[Contract, ...] = Field((), alias="contract")
    """Who pays whom."""
    loans: tuple[Loan, ...] = Field((), alias="loan")
    """Who owes whom."""
    stakes: tuple[Stake, ...] = Field((), alias="stake")
    """Who owns whom."""
    pledges: tuple[Pledge, ...] = Field((), alias="pledge")
    """Who promised cash to whom."""
    fleets: tuple[Fleet, ...] = Field((), alias="fleet")
    """Short-lived assets."""

    @field_validator("segments", "recaptures", "contracts", "loans", "stakes", "pledges", "fleets")
    @classmethod
    def _named(cls, entries: tuple[Named, ...]) -> tuple[Named, ...]:
        return named(entries)

    @model_validator(mode="after")
    def _sound(self, info: ValidationInfo) -> Self:
        if info.context != CHECKED:
            found = [f"given {found.given}, wanted {found.wanted}" for found in findings_in(self._draft())]
            if found:
                raise PydanticCustomError("world", "{problems}", {"problems": "; ".join(found)})
        return self

    @property
    def name(self) -> str:
        """Short name."""
        return self.about.name

    @property
    def title(self) -> str:
        """One line for lists; the name where there is none."""
        return self.about.title or self.about.name

    @property
    def date(self) -> dt.date:
        """The date of the figures; month 1 is the month after it."""
        return self.about.date

    def sections(self) -> dict[str, tuple[Named, ...]]:
        """Return the entries by section, named as in files."""
        fields = {str(info.alias): getattr(self, name) for name, info in type(self).model_fields.items()}
        return {section: entries for section, entries in fields.items() if isinstance(entries, tuple)}

    def _draft(self) -> Draft:
        sections = self.sections()
        entries = {section: tuple(enumerate(records)) for section, records in sections.items()}
        ids = {section: frozenset(entry.id for entry in records) for section, records in sections.items()}
        return Draft(entries, ids, frozenset(self.sources), self.market)
