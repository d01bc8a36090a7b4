"""The table of variables, by name."""

from functools import cache
from typing import NamedTuple

from cashcade import _core


class Variable(NamedTuple):
    """One row of the table of variables.

    Attributes
    ----------
    place
        Number of the row, by which the core knows it.
    entity
        What it belongs to, such as `company`.
    name
        Its name within the entity, such as `cash`.
    unit
        Its unit, such as `USD`.
    writable
        Whether a host model may set it between months.
    meaning
        One sentence.
    """

    place: int
    entity: str
    name: str
    unit: str
    writable: bool
    meaning: str

    @property
    def full_name(self) -> str:
        """The name as users write it, such as `company.cash`."""
        return f"{self.entity}.{self.name}"

    @property
    def key(self) -> str:
        """The stem of its names in a dataset, such as `company_cash`."""
        return f"{self.entity}_{self.name}"

    @property
    def is_state(self) -> bool:
        """Whether it takes whole numbers only: yes or no, or one of a few states."""
        return self.unit in {"flag", "code"}


@cache
def variables() -> dict[str, Variable]:
    """Give every variable of the model by its full name, in the order of the table."""
    return {
        row.full_name: Variable(row.place, row.entity, row.name, row.unit, bool(row.writable), row.meaning)
        for row in _core.table().variables
    }
