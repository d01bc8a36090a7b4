"""What a world is and when it starts."""

import datetime as dt
from typing import Literal

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from cashcade.world.loops import LOOPS
from cashcade.world.record import Id, Record, Text


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
    without: tuple[Id, ...] = ()
    """Loops that are left out, by their names in `cashcade loops`."""

    @field_validator("without")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in LOOPS:
                wanted = "loops out of " + ", ".join(LOOPS)
                raise PydanticCustomError("loop", "{wanted}", {"wanted": wanted, "given": f'"{name}"'})
        return names
