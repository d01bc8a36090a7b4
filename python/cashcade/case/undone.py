"""Causes of failures left out of a compiled world: for counterfactuals on the same luck."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cashcade.results.causes import AFTER_OTHERS, Removal
from cashcade.world.parameter import LARGEST

Arrays: TypeAlias = Mapping[str, NDArray[Any]]

Cell: TypeAlias = tuple[str, NDArray[np.bool_], float | NDArray[np.float64]]
"""An array, of which entities, and what is put there."""

CERTAIN = 20.0
"""Log odds at which nothing is refused."""

FAR = 1200.0
"""Month at which a balance falls due that is not to fall due."""

PLENTY = 240.0
"""Months of all that a company starts with, and of what it spends then, that it cannot use up."""


def undone(arrays: Arrays, names: Sequence[str], removals: Iterable[Removal], company: str) -> Arrays:
    """Give the arrays of a compiled world in which causes of a failure are left out.

    Parameters
    ----------
    arrays
        As they are run.
    names
        Ids of the companies.
    removals
        What to leave out.
    company
        Whose failure it is.
    """
    found = dict(arrays)
    place = names.index(company)
    for removal in removals:
        make = _CELLS.get(removal.kind)
        if removal.kind in AFTER_OTHERS:
            cells = [
                cell
                for other in removal.others
                if other in names
                for cell in _kept(arrays, names.index(other))
            ]
        else:
            cells = [*make(arrays, place)] if make else []
        for name, entities, value in cells:
            # Each cell is put in an array of its own: those of the case are never written to.
            moved = np.array(found[name])
            moved[:, entities] = value
            found[name] = moved
    return found


def can_be_undone(kind: str) -> bool:
    """Whether a cause can be left out at all."""
    return kind in _CELLS or kind in AFTER_OTHERS or kind == WOUND_DOWN


WOUND_DOWN = "wind_down"
"""The cause that is left out by closing the doors to orderly closure, which stand with the rules."""


def _all(arrays: Arrays, name: str) -> NDArray[np.bool_]:
    return np.ones(arrays[name].shape[1], bool)


def _market(arrays: Arrays, values: Mapping[str, float]) -> Iterator[Cell]:
    for name, value in values.items():
        yield f"market.{name}", _all(arrays, f"market.{name}"), value


def _of(arrays: Arrays, link: str, place: int, values: Mapping[str, float]) -> Iterator[Cell]:
    """Yield the same values for all that is linked to a company."""
    kind = link.split(".", maxsplit=1)[0]
    linked = arrays[link] == place
    for name, value in values.items():
        yield f"{kind}.{name}", linked, value


def _own(arrays: Arrays, place: int, values: Mapping[str, float]) -> Iterator[Cell]:
    own = np.arange(arrays["company.cash"].shape[1]) == place
    for name, value in values.items():
        yield f"company.{name}", own, value


def _rounds(arrays: Arrays, _: int) -> Iterator[Cell]:
    """Grant every round that is asked for, of everybody."""
    yield from _market(arrays, {f"odds_{regime}": CERTAIN for regime in ("open", "normal", "shut")})


def _issues(arrays: Arrays, _: int) -> Iterator[Cell]:
    """Let every issue of shares find buyers, of everybody."""
    yield from _market(arrays, {f"equity_{name}": 1.0 for name in ("open", "normal", "shut", "closed")})


def _refinancing(arrays: Arrays, place: int) -> Iterator[Cell]:
    """Refinance every balance of the company that matures, and those of others as far as they can be."""
    yield from _of(arrays, "loan.borrower", place, {"refinance_chance": 1.0})
    factors = {"refinance_open": 10.0, "refinance_shut": 10.0}
    yield from _market(arrays, {**factors, "refinance_leverage": 0.0, "refinance_spread": 0.0})


def _covenants(arrays: Arrays, place: int) -> Iterator[Cell]:
    """Take the covenants out of the loans of the company."""
    yield from _of(arrays, "loan.borrower", place, {"min_cash": 0.0, "max_ltv": 0.0, "min_dscr": 0.0})


def _commitments(arrays: Arrays, place: int) -> Iterator[Cell]:
    """Free the company of all take-or-pay."""
    bound = np.flatnonzero(arrays["contract.customer"] == place)
    yield "commitment.amount", np.isin(arrays["commitment.contract"], bound), 0.0


def _inputs(arrays: Arrays, place: int) -> Iterator[Cell]:
    """Hold the price of what the company buys: no price of a supplier reaches its bills, and no trend."""
    yield from _of(arrays, "contract.customer", place, {"price_linked": 0.0, "price_trend": 0.0})


def _capex(arrays: Arrays, place: int) -> Iterator[Cell]:
    """Let the company build nothing."""
    sources = ("capex", "capex_of_revenue", "capex_of_backlog", "refresh", "construction")
    yield from _of(arrays, "fleet.owner", place, dict.fromkeys(sources, 0.0))


def _debt_service(arrays: Arrays, place: int) -> Iterator[Cell]:
    """Give the company a holiday from interest and principal, to which no covenant puts an end."""
    terms = {"rate": 0.0, "floating": 0.0, "amortisation": 0.0, "maturity": FAR}
    yield from _of(arrays, "loan.borrower", place, terms)
    owed = np.flatnonzero(arrays["loan.borrower"] == place)
    yield "repayment.amount", np.isin(arrays["repayment.loan"], owed), 0.0
    yield from _covenants(arrays, place)


def _costs(arrays: Arrays, place: int) -> Iterator[Cell]:
    """Free the company of staff, offices, research and unforeseen cost."""
    yield from _own(
        arrays, place, dict.fromkeys(("fixed_cost", "discretionary_cost", "cost_volatility"), 0.0)
    )


def _sudden(arrays: Arrays, place: int) -> Iterator[Cell]:
    yield from _own(arrays, place, {"sudden_failure": 0.0})


def _order(arrays: Arrays, place: int) -> Iterator[Cell]:
    yield from _own(arrays, place, {"wound_up": 0.0})


def _kept(arrays: Arrays, place: int) -> Iterator[Cell]:
    """Keep another company alive: with cash that lasts, and with nothing else that could end it.

    The cash is a multiple of all that it has, owes, sells and buys at the start: so it is the same in any
    currency, and no plan uses it up.
    """
    total = sum(arrays[f"company.{name}"][:, place] for name in ("cash", "fixed_cost", "discretionary_cost"))
    for link, fields in _SIZES.items():
        linked = arrays[link] == place
        for name in fields:
            total = total + arrays[name][:, linked].sum(axis=1)
    bound = np.isin(arrays["commitment.contract"], np.flatnonzero(arrays["contract.customer"] == place))
    total = total + arrays["commitment.amount"][:, bound].sum(axis=1)
    draws = arrays["company.cash"].shape[0]
    # Where the world has no ranges of cash, the largest of any draw holds for all.
    cash = PLENTY * (total if np.size(total) == draws else np.max(total))
    own = np.arange(arrays["company.cash"].shape[1]) == place
    yield "company.cash", own, np.broadcast_to(cash, draws)[:, np.newaxis]
    yield from _own(arrays, place, {"sudden_failure": 0.0, "wound_up": 0.0, "loss_capacity": LARGEST})
    yield from _covenants(arrays, place)


_SIZES = {
    "contract.customer": ("contract.usage",),
    "loan.borrower": ("loan.balance", "loan.undrawn"),
    "fleet.owner": ("fleet.capex",),
}
"""What a company spends or owes at the start, by how it is linked."""

_CELLS: Mapping[str, Callable[[Arrays, int], Iterator[Cell]]] = {
    "no round": _rounds,
    "no share issue": _issues,
    "not refinanced": _refinancing,
    "loan called": _covenants,
    "commitments beyond use": _commitments,
    "dearer input": _inputs,
    "capex beyond loans": _capex,
    "debt service": _debt_service,
    "cost beyond sales": _costs,
    "sudden": _sudden,
    "wound_up": _order,
}
