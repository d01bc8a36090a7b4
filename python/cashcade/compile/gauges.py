"""Numbers of the user's own: measured at the end of each month, and moving nothing."""

from typing import NamedTuple

from cashcade.rules.expressions import Condition, Value
from cashcade.rules.units import UNITS

DOLLARS, FLAG, NUMBER = range(3)
"""Kinds of gauges, which decide how exactly their sums are kept."""


class Gauge(NamedTuple):
    """A number of the market by the name that the user gives it."""

    name: str
    expression: Value | Condition

    @property
    def label(self) -> str:
        """Its name in messages."""
        return f'record: "{self.name}"'

    @property
    def kind(self) -> int:
        """How exactly its sums are kept."""
        if isinstance(self.expression, Condition):
            return FLAG
        return DOLLARS if self.expression.unit and self.expression.unit.usd == UNITS["USD"].usd else NUMBER

    @property
    def unit(self) -> str:
        """By its name in the table of variables."""
        return "flag" if self.kind == FLAG else str(self.expression.unit or UNITS["1"])
