"""Months of a world: the first simulated month is the one after the world's date."""

import datetime as dt
import re

from cashcade.errors import ArgumentError

LAST_MONTH = 1200
"""The last month a world may speak of."""

_DATE = re.compile(r"^(\d{4})-(\d{2})(?:-(\d{2}))?$")


def as_text(value: object) -> object:
    """Return a TOML date as ISO text and anything else unchanged."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def as_date(value: object) -> dt.date | None:
    """Return the date that `value` stands for, the first day for a month alone; None if it is no date."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    found = _DATE.match(value) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return None


def month_of(date: dt.date, start: dt.date) -> int:
    """Return the month of the run in which `date` lies, 1 for the month after that of `start`."""
    return (date.year - start.year) * 12 + date.month - start.month


def check_calendar(months: int, start: dt.date) -> None:
    """Check that a run ends before the calendar does.

    Raises
    ------
    ArgumentError
        Its last month is beyond the year 9999.
    """
    most = month_of(dt.date.max, start)
    if months > most:
        message = f"months is {months}: there are {most} from {start} to the end of the year 9999"
        raise ArgumentError(message)


def first_day(month: int, start: dt.date) -> dt.date:
    """Return the first day of a month of the run, up to the year 9999."""
    months = start.year * 12 + start.month - 1 + month
    return dt.date(min(months // 12, 9999), months % 12 + 1, 1)
