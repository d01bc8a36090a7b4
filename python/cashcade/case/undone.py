"""Changes of a world that leave a cause of failure out: for counterfactuals on the same luck."""

from collections.abc import Callable, Mapping

from cashcade.rules.changes import Change
from cashcade.world import World

CERTAIN = 20.0
"""Log odds at which nothing is refused."""


def undone(world: World, kind: str, company: str) -> tuple[Change, ...]:
    """Give the changes that leave a cause out; none for a cause that cannot be.

    Parameters
    ----------
    world
        As it is run.
    kind
        A cause, as `Result.why` names it.
    company
        Whose.
    """
    make = _CHANGES.get(kind)
    return make(world, company) if make else ()


def _rounds(_: World, __: str) -> tuple[Change, ...]:
    """Grant every round that is asked for, of everybody."""
    return tuple(Change(f"market.odds_{regime}", set_to=CERTAIN) for regime in ("open", "normal", "shut"))


def _issues(_: World, __: str) -> tuple[Change, ...]:
    """Let every issue of shares find buyers, of everybody."""
    return tuple(Change(f"market.equity_{name}", set_to=1.0) for name in ("open", "normal", "shut", "closed"))


def _refinancing(_: World, company: str) -> tuple[Change, ...]:
    """Refinance every balance of the company that matures, and those of others as far as they can be."""
    market = {
        "refinance_open": 10.0,
        "refinance_shut": 10.0,
        "refinance_leverage": 0.0,
        "refinance_spread": 0.0,
    }
    return (
        Change(f"loan[borrower={company}].refinance_chance", set_to=1.0),
        *(Change(f"market.{name}", set_to=value) for name, value in market.items()),
    )


def _covenants(_: World, company: str) -> tuple[Change, ...]:
    """Take the covenants out of the loans of the company."""
    fields = ("min_cash", "max_ltv", "min_dscr")
    return tuple(Change(f"loan[borrower={company}].{field}", set_to=0.0) for field in fields)


def _commitments(world: World, company: str) -> tuple[Change, ...]:
    """Free the company of all take-or-pay."""
    bound = [each.id for each in world.contracts if each.customer == company and each.commitments]
    return tuple(Change(f"commitment[contract={name}].amount", set_to=0.0) for name in bound)


_CHANGES: Mapping[str, Callable[[World, str], tuple[Change, ...]]] = {
    "no round": _rounds,
    "no share issue": _issues,
    "not refinanced": _refinancing,
    "loan called": _covenants,
    "commitments beyond use": _commitments,
}
