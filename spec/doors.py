"""TODO."""

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
