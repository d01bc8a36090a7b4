"""Ends of contracts that rules bring about."""

from dataclasses import dataclass

from cashcade.errors import RuleError
from cashcade.rules.actions import Deed
from cashcade.rules.entities import Entities, are
from cashcade.rules.expressions import Value
from cashcade.rules.nodes import Constant
from cashcade.rules.selection import Selection


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ending(Deed):
    """A contract, or each of a group, is at an end while a rule is active.

    Parameters
    ----------
    contracts
        Which ones.
    """

    contracts: Entities

    how = "end"
    moves = "contract.level"
    amount = Value(Constant(0.0))

    def __repr__(self) -> str:
        return f"end({self.contracts})"

    @property
    def group(self) -> Selection | None:
        """Of whose members each ends; None where it is one."""
        return self.contracts.selection.group

    @property
    def selections(self) -> tuple[Selection, ...]:
        """All that it names."""
        return (self.contracts.selection,)


def end(contracts: Entities) -> Ending:
    """End a contract, or each of a group, while the rule is active; with `hold=for_good()` for good.

    Nothing is used and nothing billed under it: neither use, nor commitments, nor a share of revenue.

    Parameters
    ----------
    contracts
        Such as `contract("a", "b")` or `contracts(supplier="b")`.

    Raises
    ------
    RuleError
        It is no contract.
    """
    if not are(contracts, "contract"):
        raise RuleError(f'end({contracts!r}): wanted contracts, such as contract("a", "b").')
    return Ending(contracts)
