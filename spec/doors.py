"""A door: how a company may leave.

A door belongs to a company and has an effect. Its condition, hazard, price, share and what each buyer is willing to pay are programs (page [rules](rules.md)), evaluated
at the point of the month where exits stand.

    share: of a listing the part that is sold; of a sale the part that the seller gets of what the best bid is above the next (none: the price asked is paid)
    effect = acquire | licence | list | self_sustain | wind_down

Tests: tests/oracle/test_exits.py
"""

from dataclasses import dataclass

from spec.terms import Term

EFFECTS = ("acquire", "licence", "list", "self_sustain", "wind_down")
SALES = ("acquire", "licence")


@dataclass(frozen=True)
class Door:
    """A door of a company; buyers are companies, or `OUTSIDE`, each with the most it would pay."""

    company: int
    effect: str
    opens: Term
    hazard: Term
    price: Term | None = None
    share: Term | None = None
    buyers: tuple[tuple[int, Term], ...] = ()
