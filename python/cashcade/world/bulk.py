"""Tables of plain columns as blocks: large worlds without a record for each row.

A column goes straight into an array where it is plain and sound, by the bounds and types of the fields that
records have. A table with anything else (ranges, dates, text in place of numbers, what looks wrong) becomes
records row by row, which know every form and tell what is wrong.
"""

import functools
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple, cast

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from cashcade.world.block import Block, Ends, Floats, Inner, Linked, default_of
from cashcade.world.checks.columns import may_fail
from cashcade.world.columns import Columns
from cashcade.world.ids import ids_of
from cashcade.world.kinds import HELD_TABLES, ROWS, TABLES, Held
from cashcade.world.parameter import parameters_of
from cashcade.world.record import ASSUMPTION, BETWEEN, CAPITAL, Link, Named, Record, attributes_of, links_of
from cashcade.world.sheets import Framed

TEXTS = frozenset({"id", "name", "what", "archetype", "source", "confidence", "kind", "note", "better"})
"""Fields of text whose cells stand as they are; those of dates and lists are to be read first."""

WORDS = (nw.String, nw.Categorical, nw.Enum)
"""Types of columns that hold text."""

BLANK = ""
"""What is no word."""

Ids = dict[str, Sequence[str]]


class DoubtError(Exception):
    """Something in a table is not known here, or may be wrong: records tell."""


class Found(NamedTuple):
    """Sections that are plain columns, and the ids by section that their links stand on."""

    blocks: dict[str, Block]
    ids: Ids

    def tables(self) -> set[str]:
        """Return the names of the tables that they were."""
        whole = {table for table, section in TABLES.items() if section in self.blocks}
        return whole.union(*(each.held for each in self.blocks.values()))

    def agrees_with(self, parts: Mapping[str, Any]) -> bool:
        """Return whether the other parts have the companies and sources that are named here."""
        if "company" not in self.blocks and self.ids["company"] != tuple(
            each.id for each in parts["company"]
        ):
            return False
        if "contract" in self.blocks and any(loan.contract for loan in parts["loan"]):
            return False  # a check of such loans looks at the records of contracts
        known = {None, ASSUMPTION, *parts["sources"]}
        every = (block for each in self.blocks.values() for block in (each, *each.inner_blocks()))
        return all(known.issuperset(each.texts.get("source", ())) for each in every)


def blocks_of(tables: Mapping[str, object]) -> Found:
    """Return the sections that tables give in plain columns, with what stands within their entries.

    All is sound in them but for what `agrees_with` looks at.
    """
    blocks: dict[str, Block] = {}
    ids: Ids = {}
    for table, section in TABLES.items():
        if table not in tables:
            continue
        within = [name for name, held in HELD_TABLES.items() if held.holder == section and name in tables]
        try:
            reader = Reader(table, tables[table])
            ids |= {section: reader.certain_ids()} if section == "company" else {}
            blocks[section] = reader.block(
                section, ids, {name: Reader(name, tables[name]) for name in within}
            )
            ids[section] = blocks[section].ids
        except (DoubtError, ValidationError, ValueError):
            continue
    return Found(blocks, ids)


class Stated(NamedTuple):
    """Content of a table, by names in files: parameters, links, and other fields."""

    numbers: dict[str, Floats]
    links: dict[str, Ends]
    texts: dict[str, list[str | None]]

    def taken(self, order: NDArray[np.intp]) -> "Stated":
        """Return the rows in another order."""
        places = order.tolist()
        return Stated(
            {name: each[order] for name, each in self.numbers.items()},
            {name: each._replace(places=each.places[order]) for name, each in self.links.items()},
            {name: [each[place] for place in places] for name, each in self.texts.items()},
        )


class Reader:
    """Reads a table column by column.

    Parameters
    ----------
    table
        Its name.
    given
        The table.

    Raises
    ------
    DoubtError
        It is no table of columns, or has no rows.
    ValueError
        Two columns have one name.
    """

    def __init__(self, table: str, given: object) -> None:
        if not isinstance(given, Framed) or not len(given.frame):
            raise DoubtError
        self.model = ROWS[table]
        self.count = len(given.frame)
        self.parameters, self.links = parameters_of(self.model), links_of(self.model)
        self.linked = self.model.linked if issubclass(self.model, Named) else ()
        names = Columns.of(table).named([str(column) for column in given.frame.columns])
        series = zip(names, given.frame.iter_columns(), strict=True)
        self.filled = {name: each for name, each in series if not each.is_null().all()}

    def certain_ids(self) -> tuple[str, ...]:
        """Return the ids of entries that need one, which are those that the table says.

        Raises
        ------
        DoubtError, ValidationError
            They are missing, unsound or not told apart; or an archetype may bring further entries.
        """
        ids = self._texts("id")
        if None in ids or len(set(ids)) < self.count or "archetype" in self.filled:
            raise DoubtError
        return tuple(str(each) for each in ids)

    def block(self, section: str, ids: Ids, within: Mapping[str, "Reader"]) -> Block:
        """Return the table as a block.

        Parameters
        ----------
        section
            Its section.
        ids
            Ids of the entries that links name, by section.
        within
            Tables of what stands within the entries, by name.

        Raises
        ------
        DoubtError, ValidationError
            A column is not known here, or may be wrong.
        """
        stated = self._stated(ids)
        own = stated.texts.pop("id", [None] * self.count)
        names: Sequence[str]
        if None in own:
            names = linked = self._linked(stated.links)
            told = self._told_apart(linked, own, stated)
        else:
            names = told = tuple(str(each) for each in own)
        if within and any(own) and None in own:
            raise DoubtError
        held = {name: each.inner(HELD_TABLES[name], names, told, ids) for name, each in within.items()}
        block = Block(self.model, told, *stated, held)
        if may_fail(section, block):
            raise DoubtError
        return block

    def inner(self, held: Held, names: Sequence[str], told: Sequence[str], ids: Ids) -> Inner:
        """Return the rows as they stand within entries.

        Parameters
        ----------
        held
            What they are.
        names
            What rows call the entries: the first of a name is meant.
        told
            The ids of the entries.
        ids
            Ids of the entries that links name, by section.

        Raises
        ------
        DoubtError, ValidationError
            A column is not known here, or may be wrong.
        """
        place_of: dict[str | None, int] = {names[place]: place for place in range(len(names) - 1, -1, -1)}
        found = list(map(place_of.get, self._words(held.holder)))
        del self.filled[held.holder]
        if None in found:
            raise DoubtError
        places = np.array(found, dtype=np.int32)
        order = np.argsort(places, kind="stable")
        stated, places = self._stated(ids).taken(order), places[order]
        begins = np.searchsorted(places, places)  # the first row of the same entry
        numbers = (np.arange(self.count) - begins + 1).tolist()
        inside = tuple(
            f"{told[place]}/{number}" for place, number in zip(places.tolist(), numbers, strict=True)
        )
        stated.links[held.holder] = Ends(places, told)
        return Inner(Block(self.model, inside, *stated), places, len(told))

    def _stated(self, ids: Ids) -> Stated:
        """Return what all columns say, each sound by itself."""
        numbers = {name: self._numbers(name) for name in self.filled if name in self.parameters}
        links = {name: self._link(name, self.links[name], ids) for name in self.filled if name in self.links}
        rest = [name for name in self.filled if name not in numbers and name not in links]
        missing = attributes_of(self.model).keys() - self.filled.keys()
        if not TEXTS.issuperset(rest) or any(map(self._is_needed, missing)):
            raise DoubtError
        return Stated(numbers, links, {name: self._texts(name) for name in rest})

    def _is_needed(self, name: str) -> bool:
        return self.model.model_fields[attributes_of(self.model)[name]].is_required()

    def _linked(self, links: Mapping[str, Ends]) -> Linked:
        """Return the ids that links make."""
        if not self.linked:
            raise DoubtError
        return Linked([links[name] for name in self.linked])

    def _told_apart(self, names: Linked, own: Sequence[str | None], stated: Stated) -> Sequence[str]:
        """Return an id for each entry; those that links make stay unwritten where that is certain."""
        if any(own):
            return self._apart(names, own, stated, np.arange(self.count))
        alike = pd.DataFrame({number: each.places for number, each in enumerate(names.ends)}).duplicated(
            keep=False
        )
        some = np.flatnonzero(alike)
        made = names.made(some)
        told = self._apart(made, [None] * len(some), stated, some)
        known = set().union(*(each.ids for each in names.ends))
        others = [name.split(BETWEEN, 1)[-1] for name in set(told) - set(made)]
        if known.isdisjoint(others) and not any(BETWEEN in name for name in known):
            return Linked(names.ends, dict(zip(some.tolist(), told, strict=True)))
        return self._apart(names, own, stated, np.arange(self.count))

    def _apart(
        self,
        names: Sequence[str],
        own: Sequence[str | None],
        stated: Stated,
        places: NDArray[np.intp],
    ) -> tuple[str, ...]:
        """Return ids of the entries at some places, which differ from each other."""
        what = stated.texts.get("what")
        about = [what[place] for place in places.tolist()] if what else [None] * len(places)
        return tuple(ids_of([each or "" for each in own], list(names), about))

    def _texts(self, name: str) -> list[str | None]:
        """Return the cells of a column of text, blank ones as None."""
        cells = [each if each and each.strip() else None for each in self._words(name)]
        said = [each for each in cells if each is not None]
        if (self._is_needed(name) and None in cells) or _adapter(self.model, name).validate_python(
            said
        ) != said:
            raise DoubtError
        return cells

    def _words(self, name: str) -> list[str | None]:
        """Return the cells of a column of text, missing ones as None."""
        series = self.filled.get(name)
        if series is None or series.dtype not in WORDS:
            raise DoubtError
        cells: list[Any] = series.to_list()
        if series.is_null().any():
            return [each if isinstance(each, str) else None for each in cells]
        return cells

    def _link(self, name: str, link: Link, ids: Ids) -> Ends:
        known = ids.get(link.target, ())
        words, places = list(known), list(range(len(known)))
        if link.may_be_capital:
            if CAPITAL in known:
                raise DoubtError
            words, places = [*words, CAPITAL], [*places, -1]
        found = self._looked_up(name, words, places, None if self._is_needed(name) else -1)
        return Ends(found.astype(np.int32), known, CAPITAL if link.may_be_capital else None)

    def _looked_up(
        self, name: str, words: Sequence[str], values: Sequence[float], silent: float | None
    ) -> Floats:
        """Return the value of the word in each cell of a column; `silent`, if any, for missing ones."""
        series = self.filled[name]
        if series.dtype not in WORDS or not words:
            raise DoubtError
        series = series.cast(nw.String)  # a blank is none of the categories
        if series.is_null().any():
            if silent is None:
                raise DoubtError
            series, words, values = series.fill_null(BLANK), [*words, BLANK], [*values, silent]
        if not series.is_in(words).all():
            raise DoubtError
        return cast("Floats", series.replace_strict(words, values, return_dtype=nw.Float64).to_numpy())

    def _numbers(self, name: str) -> Floats:
        parameter = self.parameters[name]
        found = self._codes(name) if parameter.words else self._plain(name)
        missing = np.isnan(found)
        if missing.any():
            default = default_of(self.model, name)
            if default is None:
                raise DoubtError
            found = np.where(missing, default, found)
        if not parameter.fits(found).all():
            raise DoubtError
        return found

    def _codes(self, name: str) -> Floats:
        """Return the codes of the words in a column, not-a-number for missing ones."""
        codes = self.parameters[name].codes
        return self._looked_up(name, list(codes), list(codes.values()), np.nan)

    def _plain(self, name: str) -> Floats:
        """Return the numbers or flags of a column, not-a-number for missing ones."""
        series = self.filled[name]
        if self.parameters[name].unit == "flag":
            if series.dtype != nw.Boolean or series.is_null().any():
                raise DoubtError
        elif not series.dtype.is_numeric():
            raise DoubtError
        found = series.to_numpy()
        if found.dtype.kind not in "biuf":
            raise DoubtError
        return found.astype(np.float64)


@functools.cache
def _adapter(model: type[Record], name: str) -> TypeAdapter[list[Any]]:
    """Return what checks many values of a field of text as records do."""
    field = model.model_fields[attributes_of(model)[name]]
    marked: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return TypeAdapter(list[marked])
