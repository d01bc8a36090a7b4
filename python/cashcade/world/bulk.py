"""Tables of plain columns as blocks: large worlds without a record for each row.

A column goes straight into an array where it is plain and sound, by the bounds and types of the fields that
records have. A table with anything else (ranges, dates, text in place of numbers, what looks wrong) becomes
records row by row, which know every form and tell what is wrong.
"""

import functools
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd
from pydantic import TypeAdapter, ValidationError

from cashcade.world.block import Block, Ends, Floats, default_of
from cashcade.world.checks.columns import may_fail
from cashcade.world.columns import Columns
from cashcade.world.ids import ids_of
from cashcade.world.kinds import HELD_TABLES, SECTIONS, TABLES
from cashcade.world.parameter import parameters_of
from cashcade.world.record import ASSUMPTION, BETWEEN, CAPITAL, Link, Named, attributes_of, links_of
from cashcade.world.sheets import Framed

TEXTS = frozenset({"id", "name", "what", "archetype", "source", "confidence", "kind", "note", "better"})
"""Fields of text whose cells stand as they are; those of dates and lists are to be read first."""

WORDS = (nw.String, nw.Categorical, nw.Enum)
"""Types of columns that hold text."""

Ids = dict[str, tuple[str, ...]]


class DoubtError(Exception):
    """Something in a table is not known here, or may be wrong: records tell."""


class Found(NamedTuple):
    """Sections that are plain columns, and the ids by section that their links stand on."""

    blocks: dict[str, Block]
    ids: Ids

    def agrees_with(self, parts: Mapping[str, Any]) -> bool:
        """Return whether the other parts of the world have the companies and sources that are named here."""
        if "company" not in self.blocks and self.ids["company"] != tuple(
            each.id for each in parts["company"]
        ):
            return False
        known = {None, ASSUMPTION, *parts["sources"]}
        return all(known.issuperset(each.texts.get("source", ())) for each in self.blocks.values())


def blocks_of(tables: Mapping[str, object]) -> Found:
    """Return the sections that tables give in plain columns.

    All is sound in them but for what `agrees_with` looks at.
    """
    held = {HELD_TABLES[name].holder for name in tables if name in HELD_TABLES}
    blocks: dict[str, Block] = {}
    ids: Ids = {}
    for table, section in TABLES.items():
        given = tables.get(table)
        if not isinstance(given, Framed) or not len(given.frame):
            continue
        reader = Reader(SECTIONS[section], Columns.of(table), given.frame)
        try:
            ids |= {section: reader.certain_ids()} if section == "company" else {}
            if section not in held:
                blocks[section] = reader.block(section, ids)
                ids[section] = blocks[section].ids
        except (DoubtError, ValidationError, ValueError):
            continue
    return Found(blocks, ids)


class Reader:
    """Reads a table column by column.

    Parameters
    ----------
    model
        The record of a row.
    columns
        The columns that the table may have.
    frame
        The table.

    Raises
    ------
    ValueError
        Two columns have one name.
    """

    def __init__(self, model: type[Named], columns: Columns, frame: nw.DataFrame[Any]) -> None:
        self.model = model
        self.count = len(frame)
        self.parameters, self.links = parameters_of(model), links_of(model)
        names = columns.named([str(column) for column in frame.columns])
        series = zip(names, frame.iter_columns(), strict=True)
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

    def block(self, section: str, ids: Ids) -> Block:
        """Return the table as a block.

        Parameters
        ----------
        section
            Its section.
        ids
            Ids of the entries that links name, by section.

        Raises
        ------
        DoubtError, ValidationError
            A column is not known here, or may be wrong.
        """
        numbers = {name: self._numbers(name) for name in self.filled if name in self.parameters}
        links = {name: self._link(name, self.links[name], ids) for name in self.filled if name in self.links}
        rest = [name for name in self.filled if name not in numbers and name not in links]
        if not TEXTS.issuperset(rest):
            raise DoubtError
        texts = {name: self._texts(name) for name in rest}
        missing = attributes_of(self.model).keys() - self.filled.keys()
        if any(self._is_needed(name) for name in missing):
            raise DoubtError
        own = texts.pop("id", [None] * self.count)
        block = Block(self.model, self._named(own, links, texts.get("what")), numbers, links, texts)
        if may_fail(section, block):
            raise DoubtError
        return block

    def _is_needed(self, name: str) -> bool:
        return self.model.model_fields[attributes_of(self.model)[name]].is_required()

    def _named(
        self, own: list[str | None], links: Mapping[str, Ends], what: list[str | None] | None
    ) -> tuple[str, ...]:
        """Return the id of each entry; two that are the same by accident are found by the screens."""
        if None not in own:
            return tuple(str(each) for each in own)
        ends = [links[name] for name in self.model.linked]
        if not ends:
            raise DoubtError
        names = list(map(BETWEEN.join, zip(*(each.named() for each in ends), strict=True)))
        alike = pd.DataFrame({place: each.places for place, each in enumerate(ends)}).duplicated(keep=False)
        some = range(self.count) if any(own) else np.flatnonzero(alike).tolist()
        told = ids_of(
            [own[place] or "" for place in some],
            [names[place] for place in some],
            [what[place] if what else None for place in some],
        )
        for place, name in zip(some, told, strict=True):
            names[place] = name
        return tuple(names)

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
        places: dict[str | None, int] = {each: place for place, each in enumerate(known)}
        if link.outside:
            places[CAPITAL] = -1
        if not self._is_needed(name):
            places[None] = -1
        found = list(map(places.get, self._words(name)))
        if None in found:
            raise DoubtError
        return Ends(np.array(found, dtype=np.int32), known)

    def _numbers(self, name: str) -> Floats:
        parameter = self.parameters[name]
        found = self._codes(name) if parameter.words else self._plain(name)
        missing = np.isnan(found)
        if missing.any():
            default = default_of(self.model, name)
            if default is None:
                raise DoubtError
            found[missing] = default
        if not parameter.fits(found).all():
            raise DoubtError
        return found

    def _codes(self, name: str) -> Floats:
        """Return the codes of the words in a column, not-a-number for missing ones."""
        codes: dict[str | None, float] = {None: np.nan}
        codes.update(self.parameters[name].codes)
        found = list(map(codes.get, self._words(name)))
        if None in found:
            raise DoubtError
        return np.array(found, dtype=np.float64)

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
def _adapter(model: type[Named], name: str) -> TypeAdapter[list[Any]]:
    """Return what checks many values of a field of text as records do."""
    field = model.model_fields[attributes_of(model)[name]]
    marked: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return TypeAdapter(list[marked])
