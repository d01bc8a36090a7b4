"""Dates in place of months, turned into months of the run before a record is checked."""

import datetime as dt
from typing import Any

from cashcade.world.dates import LAST_MONTH, as_date, month_of
from cashcade.world.parameter import parameters_of
from cashcade.world.plain import plain
from cashcade.world.problems import Finding, Place
from cashcade.world.record import Record

PARTS = ("value", "low", "high", "mean")
"""Keys of a quantity that hold a value."""


class Calendar:
    """Turns dates into months of the run and keeps what it could not turn.

    Parameters
    ----------
    start
        Date of the world, None if it is unsound: dates then become month 1, for that problem is told already.
    """

    def __init__(self, start: dt.date | None) -> None:
        self.start = start
        self.findings: list[Finding] = []

    def months(self, raw: dict[str, Any], model: type[Record], place: Place) -> dict[str, Any]:
        """Return the raw entry with months in place of the dates of its month fields."""
        names = [name for name, mark in parameters_of(model).items() if mark.unit == "month" and name in raw]
        return raw | {name: self._quantity(raw[name], (*place, name)) for name in names}

    def _quantity(self, value: object, place: Place) -> object:
        """Return a quantity with months in place of its dates, a value alone or the parts of a table."""
        if not isinstance(value, dict):
            return self._value(value, place)
        parts = {part: self._value(value[part], (*place, part)) for part in PARTS if part in value}
        choices = value.get("choices")
        if isinstance(choices, list | tuple):
            parts["choices"] = [self._value(item, (*place, "choices")) for item in choices]
        return value | parts

    def _value(self, value: object, place: Place) -> object:
        value = plain(value)
        date = as_date(value)
        return value if date is None else self._month(date, value, place)

    def _month(self, date: dt.date, value: object, place: Place) -> int:
        if self.start is None:
            return 1
        month = month_of(date, self.start)
        if 1 <= month <= LAST_MONTH:
            return month
        self.findings.append(self._outside(value, place))
        return 1

    def _outside(self, value: object, place: Place) -> Finding:
        last = f"{LAST_MONTH // 12} years"
        wanted = f"a date after the world's ({self.start:%Y-%m}) and within {last} of it"
        hint = "Use a month number, or mend the date; what is past needs no entry."
        return Finding(place, f"the date {value} (dates outside the run)", wanted, hint)
