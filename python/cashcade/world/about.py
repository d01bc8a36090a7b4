"""What a world is and when it starts."""

import datetime as dt
import re
from typing import Literal

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from cashcade.world.loops import LOOPS
from cashcade.world.problems import did_you_mean
from cashcade.world.record import Id, Line, Record, Text

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
"""How a date in text begins."""


class About(Record):
    """What a world is and when it starts."""

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
    without: tuple[Id, ...] = ()
    """Loops that are left out, by their names in `cashcade loops`."""
    loops: tuple[Id, ...] | None = None
    """The only loops that stay, in place of `without`; all if it is not given, none if it is empty."""

    @field_validator("date", mode="before")
    @classmethod
    def _date(cls, given: object) -> object:
        """Refuse a number, and text that is none but a number: it would count as seconds from 1970."""
        if isinstance(given, dt.date) or (isinstance(given, str) and _DATE.match(given.strip())):
            return given
        raise PydanticCustomError("date_type", "a date")

    @field_validator("without", "loops")
    @classmethod
    def _known(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for name in names or ():
            if name not in LOOPS:
                hint = did_you_mean(name, LOOPS)
                wanted = f"loops out of {', '.join(LOOPS)}" + (f" ({hint})" if hint else "")
                raise PydanticCustomError("loop", "{wanted}", {"wanted": wanted, "given": f'"{name}"'})
        return names

    @field_validator("loops")
    @classmethod
    def _one_of_two(cls, names: tuple[str, ...] | None, info: ValidationInfo) -> tuple[str, ...] | None:
        if names is not None and info.data.get("without"):
            wanted = "either without, what is left out, or loops, all that stays"
            raise PydanticCustomError("loop", "{wanted}", {"wanted": wanted, "given": "both"})
        return names

    @property
    def left_out(self) -> tuple[str, ...]:
        """Loops that are off, in the order of `cashcade loops`."""
        off = set(self.without) if self.loops is None else LOOPS.keys() - set(self.loops)
        return tuple(name for name in LOOPS if name in off)
