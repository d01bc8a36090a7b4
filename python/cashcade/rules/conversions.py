"""Loans that rules turn into shares."""

from dataclasses import dataclass

from cashcade.errors import RuleError
from cashcade.rules.actions import Deed
from cashcade.rules.entities import Entities, are
from cashcade.rules.expressions import Value, as_value, check_group, check_scale
from cashcade.rules.selection import Selection
from cashcade.rules.units import UNITS


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Conversion(Deed):
    """A loan, or each of a group, becomes shares of its borrower.

    Parameters
    ----------
    loans
        Which ones.
    amount
        The value of all older shares at which it does.
    """

    loans: Entities
    amount: Value

    how = "convert"
    moves = "loan.balance"

    def __repr__(self) -> str:
        return f"convert({self.loans}, at={self.amount})"

    @property
    def group(self) -> Selection | None:
        """Of whose members each converts; None where it is one."""
        return self.loans.selection.group

    @property
    def selections(self) -> tuple[Selection, ...]:
        """All that it names."""
        return (self.loans.selection,)


def convert(loans: Entities, *, at: object = None) -> Conversion:
    """Turn a loan, or each of a group, into shares of its borrower.

    Who converts B at a value of V holds B / (V + B) of the borrower, and all others V / (V + B) of what they
    held. Nothing is due under the loan any more, and no cash moves.

    Parameters
    ----------
    loans
        Such as `loan("a", "b")` or `loans(borrower="a")`.
    at
        Value of all shares before the conversion [USD]; by default the valuation of the borrower.

    Raises
    ------
    RuleError
        It is no loan, or the value does not fit.
    """
    where = f"convert({loans!r})"
    if not are(loans, "loan"):
        raise RuleError(f'{where}: wanted loans, such as loan("a", "b").')
    value = as_value(loans.borrower.valuation if at is None else at, where)
    check_scale(value, UNITS["USD"], where)
    if value.unit not in {None, UNITS["USD"]}:
        raise RuleError(f"{where}: at is {value} in {value.unit}, wanted USD.")
    check_group(where, value, loans.selection.group)
    return Conversion(loans, value)
