"""What a world is and when it starts."""

import datetime as dt
from typing import Literal

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
