"""A world's title and start."""

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from cashcade.world.feedbacks import FEEDBACKS
from cashcade.world.problems import did_you_mean
from cashcade.world.record import Id, Line, Record, Text

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
"""How a date in text begins."""


def _alone(given: object) -> object:
    """Return one name as a list of it."""
    return (given,) if isinstance(given, str) else given


_NAME = {"type": "string"}

Names = Annotated[
    tuple[Id, ...],
    BeforeValidator(_alone),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME}]}),
]
"""Names; one alone needs no list."""


class About(Record):
    """A world's title and start."""

    name: Id
    """Short name."""
    title: Line | None = None
    """One line for lists."""
    date: dt.date
    """The date of the figures; the first simulated month is the one after it."""
    description: Text | None = None
    """What it holds and what it does not claim."""
    currency: Literal["USD"] = "USD"
    """Currency of all amounts: USD."""
    exits: Names = ()
    """Exit scenarios of plugins that every run has, unless it is given one itself; one name or a list."""
    without: tuple[Id, ...] = ()
    """Feedbacks that are left out, by their names in `cashcade feedbacks`."""
    feedbacks: tuple[Id, ...] | None = None
    """The only feedbacks that stay, in place of `without`; all if it is not given, none if it is empty."""
    loops: tuple[Id, ...] | None = None
    """The former name of `feedbacks`."""

    @field_validator("date", mode="before")
    @classmethod
    def _date(cls, given: object) -> object:
        """Refuse a number, and text that is none but a number: it would count as seconds from 1970."""
        if isinstance(given, dt.date) or (isinstance(given, str) and _DATE.match(given.strip())):
            return given
        raise PydanticCustomError("date_type", "a date")

    @field_validator("without", "feedbacks", "loops")
    @classmethod
    def _known(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for name in names or ():
            if name not in FEEDBACKS:
                hint = did_you_mean(name, FEEDBACKS)
                wanted = f"feedbacks out of {', '.join(FEEDBACKS)}" + (f" ({hint})" if hint else "")
                raise PydanticCustomError("loop", "{wanted}", {"wanted": wanted, "given": f'"{name}"'})
        return names

    @field_validator("feedbacks", "loops")
    @classmethod
    def _one_of_them(cls, names: tuple[str, ...] | None, info: ValidationInfo) -> tuple[str, ...] | None:
        if names is not None and (info.data.get("without") or info.data.get("feedbacks") is not None):
            wanted = "either without, what is left out, or feedbacks (formerly loops), all that stays"
            raise PydanticCustomError("loop", "{wanted}", {"wanted": wanted, "given": "both"})
        return names

    @property
    def left_out(self) -> tuple[str, ...]:
        """Feedbacks that are off, in the order of `cashcade feedbacks`."""
        stay = self.loops if self.feedbacks is None else self.feedbacks
        off = set(self.without) if stay is None else FEEDBACKS.keys() - set(stay)
        return tuple(name for name in FEEDBACKS if name in off)
