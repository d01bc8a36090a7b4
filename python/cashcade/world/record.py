"""The base of all records of a world: frozen, no unknown keys, a source for what they say."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from cashcade.world.dates import as_text
from cashcade.world.plain import plain_entry

_UNSEEN = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Characters that move the cursor, break the line or turn the direction of writing."""

_PRINTABLE = rf"^[^\s{_UNSEEN}](?:[^{_UNSEEN}]{{0,118}}[^\s{_UNSEEN}])?$"

Id = Annotated[
    str,
    StringConstraints(strict=True, pattern=_PRINTABLE),
]
"""An id: 1 to 120 printable characters without space at either end."""

Text = Annotated[str, StringConstraints(strict=True, max_length=20_000)]
"""Free text."""

Line = Annotated[str, StringConstraints(strict=True, max_length=20_000, pattern=rf"^[^{_UNSEEN}]*$")]
"""Free text on one line: titles and names, which stand in tables."""

Tag = Annotated[str, StringConstraints(strict=True, pattern=r"^[^\s;]{1,60}$")]
"""A word to group by: no space and no semicolon."""

When = Annotated[
    str,
    BeforeValidator(as_text),
    StringConstraints(pattern=r"^\d{4}([-/QH]?[0-9QH][0-9QH/-]{0,15})?$"),
    Field(examples=["2025", "2025Q2", "2025-06", "2025-06-30"]),
]
"""A year, quarter, month, day or span of years in which a figure held."""

CAPITAL = "capital"
"""Funds, bond buyers and the public market: the sector outside that lends, owns and promises."""

OUTSIDE = ("households", "suppliers", CAPITAL)
"""The sectors outside the network; no company may have their names."""


@dataclass(frozen=True, slots=True)
class Link:
    """Marks a field as the id of another entry.

    Parameters
    ----------
    target
        The section that the id belongs to.
    outside
        Whether it may lead out of the network: to "capital" in place of a company, else to nothing.
    """

    target: str
    outside: bool = False

    @property
    def may_be_capital(self) -> bool:
        """Whether "capital" may stand in its place."""
        return self.outside and self.target == "company"


CompanyId = Annotated[Id, Link("company")]
CompanyOrCapital = Annotated[Id, Link("company", outside=True)]
SegmentId = Annotated[Id, Link("segment")]
ContractOrNone = Annotated[Id | None, Link("contract", outside=True)]

Confidence = Literal["high", "medium", "low"]
Kind = Literal["reported", "estimate", "guidance", "commitment", "assumption"]

BETWEEN = "->"
"""What stands between the ends of an entry in an id that is made of them."""

ASSUMPTION = "assumption"
"""The source of a number that nobody published."""


SHOWN_TEXT, SHOWN_ITEMS = 60, 3
"""Characters of a text and items of a list that the representation of a record shows."""


class Record(BaseModel):
    """A frozen record that refuses unknown keys."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, given: object) -> object:
        """Take values of NumPy, pandas and the like as plain Python, and None as silence."""
        return plain_entry(given, attributes_of(cls)) if isinstance(given, dict) else given

    def to_raw(self) -> dict[str, Any]:
        """Return the fields by their name in files, as plain values, without what equals its default."""
        return self.model_dump(exclude_defaults=True, by_alias=True)

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """Show what differs from its default only."""
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if value != field.get_default(call_default_factory=True, validated_data={}):
                yield name, _short(value)


class _Ellipsis(str):
    """Text that is shown without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _short(value: object) -> object:
    """Return a value as it is shown: long text and long lists by their beginning and their size."""
    if isinstance(value, str) and len(value) > SHOWN_TEXT:
        return _Ellipsis(f"{value[:SHOWN_TEXT]!r}... ({len(value)} characters)")
    if isinstance(value, tuple) and len(value) > SHOWN_ITEMS:
        items = ", ".join(map(repr, value[:SHOWN_ITEMS]))
        return _Ellipsis(f"({items}, ... {len(value)} in all)")
    return value


class Sourced(Record):
    """A record that may say where its numbers come from."""

    source: Id | None = None
    """Key into `[sources]`, or "assumption"."""
    as_of: When | None = None
    """When the figure held."""
    confidence: Confidence | None = None
    """How far the figure is to be trusted: high, medium or low."""
    kind: Kind | None = None
    """What sort of figure it is: reported, estimate, guidance, commitment or assumption."""
    note: Text | None = None
    """Anything a reader should know."""
    better: Text | None = None
    """What would be needed to know it better: which filing, contract, data set or survey would tell."""


class Named(Sourced):
    """A record that others may refer to."""

    linked: ClassVar[tuple[str, ...]] = ()
    """Links, by their names in files, of which the id of an entry that was given none is made."""

    id: Id = ""
    """Name of the entry; where none is given, one made of what it links."""

    def natural_id(self) -> str:
        """Return the id of an entry that was given none."""
        known = attributes_of(type(self))
        return BETWEEN.join(getattr(self, known[link]) for link in self.linked) or self.id


class Source(Record):
    """The source of figures."""

    title: Line
    """Title, with its publisher."""
    url: Text | None = None
    """Address."""
    date: When | None = None
    """When it was published."""
    note: Text | None = None
    """Anything a reader should know."""


@functools.cache
def links_of(model: type[Record]) -> dict[str, Link]:
    """Return the links among the fields of a record, by their name in files."""
    found = {}
    for name, field in model.model_fields.items():
        marks = [mark for mark in field.metadata if isinstance(mark, Link)]
        if marks:
            found[field.alias or name] = marks[0]
    return found


@functools.cache
def attributes_of(model: type[Record]) -> dict[str, str]:
    """Return the attribute of each field by its name in files: "class" is `class_` in Python."""
    return {info.alias or name: name for name, info in model.model_fields.items()}
