"""The world: companies, what links them, and the market they share."""

import datetime as dt
import math
from collections.abc import Generator, Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import pandas as pd
from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from cashcade.archetype import Archetype
from cashcade.errors import WorldError
from cashcade.words.notebook import Bar, shown
from cashcade.words.numerals import LARGEST_SEED, whole
from cashcade.world import figures, tables, toml
from cashcade.world.about import About
from cashcade.world.additions import checked_entries, joined
from cashcade.world.block import Block, lookup
from cashcade.world.builder import Raw
from cashcade.world.bulk import blocks_of
from cashcade.world.checks import Draft, findings_in
from cashcade.world.company import Company
from cashcade.world.contract import Contract
from cashcade.world.entries import kinds_of
from cashcade.world.fleet import Fleet
from cashcade.world.ids import named
from cashcade.world.kinds import SECTIONS, TABLES, records_of
from cashcade.world.loan import Loan
from cashcade.world.market import Market
from cashcade.world.memo import once
from cashcade.world.notes import Note, Start, notes_on
from cashcade.world.notes.start import number
from cashcade.world.origin import Origin
from cashcade.world.quantity import is_range
from cashcade.world.read import parts_from
from cashcade.world.record import Id, Named, Record, Source
from cashcade.world.segment import Recapture, Segment
from cashcade.world.settings import set_in
from cashcade.world.stake import Pledge, Stake
from cashcade.world.workbooks import pages_of, workbook

JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
"""The dialect of the schema of world files."""

LARGEST_DRAW = 2**62
"""Number of the last draw that a world is frozen at."""

CHECKED = "checked"
"""Context of a validation whose cross checks have been made already."""


class World(Record):  # noqa: PLW1641 - frozen records have a hash
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
    _changed: tuple[str, ...] = PrivateAttr(())
    _blocks: dict[str, Block] = PrivateAttr({})

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

    if not TYPE_CHECKING:  # fields are declared above

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute there is
            """Return entries that are columns as records, which stay."""
            section = _SECTION_OF.get(name)
            if section is None or section not in self._blocks:
                return super().__getattr__(name)
            self.__dict__[name] = self._blocks[section].records()
            return self.__dict__[name]

    def _whole(self) -> Self:
        """Make all entries records, as pydantic looks for them."""
        if self._blocks:
            fields = {name: getattr(self, name) for name in type(self).model_fields}
            self.__dict__.clear()
            self.__dict__.update(fields)
            self._blocks = {}
        return self

    def __eq__(self, other: object) -> bool:
        """Compare all that two worlds say."""
        if isinstance(other, World):
            other._whole()
        return super(World, self._whole()).__eq__(other)

    def __iter__(self) -> Generator[tuple[str, Any], None, None]:  # noqa: PYI058 - as pydantic has it
        """Yield the fields with their names."""
        yield from super(World, self._whole()).__iter__()

    def model_dump(self, *arguments: Any, **how: Any) -> dict[str, Any]:  # noqa: ANN401 - those of pydantic
        """Return the fields as plain values."""
        return super(World, self._whole()).model_dump(*arguments, **how)

    def model_dump_json(self, *arguments: Any, **how: Any) -> str:  # noqa: ANN401 - those of pydantic
        """Return the fields as JSON."""
        return super(World, self._whole()).model_dump_json(*arguments, **how)

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """Show its name, its date, and how many entries and ranges it has."""
        yield "name", self.name
        yield "date", self.date.isoformat()
        counts = self.counts()
        for name, section in TABLES.items():
            if counts[section]:
                yield name, counts[section]
        others = {name: self.section(name) for name in SECTIONS if name not in self._blocks}
        records = records_of(others, self.market)
        yield "ranges", sum(is_range(value) for _, _, record in records for _, value in record)

    def _repr_html_(self) -> str:
        """Show it in a notebook: what it is, and who has how much cash at the start."""
        counts = [f"{name} {count}" for name, count in self.__repr_args__() if name not in {"name", "date"}]
        cash = sorted(((number(each.cash), each.name or each.id) for each in self.companies), reverse=True)
        bars = [Bar(name, amount, math.nan, f"{amount / 1e9:,.1f} bn") for amount, name in cash]
        said = [f"Figures of {self.date.isoformat()}", ", ".join(counts)]
        return shown(self.title, said, "Cash at the start, USD", bars)

    @property
    def name(self) -> str:
        """Short name."""
        return self.about.name

    @property
    def title(self) -> str:
        """One line for lists; by default the name."""
        return self.about.title or self.about.name

    @property
    def date(self) -> dt.date:
        """The date of the figures; month 1 is the month after it."""
        return self.about.date

    @property
    def changed(self) -> tuple[str, ...]:
        """Settings made by `with_`, as the command line takes it: `company.openai.cash=1e+10`."""
        return self._changed

    def with_(self, values: Mapping[str, object]) -> Self:
        """Return a copy with changed numbers, checked as a file is.

        Parameters
        ----------
        values
            What to say there instead, by path: `company.openai.cash`, `fleet.*.economic_life` (all that
            match), `company[tag=app].pass_through`, `loan[borrower=coreweave].rate`, `market.base_rate`. A
            value is one that a file may hold: a number, a range, a date, a word. Of two that meet one field
            the later holds.

        Raises
        ------
        ArgumentError
            There is no such field, or a path meets nothing; with the nearest.
        WorldError
            With everything that is wrong with the changed world.

        Examples
        --------
        ::

            poorer = world.with_({"company.openai.cash": 1e10, "fleet.*.economic_life": 36})
        """
        raw, origin, said = set_in(self, values)
        if not said:
            return self
        result = self.from_raw(raw, origin)
        result._changed = (*self._changed, *said)  # noqa: SLF001 - of its own kind
        return result

    def adding(self, entries: Iterable[Named], whose: str = "adding") -> Self:
        """Return a copy that has more companies, contracts, loans or other entries, checked as a file is.

        Parameters
        ----------
        entries
            Records of `cashcade.world`: `Company(id="entrant", cash=1e9)`, `Loan(borrower="entrant", ...)`.
        whose
            Who brings them, for messages.

        Raises
        ------
        ArgumentError
            One is no entry of a world.
        WorldError
            With everything that is wrong with the world that they have joined: an id that is taken, a party
            that is not there.
        """
        added = checked_entries(entries, whose)
        if not added:
            return self
        result = self.from_raw(*joined(self, added, whose))
        result._changed = self._changed  # noqa: SLF001 - of its own kind
        return result

    def at(self, draw: int, *, seed: int = 0) -> Self:
        """Return a copy in which each range is the value that it takes in a draw.

        Ranges of rules and doors are no part of a world, and stay.

        Parameters
        ----------
        draw
            Number of the draw, as `Result.by_draw` counts them: that of a path is `path // replicates`.
        seed
            Seed of the run.

        Raises
        ------
        ArgumentError
            A number is below 0 or too large.

        Examples
        --------
        ::

            result = cc.run(world, paths=400, replicates=4, seed=1)
            worst = result.by_draw("systemic")["outcome.systemic"].idxmax()
            cc.run(world.at(worst, seed=1), paths=1_000)
        """
        place = whole("draw", draw, 0, LARGEST_DRAW), whole("seed", seed, 0, LARGEST_SEED)
        # The compiler of worlds, which draws, stands on worlds.
        values: dict[str, float] = import_module("cashcade.compile.worlds").values_at(self, *place)
        raw, origin, _ = set_in(self, values)
        result = self.from_raw(raw, origin)
        result._changed = self._changed  # noqa: SLF001 - of its own kind
        return result

    @classmethod
    def from_raw(cls, raw: object, origin: Origin, archetypes: Mapping[str, Archetype] | None = None) -> Self:
        """Return the world of sections of raw data, structured as in a TOML file.

        Parameters
        ----------
        raw
            Sections by name.
        origin
            Where the data came from, for messages.
        archetypes
            Those that companies may be given by, as `cashcade.archetypes()` returns them; by default none.

        Raises
        ------
        WorldError
            With every problem found.
        """
        return cls.model_validate(
            parts_from(raw, origin, {} if archetypes is None else archetypes), context=CHECKED
        )

    @classmethod
    def from_toml(cls, source: str | Path, *, archetypes: Mapping[str, Archetype] | None = None) -> Self:
        """Return the world in a TOML file or text.

        Parameters
        ----------
        source
            A path, or text; text of one line that ends in ".toml" is a path.
        archetypes
            Those that companies may be given by, as `cashcade.archetypes()` returns them; by default none.

        Raises
        ------
        WorldError
            If the file is missing, too large, not UTF-8 or not TOML, or with all problems of its world.
        """
        if isinstance(source, Path) or (source.endswith(".toml") and "\n" not in source):
            return cls.from_raw(*toml.read_file(Path(source)), archetypes)
        return cls.from_text(source, archetypes=archetypes)

    @classmethod
    def from_text(
        cls, text: str, file: str = "text", *, archetypes: Mapping[str, Archetype] | None = None
    ) -> Self:
        """Return the world in a TOML text; `file` names it in messages, `archetypes` are as for files.

        Raises
        ------
        WorldError
            If the text is too long or not TOML, or with all problems of its world.
        """
        return cls.from_raw(*toml.read_text(text, file), archetypes)

    @classmethod
    def from_tables(
        cls,
        source: str | Path | Mapping[str, Any] | None = None,
        /,
        *,
        name: str | None = None,
        date: dt.date | str | None = None,
        title: str | None = None,
        archetypes: Mapping[str, Archetype] | None = None,
        **more: Any,  # noqa: ANN401 - any table there is
    ) -> Self:
        """Return the world of tables.

        Parameters
        ----------
        source
            A folder with files such as `companies.csv` or `contracts.parquet`, a workbook (`.xlsx`) whose
            sheets are called so, or tables by name.
        name, date, title
            What the world is called and the date of its figures, where no table "world" says so.
        archetypes
            Those that companies may be given by, as `cashcade.archetypes()` returns them; by default none.
        more
            Further tables by name: `companies`, `segments`, `recaptures`, `contracts`, `commitments`,
            `loans`, `repayments`, `stakes`, `pledges`, `fleets`, `orders`, `sources`, and `market` and
            `world` of one row. A table is a path to CSV or Parquet, or any table with the Arrow interface.
            A column is a field; `cash.low`, `cash.source` and so on are the parts of a range; empty cells are
            silent. Rows of commitments, repayments and orders name their `contract`, `loan` or `fleet` by id.

        Raises
        ------
        WorldError
            With every problem found, by file and line where there are files.
        """
        about = {"name": name, "date": date, "title": title}
        given = tables.gathered(source, more)
        world = cls._of_blocks(given, about, {} if archetypes is None else archetypes)
        return world or cls.from_raw(*tables.read_tables(given, about), archetypes)

    @classmethod
    def _of_blocks(
        cls, given: tables.Given, about: Mapping[str, object], archetypes: Mapping[str, Archetype]
    ) -> Self | None:
        """Return the world of tables some of which are plain columns; None where records are to tell."""
        found = blocks_of(given.tables)
        if not found.blocks:
            return None
        try:
            raw, origin = tables.read_tables(given.without(found.tables()), about)
            parts = parts_from(
                raw, origin, archetypes, {name: lookup(each.ids) for name, each in found.blocks.items()}
            )
        except WorldError:
            return None
        if not found.agrees_with(parts):
            return None
        world = cast("Self", cls.model_construct(**parts))  # checked, each by itself and all together
        for section in found.blocks:
            del world.__dict__[_FIELD_OF[section]]
        world._blocks = found.blocks  # noqa: SLF001 - of its own kind
        return world

    @classmethod
    def builder(cls, name: str, date: dt.date | str, **about: object) -> "Builder":
        """Return a builder, to which entries are added one by one.

        Parameters
        ----------
        name, date
            What the world is called and the date of its figures.
        about
            Title and description.
        """
        return Builder(name, date, **about)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """Return the JSON schema of world files, for editors and other programs."""
        return {"$schema": JSON_SCHEMA, **cls.model_json_schema(by_alias=True)}

    def to_toml(self) -> str:
        """Return the world as TOML; what equals its default is left out, and reading gives the same world."""
        return toml.to_toml(self.to_raw())

    def to_tables(self) -> dict[str, pd.DataFrame]:
        """Return the world as tables by name, as `from_tables` takes them; empty ones are left out."""
        return tables.to_tables(self.to_raw())

    def to_xlsx(self) -> bytes:
        """Return the world as a workbook, a sheet for each table; reading it gives the same world.

        Raises
        ------
        MissingExtraError
            The library that writes workbooks is not installed.
        """
        return workbook(dict(pages_of(self.to_tables())))

    def as_given(self) -> dict[str, Any]:
        """Return the sections for `from_raw`, with checked entries as they are."""
        lists = {section: list(entries) for section, entries in self.sections().items()}
        return {"world": self.about, "market": self.market, "sources": dict(self.sources), **lists}

    def figures(self) -> pd.DataFrame:
        """Return every stated number with its range, unit and source.

        Returns
        -------
        DataFrame
            A row for each value that differs from its default or carries a source, with columns entity, id,
            field, value, low, high, shared, unit, source, title, url, date, confidence, kind, note, better
            and assumption. Of ranges that share an assumption, what one says in `better` holds for all.
            `low` and `high` of a normal range are its 2.5 % and 97.5 % points, within the field's bounds.
            A number is an assumption where its source or kind says so, or where it has no source.
        """
        return figures.figures(self.records(), self.sources)

    def notes(self) -> list[Note]:
        """Return implausible figures of the world at its start, with each range at its likeliest value.

        A note is no error: the world runs. `cashcade.world.notes` has one function for each kind. Of more
        than 100 notes of a kind the first are told; the last of them says how many more there are.
        """
        return [*_noted(self)]

    def sections(self) -> dict[str, tuple[Named, ...]]:
        """Return the entries by section, named as in files."""
        return {section: self.section(section) for section in SECTIONS}

    def section(self, section: str) -> tuple[Named, ...]:
        """Return the entries of a section, named as in files."""
        found: tuple[Named, ...] = getattr(self, _FIELD_OF[section])
        return found

    def blocks(self) -> Mapping[str, Block]:
        """Return the sections that came as plain columns, for who can do without their records."""
        return self._blocks

    def full_names(self) -> list[str]:
        """Return the name of each company, the id of those that say none."""
        block = self._blocks.get("company")
        if block is None:
            return [company.name or company.id for company in self.companies]
        return [name or own for name, own in zip(block.text("name"), block.ids, strict=True)]

    def counts(self) -> dict[str, int]:
        """Return the number of entries by section."""
        blocks = self._blocks
        return {
            section: len(blocks[section] if section in blocks else getattr(self, name))
            for name, section in _SECTION_OF.items()
        }

    def records(self) -> Iterator[tuple[str, str, Record]]:
        """Yield kind, name and record of the market and of every entry, those within others too."""
        yield from records_of(self.sections(), self.market)

    def _draft(self) -> Draft:
        sections = self.sections()
        entries = {section: tuple(enumerate(records)) for section, records in sections.items()}
        ids = {section: frozenset(entry.id for entry in records) for section, records in sections.items()}
        return Draft(entries, ids, frozenset(self.sources), self.market)


_SECTION_OF = {name: info.alias for name, info in World.model_fields.items() if info.alias in SECTIONS}
"""Section of each field that holds entries."""

_FIELD_OF = {section: name for name, section in _SECTION_OF.items()}


@once
def _noted(world: World) -> tuple[Note, ...]:
    return tuple(notes_on(Start(kinds_of(world), world.market)))


class Builder(Raw):
    """Builds a world entry by entry; every method but the last returns the builder.

    Nothing is checked before `build`, which tells all problems at once.
    """

    def build(self, *, archetypes: Mapping[str, Archetype] | None = None) -> World:
        """Return the world.

        Parameters
        ----------
        archetypes
            Those that companies may be given by, as `cashcade.archetypes()` returns them; by default none.

        Raises
        ------
        WorldError
            With every problem found.
        """
        return World.from_raw(self.raw(), Origin(f"world {self.name}"), archetypes)
