"""The view of a function that is called each month: all paths between two months."""

from collections.abc import Mapping, Sequence

from cashcade._core import Paths
from cashcade.host.access import Access
from cashcade.results.plan import Plan
from cashcade.words.rows import Row


class Turn(Access):
    """All paths between two months: what was is read, and what comes is moved.

    Parameters
    ----------
    core
        The paths.
    plan
        What is run.
    names
        Ids of the entities of each kind.
    levers
        Parameters that can be moved, by name.
    """

    def __init__(
        self, core: Paths, plan: Plan, names: Mapping[str, Sequence[str]], levers: Mapping[str, Row]
    ) -> None:
        self._core, self._plan, self._names, self._levers = core, plan, names, levers

    def __repr__(self) -> str:
        return f"<Turn before month {self.coming}: {self.paths} paths>"

    @property
    def coming(self) -> int:
        """The month that comes: what `month` is in rules."""
        return self.month + 1

    @property
    def months(self) -> int:
        """The last month of the run."""
        return self._plan.months
