"""Fleets that rules hand from one owner to another."""

from dataclasses import dataclass

from cashcade.errors import RuleError
from cashcade.rules.actions import Deed
from cashcade.rules.entities import Entities, are
from cashcade.rules.expressions import Value, as_value, check_group
from cashcade.rules.functions import where as choose
from cashcade.rules.nodes import Constant
from cashcade.rules.payments import Payment, pay
from cashcade.rules.selection import Selection
from cashcade.rules.units import PURE


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Transfer(Deed):
    """A fleet, a part of it, or of each of a group, passes to another owner.

    Parameters
    ----------
    fleets
        Which ones.
    to
        The fleet that takes the machines.
    amount
        The part that passes.
    asked
        The price as it was given.
    price
        What the one owner pays the other: the price, while both live; None for nothing.
    """

    fleets: Entities
    to: Entities
    amount: Value
    asked: Value
    price: Payment | None

    how = "transfer"
    moves = "fleet.capacity"

    def __repr__(self) -> str:
        price = f", price={self.asked}" if self.price else ""
        return f"transfer({self.fleets}, to={self.to}, share={self.amount}{price})"

    @property
    def group(self) -> Selection | None:
        """Of whose members each passes; None where it is one."""
        return self.fleets.selection.group

    @property
    def selections(self) -> tuple[Selection, ...]:
        """All that it names."""
        return (self.fleets.selection, self.to.selection)


def transfer(fleets: Entities, to: Entities, *, share: object = 1.0, price: object = 0.0) -> Transfer:
    """Hand a fleet, a part of it, or of each of a group, to the owner of another fleet, which takes it.

    Machines in use and under construction pass by age. Plans and orders of capex, and debts, stay.

    Parameters
    ----------
    fleets
        Such as `fleet("a")` or `fleets(owner="a")`.
    to
        One fleet of the same class, by whose lives machines go on; it may be empty.
    share
        The part that passes in each month in which the rule is active [0 to 1].
    price
        What the owner of `to` pays the owner of the fleet for it in that month [USD], while both live.

    Raises
    ------
    RuleError
        One is no fleet, or the share or the price does not fit.
    """
    where = f"transfer({fleets!r}, to={to!r})"
    for each in (fleets, to):
        if not are(each, "fleet"):
            raise RuleError(f'{where}: {each!r} is no fleet; wanted such as fleet("a").')
    if to.selection.group is not None:
        raise RuleError(f"{where}: {to!r} are several fleets; wanted one that takes what passes.")
    part = as_value(share, where)
    if part.unit not in {None, PURE}:
        raise RuleError(f"{where}: share is {part} in {part.unit}, wanted a fraction.")
    check_group(where, part, fleets.selection.group)
    asked = as_value(price, where)
    return Transfer(fleets, to, part, asked, _payment(fleets, to, asked))


def _payment(fleets: Entities, to: Entities, value: Value) -> Payment | None:
    """Give the payment of a price: none where either owner has failed."""
    if isinstance(value.node, Constant) and value.node.value == 0:
        return None
    both = to.owner.alive & fleets.owner.alive
    return pay(to.owner, fleets.owner, choose(both, value, 0))
