"""Payments that rules bring about: margin calls, premiums, fines, rents."""

from dataclasses import dataclass

from cashcade.errors import RuleError
from cashcade.rules.actions import Deed
from cashcade.rules.entities import Entities, company
from cashcade.rules.expressions import Value, as_value, check_scale, common_group
from cashcade.rules.nodes import Constant
from cashcade.rules.selection import Selection, quoted
from cashcade.rules.units import UNITS
from cashcade.words.numerals import whole_number

Party = Entities | str
"""A company, each of a group, or a sector outside."""

SECTORS = ("capital", "suppliers", "households")
"""Sectors outside, which never fall short."""

RANKS = (2, 5)
"""The first and the last rank that a payment may have."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Payment(Deed):
    """One party pays another while a rule is active.

    Parameters
    ----------
    payer, payee
        Companies, or the name of a sector outside.
    amount
        What is due in a month.
    rank
        Its rank among what the payer owes.
    group
        For each of whose members one is due; None where it is one payment.
    """

    payer: Party
    payee: Party
    amount: Value
    rank: int
    group: Selection | None

    how = "pay"
    moves = "payment"

    def __repr__(self) -> str:
        return f"pay({_said(self.payer)}, {_said(self.payee)}, {self.amount}, rank={self.rank})"

    @property
    def selections(self) -> tuple[Selection, ...]:
        """All that it names."""
        return tuple(end.selection for end in (self.payer, self.payee) if isinstance(end, Entities))


def pay(payer: Party, payee: Party, amount: object, *, rank: int = 4) -> Payment:
    """Make one party pay another in each month in which the rule is active.

    It falls due with all else that is owed in the month, and who cannot pay it defaults.

    Parameters
    ----------
    payer, payee
        A company or its id, each of a group, or a sector: `"capital"`, `"suppliers"` or `"households"`, which
        is the public. Where links lead to them, `loans(lender="a").borrower`, each of the group pays or is
        paid.
    amount
        What is due in the month [USD, or USD a month]; nothing where it is below 0.
    rank
        2 with secured debt service, 3 with contracts, 4 with unsecured and 5 with subordinated debt service.

    Raises
    ------
    RuleError
        A party is none, pays itself, or the amount or rank does not fit.
    """
    where = f"pay({_said(payer)}, {_said(payee)}, {amount!r})"
    payer, payee = _party(payer, where), _party(payee, where)
    if payer == payee:
        raise RuleError(f"{where}: nobody pays oneself.")
    if all(isinstance(end, str) for end in (payer, payee)):
        raise RuleError(f"{where}: both are outside; one must be a company.")
    value = as_value(amount, where)
    check_scale(value, UNITS["USD"], where)
    if value.unit not in {None, UNITS["USD"], UNITS["USD/month"]}:
        raise RuleError(f"{where}: {value} is in {value.unit}, wanted USD or USD/month.")
    given = whole_number(rank)
    if given is None or not RANKS[0] <= given <= RANKS[1]:
        raise RuleError(f"{where}: rank is {rank!r}, wanted a whole number from {RANKS[0]} to {RANKS[1]}.")
    parties = [Value(Constant(0.0), None, _group(end)) for end in (payer, payee)]
    return Payment(payer, payee, value, given, common_group(where, value, *parties))


def _group(end: Party) -> Selection | None:
    return None if isinstance(end, str) else end.selection.group


def _said(end: object) -> str:
    return quoted(end) if isinstance(end, str) else repr(end)


def _party(end: object, where: str) -> Party:
    if isinstance(end, str):
        return end if end in SECTORS else company(end)
    if isinstance(end, Entities) and end.kind == "company" and not end.only_stated and not end.selection.role:
        return end
    known = ", ".join(map(quoted, SECTORS))
    wanted = f'wanted companies such as company("a"), or one of {known}'
    raise RuleError(f"{where}: {end!r} is no party; {wanted}.")
